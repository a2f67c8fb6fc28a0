"""Formulas once they are checked: what every name means, and what kind of value comes out.

Both ways of computing (:mod:`..scoring` for one partner with reasons, :mod:`..batch` for all) walk these trees.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, fields
from fractions import Fraction
from typing import Any, Literal

Kind = Literal["number", "text", "date", "flag"]
Value = Fraction | str | dt.date | bool | None


@dataclass(frozen=True, slots=True)
class Tree:
    """A part of a formula; ``kind`` is what comes out, which may always be empty."""

    kind: Kind


@dataclass(frozen=True, slots=True)
class Const(Tree):
    """A value written down."""

    value: Value


@dataclass(frozen=True, slots=True)
class FieldOf(Tree):
    """A field of the row: of a table of facts, or a key or the ``value`` of a group.

    ``money`` is a field of amounts: its value is converted into the currency of the rules by ``currency``, the field
    beside it, at the rate of the day of the row.
    """

    name: str
    money: bool = False


@dataclass(frozen=True, slots=True)
class PartnerField(Tree):
    """``partner.country``: a field of the partner."""

    name: str


@dataclass(frozen=True, slots=True)
class Day(Tree):
    """``day``: the day that is scored, moved back where the measure says ``ago``."""


@dataclass(frozen=True, slots=True)
class MeasureOf(Tree):
    """A measure by its name."""

    name: str


@dataclass(frozen=True, slots=True)
class MetricOf(Tree):
    """The value of a metric: by its name, or ``value`` in its own points."""

    name: str


@dataclass(frozen=True, slots=True)
class PointsOf(Tree):
    """``points.<metric>``."""

    name: str


@dataclass(frozen=True, slots=True)
class TrackTotal(Tree):
    """``track.<name>.total``."""

    name: str


@dataclass(frozen=True, slots=True)
class TotalOf(Tree):
    """``total``."""


@dataclass(frozen=True, slots=True)
class MetLevel(Tree):
    """``met.<level>``: all requirements of the level hold."""

    name: str


@dataclass(frozen=True, slots=True)
class RelativeOf(Tree):
    """The name of a relative rule: whether the partner is among the best."""

    name: str


@dataclass(frozen=True, slots=True)
class AllPositive(Tree):
    """``all_positive()``: every metric of the track that applies has points above zero."""


@dataclass(frozen=True, slots=True)
class GroupValue(Tree):
    """``group[key]``: the value gathered for a key, empty where there is none."""

    group: str
    keys: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class InGroup(Tree):
    """``key in group``."""

    group: str
    keys: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class InList(Tree):
    """``item in list``."""

    listing: str
    item: Tree


@dataclass(frozen=True, slots=True)
class ValidIn(Tree):
    """``valid(item, list)``: in the list, and the item counts on the day that is scored.

    It counts from ``from`` to ``counts_until``, both inclusive, where the list has them.
    """

    listing: str
    item: Tree


@dataclass(frozen=True, slots=True)
class WithinLatest(Tree):
    """``within_latest(item, list, n)``: among the n items that came out last by the day."""

    listing: str
    item: Tree
    count: int


@dataclass(frozen=True, slots=True)
class ListValue(Tree):
    """``lookup(item, list, column)``; empty where the list has no such item."""

    listing: str
    item: Tree
    column: str


@dataclass(frozen=True, slots=True)
class Arithmetic(Tree):
    """``left op right`` with + - * /; a division by zero is empty."""

    op: str
    left: Tree
    right: Tree


@dataclass(frozen=True, slots=True)
class Compare(Tree):
    """``left op right`` with = != < <= > >=; false where one side is empty."""

    op: str
    left: Tree
    right: Tree


@dataclass(frozen=True, slots=True)
class OneOf(Tree):
    """``left in [a, b]``; false where left is empty."""

    left: Tree
    entries: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Junction(Tree):
    """``and`` or ``or``."""

    op: Literal["and", "or"]
    parts: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Negation(Tree):
    """``not part``."""

    part: Tree


@dataclass(frozen=True, slots=True)
class IsEmpty(Tree):
    """``part is empty``."""

    part: Tree


@dataclass(frozen=True, slots=True)
class Choice(Tree):
    """``then if test else other``."""

    test: Tree
    then: Tree
    other: Tree


@dataclass(frozen=True, slots=True)
class Apply(Tree):
    """A function of :mod:`.functions` on its arguments.

    Pairs, as of ``brackets`` and ``weighted_average``, stand one after the other in ``args``.
    """

    function: str
    args: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula: as it is written, and checked."""

    text: str
    tree: Tree

    @property
    def kind(self) -> Kind:
        """What comes out."""
        return self.tree.kind


def parts_of(tree: Tree) -> tuple[Tree, ...]:
    """Return the trees right below a tree, in the order they are written."""
    found: list[Tree] = []
    for one in fields(tree):
        value: Any = getattr(tree, one.name)
        if isinstance(value, Tree):
            found.append(value)
        elif isinstance(value, tuple):
            found += [entry for entry in value if isinstance(entry, Tree)]
    return tuple(found)


def names_in(tree: Tree) -> list[Tree]:
    """Return every reference in a formula to something that is computed elsewhere, in order, once each."""
    found: dict[Tree, None] = {}
    waiting = [tree]
    while waiting:
        part = waiting.pop()
        if isinstance(
            part,
            MeasureOf
            | MetricOf
            | PointsOf
            | TrackTotal
            | TotalOf
            | MetLevel
            | RelativeOf
            | GroupValue
            | InGroup
            | AllPositive,
        ):
            found[part] = None
        waiting += reversed(parts_of(part))
    return list(found)
