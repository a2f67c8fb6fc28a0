"""The reader's language, and amounts as they are read in it."""

from __future__ import annotations

from mutualist.apps.core.language import reading
from mutualist.apps.core.numbers import format_number

SIGNS = {"EUR": "€", "USD": "$", "GBP": "£"}


def language() -> str:
    """Return ``de`` or ``en``, in which the reader reads."""
    return reading()


def plain(value: float, digits: int = 0) -> str:
    """Write a number with the marks of the reader's language."""
    rounded = round(float(value), digits)
    whole = int(rounded) if rounded == int(rounded) else rounded
    return format_number(whole, language()).replace("-", "−")


def per_cent_sign() -> str:
    """Return what follows a number of per cent: German keeps a blank before the sign."""
    return " %" if language() == "de" else "%"


def percent(share: float | None) -> str:
    """Write a share as per cent; a dash where there is none."""
    return "–" if share is None else f"{plain(100 * share)}{per_cent_sign()}"


def money(value: float, currency: str) -> str:
    """Write an amount as short as it can be said: 1.2 million, 340 thousand, 75.

    German says "1,2 Mio. €" and "340 Tsd. €", English "€1.2m" and "€340k".
    """
    sign = SIGNS.get(currency, currency)
    size = abs(value)
    # What would round up to the next unit is said in it.
    if size >= 999_500:
        number, unit = plain(value / 1e6, 2 if size < 9_950_000 else 1), (" Mio.", "m")
    elif size >= 9_995:
        number, unit = plain(value / 1e3), (" Tsd.", "k")
    else:
        number, unit = plain(value), ("", "")
    if language() == "de":
        return f"{number}{unit[0]} {sign}"
    # The joiner keeps sign and amount on one line.
    minus = "−\u2060" if number.startswith("−") else ""
    digits = number.removeprefix("−")
    return (
        f"{minus}{sign}{digits}{unit[1]}" if len(sign) == 1 else f"{minus}{sign} {digits}{unit[1]}"
    )
