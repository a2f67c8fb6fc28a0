from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from apps.programme.cast import Channel
    from apps.rooms.cast import Cast


@pytest.fixture(autouse=True)
def outbox(settings) -> None:
    settings.EMAIL_BACKEND = "mutualist.apps.core.outbox.OutboxBackend"


@pytest.fixture
def cast(db: None) -> Cast:
    from apps.rooms.cast import make_cast

    return make_cast()


@pytest.fixture
def channel(cast: Cast) -> Channel:
    from apps.programme.cast import make_channel

    return make_channel(cast)
