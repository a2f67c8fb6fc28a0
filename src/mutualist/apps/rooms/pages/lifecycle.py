"""A room from the list to the opening: overview, invitations, sealing, opening together."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mutualist.apps.core.conflicts import conflict_page, seen_in
from mutualist.apps.core.errors import ActionError, Conflict
from mutualist.apps.rooms import actions, queries
from mutualist.apps.rooms.forms.frame import DeadlineForm
from mutualist.apps.rooms.pages.access import actor_of, known_person


def _fresh_status(request: HttpRequest, uid: UUID) -> Any:
    """Load a room; one whose deadline has passed opens now, before anybody reads it."""
    actor = actor_of(request)
    room = queries.get_room(actor, uid)
    status = queries.room_status(actor, room, bonds=False)
    if status.due and room.opens == "deadline" and actions.open_due(room=room):
        status = queries.room_status(actor, queries.get_room(actor, uid), bonds=False)
    return status


@require_safe
@known_person
def room_list(request: HttpRequest) -> HttpResponse:
    """List the rooms one belongs to."""
    cards = queries.room_page(actor_of(request), request.GET.get("page", 1))
    return render(request, "rooms/lifecycle/list.html", {"cards": cards})


@require_safe
@known_person
def room(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show where a room stands and the one thing to do next."""
    status = _fresh_status(request, uid)
    actor = actor_of(request)
    context = {
        "status": status,
        "room": status.room,
        "timeline": queries.room_timeline(actor, status.room)[:12],
        "deadline_form": DeadlineForm(initial={"deadline": status.room.deadline}),
    }
    return render(request, "rooms/lifecycle/room.html", context)


@require_POST
@known_person
def move_deadline(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Move the deadline; the parties are told."""
    actor = actor_of(request)
    found = queries.get_room(actor, uid)
    form = DeadlineForm(request.POST)
    if not form.is_valid() or not form.cleaned_data["deadline"]:
        messages.error(request, _("Choose a day for the deadline."))
        return redirect("rooms:room", uid)
    wanted = form.cleaned_data["deadline"]
    try:
        actions.move_deadline(actor=actor, room=found, deadline=wanted, seen=seen_in(request))
    except Conflict as error:
        return conflict_page(
            request,
            error,
            label=_("Deadline"),
            mine=date_format(wanted),
            theirs=date_format(date.fromisoformat(error.theirs)) if error.theirs else _("none"),
            back=reverse("rooms:room", args=[uid]),
        )
    except ActionError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("The deadline has been moved; everybody gets a mail."))
    return redirect("rooms:room", uid)


@require_POST
@known_person
def remind(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Remind everybody who has not sealed."""
    actor = actor_of(request)
    count = actions.remind(actor=actor, room=queries.get_room(actor, uid))
    messages.success(request, _("Reminders sent: %(count)s.") % {"count": count})
    return redirect("rooms:room", uid)


@require_http_methods(["GET", "POST"])
@known_person
def seal(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Seal one's sheet: shows what is still open, then seals once."""
    actor = actor_of(request)
    status = _fresh_status(request, uid)
    sheet = queries.draft_sheet(actor, status.room)
    if status.my_seat is None:
        return redirect("rooms:room", uid)
    problem: ActionError | None = None
    if request.method == "POST":
        try:
            sealed = actions.seal_sheet(
                actor=actor,
                room=status.room,
                confirm_open_items=request.POST.get("confirm_open_items") == "yes",
            )
        except ActionError as error:
            if error.code != "open_items":
                raise
            problem = error
        else:
            messages.success(
                request,
                _("Sealed. Your fingerprint is %(mark)s.") % {"mark": sealed.fingerprint},
            )
            return redirect("rooms:result" if sealed.opened else "rooms:room", uid)
    context = {"status": status, "room": status.room, "sheet": sheet, "problem": problem}
    return render(request, "rooms/lifecycle/seal.html", context, status=422 if problem else 200)


@require_POST
@known_person
def take_back(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Undo one's seal while not everybody has sealed."""
    actor = actor_of(request)
    try:
        actions.take_back(actor=actor, room=queries.get_room(actor, uid))
    except ActionError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("Your seal is taken back; you may change your answers."))
    return redirect("rooms:room", uid)


@require_http_methods(["GET", "POST"])
@known_person
def open_together(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Press “Open together”; the last press opens for everybody at once."""
    actor = actor_of(request)
    status = _fresh_status(request, uid)
    if request.method == "POST":
        pressed = actions.press_open(actor=actor, room=status.room)
        if pressed.opened:
            return redirect("rooms:result", uid)
        return redirect("rooms:open", uid)
    if status.result_visible and status.room.state != "answering":
        if request.headers.get("HX-Request") == "true":
            response = HttpResponse(status=204)
            response["HX-Redirect"] = request.build_absolute_uri("../result/")
            return response
        return redirect("rooms:result", uid)
    context = {"status": status, "room": status.room}
    partial = request.headers.get("HX-Request") == "true"
    template = "rooms/lifecycle/_waiting.html" if partial else "rooms/lifecycle/open.html"
    return render(request, template, context)


@require_POST
@known_person
def share_result(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Let the neutral host see the result, or stop it."""
    actor = actor_of(request)
    share = request.POST.get("share") == "yes"
    actions.share_result(actor=actor, room=queries.get_room(actor, uid), share=share)
    return redirect("rooms:room", uid)


@require_http_methods(["GET", "POST"])
@known_person
def delete(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Ask once, then delete the room with everything in it."""
    actor = actor_of(request)
    found = queries.get_room(actor, uid)
    if request.method == "POST":
        name = found.name
        try:
            actions.delete_room(actor=actor, room=found)
        except ActionError as error:
            messages.error(request, error.message)
            return redirect("rooms:room", uid)
        messages.success(request, _("“%(name)s” has been deleted.") % {"name": name})
        return redirect("rooms:list")
    return render(request, "rooms/lifecycle/delete.html", {"room": found})


urlpatterns = [
    path("rooms/", room_list, name="list"),
    path("rooms/<uuid:uid>/", room, name="room"),
    path("rooms/<uuid:uid>/deadline/", move_deadline, name="deadline"),
    path("rooms/<uuid:uid>/remind/", remind, name="remind"),
    path("rooms/<uuid:uid>/seal/", seal, name="seal"),
    path("rooms/<uuid:uid>/seal/back/", take_back, name="take_back"),
    path("rooms/<uuid:uid>/open/", open_together, name="open"),
    path("rooms/<uuid:uid>/share/", share_result, name="share"),
    path("rooms/<uuid:uid>/delete/", delete, name="delete"),
]
