"""The six questions asked in the terminal, one after the other; stops and goes on at any time."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from mutualist.cli.context import _, lang, paint
from mutualist.domain.assess import builtin_ruleset, check_answer
from mutualist.library.form import DONT_KNOW, NONE, Form, Slot
from mutualist.library.words import N_
from mutualist.library.workbook.cells import parse_month, parse_number

HELP: Final = N_(
    "Enter keeps what is there, - means don't know, 0 means none, < goes back, q stops and saves."
)


class Stop(Exception):
    """Stop here; everything so far is saved."""


class Back(Exception):
    """Go back to the item before."""


class Unknown(Exception):
    """The whole item is answered with "don't know"."""


class Repeat(ValueError):
    """The answer could not be understood; says why."""


@dataclass
class Interview:
    """Asks one party's answers.

    Attributes
    ----------
    form : Form
        The items for the parties of the room.
    party : str
        Who answers.
    ruleset : str
        The rule version of the room.
    answers : dict
        The draft, changed in place.
    save : callable
        Called with the draft after every answer.
    """

    form: Form
    party: str
    ruleset: str
    answers: dict[str, Any]
    save: Callable[[Mapping[str, Any]], None]
    asked: int = field(default=0, init=False)

    def run(self, items: list[str]) -> bool:
        """Ask the items in order; return whether all were gone through."""
        self._say(paint(_(HELP), "dim", sys.stderr))
        position = 0
        while position < len(items):
            try:
                self._item(items[position], position, len(items))
            except Back:
                position = max(position - 1, 0)
                continue
            except Stop:
                return False
            position += 1
        return True

    def _item(self, number: str, position: int, total: int) -> None:
        item = self.form.items()[number]
        counter = _("{number} of {total}", number=position + 1, total=total)
        title = paint(f"{number}  {item[lang()]}", "bold", sys.stderr)
        self._say(f"\n{title}  {paint(counter, 'dim', sys.stderr)}")
        self._say(paint(self._shown(item), "dim", sys.stderr))
        present = self.answers.get(number)
        if present is not None:
            self._say(_("Present answer: {answer}", answer=self._written(number, present)))
        while True:
            try:
                answer = self._ask_item(number, item)
            except Unknown:
                answer = DONT_KNOW
            except Repeat as error:
                self._say(paint(str(error), "red", sys.stderr))
                continue
            if answer is None:
                return
            problems = check_answer(
                number, answer, self.party, tuple(self.form.parties), builtin_ruleset(self.ruleset)
            )
            if not problems:
                self.answers[number] = answer
                self.save(self.answers)
                self.asked += 1
                return
            for problem in problems:
                self._say(paint(problem.message(lang()), "red", sys.stderr))

    def _shown(self, item: Mapping[str, Any]) -> str:
        """Say what the other side will see of this answer."""
        texts = self.form.data["texts"]
        key = {
            "opening": "opening_shown",
            "finding": "finding_only",
            "mutual": "mutual_only",
            "never": "never_shown",
            "split": "split_shown",
        }[item["shown"]]
        return str(texts[key][lang()])

    def _written(self, number: str, answer: Any) -> str:
        if answer == DONT_KNOW:
            return _("don't know")
        values = self.form.flatten(number, answer)
        slots = {slot.key: slot for slot in self.form.slots(number, split=True)}
        parts = []
        for key, value in values.items():
            slot = slots.get(key)
            said = _("none") if value == NONE and key.endswith("#") else str(value)
            if slot is not None:
                said = next((o.label(lang()) for o in slot.options if o.key == str(value)), said)
                label = slot.label(lang())
                said = label if value is True else f"{label} {said}" if label else said
            parts.append(said)
        return " · ".join(parts)

    # --- asking -------------------------------------------------------------------------------

    def _ask_item(self, number: str, item: Mapping[str, Any]) -> Any:
        """Ask one item; None keeps the present answer."""
        values: dict[str, Any] = {}
        others = [party for party in self.form.parties if party != self.party]
        split = item.get("counterpart") and len(others) > 1
        keys = [f"{number}@{other}" for other in others] if split else [number]
        for key in keys:
            if split:
                self._say(_("towards {name}:", name=self.form.parties[key.partition("@")[2]]))
            values |= self._ask_one(key, number, item)
        return self.form.assemble(number, values) if values else None

    def _ask_one(self, key: str, number: str, item: Mapping[str, Any]) -> dict[str, Any]:
        slots = [s for s in self.form.slots(number, self.party, split=True) if _belongs(s.key, key)]
        if item["type"] == "rows":
            return self._rows(key, slots)
        values: dict[str, Any] = {}
        for group in _groups(slots):
            values |= self._group(key, group, required=item["type"] == "pledges")
        return values

    def _rows(self, key: str, slots: list[Slot]) -> dict[str, Any]:
        values: dict[str, Any] = {}
        rows: dict[str, list[Slot]] = {}
        for slot in slots:
            if slot.kind != "status":
                rows.setdefault(slot.key.split("/")[1], []).append(slot)
        self._say(
            _("Up to {count} rows; Enter at the first question of a row ends.", count=len(rows))
        )
        for number, row in rows.items():
            first, *rest = row
            answer = self._line(first, allow_none=number == "1")
            if answer is None:
                break
            if answer == NONE:
                return {f"{key}#": NONE}
            values[first.key] = answer
            for slot in rest:
                answer = self._line(slot)
                if answer is not None:
                    values[slot.key] = answer
        return values

    def _group(self, key: str, group: list[Slot], *, required: bool) -> dict[str, Any]:
        """Ask a group of slots: one value, points or levels in a line, or ticks in a line."""
        first = group[-1]
        if first.kind == "points" or (first.kind in {"level", "tick"} and len(group) > 1):
            return self._several(group)
        if first.kind == "status":
            return {}
        answer = self._line(first)
        if answer is None and required:
            raise Repeat(_("Please answer every pledge, or - for don't know."))
        if answer == DONT_KNOW and ("@" in key or required or first.key == key):
            if required:
                raise Unknown
            return {first.key: DONT_KNOW}
        return {} if answer is None else {first.key: answer}

    def _several(self, group: list[Slot]) -> dict[str, Any]:
        """Ask for several values in one line: ``1=40 6=60`` or, for ticks, ``1 4``."""
        status = group[0] if group[0].kind == "status" else None
        choices = [slot for slot in group if slot.kind != "status"]
        if status is not None and status.label(lang()):
            self._say(status.label(lang()) + ":")
        for position, slot in enumerate(choices, 1):
            label = slot.label(lang()).partition(": ")[2] or slot.label(lang())
            self._say(f"  {position:>2}  {label}")
        ticks = choices[0].kind == "tick"
        hint = _("numbers, e.g. 1 4") if ticks else _("e.g. 1=40 6=60")
        if choices[0].kind == "level":
            steps = ", ".join(f"{o.key} {o.label(lang())}" for o in choices[0].options)
            hint = _("number=level, e.g. 1=4 3=2 ({steps})", steps=steps)
        line = self._read(hint)
        if not line:
            return {}
        if line == "-":
            if status is None or "/" not in status.key:
                raise Unknown
            return {status.key: DONT_KNOW}
        if line == "0" and status is not None and choices[0].kind != "points":
            return {status.key: NONE}
        return _pairs(line, choices, ticks=ticks)

    def _line(self, slot: Slot, *, allow_none: bool = False) -> Any:
        """Ask one value; None for Enter."""
        label = slot.label(lang())
        for position, option in enumerate(slot.options, 0 if slot.kind == "level" else 1):
            self._say(f"  {position:>2}  {option.label(lang())}")
        while True:
            line = self._read(label or _("Your answer"))
            if not line:
                return None
            if line == "-":
                return DONT_KNOW
            if line == "0" and allow_none:
                return NONE
            try:
                return _value(slot, line)
            except ValueError:
                self._say(
                    paint(_("{value} can't be read here.", value=repr(line)), "red", sys.stderr)
                )

    def _read(self, label: str) -> str:
        sys.stderr.write(f"{label} › " if _speaks_unicode() else f"{label} > ")
        sys.stderr.flush()
        line = sys.stdin.readline()
        if not line:
            sys.stderr.write("\n")
            raise Stop
        if not sys.stdin.isatty():
            sys.stderr.write("\n")
        line = line.strip()
        if line in {"q", "Q"}:
            raise Stop
        if line == "<":
            raise Back
        if line == "?":
            self._say(_(HELP))
            return self._read(label)
        return "-" if line.casefold() in {DONT_KNOW, _("don't know")} else line

    @staticmethod
    def _say(message: str) -> None:
        sys.stderr.write(message + "\n")


def _speaks_unicode() -> bool:
    from mutualist.cli.context import unicode_ok

    return unicode_ok(sys.stderr)


def _belongs(slot_key: str, key: str) -> bool:
    return slot_key == key or slot_key.startswith((f"{key}/", f"{key}#"))


def _groups(slots: list[Slot]) -> Iterator[list[Slot]]:
    """Put together what is asked in one line: a status slot and the values below it."""
    group: list[Slot] = []
    for slot in slots:
        together = slot.kind in {"points", "tick"} or (
            slot.kind == "level" and slot.key.count("/") > 1
        )
        if group and together and group[0].kind == "status":
            group.append(slot)
            continue
        if group:
            yield group
        group = [slot]
    if group:
        yield group


def _pairs(line: str, choices: list[Slot], *, ticks: bool) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for word in line.replace(",", " ").replace(";", " ").split():
        left, _sign, right = word.replace(":", "=").partition("=")
        slot = next((s for s in choices if s.key.rpartition("/")[2] == left), None)
        if slot is None and left.isdigit() and 1 <= int(left) <= len(choices):
            slot = choices[int(left) - 1]
        if slot is None or (not ticks and not right.isdigit()):
            raise Repeat(_("{value} can't be read here.", value=repr(word)))
        values[slot.key] = True if ticks else int(right)
    return values


def _value(slot: Slot, line: str) -> Any:
    """Return what a typed line means for a slot.

    Raises
    ------
    ValueError
        When it can't be read.
    """
    if slot.kind in {"number", "points"}:
        return parse_number(line, lang())
    if slot.kind == "month":
        return parse_month(line)
    if slot.kind == "text":
        return line
    for position, option in enumerate(slot.options, 0 if slot.kind == "level" else 1):
        if line.casefold() in {
            option.key.casefold(),
            option.label(lang()).casefold(),
            str(position),
        }:
            return int(option.key) if slot.kind == "level" else option.key
    raise ValueError(line)
