"""The days on which a score can change without anybody doing anything.

A row is counted while its dates lie between two bounds that only move forward with the day; so each row comes in on one
day and goes out on one, which are found by halving. Further days come from lists (items that begin or cease to
count) and from formulas that compare ``day``, ``days_since`` or ``months_since`` with something known. Any other use
of them makes every day count.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache

from mutualist.domain.programme.rules import trees
from mutualist.domain.programme.rules.model import Group, Measure, RuleSet
from mutualist.domain.programme.rules.trees import Formula, Tree, Value
from mutualist.domain.programme.rules.windows import Window
from mutualist.domain.programme.scoring.calling import TIMED
from mutualist.domain.programme.scoring.facts import Facts

ONE_DAY = dt.timedelta(days=1)
AS_OF = Window("ever")


def breakpoints(facts: Facts, rules: RuleSet, after: dt.date, until: dt.date) -> list[dt.date]:
    """Return the days after one day and up to another on which the score may differ from the day before.

    Parameters
    ----------
    facts
        Of the partner; with what is dated in the future.
    rules
        The rule set in force all the time.

    Returns
    -------
    list of date
        In order. On every day that is not in it the score is that of the day before.
    """
    if until <= after:
        return []
    return sorted(_Finder(facts, rules, after, until).days())


@dataclass(frozen=True, slots=True)
class _Clock:
    """A value that depends on the day, and grows with it or stays."""

    function: str
    tree: Tree | None


@dataclass
class _Finder:
    facts: Facts
    rules: RuleSet
    after: dt.date
    until: dt.date
    found: set[dt.date] = field(default_factory=set)
    every_day: bool = False

    def days(self) -> set[dt.date]:
        for group in self.rules.groups.values():
            self._reading(group)
        for measure in self.rules.measures.values():
            self._reading(measure)
        for formula in _about_partner(self.rules):
            self._formula(formula.tree, AS_OF, None)
        if self.rules.regions:  # a region is there from its first fact on
            for name, table in self.rules.tables.items():
                for value in self._values(name, table.date):
                    self._reached(AS_OF, value)
        if self.every_day:
            length = (self.until - self.after).days
            return {self.after + dt.timedelta(days=one) for one in range(1, length + 1)}
        return self.found

    def _reading(self, one: Group | Measure) -> None:
        source = one.source
        table = None if source.is_group else source.name
        for formula in (source.where, *one.taking.args):
            if formula is not None:
                self._formula(formula.tree, source.window, table)
        if table is not None:
            self._rows(table, source.window)

    def _rows(self, table: str, window: Window) -> None:
        columns = self.rules.tables[table]
        spans = bool(columns.until) and (window.kind == "valid" or window.touching)
        leaves = spans or window.kind not in {"valid", "ever", "since"}
        first, last = self._bounds(window)
        for row in self.facts.rows.get(table, ()):
            begun = row.values.get(columns.date)
            if not isinstance(begun, dt.date):
                continue
            self._first(last, begun)
            ended = row.values.get(columns.until) if spans else begun
            if leaves and isinstance(ended, dt.date) and ended < dt.date.max:
                self._first(first, ended + ONE_DAY)

    def _bounds(
        self, window: Window
    ) -> tuple[Callable[[dt.date], dt.date], Callable[[dt.date], dt.date]]:
        start = self.rules.fiscal_start
        since = self.facts.partner.get(window.since) if window.since else None

        @cache
        def bounds(day: dt.date) -> tuple[dt.date, dt.date]:
            found = window.bounds(day, start, since if isinstance(since, dt.date) else None)
            return found or (dt.date.max, dt.date.min)

        return lambda day: bounds(day)[0], lambda day: bounds(day)[1]

    def _first(self, rising: Callable[[dt.date], object], reached: object) -> None:
        """Note the first day on which something that only grows has reached a value."""
        if _reaches(rising(self.after), reached) or not _reaches(rising(self.until), reached):
            return
        low, high = self.after.toordinal(), self.until.toordinal()
        while high - low > 1:
            middle = (low + high) // 2
            if _reaches(rising(dt.date.fromordinal(middle)), reached):
                high = middle
            else:
                low = middle
        self.found.add(dt.date.fromordinal(high))

    def _reached(self, window: Window, value: Value) -> None:
        """Note the day that is looked from reaching a date, and passing it."""
        if isinstance(value, dt.date):
            self._first(window.day, value)
            if value < dt.date.max:
                self._first(window.day, value + ONE_DAY)

    # -- formulas ------------------------------------------------------------------------------------

    def _formula(self, tree: Tree, window: Window, table: str | None) -> None:
        if isinstance(tree, trees.ValidIn | trees.WithinLatest):
            for item in self.rules.lists[tree.listing].items.values():
                self._reached(window, item.since)
                if isinstance(tree, trees.ValidIn):
                    self._reached(window, item.counts_until)
        if isinstance(tree, trees.Compare) and self._comparison(tree, window, table):
            return
        if _clock(tree):
            self.every_day = True
            return
        for part in trees.parts_of(tree):
            self._formula(part, window, table)

    def _comparison(self, tree: trees.Compare, window: Window, table: str | None) -> bool:
        """Note when the day passes what it is compared with; False if that is not known."""
        for one, other in ((tree.left, tree.right), (tree.right, tree.left)):
            clock = _clock(one)
            if clock is None:
                continue
            dates = [] if clock.tree is None else self._known(clock.tree, table)
            against = self._known(other, table)
            if dates is None or against is None:
                return False
            for value in against:
                if clock.tree is None:
                    self._reached(window, value)
                    continue
                for date in dates:
                    self._passed(TIMED[clock.function], window, date, value)
            return True
        return False

    def _passed(
        self, function: Callable[..., Fraction | None], window: Window, date: Value, value: Value
    ) -> None:
        if not isinstance(date, dt.date) or not isinstance(value, Fraction):
            return

        def rising(day: dt.date) -> tuple[Fraction, bool]:
            return function(date, window.day(day)) or Fraction(0), False

        self._first(rising, (value, False))
        self._first(lambda day: (rising(day)[0], rising(day)[0] > value), (value, True))

    def _known(self, tree: Tree, table: str | None) -> list[Value] | None:
        """Return the values a tree can have; None if they depend on more than what is written down."""
        if isinstance(tree, trees.Const):
            return [tree.value]
        if isinstance(tree, trees.PartnerField):
            return [self.facts.partner.get(tree.name)]
        if isinstance(tree, trees.FieldOf) and table is not None and not tree.money:
            return list(self._values(table, tree.name))
        return None

    def _values(self, table: str, name: str) -> Iterator[Value]:
        return iter({row.values.get(name) for row in self.facts.rows.get(table, ())})


def _reaches(value: object, reached: object) -> bool:
    return value >= reached  # type: ignore[operator,no-any-return]


def _clock(tree: Tree) -> _Clock | None:
    if isinstance(tree, trees.Day):
        return _Clock("day", None)
    if isinstance(tree, trees.Apply) and tree.function in TIMED:
        return _Clock(tree.function, tree.args[0])
    return None


def _about_partner(rules: RuleSet) -> Iterable[Formula]:
    found: list[Formula | None] = [rules.qualified, rules.total.formula, rules.status.grandfathered]
    for metric in rules.metrics.values():
        found += [metric.value, metric.points, metric.threshold, metric.most, metric.applies]
    found += [track.when for track in rules.tracks.values()]
    found += [one.condition for level in rules.levels for one in level.requires]
    return [one for one in found if one is not None]
