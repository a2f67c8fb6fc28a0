"""What commissions do by the clock: book parts whose day has come."""

from __future__ import annotations

from datetime import timedelta

from mutualist.apps.core.schedule import Task, later, register

register(
    Task(
        "commissions.book_due_parts",
        timedelta(hours=1),
        later("mutualist.apps.commissions.actions.falling_due", "book_due_parts"),
    )
)
