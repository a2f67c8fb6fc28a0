"""What is planted in sealed answers is found nowhere before the opening, and hidden answers never."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from django.urls import reverse

from guards.canaries import database_content, found_in, hidden_items, marks, planted
from guards.routes import OWN
from guards.world import World, asks, build
from mutualist.apps.core.models import AuditEntry, OutboxMail
from mutualist.apps.delivery.models import Event
from mutualist.apps.rooms.sealing import SeatVault

pytestmark = pytest.mark.django_db(transaction=True)
NOT_OPENED = {"drafting": 0, "sealed": 0, "pressed": 0, "second": 2}
OUTSIDERS = ("ben", "clara", "dora", "greta", "jonas", "guest", "ida", "anonymous")


@pytest.fixture(autouse=True)
def quiet_setting(settings) -> None:
    settings.EMAIL_BACKEND = "mutualist.apps.core.outbox.OutboxBackend"


@pytest.fixture
def noisy(caplog) -> Iterator[Any]:
    """Log everything, each statement sent to the database with its values included."""
    logger = logging.getLogger("django.db.backends")
    before, forced = logger.level, connection.force_debug_cursor
    caplog.set_level(logging.DEBUG)
    logger.setLevel(logging.DEBUG)
    connection.force_debug_cursor = True
    yield caplog
    connection.force_debug_cursor = forced
    logger.setLevel(before)


def whole(response: Any) -> bytes:
    """Return body and headers; a message of a redirect may hold something, too."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return body + repr(response.headers).encode()


def test_enough_is_planted() -> None:
    for party in "AB":
        assert len(marks(planted(party))) >= 20
        assert len(marks(planted(party), hidden_items({"never"}))) >= 3


def test_nothing_is_found_before_the_opening() -> None:
    world = build()
    secrets = {state: marks(planted("A", turn)) for state, turn in NOT_OPENED.items()}
    others = {state: marks(planted("B", turn)) for state, turn in NOT_OPENED.items()}
    for state, secret in secrets.items():
        # The first round of this room was opened and may be read by its parties.
        read = {"clara", "ben"} if state == "second" else set()
        uid, person = world.rooms[state].uid, world.people[state]
        for name in OUTSIDERS:
            # Clara may read what she wrote herself.
            wanted = secret if name == "clara" else secret | others[state]
            wanted -= marks(planted("A", 1)) | marks(planted("B", 1)) if name in read else set()
            for route, method, answer in asks(world.visitors[name], uid, person, ("GET",)):
                assert found_in(whole(answer), wanted) == [], (name, state, route, method)
        assert found_in(whole(world.anna.get(reverse("rooms:answer", args=[uid, 1]))), secret) or (
            state != "drafting"
        ), "the owner reads the own words, so the search finds what is there"
    for name, visitor in world.visitors.items():
        for route in OWN:
            answer = visitor.call("GET", reverse(route))
            assert found_in(whole(answer), set().union(*secrets.values())) == [], (name, route)


def test_nothing_is_found_in_answers_to_writes_or_in_figures() -> None:
    """What others send is answered without a word of what is sealed; whatever it changes is undone."""
    world = build()
    for state, names in (
        ("drafting", ("ben", "clara", "dora")),
        ("sealed", ("ben", "dora", "ida")),
    ):
        wanted = marks(planted("A"))
        uid, person = world.rooms[state].uid, world.people[state]
        for name in names:
            with transaction.atomic():
                for route, method, answer in asks(world.visitors[name], uid, person, ("POST",)):
                    assert found_in(whole(answer), wanted) == [], (name, state, route, method)
                transaction.set_rollback(True)
    everything = set().union(*(marks(planted(party, turn)) for party in "AB" for turn in (0, 1, 2)))
    for route in ("core:health", "core:ready", "core:metrics"):
        answer = world.anonymous.get(reverse(route))
        assert answer.status_code == 200, route
        assert found_in(whole(answer), everything) == [], route


def test_nothing_stands_in_the_database_the_log_the_mails_the_events_or_the_audit(
    noisy: Any,
) -> None:
    build()
    everything = set().union(*(marks(planted(party, turn)) for party in "AB" for turn in (0, 1, 2)))
    content = database_content()
    assert b"Tauwerk Sensorik GmbH" in content, "this is the database"
    assert found_in(content, everything) == [], "answers stay encrypted, opened or not"
    assert "INSERT INTO" in noisy.text, "this is the log"
    assert found_in(noisy.text.encode(), everything) == []
    mails = "".join(f"{m.subject}{m.text}{m.html}" for m in OutboxMail.objects.all())
    assert len(mails) > 10_000
    assert found_in(mails.encode(), everything) == []
    told = "".join(Event.objects.values_list("body", flat=True))
    assert len(told) > 5_000
    assert found_in(told.encode(), everything) == []
    audit = json.dumps([[e.body, e.personal.data] for e in AuditEntry.objects.all()])
    assert len(audit) > 10_000
    assert found_in(audit.encode(), everything) == []


def test_the_search_notices_drafts_in_the_clear(monkeypatch: pytest.MonkeyPatch) -> None:
    """Break the encryption once: the search has to find it, or it proves nothing."""
    encrypt = SeatVault.encrypt_draft

    def careless(vault: SeatVault, *place: Any) -> bytes:
        return encrypt(vault, *place) + json.dumps(place[-1]).encode()

    monkeypatch.setattr(SeatVault, "encrypt_draft", careless)
    monkeypatch.setattr(SeatVault, "decrypt_draft", lambda *_: None)
    from apps.rooms.cast import make_cast, open_two_sided
    from mutualist.apps.rooms import actions

    cast = make_cast()
    room = open_two_sided(cast)
    sheet = planted("A")
    actions.save_answer(actor=cast.anna, room=room, item="1.1", value=sheet["1.1"], version=0)
    assert found_in(database_content(), marks(sheet, iter(["1.1"]))) == [sheet["1.1"]]


@pytest.mark.parametrize("state", ["opened", "second"])
def test_what_nobody_may_see_stays_hidden_after_the_opening(state: str) -> None:
    world = build()
    turn = 1 if state == "second" else 0
    hidden = marks(planted("A", turn), hidden_items())
    shown = marks(planted("A", turn)) - hidden
    uid, person = world.rooms[state].uid, world.people[state]
    seen: set[str] = set()
    for route, method, answer in asks(world.clara, uid, person, ("GET",)):
        content = whole(answer)
        assert answer.status_code < 500, (route, method)
        assert found_in(content, hidden) == [], (route, method)
        seen |= set(found_in(content, shown))
    assert len(seen) > 10, "what may be shown is shown"


def test_a_neutral_host_sees_no_word_of_an_opened_room() -> None:
    world: World = build()
    uid, person = world.rooms["convened"].uid, world.people["convened"]
    secret = marks(planted("A")) | marks(planted("B"))
    for name in ("greta", "dora", "anonymous", "guest"):
        for route, method, answer in asks(world.visitors[name], uid, person, ("GET",)):
            assert found_in(whole(answer), secret) == [], (name, route, method)
    answer = world.paul.get(reverse("rooms:result", args=[uid]))
    assert found_in(whole(answer), secret), "the parties do see it"
