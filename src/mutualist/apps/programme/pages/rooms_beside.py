"""Rooms on a partner's page, and the partnership on the page of a room."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from mutualist.apps.core.actor import Actor
from mutualist.apps.programme.beside import Section
from mutualist.apps.programme.models import Relation
from mutualist.apps.programme.queries.people import people_of
from mutualist.apps.programme.queries.rooms import relation_of_room, rooms_of_relation
from mutualist.apps.programme.standing import RESTING, Standing
from mutualist.apps.rooms.beside import Section as RoomSection


def rooms_section(standing: Standing, relation: int) -> Section | None:
    """Return the rooms opened from a partnership, and the way to another; nothing for a mailed link."""
    if standing.actor.user_id is None:
        return None
    partner = Relation.objects.get(pk=relation)
    may = standing.writes and partner.state not in RESTING
    vendor = standing.side == "vendor"
    content = {
        "rooms": rooms_of_relation(standing.actor, relation),
        "people": people_of(relation) if may and vendor else (),
        "open_url": reverse("programme:room", args=[standing.programme_uid, partner.uid])
        if vendor
        else reverse("programme:room_own", args=[partner.uid]),
        "asks": may and not vendor,
    }
    return Section("rooms", "programme/_rooms.html", content)


def beside_room(actor: Actor, room: Any, _opened: Any) -> RoomSection | None:
    """Return the way back from a room to the partnership it was opened from."""
    found = relation_of_room(actor, room.uid)
    if found is None:
        return None
    vendor = found.programme.organisation_id in actor.organisations()
    url = (
        reverse("programme:partner", args=[found.programme.uid, found.uid])
        if vendor
        else reverse("programme:own", args=[found.uid])
    )
    return RoomSection(
        "programme/_room_of.html",
        {"programme": found.programme.name, "partner": found.name, "url": url},
    )
