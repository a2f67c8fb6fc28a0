"""Single cells: numbers and dates as people write them, and text that stays text."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any, Final

MAX_CELL: Final = 2_000
# What a spreadsheet program takes for a formula when it stands first in a cell.
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")
_UNITS: Final = re.compile(r"[\s\u00a0\u202f'’]|k?€|k?eur|%", re.IGNORECASE)
_NUMBER: Final = re.compile(r"[+-]?\d[\d.,]*|[+-]?[.,]\d+")
_MONTH: Final = (
    re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})(?:-\d{1,2})?"),
    re.compile(r"(?:\d{1,2}[./])?(?P<month>\d{1,2})[./](?P<year>\d{4})"),
)
_DAY: Final = (
    re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})"),
    re.compile(r"(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4})"),
)


def guard(value: str) -> str:
    """Return text that no spreadsheet program runs as a formula.

    Examples
    --------
    >>> guard("=1+1"), guard("Pilot")
    ("'=1+1", 'Pilot')
    """
    return f"'{value}" if value.startswith(_FORMULA_STARTS) else value


def unguard(value: str) -> str:
    """Undo ``guard``."""
    if value.startswith("'") and value[1:].startswith(_FORMULA_STARTS):
        return value[1:]
    return value


def parse_number(value: Any, lang: str = "en") -> int | float:
    """Read a number: a number cell, ``1.234,56``, ``1,234.56``, ``400 k€`` or ``70 %``.

    The separator that stands last is the decimal one. A single separator with exactly three
    digits after it is read in the workbook's language: ``1.234`` is 1234 in German.

    Raises
    ------
    ValueError
        When it is no number.

    Examples
    --------
    >>> parse_number("1.234,56"), parse_number("1,234.56"), parse_number("1.234", "de")
    (1234.56, 1234.56, 1234)
    """
    if isinstance(value, bool):
        raise ValueError(value)  # noqa: TRY004 - callers ask for one kind of error
    if isinstance(value, int):
        return value
    if isinstance(value, float):
        return _whole(value)
    if not isinstance(value, str):
        raise ValueError(value)  # noqa: TRY004 - as above
    digits = _UNITS.sub("", value).replace("−", "-")
    if len(digits) > 40 or not _NUMBER.fullmatch(digits):
        raise ValueError(value)
    return _whole(float(_with_point(digits, lang)))


def _with_point(digits: str, lang: str) -> str:
    """Return digits with a decimal point only."""
    dot, comma = digits.rfind("."), digits.rfind(",")
    if dot < 0 and comma < 0:
        return digits
    if dot >= 0 and comma >= 0:
        decimal, thousands = (".", ",") if dot > comma else (",", ".")
        if digits.count(decimal) > 1:
            raise ValueError(digits)
        _check_groups(digits.split(decimal, maxsplit=1)[0], thousands)
        return digits.replace(thousands, "").replace(decimal, ".")
    mark = "." if dot >= 0 else ","
    if digits.count(mark) > 1:
        _check_groups(digits, mark)
        return digits.replace(mark, "")
    head, _mark, tail = digits.partition(mark)
    groups = len(tail) == 3 and head.lstrip("+-") not in {"", "0"}
    is_thousands = groups and (mark == ".") == (lang == "de")
    return digits.replace(mark, "" if is_thousands else ".")


def _check_groups(digits: str, mark: str) -> None:
    first, *rest = digits.lstrip("+-").split(mark)
    if not 1 <= len(first) <= 3 or any(len(group) != 3 for group in rest):
        raise ValueError(digits)


def _whole(value: float) -> int | float:
    return int(value) if value.is_integer() and abs(value) < 2**53 else value


def parse_month(value: Any) -> str:
    """Read a month as ``YYYY-MM``: a date cell, ``2028-12``, ``12/2028`` or ``31.12.2028``.

    Raises
    ------
    ValueError
        When it is no month.
    """
    if isinstance(value, date):
        return f"{value:%Y-%m}"
    if isinstance(value, str):
        for pattern in _MONTH:
            match = pattern.fullmatch(value.strip())
            if match:
                return f"{date(int(match['year']), int(match['month']), 1):%Y-%m}"
    raise ValueError(value)


def parse_day(value: Any) -> str:
    """Read a day as ``YYYY-MM-DD``: a date cell, ``2028-12-31`` or ``31.12.2028``.

    Raises
    ------
    ValueError
        When it is no day.
    """
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        for pattern in _DAY:
            match = pattern.fullmatch(value.strip())
            if match:
                return date(int(match["year"]), int(match["month"]), int(match["day"])).isoformat()
    raise ValueError(value)
