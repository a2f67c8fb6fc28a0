"""A whole venture in a form: every entry of every part, checked by the rules of the venture itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from mutualist.apps.ventures.described import PRIVATE
from mutualist.apps.ventures.entries import parts
from mutualist.apps.ventures.entries.boxes import SEVERAL, Box, UnreadableError, read, shown
from mutualist.apps.ventures.entries.choices import POINTS
from mutualist.apps.ventures.entries.folding import fold, unfold
from mutualist.apps.ventures.entries.parts import PARTS
from mutualist.apps.ventures.entries.renaming import renamed, short_name
from mutualist.apps.ventures.words import language
from mutualist.domain.venture import VentureError, read_description
from mutualist.domain.venture.problems import Problem

ENTRIES = "entry"
#: More entries than this do not come from a form.
MOST_ENTRIES = 400
_TOKEN = re.compile(r"([a-z]+)-(\d{1,4})")
_FRAME = ("name", "currency", "periods")
_LISTED = re.compile(r"(contributions|correlations)\[(\d+)\](?:\.(.*))?")


@dataclass(slots=True)
class Entry:
    """One entry of a part as it stands in the form.

    Attributes
    ----------
    was
        Its name, or place in the list, in the version the form was made from; empty for a new one.
    typed
        What stands in its boxes.
    problems
        What is wrong, by the key of the box; under the empty key what concerns the whole entry.
    """

    part: str
    index: int
    was: str
    name: str
    typed: dict[str, Any]
    before: Any = None
    problems: dict[str, list[str]] = field(default_factory=dict)
    is_new: bool = False

    @property
    def id(self) -> str:
        """The beginning of the names of its controls."""
        return f"{self.part}-{self.index}"

    @property
    def boxes(self) -> tuple[Box, ...]:
        """What is asked of it."""
        return PARTS[self.part].boxes(self.typed)

    @property
    def is_blank(self) -> bool:
        """Whether nobody has typed anything into it yet."""
        if self.was or self.name:
            return False
        return not any(self.typed.get(box.key) for box in self.boxes if box.kind != "choice")

    def note(self, key: str, said: str) -> None:
        """Note a problem of a box."""
        found = self.problems.setdefault(key, [])
        if said not in found:
            found.append(said)


class WholeForm:
    """Every part of a venture; what was typed stays as it was typed.

    Parameters
    ----------
    venture
        The version the form was made from.
    posted
        What was sent; without it the form shows the venture.
    own
        Whether the venture belongs to one organisation, which may write its private figures into it.
    """

    def __init__(
        self, venture: Mapping[str, Any], posted: QueryDict | None = None, *, own: bool = False
    ) -> None:
        self.venture = venture
        self.own = own
        self.problems: list[str] = []
        self.description: dict[str, Any] = {}
        self.entries = list(_sent(venture, posted) if posted is not None else _stored(venture))
        for entry in self.entries:
            _as_stakes(entry, self.names("parties"))

    # What stands in it

    def of(self, part: str) -> list[Entry]:
        """Return the entries of a part."""
        return [entry for entry in self.entries if entry.part == part]

    def names(self, part: str) -> list[str]:
        """Return the names of the entries of a part."""
        return [entry.name for entry in self.of(part) if entry.name]

    def boxes_of(self, entry: Entry) -> tuple[Box, ...]:
        """Return what is asked of an entry; private figures only where nobody else reads them."""
        extra = parts.PRIVATE if entry.part == "parties" and self.own else ()
        return *entry.boxes, *extra

    def add(self, part: str, choice: str = "", name: str = "") -> Entry:
        """Add an empty entry."""
        index = 1 + max((entry.index for entry in self.of(part)), default=-1)
        typed: dict[str, Any] = {PARTS[part].chosen_by: choice} if choice else {}
        if part == "drivers" and not typed.get("way"):
            typed["way"] = "quantiles"
        if part == "parties":
            typed |= {"name": name, "discount": shown("percent", 0.08)}
            name = name and self._free_party()
        entry = Entry(part, index, "", name, typed, is_new=True)
        _as_stakes(entry, self.names("parties"))
        self.entries.append(entry)
        return entry

    def _free_party(self) -> str:
        taken = {*self.names("parties"), *self.names("pools")}
        return next(letter for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" if letter not in taken)

    def remove(self, token: str) -> None:
        """Take an entry out."""
        self.entries = [entry for entry in self.entries if entry.id != token]

    # What is made of it

    def is_valid(self, *, blank: bool = True) -> bool:
        """Read every box, check the venture as a whole, and note what is wrong where it stands.

        Parameters
        ----------
        blank
            Whether entries into which nothing was typed yet count: they do when it is saved.
        """
        entries = [one for one in self.entries if blank or not one.is_blank]
        described = self._described(entries)
        try:
            read_description(described)
        except VentureError as error:
            for problem in error.problems:
                self._tell(problem)
        if not self.count:
            self.description = described
        return not self.count

    @property
    def count(self) -> int:
        """How many things are wrong."""
        within = sum(len(said) for entry in self.entries for said in entry.problems.values())
        return len(self.problems) + within

    def _described(self, counted: Sequence[Entry]) -> dict[str, Any]:
        names = {e.was: e.name for e in self.entries if PARTS[e.part].named and e.was and e.name}
        changed = {was: name for was, name in names.items() if was != name}
        read_parts: dict[str, Any] = {}
        for part in PARTS:
            found = [entry for entry in counted if entry.part == part]
            entries = [(entry, self._read(entry, changed)) for entry in found]
            if part == "frame":
                read_parts |= entries[0][1] if entries else {}
            elif part in {"contributions", "correlations"}:
                read_parts[part] = [value for _entry, value in entries]
            else:
                read_parts[part] = self._named(entries)
        stays = {key for key, value in self.venture.items() if read_parts.get(key, value) == value}
        order = [key for key in self.venture if key in stays or read_parts[key]]
        order += [key for key, value in read_parts.items() if value]
        merged = {**self.venture, **read_parts}
        return {key: merged[key] for key in dict.fromkeys(order)}

    @staticmethod
    def _named(entries: Sequence[tuple[Entry, Any]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for entry, value in entries:
            if not entry.name:
                entry.note("name", _("Give it a short name, such as units or licence_fee."))
            elif entry.name in found:
                entry.note("name", _("This name stands twice. Take another one."))
            else:
                found[entry.name] = value
        return found

    def _read(self, entry: Entry, changed: Mapping[str, str]) -> Any:
        before = unfold(entry.part, entry.before)
        flat = {
            box.key: self._value(entry, box, before.get(box.key)) for box in self.boxes_of(entry)
        }
        if entry.before is not None and all(flat[key] == before.get(key) for key in flat):
            # However it was written, what nobody touched stays as it was.
            return renamed(entry.part, entry.before, changed)
        return renamed(entry.part, fold(entry.part, flat, entry.before), changed)

    @staticmethod
    def _value(entry: Entry, box: Box, before: Any) -> Any:
        typed = entry.typed.get(box.key)
        if box.kind in SEVERAL:
            chosen = [one for one in typed or () if one]
            same = sorted(chosen) == sorted(shown(box.kind, before))
            return before if same else (chosen or None)
        if (typed or "") == shown(box.kind, before):
            return before
        if (
            box.choices
            and entry.before is not None
            and before is None
            and typed == box.choices[0][0]
        ):
            # Nothing is written where nothing is meant but what is usual.
            return None
        try:
            return read(box.kind, str(typed or ""))
        except UnreadableError as error:
            entry.note(box.key, str(error))
            return None

    # What is wrong with it

    def _tell(self, problem: Problem) -> None:
        said = problem.message(language()).removeprefix(f"{problem.place}: ")
        entry, rest = self._place(problem.place)
        if entry is None:
            self.problems.append(problem.message(language()))
            return
        key = self._box_at(entry, rest)
        # What could not be read is missing as well; once is enough.
        if not (problem.code == "missing" and key in entry.problems):
            entry.note(key, said)

    def _place(self, place: str) -> tuple[Entry | None, str]:
        if place.partition(".")[0] in _FRAME:
            return next(iter(self.of("frame")), None), place
        if match := _LISTED.fullmatch(place):
            listed = self.of(match[1])
            at = int(match[2]) - 1
            return (listed[at] if at < len(listed) else None), match[3] or ""
        part, _dot, rest = place.partition(".")
        name, _dot, rest = rest.partition(".")
        return next((e for e in self.of(part) if e.name == name), None), rest

    def _box_at(self, entry: Entry, rest: str) -> str:
        points = POINTS.get(str(entry.typed.get("way")), ())
        aliases = {key: f"point.{at}" for at, (key, _label) in enumerate(points)}
        if entry.part == "correlations":
            aliases = {"between": "second"}
        rest = aliases.get(rest, rest)
        keys = [box.key for box in self.boxes_of(entry)]
        fits = (key for key in keys if rest == key or rest.startswith((f"{key}.", f"{key}[")))
        return next(fits, "")


def _as_stakes(entry: Entry, parties: Sequence[str]) -> None:
    """Give a payment of the kind stakes a box for every party."""
    if entry.part == "terms" and entry.typed.get("type") == "equity":
        for party in parties:
            entry.typed.setdefault(f"stakes.{party}", "")


def _listed(venture: Mapping[str, Any], part: str) -> Iterator[tuple[str, Any]]:
    """Yield name, or place in the list, and entry."""
    found = venture.get(part)
    if part == "frame":
        yield "frame", {key: venture[key] for key in _FRAME if key in venture}
    elif isinstance(found, Mapping):
        yield from found.items()
    elif isinstance(found, list):
        yield from ((str(at), entry) for at, entry in enumerate(found))


def _stored(venture: Mapping[str, Any]) -> Iterator[Entry]:
    parties = tuple(venture.get("parties", {}))
    for part in PARTS.values():
        for index, (name, value) in enumerate(_listed(venture, part.key)):
            flat = unfold(part.key, value, parties if part.key == "terms" else ())
            entry = Entry(part.key, index, name, name, flat, value)
            private = parts.PRIVATE if part.key == "parties" else ()
            boxes = (*part.boxes(flat), *private)
            entry.typed = {box.key: shown(box.kind, flat.get(box.key)) for box in boxes}
            yield entry


def _sent(venture: Mapping[str, Any], posted: QueryDict) -> Iterator[Entry]:
    """Yield the entries of a form that was sent, in its order."""
    stored = {part: dict(_listed(venture, part)) for part in PARTS}
    for token in dict.fromkeys(posted.getlist(ENTRIES)[:MOST_ENTRIES]):
        match = _TOKEN.fullmatch(token)
        if match is None or match[1] not in PARTS:
            continue
        part, was = match[1], posted.get(f"{token}-was", "")
        given = posted.get(f"{token}-id", was)
        name = short_name(given) if PARTS[part].named else given
        before = stored[part].get(was)
        entry = Entry(part, int(match[2]), was if before is not None else "", name, {}, before)
        entry.typed = _typed(token, posted)
        yield entry


def _typed(token: str, posted: QueryDict) -> dict[str, Any]:
    """Return what stands in the boxes of an entry; several names come as a list."""
    start = f"{token}-"
    found: dict[str, Any] = {}
    for name in posted:
        if name.startswith(start):
            key = name.removeprefix(start)
            several = key in {"lines", "ends", "starts", "takes", "profile"}
            values = [one for one in posted.getlist(name) if one]
            found[key] = values if several else posted.get(name, "").strip()
    found.pop("was", None)
    found.pop("id", None)
    return found


def private_in(description: Mapping[str, Any]) -> list[str]:
    """Return the places of private figures in a description that others will read."""
    found = description.get("parties")
    parties = found if isinstance(found, Mapping) else {}
    return [
        f"parties.{key}.{name}"
        for key, party in parties.items()
        if isinstance(party, Mapping)
        for name in PRIVATE
        if name in party
    ]
