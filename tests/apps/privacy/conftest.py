from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from apps.rooms.cast import Cast


@pytest.fixture(autouse=True)
def outbox(settings) -> None:
    settings.EMAIL_BACKEND = "mutualist.apps.core.outbox.OutboxBackend"


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path) -> None:
    """The list of erased people outlives the database, so each test has one of its own."""
    settings.MUTUALIST_DATA = tmp_path


@pytest.fixture
def cast(db: None) -> Cast:
    from apps.rooms.cast import make_cast

    return make_cast()
