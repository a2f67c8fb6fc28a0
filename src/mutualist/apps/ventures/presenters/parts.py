"""A whole venture as its form shows it: parts, their entries, and the boxes of each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from mutualist.apps.ventures.described import Template
from mutualist.apps.ventures.entries.boxes import SEVERAL, Box
from mutualist.apps.ventures.entries.choices import PERIOD_UNITS, POINTS
from mutualist.apps.ventures.entries.parts import PARTS, Part
from mutualist.apps.ventures.entries.whole import Entry, WholeForm
from mutualist.apps.ventures.words import SIGNS, language

#: What a select says while nothing is chosen.
EMPTY = ("", "–")
_TEXT_AREAS = frozenset({"columns", "rows", "tiers"})


@dataclass(frozen=True, slots=True)
class BoxView:
    """One control with its label; `widget` is ``text``, ``area``, ``select``, ``checks`` or ``check``."""

    id: str
    name: str
    label: Any
    hint: Any
    widget: str
    value: Any
    options: Sequence[tuple[str, str, bool]]
    unit: str
    error: str
    numeric: bool
    formula: bool
    wide: bool
    turns: bool
    has_units: bool


@dataclass(frozen=True, slots=True)
class EntryView:
    """One entry: its title, what it says in short, and its boxes."""

    id: str
    title: str
    aside: str
    was: str
    name: str
    named: BoxView | None
    boxes: Sequence[BoxView]
    more: Sequence[BoxView]
    more_open: bool
    error: str
    is_open: bool
    is_new: bool
    removable: bool


@dataclass(frozen=True, slots=True)
class PartView:
    """One part with its entries, and what may be added to it."""

    part: Part
    entries: Sequence[EntryView]
    may_add: bool
    choices: Sequence[tuple[str, Any]]


class Shown:
    """The form of a venture, made for the page.

    Parameters
    ----------
    opened
        Entries that are unfolded, by their ids; those with problems are in any case.
    seats
        Parties of the room that may still be added, by their keys; none for an own venture.
    """

    def __init__(
        self,
        form: WholeForm,
        template: Template,
        *,
        opened: Sequence[str] = (),
        seats: Sequence[tuple[str, str]] | None = None,
    ) -> None:
        self.form = form
        self.template = template
        self.opened = frozenset(opened)
        self.seats = seats
        self.parties = {e.name: str(e.typed.get("name") or e.name) for e in form.of("parties")}
        frame = next(iter(form.of("frame")), None)
        currency = str(frame.typed.get("currency", "")) if frame else ""
        self.sign = SIGNS.get(currency, currency)

    def called(self, name: str) -> str:
        """Return what a name is called."""
        return self.template.called(name, language(), self.parties)

    def parts(self) -> list[PartView]:
        """Return all parts, the rare ones last."""
        return [self._part(part) for part in PARTS.values()]

    def _part(self, part: Part) -> PartView:
        entries = [self.entry(entry) for entry in self.form.of(part.key)]
        choices: Sequence[tuple[str, Any]] = part.choices
        may_add = bool(part.add)
        if part.key == "parties" and self.seats is not None:
            taken = set(self.form.names("parties"))
            choices = [seat for seat in self.seats if seat[0] not in taken]
            may_add = bool(choices)
        return PartView(part, entries, may_add, choices)

    def problems(self) -> Iterator[tuple[str, str, str]]:
        """Yield id of the place, where it is in words, and what is wrong there."""
        for said in self.form.problems:
            yield "", "", said
        for entry in self.form.entries:
            labels = {box.key: box.label for box in self.form.boxes_of(entry)}
            for key, found in entry.problems.items():
                where = f"{PARTS[entry.part].title}: {self._title(entry)}"
                if key in labels:
                    where += f", {labels[key]}"
                for said in found:
                    yield _id(entry, key), where, said

    def places(self) -> frozenset[str]:
        """Return the ids of everything beside which a message may stand."""
        return frozenset(
            _id(entry, key)
            for entry in self.form.entries
            for key in ("", "name", *(box.key for box in self.form.boxes_of(entry)))
        )

    # One entry

    def entry(self, entry: Entry) -> EntryView:
        """Return an entry with its boxes."""
        part = PARTS[entry.part]
        boxes = self.form.boxes_of(entry)
        more = [self._box(entry, box) for box in boxes if box.more]
        return EntryView(
            id=entry.id,
            title=self._title(entry),
            aside=self._aside(entry),
            was=entry.was,
            name=entry.name,
            named=self._named(entry) if part.named else None,
            boxes=[self._box(entry, box) for box in boxes if not box.more],
            more=more,
            more_open=any(box.error or box.value for box in more),
            error=" ".join(entry.problems.get("", ())),
            is_open=entry.is_new or bool(entry.problems) or entry.id in self.opened,
            is_new=entry.is_new,
            removable=entry.part != "frame",
        )

    def _title(self, entry: Entry) -> str:
        typed = entry.typed
        match entry.part:
            case "frame":
                return str(typed.get("name") or _("Name and time"))
            case "parties":
                return str(typed.get("name") or entry.name or _("New entry"))
            case "contributions":
                return str(typed.get("what") or _("New entry"))
            case "correlations":
                pair = [
                    self.called(str(typed[key])) for key in ("first", "second") if typed.get(key)
                ]
                return " – ".join(pair) or _("New entry")
        return self.called(entry.name) if entry.name else _("New entry")

    def _aside(self, entry: Entry) -> str:
        """Say in a few words what an entry holds."""
        typed = {key: value for key, value in entry.typed.items() if isinstance(value, str)}

        def party(key: str) -> str:
            name = typed.get(key, "")
            return self.parties.get(name) or (self.called(name) if name else "")

        points = range(len(POINTS.get(typed.get("way", ""), ())))
        unit = str(dict(PERIOD_UNITS).get(typed.get("periods.unit", ""), ""))
        said = {
            "frame": f"{typed.get('periods.count', '')} {unit}".strip(),
            "parties": _percent(typed.get("discount", "")),
            "drivers": " · ".join(filter(None, (typed.get(f"point.{at}", "") for at in points))),
            "lines": " · ".join(filter(None, (party("party"), _short(typed.get("amount", ""))))),
            "terms": " → ".join(filter(None, (party("from"), party("to")))),
            "events": _percent(typed.get("probability", "")),
            "options": party("party"),
            "contributions": party("party"),
            "correlations": typed.get("rank", ""),
        }
        return said.get(entry.part, "")

    # One box

    def _named(self, entry: Entry) -> BoxView:
        hint = _("A word without blanks; formulas use it.")
        box = Box("name", _("Short name"), "text", hint)
        return self._box(entry, box, "id", entry.name)

    def _box(self, entry: Entry, box: Box, key: str = "", value: Any = None) -> BoxView:
        key = key or box.key
        value = entry.typed.get(box.key, "") if value is None else value
        options = list(self._options(box, value))
        unit = self.sign if box.unit == "money" else box.unit
        label = (
            self.parties.get(box.label, box.label) if box.key.startswith("stakes.") else box.label
        )
        return BoxView(
            id=_id(entry, box.key),
            name=f"{entry.id}-{key}",
            label=label,
            hint=box.hint,
            widget=_widget(box),
            value=value,
            options=options,
            unit=unit,
            error=" ".join(entry.problems.get(box.key, ())),
            numeric=box.kind in {"number", "whole", "percent"},
            formula=box.kind == "formula",
            wide=box.wide,
            turns=box.turns,
            has_units=box.kind == "unit",
        )

    def _options(self, box: Box, value: Any) -> Iterator[tuple[str, str, bool]]:
        chosen = value if isinstance(value, list) else [value]
        known = dict(self._choices(box))
        # What is chosen but not there any more stays to be seen, with its problem.
        gone = {one: one for one in chosen if one and one not in known} if _chooses(box) else {}
        for key, label in (known | gone).items():
            yield key, str(label), key in chosen

    def _choices(self, box: Box) -> Iterator[tuple[str, Any]]:
        if box.kind == "choice":
            yield from box.choices
            return
        sections = {"party": ("parties", "pools"), "pool": ("pools",), "driver": ("drivers",)}
        if box.kind in sections:
            yield from box.choices or (EMPTY,)
        for part in sections.get(box.kind, (box.kind,) if box.kind in SEVERAL else ()):
            for name in self.form.names(part):
                yield name, self.parties.get(name) or self.called(name)


def _chooses(box: Box) -> bool:
    return box.kind in {"choice", "party", "pool", "driver", *SEVERAL}


def _widget(box: Box) -> str:
    if box.kind in SEVERAL:
        return "checks"
    if _chooses(box):
        return "select"
    if box.kind in _TEXT_AREAS:
        return "area"
    return "check" if box.kind == "yes" else "text"


def _id(entry: Entry, key: str) -> str:
    return f"{entry.id}-{key.replace('.', '_')}" if key else entry.id


def _percent(typed: str) -> str:
    return f"{typed} %" if typed else ""


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:39]}…"
