"""Enquiries from a table."""

from __future__ import annotations

import csv
import io

from mutualist.apps.enquiries.actions import Wish
from mutualist.library.routing_tables import RowProblem, TableError
from mutualist.library.words import N_
from mutualist.library.workbook.cells import unguard

COLUMNS = (
    *("external_id", "company", "person", "email", "phone", "country", "postal_code"),
    *("abilities", "certificate", "language", "level", "text"),
)
MAX_BYTES = 2_000_000
MAX_ROWS = 2_000
NAME = "CSV"


def _problem(row: int, column: str, said: str, **values: object) -> TableError:
    return TableError([RowProblem(NAME, row, column, said, values)])


def read_wishes(data: bytes) -> list[tuple[int, Wish]]:
    r"""Return the enquiries of a CSV or XLSX file with their rows; several abilities stand with a bar between.

    Raises
    ------
    TableError
        If the file is no table, too large, or has a column that is not known.

    Examples
    --------
    >>> read_wishes(b"country;postal_code;abilities\nDE;70173;iot|ai")[0][1].abilities
    ('iot', 'ai')
    """
    if len(data) > MAX_BYTES:
        raise _problem(
            1,
            "–",
            N_("The file is larger than {size} MB. Send it in parts."),
            size=MAX_BYTES // 10**6,
        )
    rows = _from_workbook(data) if data[:2] == b"PK" else _from_text(data)
    heads = [head.strip().lower() for head in rows[0]] if rows else []
    while heads and not heads[-1]:
        # A workbook fills its rows up.
        heads.pop()
    for head in heads:
        if head not in COLUMNS:
            said = N_("There is no such column. Possible are: {known}.")
            raise _problem(1, head[:40] or "–", said, known=", ".join(COLUMNS))
    for needed in ("country", "postal_code"):
        if needed not in heads:
            raise _problem(1, needed, N_("The column is missing."))
    if len(rows) > MAX_ROWS + 1:
        said = N_("The file has more than {rows} rows. Send it in parts.")
        raise _problem(MAX_ROWS + 2, "–", said, rows=MAX_ROWS)
    return [
        (at, _wish(dict(zip(heads, map(unguard, row), strict=False))))
        for at, row in enumerate(rows[1:], 2)
        if any(cell.strip() for cell in row)
    ]


def _from_text(data: bytes) -> list[list[str]]:
    try:
        content = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        content = data.decode("cp1252", errors="replace")
    sign = ";" if content.partition("\n")[0].count(";") else ","
    reader = csv.reader(io.StringIO(content, newline=""), delimiter=sign, strict=True)
    try:
        return list(reader)
    except csv.Error as error:
        said = N_("The CSV file cannot be read: check the quotes in line {line}.")
        raise _problem(reader.line_num, "–", said, line=reader.line_num) from error


def _from_workbook(data: bytes) -> list[list[str]]:
    from mutualist.library.workbook.archive import open_workbook

    try:
        sheet = open_workbook(data, values=True, read_only=True).worksheets[0]
        rows = sheet.iter_rows(max_row=MAX_ROWS + 2, max_col=len(COLUMNS), values_only=True)
        return [list(map(_cell, row)) for row in rows]
    except Exception as error:
        # The parser raises whatever it meets while rows are read.
        said = N_("This file is not an Excel workbook (.xlsx).")
        raise _problem(1, "–", said) from error


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _wish(cells: dict[str, str]) -> Wish:
    abilities = tuple(cells.pop("abilities", "").split("|"))
    country, code = cells.pop("country", "").strip(), cells.pop("postal_code", "").strip()
    if country.upper() == "DE" and len(code) == 4 and code.isdigit():
        # A spreadsheet takes 01067 for a number and drops its zero.
        code = code.zfill(5)
    return Wish(
        country=country,
        postal_code=code,
        abilities=abilities,
        **cells,
    )
