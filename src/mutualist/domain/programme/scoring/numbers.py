"""Exact numbers for people to read: rounded at the very end, and never up to what was missed."""

from __future__ import annotations

import datetime as dt
import math
from fractions import Fraction

#: More decimals than this nobody reads.
MOST_DIGITS = 12


def rounded(value: Fraction, digits: int) -> Fraction:
    """Return a number rounded half away from zero."""
    scale = 10**digits
    whole = math.floor(abs(value) * scale + Fraction(1, 2))
    return Fraction(whole if value >= 0 else -whole, scale)


def digits_for(value: Fraction, digits: int, against: Fraction | None = None) -> int:
    """Return how many decimals keep a number on its side of another one.

    Examples
    --------
    >>> digits_for(Fraction("69.996"), 2, Fraction(70))
    3
    """
    if against is None or value == against:
        return digits
    while digits < MOST_DIGITS and rounded(value, digits) == rounded(against, digits):
        digits += 1
    return digits


def shown(value: Fraction, language: str, digits: int = 2, against: Fraction | None = None) -> str:
    """Write a number: at most so many decimals, no zeros behind the last.

    Parameters
    ----------
    against
        A threshold; where rounding would make the number equal to it, there are more decimals.

    Examples
    --------
    >>> shown(Fraction(40, 3), "de"), shown(Fraction(1234567), "en"), shown(Fraction("69.996"), "en", 2, Fraction(70))
    ('13,33', '1,234,567', '69.996')
    """
    number = rounded(value, digits_for(value, digits, against))
    whole, part = divmod(abs(number), 1)
    decimals = ""
    if part:
        digit_count = 0
        while part * 10**digit_count % 1:
            digit_count += 1
        decimals = str(int(part * 10**digit_count)).rjust(digit_count, "0")
    separator, point = (".", ",") if language == "de" else (",", ".")
    groups = f"{int(whole):,}" if whole >= 10_000 else str(int(whole))
    text = groups.replace(",", separator) + (point + decimals if decimals else "")
    return f"−{text}" if number < 0 else text


def day_shown(day: dt.date, language: str) -> str:
    """Write a day: 1. Juli 2026 as 01.07.2026, in English as 2026-07-01."""
    return f"{day:%d.%m.%Y}" if language == "de" else day.isoformat()
