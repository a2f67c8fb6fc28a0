"""Write a room, or a blank sheet of answers for one party, as a workbook.

One line holds one value: its stable key (hidden), number, question, kind, what is allowed, and
then one column of answers per party. Lists to choose from come from a hidden sheet, because a list
inside a cell rule may have 255 characters only.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from mutualist.library.form import DONT_KNOW, NONE, Form, Slot
from mutualist.library.workbook import places
from mutualist.library.workbook.cells import guard
from mutualist.library.words import text

if TYPE_CHECKING:
    from openpyxl.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

    from mutualist.domain.assess import Room

_HEAD: Final = PatternFill("solid", fgColor="FFE3ECEA")
_ANSWER: Final = PatternFill("solid", fgColor="FFFFFDF2")
_LINE: Final = Border(bottom=Side("hair", color="FFB8C4C2"))
_GREY: Final = Font(color="FF5B6B69", size=9)
_WIDTHS: Final = (4, 7, 62, 14, 34)
_EPOCH: Final = "YYYY-MM"
UNITS: Final = {
    "money": "thousands of the currency",
    "percent": "per cent",
    "years": "years",
    "months": "months",
    "pieces": "pieces",
    "persons": "persons",
}
KINDS: Final = {"own": "own", "mirror": "guess", "proof": "proof", "pledge": "pledge"}


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
        self.book = Workbook()
        self.lists = self.book.create_sheet(places.LISTS_SHEET)
        self.known_lists: dict[tuple[str, ...], str] = {}

    def _(self, message: str, **values: object) -> str:
        return text(message, self.lang, **values)

    def write(self, document: Mapping[str, Any]) -> bytes:
        """Write all sheets and return the file's bytes."""
        self._guide(self.book.active)
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
        sheet = self.book.create_sheet(title)
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
        sheet.freeze_panes = sheet.cell(places.HEADER_ROW + 1, places.FIRST_ANSWER)
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
        kind = self._(KINDS[item["kind"]])
        first = slots[0]
        if first.kind == "status" or first.label(self.lang):
            self._head(sheet, row, f"item:{number}", number, item[self.lang], kind)
        else:
            self._line(sheet, row, first, number, [one.get(first.key) for one in flat])
            self._head(sheet, row, first.key, number, item[self.lang], kind)
            slots = slots[1:]
        for slot in slots:
            row += 1
            values = [one.get(slot.key) for one in flat]
            self._line(sheet, row, slot, "", values)
        return row

    def _head(self, sheet: Worksheet, row: int, key: str, number: str, said: str, kind: str) -> None:
        for column, value in enumerate((key, number, said, kind), 1):
            cell = sheet.cell(row, column, value)
            cell.font = Font(bold=True)
            cell.alignment = Alignment(wrap_text=True, vertical="top")

    def _line(
        self, sheet: Worksheet, row: int, slot: Slot, number: str, values: list[Any]
    ) -> None:
        label = slot.label(self.lang)
        if slot.kind == "status":
            label = f"{label}: " if label else ""
            label += self._("whole answer")
        sheet.cell(row, places.KEY_COLUMN, slot.key)
        sheet.cell(row, 2, number or None)
        sheet.cell(row, 3, guard(label)).alignment = Alignment(wrap_text=True, indent=1)
        allowed = sheet.cell(row, 5, self._allowed(slot))
        allowed.font = _GREY
        rule = self._rule(slot)
        if rule is not None:
            sheet.add_data_validation(rule)
        for offset, value in enumerate(values):
            cell = sheet.cell(row, places.FIRST_ANSWER + offset)
            cell.fill, cell.border = _ANSWER, _LINE
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            self._put(cell, slot, value)
            if rule is not None:
                rule.add(cell)

    # --- cells --------------------------------------------------------------------------------

    def _put(self, cell: Cell, slot: Slot, value: Any) -> None:
        """Write one value the way people read it."""
        if slot.kind == "month":
            cell.number_format = "mm/yyyy"
        elif slot.kind == "day":
            cell.number_format = "dd.mm.yyyy" if self.lang == "de" else "yyyy-mm-dd"
        if value is None:
            return
        if value == DONT_KNOW:
            value = self._("don't know")
        elif slot.kind == "status":
            value = self._("none") if value == NONE else value
        elif slot.kind == "tick":
            value = "x"
        elif slot.kind in {"choice", "level"}:
            value = self._choice(slot, value)
        elif slot.kind == "month":
            value = datetime.strptime(value, "%Y-%m").date()  # noqa: DTZ007 - a month, no moment
        elif slot.kind == "day":
            value = date.fromisoformat(value)
        if isinstance(value, str):
            cell.value = guard(ILLEGAL_CHARACTERS_RE.sub("", value))
            cell.data_type = "s"
            return
        cell.value = value

    def _choice(self, slot: Slot, value: Any) -> str:
        for option, label in zip(slot.options, self._labels(slot), strict=True):
            if option.key == str(value):
                return label
        return str(value)

    def _labels(self, slot: Slot) -> list[str]:
        """Return the words of a slot's options; a level's start with its number."""
        labels = []
        for option in slot.options:
            label = option.label(self.lang)
            bare = slot.kind == "level" and not label.startswith(f"E{option.key} ")
            labels.append(f"{option.key} {label}" if bare else label)
        return labels

    def _allowed(self, slot: Slot) -> str:
        if slot.kind == "points":
            return self._("points, together 100")
        if slot.kind == "tick":
            return "x"
        if slot.kind == "status":
            return self._("none or don't know")
        if slot.kind in {"choice", "level"}:
            return self._("choose from the list")
        if slot.kind == "month":
            return self._("month")
        if slot.kind == "day":
            return self._("day")
        if slot.kind == "text":
            return self._("text, at most {limit} characters", limit=slot.limit) if slot.limit else ""
        unit = self._(UNITS[slot.unit]) if slot.unit in UNITS else self._("number")
        if slot.high is not None:
            return f"{slot.low:g}–{slot.high:g} {unit}"
        return unit

    def _rule(self, slot: Slot) -> DataValidation | None:
        if slot.kind in {"choice", "level", "status", "tick"}:
            return self._list_rule(slot)
        if slot.kind == "points":
            rule = DataValidation("whole", operator="between", formula1="0", formula2="100")
        elif slot.kind == "text" and slot.limit:
            rule = DataValidation("textLength", operator="lessThanOrEqual", formula1=str(slot.limit))
        else:
            return None
        rule.error = self._allowed(slot)
        return rule

    def _list_rule(self, slot: Slot) -> DataValidation:
        labels = self._labels(slot)
        unsure = "/" not in slot.key or slot.kind == "status" or _may_be_unknown(slot)
        if slot.kind == "tick":
            labels, unsure = ["x"], False
        elif slot.kind == "status":
            labels = [self._("none")]
        labels = [*labels, self._("don't know")] if unsure else labels
        entries = tuple(guard(label) for label in labels)
        if entries not in self.known_lists:
            column = len(self.known_lists) + 1
            for row, entry in enumerate(entries, 1):
                self.lists.cell(row, column, entry).data_type = "s"
            letter = get_column_letter(column)
            self.known_lists[entries] = (
                f"={places.LISTS_SHEET}!${letter}$1:${letter}${len(entries)}"
            )
        rule = DataValidation("list", formula1=self.known_lists[entries], allow_blank=True)
        rule.error = self._("Please choose from the list.")
        return rule

    def _meta(self, ruleset: str) -> None:
        sheet = self.book.create_sheet(places.META_SHEET)
        sheet.sheet_state = "veryHidden"
        content = {"schema": places.SCHEMA, "ruleset": ruleset, "language": self.lang}
        for row, (key, value) in enumerate(content.items(), 1):
            sheet.cell(row, 1, key)
            sheet.cell(row, 2, value).data_type = "s"


def _may_be_unknown(slot: Slot) -> bool:
    """Tell whether "don't know" may stand here: not inside rows and pledges."""
    inside = slot.key.split("/")
    if inside[0].startswith(("6.4", "frame", "header")):
        return False
    return len(inside) < 3 and not (len(inside) > 1 and inside[1].isdigit())
