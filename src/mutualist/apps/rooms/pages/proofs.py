"""What a party takes home: the receipts of its seals and the head of the room's log."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mutualist.apps.core.downloads import download, file_name
from mutualist.apps.rooms import queries
from mutualist.apps.rooms.pages.access import actor_of, known_person


@require_safe
@known_person
def proofs(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show what may be downloaded, and say what to do with it."""
    actor = actor_of(request)
    room = queries.get_room(actor, uid)
    context: dict[str, Any] = {"room": room, "proofs": queries.proofs(actor, room)}
    return render(request, "rooms/lifecycle/proofs.html", context)


@require_safe
@known_person
def receipt(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Download the receipt of an own seal."""
    actor = actor_of(request)
    room = queries.get_room(actor, uid)
    found = queries.receipt(actor, room, _round_asked(request), request.GET.get("seat") or None)
    content = json.dumps(found, ensure_ascii=False, indent=1) + "\n"
    what = _("receipt-{party}-{round}").format(party=found["party"], round=found["round"])
    return download(content, "application/json", _name(room, what, "json"))


@require_safe
@known_person
def head(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Download the present head of the room's log, in the form it has in mails."""
    actor = actor_of(request)
    room = queries.get_room(actor, uid)
    content = queries.room_head(actor, room).text + "\n"
    return download(content, "text/plain; charset=utf-8", _name(room, _("head"), "txt"))


def _name(room: Any, what: str, ending: str) -> str:
    return file_name(room.name, what, localtime().date(), ending)


def _round_asked(request: HttpRequest) -> int | None:
    asked = request.GET.get("round", "")
    if asked and not (asked.isascii() and asked.isdigit() and len(asked) < 4):
        raise Http404
    return int(asked) if asked else None


urlpatterns = [
    path("rooms/<uuid:uid>/proofs/", proofs, name="proofs"),
    path("rooms/<uuid:uid>/receipt.json", receipt, name="receipt"),
    path("rooms/<uuid:uid>/head.txt", head, name="head"),
]
