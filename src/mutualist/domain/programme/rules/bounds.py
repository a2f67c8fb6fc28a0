"""How small and how large a formula can become, whatever the facts are."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType

from mutualist.domain.programme.rules import trees
from mutualist.domain.programme.rules.model import Measure, RuleSet
from mutualist.domain.programme.rules.trees import Tree

INFINITE = math.inf
Bound = Fraction | float


@dataclass(frozen=True, slots=True)
class Range:
    """The numbers from ``low`` to ``high``, both inclusive; infinite where nothing is known."""

    low: Bound = -INFINITE
    high: Bound = INFINITE

    def __add__(self, other: Range) -> Range:
        return Range(self.low + other.low, self.high + other.high)

    def __sub__(self, other: Range) -> Range:
        return Range(self.low - other.high, self.high - other.low)

    def within(self, other: Range) -> Range:
        """Return what both have in common; the low end lies above the high one if that is nothing."""
        return Range(max(self.low, other.low), min(self.high, other.high))

    def joined(self, other: Range) -> Range:
        """Return what one of both has."""
        return Range(min(self.low, other.low), max(self.high, other.high))


ANY = Range()
ZERO = Fraction(0)


def joined(tree: Tree) -> Iterable[Tree]:
    """Yield the parts of a condition that all have to hold."""
    parts: tuple[Tree, ...] = ()
    if isinstance(tree, trees.Junction) and tree.op == "and":
        parts = tree.parts
    elif isinstance(tree, trees.Apply) and tree.function == "all":
        parts = tree.args
    if not parts:
        yield tree
    for part in parts:
        yield from joined(part)


def _times(a: Bound, b: Bound) -> Bound:
    return ZERO if a == 0 or b == 0 else a * b


def _product(a: Range, b: Range) -> Range:
    ends = [_times(x, y) for x in (a.low, a.high) for y in (b.low, b.high)]
    return Range(min(ends), max(ends))


class Bounds:
    """Ranges of the formulas of a rule set.

    Parameters
    ----------
    rules
        Without circles.
    """

    def __init__(self, rules: RuleSet) -> None:
        self.rules = rules
        self.points: dict[str, Range] = {}

    def of(self, tree: Tree) -> Range:
        """Return the range of a formula that gives a number, or a day as its number in the calendar."""
        form = getattr(self, f"_{type(tree).__name__.lower()}", None)
        if form is None:
            return ANY
        found: Range = form(tree)
        return found

    def _const(self, tree: trees.Const) -> Range:
        if isinstance(tree.value, dt.date):
            number = Fraction(tree.value.toordinal())
            return Range(number, number)
        return Range(tree.value, tree.value) if isinstance(tree.value, Fraction) else ANY

    def _day(self, _tree: trees.Day) -> Range:
        until = self.rules.until
        last: Bound = Fraction(until.toordinal()) if until else INFINITE
        return Range(Fraction(self.rules.since.toordinal()), last)

    def _measureof(self, tree: trees.MeasureOf) -> Range:
        measure = self.rules.measures[tree.name]
        named = self._named(measure)
        if measure.taking.take == "sum" and 0 in named.values():
            return Range(ZERO, ZERO)
        if measure.taking.take not in {"count", "count_distinct"}:
            return ANY
        most: Bound = INFINITE
        if measure.out_of:
            most = Fraction(len(self.rules.lists[measure.out_of].items))
        if 0 in named.values():
            most = ZERO
        elif measure.taking.take == "count_distinct" and len(measure.taking.args) == 1:
            most = min(most, named.get(measure.taking.args[0].tree, most))
        return Range(ZERO, most)

    def _named(self, measure: Measure) -> Mapping[Tree, Fraction]:
        """Return how many different texts a part of the rows can have, by what their condition says of lists."""
        found: dict[Tree, Fraction] = {}
        where = measure.source.where
        for part in joined(where.tree) if where else ():
            items: Iterable[str]
            if isinstance(part, trees.InList):
                items = self.rules.lists[part.listing].items
            elif isinstance(part, trees.ValidIn):
                items = self._counting(part.listing, measure)
            else:
                continue
            number = Fraction(len(list(items)))
            found[part.item] = min(number, found.get(part.item, number))
        return found

    def _counting(self, listing: str, measure: Measure) -> Iterable[str]:
        """Yield the items of a list that can count on some day the rules are in force."""
        window, rules = measure.source.window, self.rules
        for one in rules.lists[listing].items.values():
            over = one.counts_until and one.counts_until < window.day(rules.since)
            late = one.since and rules.until and one.since > window.day(rules.until)
            if not over and not late:
                yield one.item

    def _metricof(self, tree: trees.MetricOf) -> Range:
        return self.of(self.rules.metrics[tree.name].value.tree)

    def _pointsof(self, tree: trees.PointsOf) -> Range:
        return self.of_points(tree.name)

    def of_points(self, name: str) -> Range:
        """Return the range of the points of a metric; zero is always among them, for lack of data."""
        if name not in self.points:
            metric = self.rules.metrics[name]
            if metric.points is None:
                return Range(ZERO, ZERO)
            found = self.of(metric.points.tree)
            if metric.most is not None:
                most = self.of(metric.most.tree).high
                found = Range(min(found.low, most), min(found.high, most))
            self.points[name] = found.joined(Range(ZERO, ZERO))
        return self.points[name]

    def _tracktotal(self, tree: trees.TrackTotal) -> Range:
        return self.summed(self.rules.tracks[tree.name].metrics)

    def summed(self, metrics: tuple[str, ...]) -> Range:
        """Return the range of the sum of the points of metrics."""
        total = Range(ZERO, ZERO)
        for name in metrics:
            total += self.of_points(name)
        return total

    def _totalof(self, _tree: trees.TotalOf) -> Range:
        total = self.rules.total
        found = self._uncapped()
        return (
            found
            if total.cap is None
            else Range(min(found.low, total.cap), min(found.high, total.cap))
        )

    def _uncapped(self) -> Range:
        total = self.rules.total
        if total.way == "none":
            return Range(ZERO, ZERO)
        if total.way == "sum":
            return self.summed(tuple(self.rules.metrics))
        if total.way == "weighted":
            found = Range(ZERO, ZERO)
            for name, weight in total.weights.items():
                found += _product(self.of_points(name), Range(weight, weight))
            return found
        if total.way == "best":
            tracks = [self.summed(track.metrics) for track in self.rules.tracks.values()]
            found = Range(ZERO, ZERO)
            for track in tracks:
                found = found.joined(track)
            return found
        return self.of(total.formula.tree) if total.formula else ANY

    def _arithmetic(self, tree: trees.Arithmetic) -> Range:
        left, right = self.of(tree.left), self.of(tree.right)
        if tree.op == "+":
            return left + right
        if tree.op == "-":
            return left - right
        if tree.op == "*":
            return _product(left, right)
        if isinstance(right.low, Fraction) and right.low == right.high and right.low != 0:
            inverse = 1 / right.low
            return _product(left, Range(inverse, inverse))
        return ANY

    def _choice(self, tree: trees.Choice) -> Range:
        return self.of(tree.then).joined(self.of(tree.other))

    def _listvalue(self, tree: trees.ListValue) -> Range:
        items = self.rules.lists[tree.listing].items.values()
        values = [
            value for one in items if isinstance(value := one.values.get(tree.column), Fraction)
        ]
        return Range(min(values), max(values)) if values else ANY

    def _apply(self, tree: trees.Apply) -> Range:
        form = _FUNCTIONS.get(tree.function)
        return form(self, tree.args) if form else ANY


def _capped(bounds: Bounds, args: tuple[Tree, ...]) -> Range:
    return Range(ZERO, max(bounds.of(args[2]).high, ZERO))


def _brackets(bounds: Bounds, args: tuple[Tree, ...]) -> Range:
    found = Range(ZERO, ZERO)
    for points in args[2::2]:
        found = found.joined(bounds.of(points))
    return found


def _sum(bounds: Bounds, args: tuple[Tree, ...]) -> Range:
    found = Range(ZERO, ZERO)
    for arg in args:
        found += bounds.of(arg).joined(Range(ZERO, ZERO))
    return found


def _gate(bounds: Bounds, args: tuple[Tree, ...]) -> Range:
    return bounds.of(args[1]).joined(Range(ZERO, ZERO))


def _joined(bounds: Bounds, args: tuple[Tree, ...]) -> Range:
    found = bounds.of(args[0])
    for arg in args[1:]:
        found = found.joined(bounds.of(arg))
    return found


def _max(bounds: Bounds, args: tuple[Tree, ...]) -> Range:
    parts = [bounds.of(arg) for arg in args]
    # An argument that is empty does not count, so only constants lift the low end.
    low = max(
        (bounds.of(arg).low for arg in args if isinstance(arg, trees.Const)), default=-INFINITE
    )
    return Range(max(low, min(part.low for part in parts)), max(part.high for part in parts))


def _min(bounds: Bounds, args: tuple[Tree, ...]) -> Range:
    parts = [bounds.of(arg) for arg in args]
    high = min(
        (bounds.of(arg).high for arg in args if isinstance(arg, trees.Const)), default=INFINITE
    )
    return Range(min(part.low for part in parts), min(high, max(part.high for part in parts)))


def _stepped(step: Callable[[Fraction], int]) -> Callable[[Bounds, tuple[Tree, ...]], Range]:
    """Return the range of what is made whole: a larger number never becomes a smaller one."""

    def made(bounds: Bounds, args: tuple[Tree, ...]) -> Range:
        inside = bounds.of(args[0])
        scale = 10 ** int(bounds.of(args[1]).low) if len(args) > 1 else 1
        low, high = (
            Fraction(step(end * scale), scale) if isinstance(end, Fraction) else end
            for end in (inside.low, inside.high)
        )
        return Range(low, high)

    return made


def _nearest(number: Fraction) -> int:
    return math.floor(number + Fraction(1, 2))


def _average(bounds: Bounds, args: tuple[Tree, ...]) -> Range:
    weights = [bounds.of(arg) for arg in args[1::2]]
    return _joined(bounds, args[::2]) if all(one.low >= 0 for one in weights) else ANY


_FUNCTIONS: Mapping[str, Callable[[Bounds, tuple[Tree, ...]], Range]] = MappingProxyType(
    {
        "round": _stepped(_nearest),
        "floor": _stepped(math.floor),
        "ceil": _stepped(math.ceil),
        "linear": _capped,
        "per_unit": _capped,
        "per_whole_unit": _capped,
        "brackets": _brackets,
        "brackets_from": _brackets,
        "weighted_average": _average,
        "sum": _sum,
        "gate": _gate,
        "max": _max,
        "min": _min,
    }
)
