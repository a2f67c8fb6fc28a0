"""Names of the audit chains of a room: one for all, and one for each party's own affairs."""

from __future__ import annotations

from mutualist.apps.rooms.models import Room, Seat


def room_chain(room: Room) -> str:
    """Return the chain every party's history of the room hangs on."""
    return f"room:{room.pk}"


def seat_chain(room: Room, seat: Seat) -> str:
    """Return the chain of what concerns one party only."""
    return f"room:{room.pk}:{seat.key}"
