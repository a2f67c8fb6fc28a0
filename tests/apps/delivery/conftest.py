from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from apps.delivery.receiver import Post, Receiver, post_office, receiving

if TYPE_CHECKING:
    from apps.rooms.cast import Cast


@pytest.fixture(autouse=True)
def outbox(settings) -> None:
    settings.EMAIL_BACKEND = "mutualist.apps.core.outbox.OutboxBackend"


@pytest.fixture
def cast(db: None) -> Cast:
    from apps.rooms.cast import make_cast

    return make_cast()


@pytest.fixture
def receiver(settings) -> Iterator[Receiver]:
    with receiving() as found:
        settings.MUTUALIST_WEBHOOK_PRIVATE = (ipaddress.ip_network("127.0.0.0/8"),)
        settings.MUTUALIST_WEBHOOK_PORTS = (found.port,)
        yield found


@pytest.fixture
def post(settings) -> Iterator[Post]:
    """A mail server, set as an operator would set it."""
    with post_office() as found:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", found.port
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        yield found


class Clock:
    """A clock the test sets."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        return self.moment

    def forward(self, **time: float) -> None:
        self.moment += timedelta(**time)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    from mutualist.apps.core import clock as real

    found = Clock(real.now())
    monkeypatch.setattr(real, "now", found)
    return found
