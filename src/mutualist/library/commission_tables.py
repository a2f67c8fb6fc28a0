"""Tables that commissions are computed from: levels and invoices, every wrong row told."""

from __future__ import annotations

import datetime as dt
import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

from mutualist.domain.programme.commission import NO_LEVEL, CommissionError, Invoice
from mutualist.domain.programme.commission.money import exact, is_currency, read_amount
from mutualist.domain.shared.errors import MutualistError
from mutualist.library.csvfile import table_of
from mutualist.library.errors import FileError
from mutualist.library.files import MAX_TABLE, name_of, read_text
from mutualist.library.words import N_, text

LEVEL_COLUMNS: Final = ("partner", "from", "level")
_SHARE: Final = re.compile(r"(?P<name>.*\S)\s+(?P<share>[\d.,/]+)\s*%")


@dataclass(frozen=True, slots=True)
class RowMistake:
    """Something wrong in a row of a table; the heading is row 1."""

    file: str
    row: int
    said: str
    values: Mapping[str, Any] = field(default_factory=dict)
    error: CommissionError | None = None

    def message(self, lang: str = "en") -> str:
        """Return where and what, in ``de`` or ``en``."""
        where = text(N_("{file}, row {row}"), lang, file=self.file, row=self.row)
        what = self.error.message(lang) if self.error else text(self.said, lang, **self.values)
        return f"{where}: {what}"


class RowsError(MutualistError):
    """Tables that cannot be computed, with every row that is wrong."""

    def __init__(self, mistakes: Iterable[RowMistake]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__(self.message())

    def message(self, lang: str = "en") -> str:
        """Return all mistakes, one a line."""
        return "\n".join(one.message(lang) for one in self.mistakes)


class Levels:
    """Which level each partner held since when."""

    def __init__(self, rows: Iterable[tuple[str, dt.date, str]] = ()) -> None:
        self._since: dict[str, list[tuple[dt.date, str]]] = defaultdict(list)
        for partner, since, level in rows:
            self._since[partner].append((since, level))
        for held in self._since.values():
            held.sort()

    def on(self, partner: str, day: dt.date) -> str:
        """Return the level a partner held on a day; the one before its first entry is none."""
        held = self._since.get(partner, [])
        at = bisect_right(held, day, key=lambda one: one[0])
        return held[at - 1][1] if at else NO_LEVEL


def read_levels(source: str | Path) -> Levels:
    """Read a CSV file with the columns ``partner``, ``from`` and ``level``; an empty level is none.

    Raises
    ------
    RowsError
        With every row that cannot be read.
    """
    file = name_of(source)
    heads, cells = table_of(read_text(source, MAX_TABLE), file)
    if missing := [name for name in LEVEL_COLUMNS if name not in heads]:
        raise FileError(
            N_("The first row lacks these columns: {columns}."),
            file=file,
            columns=", ".join(missing),
        )
    mistakes: list[RowMistake] = []
    rows: dict[tuple[str, dt.date], str] = {}
    for at, found in cells:
        row = dict(zip(heads, found, strict=False))
        partner, since, level = (row.get(name, "").strip() for name in LEVEL_COLUMNS)
        try:
            day = _day(since)
        except ValueError:
            mistakes.append(RowMistake(file, at, NO_DAY, {"value": since}))
            continue
        if not partner:
            mistakes.append(RowMistake(file, at, N_("The partner is missing.")))
        if rows.setdefault((partner, day), level or NO_LEVEL) != (level or NO_LEVEL):
            said = N_("{partner} has two levels from {day} on.")
            mistakes.append(RowMistake(file, at, said, {"partner": partner, "day": since}))
    if mistakes:
        raise RowsError(mistakes)
    return Levels((partner, day, level) for (partner, day), level in rows.items())


NO_DAY: Final = N_("“{value}” is no day. Write it as 2026-11-22 or 22.11.2026.")


def _day(value: str) -> dt.date:
    parts = value.split(".")
    if len(parts) == 3:
        day, month, year = map(int, parts)
        return dt.date(year, month, day)
    return dt.date.fromisoformat(value)


def bytes_of(source: str) -> bytes:
    """Return a table as it stands in its file."""
    if not source.lower().endswith(".xlsx"):
        return read_text(source).encode()
    try:
        return Path(source).read_bytes()
    except OSError as error:
        raise FileError(
            N_("It cannot be read: {reason}."), file=name_of(source), reason=error.strerror or "?"
        ) from None


class RowError(Exception):
    """A cell that cannot be read."""

    def __init__(self, said: str, **values: Any) -> None:
        super().__init__(said)
        self.said, self.values = said, values


def invoice_of(row: Mapping[str, str]) -> tuple[Invoice, tuple[tuple[str, Fraction], ...]]:
    """Return the invoice of a row, and who is credited for which share."""
    for name in ("number", "day", "amount", "product", "partner"):
        if not row.get(name):
            raise RowError(N_("The column {column} is empty."), column=name)
    currency = row.get("currency", "EUR").upper()
    if not is_currency(currency):
        raise RowError(
            N_("“{value}” is no currency. Write three letters, such as EUR."), value=currency
        )
    units, months = exact(row.get("units", "1")), row.get("months", "1")
    if units is None or units <= 0:
        raise RowError(N_("“{value}” is no number of units."), value=row["units"])
    if not months.isdecimal():
        raise RowError(N_("“{value}” is no number of months."), value=months)
    invoice = Invoice(
        row["number"],
        _needed_day(row["day"]),
        read_amount(row["amount"], currency, "amount"),
        currency,
        row["product"],
        subscription=row.get("subscription", ""),
        customer=row.get("customer", ""),
        months=int(months),
        covers_from=_needed_day(row["covers_from"]) if row.get("covers_from") else None,
        units=units,
        marks=frozenset(one.strip() for one in row.get("marks", "").split(",") if one.strip()),
    )
    return invoice, _credited(row["partner"])


def _needed_day(value: str) -> dt.date:
    try:
        return _day(value)
    except ValueError:
        raise RowError(NO_DAY, value=value) from None


def _credited(value: str) -> tuple[tuple[str, Fraction], ...]:
    """Read ``Tauwerk`` or ``Tauwerk 60 % | Grauwerk 40 %``; without shares several have equal ones."""
    parts = [part.strip() for part in re.split(r"[|\n]", value) if part.strip()]
    found: list[tuple[str, Fraction | None]] = []
    for part in parts:
        match = _SHARE.fullmatch(part)
        found.append((match["name"], _percent(match["share"])) if match else (part, None))
    given = [share for _name, share in found if share is not None]
    if given and len(given) < len(found):
        raise RowError(
            N_("Give each partner a share, or none of them: {value}."), value=value[:100]
        )
    equal = Fraction(1, len(found)) if found else Fraction(1)
    return tuple((name, equal if share is None else share) for name, share in found)


def _percent(value: str) -> Fraction:
    whole, _slash, part = value.partition("/")
    number, below = exact(whole), exact(part) if part else Fraction(1)
    if number is None or not below:
        raise RowError(
            N_("{value} % is no share. Write 60 % or 33.3 %, for thirds 100/3 %."), value=value
        )
    return number / below / 100
