"""Rooms by address, for those who may know of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from mutualist.apps.core.actor import Actor
from mutualist.apps.core.errors import NotAllowed
from mutualist.apps.core.prepared import Prepared
from mutualist.apps.identity.models import Organisation
from mutualist.apps.rooms.models import Answerer, Room, Seat
from mutualist.apps.rooms.standing import Standing, standing

__all__ = [
    "Standing",
    "get_room",
    "my_answerer",
    "parties_of",
    "room_for_update",
    "sees_what_is_asked",
    "standing",
]


_visible = Prepared(
    lambda actor, uid: Room.objects.visible_to(actor).select_related("host").filter(uid=uid)[:1]
)
_locked = Prepared(lambda room: Room.objects.select_for_update().filter(pk=room))


def get_room(actor: Actor, uid: UUID | str) -> Room:
    """Return a room the actor may know of.

    Raises
    ------
    NotAllowed
        If there is no such room or it is none of the actor's business: both look alike.
    """
    try:
        wanted = UUID(str(uid))
    except ValueError:
        raise NotAllowed from None
    room: Room | None = _visible.first(actor=actor, uid=wanted)
    if room is None:
        raise NotAllowed
    return room


def room_for_update(room: Room) -> Room:
    """Load a room afresh and lock it until the end of the transaction.

    Each write of a room begins here, so two of them never interleave. On SQLite the transaction
    itself holds the lock from its beginning.
    """
    locked: Room | None = _locked.first(room=room.pk)
    if locked is None:
        raise NotAllowed
    return locked


def my_answerer(actor: Actor, room: Room, seat: str | None = None) -> Answerer | None:
    """Return the person the actor answers as in this room, if any."""
    return standing(actor, room).answerer(seat)


def parties_of(seats: tuple[Seat, ...]) -> dict[str, str]:
    """Return party ids and names in the order of the seats."""
    return {seat.key: seat.name for seat in seats}


def sees_what_is_asked(actor: Actor, address: Mapping[str, Any]) -> bool:
    """Whether the actor may know of the room, or owns the organisation, an address names.

    True where it names neither.
    """
    if "uid" not in address:
        return True
    try:
        wanted = UUID(str(address["uid"]))
    except ValueError:
        return False
    owned = Organisation.objects.filter(pk__in=actor.organisations("owner"))
    return (
        Room.objects.visible_to(actor).filter(uid=wanted).exists()
        or owned.filter(uid=wanted).exists()
    )
