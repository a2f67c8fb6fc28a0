"""What the core itself does by the clock."""

from __future__ import annotations

from datetime import timedelta

from mutualist.apps.core.schedule import Task, later, register

register(
    Task(
        "core.forget_keys",
        timedelta(hours=1),
        later("mutualist.apps.core.idempotency", "forget_old_keys"),
    )
)
