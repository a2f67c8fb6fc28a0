"""What is taken back when a customer cancels or gets credit; never more than was given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from mutualist.domain.programme.commission.model import Clawback
from mutualist.domain.programme.commission.money import half_up, plain
from mutualist.domain.programme.commission.problems import refuse
from mutualist.domain.programme.commission.spreading import months_later


@dataclass(frozen=True, slots=True)
class Cancellation:
    """A cancelled invoice or a part of it: the day, and how much of its amount in smallest units."""

    day: date
    amount: int


def taken_back(
    months: Sequence[tuple[date, int]],
    clawback: Clawback,
    *,
    invoiced_on: date,
    invoiced: int,
    currency: str,
    earlier: Sequence[Cancellation],
    now: Cancellation,
) -> tuple[tuple[date, int], ...]:
    """Return what a partner loses of its commission by a cancellation, by month.

    Parameters
    ----------
    months
        The partner's commission by month the invoice paid for.
    clawback
        The rule of the version under which it was earned.
    invoiced_on, invoiced, currency
        Day and amount of the invoice.
    earlier, now
        What was cancelled before, and what is cancelled now.

    Notes
    -----
    Of each month the share cancelled so far is rounded, and what was taken back before is taken off: many partial
    cancellations that add up to the invoice take back exactly the commission.

    Raises
    ------
    CommissionError
        If more is cancelled than was invoiced, or before the invoice.

    Examples
    --------
    >>> day = date(2026, 3, 1)
    >>> taken_back(((day, 1000),), Clawback(), invoiced_on=day, invoiced=300, currency="EUR",
    ...            earlier=[Cancellation(day, 100)], now=Cancellation(day, 200))
    ((datetime.date(2026, 3, 1), 667),)
    """
    done = sum(one.amount for one in earlier)
    if now.amount <= 0:
        raise refuse("amount", "not_positive_back", value=plain(now.amount, currency))
    if done + now.amount > invoiced:
        there, whole, asked = (plain(n, currency) for n in (done, invoiced, now.amount))
        raise refuse("amount", "taken_back_more", there=there, whole=whole, asked=asked)
    if now.day < invoiced_on:
        raise refuse("day", "cancelled_before", day=now.day, invoice=invoiced_on)
    back = []
    for month, amount in months:
        if not _counts(month, clawback, invoiced_on, now.day):
            continue
        counted = sum(
            one.amount for one in earlier if _counts(month, clawback, invoiced_on, one.day)
        )
        lost = half_up(Fraction(amount * (counted + now.amount), invoiced))
        back.append((month, lost - half_up(Fraction(amount * counted, invoiced))))
    return tuple(back)


def _counts(month: date, clawback: Clawback, invoiced_on: date, day: date) -> bool:
    """Say whether a cancellation of a day takes back the commission of a month at all."""
    if clawback.within is not None and day > months_later(invoiced_on, clawback.within):
        return False
    return clawback.part == "whole" or month > day
