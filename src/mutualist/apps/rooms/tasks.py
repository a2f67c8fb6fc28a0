"""What rooms do by the clock."""

from __future__ import annotations

from datetime import timedelta

from mutualist.apps.core.schedule import Task, later, register

register(
    Task(
        "rooms.open_due",
        timedelta(minutes=1),
        later("mutualist.apps.rooms.actions.openings", "open_due"),
    ),
    # Each room has its own hour; looking often keeps a mail from being an hour late on top.
    Task(
        "rooms.send_heads",
        timedelta(minutes=5),
        later("mutualist.apps.rooms.actions.heads", "send_heads"),
    ),
)
