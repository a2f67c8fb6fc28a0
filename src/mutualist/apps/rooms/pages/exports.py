"""Everything of a room that can be downloaded: papers, workbook, data, calendar.

A paper is made for each request from what the reader may see; nothing of it is kept on disk.
"""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.timezone import localtime
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_safe

from mutualist.apps.core.downloads import PDF, XLSX, download, file_name
from mutualist.apps.core.errors import ActionError
from mutualist.apps.rooms import queries
from mutualist.apps.rooms.pages.access import actor_of, known_person, round_asked
from mutualist.apps.rooms.pages.answers_file import answers_workbook
from mutualist.apps.rooms.presenters.answers import sheets
from mutualist.apps.rooms.presenters.lines import comparisons
from mutualist.apps.rooms.values import OpenedRoom
from mutualist.reports.material import Line, Material, Round

LANGUAGES = ("de", "en")


def language_of(request: HttpRequest) -> str:
    """Return the wanted language of a paper: ``?lang=`` or the reader's own."""
    wanted = request.GET.get("lang") or (get_language() or "en")[:2]
    return wanted if wanted in LANGUAGES else "en"


def opened_room(request: HttpRequest, uid: UUID) -> tuple[Any, OpenedRoom]:
    """Return a room and the wanted opened round.

    Raises
    ------
    ActionError
        409 while nothing is opened: those who know of the room may know that.
    NotAllowed
        404 for everybody else, for a host with whom the result is not shared, and for a round that
        is not open.
    """
    actor = actor_of(request)
    room = queries.get_room(actor, uid)
    status = queries.room_status(actor, room)
    if not status.rounds:
        raise ActionError(
            "not_opened",
            _lazy("There is no result yet. It appears once everybody has sealed and opened."),
            status=409,
        )
    # As on the pages: a round that is not open is not there.
    return room, queries.opened(actor, room, round_asked(request))


def material(request: HttpRequest, room: Any, shown: OpenedRoom, lang: str) -> Material:
    """Gather what the papers and the workbook are made of."""
    actor = actor_of(request)
    numbers = [one.round for one in shown.rounds if one.round < shown.round]
    earlier = [queries.opened(actor, room, number) for number in numbers]
    return Material(
        name=room.name,
        frame=shown.domain_room.frame,
        verdict=shown.verdict,
        room=shown.domain_room,
        visible=shown.visible,
        parties=shown.parties,
        round=shown.round,
        opened_on=localtime(shown.opened_at).date(),
        fingerprints=shown.fingerprints,
        earlier=tuple(Round(one.round, one.verdict, one.visible) for one in earlier),
        self_check=shown.self_check,
        lines=_lines(shown, lang),
        lang=lang,
    )


def _name(lang: str, room: Any, what: Any, day: date, ending: str) -> str:
    """Name a file in the language of what is in it."""
    with override(lang):
        return file_name(room.name, str(what), day, ending)


def _lines(shown: OpenedRoom, lang: str) -> tuple[Line, ...]:
    currency = str(shown.domain_room.frame.get("currency") or "EUR")
    found = sheets(shown.domain_room.ruleset, lang, shown.parties, shown.visible, currency=currency)
    return tuple(one.line for one in comparisons(found))


@require_safe
@known_person
def board_pdf(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Download the one page for the board."""
    from mutualist.reports import board_data
    from mutualist.reports import board_pdf as paper

    room, shown = opened_room(request, uid)
    stuff = material(request, room, shown, language_of(request))
    name = _name(stuff.lang, room, _lazy("board"), stuff.opened_on, "pdf")
    return download(paper(board_data(stuff)), PDF, name)


@require_safe
@known_person
def report_pdf(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Download the long report."""
    from mutualist.reports import report_data
    from mutualist.reports import report_pdf as paper

    room, shown = opened_room(request, uid)
    stuff = material(request, room, shown, language_of(request))
    name = _name(stuff.lang, room, _lazy("report"), stuff.opened_on, "pdf")
    return download(paper(report_data(stuff)), PDF, name)


@require_safe
@known_person
def workbook(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Download the result as a workbook."""
    from mutualist.library.result_workbook import result_workbook

    room, shown = opened_room(request, uid)
    stuff = material(request, room, shown, language_of(request))
    name = _name(stuff.lang, room, _lazy("result"), stuff.opened_on, "xlsx")
    return download(result_workbook(stuff), XLSX, name)


@require_safe
@known_person
def result_json(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Download the result as it was stored at the opening (``verdict/1``)."""
    room, shown = opened_room(request, uid)
    content = json.dumps(dict(shown.result), ensure_ascii=False, indent=1) + "\n"
    day = localtime(shown.opened_at).date()
    name = _name(language_of(request), room, _lazy("result"), day, "json")
    return download(content, "application/json", name)


@require_safe
@known_person
def room_file(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Download the room file with the answers this reader may see."""
    from mutualist.library.yamlfile import dump

    actor = actor_of(request)
    room = queries.get_room(actor, uid)
    content = dump(queries.export_room(actor, room, round_asked(request)))
    name = _name(language_of(request), room, _lazy("room"), localtime().date(), "yaml")
    return download(content, "application/yaml; charset=utf-8", name)


@require_safe
@known_person
def calendar(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Download deadline and, after the opening, milestones as a calendar file."""
    from mutualist.library.calendar import milestones, room_calendar

    actor = actor_of(request)
    room = queries.get_room(actor, uid)
    status = queries.room_status(actor, room)
    steps: tuple[Any, ...] = ()
    stamp: datetime = room.created_at
    wanted = round_asked(request)
    if wanted is not None or (status.result_visible and status.rounds):
        shown = queries.opened(actor, room, wanted)
        stamp = shown.opened_at
        # Seals of a round that is still going on say nothing about the one that is opened.
        current = shown.round == room.round
        since = {
            seat.key: localtime((current and seat.sealed_at) or shown.opened_at).date()
            for seat in status.seats
        }
        steps = milestones(shown.visible, shown.parties, since)
    content = room_calendar(
        uid=str(room.uid),
        name=room.name,
        lang=language_of(request),
        stamp=stamp,
        deadline=room.deadline if room.state in {"draft", "answering"} else None,
        steps=steps,
        url=settings.MUTUALIST_BASE_URL + reverse("rooms:room", args=[room.uid]),
        round_=room.round,
    )
    name = _name(language_of(request), room, _lazy("calendar"), localtime(stamp).date(), "ics")
    return download(content, "text/calendar; charset=utf-8", name)


urlpatterns = [
    path("rooms/<uuid:uid>/board.pdf", board_pdf, name="board_pdf"),
    path("rooms/<uuid:uid>/report.pdf", report_pdf, name="report_pdf"),
    path("rooms/<uuid:uid>/result.xlsx", workbook, name="workbook"),
    path("rooms/<uuid:uid>/result.json", result_json, name="json"),
    path("rooms/<uuid:uid>/room.yaml", room_file, name="room_file"),
    path("rooms/<uuid:uid>/calendar.ics", calendar, name="calendar"),
    path("rooms/<uuid:uid>/answers-workbook/", answers_workbook, name="answers_workbook"),
]
