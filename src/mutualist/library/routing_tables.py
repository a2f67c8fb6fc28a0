"""Read partners and enquiries from tables: every cell that cannot be read is told by its row and column."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mutualist.domain.programme.routing import Enquiry, Partner
from mutualist.domain.shared.errors import MutualistError
from mutualist.library.csvfile import table_of
from mutualist.library.errors import FileError
from mutualist.library.files import MAX_TABLE, name_of, read_text
from mutualist.library.places import UnknownPlaceError, place_of
from mutualist.library.words import N_, text

PARTNER_COLUMNS = (
    *("id", "name", "country", "postal_code", "abilities", "certificates", "languages", "serves"),
    *("level", "capacity", "load", "recent", "answered", "active"),
)
ENQUIRY_COLUMNS = (
    *("id", "country", "postal_code", "abilities", "certificate", "language", "level", "day"),
    "declined",
)


@dataclass(frozen=True, slots=True)
class RowProblem:
    """Something wrong in a table: file, row (the heading is row 1), column, and the sentence."""

    file: str
    row: int
    column: str
    said: str
    values: Mapping[str, Any]

    def message(self, lang: str = "en") -> str:
        """Return where and what, in ``de`` or ``en``."""
        values = dict(self.values)
        if isinstance(values.get("place"), UnknownPlaceError):
            values["place"] = values["place"].message(lang)
        where = text(
            N_("{file}, row {row}, {column}"),
            lang,
            file=self.file,
            row=self.row,
            column=self.column,
        )
        return f"{where}: {text(self.said, lang, **values)}"


class TableError(MutualistError):
    """Tables that cannot be routed, with everything that is wrong with them."""

    def __init__(self, problems: Iterable[RowProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__(self.message())

    def message(self, lang: str = "en") -> str:
        """Return all problems, one a line."""
        return "\n".join(problem.message(lang) for problem in self.problems)


class _Rows:
    """One table being read; every getter notes what it cannot read."""

    def __init__(self, source: str | Path, known: Sequence[str]) -> None:
        self.file = name_of(source)
        self.problems: list[RowProblem] = []
        heads, rows = table_of(read_text(source, MAX_TABLE), self.file)
        for head in heads:
            if head not in known:
                self._note(
                    1,
                    head,
                    N_("There is no such column. Possible are: {known}."),
                    known=", ".join(known),
                )
        if "id" not in heads:
            self._note(1, "id", N_("The column is missing."))
        cells = [(at, dict(zip(heads, row, strict=False))) for at, row in rows]
        self.rows = [] if self.problems else cells
        self._once()

    def _note(self, row: int, column: str, said: str, **values: Any) -> None:
        self.problems.append(RowProblem(self.file, row, column, said, values))

    def _once(self) -> None:
        seen: dict[str, int] = {}
        for at, row in self.rows:
            name = (row.get("id") or "").strip()
            if not name:
                self._note(at, "id", N_("The id is missing."))
            elif name in seen:
                said = N_("The id {value} stands in row {first} already.")
                self._note(at, "id", said, value=name, first=seen[name])
            seen.setdefault(name, at)

    def read(
        self, at: int, row: Mapping[str, Any], column: str, make: Callable[[str], Any], said: str
    ) -> Any:
        """Return what a cell holds; None where it is empty or cannot be read."""
        value = (row.get(column) or "").strip()
        if not value:
            return None
        try:
            return make(value)
        except UnknownPlaceError as error:
            self._note(at, column, N_("{place}"), place=error)
        except ValueError:
            self._note(at, column, said, value=value[:80])
        return None

    def whole(self, at: int, row: Mapping[str, Any], column: str) -> int | None:
        """Return a whole number from 0 on."""
        found: int | None = self.read(
            at, row, column, _whole, N_("{value} is no whole number from 0 on.")
        )
        return found

    def place(self, at: int, row: Mapping[str, Any]) -> Any:
        """Return where somebody is; None where no code stands."""
        country = (row.get("country") or "DE").strip()
        return self.read(at, row, "postal_code", lambda code: place_of(country, code), "")


def _whole(value: str) -> int:
    found = int(value)
    if found < 0:
        raise ValueError(value)
    return found


def _share(value: str) -> float:
    cut = value.removesuffix("%").strip().replace(",", ".")
    found = float(cut) / (100 if value.endswith("%") else 1)
    if not 0 <= found <= 1:
        raise ValueError(value)
    return found


def _flag(value: str) -> bool:
    known = {
        "yes": True,
        "ja": True,
        "1": True,
        "true": True,
        "no": False,
        "nein": False,
        "0": False,
        "false": False,
    }
    if value.casefold() not in known:
        raise ValueError(value)
    return known[value.casefold()]


def _several(value: str | None) -> frozenset[str]:
    marks = (value or "").replace("|", ",").replace(";", ",")
    return frozenset(part.strip() for part in marks.split(",") if part.strip())


def _certificates(value: str | None) -> dict[str, dt.date | None]:
    found: dict[str, dt.date | None] = {}
    for part in _several(value):
        name, _colon, until = part.partition(":")
        found[name.strip()] = dt.date.fromisoformat(until.strip()) if until.strip() else None
    return found


def read_partners(source: str | Path) -> list[Partner]:
    """Read partners from a CSV file with the columns :data:`PARTNER_COLUMNS`; only ``id`` has to be there.

    Several values in a cell stand with a bar between: ``iot|ai``; certificates with their last day:
    ``C-1:2027-03-31``.

    Raises
    ------
    TableError
        With every cell that cannot be read.
    """
    table = _Rows(source, PARTNER_COLUMNS)
    found = [_partner(table, at, row) for at, row in table.rows]
    if table.problems:
        raise TableError(table.problems)
    if not found:
        raise FileError(N_("There is no partner in it."), file=table.file)
    return found


def _partner(table: _Rows, at: int, row: Mapping[str, Any]) -> Partner:
    id_ = (row.get("id") or "").strip()
    certificates = table.read(
        at,
        row,
        "certificates",
        _certificates,
        N_("{value} cannot be read. Write C-1:2027-03-31|C-2."),
    )
    answered = table.read(
        at, row, "answered", _share, N_("{value} is no share. Write 0.8 or 80 %.")
    )
    active = table.read(at, row, "active", _flag, N_("{value} is neither yes nor no."))
    return Partner(
        id_,
        (row.get("name") or "").strip() or id_,
        table.place(at, row),
        abilities=_several(row.get("abilities")),
        certificates=certificates or {},
        languages=_several(row.get("languages")),
        serves=frozenset(one.upper() for one in _several(row.get("serves"))),
        level=table.whole(at, row, "level") or 0,
        capacity=table.whole(at, row, "capacity"),
        load=table.whole(at, row, "load") or 0,
        recent=table.whole(at, row, "recent") or 0,
        answered=answered,
        active=active is not False,
    )


def read_enquiries(source: str | Path) -> list[Enquiry]:
    """Read enquiries from a CSV file with the columns :data:`ENQUIRY_COLUMNS`; only ``id`` has to be there.

    Raises
    ------
    TableError
        With every cell that cannot be read.
    """
    table = _Rows(source, ENQUIRY_COLUMNS)
    found = [
        Enquiry(
            (row.get("id") or "").strip(),
            table.place(at, row),
            (row.get("country") or "").strip().upper(),
            abilities=_several(row.get("abilities")),
            certificate=(row.get("certificate") or "").strip(),
            language=(row.get("language") or "").strip(),
            level=table.whole(at, row, "level") or 0,
            day=table.read(
                at, row, "day", dt.date.fromisoformat, N_("{value} is no day. Write 2026-11-23.")
            ),
            declined=_several(row.get("declined")),
        )
        for at, row in table.rows
    ]
    if table.problems:
        raise TableError(table.problems)
    return found
