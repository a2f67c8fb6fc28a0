"""Which organisations may hear, by their programs, what happens in a room: those that see it."""

from __future__ import annotations

from mutualist.apps.core.stream import Source, register_source
from mutualist.apps.rooms.models import Room, Seat


def source_of(chain: str, audience: str) -> Source | None:
    """Return the room of a chain, with its host and the organisations that took a seat.

    What concerns one party only goes to that party's organisation.
    """
    _, number, *seat = chain.split(":", 2)
    room = Room.objects.filter(pk=int(number)).only("uid", "host_id").first()
    if room is None:
        return None
    seats = Seat.objects.filter(room=room, organisation__isnull=False)
    if audience == "host":
        seats = seats.none()
    elif audience == "seat":
        seats = seats.filter(key=seat[0]) if seat else seats.none()
    organisations: set[int | None] = set(seats.values_list("organisation_id", flat=True))
    if audience != "seat":
        organisations.add(room.host_id)
    name = f"room:{room.uid}" + (f":{seat[0]}" if seat else "")
    return Source(name, frozenset(one for one in organisations if one is not None))


register_source("room", source_of)
