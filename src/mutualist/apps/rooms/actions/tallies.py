"""Adding results of rooms up for their neutral host, five at a time and for good."""

from __future__ import annotations

from collections import Counter

from django.db.models import Count, Q

from mutualist.apps.rooms.models import Opening, Room
from mutualist.apps.rooms.tallies import HostTally

STEP = 5


def shows_host(room: Room) -> bool:
    """Whether every party lets the neutral host see the results of a room."""
    return not room.seats.filter(shares_result_with_host=False).exists()


def leave_out_of_tallies(room: Room) -> None:
    """Never count a room that its host has been shown: the other four would stand alone."""
    if shows_host(room):
        Opening.objects.filter(room=room, round=1, tallied=None).update(tallied=False)


def tally(opening: Opening) -> None:
    """Add up the first openings of a host as soon as there are five that no tally holds."""
    room = opening.room
    if room.mode != Room.Mode.CONVENED or room.host_id is None or opening.round != 1:
        return
    leave_out_of_tallies(room)
    unshared = Count("seats", filter=Q(seats__shares_result_with_host=False))
    hidden = (
        Room.objects.filter(host_id=room.host_id, mode=Room.Mode.CONVENED)
        .annotate(unshared=unshared)
        .filter(unshared__gt=0)
    )
    # Locked in one order: of two rooms that open at the same moment, one makes the tally.
    waiting = Opening.objects.filter(room__in=hidden.values("pk"), round=1, tallied=None)
    five = list(waiting.order_by("opened_at", "pk").select_for_update(of=("self",))[:STEP])
    if len(five) < STEP:
        return
    HostTally.objects.create(
        host_id=room.host_id,
        rooms=STEP,
        kinds=Counter(one.result["kind"] for one in five),
        load=sum(one.result["load"] for one in five),
        conflicts=Counter(name for one in five for name in one.result["conflicts"]),
    )
    Opening.objects.filter(pk__in=[one.pk for one in five]).update(tallied=True)
