"""Rooms and answers as Excel workbooks.

>>> from mutualist import workbook
>>> raw = workbook.answers_workbook({"A": "Nordwerk", "B": "Tauwerk"}, "B", ruleset="2026.2")
>>> workbook.read_answers_workbook(raw, "B", ruleset="2026.2")
{}
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from mutualist.library.errors import CellProblem

if TYPE_CHECKING:
    from mutualist.domain.assess import Room

# openpyxl takes 150 ms to load; these functions load it when a workbook is really wanted.


def room_workbook(room: Room, lang: str = "en") -> bytes:
    """Return the workbook of a room with the answers of all parties."""
    from mutualist.library.workbook import writing

    return writing.room_workbook(room, lang)


def write_room_workbook(room: Room, target: str | Path | IO[bytes], lang: str = "en") -> None:
    """Write the workbook of a room to a path or an open file."""
    raw = room_workbook(room, lang)
    if isinstance(target, str | Path):
        Path(target).write_bytes(raw)
    else:
        target.write(raw)


def answers_workbook(
    parties: Mapping[str, str],
    party: str,
    *,
    ruleset: str,
    lang: str = "en",
    frame: Mapping[str, Any] | None = None,
    answers: Mapping[str, Any] | None = None,
) -> bytes:
    """Return the workbook that one party fills in, blank or with its draft."""
    from mutualist.library.workbook import writing

    return writing.answers_workbook(
        parties, party, ruleset=ruleset, lang=lang, frame=frame, answers=answers
    )


def read_room_data(raw: bytes, file: str = "") -> dict[str, Any]:
    """Return a workbook's content as the mapping of a room file."""
    from mutualist.library.workbook import reading

    return reading.read_room_data(raw, file)


def read_room_workbook(source: str | Path | IO[bytes] | bytes, file: str = "") -> Room:
    """Read a room's workbook; ``WorkbookError.problems`` names every broken cell."""
    from mutualist.library.workbook import reading

    raw, name = _content(source)
    return reading.read_room_workbook(raw, file or name)


def read_answers_workbook(
    source: str | Path | IO[bytes] | bytes, party: str, *, ruleset: str, file: str = ""
) -> dict[str, Any]:
    """Read one party's answers from a workbook of the same rule version."""
    from mutualist.library.workbook import reading

    raw, name = _content(source)
    return reading.read_answers_workbook(raw, party, ruleset=ruleset, file=file or name)


def annotated_copy(
    source: str | Path | IO[bytes] | bytes, problems: Sequence[CellProblem], lang: str = "en"
) -> bytes:
    """Return the user's own file with a comment on every broken cell."""
    from mutualist.library.workbook import notes

    return notes.annotated_copy(_content(source)[0], problems, lang)


def _content(source: str | Path | IO[bytes] | bytes) -> tuple[bytes, str]:
    if isinstance(source, bytes):
        return source, ""
    if isinstance(source, str | Path):
        return Path(source).read_bytes(), str(source)
    return source.read(), str(getattr(source, "name", ""))
