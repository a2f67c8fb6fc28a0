"""What ratings do by the clock."""

from __future__ import annotations

from datetime import timedelta

from mutualist.apps.core.schedule import Task, later, register

register(
    Task("ratings.remind", timedelta(hours=12), later("mutualist.apps.ratings.reminding", "remind"))
)
