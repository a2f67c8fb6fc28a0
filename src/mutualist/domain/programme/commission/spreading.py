"""When a commission is earned: parts over time or by milestone, that always add up to the whole."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date
from typing import Final

from mutualist.domain.programme.commission.model import Schedule
from mutualist.domain.programme.commission.money import allocate

_MONTHS: Final = {"": 0, "month": 1, "quarter": 3, "year": 12}


@dataclass(frozen=True, slots=True)
class Instalment:
    """A part of a commission: due on a day, or once a milestone is confirmed."""

    key: str
    due: date | None
    amount: int


def months_later(day: date, months: int) -> date:
    """Return the same day some months later, or the last of a shorter month.

    Examples
    --------
    >>> months_later(date(2026, 1, 31), 1), months_later(date(2026, 3, 15), -12)
    (datetime.date(2026, 2, 28), datetime.date(2025, 3, 15))
    """
    years, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(years, month + 1, min(day.day, calendar.monthrange(years, month + 1)[1]))


def first_of_months(start: date, count: int) -> tuple[date, ...]:
    """Return the first days of some months from the one of a day on."""
    return tuple(months_later(start.replace(day=1), at) for at in range(count))


def instalments(amount: int, schedule: Schedule, start: date) -> tuple[Instalment, ...]:
    """Return the parts of a commission; the odd cents go to the earlier ones.

    Examples
    --------
    >>> [one.amount for one in instalments(1000, Schedule(parts=3, every="year"), date(2026, 5, 4))]
    [334, 333, 333]
    """
    if schedule.milestones:
        parts = allocate(amount, [share for _name, share in schedule.milestones])
        return tuple(
            Instalment(name, None, part)
            for (name, _share), part in zip(schedule.milestones, parts, strict=True)
        )
    step = _MONTHS[schedule.every]
    parts = allocate(amount, [1] * schedule.parts)
    return tuple(
        Instalment(f"{at}/{schedule.parts}", months_later(start, (at - 1) * step), part)
        for at, part in enumerate(parts, 1)
    )
