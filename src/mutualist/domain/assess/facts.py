"""Answers as the conditions see them: one flat object for each party, and one for each ordered pair.

Unknown is ``None``; an item written short and one written long look the same; what is left out and has a meaning
(missing goal 0, missing capability 0, missing proof 0, missing pledge "no") is filled in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from mutualist.domain.assess.model import Field, Item, Ruleset

UNKNOWN = "dont_know"
Sheet = Mapping[str, Any]
Reader = Callable[[Any, dict[str, Any]], None]


class Facts:
    """The answers of one party, flat: an attribute for each item or field, ``None`` if unknown.

    In the facts of an ordered pair, answers about "the other side" are those about the other one of the pair, rows are
    those towards it, and an owner is seen from this pair.
    """

    id: str

    def __init__(self, values: dict[str, Any]) -> None:
        self.__dict__ = values


def month_number(text: Any) -> int | None:
    """Return the months since year 0 of ``YYYY-MM``, None if it is not known.

    Examples
    --------
    >>> month_number("2026-11") - month_number("2026-03")
    8
    """
    if not isinstance(text, str) or text == UNKNOWN:
        return None
    return int(text[:4]) * 12 + int(text[5:7])


def known(value: Any) -> Any:
    """Return a value, or None for "don't know"."""
    return None if value == UNKNOWN else value


class FactsMaker:
    """Turns sheets into :class:`Facts`, for one rule file."""

    def __init__(self, ruleset: Ruleset) -> None:
        self.items = ruleset.items
        self.readers: dict[str, Reader] = {
            number: _reader(item, ruleset) for number, item in self.items.items()
        }
        self.blank: dict[str, Any] = {}
        for reader in self.readers.values():
            reader(None, self.blank)
        self.counterpart = tuple(item.number for item in self.items.values() if item.counterpart)
        self.owners = tuple(item for item in self.items.values() if item.type == "owner")
        self.directed_rows = tuple(item for item in self.items.values() if item.rows_per_party)
        self.frame_fields = ruleset.frame

    def base(self, sheet: Sheet, party: str) -> Facts:
        """Return what a party says without looking at anybody in particular."""
        values = dict(self.blank)
        values["id"] = party
        readers = self.readers
        for number, raw in sheet.items():
            reader = readers.get(number)
            if reader is not None and raw != UNKNOWN:
                reader(raw, values)
        return Facts(values)

    def updated(self, base: Facts, items: Mapping[str, Any]) -> Facts:
        """Return facts in which some answers are others."""
        values = dict(base.__dict__)
        for number, raw in items.items():
            self.readers[number](None if raw == UNKNOWN else raw, values)
        return Facts(values)

    def towards(self, base: Facts, sheet: Sheet, other: str, parties: Sequence[str]) -> Facts:
        """Return what a party says towards one other party."""
        values: dict[str, Any] | None = None
        for number in self.counterpart:
            raw = sheet.get(number)
            if isinstance(raw, dict) and per_counterpart(raw, parties):
                values = dict(base.__dict__) if values is None else values
                answer = raw.get(other, UNKNOWN)
                self.readers[number](None if answer == UNKNOWN else answer, values)
        for item in self.owners:
            raw = sheet.get(item.number)
            if raw in parties:
                values = dict(base.__dict__) if values is None else values
                values[item.name] = "them" if raw == other else "open"
                values[f"{item.name}_third"] = None if raw == other else raw
        for item in self.directed_rows:
            raw = sheet.get(item.number)
            if isinstance(raw, list | tuple) and any("with" in row for row in raw):
                values = dict(base.__dict__) if values is None else values
                self.readers[item.number](
                    [row for row in raw if row.get("with", other) == other], values
                )
        return base if values is None else Facts(values)

    def frame(self, frame: Mapping[str, Any]) -> Facts:
        """Return the frame; months become month numbers."""
        values: dict[str, Any] = {name: known(frame.get(name)) for name in self.frame_fields}
        for name, column in self.frame_fields.items():
            if column.type == "month":
                values[name] = month_number(values[name])
        return Facts(values)


def per_counterpart(raw: Mapping[str, Any], parties: Sequence[str]) -> bool:
    """Tell whether an answer is a mapping from other parties to answers."""
    return bool(raw) and next(iter(raw)) in parties


@lru_cache(maxsize=16)
def facts_maker(ruleset: Ruleset) -> FactsMaker:
    """Return the maker of facts for a rule file; it is made once."""
    return FactsMaker(ruleset)


# --------------------------------------------------------------------------------------------------------------- readers


def _reader(item: Item, ruleset: Ruleset) -> Reader:
    match item.type:
        case "points":
            return _points_reader(item)
        case "pledges":
            return _pledges_reader(item, tuple(pledge.key for pledge in ruleset.pledges))
        case "rows":
            return _rows_reader(item)
        case "fields":
            return _fields_reader(item)
        case "owner":
            return _owner_reader(item)
    return _plain_reader(item)


def _plain_reader(item: Item) -> Reader:
    name = item.name

    def read(raw: Any, values: dict[str, Any]) -> None:
        values[name] = None if isinstance(raw, dict) else raw

    return read


def _owner_reader(item: Item) -> Reader:
    name, third = item.name, f"{item.name}_third"
    words = frozenset(item.keys)

    def read(raw: Any, values: dict[str, Any]) -> None:
        named = raw is not None and raw not in words
        values[name] = "them" if named else raw
        values[third] = raw if named else None

    return read


def _points_reader(item: Item) -> Reader:
    name = item.name
    zero = dict.fromkeys(item.keys, 0)

    def read(raw: Any, values: dict[str, Any]) -> None:
        values[name] = None if raw is None else {**zero, **raw}

    return read


def _pledges_reader(item: Item, pledges: tuple[str, ...]) -> Reader:
    name = item.name
    refused = dict.fromkeys(pledges, "no")

    def read(raw: Any, values: dict[str, Any]) -> None:
        if raw is None or (raw and next(iter(raw)) not in refused):
            values[name] = None
        else:
            values[name] = {**refused, **raw}

    return read


def _rows_reader(item: Item) -> Reader:
    name = item.name
    columns = tuple((key, _missing(column)) for key, column in item.fields.items())

    def read(raw: Any, values: dict[str, Any]) -> None:
        if raw is None:
            values[name] = None
        else:
            values[name] = tuple(
                [tuple([row.get(key, default) for key, default in columns]) for row in raw]
            )

    return read


def _missing(column: Field) -> Any:
    """Return what a column left out of a row means."""
    if column.type == "proof":
        return 0
    return "" if column.type == "text" else None


def _fields_reader(item: Item) -> Reader:
    short = item.short
    slots = tuple(
        (key, f"{item.name}_{key}", _field_value(column)) for key, column in item.fields.items()
    )
    known_fields = frozenset(item.fields)
    empty = {slot: 0 if item.fields[key].type == "proof" else None for key, slot, _ in slots}

    def read(raw: Any, values: dict[str, Any]) -> None:
        values.update(empty)
        if not isinstance(raw, dict):
            if raw is not None and short:
                values[f"{item.name}_{short}"] = raw
            return
        if raw and next(iter(raw)) not in known_fields:
            return
        for key, slot, make in slots:
            value = raw.get(key)
            if value is not None and value != UNKNOWN:
                values[slot] = make(value) if make is not None else value

    return read


def _field_value(column: Field) -> Callable[[Any], Any] | None:
    if column.type == "list":
        return frozenset
    if column.type == "levels":
        zero = dict.fromkeys(column.keys, 0)
        return lambda raw: {**zero, **raw}
    return None
