from __future__ import annotations

import pytest
from django.test import Client

from apps.rooms.cast import Cast, make_cast, opened_room, room_of_two
from mutualist.apps.identity.models import User
from mutualist.apps.rooms.models import Room


@pytest.fixture(autouse=True)
def outbox(settings) -> None:
    settings.EMAIL_BACKEND = "mutualist.apps.core.outbox.OutboxBackend"


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def answering(cast: Cast) -> Room:
    """A room of Anna and Clara in which nothing is sealed."""
    return room_of_two(cast)


@pytest.fixture
def opened(cast: Cast) -> Room:
    """PumpenPuls, round 1, opened."""
    return opened_room(cast)


@pytest.fixture
def browser():
    """Return a browser in which somebody is signed in; without a name nobody is."""

    def sign_in(name: str = "", language: str = "en") -> Client:
        client = Client()
        client.cookies["django_language"] = language
        if name:
            client.force_login(User.objects.get(name=name))
        return client

    return sign_in
