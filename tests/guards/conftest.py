"""A room in which each seat has something to hide."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from django.db import transaction
from django.test import override_settings

from apps.rooms.cast import SHORT, Cast, fill, fill_and_seal, make_cast, on_every_seat, room_of_two
from mutualist.apps.rooms.models import Room

if TYPE_CHECKING:
    from guards.world import World

QUICK = {
    "EMAIL_BACKEND": "mutualist.apps.core.outbox.OutboxBackend",
    "PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"],
}


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


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """Build one world for all tests of a module; none of them sees what another did, as each is taken back."""
    from guards.world import build

    outermost = transaction.atomic()
    # Each test is in a transaction of its own within this one.
    outermost._from_testcase = True
    with django_db_blocker.unblock(), override_settings(**QUICK), outermost:
        yield build()
        transaction.set_rollback(True)


@pytest.fixture
def world(built: World, db: None, settings: Any) -> Iterator[World]:
    """Return the world as it was built, and its people without what a test puts into their browsers."""
    for name, value in QUICK.items():
        setattr(settings, name, value)
    kept = {name: dict(one.client.cookies) for name, one in built.visitors.items()}
    yield built
    for name, one in built.visitors.items():
        one.client.cookies.clear()
        dict.update(one.client.cookies, kept[name])
