"""What programmes do by the clock."""

from __future__ import annotations

from datetime import timedelta

from mutualist.apps.core.schedule import Task, later, register

register(
    Task(
        "programme.settle_levels",
        timedelta(hours=6),
        later("mutualist.apps.programme.actions.levels", "settle_all"),
    ),
    Task(
        "programme.sweep_imports",
        timedelta(hours=6),
        later("mutualist.apps.programme.actions.fact_imports", "sweep"),
    ),
    Task(
        "programme.look_ahead",
        timedelta(hours=1),
        later("mutualist.apps.programme.actions.ahead", "look_ahead_all"),
    ),
)
