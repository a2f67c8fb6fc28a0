"""One box of the form of a whole venture: how a value is written into it, and read out of it again."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from mutualist.apps.core.numbers import NotANumberError, format_number, parse_number
from mutualist.apps.ventures.described import share_of
from mutualist.apps.ventures.words import language

#: What may stand between the numbers of a list.
_BETWEEN = re.compile(r"[;\s]+")
_BETWEEN_PERIODS = re.compile(r"[;,\s]+")


@dataclass(frozen=True, slots=True)
class Box:
    """What is asked of an entry, and how.

    Attributes
    ----------
    key
        Where the value stands in the entry, such as ``amount`` or ``business.mean``.
    kind
        ``text``, ``number``, ``percent``, ``whole``, ``formula``, ``periods``, ``numbers``, ``choice``, ``yes``, ``columns``,
        ``rows``, ``tiers``; ``party`` chooses one, ``drivers``, ``lines``, ``terms`` and ``profiles`` some of a section.
    unit
        What stands behind the box; ``money`` becomes the sign of the currency.
    more
        Whether it is rarely needed and folded away while it is empty.
    turns
        Whether choosing another value changes which boxes there are.
    """

    key: str
    label: Any
    kind: str = "text"
    hint: Any = ""
    choices: tuple[tuple[str, Any], ...] = ()
    unit: str = ""
    more: bool = False
    wide: bool = False
    turns: bool = False


#: Kinds that are several names of a section; what is posted is a list.
SEVERAL = frozenset({"lines", "terms", "profiles"})


class UnreadableError(ValueError):
    """What was typed cannot be read; the text says why and what to write instead."""


def shown(kind: str, value: Any) -> str | list[str]:
    """Return what stands in a box for a value, in the reader's language."""
    if kind in SEVERAL:
        return [value] if isinstance(value, str) else [str(one) for one in value or ()]
    if value is None:
        return ""
    write = _WRITERS.get(kind)
    if write is not None:
        return write(value)
    return _plain(value)


def read(kind: str, typed: str) -> Any:
    """Return the value of what was typed; None where nothing was.

    Raises
    ------
    UnreadableError
        With a sentence for whoever typed it.
    """
    text = typed.strip()
    if not text:
        return None
    reader = _READERS.get(kind)
    return reader(text) if reader else text


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return format_number(value, language()) if isinstance(value, int | float) else str(value)


def _number(text: str) -> float:
    try:
        return parse_number(text, language())
    except NotANumberError:
        said = _("“%(value)s” is no number. Write it as 1200 or 0.5.") % {"value": text}
        raise UnreadableError(said) from None


def _whole(text: str) -> int:
    number = _number(text)
    if number != int(number):
        said = _("“%(value)s” is no whole number. Write it as 4 or 12.") % {"value": text}
        raise UnreadableError(said)
    return int(number)


def _share(text: str) -> float:
    """Read per cent, with or without its sign."""
    return round(_number(text.removesuffix("%")) / 100, 9)


def _formula(text: str) -> Any:
    """Read a plain number as the reader writes numbers, anything else as a formula."""
    try:
        return parse_number(text, language())
    except NotANumberError:
        return text


def _periods(text: str) -> list[int]:
    return [_whole(part) for part in _BETWEEN_PERIODS.split(text) if part]


def _numbers(text: str) -> list[float]:
    return [_number(part) for part in _BETWEEN.split(text) if part]


def _cells(text: str) -> list[list[str]]:
    lines = (line.strip() for line in text.splitlines())
    return [[cell.strip() for cell in line.split(";")] for line in lines if line]


def _columns(text: str) -> dict[str, str]:
    return {cells[0]: cells[1] if len(cells) > 1 else "" for cells in _cells(text)}


def _rows(text: str) -> list[list[Any]]:
    """Read lines such as ``boom; 25 %; 1.15``: name, likelihood, one figure a column."""
    found: list[list[Any]] = []
    for cells in _cells(text):
        if len(cells) < 2:
            said = _(
                "“%(value)s” is no row. Write name; likelihood; figure, as in boom; 25 %; 1.15."
            )
            raise UnreadableError(said % {"value": "; ".join(cells)})
        found.append([cells[0], _share(cells[1]), *(_number(cell) for cell in cells[2:])])
    return found


def _tiers(text: str) -> list[tuple[float | None, float]]:
    """Read lines such as ``2000; 120``: up to, rate; the last line may hold a rate alone."""
    found: list[tuple[float | None, float]] = []
    for cells in _cells(text):
        rate = _share(cells[-1]) if cells[-1].endswith("%") else _number(cells[-1])
        limit = _number(cells[0]) if len(cells) > 1 and cells[0] else None
        found.append((limit, rate))
    return found


def _write_percent(value: Any) -> str:
    share = share_of(value)
    return _plain(value) if share is None else _plain(_clean(round(100 * share, 9)))


def _clean(value: float) -> float:
    return int(value) if value == int(value) else value


def _write_list(value: Any) -> str:
    entries = value if isinstance(value, list | tuple) else [value]
    return "; ".join(_plain(one) for one in entries)


def _write_columns(value: Any) -> str:
    return "\n".join(f"{name}; {unit}".removesuffix("; ") for name, unit in dict(value).items())


def _write_rows(value: Any) -> str:
    return "\n".join(_write_row(row) for row in value if isinstance(row, Mapping))


def _write_row(row: Mapping[str, Any]) -> str:
    figures = [_plain(v) for key, v in row.items() if key not in {"name", "probability"}]
    share = f"{_write_percent(row.get('probability', 0))} %"
    return "; ".join([str(row.get("name", "")), share, *figures])


def _write_tiers(value: Any) -> str:
    found = []
    for tier in value:
        rate = f"{_write_percent(tier['share'])} %" if "share" in tier else _plain(tier["price"])
        found.append(f"{_plain(tier['up_to'])}; {rate}" if "up_to" in tier else rate)
    return "\n".join(found)


_WRITERS: Mapping[str, Callable[[Any], str]] = {
    "percent": _write_percent,
    "periods": _write_list,
    "numbers": _write_list,
    "columns": _write_columns,
    "rows": _write_rows,
    "tiers": _write_tiers,
    "yes": lambda value: "yes" if value else "",
}
_READERS: Mapping[str, Callable[[str], Any]] = {
    "number": _number,
    "whole": _whole,
    "percent": _share,
    "formula": _formula,
    "periods": _periods,
    "numbers": _numbers,
    "columns": _columns,
    "rows": _rows,
    "tiers": _tiers,
    "yes": bool,
}


def table_rows(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> list[dict[str, Any]]:
    """Return the rows of a table as they stand in a file; what is too few or too many is left to its check."""
    found = []
    for name, likelihood, *figures in rows:
        row: dict[str, Any] = {"name": name} if name else {}
        row["probability"] = likelihood
        names = [*columns, *(f"column_{at}" for at in range(len(columns) + 1, len(figures) + 1))]
        found.append(row | dict(zip(names, figures, strict=False)))
    return found
