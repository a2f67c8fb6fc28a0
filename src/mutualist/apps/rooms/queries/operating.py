"""What whoever runs the server has to know of rooms, without learning anything in them."""

from __future__ import annotations

from django.db.models.query import QuerySet

from mutualist.apps.rooms.models import RoomKey
from mutualist.apps.rooms.sealing import SeatVault


def newest_key_opens() -> bool:
    """Open the key of the newest seat; tell whether there was one."""
    keys = QuerySet(model=RoomKey).select_related("room", "seat")
    newest = keys.order_by("-pk").first()
    if newest is None:
        return False
    SeatVault(newest.room, newest.seat, newest)
    return True
