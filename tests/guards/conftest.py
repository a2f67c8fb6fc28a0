"""A room in which each seat has something to hide."""

from __future__ import annotations

import pytest

from apps.rooms.cast import SHORT, Cast, fill, fill_and_seal, make_cast, on_every_seat, room_of_two
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
    _with_private_figures(found)
    return found


def _with_private_figures(room: Room) -> None:
    """Give each party something of its own beside a venture."""
    from mutualist.apps.ventures.models import PrivateFigures, Venture
    from mutualist.apps.ventures.private import sealed

    venture = Venture.objects.create(name="PumpenPuls", template="resale", room=room)
    with on_every_seat():
        for seat in room.seats.all():
            kept = sealed(venture.pk, seat.pk, {"best_alternative": 1})
            PrivateFigures.objects.create(room=room, seat=seat, venture=venture, **kept)
