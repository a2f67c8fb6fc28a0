"""Nothing about anybody in any log line: the whole world is walked through with everything logged."""

from __future__ import annotations

import io
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from guards.canaries import found_in, marks, planted
from guards.routes import OWN
from guards.world import asks, build
from mutualist.apps.core.logs import JsonLines, Lines
from mutualist.apps.rooms.models import Answerer

pytestmark = pytest.mark.django_db
#: What stands in a line of a file name or a table is no name of somebody.
FIRMS = ("Nordwerk", "Tauwerk", "Grauwerk", "Hallwerk", "Optikum", "Somebody Else")
PEOPLE = ("Anna", "Clara", "Jonas", "Greta", "Ida ", "Paul", "Gus ")


@pytest.fixture
def written() -> Iterator[Callable[[], str]]:
    """Log everything in both forms, each statement sent to the database included."""
    stream = io.StringIO()
    handlers = [logging.StreamHandler(stream), logging.StreamHandler(stream)]
    handlers[0].setFormatter(Lines())
    handlers[1].setFormatter(JsonLines())
    root, statements = logging.getLogger(), logging.getLogger("django.db.backends")
    levels, forced = (root.level, statements.level), connection.force_debug_cursor
    for handler in handlers:
        root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    statements.setLevel(logging.DEBUG)
    connection.force_debug_cursor = True
    yield stream.getvalue
    connection.force_debug_cursor = forced
    for handler in handlers:
        root.removeHandler(handler)
    root.setLevel(levels[0])
    statements.setLevel(levels[1])


def test_no_line_names_anybody_or_anything_sealed(
    written: Callable[[], str], settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.EMAIL_BACKEND = "mutualist.apps.core.outbox.OutboxBackend"
    world = build()
    for state, names in (("opened", ("anna", "dora")), ("sealed", ("clara",))):
        uid, person = world.rooms[state].uid, world.people[state]
        for name in names:
            list(asks(world.visitors[name], uid, person))
    for route in sorted(OWN):
        world.anna.get(reverse(route))
    world.anonymous.post(
        "/accounts/login/", {"login": "anna@nordwerk.example", "password": "Wr0ng-pass-word"}
    )
    world.anonymous.post("/s/a-secret-that-lets-in/")
    _fail(world, monkeypatch)
    text = written()
    assert text.count("\n") > 5_000, "everything was logged"
    assert "SELECT rooms_" in text
    assert "Traceback" not in text
    secrets = set().union(*(marks(planted(party, turn)) for party in "AB" for turn in (0, 1, 2)))
    assert found_in(text.encode(), secrets) == []
    mails = set(Answerer.objects.values_list("email", flat=True)) - {""}
    assert len(mails) >= 5
    for wanted in (*mails, *FIRMS, *PEOPLE, "Wr0ng", "secret-that-lets-in", *_tokens(world)):
        assert wanted not in text, _around(text, wanted)


def _fail(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a page fail with an error full of what nobody may read."""

    def broken(*_: Any, **__: Any) -> None:
        sheet = planted("A")
        raise ValueError(f"Anna of Nordwerk <anna@nordwerk.example>: {sheet}")

    monkeypatch.setattr("mutualist.apps.core.pages.actor_of", broken)
    world.anna.client.raise_request_exception = False
    assert world.anna.get(reverse("core:outbox")).status_code == 500


def _tokens(world: Any) -> list[str]:
    return [one.token for one in world.visitors.values() if one.token]


def _around(text: str, wanted: str) -> str:
    at = text.index(wanted)
    return text[max(0, at - 200) : at + 200]
