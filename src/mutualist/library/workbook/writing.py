"""Write a room, or a blank sheet of answers for one party, as a workbook.

One line holds one value: its stable key (hidden), number, question, kind, what is allowed, and
then one column of answers per party. Lists to choose from come from a hidden sheet, because a list
inside a cell rule may have 255 characters only.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from mutualist.library.form import Form, Slot
from mutualist.library.words import N_, text
from mutualist.library.workbook import places
from mutualist.library.workbook.cells import guard
from mutualist.library.workbook.wording import Wording

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

    from mutualist.domain.assess import Room

_HEAD: Final = PatternFill("solid", fgColor="FFE3ECEA")
_ANSWER: Final = PatternFill("solid", fgColor="FFFFFDF2")
_LINE: Final = Border(bottom=Side("hair", color="FFB8C4C2"))
_GREY: Final = Font(color="FF5B6B69", size=9)
_WIDTHS: Final = (4, 7, 62, 14, 34)
KINDS: Final = {
    "own": N_("own"),
    "mirror": N_("guess"),
    "proof": N_("proof"),
    "pledge": N_("pledge"),
}


def room_workbook(room: Room, lang: str = "en") -> bytes:
    """Return the workbook of a room with the answers of all parties."""
    from mutualist.library.rules import form_of

    document = room.to_dict()
    form = form_of(str(document["ruleset"]), document["parties"])
    return _Writer(form, lang, list(document["parties"])).write(document)


def answers_workbook(
    parties: Mapping[str, str],
    party: str,
    *,
    ruleset: str,
    lang: str = "en",
    frame: Mapping[str, Any] | None = None,
    answers: Mapping[str, Any] | None = None,
) -> bytes:
    """Return the workbook one party fills in: its own column only, blank or with its draft."""
    from mutualist.library.rules import form_of

    document = {
        "ruleset": ruleset,
        "frame": dict(frame or {}),
        "parties": dict(parties),
        "answers": {party: dict(answers or {})},
    }
    return _Writer(form_of(ruleset, parties), lang, [party]).write(document)


class _Writer:
    """Builds one workbook."""

    def __init__(self, form: Form, lang: str, columns: list[str]) -> None:
        self.form = form
        self.lang = lang
        self.columns = columns
        self.wording = Wording(lang)
        self.book = Workbook()
        self.lists = self.book.create_sheet(places.LISTS_SHEET)
        self.known_lists: dict[tuple[str, ...], str] = {}

    def _(self, message: str, **values: object) -> str:
        return text(message, self.lang, **values)

    def write(self, document: Mapping[str, Any]) -> bytes:
        """Write all sheets and return the file's bytes."""
        self._guide(self.book.worksheets[0])
        self._frame(document)
        for question in self.form.data["questions"]:
            self._question(question, document["answers"])
        self._meta(str(document["ruleset"]))
        self.lists.sheet_state = "hidden"
        self.book.move_sheet(self.lists, len(self.book.sheetnames))
        self.book.active = 0
        file = io.BytesIO()
        self.book.save(file)
        return file.getvalue()

    # --- sheets -------------------------------------------------------------------------------

    def _guide(self, sheet: Worksheet) -> None:
        sheet.title = self._("Guide")
        sheet.column_dimensions["A"].width = 100
        lines = [
            self._("The six questions as a workbook"),
            self._("Fill in the yellow cells. Every sheet is one question."),
            self._("Choose from the list where there is one; put an x where something is ticked."),
            self._("Leave a cell empty if you say nothing; write “don't know” if you don't know."),
            self._("Write “none” beside “whole answer” if your answer is that there is nothing."),
            self._("Numbers may be written 1,234.56 or 1.234,56. Money is in thousands."),
            self._("Months are dates: any day of the month will do."),
            self._("Please don't change the hidden first row and the hidden first column."),
        ]
        for row, line in enumerate(lines, 1):
            cell = sheet.cell(row, 1, line)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
        sheet["A1"].font = Font(bold=True, size=14)

    def _sheet(self, title: str, columns: list[tuple[str, str]]) -> Worksheet:
        """Make a sheet with the hidden row of keys and the header row."""
        sheet: Worksheet = self.book.create_sheet(title)
        heads = ["", self._("No."), self._("Question"), self._("Kind"), self._("Allowed")]
        marks = [*places.MARKS, *(key for key, _name in columns)]
        for column, mark in enumerate(marks, 1):
            sheet.cell(places.KEY_ROW, column, mark)
        for column, head in enumerate([*heads, *(name for _key, name in columns)], 1):
            cell = sheet.cell(places.HEADER_ROW, column, guard(head))
            cell.font, cell.fill = Font(bold=True), _HEAD
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            width = _WIDTHS[column - 1] if column <= len(_WIDTHS) else 30
            sheet.column_dimensions[get_column_letter(column)].width = width
        sheet.row_dimensions[places.KEY_ROW].hidden = True
        sheet.column_dimensions["A"].hidden = True
        sheet.freeze_panes = f"{get_column_letter(places.FIRST_ANSWER)}{places.HEADER_ROW + 1}"
        return sheet

    def _frame(self, document: Mapping[str, Any]) -> None:
        sheet = self._sheet(self._("Frame"), [(places.FRAME_ANSWER, self._("Value"))])
        row = places.HEADER_ROW
        for slot in self.form.frame_slots():
            row += 1
            value = document.get("frame", {}).get(slot.key.removeprefix("frame/"))
            self._line(sheet, row, slot, "", [value])
        for key, name in self.form.parties.items():
            row += 1
            party = Slot(f"party/{key}", "text", f"Beteiligte {key}", f"Party {key}")
            self._line(sheet, row, party, "", [name])

    def _question(self, question: Mapping[str, Any], answers: Mapping[str, Any]) -> None:
        number = int(question["number"])
        columns = [(party, self.form.parties[party]) for party in self.columns]
        sheet = self._sheet(self._("Question {number}", number=number), columns)
        row = places.HEADER_ROW
        if number == 1:
            for slot in self.form.header_slots():
                row += 1
                field = slot.key.removeprefix("header/")
                values = [answers.get(p, {}).get("header", {}).get(field) for p in self.columns]
                self._line(sheet, row, slot, "", values)
        for item_number, item in self.form.items().items():
            if item_number.startswith(f"{number}."):
                row = self._item(sheet, row, item_number, item, answers)

    def _item(
        self,
        sheet: Worksheet,
        row: int,
        number: str,
        item: Mapping[str, Any],
        answers: Mapping[str, Any],
    ) -> int:
        """Write an item's lines below ``row``; return the last of them."""
        flat = []
        for party in self.columns:
            given = answers.get(party, {})
            flat.append(self.form.flatten(number, given[number]) if number in given else {})
        split = len(self.form.parties) > 2 or any("@" in key for one in flat for key in one)
        slots = self.form.slots(number, split=split)
        row += 1
        words = KINDS[item["kind"]]
        kind = self._(words)
        first = slots[0]
        if first.kind == "status" or first.label(self.lang):
            self._head(sheet, row, (f"item:{number}", number, item[self.lang], kind))
        else:
            self._line(sheet, row, first, number, [one.get(first.key) for one in flat])
            self._head(sheet, row, (first.key, number, item[self.lang], kind))
            slots = slots[1:]
        for slot in slots:
            row += 1
            values = [one.get(slot.key) for one in flat]
            self._line(sheet, row, slot, "", values)
        return row

    def _head(self, sheet: Worksheet, row: int, values: tuple[str, str, str, str]) -> None:
        for column, value in enumerate(values, 1):
            cell = sheet.cell(row, column, value)
            cell.font = Font(bold=True)
            cell.alignment = Alignment(wrap_text=True, vertical="top")

    def _line(self, sheet: Worksheet, row: int, slot: Slot, number: str, values: list[Any]) -> None:
        label = slot.label(self.lang)
        if slot.kind == "status":
            label = f"{label}: " if label else ""
            label += self._("whole answer")
        sheet.cell(row, places.KEY_COLUMN, slot.key)
        sheet.cell(row, 2, number or None)
        sheet.cell(row, 3, guard(label)).alignment = Alignment(wrap_text=True, indent=1)
        allowed = sheet.cell(row, 5, self.wording.allowed(slot))
        allowed.font = _GREY
        rule = self._rule(slot)
        if rule is not None:
            sheet.add_data_validation(rule)
        for offset, value in enumerate(values):
            cell = sheet.cell(row, places.FIRST_ANSWER + offset)
            cell.fill, cell.border = _ANSWER, _LINE
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.number_format = self.wording.number_format(slot)
            cell.value = self.wording.shown(slot, value)
            if isinstance(cell.value, str):
                cell.data_type = "s"
            if rule is not None:
                rule.add(cell)

    def _rule(self, slot: Slot) -> DataValidation | None:
        if slot.kind in {"choice", "level", "status", "tick"}:
            rule = DataValidation("list", formula1=self._list(slot), allow_blank=True)
        elif slot.kind == "points":
            rule = DataValidation("whole", operator="between", formula1="0", formula2="100")
        elif slot.kind == "text" and slot.limit:
            rule = DataValidation(
                "textLength", operator="lessThanOrEqual", formula1=str(slot.limit)
            )
        else:
            return None
        rule.error = self.wording.allowed(slot)
        return rule

    def _list(self, slot: Slot) -> str:
        """Return where a slot's list stands on the hidden sheet."""
        entries = self.wording.entries(slot)
        if entries not in self.known_lists:
            column = len(self.known_lists) + 1
            for row, entry in enumerate(entries, 1):
                self.lists.cell(row, column, entry).data_type = "s"
            letter = get_column_letter(column)
            self.known_lists[entries] = (
                f"={places.LISTS_SHEET}!${letter}$1:${letter}${len(entries)}"
            )
        return self.known_lists[entries]

    def _meta(self, ruleset: str) -> None:
        sheet = self.book.create_sheet(places.META_SHEET)
        sheet.sheet_state = "veryHidden"
        content = {"schema": places.SCHEMA, "ruleset": ruleset, "language": self.lang}
        for row, (key, value) in enumerate(content.items(), 1):
            sheet.cell(row, 1, key)
            sheet.cell(row, 2, value).data_type = "s"
