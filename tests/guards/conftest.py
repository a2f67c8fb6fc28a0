"""A room in which each seat has something to hide."""

from __future__ import annotations

import pytest

from apps.rooms.cast import SHORT, Cast, fill, fill_and_seal, make_cast, room_of_two
from mutualist.apps.rooms.models import Room


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def room(cast: Cast) -> Room:
    """Anna has sealed, Clara has drafts: each seat has something to hide."""
    found = room_of_two(cast)
    fill_and_seal(cast.anna, found, SHORT)
    fill(cast.clara, found, SHORT)
    return found
