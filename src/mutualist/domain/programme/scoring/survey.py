"""A first look at all rows of a table, one after the other, for what each of them is read by."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

from mutualist.domain.programme.rules.model import Field
from mutualist.domain.programme.scoring.cells import Point, Wrong, point_of, read_cell

#: A row as it stands in a file: its number and its columns.
Raw = tuple[int, Mapping[str, object]]
#: So many characters an id has at most; evidence is told by it.
MAX_ID = 80
_TEXT = Field("", "text")


@dataclass(frozen=True, slots=True)
class Survey:
    """What can only be said of all rows together.

    Attributes
    ----------
    rows
        How many there are.
    columns
        Those that any row has, in the order in which they come up.
    points
        What stands before the decimals, for each column of numbers.
    nameless
        Number of the first row without an id.
    suspects
        Digests of the ids that may stand twice; any other stands once.
    """

    rows: int
    columns: tuple[str, ...]
    points: Mapping[str, Point]
    nameless: int | None
    suspects: frozenset[int]

    def is_suspect(self, own: str) -> bool:
        """Return whether an id may stand in a further row."""
        return hash(own) in self.suspects


def survey(raw: Iterable[Raw], fields: Mapping[str, Field]) -> Survey:
    """Go through all rows once.

    Of a million ids only their digests are kept, eight bytes each: the ids themselves would take a hundred.
    """
    columns: dict[str, None] = {}
    open_points = {name for name, one in fields.items() if one.value_kind == "number"}
    points: dict[str, Point] = dict.fromkeys(sorted(open_points), "")
    digests, nameless, rows = array("q"), None, 0
    for number, row in raw:
        rows += 1
        if not columns.keys() >= row.keys():
            columns.update(dict.fromkeys(row))
        for name in tuple(open_points):
            value = row.get(name)
            if isinstance(value, str) and (point := point_of((value,))):
                points[name] = point
                open_points.discard(name)
        own = id_of(row)
        if isinstance(own, str):
            digests.append(hash(own))
        if nameless is None and not str(row.get("id") or "").strip():
            nameless = number
    return Survey(rows, tuple(columns), points, nameless, _repeated(digests))


def id_of(row: Mapping[str, object]) -> str | Wrong | None:
    """Return the id that a row brings, what is wrong with it, or None where it brings none."""
    own = read_cell(row.get("id"), _TEXT)
    if isinstance(own, str) and len(own) > MAX_ID:
        return Wrong("too_long", {"value": len(own), "known": MAX_ID})
    return own if isinstance(own, str | Wrong) else None


def _repeated(digests: array[int]) -> frozenset[int]:
    ordered = array("q", sorted(digests))
    return frozenset(one for one, after in pairwise(ordered) if one == after)
