"""Suspend, resume and end a partner; its people and their links; a room with it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from mutualist.apps.core.conflicts import seen_in
from mutualist.apps.core.errors import ActionError, NotAllowed
from mutualist.apps.programme.actions.life import move, remove_contact, revoke_links, send_link
from mutualist.apps.programme.actions.partners import add_contact
from mutualist.apps.programme.actions.rooms import open_room
from mutualist.apps.programme.doors import for_partner, for_vendor, partner_paths, partner_url
from mutualist.apps.programme.models import Relation
from mutualist.apps.programme.pages.partners import partner_page
from mutualist.apps.programme.queries.clock import vendor_people
from mutualist.apps.programme.queries.partners import relation_for
from mutualist.apps.programme.queries.people import people_of
from mutualist.apps.programme.queries.rooms import rooms_of_relation
from mutualist.apps.programme.standing import Standing


@require_POST
@for_vendor
def state(request: HttpRequest, standing: Standing, relation: UUID) -> HttpResponse:
    """Take a step of a partner's life."""
    found = relation_for(standing, relation)
    reason = request.POST.get("reason", "")
    try:
        move(standing=standing, relation=found, step=request.POST.get("step", ""), reason=reason)
    except ActionError as error:
        return partner_page(request, standing, found, error, reason=reason)
    messages.success(request, _("Done; the people of the partner are told by mail."))
    return redirect("programme:partner", standing.programme_uid, found.uid)


@require_POST
@for_vendor
def people(request: HttpRequest, standing: Standing, relation: UUID) -> HttpResponse:
    """Add or remove a person of a partner, send a new link or take the old ones back."""
    found = relation_for(standing, relation)
    try:
        messages.success(request, _change(request, standing, found))
    except ActionError as error:
        return partner_page(request, standing, found, error, typed=request.POST)
    return redirect("programme:partner", standing.programme_uid, found.uid)


def _change(request: HttpRequest, standing: Standing, relation: Relation) -> str:
    """Do what was asked with a person, and return what was done."""
    wanted, number = request.POST.get("do", ""), request.POST.get("contact", "")
    if wanted == "add":
        made = add_contact(
            standing=standing,
            relation=relation,
            name=request.POST.get("name", ""),
            email=request.POST.get("email", ""),
            language=(get_language() or "de")[:2],
        )
        return _("{name} is written to from now on.").format(name=made.name)
    if not number.isdecimal() or len(number) > 18:
        raise NotAllowed
    who: dict[str, Any] = {"standing": standing, "relation": relation, "contact": int(number)}
    if wanted == "remove":
        remove_contact(**who)
        return _("Removed; links of this person no longer work.")
    if wanted == "revoke":
        revoke_links(**who)
        return _("The links no longer work.")
    if wanted == "send":
        send_link(**who)
        return _("A new link is on its way by mail.")
    raise NotAllowed


@require_POST
@for_vendor
def room(request: HttpRequest, standing: Standing, relation: UUID) -> HttpResponse:
    """Open a room with a partner."""
    found = relation_for(standing, relation)
    try:
        made = open_room(
            standing=standing,
            relation=found,
            person=request.POST.get("person", ""),
            seen=seen_in(request),
        )
    except ActionError as error:
        return partner_page(request, standing, found, error)
    return redirect("rooms:room", made)


@require_http_methods(["GET", "POST"])
@for_partner
def own_people(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Let a partner say who is written to, and take links back."""
    found = relation_for(standing, str(standing.relation_uid))
    problem = ""
    if request.method == "POST":
        try:
            messages.success(request, _change(request, standing, found))
        except ActionError as error:
            problem = error.message
        else:
            return redirect(partner_url(standing, "programme:people_own"))
    context = {
        "standing": standing,
        "people": people_of(found.pk),
        "problem": problem,
        "typed": request.POST,
        "people_url": partner_url(standing, "programme:people_own"),
    }
    return render(request, "programme/people.html", context, status=422 if problem else 200)


@require_http_methods(["GET", "POST"])
@for_partner
def own_room(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Let a partner with an account open a room with the vendor."""
    if standing.actor.user_id is None or not standing.writes:
        raise NotAllowed
    found = relation_for(standing, str(standing.relation_uid))
    problem = ""
    if request.method == "POST":
        try:
            made = open_room(
                standing=standing,
                relation=found,
                person=request.POST.get("person", ""),
                seen=seen_in(request),
            )
        except ActionError as error:
            problem = error.message
        else:
            return redirect("rooms:room", made)
    context = {
        "standing": standing,
        "people": vendor_people(standing.programme),
        "rooms": rooms_of_relation(standing.actor, found.pk),
        "problem": problem,
        "home": partner_url(standing, "programme:own"),
    }
    return render(request, "programme/room.html", context, status=422 if problem else 200)


_ONE = "programmes/<uuid:programme>/partners/<uuid:relation>/"
urlpatterns = [
    path(f"{_ONE}state/", state, name="state"),
    path(f"{_ONE}people/", people, name="people"),
    path(f"{_ONE}room/", room, name="room"),
    *partner_paths("people/", own_people, "people_own"),
    path("partner/<uuid:relation>/room/", own_room, name="room_own"),
]
