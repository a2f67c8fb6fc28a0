"""Tables of facts in workbooks: one sheet a table, its first row the columns; and an empty workbook to fill in."""

from __future__ import annotations

import io
from typing import Any

from mutualist.domain.programme.rules.model import FactTable, RuleSet
from mutualist.domain.programme.scoring.survey import Raw
from mutualist.library.errors import FileError
from mutualist.library.programme_files import head_of
from mutualist.library.words import N_
from mutualist.library.workbook.archive import damage_told, open_workbook
from mutualist.library.workbook.cells import unguard

#: What a sheet may be called.
LONGEST_TITLE = 31


def is_workbook(data: bytes) -> bool:
    """Return whether this is a ZIP archive, as each XLSX file is."""
    return data[:4] == b"PK\x03\x04"


def rows_of_workbook(data: bytes, file: str, table: str) -> list[Raw]:
    """Return the rows of the sheet that is called like the table, or of the only sheet there is.

    Days, numbers and texts stay what they are in the workbook; of a formula its last value counts.

    Raises
    ------
    FileError
        If the workbook is damaged, has several sheets and none of that name, or a column twice.
    """
    book = open_workbook(data, file, values=True, read_only=True)
    try:
        with damage_told(file):
            return _rows(_sheet(book, file, table), file)
    finally:
        book.close()


def _sheet(book: Any, file: str, table: str) -> Any:
    titles = {sheet.title.strip().lower(): sheet for sheet in book.worksheets}
    found = titles.get(table[:LONGEST_TITLE].lower())
    if found is not None:
        return found
    if len(titles) == 1:
        return next(iter(titles.values()))
    why = N_("The workbook has no sheet {table}, only {sheets}. Call the sheet like the table.")
    raise FileError(why, file=file, table=table, sheets=", ".join(titles))


def _rows(sheet: Any, file: str) -> list[Raw]:
    lines = sheet.iter_rows(values_only=True)
    heads = [head_of(str(cell)) if cell is not None else "" for cell in next(lines, ())]
    twice = sorted({head for head in heads if head and heads.count(head) > 1})
    if twice:
        why = N_("The first row names a column twice: {columns}.")
        raise FileError(why, file=file, columns=", ".join(twice))
    found: list[Raw] = []
    for number, line in enumerate(lines, 2):
        values = [unguard(cell) if isinstance(cell, str) else cell for cell in line]
        if any(value is not None and str(value).strip() for value in values):
            row = {head: one for head, one in zip(heads, values, strict=False) if head}
            found.append((number, row))
    return found


def columns_of(table: FactTable) -> list[str]:
    """Return the columns of a table in files; beside an amount stands its currency."""
    found = ["partner", "id"]
    for field in sorted(table.fields.values(), key=lambda one: one.name != table.date):
        found.append(field.name)
        if field.kind == "money":
            found.append(f"{field.name}_currency")
    return found


def template_workbook(rules: RuleSet) -> bytes:
    """Return a workbook with a sheet for each table that the rules name, and nothing but its columns."""
    from openpyxl import Workbook
    from openpyxl.styles import Font

    book = Workbook()
    book.remove(book.worksheets[0])
    for table in rules.tables.values():
        sheet = book.create_sheet(table.name[:LONGEST_TITLE])
        for column, head in enumerate(columns_of(table), 1):
            sheet.cell(1, column, head).font = Font(bold=True)
            sheet.column_dimensions[sheet.cell(1, column).column_letter].width = 18
        sheet.freeze_panes = "A2"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
