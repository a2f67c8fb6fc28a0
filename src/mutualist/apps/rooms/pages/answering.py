"""Answering: role and mandate, six pages of six items, the preview before sealing.

Each page works by plain posts; with scripts every item is saved by itself as well.
"""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mutualist.apps.core.idempotency import leave_out
from mutualist.apps.rooms import queries
from mutualist.apps.rooms.forms import HEADER
from mutualist.apps.rooms.pages.access import actor_of, known_person
from mutualist.apps.rooms.pages.answer_preview import preview_context, visibility_context
from mutualist.apps.rooms.pages.answer_sheet import AnswerSheet, Outcome
from mutualist.apps.rooms.pages.answer_words import guessed_name, page_words, progress_bar

LAST = 6


def _sheet(request: HttpRequest, uid: UUID) -> AnswerSheet:
    """Load the sheet of whoever asks; anybody without a seat is told that there is nothing."""
    room = queries.get_room(actor_of(request), uid)
    return AnswerSheet(request, room)


@never_cache
@require_http_methods(["GET", "POST"])
@known_person
def answer(request: HttpRequest, uid: UUID, question: int) -> HttpResponse:
    """Show one page of the sheet, or save it and go on."""
    if question > LAST:
        raise Http404
    sheet = _sheet(request, uid)
    if request.method == "POST":
        return _save_page(request, sheet, question)
    if closed := _closed(request, sheet):
        return closed
    if question == 1 and _comes_first_time(request, sheet):
        return HttpResponseRedirect(sheet.url("answer", 0))
    numbers = sheet.numbers(question)
    if request.GET.get("only") == "changed":
        numbers = [number for number in numbers if number in sheet.sheet.changed]
    return _page(request, sheet, question, Outcome(views=sheet.shown(numbers)))


def _closed(request: HttpRequest, sheet: AnswerSheet) -> HttpResponse | None:
    """Lead away from a sheet that can't be changed any more, saying why."""
    if sheet.sheet.is_sealed:
        messages.info(request, _("This sheet is sealed. Here is what stands in it."))
        return HttpResponseRedirect(sheet.url("preview"))
    if not sheet.status.may_answer:
        messages.info(request, _("In this round nothing can be answered any more."))
        return redirect("rooms:room", sheet.room.uid)
    return None


def _comes_first_time(request: HttpRequest, sheet: AnswerSheet) -> bool:
    """Whether role and mandate have to be asked before the first question; nobody guesses them."""
    return not (sheet.sheet.answers or "later" in request.GET or guessed_name(sheet))


def _page(
    request: HttpRequest, sheet: AnswerSheet, question: int, outcome: Outcome
) -> HttpResponse:
    words = page_words(sheet, question)
    context = {
        "room": sheet.room,
        "round": sheet.sheet.round,
        "status": sheet.status,
        "number": question,
        "page": words,
        "items": outcome.views,
        "outcome": outcome,
        "progress": progress_bar(sheet, question),
        "saved": sheet.saved_words(),
        "only_changed": request.GET.get("only") == "changed",
        "links": _links(sheet),
    }
    return render(request, "rooms/answering/page.html", context, status=outcome.status)


def _links(sheet: AnswerSheet) -> dict[str, str]:
    return {
        "preview": sheet.url("preview"),
        "seal": sheet.url("seal"),
        "workbook": sheet.url("answers_workbook"),
    }


def _save_page(request: HttpRequest, sheet: AnswerSheet, question: int) -> HttpResponse:
    """Save a page and go where the pressed button leads; stay where something is to be settled."""
    numbers = [n for n in sheet.numbers(question) if f"version-{n}" in request.POST]
    outcome = sheet.save(request.POST, numbers)
    if not outcome.ok or "resolve" in request.POST:
        return _page(request, sheet, question, outcome)
    return HttpResponseRedirect(_goal(sheet, question, request.POST.get("go", "next")))


def _goal(sheet: AnswerSheet, question: int, go: str) -> str:
    """Return the address a button leads to."""
    pages = {str(number): number for number in range(LAST + 1)}
    if go in pages:
        return sheet.url("answer", pages[go])
    target = question - 1 if go == "back" else question + 1
    if target > LAST:
        return sheet.url("preview")
    url = sheet.url("answer", max(target, 0))
    if question == 0 and not sheet.sheet.answers:
        url += ("&" if "?" in url else "?") + "later"
    return url


@never_cache
@require_POST
@known_person
def item(request: HttpRequest, uid: UUID, item: str) -> HttpResponse:
    """Save one item by itself and answer the line below it."""
    # The form posts many times while it is open. Each answer carries its version, so one that is sent
    # again changes nothing.
    leave_out(request)
    sheet = _sheet(request, uid)
    if item != HEADER and item not in sheet.rules.items:
        raise Http404
    if "resolve" in request.POST:
        outcome = sheet.save(request.POST, [item])
        template = "_header.html" if item == HEADER else "_item.html"
        shown = {"item": outcome.views[0]}
        return render(request, f"rooms/answering/{template}", shown, status=outcome.status)
    outcome = sheet.save(request.POST, [item], gently=True)
    (view,) = outcome.views
    question = int(item[0]) if item != HEADER else 0
    context: dict[str, Any] = {
        "item": view,
        "wrong": not outcome.ok,
        "incomplete": outcome.unfinished,
        "saved": sheet.saved_words(),
        "progress": progress_bar(sheet, question),
    }
    # An answer one is still giving is no mistake: it is not stored, and nothing turns red.
    response = render(request, "rooms/answering/_saved.html", context, status=outcome.status)
    errors = {
        control.id: " ".join(control.errors) for control in view.body.all_controls if control.errors
    }
    response["HX-Trigger"] = json.dumps({"item-errors": {"item": item, "errors": errors}})
    return response


@never_cache
@require_safe
@known_person
def preview(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show what one's own answers alone say, or how the others will see them."""
    sheet = _sheet(request, uid)
    theirs = request.GET.get("view") == "theirs"
    left = frozenset(request.GET.getlist("left"))
    context: dict[str, Any] = preview_context(sheet, theirs=theirs, left=left)
    context |= {"links": {"seal": sheet.url("seal")}, "progress": progress_bar(sheet, None)}
    name = "theirs" if theirs else "preview"
    return render(request, f"rooms/answering/{name}.html", context)


@require_safe
@known_person
def visibility(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Say who sees what, and when."""
    actor = actor_of(request)
    room = queries.get_room(actor, uid)
    return render(request, "rooms/answering/visibility.html", visibility_context(actor, room))


urlpatterns = [
    path("rooms/<uuid:uid>/answer/<int:question>/", answer, name="answer"),
    path("rooms/<uuid:uid>/item/<str:item>/", item, name="item"),
    path("rooms/<uuid:uid>/preview/", preview, name="preview"),
    path("rooms/<uuid:uid>/visibility/", visibility, name="visibility"),
]
