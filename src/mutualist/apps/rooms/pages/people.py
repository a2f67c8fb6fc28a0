"""The people at the seats: invitations, links, colleagues."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from mutualist.apps.core.errors import ActionError
from mutualist.apps.core.idempotency import leave_out
from mutualist.apps.core.language import has_chosen, keep_language
from mutualist.apps.identity.middleware import LINKS
from mutualist.apps.identity.queries import organisations_of
from mutualist.apps.rooms import actions, queries
from mutualist.apps.rooms.forms.frame import PersonForm
from mutualist.apps.rooms.pages.access import actor_of, known_person


@require_http_methods(["GET", "POST"])
@known_person
def people(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show who sits where; the host invites a lead for each seat, a lead invites colleagues."""
    actor = actor_of(request)
    room = queries.get_room(actor, uid)
    status = queries.room_status(actor, room)
    initial = {"language": translation.get_language()}
    form = PersonForm(request.POST or None, initial=initial)
    asked = request.POST.get("seat", "")
    if request.method == "POST" and form.is_valid():
        try:
            _invite(actor, room, status, asked, form.cleaned_data)
        except ActionError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("The invitation is on its way."))
            return redirect("rooms:people", uid)
    context = {
        "room": room,
        "status": status,
        "seats": queries.people(actor, room),
        "form": form,
        "blank": PersonForm(initial=initial),
        "asked": asked,
        "organisations": organisations_of(actor),
    }
    failed = request.method == "POST"
    return render(request, "rooms/lifecycle/people.html", context, status=422 if failed else 200)


def _invite(actor: Any, room: Any, status: Any, seat: str, person: dict[str, str]) -> None:
    if status.my_seat and seat == status.my_seat.key:
        actions.add_colleague(actor=actor, room=room, **person)
    else:
        actions.invite_answerer(actor=actor, room=room, seat=seat, **person)


@require_POST
@known_person
def person_action(request: HttpRequest, uid: UUID, answerer: int, verb: str) -> HttpResponse:
    """Send a link again, take it back, hand the lead over or remove a person."""
    actor = actor_of(request)
    room = queries.get_room(actor, uid)
    act, done = {
        "resend": (actions.resend_link, _("A new link is on its way; the old one has ended.")),
        "revoke": (actions.revoke_link, _("The link has been taken back.")),
        "lead": (actions.hand_over, _("The lead has been handed over.")),
        "remove": (actions.remove_answerer, _("The person has been removed.")),
    }[verb]
    try:
        act(actor=actor, room=room, answerer_id=answerer)
    except ActionError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, done)
    return redirect("rooms:people", uid)


@require_POST
@known_person
def claim(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Connect one's seat with one's organisation, so that colleagues there see the room."""
    actor = actor_of(request)
    room = queries.get_room(actor, uid)
    wanted = request.POST.get("organisation", "")
    organisation = next((o for o in organisations_of(actor) if str(o.uid) == wanted), None)
    if organisation is None:
        messages.error(request, _("Choose one of your organisations."))
        return redirect("rooms:people", uid)
    try:
        actions.claim_seat(actor=actor, room=room, organisation=organisation)
    except ActionError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("The seat now belongs to %(name)s.") % {"name": organisation})
    return redirect("rooms:people", uid)


@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest, token: str) -> HttpResponse:
    """Come in by a seat link: no account needed. A page in between keeps mail scanners out."""
    # It changes the session; a repeated answer would lead to a room without a seat in it.
    leave_out(request)
    invited_in = queries.link_language(token)
    new_here = bool(invited_in) and not has_chosen(request)
    if new_here:
        translation.activate(invited_in)
    try:
        link = queries.live_link(token)
        if request.method != "POST":
            context = {"room": link.room, "seat": link.answerer.seat}
            return render(request, "rooms/lifecycle/enter.html", context)
        accepted = actions.accept_link(actor=actor_of(request), token=token)
    except ActionError as error:
        return render(request, "rooms/lifecycle/enter.html", {"error": error}, status=error.status)
    links = set(request.session.get(LINKS, ())) - set(accepted.drop)
    # A new session id: whoever may have set the old one does not share this seat.
    request.session.cycle_key()
    request.session[LINKS] = sorted(links | {accepted.link_id})
    request.session["seat_name"] = accepted.answerer.seat.name
    response = redirect("rooms:room", accepted.room.uid)
    if new_here:
        keep_language(response, invited_in)
    return response


urlpatterns = [
    path("s/<str:token>/", enter, name="enter"),
    path("rooms/<uuid:uid>/people/", people, name="people"),
    path("rooms/<uuid:uid>/people/claim/", claim, name="claim"),
    *(
        path(
            f"rooms/<uuid:uid>/people/<int:answerer>/{verb}/",
            person_action,
            {"verb": verb},
            name=f"person_{verb}",
        )
        for verb in ("resend", "revoke", "lead", "remove")
    ),
]
