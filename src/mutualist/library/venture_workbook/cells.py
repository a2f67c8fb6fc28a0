"""Single cells of the workbook of a venture: from a value of the file to a cell, and back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from mutualist.library.venture_workbook.layout import SheetColumn
from mutualist.library.words import N_
from mutualist.library.workbook.cells import guard, parse_number, unguard
from mutualist.library.workbook.parsing import parse_text

_PERCENT: Final = re.compile(r"-?\d+(?:[.,]\d+)?\s*%")
_TRUE: Final = frozenset({"x", "✓", "ja", "yes", "true", "wahr", "1"})
#: What is said about a cell that can't be read, by how it is meant.
EXPECTED: Final = {
    "number": N_("{value} is no number. Write 1234.5 or 1.234,50."),
    "rate": N_("{value} is no number. Write 1234.5 or 1.234,50."),
    "share": N_("{value} is no share. Write 30 % or 0.3."),
    "numbers": N_("{value} is no list of numbers. Write 1; 2; 3."),
    "truth": N_("{value} is no tick. Write x or leave the cell empty."),
    "parts": N_("{value} can't be read. Write name 0.3; other -0.2."),
    "stakes": N_("{value} can't be read. Write A 60 %; B 40 %."),
    "tiers": N_("{value} can't be read. Write 500000: 12 %; 8 %."),
}


def shown(column: SheetColumn, value: Any) -> Any:  # noqa: PLR0911 - one return a kind of cell
    """Return what a cell shows of a value of the file."""
    if value is None:
        return None
    match column.kind:
        case "share":
            return _part(value)
        case "names" | "numbers":
            listed = [value] if isinstance(value, str | int | float) else value
            if column.kind == "numbers" and len(listed) == 1:
                return listed[0]
            return "; ".join(str(one) for one in listed)
        case "truth":
            return "x" if value else None
        case "parts":
            return "; ".join(f"{name} {rank}" for name, rank in value.items())
        case "stakes":
            return "; ".join(f"{party} {_said(stake)}" for party, stake in value.items())
        case "tiers":
            return "; ".join(_tier(one) for one in value)
    return guard(value) if isinstance(value, str) else value


def _part(value: Any) -> Any:
    """Return a share as a number; percent is how the cell shows it."""
    if isinstance(value, str) and _PERCENT.fullmatch(value.strip()):
        return round(float(value.strip(" %").replace(",", ".")) / 100, 12)
    return value


def _said(value: Any) -> str:
    return value if isinstance(value, str) else f"{100 * value:.12g} %"


def _tier(tier: Mapping[str, Any]) -> str:
    rate = _said(tier["share"]) if "share" in tier else str(tier.get("price", ""))
    return f"{tier['up_to']:.15g}: {rate}" if tier.get("up_to") is not None else rate


def meant(  # noqa: C901, PLR0911 - one case a kind of cell
    column: SheetColumn, value: Any, lang: str, *, rate: str = "share"
) -> Any:
    """Return the value of the file that a cell stands for.

    Parameters
    ----------
    column
        How the cell is meant.
    value
        What stands there, not empty.
    lang
        Of the workbook, for ``1.234``.
    rate
        What a tier has besides its limit: share or price.

    Raises
    ------
    ValueError
        When it stands for nothing.
    """
    if isinstance(value, str):
        value = unguard(value.strip())
    match column.kind:
        case "number" | "rate":
            return _number(value, lang, percent=column.kind == "rate")
        case "share":
            return _number(value, lang, percent=True)
        case "formula":
            return _formula(value)
        case "names":
            return _listed(parse_text(value))
        case "numbers":
            words = [value] if not isinstance(value, str) else _listed(value)
            return [_number(word, lang) for word in words]
        case "truth":
            if str(value).casefold() not in _TRUE:
                raise ValueError(value)
            return True
        case "parts" | "stakes":
            return _parts(parse_text(value), lang)
        case "tiers":
            return [_tier_of(word, lang, rate) for word in _listed(parse_text(value))]
    return parse_text(value)


def _number(value: Any, lang: str, *, percent: bool = False) -> int | float:
    if isinstance(value, str) and "%" in value:
        if not percent:
            raise ValueError(value)
        return round(parse_number(value, lang) / 100, 12)
    return parse_number(value, lang)


def _formula(value: Any) -> Any:
    """Return a formula; a sign of equality before it is a habit of spreadsheets."""
    if isinstance(value, bool):
        raise ValueError(value)  # noqa: TRY004 - callers ask for one kind of error
    return value.removeprefix("=").strip() if isinstance(value, str) else value


def _listed(text: str) -> list[str]:
    return [word.strip() for word in text.replace("\n", ";").split(";") if word.strip()]


def _parts(text: str, lang: str) -> dict[str, int | float]:
    found: dict[str, int | float] = {}
    for word in _listed(text):
        name, _space, figure = word.partition(" ")
        if name in found:
            raise ValueError(text)
        found[name] = _number(figure.strip(), lang, percent=True)
    return found


def _tier_of(text: str, lang: str, rate: str) -> dict[str, int | float]:
    limit, colon, figure = text.rpartition(":")
    paid = _number(figure.strip(), lang, percent=rate == "share")
    return {"up_to": _number(limit.strip(), lang), rate: paid} if colon else {rate: paid}
