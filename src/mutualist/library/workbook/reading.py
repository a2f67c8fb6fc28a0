"""Read a workbook back; every broken cell is named, not only the first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mutualist.domain.assess import AnswerError, Room
from mutualist.library.errors import CellProblem, FileError, WorkbookError
from mutualist.library.form import Form, Slot
from mutualist.library.words import LANGUAGES, N_, text
from mutualist.library.workbook import places
from mutualist.library.workbook.archive import open_workbook
from mutualist.library.workbook.cells import MAX_CELL, unguard
from mutualist.library.workbook.parsing import EXPECTED, list_of, parse_value

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet


@dataclass(frozen=True)
class Line:
    """One line of a workbook that holds a value: where it is and what stands there."""

    sheet: str
    row: int
    column: str
    party: str
    key: str
    value: Any

    @property
    def cell(self) -> str:
        """The cell's name."""
        return f"{self.column}{self.row}"


class Reading:
    """A workbook taken apart.

    Attributes
    ----------
    document : dict
        Ruleset, frame, parties and answers as far as they could be read.
    problems : list of CellProblem
        One per broken cell.
    """

    def __init__(self, raw: bytes, file: str = "") -> None:
        self.file = file
        book = open_workbook(raw, file)
        self.meta = _meta(book, file)
        self.problems: list[CellProblem] = []
        self.lines = list(_lines(book, _computed(raw, book, file), self.problems))
        self.parties = {
            line.key.removeprefix("party/"): str(line.value)
            for line in self.lines
            if line.key.startswith("party/") and line.value not in (None, "")
        }
        self.form = _form(self.meta["ruleset"], self.parties, file)
        self._slots = self._all_slots()
        self.document = self._document()

    def _all_slots(self) -> dict[str, Slot]:
        slots = [*self.form.frame_slots(), *self.form.header_slots()]
        for number in self.form.items():
            slots += self.form.slots(number, split=True)
        return {slot.key: slot for slot in slots}

    def _document(self) -> dict[str, Any]:
        frame: dict[str, Any] = {}
        values: dict[str, dict[str, Any]] = {}
        for line in self.lines:
            if line.key.startswith(("party/", "item:")):
                continue
            slot = self._slots.get(line.key)
            if slot is None:
                self._broken(
                    line, N_("The hidden key {key} is unknown; don't change it."), key=line.key
                )
                continue
            value = self._value(line, slot)
            if value is None:
                continue
            if line.party == places.FRAME_ANSWER:
                frame[line.key.removeprefix("frame/")] = value
            else:
                values.setdefault(line.party, {})[line.key] = value
        columns = dict.fromkeys(p.party for p in self.lines if p.party != places.FRAME_ANSWER)
        return {
            "ruleset": self.meta["ruleset"],
            "frame": frame,
            "parties": self.parties,
            "answers": {party: self._sheet(values.get(party, {})) for party in columns},
        }

    def _sheet(self, values: dict[str, Any]) -> dict[str, Any]:
        header = {
            k.removeprefix("header/"): v for k, v in values.items() if k.startswith("header/")
        }
        answers: dict[str, Any] = {"header": header} if header else {}
        for number in self.form.items():
            answer = self.form.assemble(number, values)
            if answer is not None:
                answers[number] = answer
        return answers

    def _broken(self, line: Line, reason: str, **values: object) -> None:
        self.problems.append(CellProblem.say(line.sheet, line.cell, reason, **values))

    def _value(self, line: Line, slot: Slot) -> Any:
        """Return what a cell means, None for an empty or a broken one."""
        value = line.value
        if isinstance(value, str):
            value = unguard(value.strip())
            if len(value) > MAX_CELL:
                self._broken(
                    line, N_("The cell holds more than {limit} characters."), limit=MAX_CELL
                )
                return None
        if value is None or value == "":
            return None
        try:
            return parse_value(slot, value, self.meta["language"])
        except (ValueError, OverflowError):
            self._complain(line, slot, value)
            return None

    def _complain(self, line: Line, slot: Slot, value: Any) -> None:
        shown = repr(str(value)[:40])
        if slot.kind in {"choice", "level"}:
            for_lang = {lang: list_of(slot, lang) for lang in LANGUAGES}
            said = {
                lang: text(
                    N_("{value} is not in the list. Choose one of: {choices}."),
                    lang,
                    value=shown,
                    choices=for_lang[lang],
                )
                for lang in LANGUAGES
            }
            self.problems.append(CellProblem(line.sheet, line.cell, said["de"], said["en"]))
            return
        self._broken(line, EXPECTED[slot.kind], value=shown)

    def place(self, party: str | None, item: str | None) -> tuple[str, str]:
        """Return sheet and cell of a party's answer to an item, for problems found later."""
        for line in self.lines:
            head = line.key.removeprefix("item:").split("/")[0].split("@")[0].rstrip("#")
            if head == (item or "") and (
                party is None or line.party in {party, places.FRAME_ANSWER}
            ):
                return line.sheet, line.cell
        first = self.lines[0]
        return first.sheet, "" if item else first.cell


def read_room_data(raw: bytes, file: str = "") -> dict[str, Any]:
    """Return the content of a room's workbook as a room file's mapping.

    Raises
    ------
    WorkbookError
        With one problem per broken cell, also for answers that are wrong in themselves.
    FileError
        When the file is no workbook of this kind.
    """
    reading = Reading(raw, file)
    problems = tuple(reading.problems) or _wrong_answers(reading)
    if problems:
        raise WorkbookError(problems, file=file)
    return reading.document


def read_room_workbook(raw: bytes, file: str = "") -> Room:
    """Return the room of a workbook; raises like ``read_room_data``."""
    return Room.from_dict(read_room_data(raw, file))


def read_answers_workbook(
    raw: bytes, party: str, *, ruleset: str, file: str = ""
) -> dict[str, Any]:
    """Return one party's answers, of a room's workbook or of one made for this party.

    Parameters
    ----------
    party : str
        Whose column is read.
    ruleset : str
        The rule version of the room; answers to another version's questions are refused.
    """
    reading = Reading(raw, file)
    if reading.meta["ruleset"] != ruleset:
        raise FileError(
            N_(
                "The answers are for rule version {found}, the room uses {expected}. Download the "
                "workbook of the room again and copy your answers into it."
            ),
            file=file,
            found=reading.meta["ruleset"],
            expected=ruleset,
        )
    if party not in reading.document["answers"]:
        raise FileError(N_("The workbook has no column of party {party}."), file=file, party=party)
    problems = tuple(reading.problems) or _wrong_sheet(reading, party)
    if problems:
        raise WorkbookError(problems, file=file)
    return dict(reading.document["answers"][party])


def _wrong_answers(reading: Reading) -> tuple[CellProblem, ...]:
    try:
        Room.from_dict(reading.document)
    except AnswerError as error:
        return _at_cells(reading, error.problems)
    return ()


def _wrong_sheet(reading: Reading, party: str) -> tuple[CellProblem, ...]:
    from mutualist.domain.assess import builtin_ruleset, check_sheet

    ruleset = builtin_ruleset(reading.meta["ruleset"])
    answers = reading.document["answers"][party]
    return _at_cells(reading, check_sheet(answers, party, tuple(reading.parties), ruleset))


def _at_cells(reading: Reading, problems: Any) -> tuple[CellProblem, ...]:
    found = []
    for problem in problems:
        sheet, cell = reading.place(problem.party, problem.item)
        found.append(CellProblem(sheet, cell, problem.message("de"), problem.message("en")))
    return tuple(found)


def _form(ruleset: str, parties: dict[str, str], file: str) -> Form:
    from mutualist.library.rules import form_of, versions

    if ruleset not in versions():
        raise FileError(
            N_("The workbook is for rule version {found}. This program knows {known}."),
            file=file,
            found=ruleset,
            known=", ".join(versions()),
        )
    return form_of(ruleset, parties)


def _meta(book: Workbook, file: str) -> dict[str, str]:
    if places.META_SHEET not in book.sheetnames:
        raise FileError(
            N_(
                "The workbook was not made from the template. `mutualist room workbook` writes one."
            ),
            file=file,
        )
    rows = book[places.META_SHEET].iter_rows(max_row=20, max_col=2, values_only=True)
    meta = {str(key): str(value) for key, value in rows if key}
    if meta.get("schema") != places.SCHEMA:
        raise FileError(
            N_("The workbook is of kind {found}; {expected} is needed."),
            file=file,
            found=meta.get("schema", "?"),
            expected=places.SCHEMA,
        )
    meta.setdefault("ruleset", "?")
    meta["language"] = meta.get("language", "en") if meta.get("language") in LANGUAGES else "en"
    return meta


def _computed(raw: bytes, book: Workbook, file: str) -> Workbook | None:
    """Open the file a second time for the values of formulas, only if there are any."""
    for sheet in book.worksheets:
        for row in _rows(sheet):
            if any(cell.data_type == "f" for cell in row):
                return open_workbook(raw, file, values=True)
    return None


def _rows(sheet: Worksheet) -> Iterator[Any]:
    return sheet.iter_rows(
        max_row=min(sheet.max_row, places.MAX_ROWS),
        max_col=min(sheet.max_column, places.MAX_COLUMNS),
    )


def _lines(
    book: Workbook, computed: Workbook | None, problems: list[CellProblem]
) -> Iterator[Line]:
    for sheet in book.worksheets:
        rows = list(_rows(sheet))
        if not rows or rows[0][0].value != places.MARKS[0]:
            continue
        answers = places.FIRST_ANSWER - 1
        parties = {cell.column: str(cell.value) for cell in rows[0][answers:] if cell.value}
        for row in rows[places.HEADER_ROW :]:
            key, cells = row[0].value, [cell for cell in row[answers:] if cell.column in parties]
            if isinstance(key, str):
                for cell in cells:
                    value = _cell_value(sheet, cell, computed, problems)
                    where = (sheet.title, cell.row, cell.column_letter)
                    yield Line(*where, parties[cell.column], key, value)
            elif any(cell.value not in {None, ""} for cell in cells):
                reason = N_("This line is not part of the template; remove it.")
                problems.append(CellProblem.say(sheet.title, cells[0].coordinate, reason))


def _cell_value(
    sheet: Worksheet, cell: Any, computed: Workbook | None, problems: list[CellProblem]
) -> Any:
    """Return what a cell holds; of a formula its last computed value."""
    if cell.data_type == "f":
        value = computed[sheet.title][cell.coordinate].value if computed else None
        if value is None:
            reason = N_("The formula has no value yet. Write the value itself.")
            problems.append(CellProblem.say(sheet.title, cell.coordinate, reason))
        return value
    if cell.data_type == "e":
        reason = N_("The cell holds the error {value}.")
        problems.append(CellProblem.say(sheet.title, cell.coordinate, reason, value=cell.value))
        return None
    return cell.value
