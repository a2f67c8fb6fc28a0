"""What letters do by the clock; each may be run again at any moment: what was sent is not sent again."""

from __future__ import annotations

from datetime import timedelta

from mutualist.apps.core.schedule import Task, later, register

register(
    Task("letters.look_ahead", timedelta(hours=6), later("mutualist.apps.letters.notices", "run")),
    Task("letters.weekly", timedelta(hours=1), later("mutualist.apps.letters.weekly", "run")),
)
