"""A result on paper, without a web application around it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from mutualist.domain.assess import visible_answers
from mutualist.reports import Material, board_data, board_pdf, report_data, report_pdf

if TYPE_CHECKING:
    from mutualist.domain.assess import Verdict as Result


def to_pdf(
    result: Result, lang: str, *, long: bool = False, opened_on: date | None = None
) -> bytes:
    """Return the board one-pager or the long report as a tagged PDF.

    Parameters
    ----------
    opened_on : date, optional
        Day of the opening; else the first day of the frame's ``as_of``, else today.
    """
    room = result.room
    material = Material(
        name=str(room.frame.get("name") or ", ".join(room.parties.values())),
        frame=room.frame,
        verdict=result,
        room=room,
        visible={
            party: visible_answers(sheet, room.ruleset) for party, sheet in room.answers.items()
        },
        parties=room.parties,
        round=1,
        opened_on=opened_on or _as_of(str(room.frame.get("as_of") or "")),
        lang=lang,
    )
    return report_pdf(report_data(material)) if long else board_pdf(board_data(material))


def _as_of(month: str) -> date:
    try:
        return date.fromisoformat(f"{month}-01")
    except ValueError:
        return date.today()  # noqa: DTZ011 - the day on the user's own calendar
