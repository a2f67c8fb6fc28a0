"""The days on which levels are looked at, and the window in which any day is enough."""

from __future__ import annotations

import datetime as dt

from mutualist.domain.programme.rules.model import Status
from mutualist.domain.programme.rules.windows import Unit, add_months, unit_start

ONE_DAY = dt.timedelta(days=1)
_UNITS: dict[str, Unit] = {"monthly": "months", "quarterly": "quarters", "yearly": "years"}
_LENGTH: dict[Unit, int] = {"months": 1, "quarters": 3, "years": 12}


def any_day_window(day: dt.date, months: int) -> tuple[dt.date, dt.date]:
    """Return the window in which one qualified day is enough: the running month and the full ones before it.

    Parameters
    ----------
    months
        With the running one; 0 means the day alone.

    Examples
    --------
    >>> any_day_window(dt.date(2024, 8, 15), 6)
    (datetime.date(2024, 3, 1), datetime.date(2024, 8, 15))
    """
    if not months:
        return day, day
    return add_months(day.replace(day=1), 1 - months), day


def is_due(rhythm: str, day: dt.date, status: Status, fiscal_start: int) -> bool:
    """Return whether levels are looked at on a day.

    Examples
    --------
    >>> is_due("quarterly", dt.date(2026, 2, 1), Status(), fiscal_start=2)
    True
    """
    if rhythm == "at once":
        return True
    if rhythm == "at review":
        return day.month in status.review_months and day.day == status.review_day
    return day == unit_start(day, _UNITS[rhythm], fiscal_start)


def next_due(rhythm: str, day: dt.date, status: Status, fiscal_start: int) -> dt.date:
    """Return the first day after a day on which levels are looked at."""
    if rhythm == "at once":
        return day + ONE_DAY
    if rhythm == "at review":
        return next_review(day, status)
    unit = _UNITS[rhythm]
    return add_months(unit_start(day, unit, fiscal_start), _LENGTH[unit])


def next_review(day: dt.date, status: Status) -> dt.date:
    """Return the next review after a day."""
    first = day.replace(day=1)
    for months in range(14):
        month = add_months(first, months)
        review = month.replace(day=status.review_day)
        if month.month in status.review_months and review > day:
            return review
    raise AssertionError("a status without a month of review")  # pragma: no cover
