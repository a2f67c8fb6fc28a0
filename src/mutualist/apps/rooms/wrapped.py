"""What rooms keep under the key-encryption key: the key of every seat."""

from __future__ import annotations

from mutualist.apps.core.isolation import MAINTENANCE, private_scope
from mutualist.apps.core.wrapping import WrappedColumn, register_wrapped
from mutualist.apps.rooms.sealing import context_of

register_wrapped(
    WrappedColumn(
        "rooms.RoomKey",
        "wrapped",
        lambda row: context_of(row.room, row.seat),
        related=("room", "seat"),
        scope=lambda: private_scope(MAINTENANCE),
    )
)
