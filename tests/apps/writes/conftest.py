"""The people who write, and mails that go to the outbox as they do in service."""

from __future__ import annotations

from typing import Any

import pytest

from apps.rooms.cast import Cast, make_cast


@pytest.fixture(autouse=True)
def outbox(settings: Any) -> None:
    settings.EMAIL_BACKEND = "mutualist.apps.core.outbox.OutboxBackend"


@pytest.fixture
def cast() -> Cast:
    return make_cast()
