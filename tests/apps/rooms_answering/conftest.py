"""People in front of the answer sheet."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from django.test import Client

    from apps.rooms.cast import Cast
    from mutualist.apps.rooms.models import Room


@pytest.fixture(autouse=True)
def outbox(settings) -> None:
    settings.EMAIL_BACKEND = "mutualist.apps.core.outbox.OutboxBackend"


@pytest.fixture
def cast(db: None) -> Cast:
    # The cast imports models, which need the settings that are ready only now.
    from apps.rooms.cast import make_cast

    return make_cast()


@pytest.fixture
def room(cast: Cast) -> Room:
    """Anna answers for Nordwerk on seat A, Clara for Tauwerk on seat B."""
    from apps.rooms.cast import room_of_two

    return room_of_two(cast)


@pytest.fixture
def browser_of() -> Callable[[str, str], Client]:
    """Log a person in."""
    from django.test import Client

    from mutualist.apps.identity.models import User

    def log_in(name: str, language: str = "en") -> Client:
        user = User.objects.get(email=f"{name.lower()}@example.org")
        if user.language != language:
            user.language = language
            user.save(update_fields=["language"])
        client = Client()
        client.force_login(user)
        return client

    return log_in


@pytest.fixture
def sheet(room: Room, browser_of: Any) -> Sheet:
    """Return Anna's sheet."""
    return Sheet(browser_of("Anna"), room)


class Sheet:
    """One person's pages, posted to as a browser would."""

    def __init__(self, client: Client, room: Room) -> None:
        self.client = client
        self.base = f"/rooms/{room.uid}/"

    def page(self, question: int) -> str:
        return self.get(f"answer/{question}/").content.decode()

    def get(self, path: str) -> Any:
        return self.client.get(self.base + path)

    def stamps(self, question: int) -> dict[str, str]:
        """What the hidden boxes of a page hold."""
        views = self.get(f"answer/{question}/").context["items"]
        return {f"version-{view.number}": view.extra["stamp"] for view in views}

    def post(
        self, question: int, boxes: dict[str, Any], stamps: dict[str, str] | None = None
    ) -> Any:
        stamps = self.stamps(question) if stamps is None else stamps
        return self.client.post(f"{self.base}answer/{question}/", {**stamps, "go": "next", **boxes})

    def save(self, item: str, boxes: dict[str, Any], stamp: str = "0:none") -> Any:
        """What autosave sends."""
        posted = {f"version-{item}": stamp, **boxes}
        return self.client.post(f"{self.base}item/{item}/", posted, headers={"HX-Request": "true"})
