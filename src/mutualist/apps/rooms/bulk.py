"""The workbook by which a convener opens many rooms: its layout, an empty one, and reading it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from mutualist.apps.core.language import reading
from mutualist.apps.rooms.addresses import is_mail_address
from mutualist.apps.rooms.models import NAME_LENGTH
from mutualist.apps.rooms.values import CellProblem, PartySpec
from mutualist.library.errors import FileError
from mutualist.library.workbook.archive import open_workbook

MAX_BYTES = 2 * 1024 * 1024
MAX_ROOMS = 300
MAX_PARTIES = 8
OFFER_LENGTH = 300
FIRST_ROW = 2
NAME, OFFER, DEADLINE, FIRST_PARTY = 1, 2, 3, 4
WIDTH = 4
LANGUAGES = {
    "de": "de",
    "deutsch": "de",
    "german": "de",
    "en": "en",
    "englisch": "en",
    "english": "en",
}


@dataclass(frozen=True, slots=True)
class PlannedRoom:
    """One row of the workbook."""

    name: str
    offer: str
    deadline: date | None
    parties: tuple[PartySpec, ...]


def bulk_template(language: str) -> bytes:
    """Return an empty workbook with headings, one row a room."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    with translation.override(language):
        heads = [_("Name of the room"), _("What is sold to whom"), _("Deadline")]
        for number in range(1, MAX_PARTIES + 1):
            heads += [
                _("Party {number}").format(number=number),
                _("Person at party {number}").format(number=number),
                _("Mail of party {number}").format(number=number),
                _("Language of party {number} (de or en)").format(number=number),
            ]
        title = _("Rooms")
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for column, head in enumerate(heads, start=1):
        cell = sheet.cell(1, column, head)
        cell.font = Font(bold=True)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        sheet.column_dimensions[get_column_letter(column)].width = 24
    sheet.freeze_panes = "B2"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def read_workbook(data: bytes) -> tuple[tuple[PlannedRoom, ...], tuple[CellProblem, ...]]:
    """Return the planned rooms and everything that is wrong, each with its cell."""
    if len(data) > MAX_BYTES:
        return (), (CellProblem("", _("The file is larger than 2 MB.")),)
    try:
        rows = _rows(data)
    except FileError as error:
        return (), (CellProblem("", error.message(reading())),)
    except Exception:  # noqa: BLE001 - the parser raises whatever it meets while rows are read
        return (), (CellProblem("", _("This file is not an Excel workbook (.xlsx).")),)
    return _read_rows(rows)


def _rows(data: bytes) -> list[tuple[Any, ...]]:
    sheet = open_workbook(data, values=True, read_only=True).worksheets[0]
    last = FIRST_PARTY + WIDTH * MAX_PARTIES - 1
    found = sheet.iter_rows(
        min_row=FIRST_ROW, max_row=MAX_ROOMS + FIRST_ROW, max_col=last, values_only=True
    )
    return list(found)


def _read_rows(
    rows: list[tuple[Any, ...]],
) -> tuple[tuple[PlannedRoom, ...], tuple[CellProblem, ...]]:
    problems: list[CellProblem] = []
    rooms: list[PlannedRoom] = []
    for number, values in enumerate(rows, start=FIRST_ROW):
        if not any(_text(value) for value in values):
            continue
        if len(rooms) >= MAX_ROOMS:
            message = _("Up to {most} rooms at once.").format(most=MAX_ROOMS)
            problems.append(CellProblem(f"A{number}", message))
            break
        rooms.append(_Row(number, values, problems).room())
    if not rooms and not problems:
        problems.append(CellProblem("A2", _("The first sheet has no row with a room.")))
    return tuple(rooms), tuple(problems)


def _text(value: Any) -> str:
    return " ".join(str(value).split()) if value is not None else ""


class _Row:
    """Reads one row and notes what is wrong in which cell."""

    def __init__(self, number: int, values: tuple[Any, ...], problems: list[CellProblem]) -> None:
        self.number = number
        self.values = values
        self.problems = problems

    def value(self, column: int) -> Any:
        return self.values[column - 1] if column <= len(self.values) else None

    def wrong(self, column: int, message: str) -> None:
        from openpyxl.utils import get_column_letter

        self.problems.append(CellProblem(f"{get_column_letter(column)}{self.number}", message))

    def line(self, column: int, limit: int) -> str:
        text = _text(self.value(column))
        if len(text) > limit:
            message = _("{length} characters; {most} are possible.")
            self.wrong(column, message.format(length=len(text), most=limit))
        return text

    def room(self) -> PlannedRoom:
        name = self.line(NAME, NAME_LENGTH)
        if not name:
            self.wrong(NAME, _("The room needs a name."))
        parties = tuple(self.parties())
        if len(parties) < 2:
            self.wrong(FIRST_PARTY + WIDTH * len(parties), _("A room needs at least two parties."))
        return PlannedRoom(name, self.line(OFFER, OFFER_LENGTH), self.deadline(), parties)

    def deadline(self) -> date | None:
        from mutualist.apps.core.clock import today

        found = self.day(self.value(DEADLINE))
        if found is not None and found < today():
            message = _("{date} is in the past. Choose today or later.")
            self.wrong(DEADLINE, message.format(date=found.isoformat()))
        return found

    def day(self, value: Any) -> date | None:
        if value is None or isinstance(value, datetime):
            return value.date() if value is not None else None
        if isinstance(value, date):
            return value
        text = _text(value)
        if not text:
            return None
        for form in ("%Y-%m-%d", "%d.%m.%Y"):
            try:
                return datetime.strptime(text, form).date()  # noqa: DTZ007  (a day has no zone)
            except ValueError:
                continue
        message = _("“{value}” is not a date. Write it like 2026-11-28.")
        self.wrong(DEADLINE, message.format(value=text[:40]))
        return None

    def parties(self) -> Iterator[PartySpec]:
        names: set[str] = set()
        mails: set[str] = set()
        for index in range(MAX_PARTIES):
            column = FIRST_PARTY + WIDTH * index
            cells = [_text(self.value(column + offset)) for offset in range(WIDTH)]
            if not any(cells):
                continue
            name, person = self.line(column, NAME_LENGTH), self.line(column + 1, NAME_LENGTH)
            if not name:
                self.wrong(column, _("The party needs a name."))
            elif name.lower() in names:
                self.wrong(column, _("“{name}” is named twice in this room.").format(name=name))
            mail = self.mail(column + 2, mails)
            names.add(name.lower())
            yield PartySpec(name, mail, person, self.language(column + 3))

    def mail(self, column: int, known: set[str]) -> str:
        text = _text(self.value(column))
        if not is_mail_address(text):
            message = (
                _("“{value}” is not a mail address.") if text else _("The mail address is missing.")
            )
            self.wrong(column, message.format(value=text[:80]))
            return text
        if text.lower() in known:
            self.wrong(column, _("Two parties of this room have the same mail address."))
        known.add(text.lower())
        return text

    def language(self, column: int) -> str:
        text = _text(self.value(column)).lower()
        if not text:
            return "de"
        if text not in LANGUAGES:
            self.wrong(
                column, _("“{value}” is not possible. Write de or en.").format(value=text[:20])
            )
        return LANGUAGES.get(text, "de")
