"""From what facts give on each day to what is held: rise, fall, grace, granted time, renewal.

Only days on which something can happen are looked at. In this order, on each of them:

1. Time for which a level was granted: in the window around its anniversary it is renewed if the level is still
   earned, and begins again on the anniversary; on its last day plus one it is over.
2. Grace ends well once the level is earned again, and badly on its last day.
3. What is held falls to what is earned, where it is looked at that day; with grace, grace begins instead.
4. What is held rises to what is earned, where it is looked at that day.
"""

from __future__ import annotations

import bisect
import dataclasses
import datetime as dt
from collections.abc import Sequence

from mutualist.domain.programme.rules.model import Status
from mutualist.domain.programme.rules.windows import add_months, unit_start
from mutualist.domain.programme.status.model import Attained, Held, Why
from mutualist.domain.programme.status.rhythm import (
    ONE_DAY,
    any_day_window,
    is_due,
    next_due,
)

YEAR = 12


class Course:
    """The course of a partner's level.

    Parameters
    ----------
    status
        The rules about it.
    levels
        Names, lowest first.
    fiscal_start
        Month in which the programme's year begins.
    attained
        What facts give, by day; before the first entry nothing.
    enrolled
        Days on which a granted level was bought or asked for. None: whoever earns it has it.
    """

    def __init__(
        self,
        status: Status,
        levels: Sequence[str],
        fiscal_start: int,
        attained: Sequence[Attained],
        *,
        enrolled: Sequence[dt.date] | None = None,
    ) -> None:
        self.status = status
        self.fiscal_start = fiscal_start
        self.attained = sorted(attained, key=lambda one: one.since)
        self.days = [one.since for one in self.attained]
        self.places: dict[str | None, int] = {None: 0}
        self.places |= {name: place for place, name in enumerate(levels, 1)}
        self.names = [None, *levels]
        self.enrolled = None if enrolled is None else sorted(enrolled)

    def earned(self, day: dt.date) -> int:
        """Return the place of the level that counts on a day; 0 for none."""
        first, last = any_day_window(day, self.status.any_day_in)
        begin = max(bisect.bisect_right(self.days, first) - 1, 0)
        end = bisect.bisect_right(self.days, last)
        return max((self.places[one.level] for one in self.attained[begin:end]), default=0)

    def grandfathered(self, day: dt.date) -> bool:
        """Return whether nothing may be taken away on a day."""
        at = bisect.bisect_right(self.days, day)
        return at > 0 and self.attained[at - 1].grandfathered

    def run(self, start: Held, until: dt.date, *, every_day: bool = False) -> list[Held]:
        """Return what is held from a day on: an entry whenever it changes, the start first.

        Parameters
        ----------
        start
            What is held, and the day from which is looked at.
        until
            The last day.
        every_day
            Look at each day, also at those on which nothing can happen; what comes out is the same.
        """
        found = [start]
        day = start.day
        while day <= until:
            changed = self.on(found[-1], day)
            if changed != found[-1]:
                found.append(changed)
            day = day + ONE_DAY if every_day else self.following(changed, day)
        return found

    # -- one day -----------------------------------------------------------------------------------

    def on(self, held: Held, day: dt.date) -> Held:
        """Return what is held at the end of a day, given what was held before."""
        earned = self.earned(day)
        for rule in (self._renew, self._grace, self._fall, self._rise):
            held = rule(held, day, earned)
        return held

    def _renew(self, held: Held, day: dt.date, earned: int) -> Held:
        if held.term_until is None or held.term_from is None:
            return held
        opens, closes = self.renewal(held.term_from, held.term_until)
        enough = earned >= self.places[held.level] and self._asked(day)
        if opens <= day <= closes and enough:
            return self._granted(held, day, earned, "renewed", self.anniversary(held.term_from))
        return held

    def _grace(self, held: Held, day: dt.date, earned: int) -> Held:
        if held.grace_until is None:
            return held
        place = self.places[held.level]
        granted = held.term_until is not None
        if earned >= place and (not granted or self._asked(day)):
            if granted:
                return self._granted(held, day, earned, "made_good", day)
            return self._become(day, earned, "made_good", place)
        if self.grandfathered(day):
            return self._become(day, earned, "kept", place)
        if day >= held.grace_until:
            return self._become(day, earned, "grace_over", earned)
        return held

    def _fall(self, held: Held, day: dt.date, earned: int) -> Held:
        place = self.places[held.level]
        over = held.term_until is not None and day >= held.term_until
        due = over if held.term_until else self._looked_at(self.status.fall, held, day)
        if not due or held.grace_until is not None:
            return held
        if over and earned >= place and self._asked(day):
            return self._granted(held, day, earned, "renewed", day)
        lower = 0 if over and not self._asked(day) else min(earned, place)
        if lower >= place:
            return held
        if self.grandfathered(day) or self.status.grace is not None:
            return self._spared(held, day, earned)
        return self._become(day, earned, "term_over" if over else "fallen", lower)

    def _spared(self, held: Held, day: dt.date, earned: int) -> Held:
        """Return what is held where it should fall and does not: by a promise, or for the days of grace."""
        kept = self._become(day, earned, "kept", self.places[held.level])
        if self.grandfathered(day) or self.status.grace is None:
            same = held.why == "kept" and held.earned == kept.earned
            return held if same else kept
        return dataclasses.replace(
            kept,
            why="grace",
            grace_until=self.status.grace.after(day),
            term_from=held.term_from,
            term_until=held.term_until,
        )

    def _rise(self, held: Held, day: dt.date, earned: int) -> Held:
        if earned <= self.places[held.level] or not self._asked(day):
            return held
        if not self._looked_at(self.status.rise, held, day):
            return held
        if self.status.held is not None:
            return self._granted(held, day, earned, "risen", day)
        return self._become(day, earned, "risen", earned)

    def _become(self, day: dt.date, earned: int, why: Why, place: int) -> Held:
        return Held(day, self.names[place], self.names[earned], why)

    def _granted(self, held: Held, day: dt.date, earned: int, why: Why, since: dt.date) -> Held:
        """Grant a level for its time; renewing does not raise it."""
        assert self.status.held is not None
        level = self.names[earned] if why == "risen" else held.level
        until = self.status.held.after(since)
        return Held(day, level, self.names[earned], why, term_from=since, term_until=until)

    def _asked(self, day: dt.date) -> bool:
        return self.status.held is None or self.enrolled is None or day in self.enrolled

    def _looked_at(self, rhythm: str, held: Held, day: dt.date) -> bool:
        """Return whether a level may change on a day; a frozen one only when the programme's year begins."""
        if self.status.frozen and held.level is not None:
            return day == unit_start(day, "years", self.fiscal_start)
        return is_due(rhythm, day, self.status, self.fiscal_start)

    # -- days on which something can happen ----------------------------------------------------------

    def anniversary(self, since: dt.date) -> dt.date:
        """Return the day from which renewed time runs: a year on, or the end of a shorter time."""
        assert self.status.held is not None
        return min(add_months(since, YEAR), self.status.held.after(since))

    def renewal(self, since: dt.date, until: dt.date) -> tuple[dt.date, dt.date]:
        """Return the first and the last day on which granted time can be renewed; the first lies after a start."""
        turn = self.anniversary(since)
        before, after = self.status.renewal_before, self.status.renewal_after
        opens = before.before(turn) if before else turn
        closes = after.after(turn) if after else turn
        return max(opens, since + ONE_DAY), min(closes, until - ONE_DAY)

    def following(self, held: Held, day: dt.date) -> dt.date:
        """Return the next day on which something can happen."""
        status, first = self.status, self.fiscal_start
        found = [next_due("yearly", day, status, first)]
        at = bisect.bisect_right(self.days, day)
        found += self.days[at : at + 1]
        for rhythm in (status.rise, status.fall):
            if rhythm != "at once":
                found.append(next_due(rhythm, day, status, first))
        if status.any_day_in:
            found.append(next_due("monthly", day, status, first))
        if held.grace_until:
            found.append(held.grace_until)
        if held.term_from and held.term_until:
            found += [held.term_until, self.renewal(held.term_from, held.term_until)[0]]
        found += self.enrolled or []
        return min(one for one in found if one > day)


def course(
    status: Status,
    levels: Sequence[str],
    attained: Sequence[Attained],
    start: Held | dt.date,
    until: dt.date,
    *,
    fiscal_start: int = 1,
    enrolled: Sequence[dt.date] | None = None,
) -> list[Held]:
    """Return the levels a partner holds, from a start until a day.

    Parameters
    ----------
    status
        The rules.
    levels
        Names, lowest first.
    attained
        What facts give, an entry a change.
    start
        What is held at the start; a day: nothing until then.
    until
        The last day that is looked at.
    fiscal_start
        Month in which the programme's year begins.
    enrolled
        Where levels are granted for a time and have to be asked for: the days on which they were.

    Examples
    --------
    >>> day = dt.date
    >>> attained = [Attained(day(2026, 1, 10), "silver"), Attained(day(2026, 3, 5), None)]
    >>> [(one.day, one.level, one.why) for one in course(
    ...     Status(review_months=(1, 7)), ["silver"], attained, day(2026, 1, 1), day(2026, 12, 31)
    ... )]  # doctest: +NORMALIZE_WHITESPACE
    [(datetime.date(2026, 1, 1), None, 'start'), (datetime.date(2026, 1, 10), 'silver', 'risen'),
     (datetime.date(2026, 7, 1), None, 'fallen')]
    """
    begin = start if isinstance(start, Held) else Held(start, None, None, "start")
    run = Course(status, levels, fiscal_start, attained, enrolled=enrolled)
    return run.run(begin, until)
