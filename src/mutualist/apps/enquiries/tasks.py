"""What enquiries do by the clock: offers lapse and go to the next partner, the vendor hears of what nobody takes."""

from __future__ import annotations

from datetime import timedelta

from mutualist.apps.core.schedule import Task, later, register

_ACTIONS = "mutualist.apps.enquiries.actions.clock"
register(
    Task("enquiries.lapse", timedelta(minutes=5), later(_ACTIONS, "lapse_due")),
    Task("enquiries.expire", timedelta(hours=6), later(_ACTIONS, "expire_due")),
)
