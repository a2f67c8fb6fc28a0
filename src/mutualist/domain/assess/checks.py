"""Check answers against the format of 5.10: everything that is wrong, not only the first."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from mutualist.domain.assess.model import Field, Item, Option, Ruleset
from mutualist.domain.assess.problems import Collector, Problem
from mutualist.domain.shared.letters import hidden_letter

UNKNOWN = "dont_know"
MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])", re.ASCII)
DATE = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])-([0-2][0-9]|3[01])", re.ASCII)
CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)
# Beyond this nothing in a room makes sense, and sums would lose digits.
LARGEST = 10**12
_UNIT_LIMITS = {"percent": (0, 100)}
_WHOLE_UNITS = frozenset({"pieces"})


def check_answer(
    item: str, value: Any, party: str, parties: Sequence[str], ruleset: Ruleset
) -> tuple[Problem, ...]:
    """Check one answer.

    Parameters
    ----------
    item
        Number of the item, ``"5.1"``.
    value
        The answer as in a room file.
    party
        Id of the party that answers.
    parties
        Ids of all parties of the room.
    ruleset
        The rule file.

    Returns
    -------
    tuple of Problem
        Empty if the answer is fine.

    Examples
    --------
    >>> from mutualist.domain.assess import builtin_ruleset
    >>> [p.code for p in check_answer("2.2", 12, "A", ("A", "B"), builtin_ruleset())]
    ['out_of_range']
    """
    found = Collector(party, item)
    spec = ruleset.items.get(item)
    if spec is None:
        found.add("unknown_item", item)
    else:
        _Sheet(ruleset, party, tuple(parties), found).item(spec, value)
    return tuple(found.found)


def check_sheet(
    answers: Any, party: str, parties: Sequence[str], ruleset: Ruleset
) -> tuple[Problem, ...]:
    """Check all answers of one party, and its header.

    Parameters
    ----------
    answers
        Item to answer, as in a room file.
    party, parties, ruleset
        As in :func:`check_answer`; what is returned as well.
    """
    found = Collector(party)
    if not isinstance(answers, Mapping):
        found.add("not_mapping", answers)
        return tuple(found.found)
    sheet = _Sheet(ruleset, party, tuple(parties), found)
    for number, value in answers.items():
        found.item = str(number)
        if number == "header":
            sheet.fields(ruleset.header, value, dont_know=True)
        elif number in ruleset.items:
            sheet.item(ruleset.items[number], value)
        else:
            found.add("unknown_item", number)
    return tuple(found.found)


def check_frame(frame: Any, ruleset: Ruleset) -> tuple[Problem, ...]:
    """Check the frame of a room."""
    found = Collector(item="frame")
    _Sheet(ruleset, "", (), found).fields(ruleset.frame, frame, dont_know=True)
    return tuple(found.found)


def number_problem(value: Any, *, whole: bool) -> str:
    """Return the code of what keeps a value from being a number, or nothing."""
    if isinstance(value, bool):
        return "boolean"
    if not isinstance(value, int | float) or (
        isinstance(value, float) and not math.isfinite(value)
    ):
        return "not_number"
    if abs(value) > LARGEST:
        return "too_large"
    return "not_whole" if whole and value != int(value) else ""


class _Sheet:
    """Checks the answers of one party."""

    def __init__(
        self, ruleset: Ruleset, party: str, parties: tuple[str, ...], found: Collector
    ) -> None:
        self.ruleset = ruleset
        self.party = party
        self.parties = parties
        self.others = tuple(other for other in parties if other != party)
        self.found = found

    def item(self, item: Item, value: Any) -> None:
        """Check one answer, per counterpart if it is given so."""
        if value == UNKNOWN:
            return
        if item.counterpart and isinstance(value, Mapping) and self._is_counterpart(item, value):
            for other, answer in value.items():
                if other not in self.others:
                    code = "own_party" if other == self.party else "unknown_party"
                    self.found.add(code, other, allowed=", ".join(self.others))
                elif answer != UNKNOWN:
                    self.one(item, answer, f"{other}.")
            return
        self.one(item, value, "")

    def _is_counterpart(self, item: Item, value: Mapping[Any, Any]) -> bool:
        """Tell whether a mapping is per counterpart: a key is a party, or it can be nothing else."""
        if any(key in self.parties for key in value):
            return True
        # A mapping without any party in it is no answer towards anybody.
        return bool(value) and item.type not in {"fields", "pledges"}

    def one(self, item: Item, value: Any, at: str) -> None:
        """Check an answer to an item."""
        if value is None:
            self.found.add("empty", value, field=at.rstrip("."))
            return
        match item.type:
            case "text":
                self.text(value, at.rstrip("."), item.high)
            case "points":
                self._points(item, value)
            case "choice":
                self._choice(item.options, value, at.rstrip("."))
            case "owner":
                self._owner(item, value)
            case "level" | "number":
                self._number(value, at.rstrip("."), item.low, item.high, whole=item.whole)
            case "pledges":
                self._pledges(item, value, at)
            case "rows":
                self._rows(item, value)
            case _:
                if isinstance(value, Mapping) or not item.short:
                    self.fields(item.fields, value, at=at, dont_know=True)
                else:
                    self._field(item.fields[item.short], value, at + item.short)

    # ----------------------------------------------------------------------------------------------------- the parts

    def fields(
        self, specs: Mapping[str, Field], value: Any, *, at: str = "", dont_know: bool = False
    ) -> None:
        """Check a mapping of fields."""
        if not isinstance(value, Mapping):
            self.found.add(
                "boolean" if isinstance(value, bool) else "not_mapping", value, field=at.rstrip(".")
            )
            return
        for name, answer in value.items():
            spec = specs.get(name)
            if spec is None:
                self.found.add(
                    "unknown_field", name, field=at.rstrip("."), allowed=", ".join(specs)
                )
            elif not (dont_know and answer == UNKNOWN):
                self._field(spec, answer, f"{at}{name}")

    def _field(self, spec: Field, value: Any, at: str, unit: str = "") -> None:
        if value is None:
            self.found.add("empty", value, field=at)
            return
        match spec.type:
            case "text":
                self.text(value, at, None)
            case "choice":
                self._choice(spec.options, value, at, self.parties if spec.parties else ())
            case "number" | "amount":
                low, high = _UNIT_LIMITS.get(unit, (spec.low, spec.high))
                self._number(value, at, low, high, whole=spec.whole or unit in _WHOLE_UNITS)
            case "proof":
                self._number(value, at, 0, 4, whole=True)
            case "list":
                self._list(spec, value, at)
            case "levels":
                self._levels(spec, value, at)
            case "party":
                self._party(value, at, ())
            case "payer":
                self._party(value, at, ("customer",))
            case _:
                self._pattern(spec.type, value, at)

    def text(self, value: Any, at: str, longest: float | None) -> None:
        """Check a text."""
        if not isinstance(value, str):
            self.found.add("not_text", value, field=at)
        elif longest is not None and len(value) > longest:
            self.found.add("too_long", len(value), field=at, allowed=int(longest))
        elif hidden := hidden_letter(value):
            self.found.add("bad_letters", hidden, field=at)

    def _choice(
        self, options: Sequence[Option], value: Any, at: str, more: Sequence[str] = ()
    ) -> None:
        keys = [*(option.key for option in options), *more]
        if isinstance(value, bool):
            self.found.add("boolean", value, field=at)
        elif not isinstance(value, str) or value not in keys:
            self.found.add("unknown_value", value, field=at, allowed=", ".join(keys))

    def _owner(self, item: Item, value: Any) -> None:
        if value == self.party and isinstance(value, str):
            self.found.add("own_party", value)
        else:
            self._choice(item.options, value, "", self.others)

    def _number(
        self, value: Any, at: str, low: float | None, high: float | None, *, whole: bool
    ) -> None:
        if code := number_problem(value, whole=whole):
            self.found.add(code, value, field=at)
        elif (low is not None and value < low) or (high is not None and value > high):
            allowed = f"{low:g}–{high:g}" if low is not None and high is not None else f"≥ {low:g}"
            self.found.add("out_of_range", value, field=at, allowed=allowed)

    def _pattern(self, kind: str, value: Any, at: str) -> None:
        pattern = {"month": MONTH, "date": DATE, "currency": CURRENCY}[kind]
        if not isinstance(value, str) or not pattern.fullmatch(value):
            self.found.add(f"not_{kind}", value, field=at)

    def _list(self, spec: Field, value: Any, at: str) -> None:
        if not isinstance(value, list | tuple):
            self.found.add("not_list", value, field=at)
            return
        for entry in value:
            self._choice(spec.options, entry, at)

    def _levels(self, spec: Field, value: Any, at: str) -> None:
        if not isinstance(value, Mapping):
            self.found.add("not_mapping", value, field=at)
            return
        keys = spec.keys
        for key, level in value.items():
            if key not in keys:
                self.found.add("unknown_field", key, field=at, allowed=", ".join(keys))
            else:
                self._number(level, f"{at}.{key}", spec.low, spec.high, whole=True)

    def _party(self, value: Any, at: str, more: Sequence[str]) -> None:
        allowed = (*more, *self.others)
        if isinstance(value, bool):
            self.found.add("boolean", value, field=at)
        elif not isinstance(value, str) or value not in allowed:
            self.found.add(
                "own_party" if value == self.party else "unknown_party",
                value,
                field=at,
                allowed=", ".join(allowed),
            )

    def _points(self, item: Item, value: Any) -> None:
        if not isinstance(value, Mapping):
            self.found.add("not_mapping", value)
            return
        keys = item.keys or self.parties
        whole = 0
        fine = True
        for key, points in value.items():
            if key not in keys:
                self.found.add(
                    "unknown_field" if item.keys else "unknown_party", key, allowed=", ".join(keys)
                )
            elif points == UNKNOWN:
                fine = False
                self.found.add("dont_know", points, field=str(key))
            else:
                before = len(self.found.found)
                self._number(points, str(key), 0, 100, whole=True)
                if len(self.found.found) > before:
                    fine = False
                else:
                    whole += int(points)
        if fine and whole != 100:
            self.found.add("sum", whole, allowed=100)

    def _pledges(self, item: Item, value: Any, at: str) -> None:
        if not isinstance(value, Mapping):
            self.found.add("not_mapping", value, field=at.rstrip("."))
            return
        keys = tuple(pledge.key for pledge in self.ruleset.pledges)
        for key, answer in value.items():
            if key not in keys:
                self.found.add("unknown_field", key, field=at.rstrip("."), allowed=", ".join(keys))
            elif answer == UNKNOWN:
                self.found.add("dont_know", answer, field=f"{at}{key}")
            else:
                self._choice(item.options, answer, f"{at}{key}")

    # ---------------------------------------------------------------------------------------------------------- rows

    def _rows(self, item: Item, value: Any) -> None:
        if not isinstance(value, list | tuple):
            self.found.add("not_list", value)
            return
        for index, row in enumerate(value, start=1):
            self._row(item, row, index)
        self._row_count(item, value)
        if item.row_sum:
            self._row_sum(item, value)

    def _row(self, item: Item, row: Any, index: int) -> None:
        at = f"{index}."
        if not isinstance(row, Mapping):
            self.found.add("not_mapping", row, field=str(index))
            return
        for name, spec in item.fields.items():
            if name in row:
                unit = self._unit(item, spec, row)
                if row[name] == UNKNOWN:
                    self.found.add("dont_know", row[name], field=at + name)
                else:
                    self._field(spec, row[name], at + name, unit)
            elif spec.required:
                self.found.add("missing_field", name, field=str(index))
            if spec.type == "payer":
                self._payer(item, spec, row, at + name)
        for name in row:
            if name not in item.fields:
                self.found.add(
                    "unknown_field", name, field=str(index), allowed=", ".join(item.fields)
                )

    def _unit(self, item: Item, spec: Field, row: Mapping[str, Any]) -> str:
        if spec.type != "amount":
            return ""
        return next((o.unit for o in item.fields[spec.by].options if o.key == row.get(spec.by)), "")

    def _payer(self, item: Item, spec: Field, row: Mapping[str, Any], at: str) -> None:
        source = next((o for o in item.fields[spec.by].options if o.key == row.get(spec.by)), None)
        if source is None:
            return
        if source.payer == "needed" and spec.name not in row:
            self.found.add(
                "missing_payer", row.get(spec.by), field=at, allowed=", ".join(self.others)
            )
        elif source.payer == "never" and spec.name in row:
            self.found.add("no_payer", row[spec.name], field=at)

    def _row_count(self, item: Item, rows: Sequence[Any]) -> None:
        if item.rows_per_party:
            counts = [
                sum(
                    1
                    for row in rows
                    if isinstance(row, Mapping) and row.get("with", other) == other
                )
                for other in self.others
            ]
            count = max(counts, default=0)
        else:
            count = len(rows)
        if count > item.row_max:
            self.found.add("too_many_rows", count, allowed=item.row_max)
        if len(rows) < item.row_min:
            self.found.add("too_few_rows", len(rows), allowed=item.row_min)

    def _row_sum(self, item: Item, rows: Sequence[Any]) -> None:
        values = [row.get(item.value) if isinstance(row, Mapping) else None for row in rows]
        if not rows or any(
            number_problem(value, whole=True) or (value or 0) < 1 for value in values
        ):
            return
        whole = sum(int(value or 0) for value in values)
        if whole != item.row_sum:
            self.found.add("sum", whole, allowed=item.row_sum)
        by = next(spec.by for spec in item.fields.values() if spec.type == "payer")
        alone = [option.key for option in item.fields[by].options if option.alone]
        if len(rows) > 1 and any(row.get(by) in alone for row in rows):
            self.found.add("stands_alone", next(row[by] for row in rows if row.get(by) in alone))
