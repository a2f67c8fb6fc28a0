"""One computation: everything the formulas ask for, worked out when it is first asked for and then kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from typing import cast

from mutualist.domain.programme.rules.trees import Value
from mutualist.domain.programme.rules.windows import Window
from mutualist.domain.programme.scoring.evaluating import Compiled, Frame
from mutualist.domain.programme.scoring.facts import Facts
from mutualist.domain.programme.scoring.gathering import Gathered, Reading, Seen, in_window
from mutualist.domain.programme.scoring.plan import Plan

ZERO = Fraction(0)
#: Of a relative rule: what the last of the best has, by the value of ``within`` (None where there is none).
Cutoffs = Mapping[str, Mapping[Value, Fraction]]
GroupRows = Sequence[tuple[tuple[Value, ...], Gathered]]


class Run:
    """The computation for one partner on one day, for one region or all.

    Parameters
    ----------
    region
        Only rows of this region count, of tables that have the field; None: all rows.
    """

    def __init__(
        self,
        plan: Plan,
        facts: Facts,
        as_of: dt.date,
        cutoffs: Cutoffs | None = None,
        region: Value = None,
    ) -> None:
        self.plan = plan
        self.rules = plan.rules
        self.facts = facts
        self.partner = facts.partner
        self.as_of = as_of
        self.cutoffs = cutoffs
        self.region = region
        self.frame = Frame(self, as_of)
        self.rows: dict[str, Sequence[Seen]] = {}
        self.in_time: dict[tuple[str, Window], Sequence[Seen]] = {}
        self.groups: dict[str, GroupRows] = {}
        self.by_key: dict[str, Mapping[tuple[Value, ...], Value]] = {}
        self.measures: dict[str, Gathered] = {}
        self.metric_values: dict[str, Fraction | None] = {}
        self.metric_points: dict[str, Fraction | None] = {}
        self.met_levels: dict[str, bool] = {}
        self.items: dict[tuple[str, dt.date, int], frozenset[str]] = {}
        self.rates: dict[tuple[Value, Value], Fraction | None] = {}

    # -- rows ------------------------------------------------------------------------------------

    def _table(self, name: str) -> Sequence[Seen]:
        if name not in self.rows:
            rows: Iterable[Seen] = (
                (row.values, (row.id,)) for row in self.facts.rows.get(name, ())
            )
            field = self.rules.regions
            if self.region is not None and field in self.rules.tables[name].fields:
                rows = (row for row in rows if row[0].get(field) == self.region)
            self.rows[name] = list(rows)
        return self.rows[name]

    def _source(self, reading: Reading) -> Sequence[Seen]:
        source = reading.source
        if source.is_group:
            by = self.rules.groups[source.name].by
            return [
                ({**dict(zip(by, keys, strict=True)), "value": one.value}, one.evidence)
                for keys, one in self._group(source.name)
            ]
        key = (source.name, source.window)
        if key not in self.in_time:
            window = source.window
            since = cast("dt.date | None", self.partner.get(window.since)) if window.since else None
            bounds = window.bounds(self.as_of, self.rules.fiscal_start, since)
            self.in_time[key] = in_window(reading, bounds, self._table(source.name))
        return self.in_time[key]

    def _frame(self, reading: Reading) -> Frame:
        return Frame(self, reading.source.window.day(self.as_of))

    def _group(self, name: str) -> GroupRows:
        if name not in self.groups:
            reading, by = self.plan.groups[name], self.rules.groups[name].by
            frame = self._frame(reading)
            buckets: dict[tuple[Value, ...], list[Seen]] = {}
            for row in reading.chosen(self._source(reading), frame):
                keys = tuple(row[0].get(one) for one in by)
                if None not in keys:
                    buckets.setdefault(keys, []).append(row)
            self.groups[name] = [
                (keys, reading.gathered(rows, frame)) for keys, rows in buckets.items()
            ]
        return self.groups[name]

    def gathered(self, name: str) -> Gathered:
        """Return a measure with the facts it rests on."""
        found = self.measures.get(name)
        if found is None:
            reading = self.plan.measures[name]
            frame = self._frame(reading)
            found = reading.gathered(reading.chosen(self._source(reading), frame), frame)
            self.measures[name] = found
        return found

    # -- what formulas ask for -------------------------------------------------------------------

    def group(self, name: str) -> Mapping[tuple[Value, ...], Value]:
        """Return the values of a group by their keys."""
        if name not in self.by_key:
            self.by_key[name] = {keys: one.value for keys, one in self._group(name)}
        return self.by_key[name]

    def measure(self, name: str) -> Value:
        """Return the value of a measure."""
        return self.gathered(name).value

    def number(self, formula: Compiled) -> Fraction | None:
        """Return the value of a formula about the partner that gives a number."""
        return cast("Fraction | None", formula(self.frame))

    def value(self, metric: str) -> Fraction | None:
        """Return the value of a metric."""
        if metric not in self.metric_values:
            self.metric_values[metric] = self.number(self.plan.metrics[metric].value)
        return self.metric_values[metric]

    def applies(self, metric: str) -> bool:
        """Return whether a metric applies to the partner."""
        formula = self.plan.metrics[metric].applies
        return formula is None or bool(formula(self.frame))

    def scored(self, metric: str) -> Fraction | None:
        """Return the points of a metric; None where it has none or does not apply."""
        if metric not in self.metric_points:
            self.metric_points[metric] = self._scored(metric)
        return self.metric_points[metric]

    def _scored(self, metric: str) -> Fraction | None:
        plan = self.plan.metrics[metric]
        if plan.points is None or not self.applies(metric):
            return None
        if self.value(metric) is None:
            return ZERO
        points = self.number(plan.points) or ZERO
        most = self.most(metric)
        return points if most is None else min(points, most)

    def most(self, metric: str) -> Fraction | None:
        """Return the highest points of a metric; None where there is no cap."""
        formula = self.plan.metrics[metric].most
        return None if formula is None else self.number(formula)

    def points(self, metric: str) -> Fraction:
        """Return the points of a metric as formulas see them: zero where it has none."""
        return self.scored(metric) or ZERO

    def track_total(self, track: str) -> Fraction:
        """Return the points of the metrics of a track."""
        return sum((self.points(name) for name in self.rules.tracks[track].metrics), ZERO)

    def open(self, track: str) -> bool:
        """Return whether a track is open to the partner."""
        when = self.plan.tracks[track]
        return when is None or bool(when(self.frame))

    @cached_property
    def totals(self) -> Mapping[str, Fraction]:
        """Totals of the tracks that are open, in the order of the rules."""
        return {name: self.track_total(name) for name in self.rules.tracks if self.open(name)}

    @cached_property
    def track(self) -> str | None:
        """The track that counts: the first of those with the highest total."""
        return max(self.totals, key=lambda name: self.totals[name], default=None)

    def total(self) -> Fraction:
        """Return the total."""
        return self._total

    @cached_property
    def uncapped(self) -> Fraction:
        """The total before the cap of the whole."""
        total = self.rules.total
        if total.way == "sum":
            return sum((self.points(name) for name in self.rules.metrics), ZERO)
        if total.way == "weighted":
            return sum((self.points(name) * one for name, one in total.weights.items()), ZERO)
        if total.way == "best":
            return self.totals[self.track] if self.track is not None else ZERO
        return (self.number(self.plan.total) or ZERO) if self.plan.total else ZERO

    @cached_property
    def _total(self) -> Fraction:
        cap = self.rules.total.cap
        return self.uncapped if cap is None else min(self.uncapped, cap)

    def counted(self) -> Sequence[str]:
        """Return the metrics with points that count for ``all_positive()``."""
        names: Iterable[str] = self.rules.metrics
        if self.rules.tracks:
            names = self.rules.tracks[self.track].metrics if self.track is not None else ()
        return [name for name in names if self.scored(name) is not None]

    def all_positive(self) -> bool:
        """Return whether every metric that counts has points above zero."""
        if self.rules.tracks and self.track is None:
            return False
        return all(self.points(name) > 0 for name in self.counted())

    def met(self, level: str) -> bool:
        """Return whether a level is met."""
        if level not in self.met_levels:
            below = self.plan.below[level]
            self.met_levels[level] = (not below or self.met(below)) and all(
                bool(condition(self.frame)) for condition in self.plan.levels[level]
            )
        return self.met_levels[level]

    @cached_property
    def met_all(self) -> tuple[str, ...]:
        """The levels that are met, lowest first."""
        return tuple(level.name for level in self.rules.levels if self.met(level.name))

    @cached_property
    def place(self) -> int:
        """The place of the level reached, from one on; zero without a level."""
        places = [at for at, level in enumerate(self.rules.levels, 1) if self.met(level.name)]
        return max(places, default=0)

    @cached_property
    def qualified(self) -> bool:
        """Whether the partner qualifies."""
        formula = self.plan.qualified
        return bool(self.met_all) if formula is None else bool(formula(self.frame))

    def cutoff(self, name: str) -> Fraction | None:
        """Return what the last of the best has; None where nobody said."""
        within = self.rules.relative[name].within
        here = self.partner.get(within) if within else None
        return (self.cutoffs or {}).get(name, {}).get(here)

    def relative(self, name: str) -> bool:
        """Return whether the partner is among the best; not, where nobody said who is."""
        value, least = self.compared(name), self.cutoff(name)
        return value is not None and least is not None and value >= least

    def compared(self, name: str) -> Fraction | None:
        """Return what the partner has of what a relative rule compares."""
        of = self.rules.relative[name].of
        if of in self.rules.metrics:
            return self.value(of)
        return cast("Fraction | None", self.measure(of))

    # -- constants of a day ----------------------------------------------------------------------

    def counting(self, listing: str, day: dt.date) -> frozenset[str]:
        """Return the items of a list that count on a day."""
        key = (listing, day, 0)
        if key not in self.items:
            self.items[key] = self.rules.lists[listing].counting(day)
        return self.items[key]

    def latest(self, listing: str, day: dt.date, count: int) -> frozenset[str]:
        """Return the items of a list that came out last."""
        key = (listing, day, count)
        if key not in self.items:
            self.items[key] = self.rules.lists[listing].latest(day, count)
        return self.items[key]

    def rate(self, currency: Value, day: Value) -> Fraction | None:
        """Return what a unit of a currency was worth on a day."""
        key = (currency, day)
        if key not in self.rates:
            known = isinstance(currency, str) and isinstance(day, dt.date)
            self.rates[key] = (
                self.rules.rate(str(currency), cast("dt.date", day)) if known else None
            )
        return self.rates[key]
