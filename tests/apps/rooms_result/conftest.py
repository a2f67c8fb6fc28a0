from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from apps.rooms.cast import (
    Cast,
    fill_and_seal,
    fresh,
    make_cast,
    opened_room,
    room_of_two,
    sheets,
)
from mutualist.apps.identity.models import User
from mutualist.apps.rooms import actions
from mutualist.apps.rooms.models import Room
from mutualist.apps.rooms.presenters.given import Given
from mutualist.domain.assess import Room as DomainRoom
from mutualist.domain.assess import assess, visible_answers
from mutualist.library.datasets import load_archetype, load_pumpenpuls


@pytest.fixture(autouse=True)
def outbox(settings) -> None:
    settings.EMAIL_BACKEND = "mutualist.apps.core.outbox.OutboxBackend"


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def opened(cast: Cast) -> Room:
    """PumpenPuls, round 1, opened."""
    return opened_room(cast)


@pytest.fixture
def second(cast: Cast, opened: Room) -> Room:
    """PumpenPuls, both rounds opened."""
    room = actions.start_round(actor=cast.anna, room=opened)
    fill_and_seal(cast.anna, room, sheets(2)["A"])
    fill_and_seal(cast.clara, room, sheets(2)["B"])
    actions.press_open(actor=cast.anna, room=room)
    actions.press_open(actor=cast.clara, room=room)
    return fresh(room)


@pytest.fixture
def answering(cast: Cast) -> Room:
    """A room of Anna and Clara in which nothing is sealed."""
    return room_of_two(cast)


@pytest.fixture
def browser() -> Callable[..., Client]:
    def sign_in(name: str = "", language: str = "en") -> Client:
        client = Client()
        if name:
            user = User.objects.get(name=name)
            User.objects.filter(pk=user.pk).update(language=language)
            client.force_login(user)
        client.cookies["django_language"] = language
        return client

    return sign_in


@pytest.fixture
def address() -> Callable[..., str]:
    def of(room: Room, page: str = "result", query: str = "") -> str:
        return reverse(f"rooms:{page}", args=[room.uid]) + query

    return of


def given_of(room: DomainRoom, lang: str = "en", **more: Any) -> Given:
    return Given(
        verdict=assess(room),
        room=room,
        visible={p: visible_answers(sheet, room.ruleset) for p, sheet in room.answers.items()},
        lang=lang,
        name="PumpenPuls",
        key=f"test:{hash(str(room.to_dict()))}",
        **more,
    )


@pytest.fixture
def given() -> Callable[..., Given]:
    """What presenters start from, for round 1 or 2 of PumpenPuls, an archetype, or any room."""

    def make(which: int | str | DomainRoom = 1, lang: str = "en", **more: Any) -> Given:
        translation.activate(lang)
        if isinstance(which, DomainRoom):
            return given_of(which, lang, **more)
        room = load_pumpenpuls(round=which) if isinstance(which, int) else load_archetype(which)
        return given_of(room, lang, **more)

    yield make
    translation.deactivate()


@pytest.fixture(autouse=True)
def forget_ladders() -> None:
    from django.core.cache import caches

    caches["process"].clear()
