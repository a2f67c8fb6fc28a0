"""Days counted in months."""

from __future__ import annotations

import calendar
import math
from datetime import date, timedelta
from typing import Final

_DAYS_OF_MONTH: Final = 30.4375
_LAST_YEAR: Final = 9998


def add_months(start: date, months: float) -> date:
    """Return the day so many months later; the last day of a month stays one.

    Examples
    --------
    >>> add_months(date(2026, 11, 30), 3)
    datetime.date(2027, 2, 28)
    >>> add_months(date(2026, 1, 10), 0.5)
    datetime.date(2026, 1, 25)
    """
    whole = math.floor(months)
    year, month = divmod(start.year * 12 + start.month - 1 + whole, 12)
    year = min(year, _LAST_YEAR)
    day = min(start.day, calendar.monthrange(year, month + 1)[1])
    return date(year, month + 1, day) + timedelta(days=round((months - whole) * _DAYS_OF_MONTH))
