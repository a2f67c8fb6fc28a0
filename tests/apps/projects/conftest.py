from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from apps.projects.steps import Play


@pytest.fixture(autouse=True)
def outbox(settings) -> None:
    settings.EMAIL_BACKEND = "mutualist.apps.core.outbox.OutboxBackend"


@pytest.fixture
def play(db: None) -> Play:
    from apps.projects.steps import make_play

    return make_play()
