from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from apps.rooms.cast import Cast
    from mutualist.apps.rooms.models import Room


@pytest.fixture(autouse=True)
def outbox(settings) -> None:
    settings.EMAIL_BACKEND = "mutualist.apps.core.outbox.OutboxBackend"


@pytest.fixture
def cast(db: None) -> Cast:
    from apps.rooms.cast import make_cast

    return make_cast()


@pytest.fixture
def room(cast: Cast) -> Room:
    from apps.rooms.cast import opened_room

    return opened_room(cast)
