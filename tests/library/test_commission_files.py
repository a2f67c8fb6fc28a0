"""Files of invoices as people keep them, and tables that go out."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal

import pytest
from openpyxl import Workbook, load_workbook

from mutualist.library.commission_files import MAX_ROWS, read_invoice_rows, table_csv, table_xlsx
from mutualist.library.errors import FileError

HEADS = ["Rechnung", "Datum", "Betrag", "Währung", "Produkt", "Partner", "Sonstiges"]
ROW = ["R-1", "2026-03-01", "1.440,50", "EUR", "Lizenz", "Müller & Söhne", "egal"]
READ = {"number": "R-1", "day": "2026-03-01", "amount": "1.440,50", "currency": "EUR", "product": "Lizenz", "partner": "Müller & Söhne"}  # fmt: skip


@pytest.mark.parametrize("delimiter", [";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_csv_as_programs_write_it(delimiter, encoding):
    text = "\r\n".join([delimiter.join(HEADS), "", delimiter.join(ROW), ""])
    assert read_invoice_rows(text.encode(encoding), "r.csv") == [(3, READ)]


def test_a_workbook_gives_the_same():
    book = Workbook()
    book.active.append(["Invoice", "Date", "Net", "Product", "Partner", "Months"])
    book.active.append(["R-1", date(2026, 3, 1), 1440.1, "licence", "Tauwerk", 12])
    stream = io.BytesIO()
    book.save(stream)
    assert read_invoice_rows(stream.getvalue(), "R.XLSX") == [
        (2, {"number": "R-1", "day": "2026-03-01", "amount": "1440.1", "product": "licence", "partner": "Tauwerk", "months": "12"})
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "number, day, amount, product, partner"),
        (b"number;day\n", "amount, product, partner"),
        (b"number;day;date;amount;product;partner\n", "twice: day"),
        (b"PK\x03\x04\x00", "no CSV"),
        (b'number;day;amount;product;partner\n"R;1', "line 2"),
        (b"x" * 5_000_001, "5 MB"),
        (b"number;day;amount;product;partner\n" + b"a;b;c;d;e\n" * (MAX_ROWS + 1), "5000 rows"),
    ],
)
def test_what_cannot_be_read_is_said(content, said):
    with pytest.raises(FileError) as caught:
        read_invoice_rows(content, "r.csv")
    assert said in caught.value.message("en")
    assert caught.value.message("de") != caught.value.message("en")


def test_no_workbook_is_said_too():
    with pytest.raises(FileError):
        read_invoice_rows(b"no archive", "r.xlsx")


def test_tables_out():
    rows = [("=A1", date(2026, 3, 1), Decimal("-1.50"))]
    assert table_csv(["a", "b", "c"], rows) == "a,b,c\r\n'=A1,2026-03-01,-1.50\r\n"
    sheet = load_workbook(io.BytesIO(table_xlsx("Journal: 1/2", ["a", "b", "c"], rows))).active
    assert sheet.title == "Journal 12"
    assert sheet.cell(2, 1).value == "'=A1"
    assert sheet.cell(2, 3).value == -1.5
    assert sheet.cell(2, 3).number_format == "#,##0.00"
