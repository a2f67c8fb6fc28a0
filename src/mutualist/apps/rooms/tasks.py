"""What rooms do by the clock."""

from __future__ import annotations

from datetime import timedelta

from mutualist.apps.core.schedule import Task, later, register

register(
    Task(
        "rooms.open_due",
        timedelta(minutes=1),
        later("mutualist.apps.rooms.actions.openings", "open_due"),
    )
)
