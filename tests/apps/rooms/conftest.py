from __future__ import annotations

import pytest
from apps.rooms.cast import Cast, make_cast


@pytest.fixture(autouse=True)
def outbox(settings) -> None:
    settings.EMAIL_BACKEND = "mutualist.apps.core.outbox.OutboxBackend"


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()
