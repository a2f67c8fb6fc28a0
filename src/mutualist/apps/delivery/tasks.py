"""What delivery itself does by the clock."""

from __future__ import annotations

from datetime import timedelta

from mutualist.apps.core.schedule import Task, later, register

register(
    Task(
        "delivery.forget", timedelta(hours=6), later("mutualist.apps.delivery.relay", "forget_old")
    )
)
