"""What whoever watches the server is told of rooms: how many, never which."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count

from mutualist.apps.core.metrics import Figure, register
from mutualist.apps.core.models import AuditEntry
from mutualist.apps.rooms.models import Room

COUNTED = {
    "rooms.answers.sealed": ("mutualist_seals", "Sheets sealed, as the audit log knows."),
    "rooms.room.opened": ("mutualist_openings", "Rounds opened, as the audit log knows."),
}


def figures() -> Iterator[Figure]:
    """Count rooms by state, seals and openings."""
    states = dict.fromkeys(Room.State.values, 0.0)
    states |= dict(Room.objects.values_list("state").annotate(number=Count("pk")).order_by())
    yield Figure("mutualist_rooms", "Rooms by state.", by=states, label="state")
    done = AuditEntry.objects.filter(action__in=COUNTED)
    found = dict(done.values_list("action").annotate(number=Count("pk")).order_by())
    for action, (name, words) in COUNTED.items():
        yield Figure(name, words, value=found.get(action, 0))


register("rooms", figures)
