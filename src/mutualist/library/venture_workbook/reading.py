"""Read the workbook of a venture; every broken cell is named, and every mistake of the venture with its cell."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from mutualist.domain.venture import Description, VentureError, read_description
from mutualist.library.errors import CellProblem, FileError, WorkbookError
from mutualist.library.venture_workbook import layout
from mutualist.library.venture_workbook.cells import EXPECTED, meant
from mutualist.library.words import LANGUAGES, N_
from mutualist.library.workbook.archive import open_workbook
from mutualist.library.workbook.cells import MAX_CELL

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

    from mutualist.library.venture_workbook.layout import Section, SheetColumn

Place = tuple[str, str]


class Reading:
    """A workbook taken apart.

    Attributes
    ----------
    document : dict
        The venture as far as its cells could be read.
    problems : list of CellProblem
        One per broken cell.
    places : dict
        Sheet and cell of each place of the document, as ``drivers.units.low``.
    """

    def __init__(self, raw: bytes, file: str = "") -> None:
        self.file = file
        book = open_workbook(raw, file)
        self.lang = _language(book, file)
        self.problems: list[CellProblem] = []
        self.places: dict[str, Place] = {}
        self.document: dict[str, Any] = {"schema": "venture/1"}
        computed = open_workbook(raw, file, values=True) if _has_formulas(book) else None
        for sheet in book.worksheets:
            keys = _keys(sheet)
            section = layout.BY_KEY.get(keys[0][1].partition(".")[0]) if keys else None
            if section is not None:
                self.places.setdefault(section.key, (sheet.title, ""))
                self._section(section, sheet, keys, computed)

    def refuse(self) -> None:
        """Raise what is wrong with the cells."""
        if self.problems:
            raise WorkbookError(tuple(self.problems), file=self.file)

    def description(self) -> Description:
        """Return the venture; its mistakes are told with their cells."""
        self.refuse()
        try:
            return read_description(self.document)
        except VentureError as error:
            found = tuple(self._at_cell(one) for one in error.problems)
            raise WorkbookError(found, file=self.file) from error

    def _at_cell(self, problem: Any) -> CellProblem:
        place = problem.place
        while place and place not in self.places:
            place = place.rpartition(".")[0] or place.partition("[")[0].replace(place, "")
        sheet, cell = self.places.get(place) or self.places["frame"]
        return CellProblem(sheet, cell, problem.message("de"), problem.message("en"))

    def _section(
        self, section: Section, sheet: Worksheet, keys: list[tuple[int, str]], computed: Any
    ) -> None:
        columns = {column.key: column for column in section.columns}
        known = [
            (at, columns[key.partition(".")[2]])
            for at, key in keys
            if key.partition(".")[2] in columns
        ]
        values = computed[sheet.title] if computed is not None else sheet
        for row in range(layout.HEADER_ROW + 1, min(sheet.max_row, layout.MAX_ROWS) + 1):
            line: dict[str, tuple[Any, str]] = {}
            for at, column in known:
                # Of a formula in a cell that is meant as a formula of the venture the text counts.
                source = sheet if column.kind == "formula" else values
                cell = source.cell(row, at)
                if cell.value not in {None, ""}:
                    line[column.key] = (cell, f"{sheet.cell(row, at).coordinate}")
            if line:
                self._line(section, sheet.title, row, line, columns)
        if sheet.max_row > layout.MAX_ROWS:
            reason = N_("The sheet has more than {limit} lines. Remove what is not part of it.")
            self.problems.append(CellProblem.say(sheet.title, "", reason, limit=layout.MAX_ROWS))

    def _line(
        self,
        section: Section,
        sheet: str,
        row: int,
        line: dict[str, tuple[Any, str]],
        columns: dict[str, SheetColumn],
    ) -> None:
        """Put one line of a sheet where it belongs in the document."""
        base = self._base(section, sheet, row, line)
        if base is None:
            return
        place, entry = base
        self.places.setdefault(place, (sheet, f"A{row}"))
        found: dict[str, Any] = {}
        for key, (cell, name) in line.items():
            if key == layout.ID:
                continue
            value = self._value(columns[key], cell, name, sheet, line)
            inside = key.rpartition(".")[0] if key.startswith("between.") else key
            self.places.setdefault(f"{place}.{inside}".strip("."), (sheet, name))
            if value is not None:
                found[key] = value
        if section.form == "rows":
            self._table_row(entry, found)
            return
        for key, value in found.items():
            _put(entry, key, value)

    def _base(
        self, section: Section, sheet: str, row: int, line: dict[str, tuple[Any, str]]
    ) -> tuple[str, dict[str, Any]] | None:
        """Return the place of a line's entry and the mapping it is written to."""
        if section.form == "one":
            return "", self.document
        if section.form == "listed":
            listed = self.document.setdefault(section.key, [])
            listed.append({})
            return f"{section.key}[{len(listed)}]", listed[-1]
        if layout.ID not in line:
            reason = N_("The short name of this line is missing.")
            self.problems.append(CellProblem.say(sheet, f"A{row}", reason))
            return None
        name = str(line[layout.ID][0].value).strip()
        entries = self.document.setdefault(section.key, {})
        if name in entries and section.form != "rows":
            reason = N_("The short name {name} stands twice.")
            self.problems.append(CellProblem.say(sheet, f"A{row}", reason, name=name))
            return None
        return f"{section.key}.{name}", entries.setdefault(name, {})

    def _table_row(self, table: dict[str, Any], found: dict[str, Any]) -> None:
        """Add one value of one scenario; its likelihood stands with the first of them."""
        columns = table.setdefault("columns", {})
        rows = table.setdefault("rows", [])
        scenario, column = str(found.get("row", "")), found.get("column")
        row = next((one for one in rows if one["name"] == scenario), None)
        if row is None:
            row = {"name": scenario}
            rows.append(row)
        if "probability" in found:
            row.setdefault("probability", found["probability"])
        if column is not None:
            columns.setdefault(str(column), str(found.get("unit", "")))
            if "value" in found:
                row[str(column)] = found["value"]

    def _value(
        self,
        column: SheetColumn,
        cell: Any,
        name: str,
        sheet: str,
        line: dict[str, tuple[Any, str]],
    ) -> Any:
        """Return what a cell stands for, None for a broken one."""
        value = cell.value
        if cell.data_type == "e":
            reason = N_("The cell holds the error {value}.")
            self.problems.append(CellProblem.say(sheet, name, reason, value=value))
            return None
        if isinstance(value, str) and len(value) > MAX_CELL:
            reason = N_("The cell holds more than {limit} characters.")
            self.problems.append(CellProblem.say(sheet, name, reason, limit=MAX_CELL))
            return None
        priced = "type" in line and line["type"][0].value == "per_unit"
        try:
            return meant(column, value, self.lang, rate="price" if priced else "share")
        except ValueError:
            reason = EXPECTED.get(column.kind, EXPECTED["number"])
            self.problems.append(CellProblem.say(sheet, name, reason, value=repr(value)[:60]))
            return None


def _put(entry: dict[str, Any], key: str, value: Any) -> None:
    """Write a value to a key, perhaps inside of another."""
    outer, dot, inner = key.partition(".")
    if not dot:
        entry[key] = value
    elif inner.isdigit():
        entry.setdefault(outer, []).append(value)
    else:
        entry.setdefault(outer, {})[inner] = value


def _keys(sheet: Worksheet) -> list[tuple[int, str]]:
    """Return the hidden keys of a sheet with their columns."""
    last = min(sheet.max_column, layout.MAX_COLUMNS)
    cells = [sheet.cell(layout.KEY_ROW, at) for at in range(1, last + 1)]
    return [(cell.column, cell.value) for cell in cells if isinstance(cell.value, str)]


def _cells(book: Workbook) -> Iterator[Any]:
    for sheet in book.worksheets:
        last = min(sheet.max_row, layout.MAX_ROWS)
        for row in sheet.iter_rows(max_row=last, max_col=min(sheet.max_column, layout.MAX_COLUMNS)):
            yield from row


def _has_formulas(book: Workbook) -> bool:
    return any(cell.data_type == "f" for cell in _cells(book))


def _language(book: Workbook, file: str) -> str:
    meta = {}
    if layout.META_SHEET in book.sheetnames:
        rows = book[layout.META_SHEET].iter_rows(max_row=9, max_col=2, values_only=True)
        meta = {str(key): str(value) for key, value in rows if key}
    if meta.get("schema") != layout.SCHEMA:
        raise FileError(
            N_("This is no workbook of a venture. `mutualist venture new` writes one."), file=file
        )
    return meta["language"] if meta.get("language") in LANGUAGES else "en"
