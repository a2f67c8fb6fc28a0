"""Write a venture as a workbook."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from mutualist.library.venture_workbook import layout
from mutualist.library.venture_workbook.cells import shown
from mutualist.library.words import N_, text

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

    from mutualist.library.venture_workbook.layout import Section, SheetColumn

_HEAD: Final = PatternFill("solid", fgColor="FFE3ECEA")
_ANSWER: Final = PatternFill("solid", fgColor="FFFFFDF2")
_LINE: Final = Border(bottom=Side("hair", color="FFB8C4C2"))
#: Lines to go on in below the last entry.
_SPARE: Final = 8
_WIDE: Final = frozenset({"formula", "names", "tiers", "stakes", "parts"})
_GUIDE: Final = (
    N_("A venture as a workbook: how money is meant to flow."),
    N_("Every sheet is a section, every line an entry. Leave empty what you do not need."),
    N_("Short names are made of letters, digits and underscores; formulas use them: units * price."),
    N_("Several names or figures in one cell are separated by semicolons."),
    N_("Shares may be written 30 % or 0.3, numbers 1,234.56 or 1.234,56."),
    N_("A driver has low, likely and high, or least, most likely and most, or mean and spread, or a fixed value."),
    N_("Stakes: A 60 %; B 40 %. Tiers: 500000: 12 %; 8 %. Moves with: plants 0.2."),
    N_("Please don't change the hidden first row."),
)  # fmt: skip


def venture_workbook(source: Mapping[str, Any], lang: str) -> bytes:
    """Return the workbook of a venture.

    Parameters
    ----------
    source
        A mapping as a venture file holds it.
    lang
        Of the headings.
    """
    book = Workbook()
    _guide(book.worksheets[0], lang)
    for section in layout.SECTIONS:
        _sheet(book.create_sheet(text(section.title, lang)), section, source, lang)
    meta = book.create_sheet(layout.META_SHEET)
    meta.sheet_state = "veryHidden"
    for row, pair in enumerate((("schema", layout.SCHEMA), ("language", lang)), 1):
        for column, word in enumerate(pair, 1):
            meta.cell(row, column, word).data_type = "s"
    book.active = 0
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _guide(sheet: Worksheet, lang: str) -> None:
    sheet.title = text("Guide", lang)
    sheet.column_dimensions["A"].width = 100
    for row, line in enumerate(_GUIDE, 1):
        cell = sheet.cell(row, 1, text(line, lang))
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet["A1"].font = Font(bold=True, size=14)


def _sheet(sheet: Worksheet, section: Section, source: Mapping[str, Any], lang: str) -> None:
    for at, column in enumerate(section.columns, 1):
        sheet.cell(layout.KEY_ROW, at, f"{section.key}.{column.key}").data_type = "s"
        head = sheet.cell(layout.HEADER_ROW, at, text(column.heading, lang))
        head.font, head.fill = Font(bold=True), _HEAD
        head.alignment = Alignment(wrap_text=True, vertical="top")
        width = 34 if column.kind in _WIDE else 22 if column.key in {"name", "what"} else 14
        sheet.column_dimensions[get_column_letter(at)].width = width
    sheet.row_dimensions[layout.KEY_ROW].hidden = True
    sheet.freeze_panes = f"B{layout.HEADER_ROW + 1}"
    rows = list(_entries(section, source))
    last = layout.HEADER_ROW + max(len(rows), 1) + (0 if section.form == "one" else _SPARE)
    for row in range(layout.HEADER_ROW + 1, last + 1):
        place = row - layout.HEADER_ROW - 1
        values = rows[place] if place < len(rows) else ()
        _line(sheet, row, section.columns, values)
    for at, column in enumerate(section.columns, 1):
        if column.choices:
            rule = DataValidation(
                "list", formula1=f'"{",".join(column.choices)}"', allow_blank=True
            )
            letter = get_column_letter(at)
            rule.add(f"{letter}{layout.HEADER_ROW + 1}:{letter}{last}")
            sheet.add_data_validation(rule)


def _line(
    sheet: Worksheet, row: int, columns: Sequence[SheetColumn], values: Sequence[Any]
) -> None:
    for at, column in enumerate(columns, 1):
        cell = sheet.cell(row, at)
        cell.fill, cell.border = _ANSWER, _LINE
        value = shown(column, values[at - 1]) if values else None
        cell.alignment = Alignment(wrap_text=isinstance(value, str), vertical="top")
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", value) if isinstance(value, str) else value
        if isinstance(cell.value, str):
            cell.data_type = "s"
        if column.kind in {"share", "rate"}:
            cell.number_format = "0.0%" if column.kind == "share" else "0.00%"


def _entries(section: Section, source: Mapping[str, Any]) -> Iterator[list[Any]]:
    """Yield one list of values per line of a sheet."""
    if section.form == "one":
        yield [_at(source, column.key) for column in section.columns]
    elif section.form == "rows":
        yield from _table_rows(source)
    elif section.form == "listed":
        for entry in source.get(section.key) or ():
            yield [_at(entry, column.key) for column in section.columns]
    else:
        for name, entry in (source.get(section.key) or {}).items():
            # A number alone is a driver of this value, a text or number alone a line of this amount.
            short = "value" if section.key == "drivers" else "amount"
            whole = entry if isinstance(entry, Mapping) else {short: entry}
            yield [
                name if column.key == layout.ID else _at(whole, column.key)
                for column in section.columns
            ]


def _at(entry: Any, key: str) -> Any:
    """Return what stands at a key; ``between.2`` is the second of a list."""
    for part in key.split("."):
        if isinstance(entry, list | tuple):
            entry = entry[int(part) - 1] if int(part) <= len(entry) else None
        elif isinstance(entry, Mapping):
            entry = entry.get(part)
        else:
            return None
    return entry


def _table_rows(source: Mapping[str, Any]) -> Iterator[list[Any]]:
    for name, table in (source.get("tables") or {}).items():
        for number, row in enumerate(table.get("rows") or (), 1):
            for column, unit in (table.get("columns") or {}).items():
                scenario = row.get("name") or str(number)
                yield [name, scenario, row.get("probability"), column, unit, row.get(column)]
