"""Formulas as a linear programme: how often each action is done decides what they give.

A part that only one action can change is a table, whatever its formula: it was computed exactly for each count. Parts
that several change are put together from their parts. What cannot be put together (a product of two things that
both change, an average) is left open between no bounds but wide ones: the search then offers more, and exact
scoring refuses what is wrong.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from fractions import Fraction
from typing import cast

from mutualist.domain.programme.ahead.linear import ONE, ZERO, Line, Programme, total
from mutualist.domain.programme.ahead.probing import Probes
from mutualist.domain.programme.rules import trees
from mutualist.domain.programme.rules.trees import Tree, Value
from mutualist.domain.programme.scoring.calling import HUNDRED

WIDE = 1e6
_ADDING = {"count", "sum"}


class Translator:
    """Translates the rules of a level.

    Attributes
    ----------
    steps
        For each action, whether it is done once, twice …: 0 or 1 each, the first ones first.
    loose
        Whether something was left open.
    """

    def __init__(self, probes: Probes) -> None:
        self.probes, self.rules = probes, probes.rules
        self.model = Programme()
        self.loose = False
        self.steps: dict[str, list[Line]] = {}
        for name, most in probes.most.items():
            done = [self.model.flag() for _ in range(most)]
            for first, second in itertools.pairwise(done):
                self.model.above(first, second)
            self.steps[name] = done
        self._known: dict[Tree, Line] = {}
        self._total: Line | None = None

    def reach(self, level: str) -> None:
        """Ask for a level to be met."""
        self.model.at_least(self.flag(trees.MetLevel("flag", level)), 1.0)

    # -- what is known by computing -----------------------------------------------------------------------

    def movers(self, tree: Tree) -> frozenset[str]:
        """Return the actions that may change what a tree gives."""
        found: set[str] = set()
        for part in (tree, *trees.names_in(tree)):
            if isinstance(part, trees.MeasureOf):
                found |= self.probes.movers(part.name)
                self.loose = self.loose or self.probes.is_sampled(part.name)
            else:
                for inner in self._behind(part):
                    found |= self.movers(inner)
        return frozenset(found)

    def _behind(self, part: Tree) -> Sequence[Tree]:
        """Return the trees a reference stands for."""
        rules = self.rules
        if isinstance(part, trees.MetricOf | trees.PointsOf):
            metric = rules.metrics[part.name]
            asked = [metric.value]
            if isinstance(part, trees.PointsOf):
                asked += [one for one in (metric.points, metric.most, metric.applies) if one]
            return [one.tree for one in asked]
        if isinstance(part, trees.RelativeOf):
            of = rules.relative[part.name].of
            return [
                trees.MetricOf("number", of)
                if of in rules.metrics
                else trees.MeasureOf("number", of)
            ]
        if isinstance(part, trees.MetLevel):
            at = [level.name for level in rules.levels].index(part.name)
            level = rules.levels[at]
            found = [one.condition.tree for one in level.requires]
            if level.cumulative and at:
                found.append(trees.MetLevel("flag", rules.levels[at - 1].name))
            return found
        points = [trees.PointsOf("number", name) for name in rules.metrics]
        if isinstance(part, trees.TrackTotal):
            return [one for one in points if one.name in rules.tracks[part.name].metrics]
        if isinstance(part, trees.TotalOf):
            formula = rules.total.formula
            return [formula.tree] if formula else points
        return points if isinstance(part, trees.AllPositive) else []

    def _table(self, values: Sequence[float], action: str) -> Line:
        """Return what one action makes of a number, from what it is before and after each time."""
        found = Line.of(values[0])
        for done, (before, after) in zip(
            self.steps[action], itertools.pairwise(values), strict=True
        ):
            found = found.plus(done, after - before)
        return Line(found.constant, found.terms, min(values), max(values))

    def _line(self, tree: Tree) -> Line:
        """Return the translation of a number or flag."""
        if tree not in self._known:
            movers = sorted(self.movers(tree))
            if len(movers) > 1:
                made = self._put_together(tree)
            else:
                runs = self.probes.alone[movers[0]] if movers else [self.probes.base]
                values = [self.probes.value(tree, run) for run in runs]
                if not all(isinstance(one, Fraction | bool) for one in values):
                    made = self._open(tree)
                elif movers:
                    made = self._table([_number(one) for one in values], movers[0])
                else:
                    made = Line.of(_number(values[0]))
            self._known[tree] = made
        return self._known[tree]

    def _open(self, tree: Tree) -> Line:
        self.loose = True
        return self.model.flag() if tree.kind == "flag" else self.model.variable(-WIDE, WIDE)

    def flag(self, tree: Tree) -> Line:
        """Return whether a condition holds."""
        return self._line(tree)

    def number(self, tree: Tree) -> Line:
        """Return a number."""
        return self._line(tree)

    def _constant(self, tree: Tree) -> float | None:
        if self.movers(tree):
            return None
        value = self.probes.value(tree, self.probes.base)
        return _number(value) if isinstance(value, Fraction) else None

    # -- what several actions change -----------------------------------------------------------------------

    def _put_together(self, tree: Tree) -> Line:
        form = getattr(self, f"_{type(tree).__name__.lower()}", None)
        made = form(tree) if form else None
        return self._open(tree) if made is None else cast("Line", made)

    def _measureof(self, tree: trees.MeasureOf) -> Line | None:
        probes, name = self.probes, tree.name
        take, base = self.rules.measures[name].taking.take, probes.base.measure(name)
        if not isinstance(base, Fraction):
            return None
        exact = probes.by_rows(name) and take in {*_ADDING, "count_distinct"}
        adds_up = probes.adds_up(name)
        if not exact and not adds_up:
            return None
        each: list[Line] = []
        for action in sorted(probes.movers(name)):
            values = [_number(run.measure(name)) - _number(base) for run in probes.alone[action]]
            each.append(self._table(values, action))
        added = Line.of(_number(base)).plus(total(each))
        if take in _ADDING or adds_up:
            return added
        # Several actions name the same thing: at least as many as one of them alone, at most all together.
        self.loose = True
        found = self.model.variable(_number(base), added.high)
        self.model.above(added, found)
        for one in each:
            self.model.above(found, Line.of(_number(base)).plus(one))
        return found

    def _metricof(self, tree: trees.MetricOf) -> Line:
        return self.number(self.rules.metrics[tree.name].value.tree)

    def _pointsof(self, tree: trees.PointsOf) -> Line | None:
        metric = self.rules.metrics[tree.name]
        if metric.applies and self.movers(metric.applies.tree):
            return None
        if metric.points is None or not self.probes.base.applies(tree.name):
            return ZERO
        points = self.number(metric.points.tree)
        if metric.most is None:
            return points
        most = self._constant(metric.most.tree)
        return None if most is None else self.model.smallest([points, Line.of(most)])

    def _points(self, names: Sequence[str]) -> list[Line]:
        return [self.number(trees.PointsOf("number", name)) for name in names]

    def _tracktotal(self, tree: trees.TrackTotal) -> Line:
        return total(self._points(self.rules.tracks[tree.name].metrics))

    def _open_tracks(self) -> list[str]:
        return [name for name in self.rules.tracks if self.probes.base.open(name)]

    def _chosen(self) -> dict[str, Line]:
        """Return for each track whether it counts; the one that does has the highest total."""
        totals = {
            name: self.number(trees.TrackTotal("number", name)) for name in self._open_tracks()
        }
        chosen = {name: self.model.flag() for name in totals}
        for name, flag in chosen.items():
            for other, line in totals.items():
                if other != name:
                    slack = ONE.plus(flag, -1.0).times(max(line.high - totals[name].low, 0.0))
                    self.model.above(totals[name].plus(slack), line)
        self.model.at_least(total(list(chosen.values())), 1.0)
        self.model.at_least(total(list(chosen.values())).times(-1.0), -1.0)
        return chosen

    def _totalof(self, _tree: trees.TotalOf) -> Line | None:
        rule, rules = self.rules.total, self.rules
        if rule.way == "sum":
            found = total(self._points(list(rules.metrics)))
        elif rule.way == "weighted":
            lines = self._points(list(rule.weights))
            weights = rule.weights.values()
            found = total(
                [line.times(float(one)) for line, one in zip(lines, weights, strict=True)]
            )
        elif rule.way == "best":
            names = self._open_tracks()
            if not names:
                return ZERO
            lines = [self.number(trees.TrackTotal("number", name)) for name in names]
            found = self.model.largest(lines)
        elif rule.formula is not None:
            found = self.number(rule.formula.tree)
        else:
            return ZERO
        return self.model.smallest([found, Line.of(float(rule.cap))]) if rule.cap else found

    def _metlevel(self, tree: trees.MetLevel) -> Line:
        return self.model.all_of([self.flag(one) for one in self._behind(tree)])

    def _allpositive(self, _tree: trees.AllPositive) -> Line:
        if not self.rules.tracks:
            return self._positive(list(self.rules.metrics))
        if not self._open_tracks():
            return ZERO
        return self.model.any_of(
            [
                self.model.all_of([flag, self._positive(self.rules.tracks[name].metrics)])
                for name, flag in self._chosen().items()
            ]
        )

    def _positive(self, names: Sequence[str]) -> Line:
        counted = [
            name
            for name in names
            if self.rules.metrics[name].points is not None and self.probes.base.applies(name)
        ]
        return self.model.all_of(
            [self.model.holds(line, strict=True) for line in self._points(counted)]
        )

    def _arithmetic(self, tree: trees.Arithmetic) -> Line | None:
        if tree.op in {"+", "-"}:
            sign = 1.0 if tree.op == "+" else -1.0
            return self.number(tree.left).plus(self.number(tree.right), sign)
        right, left = self._constant(tree.right), self._constant(tree.left)
        if tree.op == "/":
            return self.number(tree.left).times(1.0 / right) if right else None
        if right is not None:
            return self.number(tree.left).times(right)
        return None if left is None else self.number(tree.right).times(left)

    def _compare(self, tree: trees.Compare) -> Line | None:
        if tree.left.kind != "number" or tree.op == "!=":
            return None
        more = self.number(tree.left).plus(self.number(tree.right), -1.0)
        if tree.op == "=":
            both = (more, more.times(-1.0))
            return self.model.all_of([self.model.holds(one, strict=False) for one in both])
        return self.model.holds(
            more if tree.op.startswith(">") else more.times(-1.0), strict=len(tree.op) == 1
        )

    def _junction(self, tree: trees.Junction) -> Line:
        flags = [self.flag(part) for part in tree.parts]
        return self.model.all_of(flags) if tree.op == "and" else self.model.any_of(flags)

    def _negation(self, tree: trees.Negation) -> Line:
        return ONE.plus(self.flag(tree.part), -1.0)

    def _choice(self, tree: trees.Choice) -> Line:
        test = self.flag(tree.test)
        other = self.model.gated(ONE.plus(test, -1.0), self._line(tree.other))
        return self.model.gated(test, self._line(tree.then)).plus(other)

    def _apply(self, tree: trees.Apply) -> Line | None:
        form = getattr(self, f"_call_{tree.function}", None)
        return cast("Line | None", form(tree.args)) if form else None

    def _call_linear(self, args: Sequence[Tree]) -> Line | None:
        threshold, most = self._constant(args[1]), self._constant(args[2])
        if not threshold or most is None:
            return None
        return self.model.clamped(self.number(args[0]).times(most / threshold), 0.0, most)

    def _call_per_unit(self, args: Sequence[Tree]) -> Line | None:
        points, cap = self._constant(args[1]), self._constant(args[2])
        if points is None or cap is None:
            return None
        return self.model.clamped(self.number(args[0]).times(points), 0.0, cap)

    def _call_per_whole_unit(self, args: Sequence[Tree]) -> Line | None:
        points, cap = self._constant(args[1]), self._constant(args[2])
        if points is None or cap is None:
            return None
        whole = self.model.floor(self.number(args[0]))
        return self.model.clamped(whole.times(points), 0.0, cap)

    def _call_floor(self, args: Sequence[Tree]) -> Line:
        return self.model.floor(self.number(args[0]))

    def _call_min(self, args: Sequence[Tree]) -> Line | None:
        numbers = args[0].kind == "number"
        return self.model.smallest([self.number(one) for one in args]) if numbers else None

    def _call_max(self, args: Sequence[Tree]) -> Line | None:
        numbers = args[0].kind == "number"
        return self.model.largest([self.number(one) for one in args]) if numbers else None

    def _call_sum(self, args: Sequence[Tree]) -> Line:
        return total([self.number(one) for one in args])

    def _call_gate(self, args: Sequence[Tree]) -> Line:
        return self.model.gated(self.flag(args[0]), self.number(args[1]))

    def _call_all(self, args: Sequence[Tree]) -> Line:
        return self.model.all_of([self.flag(one) for one in args])

    def _call_any(self, args: Sequence[Tree]) -> Line:
        return self.model.any_of([self.flag(one) for one in args])

    def _call_at_least(self, args: Sequence[Tree]) -> Line | None:
        wanted = self._constant(args[0])
        flags = [self.flag(one) for one in args[1:]]
        return None if wanted is None else self.model.count(flags, -int(-wanted // 1))

    def _call_ratio(self, args: Sequence[Tree]) -> Line | None:
        below = self._constant(args[1])
        return self.number(args[0]).times(1.0 / below) if below else None

    def _call_growth(self, args: Sequence[Tree]) -> Line | None:
        before = self._constant(args[1])
        if not before or (len(args) > 2 and before < (self._constant(args[2]) or 0.0)):
            return None
        factor = float(HUNDRED) / before
        return self.number(args[0]).plus(Line.of(before), -1.0).times(factor)

    def _call_weighted_average(self, args: Sequence[Tree]) -> Line | None:
        weights = [self._constant(one) for one in args[1::2]]
        known = [one for one in weights if one is not None]
        if len(known) < len(weights) or not sum(known):
            return None
        lines = [self.number(one) for one in args[::2]]
        found = total([line.times(one) for line, one in zip(lines, known, strict=True)])
        return found.times(1.0 / sum(known))

    def _call_brackets(self, args: Sequence[Tree]) -> Line | None:
        return self._steps_of(args, strict=True)

    def _call_brackets_from(self, args: Sequence[Tree]) -> Line | None:
        return self._steps_of(args, strict=False)

    def _steps_of(self, args: Sequence[Tree], *, strict: bool) -> Line | None:
        known = [self._constant(one) for one in args[1:]]
        numbers = [one for one in known if one is not None]
        bounds, points = numbers[::2], numbers[1::2]
        if len(numbers) < len(known) or bounds != sorted(bounds):
            return None
        value, found, before = self.number(args[0]), ZERO, 0.0
        for bound, here in zip(bounds, points, strict=True):
            over = self.model.holds(value.plus(Line.of(bound), -1.0), strict=strict)
            found, before = found.plus(over, here - before), here
        low = min(0.0, *points)
        return Line(found.constant, found.terms, low, max(0.0, *points))


def _number(value: Value) -> float:
    return float(value) if isinstance(value, Fraction | bool) else 0.0
