"""The one place the clock is read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime

from django.utils import timezone

_stopped: ContextVar[datetime | None] = ContextVar("stopped", default=None)


def now() -> datetime:
    """Return this moment, with its zone."""
    return _stopped.get() or timezone.now()


def today() -> date:
    """Return the local day."""
    return timezone.localdate(now())


@contextmanager
def stopped_at(moment: datetime) -> Iterator[None]:
    """Let the clock stand still in this thread, to find out where something looked at it."""
    token = _stopped.set(moment)
    try:
        yield
    finally:
        _stopped.reset(token)
