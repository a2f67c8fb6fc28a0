"""Spans of time that a measure looks at, as they are written and as days."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass
from typing import Literal, cast

Unit = Literal["days", "weeks", "months", "quarters", "years"]
UNITS: tuple[Unit, ...] = ("days", "weeks", "months", "quarters", "years")
MONTHS = {"months": 1, "quarters": 3, "years": 12}
FIRST = dt.date.min
_SPAN = re.compile(r"(\d{1,4}) (day|week|month|quarter|year)s?")
_LAST = re.compile(r"last (?:(\d{1,4}) )?(closed )?(day|week|month|quarter|year)s?")
_THIS = re.compile(r"this (month|quarter|year)")
_SINCE = re.compile(r"since partner\.([A-Za-z_][A-Za-z_0-9]*)")
_ANY_DAY = "any day of "


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time: 12 months."""

    count: int
    unit: Unit

    def before(self, day: dt.date) -> dt.date:
        """Return the day so long before another; the end of a month is clipped.

        Examples
        --------
        >>> Span(1, "months").before(dt.date(2026, 3, 31))
        datetime.date(2026, 2, 28)
        """
        return self._moved(day, -1)

    def after(self, day: dt.date) -> dt.date:
        """Return the day so long after another; the end of a month is clipped."""
        return self._moved(day, 1)

    def _moved(self, day: dt.date, sign: int) -> dt.date:
        if self.unit in MONTHS:
            return add_months(day, sign * self.count * MONTHS[self.unit])
        ordinal = day.toordinal() + sign * self.count * (7 if self.unit == "weeks" else 1)
        return dt.date.fromordinal(min(max(ordinal, 1), dt.date.max.toordinal()))


@dataclass(frozen=True, slots=True)
class Window:
    """Which rows of a table a measure or group looks at, by their dates.

    Attributes
    ----------
    kind
        ``valid``: rows that hold on the day; ``ever``: all up to the day; ``last``: the time before the day and the
        day; ``closed``: whole units before the one the day lies in; ``this``: from the start of the unit to the day;
        ``since``: from a date of the partner to the day.
    span
        How long, for ``last`` and ``closed``; for ``this`` one unit.
    since
        Field of the partner, for ``since``.
    touching
        Rows with a start and an end count if any of their days lies within.
    ago
        The day is moved back by this first.
    """

    kind: Literal["valid", "ever", "last", "closed", "this", "since"]
    span: Span | None = None
    since: str = ""
    touching: bool = False
    ago: Span | None = None

    def day(self, scored: dt.date) -> dt.date:
        """Return the day that is looked from."""
        return self.ago.before(scored) if self.ago else scored

    def bounds(
        self, scored: dt.date, fiscal_start: int = 1, since: dt.date | None = None
    ) -> tuple[dt.date, dt.date] | None:
        """Return the first and the last day, both inclusive.

        Parameters
        ----------
        scored
            The day that is scored.
        fiscal_start
            Month in which years and quarters begin.
        since
            The partner's date, for ``since``.

        Returns
        -------
        tuple or None
            None where the partner has no such date. For ``valid`` both are the day.

        Examples
        --------
        >>> read_window("last closed month").bounds(dt.date(2026, 11, 22))
        (datetime.date(2026, 10, 1), datetime.date(2026, 10, 31))
        """
        day = self.day(scored)
        if self.kind == "ever":
            return FIRST, day
        if self.kind == "valid":
            return day, day
        if self.kind == "since":
            return None if since is None else (since, day)
        assert self.span is not None
        if self.kind == "last":
            return Span(1, "days").after(self.span.before(day)), day
        start = unit_start(day, self.span.unit, fiscal_start)
        if self.kind == "this":
            return start, day
        return self.span.before(start), Span(1, "days").before(start)


def add_months(day: dt.date, months: int) -> dt.date:
    """Move a day by months; where the month is too short, to its last day; never beyond the calendar."""
    index = day.year * 12 + day.month - 1 + months
    year, month = index // 12, index % 12 + 1
    if not dt.MINYEAR <= year <= dt.MAXYEAR:
        return dt.date.min if year < dt.MINYEAR else dt.date.max
    return dt.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def unit_start(day: dt.date, unit: Unit, fiscal_start: int) -> dt.date:
    """Return the first day of the day, week, month, quarter or year that a day lies in."""
    if unit == "days":
        return day
    if unit == "weeks":
        return day - dt.timedelta(days=day.weekday())
    behind = (day.month - fiscal_start) % MONTHS[unit]
    return add_months(day.replace(day=1), -behind)


def _unit(word: str) -> Unit:
    return cast("Unit", word + "s")


def read_span(text: str) -> Span | None:
    """Read ``12 months``; None if it is no such text."""
    found = _SPAN.fullmatch(" ".join(text.split()))
    return Span(int(found[1]), _unit(found[2])) if found and int(found[1]) else None


def read_window(text: str, ago: Span | None = None) -> Window | None:
    """Read the text of ``during``; None if it is no such text.

    Examples
    --------
    >>> read_window("last 3 closed months")
    Window(kind='closed', span=Span(count=3, unit='months'), since='', touching=False, ago=None)
    """
    words = " ".join(text.split())
    touching = words.startswith(_ANY_DAY)
    words = words.removeprefix(_ANY_DAY)
    if words == "ever":
        return Window("ever", touching=touching, ago=ago)
    if found := _LAST.fullmatch(words):
        count = int(found[1] or 1)
        kind: Literal["closed", "last"] = "closed" if found[2] else "last"
        return Window(kind, Span(count, _unit(found[3])), "", touching, ago) if count else None
    if found := _THIS.fullmatch(words):
        return Window("this", Span(1, _unit(found[1])), "", touching, ago)
    if found := _SINCE.fullmatch(words):
        return Window("since", None, found[1], touching, ago)
    return None
