"""The functions of formulas on exact numbers."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from mutualist.domain.programme.rules.trees import Value

ZERO = Fraction(0)
HALF = Fraction(1, 2)
HUNDRED = Fraction(100)
Number = Fraction | None


def linear(value: Number, threshold: Number, most: Number) -> Number:
    """Return ``value / threshold * most``, at least zero and at most ``most``.

    Examples
    --------
    >>> linear(Fraction(1), Fraction(5), Fraction(20))
    Fraction(4, 1)
    """
    if value is None or most is None or not threshold:
        return None
    return _clamped(value / threshold * most, most)


def per_unit(value: Number, points: Number, cap: Number) -> Number:
    """Return ``value * points``, at least zero and at most ``cap``."""
    if value is None or points is None or cap is None:
        return None
    return _clamped(value * points, cap)


def per_whole_unit(value: Number, points: Number, cap: Number) -> Number:
    """Return points for every whole unit, at least zero and at most ``cap``."""
    return per_unit(None if value is None else Fraction(math.floor(value)), points, cap)


def _clamped(number: Fraction, most: Fraction) -> Fraction:
    return max(min(number, most), ZERO)


def brackets(value: Number, *pairs: Number) -> Number:
    """Return the points of the last pair whose bound is strictly below the value; zero below all."""
    if value is None:
        return None
    found: Number = ZERO
    for bound, points in _pairs(pairs):
        if bound is not None and bound < value:
            found = points
    return found


def brackets_from(value: Number, *pairs: Number) -> Number:
    """Return the points of the last pair whose bound is at most the value; zero below all."""
    if value is None:
        return None
    found: Number = ZERO
    for bound, points in _pairs(pairs):
        if bound is not None and bound <= value:
            found = points
    return found


def weighted_average(*pairs: Number) -> Number:
    """Return the average of values by their weights, without values that are empty."""
    total = weights = ZERO
    for value, weight in _pairs(pairs):
        if value is None:
            continue
        if weight is None:
            return None
        total += value * weight
        weights += weight
    return total / weights if weights else None


def _pairs(args: Sequence[Number]) -> list[tuple[Number, Number]]:
    return list(zip(args[::2], args[1::2], strict=True))


def smallest(*values: Any) -> Any:
    """Return the smallest that is not empty."""
    return min((value for value in values if value is not None), default=None)


def largest(*values: Any) -> Any:
    """Return the largest that is not empty."""
    return max((value for value in values if value is not None), default=None)


def added(*values: Number) -> Number:
    """Return the sum of those that are not empty."""
    return sum((value for value in values if value is not None), ZERO)


def ratio(a: Number, b: Number) -> Number:
    """Return ``a / b``; empty where nothing can be divided."""
    return None if a is None or not b else a / b


def growth(now: Number, before: Number, *floor: Number) -> Number:
    """Return the growth in per cent; empty where the base is zero or below ``floor``."""
    if now is None or not before:
        return None
    if floor and (floor[0] is None or before < floor[0]):
        return None
    return (now - before) / before * HUNDRED


def gate(flag: Value, points: Number) -> Number:
    """Return the points if the gate is open, else zero."""
    return points if flag else ZERO


def every(*flags: Value) -> bool:
    """Return whether all flags hold."""
    return all(flags)


def some(*flags: Value) -> bool:
    """Return whether one of the flags holds."""
    return any(flags)


def at_least(count: Number, *flags: Value) -> bool:
    """Return whether so many of the flags hold."""
    return count is not None and sum(1 for flag in flags if flag) >= count


def rounded(value: Number, digits: Number = ZERO) -> Number:
    """Return a number rounded half up to some decimals.

    Examples
    --------
    >>> rounded(Fraction("2.5")), rounded(Fraction("-0.005"), Fraction(2))
    (Fraction(3, 1), Fraction(0, 1))
    """
    if value is None or digits is None:
        return None
    scale = 10 ** int(digits)
    return Fraction(math.floor(value * scale + HALF), scale)


def floor(value: Number) -> Number:
    """Return the largest whole number not above it."""
    return None if value is None else Fraction(math.floor(value))


def ceil(value: Number) -> Number:
    """Return the smallest whole number not below it."""
    return None if value is None else Fraction(math.ceil(value))


def days_since(date: dt.date | None, day: dt.date) -> Number:
    """Return the days from a date to the day."""
    return None if date is None else Fraction((day - date).days)


def months_since(date: dt.date | None, day: dt.date) -> Number:
    """Return the full months from a date to the day; a month is full on the same day of the month.

    Examples
    --------
    >>> months_since(dt.date(2026, 1, 31), dt.date(2026, 2, 28))
    Fraction(0, 1)
    """
    if date is None:
        return None
    months = (day.year - date.year) * 12 + day.month - date.month
    return Fraction(months - (1 if day.day < date.day else 0))


CALLED: Mapping[str, Callable[..., Any]] = MappingProxyType(
    {
        "linear": linear,
        "per_unit": per_unit,
        "per_whole_unit": per_whole_unit,
        "brackets": brackets,
        "brackets_from": brackets_from,
        "weighted_average": weighted_average,
        "min": smallest,
        "max": largest,
        "sum": added,
        "ratio": ratio,
        "growth": growth,
        "gate": gate,
        "all": every,
        "any": some,
        "at_least": at_least,
        "round": rounded,
        "floor": floor,
        "ceil": ceil,
    }
)
#: Functions that look at ``day`` as well.
TIMED: Mapping[str, Callable[..., Any]] = MappingProxyType(
    {"days_since": days_since, "months_since": months_since}
)
