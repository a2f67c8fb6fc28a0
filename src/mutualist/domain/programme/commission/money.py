"""Money in whole cents: rounding, sharing out, writing down. No binary fraction ever holds an amount."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from mutualist.domain.programme.commission.problems import refuse

#: Currencies whose smallest unit is not a hundredth (ISO 4217, list one, as read in November 2026).
_DIGITS: Final = {
    **dict.fromkeys(
        ("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF"), 0
    ),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
}  # fmt: skip
#: More than this on one invoice is a slip of the hand; a database's 64 bits hold sums of very many such amounts.
MAX_MINOR: Final = 10**14
_CURRENCY: Final = re.compile("[A-Z]{3}")
_NUMBER: Final = re.compile(
    r"-?[1-9][0-9]{0,2}(?:([.,'’ ])[0-9]{3})(?:\1[0-9]{3})*(?:[.,][0-9]+)?|-?[0-9]+(?:[.,][0-9]+)?"
)


def digits(currency: str) -> int:
    """Return how many decimals the smallest unit of a currency has.

    Examples
    --------
    >>> digits("EUR"), digits("JPY"), digits("KWD")
    (2, 0, 3)
    """
    return _DIGITS.get(currency, 2)


def is_currency(value: Any) -> bool:
    """Say whether a value has the form of a currency of ISO 4217."""
    return isinstance(value, str) and _CURRENCY.fullmatch(value) is not None


def half_up(amount: Fraction) -> int:
    """Round to a whole number, a half away from zero, as invoices do.

    Examples
    --------
    >>> [half_up(Fraction(n, 2)) for n in (1, 3, -1, -3)]
    [1, 2, -1, -2]
    """
    size = abs(amount)
    whole = (2 * size.numerator + size.denominator) // (2 * size.denominator)
    return whole if amount >= 0 else -whole


def minor(amount: Fraction, currency: str) -> int:
    """Return an amount in the smallest units of its currency, rounded half up."""
    return half_up(amount * 10 ** digits(currency))


def major(amount: int, currency: str) -> Fraction:
    """Return an amount of smallest units as an exact number of whole units."""
    return Fraction(amount, 10 ** digits(currency))


def plain(amount: int, currency: str) -> str:
    """Write an amount with a point and all its decimals, as files want it.

    Examples
    --------
    >>> plain(-5, "EUR"), plain(1234, "JPY")
    ('-0.05', '1234')
    """
    return f"{Decimal(amount).scaleb(-digits(currency)):f}"


def said(amount: int, currency: str, lang: str) -> str:
    """Write an amount as a person reads it.

    Examples
    --------
    >>> said(123456789, "EUR", "de"), said(-150, "EUR", "en")
    ('1.234.567,89 EUR', '−1.50 EUR')
    """
    text = f"{abs(Decimal(amount).scaleb(-digits(currency))):,f}"
    if lang == "de":
        text = text.translate(str.maketrans(",.", ".,"))
    return f"{'−' if amount < 0 else ''}{text} {currency}"


def percent_said(share: Fraction, lang: str) -> str:
    """Write a share as a percentage, exact where a few decimals do.

    Examples
    --------
    >>> percent_said(Fraction(3, 20), "en"), percent_said(Fraction(1, 3), "de")
    ('15 %', '33,333 %')
    """
    text = f"{Decimal(half_up(share * 100_000)).scaleb(-3):f}".rstrip("0").rstrip(".")
    return f"{text.replace('.', ',') if lang == 'de' else text} %"


def exact(value: Any) -> Fraction | None:
    """Return a number exactly as it is written; ``None`` if it is none.

    German and English groups and decimals are understood. A number with one group of three digits and one sign, as
    ``1.440``, could mean both; it is refused by returning ``None``, since a factor of a thousand is no guess to make.

    Examples
    --------
    >>> exact("1.440,50"), exact("7,5"), exact(0.15), exact("1.440")
    (Fraction(2881, 2), Fraction(15, 2), Fraction(3, 20), None)
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, int | Fraction):
        return Fraction(value)
    if isinstance(value, float | Decimal):
        number = Decimal(repr(value)) if isinstance(value, float) else value
        return Fraction(number) if number.is_finite() else None
    return _exact_text(value) if isinstance(value, str) and len(value) <= 40 else None


def _exact_text(value: str) -> Fraction | None:
    text = value.strip().replace("−", "-").replace("\u00a0", " ").replace("\u202f", " ")
    match = _NUMBER.fullmatch(text)
    if match is None:
        return None
    group = match[1]
    if group is None:
        return Fraction(text.replace(",", "."))
    rest = text.replace(group, "")
    if group in ".," and text.count(group) == 1 and not re.search("[.,]", rest):
        return None
    return Fraction(rest.replace(",", "."))


def read_amount(value: Any, currency: str, place: str) -> int:
    """Return an amount of a file or form in smallest units; more decimals than the currency has are refused."""
    number = exact(value)
    if number is None:
        raise refuse(place, "not_amount", value=value)
    units = number * 10 ** digits(currency)
    if units.denominator != 1:
        raise refuse(place, "too_fine", value=value, currency=currency, digits=digits(currency))
    if abs(units) > MAX_MINOR:
        raise refuse(place, "too_large", value=value, high=plain(MAX_MINOR, currency))
    return int(units)


def allocate(total: int, weights: Sequence[Fraction | int]) -> tuple[int, ...]:
    """Share out whole cents in proportion to weights, by the method of largest remainders.

    Every part is the exact share rounded down or up, and all parts together are the total. Equal remainders go to whoever
    stands first.

    Examples
    --------
    >>> allocate(100, [1, 1, 1]), allocate(-100, [1, 1, 1]), allocate(7, [0, 0])
    ((34, 33, 33), (-34, -33, -33), (7, 0))
    """
    if total < 0:
        return tuple(-part for part in allocate(-total, weights))
    together = sum(map(Fraction, weights), Fraction(0))
    if not together:
        return (total, *(0 for _ in weights[1:]))
    shares = [total * Fraction(weight) / together for weight in weights]
    parts = [share.numerator // share.denominator for share in shares]
    by_remainder = sorted(range(len(parts)), key=lambda at: (parts[at] - shares[at], at))
    for at in by_remainder[: total - sum(parts)]:
        parts[at] += 1
    return tuple(parts)
