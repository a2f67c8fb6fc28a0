"""One row per partner: metrics, tracks, total and levels from measures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from mutualist.domain.programme.batch.exact import WHOLE, Exact, Pair
from mutualist.domain.programme.batch.rows import ADDED_UP
from mutualist.domain.programme.batch.stages import Stages, Term, apply, literal
from mutualist.domain.programme.batch.taking import Shape
from mutualist.domain.programme.batch.values import (
    Cell,
    Flag,
    NeedsCutoffsError,
    Plain,
    as_flag,
)
from mutualist.domain.programme.batch.walking import Walker
from mutualist.domain.programme.rules import trees
from mutualist.domain.programme.rules.model import Relative, RuleSet

ZERO = Fraction(0)
Cutoffs = Mapping[str, Mapping[trees.Value, Fraction]]


class PartnerWalker(Walker):
    """Formulas over the measures of partners.

    Parameters
    ----------
    measures
        How each measure lies in the columns, by name; the columns begin with ``measure.``.
    cutoffs
        Of relative rules, by the value of ``within``: what the last of the best has. Without them they are worked out
        from the partners of the query.
    """

    def __init__(
        self,
        rules: RuleSet,
        stages: Stages,
        day: dt.date,
        measures: Mapping[str, Shape],
        cutoffs: Cutoffs | None,
    ) -> None:
        super().__init__(rules, stages, day)
        self.measures = measures
        self.cutoffs = cutoffs
        self._made: dict[tuple[str, str], Any] = {}

    def _once(self, kind: str, name: str) -> Any:
        """Return something that has a name; worked out at its first mention."""
        key = (kind, name)
        if key not in self._made:
            self._made[key] = getattr(self, f"_{kind}")(name)
        return self._made[key]

    # -- names -----------------------------------------------------------------------------------

    def on_partnerfield(self, tree: trees.PartnerField) -> Cell:
        """Return ``partner.country``."""
        return self.column(f"partner.{tree.name}", self.rules.partner[tree.name])

    def on_measureof(self, tree: trees.MeasureOf) -> Cell:
        """Return a measure; over no rows counts and sums are zero, the rest is empty."""
        made: Cell = self._once("measure", tree.name)
        return made

    def _measure(self, name: str) -> Cell:
        cell = self.measures[name].cell(self.stages, f"measure.{name}")
        take = self.rules.measures[name].taking.take
        if isinstance(cell, Pair) and take in ADDED_UP:
            top = apply(lambda value: value.fill_null(0).cast(WHOLE), cell.top)
            return self.math.kept(Pair(top, cell.bottom))
        if take == "any":
            assert isinstance(cell, Plain)
            assert isinstance(cell.value, Term)
            return as_flag(apply(lambda value: value.fill_null(False), cell.value))
        return cell

    def value(self, name: str) -> Exact:
        """Return the value of a metric."""
        made: Exact = self._once("value", name)
        return made

    def _value(self, name: str) -> Exact:
        return self.math.kept(self.number(self.rules.metrics[name].value.tree))

    def applies(self, name: str) -> Flag:
        """Return whether a metric applies to a partner."""
        made: Flag = self._once("applies", name)
        return made

    def _applies(self, name: str) -> Flag:
        applies = self.rules.metrics[name].applies
        found = self.condition(applies.tree) if applies else True
        return found if isinstance(found, bool) else self.stages.keep(found)

    def points(self, name: str) -> Exact:
        """Return the points of a metric; empty where it has none or does not apply."""
        made: Exact = self._once("points", name)
        return made

    def _points(self, name: str) -> Exact:
        metric = self.rules.metrics[name]
        if metric.points is None:
            return None
        math = self.math
        found = math.light(math.filled(self.number(metric.points.tree), ZERO))
        if metric.most is not None:
            most = math.light(self.number(metric.most.tree))
            found = math.light(math.choose(math.compare(">", found, most), most, found))
        found = math.choose(math.is_empty(self.value(name)), ZERO, found)
        return math.kept(math.choose(self.applies(name), found, None))

    def on_metricof(self, tree: trees.MetricOf) -> Cell:
        """Return the value of a metric."""
        return self.value(tree.name)

    def on_pointsof(self, tree: trees.PointsOf) -> Cell:
        """Return ``points.<metric>``."""
        return self.math.filled(self.points(tree.name), ZERO)

    # -- tracks and total ------------------------------------------------------------------------

    def on_tracktotal(self, tree: trees.TrackTotal) -> Cell:
        """Return ``track.<name>.total``."""
        made: Exact = self._once("track", tree.name)
        return made

    def _track(self, name: str) -> Exact:
        total = self.math.sum([self.points(one) for one in self.rules.tracks[name].metrics])
        return self.math.kept(total)

    def when(self, name: str) -> Flag:
        """Return whether a track is open to a partner."""
        made: Flag = self._once("when", name)
        return made

    def _when(self, name: str) -> Flag:
        when = self.rules.tracks[name].when
        found = self.condition(when.tree) if when else True
        return found if isinstance(found, bool) else self.stages.keep(found)

    def chosen(self) -> Mapping[str, Flag]:
        """Return for each track whether it is the one that counts: the first of those with the highest total."""
        made: Mapping[str, Flag] = self._once("chosen_track", "")
        return made

    def _chosen_track(self, _name: str) -> Mapping[str, Flag]:
        math, tracks = self.math, list(self.rules.tracks)
        found: dict[str, Flag] = {}
        for place, name in enumerate(tracks):
            wins: Flag = self.when(name)
            own = self._once("track", name)
            for other_place, other in enumerate(tracks):
                if other == name:
                    continue
                op = ">" if other_place < place else ">="
                beats = math.compare(op, own, self._once("track", other))
                wins = math.both(wins, math.either(math.denied(self.when(other)), beats))
            found[name] = wins if isinstance(wins, bool) else self.stages.keep(wins)
        return found

    def total(self) -> Exact:
        """Return the total."""
        made: Exact = self._once("whole_total", "")
        return made

    def on_totalof(self, _tree: trees.TotalOf) -> Cell:
        """Return ``total``."""
        return self.total()

    def _whole_total(self, _name: str) -> Exact:
        math, total = self.math, self.rules.total
        found: Exact = ZERO
        if total.way == "sum":
            found = math.sum([self.points(name) for name in self.rules.metrics])
        elif total.way == "weighted":
            found = math.sum(
                [math.times(self.points(name), weight) for name, weight in total.weights.items()]
            )
        elif total.way == "best":
            for name, wins in self.chosen().items():
                found = math.choose(wins, self._once("track", name), found)
        elif total.formula is not None:
            found = math.filled(math.light(self.number(total.formula.tree)), ZERO)
        if total.cap is not None:
            found = math.extreme([found, total.cap], largest=False)
        return math.kept(found)

    def on_allpositive(self, _tree: trees.AllPositive) -> Cell:
        """Return whether every metric of the track that counts has points above zero."""
        if not self.rules.tracks:
            return as_flag(self._positive(self.rules.metrics))
        found: Flag = False
        for name, wins in self.chosen().items():
            ours = self._positive(self.rules.tracks[name].metrics)
            found = self.math.either(found, self.math.both(wins, ours))
        return as_flag(found)

    def _positive(self, metrics: Any) -> Flag:
        math = self.math
        found: Flag = True
        for name in metrics:
            if self.rules.metrics[name].points is None:
                continue
            above = math.compare(">", self.points(name), ZERO)
            found = math.both(found, math.either(math.denied(self.applies(name)), above))
        return found

    # -- relative rules --------------------------------------------------------------------------

    def on_relativeof(self, tree: trees.RelativeOf) -> Cell:
        """Return whether the partner is among the best."""
        made: Cell = self._once("relative", tree.name)
        return made

    def _relative(self, name: str) -> Cell:
        rule = self.rules.relative[name]
        value = self.math.kept(self.contested(rule))
        if self.cutoffs is not None:
            return as_flag(self._above(value, self.cutoffs.get(name, {}), rule.within))
        ordered = isinstance(value, Pair) and value.part is None
        if not ordered or self.rules.regions or self._rests_on_others(rule.of, set()):
            raise NeedsCutoffsError(f"relative.{name}")
        assert isinstance(value, Pair)
        share = rule.share

        def best(top: Any, *beside: Any) -> Any:
            import ibis

            ranked = ibis.window(group_by=list(beside), order_by=[top.desc()])
            before = ibis.rank().over(ranked).cast(WHOLE)
            count = top.count().over(ibis.window(group_by=list(beside))).cast(WHOLE)
            return top.notnull() & (before * share.denominator < count * share.numerator)

        flag = apply(best, value.top, *([self.within(rule)] if rule.within else []))
        return as_flag(self.stages.keep(flag))

    def contested(self, rule: Relative) -> Exact:
        """Return what a relative rule compares."""
        if rule.of in self.rules.metrics:
            return self.value(rule.of)
        return self.number(trees.MeasureOf("number", rule.of))

    def within(self, rule: Relative) -> Term:
        """Return the field of the partner within whose values a relative rule compares."""
        return (
            self.stages.column(f"partner.{rule.within}") if rule.within else literal(None, "string")
        )

    def _rests_on_others(self, metric: str, seen: set[str]) -> bool:
        """Return whether a metric asks a relative rule itself."""
        if metric not in self.rules.metrics or metric in seen:
            return False
        seen.add(metric)
        one = self.rules.metrics[metric]
        for formula in (one.value, one.points, one.most, one.applies):
            for tree in trees.names_in(formula.tree) if formula else ():
                if isinstance(tree, trees.RelativeOf):
                    return True
                if isinstance(tree, trees.MetricOf | trees.PointsOf) and self._rests_on_others(
                    tree.name, seen
                ):
                    return True
        return False

    def _above(self, value: Exact, cutoffs: Mapping[trees.Value, Fraction], within: str) -> Flag:
        math = self.math
        found: Flag = False
        for of, least in cutoffs.items():
            here: Flag = True
            if within:
                tree = trees.PartnerField(self.rules.partner[within].value_kind, within)
                one = trees.Const(tree.kind, of)
                here = self.compared("=", self.cell(tree), self.cell(one))
                if of is None:
                    here = self.condition(trees.IsEmpty("flag", tree))
            found = math.either(found, math.both(here, math.compare(">=", value, least)))
        return found

    # -- levels ----------------------------------------------------------------------------------

    def met(self, name: str) -> Flag:
        """Return whether a level is met."""
        made: Flag = self._once("met_level", name)
        return made

    def on_metlevel(self, tree: trees.MetLevel) -> Cell:
        """Return ``met.<level>``."""
        return as_flag(self.met(tree.name))

    def _met_level(self, name: str) -> Flag:
        place = [level.name for level in self.rules.levels].index(name)
        level = self.rules.levels[place]
        found: Flag = True
        if level.cumulative and place:
            found = self.met(self.rules.levels[place - 1].name)
        for requirement in level.requires:
            found = self.math.both(found, self.condition(requirement.condition.tree))
        return found if isinstance(found, bool) else self.stages.keep(found)

    def level(self) -> tuple[Term, Term]:
        """Return the name of the highest level that is met, and its place from one on."""
        name, place = literal(None, "string"), literal(0, "int64")
        for number, level in enumerate(self.rules.levels, 1):
            met = self.met(level.name)
            if met is True:
                name, place = literal(level.name, "string"), literal(number, "int64")
            elif isinstance(met, Term):
                name = _either(met, literal(level.name, "string"), name)
                place = _either(met, literal(number, "int64"), place)
        return self.stages.keep(name), self.stages.keep(place)

    def qualified(self) -> Flag:
        """Return whether the partner qualifies."""
        if self.rules.qualified is not None:
            return self.condition(self.rules.qualified.tree)
        found: Flag = False
        for level in self.rules.levels:
            found = self.math.either(found, self.met(level.name))
        return found

    def track(self) -> Term:
        """Return the name of the track that counts; empty where the total is no best of tracks."""
        name = literal(None, "string")
        if self.rules.total.way != "best":
            return name
        for track, wins in self.chosen().items():
            if wins is True:
                name = literal(track, "string")
            elif isinstance(wins, Term):
                name = _either(wins, literal(track, "string"), name)
        return name


def _either(test: Term, then: Term, other: Term) -> Term:
    return apply(lambda c, a, b: c.ifelse(a, b), test, then, other)
