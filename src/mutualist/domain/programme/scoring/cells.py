"""Single values of facts: from what stands in a file to what formulas see."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import cache
from importlib.resources import files
from typing import Any, Literal, cast

import yaml

from mutualist.domain.programme.rules.model import Field
from mutualist.domain.programme.rules.trees import Value

Point = Literal[".", ",", ""]
MAX_TEXT = 500
MAX_NUMBER = 10**18
_NUMBER = re.compile(r"[+-]?(\d{1,3}(?:([.,' ])\d{3})+|\d+)(?:([.,])(\d+))?")
_GROUPED = re.compile(r"[+-]?\d{1,3}[.,]\d{3}")
_GERMAN_DAY = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_YES = frozenset({"true", "yes", "ja", "wahr", "1", "x"})
_NO = frozenset({"false", "no", "nein", "falsch", "0"})


@cache
def texts() -> Mapping[str, Mapping[str, str]]:
    """Return the sentences by code and language."""
    content = files("mutualist.domain.programme").joinpath("data", "fact_problems.yaml")
    return cast(
        "Mapping[str, Mapping[str, str]]", yaml.safe_load(content.read_text("utf-8"))["problems"]
    )


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with a value, for :class:`.check.FactProblem`."""

    code: str
    values: Mapping[str, object] = field(default_factory=dict, hash=False)


def point_of(values: Iterable[object]) -> Point:
    """Return which sign stands before the decimals in a column; empty if none of its numbers says so.

    Examples
    --------
    >>> point_of(["1.440", "7,5"]), point_of(["1.440", "0.25"]), point_of(["1.440"])
    (',', '.', '')
    """
    for value in values:
        text = str(value).strip()
        found = _NUMBER.fullmatch(text)
        if found is None or _GROUPED.fullmatch(text):
            continue
        if found[3]:
            return cast("Point", found[3])
        if found[2] in {".", ","}:
            return "," if found[2] == "." else "."
    return ""


def read_cell(raw: object, field: Field, point: Point = "") -> Value | Wrong:
    """Return the value of a field; None where nothing stands.

    Parameters
    ----------
    raw
        A text of a CSV file, or what JSON and a workbook give.
    point
        What stands before the decimals in this column, if the file says so.

    Examples
    --------
    >>> read_cell("1.234,56", Field("amount", "money", 2))
    Fraction(30864, 25)
    """
    if raw is None or (isinstance(raw, str) and not raw.strip()):
        return None
    if field.value_kind == "number":
        return _number(raw, field, point)
    if field.kind == "date":
        return _day(raw)
    if field.kind == "flag":
        return _flag(raw)
    return _text(raw)


def _text(raw: object) -> str | Wrong:
    if isinstance(raw, bool) or not isinstance(raw, str | int | float | Decimal):
        return Wrong("not_a_text", {"value": raw})
    text = str(raw).strip()
    if len(text) > MAX_TEXT:
        return Wrong("too_long", {"value": len(text), "known": MAX_TEXT})
    return text


def _flag(raw: object) -> bool | Wrong:
    if isinstance(raw, bool):
        return raw
    word = str(raw).strip().lower()
    if word in _YES or word in _NO:
        return word in _YES
    return Wrong("not_a_flag", {"value": raw})


def _day(raw: object) -> dt.date | Wrong:
    if isinstance(raw, dt.datetime):
        return raw.date()
    if isinstance(raw, dt.date):
        return raw
    text = str(raw).strip()
    german = _GERMAN_DAY.fullmatch(text)
    try:
        if german:
            return dt.date(int(german[3]), int(german[2]), int(german[1]))
        return dt.date.fromisoformat(text)
    except ValueError:
        return Wrong("not_a_day", {"value": raw})


def _number(raw: object, field: Field, point: Point) -> Fraction | Wrong:
    number = _exact(raw, point)
    if number is None:
        return Wrong("not_a_number", {"value": raw})
    if isinstance(number, Wrong):
        return number
    if abs(number) >= MAX_NUMBER:
        return Wrong("too_large", {"value": raw})
    if (number * 10**field.decimals).denominator != 1:
        return Wrong("too_fine", {"value": raw, "known": field.decimals})
    return number


def _exact(raw: object, point: Point) -> Fraction | Wrong | None:
    if isinstance(raw, bool):
        return None
    if isinstance(raw, int | Fraction):
        return Fraction(raw)
    if isinstance(raw, float | Decimal):
        number = Decimal(repr(raw)) if isinstance(raw, float) else raw
        return Fraction(number) if number.is_finite() else None
    return _exact_text(raw, point) if isinstance(raw, str) else None


def _exact_text(raw: str, point: Point) -> Fraction | Wrong | None:
    text = raw.strip().replace("−", "-").replace("\u00a0", " ").replace("\u202f", " ")
    found = _NUMBER.fullmatch(text)
    if found is None or len(text) > 60:
        return None
    if _GROUPED.fullmatch(text):
        sign: Any = "," if "," in text else "."
        if not point:
            return Wrong("two_meanings", {"value": raw})
        return Fraction(text.replace(sign, "." if sign == point else ""))
    if found[3] and found[3] == found[2]:
        return None
    if point and point in {found[2]} | ({found[3]} - {point, None}):
        return None
    whole = found[1]
    for sign in (".", ",", "'", " "):
        whole = whole.replace(sign, "")
    number = Fraction(f"{whole}.{found[4]}" if found[4] else whole)
    return -number if text.startswith("-") else number
