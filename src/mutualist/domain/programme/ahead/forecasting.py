"""Score at risk: what time alone will change, and the exact day on which a level is lost.

Nothing is guessed: known ends of certificates, items that cease to count, people who are known to leave, and the
windows of the rules are run forward. What a partner will newly sell or learn is not in it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from mutualist.domain.programme.ahead.differences import Difference, Step, difference
from mutualist.domain.programme.ahead.timeline import Case, attained
from mutualist.domain.programme.scoring.result import Score
from mutualist.domain.programme.status.course import course
from mutualist.domain.programme.status.model import FALLS, Held


@dataclass(frozen=True, slots=True)
class Loss:
    """A level that facts no longer give from a day on, and what did it."""

    day: dt.date
    level: str
    then: str | None
    step: Step


@dataclass(frozen=True, slots=True)
class Forecast:
    """What lies ahead if nothing is done.

    Attributes
    ----------
    now
        The score on the first day.
    steps
        Each day on which points or level change, with the causes.
    losses
        The first day on which each level is lost that is reached today or later.
    held
        The level as it is held by the rules about time; the first entry is the start.
    beyond
        The day after the last one the rules are known for, where that lies before the end; they are taken to go on.
    levels
        Names of the levels of all versions, lowest first.
    undecided
        The level on record, where by the rules it has fallen already and somebody has still to decide; else None.
    """

    now: Score
    until: dt.date
    difference: Difference
    losses: tuple[Loss, ...]
    held: tuple[Held, ...]
    beyond: dt.date | None
    levels: tuple[str, ...]
    undecided: str | None = None

    @property
    def steps(self) -> tuple[Step, ...]:
        """The days on which something changes."""
        return self.difference.steps

    @property
    def falls(self) -> tuple[Held, ...]:
        """The days on which a level that is held falls."""
        return tuple(one for one in self.held if one.why in FALLS)

    def rank(self, level: str | None) -> int:
        """Return the place of a level, the lowest 0; -1 for none."""
        return self.levels.index(level) if level in self.levels else -1


def forecast(
    case: Case,
    as_of: dt.date,
    until: dt.date,
    *,
    held: Held | None = None,
    enrolled: Sequence[dt.date] | None = None,
    recorded: str | None = None,
) -> Forecast:
    """Say what changes by itself until a day.

    Parameters
    ----------
    case
        Facts, rules, people who leave.
    as_of
        The day of the facts.
    until
        The last day.
    held
        What is held at the start; without it what is earned that day.
    enrolled
        As for :func:`..status.course.course`.
    recorded
        The level on record, where a fall has to be decided by somebody.
    """
    found = difference(case, case, as_of, until)
    now = case.score(as_of)
    rules = case.rules(as_of)
    levels = list(dict.fromkeys(one.name for each in case.versions for one in each.levels))
    start = held or Held(as_of, now.level, now.level, "start")
    # Rules that look back at any day of some months have to know what was earned then.
    back = as_of - dt.timedelta(days=31 * rules.status.any_day_in)
    earned = attained(case, back, until)
    last = case.rules(until).until
    # What was earned before the day of the facts is not looked at again: what is held says it.
    ahead = course(
        rules.status,
        levels,
        earned,
        replace(start, day=as_of),
        until,
        fiscal_start=rules.fiscal_start,
        enrolled=enrolled,
    )
    found_ahead = Forecast(
        now=now,
        until=until,
        difference=found,
        losses=tuple(_losses(found, levels)),
        held=(start, *ahead[1:]),
        beyond=last + dt.timedelta(days=1) if last is not None and last < until else None,
        levels=tuple(levels),
    )
    waits = found_ahead.rank(recorded) > found_ahead.rank(start.level)
    return replace(found_ahead, undecided=recorded) if waits else found_ahead


def _losses(found: Difference, levels: Sequence[str]) -> list[Loss]:
    places: dict[str | None, int] = {None: 0}
    places |= {name: place for place, name in enumerate(levels, 1)}
    losses: dict[str, Loss] = {}
    for day, group in groupby(found.steps, key=lambda one: one.day):
        steps = list(group)
        # New rules and the day itself are two steps; only what is lost when the day is over is lost.
        then = steps[-1].level_after
        lost = levels[places[then] : places[steps[0].level_before]]
        falls = [one for one in steps if places[one.level_after] < places[one.level_before]]
        for name in lost:
            losses.setdefault(name, Loss(day, name, then, falls[-1]))
    return sorted(losses.values(), key=lambda one: (one.day, -places[one.level]))
