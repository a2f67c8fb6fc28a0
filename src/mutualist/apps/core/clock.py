"""The one place the clock is read."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone


def now() -> datetime:
    """Return this moment, with its zone."""
    return timezone.now()


def today() -> date:
    """Return the local day."""
    return timezone.localdate()
