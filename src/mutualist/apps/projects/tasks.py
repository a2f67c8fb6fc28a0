"""What projects do by the clock."""

from __future__ import annotations

from datetime import timedelta

from mutualist.apps.core.schedule import Task, later, register

_ACTIONS = "mutualist.apps.projects.actions.clock"
register(
    Task("projects.expire", timedelta(hours=1), later(_ACTIONS, "expire_due")),
    Task("projects.ask", timedelta(hours=1), later(_ACTIONS, "ask_how_it_stands")),
    Task("projects.tell_vendors", timedelta(minutes=5), later(_ACTIONS, "tell_vendors")),
)
