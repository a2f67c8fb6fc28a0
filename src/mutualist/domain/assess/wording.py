"""Numbers and money as people read them, and texts filled in. German has a decimal comma."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_UP, Decimal

from mutualist.domain.assess.model import Words

SIGNS: Mapping[str, str] = {"EUR": "€", "USD": "$", "GBP": "£", "CHF": "CHF"}
LANGS = ("de", "en")
NARROW = "\u202f"


def number(value: float, lang: str, digits: int | None = None) -> str:
    """Write a number, half up; without ``digits`` at most two decimals and no more than it has.

    Examples
    --------
    >>> number(2800, "de"), number(0.5, "en", 2), number(33.3333, "de")
    ('2.800', '0.50', '33,33')
    """
    exact = Decimal(repr(value))
    places = Decimal(1).scaleb(-(2 if digits is None else digits))
    text = f"{exact.quantize(places, ROUND_HALF_UP):,f}"
    if digits is None and "." in text:
        text = text.rstrip("0").rstrip(".")
    if text.startswith("-"):
        text = "−" + text[1:]
    return text if lang == "en" else text.translate(str.maketrans(",.", ".,"))


def money(thousands: float, currency: str | None, lang: str) -> str:
    """Write an amount that is given in thousands of a currency.

    Examples
    --------
    >>> money(900, "EUR", "de"), money(1200, "EUR", "en"), money(-50, "USD", "en")
    ('900.000 €', '€1.2m', '−$50,000')
    """
    sign = SIGNS.get(currency or "", currency or "")
    if abs(thousands) >= 1000:
        text = number(round(thousands / 1000, 9), lang, 1)
        text = text.removesuffix(",0") if lang == "de" else text.removesuffix(".0")
        text = f"{text} Mio." if lang == "de" else f"{text}m"
    else:
        text = number(round(thousands * 1000, 9), lang, 0)
    if lang == "de" or not sign:
        return f"{text} {sign}".strip()
    space = " " if len(sign) > 1 else ""
    return f"−{sign}{space}{text[1:]}" if text.startswith("−") else f"{sign}{space}{text}"


def amount(value: float, unit: str, currency: str | None, lang: str) -> str:
    """Write an amount with its unit."""
    if unit == "money":
        return money(value, currency, lang)
    text = number(value, lang)
    if unit == "percent":
        return f"{text} %" if lang == "de" else f"{text}%"
    if unit == "months":
        return (
            f"{text} {'Monate' if lang == 'de' else 'months'}"
            if value != 1
            else ("1 Monat" if lang == "de" else "1 month")
        )
    return text


def beside_threshold(value: float, least: float, lang: str, digits: int) -> tuple[str, str]:
    """Write a value and the threshold it has to reach, so that a miss is seen as a miss.

    If the rounded value would seem to meet the threshold that it misses, decimals are added until it does not.

    Examples
    --------
    >>> beside_threshold(0.497, 0.5, "de", 2)
    ('0,497', '0,500')
    """
    missed = value < least
    while (
        digits < 9
        and missed
        and Decimal(repr(value)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
        >= Decimal(repr(least))
    ):
        digits += 1
    return number(value, lang, digits), number(least, lang, digits)


def below_threshold(value: float, most: float, lang: str, digits: int = 0) -> tuple[str, str]:
    """Write a value and the threshold it may not pass; the counterpart of :func:`beside_threshold`.

    Examples
    --------
    >>> below_threshold(50.333333333, 50, "en")
    ('50.3', '50.0')
    """
    while (
        digits < 9
        and value > most
        and Decimal(repr(value)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
        <= Decimal(repr(most))
    ):
        digits += 1
    return number(value, lang, digits), number(most, lang, digits)


def both(make: Callable[[str], str]) -> Words:
    """Make a text in both languages."""
    return Words(make("de"), make("en"))


def listed(parts: list[str], lang: str) -> str:
    """Join names: "A, B und C".

    Examples
    --------
    >>> listed(["A", "B", "C"], "en")
    'A, B and C'
    """
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {'und' if lang == 'de' else 'and'} {parts[-1]}"
