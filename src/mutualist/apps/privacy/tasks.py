"""What this app does by the clock."""

from __future__ import annotations

from datetime import timedelta

from mutualist.apps.core.schedule import Task, later, register

register(
    Task("privacy.retention", timedelta(days=1), later("mutualist.apps.privacy.nightly", "run_due"))
)
