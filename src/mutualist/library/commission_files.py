"""Tables of commissions as files: invoices in (CSV, XLSX), statements and journals out."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from mutualist.library.errors import FileError
from mutualist.library.words import N_
from mutualist.library.workbook.archive import open_workbook
from mutualist.library.workbook.cells import guard, unguard

MAX_BYTES: Final = 5_000_000
MAX_ROWS: Final = 5_000
#: Names of columns, as people write them; the first is ours.
COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "number": ("number", "invoice", "nummer", "rechnung", "rechnungsnummer", "invoice number"),
    "day": ("day", "date", "datum", "rechnungsdatum", "invoice date"),
    "amount": ("amount", "net", "betrag", "netto", "nettobetrag"),
    "currency": ("currency", "währung", "waehrung"),
    "product": ("product", "produkt", "artikel"),
    "partner": ("partner", "partners"),
    "subscription": ("subscription", "abonnement", "abo", "vertrag", "contract"),
    "customer": ("customer", "kunde"),
    "months": ("months", "monate"),
    "covers_from": ("covers_from", "covers from", "leistung ab", "ab"),
    "units": ("units", "menge", "anzahl", "quantity"),
    "marks": ("marks", "merkmale", "kennzeichen"),
}
REQUIRED: Final = ("number", "day", "amount", "product", "partner")
_NAMES: Final = {alias: name for name, aliases in COLUMNS.items() for alias in aliases}


def read_invoice_rows(data: bytes, name: str) -> list[tuple[int, dict[str, str]]]:
    r"""Return the rows of a file of invoices as text, with their row in the file (the heading is row 1).

    Raises
    ------
    FileError
        If the file is no table, too large, or lacks a column.

    Examples
    --------
    >>> read_invoice_rows(b"Rechnung;Datum;Betrag;Produkt;Partner\nR-1;2026-03-01;1.440,50;licence;Tauwerk", "r.csv")
    [(2, {'number': 'R-1', 'day': '2026-03-01', 'amount': '1.440,50', 'product': 'licence', 'partner': 'Tauwerk'})]
    """
    if len(data) > MAX_BYTES:
        raise FileError(
            N_("The file is larger than {size} MB. Send it in parts."), size=MAX_BYTES // 1_000_000
        )
    rows = _from_workbook(data) if name.lower().endswith(".xlsx") else _from_text(data)
    heads = (
        [_NAMES.get(" ".join(str(head).strip().lower().split()), "") for head in rows[0]]
        if rows
        else []
    )
    missing = [name for name in REQUIRED if name not in heads]
    if missing:
        raise FileError(
            N_(
                "The first row lacks these columns: {columns}. Download the template to see all of them."
            ),
            columns=", ".join(missing),
        )
    twice = sorted({head for head in heads if head and heads.count(head) > 1})
    if twice:
        raise FileError(
            N_("The first row names a column twice: {columns}."), columns=", ".join(twice)
        )
    found = []
    for number, row in enumerate(rows[1:], 2):
        values = {
            head: cell.strip()
            for head, cell in zip(heads, row, strict=False)
            if head and cell.strip()
        }
        if values:
            found.append((number, values))
    if len(found) > MAX_ROWS:
        raise FileError(N_("The file has more than {rows} rows. Send it in parts."), rows=MAX_ROWS)
    return found


def _from_text(data: bytes) -> list[list[str]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    if "\x00" in text:
        raise FileError(N_("This is no CSV file. Save the table as CSV or XLSX."))
    head = text.partition("\n")[0]
    delimiter = max(";,\t", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        rows = list(reader)
    except csv.Error as error:
        raise FileError(
            N_("The CSV file cannot be read: check the quotes in line {line}."),
            line=reader.line_num,
        ) from error
    return [[unguard(cell) for cell in row] for row in rows]


def _from_workbook(data: bytes) -> list[list[str]]:
    book = open_workbook(data)
    sheet = book.worksheets[0]
    rows = sheet.iter_rows(max_row=MAX_ROWS + 2, max_col=40, values_only=True)
    return [[_cell(value) for value in row] for row in rows]


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        # A spreadsheet holds 1440.5 as a binary fraction; its shortest text is what was typed.
        return f"{Decimal(repr(value)):f}"
    return unguard(str(value))


def table_csv(heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Return a table as CSV; texts that a spreadsheet program would run are made harmless, amounts have a point."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(heads)
    for row in rows:
        writer.writerow([_plain(cell) for cell in row])
    return out.getvalue()


def _plain(cell: Any) -> Any:
    if isinstance(cell, str):
        return guard(cell)
    return cell.isoformat() if isinstance(cell, date) else cell


def table_xlsx(title: str, heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """Return a table as a workbook: amounts are numbers with two decimals, days are days."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None  # a new workbook has one
    sheet.title = "".join(sign for sign in title if sign not in r"[]:*?/\\")[:31] or "Table"
    for column, head in enumerate(heads, 1):
        cell = sheet.cell(1, column, head)
        cell.font = Font(bold=True)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        sheet.column_dimensions[get_column_letter(column)].width = 18
    for number, row in enumerate(rows, 2):
        for column, value in enumerate(row, 1):
            cell = sheet.cell(number, column, guard(value) if isinstance(value, str) else value)
            if isinstance(value, Decimal):
                cell.number_format = "#,##0.00"
            elif isinstance(value, date):
                cell.number_format = "yyyy-mm-dd"
    sheet.freeze_panes = "A2"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
