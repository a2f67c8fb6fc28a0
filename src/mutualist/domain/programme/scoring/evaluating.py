"""Checked formulas as Python functions: each tree is translated once and then only called."""

from __future__ import annotations

import datetime as dt
import operator
from collections.abc import Callable, Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import Any, Protocol, cast

from mutualist.domain.programme.rules import trees
from mutualist.domain.programme.rules.model import RuleSet
from mutualist.domain.programme.rules.trees import Tree, Value
from mutualist.domain.programme.scoring.calling import CALLED, TIMED

SIGNS: Mapping[str, Callable[[Any, Any], bool]] = MappingProxyType(
    {
        "=": operator.eq,
        "!=": operator.ne,
        "<": operator.lt,
        "<=": operator.le,
        ">": operator.gt,
        ">=": operator.ge,
    }
)


class Names(Protocol):
    """What formulas ask for: computed when first asked."""

    partner: Mapping[str, Value]

    def group(self, name: str) -> Mapping[tuple[Value, ...], Value]:
        """Return the values of a group by their keys."""

    def measure(self, name: str) -> Value:
        """Return the value of a measure."""

    def value(self, metric: str) -> Fraction | None:
        """Return the value of a metric."""

    def points(self, metric: str) -> Fraction | None:
        """Return the points of a metric."""

    def track_total(self, track: str) -> Fraction:
        """Return the total of a track."""

    def total(self) -> Fraction:
        """Return the total."""

    def met(self, level: str) -> bool:
        """Return whether a level is met."""

    def relative(self, name: str) -> bool:
        """Return whether the partner is among the best."""

    def all_positive(self) -> bool:
        """Return whether every metric that counts has points."""

    def counting(self, listing: str, day: dt.date) -> frozenset[str]:
        """Return the items of a list that count on a day."""

    def latest(self, listing: str, day: dt.date, count: int) -> frozenset[str]:
        """Return the items of a list that came out last."""

    def rate(self, currency: Value, day: Value) -> Fraction | None:
        """Return what a unit of a currency was worth on a day."""


class Frame:
    """Where a formula is computed: for a row or the partner, on a day.

    Attributes
    ----------
    row
        Values of the row; empty for formulas about the partner.
    """

    __slots__ = ("day", "names", "row")

    def __init__(self, names: Names, day: dt.date) -> None:
        self.names = names
        self.day = day
        self.row: Mapping[str, Value] = {}


Compiled = Callable[[Frame], Any]


class Compiler:
    """Makes functions of trees.

    Parameters
    ----------
    rules
        For lists.
    dated
        Column with the day of a row, at whose rate amounts are converted.
    """

    def __init__(self, rules: RuleSet, dated: str = "") -> None:
        self.rules = rules
        self.dated = dated

    def compiled(self, tree: Tree) -> Compiled:
        """Return the function of a tree."""
        made: Compiled = getattr(self, f"_{type(tree).__name__.lower()}")(tree)
        return made

    def _const(self, tree: trees.Const) -> Compiled:
        value = tree.value
        return lambda _frame: value

    def _fieldof(self, tree: trees.FieldOf) -> Compiled:
        name = tree.name
        if not tree.money:
            return lambda frame: frame.row.get(name)
        currency, dated = f"{name}_currency", self.dated

        def converted(frame: Frame) -> Fraction | None:
            row = frame.row
            amount = cast("Fraction | None", row.get(name))
            code = row.get(currency)
            if amount is None or not code:
                return amount
            rate = frame.names.rate(code, row.get(dated))
            return None if rate is None else amount * rate

        return converted

    def _partnerfield(self, tree: trees.PartnerField) -> Compiled:
        name = tree.name
        return lambda frame: frame.names.partner.get(name)

    def _day(self, _tree: trees.Day) -> Compiled:
        return lambda frame: frame.day

    def _measureof(self, tree: trees.MeasureOf) -> Compiled:
        name = tree.name
        return lambda frame: frame.names.measure(name)

    def _metricof(self, tree: trees.MetricOf) -> Compiled:
        name = tree.name
        return lambda frame: frame.names.value(name)

    def _pointsof(self, tree: trees.PointsOf) -> Compiled:
        name = tree.name
        return lambda frame: frame.names.points(name)

    def _tracktotal(self, tree: trees.TrackTotal) -> Compiled:
        name = tree.name
        return lambda frame: frame.names.track_total(name)

    def _totalof(self, _tree: trees.TotalOf) -> Compiled:
        return lambda frame: frame.names.total()

    def _metlevel(self, tree: trees.MetLevel) -> Compiled:
        name = tree.name
        return lambda frame: frame.names.met(name)

    def _relativeof(self, tree: trees.RelativeOf) -> Compiled:
        name = tree.name
        return lambda frame: frame.names.relative(name)

    def _allpositive(self, _tree: trees.AllPositive) -> Compiled:
        return lambda frame: frame.names.all_positive()

    def _groupvalue(self, tree: trees.GroupValue) -> Compiled:
        name, keys = tree.group, self._keys(tree.keys)
        return lambda frame: frame.names.group(name).get(keys(frame))

    def _ingroup(self, tree: trees.InGroup) -> Compiled:
        name, keys = tree.group, self._keys(tree.keys)
        return lambda frame: keys(frame) in frame.names.group(name)

    def _keys(self, keys: tuple[Tree, ...]) -> Callable[[Frame], tuple[Value, ...]]:
        made = [self.compiled(key) for key in keys]
        if len(made) == 1:
            (only,) = made
            return lambda frame: (only(frame),)
        return lambda frame: tuple(key(frame) for key in made)

    def _inlist(self, tree: trees.InList) -> Compiled:
        items, item = self.rules.lists[tree.listing].items, self.compiled(tree.item)
        return lambda frame: item(frame) in items

    def _validin(self, tree: trees.ValidIn) -> Compiled:
        name, item = tree.listing, self.compiled(tree.item)
        return lambda frame: item(frame) in frame.names.counting(name, frame.day)

    def _withinlatest(self, tree: trees.WithinLatest) -> Compiled:
        name, item, count = tree.listing, self.compiled(tree.item), tree.count
        return lambda frame: item(frame) in frame.names.latest(name, frame.day, count)

    def _listvalue(self, tree: trees.ListValue) -> Compiled:
        column = {
            name: one.values.get(tree.column)
            for name, one in self.rules.lists[tree.listing].items.items()
        }
        item = self.compiled(tree.item)
        return lambda frame: column.get(item(frame))

    def _arithmetic(self, tree: trees.Arithmetic) -> Compiled:
        left, right = self.compiled(tree.left), self.compiled(tree.right)
        if tree.op == "/":

            def divided(frame: Frame) -> Fraction | None:
                a, b = left(frame), right(frame)
                return None if a is None or not b else cast("Fraction", a / b)

            return divided
        operation = {"+": operator.add, "-": operator.sub, "*": operator.mul}[tree.op]

        def computed(frame: Frame) -> Fraction | None:
            a, b = left(frame), right(frame)
            return None if a is None or b is None else cast("Fraction", operation(a, b))

        return computed

    def _compare(self, tree: trees.Compare) -> Compiled:
        left, right, sign = self.compiled(tree.left), self.compiled(tree.right), SIGNS[tree.op]

        def compared(frame: Frame) -> bool:
            a, b = left(frame), right(frame)
            return a is not None and b is not None and sign(a, b)

        return compared

    def _oneof(self, tree: trees.OneOf) -> Compiled:
        left = self.compiled(tree.left)
        if all(isinstance(entry, trees.Const) for entry in tree.entries):
            known = frozenset(
                entry.value for entry in tree.entries if isinstance(entry, trees.Const)
            )
            return lambda frame: left(frame) in known
        entries = [self.compiled(entry) for entry in tree.entries]

        def found(frame: Frame) -> bool:
            value = left(frame)
            return value is not None and any(entry(frame) == value for entry in entries)

        return found

    def _junction(self, tree: trees.Junction) -> Compiled:
        parts = [self.compiled(part) for part in tree.parts]
        if tree.op == "and":
            return lambda frame: all(part(frame) for part in parts)
        return lambda frame: any(part(frame) for part in parts)

    def _negation(self, tree: trees.Negation) -> Compiled:
        part = self.compiled(tree.part)
        return lambda frame: not part(frame)

    def _isempty(self, tree: trees.IsEmpty) -> Compiled:
        part = self.compiled(tree.part)
        return lambda frame: part(frame) is None

    def _choice(self, tree: trees.Choice) -> Compiled:
        test, then, other = (self.compiled(one) for one in (tree.test, tree.then, tree.other))
        return lambda frame: then(frame) if test(frame) else other(frame)

    def _apply(self, tree: trees.Apply) -> Compiled:
        args = [self.compiled(arg) for arg in tree.args]
        if tree.function in TIMED:
            timed, (only,) = TIMED[tree.function], args
            return lambda frame: timed(only(frame), frame.day)
        function = CALLED[tree.function]
        return lambda frame: function(*[arg(frame) for arg in args])
