"""What other apps may ask of rooms; they get frozen values and never a table."""

from __future__ import annotations

from uuid import UUID

from mutualist.apps.core.actor import Actor
from mutualist.apps.rooms import queries
from mutualist.apps.rooms.queries.places import (
    OpenedPlace,
    opened_place,
    own_rows,
    rooms_with_result,
    rows_of_all,
)
from mutualist.apps.rooms.queries.support import PersonFacts, RoomFacts, facts_for_support
from mutualist.apps.rooms.values import OpenedRoom, RoomCard, RoomStatus

__all__ = [
    "OpenedPlace",
    "OpenedRoom",
    "PersonFacts",
    "RoomCard",
    "RoomFacts",
    "RoomStatus",
    "a_key_opens",
    "facts_for_support",
    "opened_place",
    "opened_room",
    "own_rows",
    "room_status",
    "rooms_of",
    "rooms_with_result",
    "rows_of_all",
]


def rooms_of(actor: Actor) -> tuple[RoomCard, ...]:
    """Return the rooms an actor belongs to, newest first."""
    return queries.room_cards(actor)


def room_status(actor: Actor, uid: UUID | str) -> RoomStatus:
    """Return where a room stands, for somebody who may know of it."""
    return queries.room_status(actor, queries.get_room(actor, uid))


def opened_room(actor: Actor, uid: UUID | str, round: int | None = None) -> OpenedRoom:  # noqa: A002
    """Return an opened round as the actor may see it."""
    return queries.opened(actor, queries.get_room(actor, uid), round)


def a_key_opens() -> bool:
    """Open the key of the newest seat; tell whether there was one.

    Raises
    ------
    VaultError
        When the key-encryption key of this installation does not fit its database.
    """
    return queries.newest_key_opens()
