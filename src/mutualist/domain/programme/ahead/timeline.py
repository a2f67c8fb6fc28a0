"""Scores over time: which rules are in force, who has left, and every day on which the score changes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from mutualist.domain.programme.ahead.breakpoints import ONE_DAY, breakpoints
from mutualist.domain.programme.rules.model import RuleSet
from mutualist.domain.programme.scoring.facts import Facts, Row
from mutualist.domain.programme.scoring.plan import plan_of
from mutualist.domain.programme.scoring.result import Score
from mutualist.domain.programme.scoring.score import Cutoffs, best_run, score
from mutualist.domain.programme.status.model import Attained

Versions = Sequence[RuleSet]
NOBODY: Mapping[str, dt.date] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Case:
    """A partner's facts under the rules of a programme.

    Attributes
    ----------
    versions
        Rule sets of the programme. On a day the latest that has begun is in force, also after its last day, since
        what follows is not known; before the first one, the first.
    leavers
        Who leaves, and the first day without them. What they hold for a time ends the day before; what has no end
        does not count from that day.
    person
        Field by which people are named.
    cutoffs
        Of rules about the best of all partners; they are taken as they are today.
    """

    facts: Facts
    versions: Versions
    leavers: Mapping[str, dt.date] = field(default_factory=lambda: NOBODY, hash=False)
    person: str = "person"
    cutoffs: Cutoffs | None = None

    def rules(self, day: dt.date) -> RuleSet:
        """Return the rules in force on a day."""
        return in_force(self.versions, day)

    def on(self, day: dt.date) -> Facts:
        """Return the facts as they count on a day: without what leavers took with them."""
        if not self.leavers:
            return self.facts
        rules = self.rules(day)
        rows = {
            table: tuple(self._staying(table, held, rules, day))
            for table, held in self.facts.rows.items()
        }
        return Facts(self.facts.partner, rows)

    def _staying(
        self, table: str, rows: Sequence[Row], rules: RuleSet, day: dt.date
    ) -> Sequence[Row]:
        until = rules.tables[table].until if table in rules.tables else ""
        found: list[Row] = []
        for row in rows:
            left = self.leavers.get(str(row.values.get(self.person)))
            if left is None:
                found.append(row)
            elif until:
                found.append(_ended(row, until, left - ONE_DAY))
            elif day < left:
                found.append(row)
        return found

    def score(self, day: dt.date, *, explain: bool = False) -> Score:
        """Return the score on a day."""
        return score(self.on(day), self.rules(day), day, cutoffs=self.cutoffs, explain=explain)

    def changes(self, after: dt.date, until: dt.date) -> list[dt.date]:
        """Return the days after one and up to another on which the score can change."""
        found = {one.since for one in self.versions} | set(self.leavers.values())
        found = {day for day in found if after < day <= until}
        start = after
        for day in [
            *sorted({one.since for one in self.versions if after < one.since <= until}),
            None,
        ]:
            end = until if day is None else day - ONE_DAY
            found |= set(breakpoints(self.on(start), self.rules(start), start, end))
            start = day or start
        return sorted(found)


def _ended(row: Row, until: str, last: dt.date) -> Row:
    held = row.values.get(until)
    if isinstance(held, dt.date) and held <= last:
        return row
    return Row(row.id, {**row.values, until: last})


def in_force(versions: Versions, day: dt.date) -> RuleSet:
    """Return the rule set in force on a day.

    Raises
    ------
    ValueError
        If there are no rules at all.
    """
    if not versions:
        raise ValueError("no rules")
    ordered = sorted(versions, key=lambda one: one.since)
    begun = [one for one in ordered if one.since <= day]
    return begun[-1] if begun else ordered[0]


def same(one: Score, other: Score) -> bool:
    """Return whether two scores say the same of a partner, whatever the day."""
    return (
        one.level == other.level
        and one.met == other.met
        and one.qualified == other.qualified
        and one.total == other.total
        and (one.track, one.region, one.version) == (other.track, other.region, other.version)
        and {name: (m.value, m.points, m.applies) for name, m in one.metrics.items()}
        == {name: (m.value, m.points, m.applies) for name, m in other.metrics.items()}
    )


def history(case: Case, first: dt.date, last: dt.date) -> list[Score]:
    """Return the score on the first day and on each day up to the last on which it differs from the day before.

    Parameters
    ----------
    case
        Facts and rules.

    Returns
    -------
    list of Score
        Without trees.
    """
    found = [case.score(first)]
    for day in case.changes(first, last):
        here = case.score(day)
        if not same(found[-1], here):
            found.append(here)
    return found


def attained(case: Case, first: dt.date, last: dt.date) -> list[Attained]:
    """Return the levels that facts give over time, for :func:`..status.course.course`."""
    found: list[Attained] = []
    for day in [first, *case.changes(first, last)]:
        plan = plan_of(case.rules(day))
        run = best_run(plan, case.on(day), day, case.cutoffs)
        promise = plan.rules.status.grandfathered
        kept = promise is not None and bool(plan.compiler.compiled(promise.tree)(run.frame))
        level = plan.rules.levels[run.place - 1].name if run.place else None
        if not found or (found[-1].level, found[-1].grandfathered) != (level, kept):
            found.append(Attained(day, level, kept))
    return found
