"""The user's own file, with a comment and a red fill on every broken cell."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Final

from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

from mutualist.library.errors import CellProblem
from mutualist.library.workbook.archive import open_workbook

_RED: Final = PatternFill("solid", fgColor="FFF8CFCB")


def annotated_copy(raw: bytes, problems: Sequence[CellProblem], lang: str = "en") -> bytes:
    """Return a copy of a workbook in which every broken cell says what is wrong with it.

    Parameters
    ----------
    raw : bytes
        The file as the user sent it; everything else in it stays.
    problems : sequence of CellProblem
        From ``WorkbookError.problems``.
    lang : {"de", "en"}
        Language of the comments.
    """
    book = open_workbook(raw)
    said: dict[tuple[str, str], list[str]] = {}
    for problem in problems:
        if problem.sheet in book.sheetnames:
            place = (problem.sheet, problem.cell or "A2")
            said.setdefault(place, []).append(problem.message(lang))
    for (sheet, name), messages in said.items():
        cell = book[sheet][name]
        cell.fill = _RED
        note = Comment("\n".join(messages), "Mutualist")
        note.width, note.height = 340, 90
        cell.comment = note
    first = next(iter(said), None)
    if first is not None:
        book.active = book.sheetnames.index(first[0])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()
