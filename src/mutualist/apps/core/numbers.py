"""Numbers and months as people type them, in German and in English.

A number may carry grouping marks of either language, a sign, blanks and its
unit; a month may be typed as ``06/2028`` or ``2028-06``.
"""

from __future__ import annotations

import re
from decimal import Decimal

Number = int | float

_BLANKS = str.maketrans("", "", " \t\u00a0\u202f\u2009'’_")
_UNITS = re.compile(r"^[€$£]|(?:[€$£%]|EUR|USD|CHF|GBP)$", re.IGNORECASE)
_DIGITS = re.compile(r"^\d{1,15}$", re.ASCII)
_FRACTION = re.compile(r"^\d{1,20}$", re.ASCII)
_YEAR_FIRST = re.compile(r"^(\d{4})[-/.](\d{1,2})$", re.ASCII)
_MONTH_FIRST = re.compile(r"^(\d{1,2})[-/.](\d{4})$", re.ASCII)


class NotANumberError(ValueError):
    """The text is no number in either language."""


class NotAMonthError(ValueError):
    """The text is no month."""


def parse_number(text: str, language: str = "de") -> Number:
    """Read a number; whole numbers come back as ``int``.

    With both marks present the last one is the decimal mark. A single mark
    counts as grouping when it repeats, or when it is the grouping mark of the
    reader's language and exactly three digits follow.

    Raises
    ------
    NotANumberError
        When the text is no number.

    Examples
    --------
    >>> parse_number("1.234,56"), parse_number("1,234.56"), parse_number("1.234")
    (1234.56, 1234.56, 1234)
    >>> parse_number("1.234", "en"), parse_number("1,5", "en")
    (1.234, 1.5)
    """
    bare = text.translate(_BLANKS)
    for _ in range(2):
        bare = _UNITS.sub("", bare)
    bare = bare.replace("−", "-").replace("–", "-")
    sign = -1 if bare.startswith("-") else 1
    bare = bare.removeprefix("-").removeprefix("+")
    whole, fraction = _split(bare, language)
    if not _DIGITS.match(whole or "0") or not (whole or fraction):
        raise NotANumberError(text)
    if fraction and not _FRACTION.match(fraction):
        raise NotANumberError(text)
    if not fraction.strip("0"):
        return sign * int(whole or "0")
    return sign * float(f"{whole or '0'}.{fraction}")


def _split(bare: str, language: str) -> tuple[str, str]:
    """Part a number without sign into whole digits and fraction."""
    marks = [mark for mark in bare if mark in ".,"]
    if not marks:
        return bare, ""
    last = marks[-1]
    if len(set(marks)) == 2:
        if marks.count(last) > 1:
            raise NotANumberError(bare)
        whole, _, fraction = bare.rpartition(last)
        return _ungroup(whole, marks[0]), fraction
    if len(marks) > 1:
        return _ungroup(bare, last), ""
    whole, _, fraction = bare.partition(last)
    grouping = "." if language == "de" else ","
    if last == grouping and len(fraction) == 3 and whole.strip("0") and len(whole) <= 3:
        return whole + fraction, ""
    return whole, fraction


def _ungroup(text: str, mark: str) -> str:
    """Take out grouping marks, refusing groups that are not of three digits."""
    first, *rest = text.split(mark)
    if not 1 <= len(first) <= 3 or any(len(group) != 3 for group in rest):
        raise NotANumberError(text)
    return first + "".join(rest)


def format_number(value: Number, language: str = "de") -> str:
    """Write a number exactly, with the marks of the language.

    Examples
    --------
    >>> format_number(1234.5), format_number(-4000, "en")
    ('1.234,5', '-4,000')
    """
    decimal = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    text = f"{decimal:,f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.translate(str.maketrans(".,", ",.")) if language == "de" else text


def parse_month(text: str) -> str:
    """Read a month as ``YYYY-MM``.

    Raises
    ------
    NotAMonthError
        When the text is no month.

    Examples
    --------
    >>> parse_month("6/2028"), parse_month("2028-06")
    ('2028-06', '2028-06')
    """
    bare = text.translate(_BLANKS)
    if match := _YEAR_FIRST.match(bare):
        year, month = int(match[1]), int(match[2])
    elif match := _MONTH_FIRST.match(bare):
        month, year = int(match[1]), int(match[2])
    else:
        raise NotAMonthError(text)
    if not 1 <= month <= 12:
        raise NotAMonthError(text)
    return f"{year:04d}-{month:02d}"


def format_month(value: str) -> str:
    """Write ``YYYY-MM`` as ``MM/YYYY``; anything else stays as it is."""
    match = _YEAR_FIRST.match(value)
    return f"{int(match[2]):02d}/{match[1]}" if match else value
