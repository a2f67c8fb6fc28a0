"""What has happened lately in all of a person's rooms."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Exists, OuterRef

from mutualist.apps.core.actor import Actor
from mutualist.apps.core.audit import timeline
from mutualist.apps.rooms.chains import room_chain, seat_chain
from mutualist.apps.rooms.models import Answerer, Room, Seat, SeatLink
from mutualist.apps.rooms.values import News

MOST_ROOMS = 200


def recent(actor: Actor, limit: int = 6) -> tuple[News, ...]:
    """Return the latest of what others did in the actor's rooms: two queries.

    A party's own affairs are told to whoever sits on that side and to nobody else; what the actor
    did is no news to the actor.
    """
    rooms: dict[str, Room] = {}
    for room, seats in _by_room(_seats(actor)):
        rooms[room_chain(room)] = room
        for seat in _mine(actor, room, seats):
            rooms[seat_chain(room, seat)] = room
    entries = timeline(rooms, audiences=("room", "seat"), limit=limit, but_by=actor.user_id)
    return tuple(
        News(rooms[entry.chain].uid, rooms[entry.chain].name, entry.sentence, entry.created)
        for entry in entries
    )


def _seats(actor: Actor) -> Iterable[Any]:
    """Read the seats of the newest rooms with what ties the actor to each."""
    visible = Room.objects.visible_to(actor).order_by("-created_at", "-pk")[:MOST_ROOMS]
    people = Answerer.objects.filter(seat=OuterRef("pk"))
    return (
        Seat.objects.filter(room__in=visible)
        .select_related("room")
        .annotate(
            by_account=Exists(people.filter(user_id=actor.user_id or 0)),
            by_link=Exists(people.filter(links__in=SeatLink.objects.held_by(actor))),
        )
        .order_by("room_id", "position")
    )


def _by_room(seats: Iterable[Any]) -> Iterator[tuple[Room, list[Any]]]:
    found: dict[int, tuple[Room, list[Any]]] = {}
    for seat in seats:
        found.setdefault(seat.room_id, (seat.room, []))[1].append(seat)
    return iter(found.values())


def _mine(actor: Actor, room: Room, seats: list[Any]) -> list[Any]:
    """Return the actor's side, as :func:`~mutualist.apps.rooms.standing.standing` ranks it.

    Where links of several sides lie in one browser, none counts: a missing line harms nobody.
    """
    organisations = actor.organisations()
    if room.mode == Room.Mode.CONVENED and room.host_id in organisations:
        return []
    by_account = [seat for seat in seats if seat.by_account]
    if by_account:
        return by_account if room.mode == Room.Mode.ALONE else by_account[:1]
    own = [seat for seat in seats if seat.organisation_id in organisations]
    by_link = [seat for seat in seats if seat.by_link]
    return own[:1] or (by_link if len(by_link) == 1 else [])
