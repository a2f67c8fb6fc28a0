"""What an operator sees to help, and what stays shut."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.identity.conftest import code_of, with_app
from apps.rooms.cast import make_cast
from guards.canaries import found_in, marks, planted
from guards.world import Visitor, World, build
from mutualist.apps.core.audit import timeline, verify
from mutualist.apps.core.errors import ActionError, NotAllowed
from mutualist.apps.core.models import OutboxMail
from mutualist.apps.identity import actions as identity
from mutualist.apps.identity.models import User
from mutualist.apps.identity.queries import actor_of
from mutualist.apps.support import actions, queries
from mutualist.apps.support.models import SupportSession

pytestmark = pytest.mark.django_db
REASON = "Clara says the link never arrived"
ABOUT = "Nordwerk Pumpen AG"


@pytest.fixture(autouse=True)
def quick(settings: Any) -> None:
    settings.EMAIL_BACKEND = "mutualist.apps.core.outbox.OutboxBackend"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def full() -> World:
    """Everybody and a room in every state."""
    return build()


@pytest.fixture
def world() -> World:
    """Everybody, and no room."""
    made = World(make_cast())
    for name in ("anna", "ben", "clara", "dora"):
        client = Client()
        client.force_login(User.objects.get(pk=getattr(made.cast, name).user_id))
        made.visitors[name] = Visitor(name, client)
    return made


@pytest.fixture
def oskar() -> User:
    made = identity.create_user(
        email="oskar@example.org", name="Oskar", language="en", password="x" * 12, operator=True
    )
    made.secret = with_app(made)  # type: ignore[attr-defined]
    return made


def signed_in(user: Any) -> Client:
    client = Client()
    client.post("/accounts/login/", {"login": user.email, "password": "x" * 12})
    client.post("/accounts/2fa/authenticate/", {"code": code_of(user.secret)})
    return client


def begin(client: Client, about: str = ABOUT) -> Any:
    return client.post("/support/", {"about": about, "reason": REASON})


def test_it_shows_states_people_and_mails_and_no_canary(full: World, oskar: User) -> None:
    world, client = full, signed_in(oskar)
    answer = begin(client)
    assert answer.status_code == 302, answer.content
    page = client.get(answer.headers["Location"])
    text = page.content.decode()
    for shown in (
        "anna@",
        "Support session",
        "Jonas",
        "link used",
        "1 of 2",
        "kept: no mail server",
    ):
        assert shown in text, shown
    secrets = set().union(*(marks(planted(party, turn)) for party in "AB" for turn in (0, 1, 2)))
    assert found_in(page.content, secrets) == []
    for name in ("drafting", "opened"):
        room = world.rooms[name]
        assert room.frame["name"] not in text, "nor the name of a room"
        assert room.frame["offer"] not in text
        assert str(room.uid) not in text, "nor an address that could be tried"
    assert "clara@" not in text, "people of the other party are not hers to show"
    for room in world.rooms.values():
        address = reverse("rooms:room", args=[room.uid])
        assert client.get(address).status_code == 404, "the session opens no room"


def test_it_stands_in_the_log_and_the_owners_are_told(world: World, oskar: User) -> None:
    OutboxMail.objects.all().delete()
    client = signed_in(oskar)
    OutboxMail.objects.all().delete()
    answer = begin(client)
    client.post(answer.headers["Location"] + "end/")
    chain = f"organisation:{world.cast.nordwerk.pk}"
    sentences = [one.sentence for one in timeline(chain, audiences=["organisation"])][:2]
    assert sentences == [
        "Oskar, operator, ended a support session.",
        f"Oskar, operator, opened a support session. Reason: {REASON}",
    ]
    assert not list(verify(chain))
    told = set(OutboxMail.objects.values_list("to", flat=True))
    anna = User.objects.get(pk=world.cast.anna.user_id)
    assert told == {anna.email}, "the owner and nobody else"
    page = world.anna.get(reverse("identity:members", args=[world.cast.nordwerk.uid]))
    assert REASON in page.content.decode()
    for reader in (world.ben, world.dora):
        page = reader.get(reverse("identity:members", args=[world.cast.nordwerk.uid]))
        assert REASON not in page.content.decode()


def test_it_ends_by_itself(world: World, oskar: User, monkeypatch: Any) -> None:
    from mutualist.apps.support import models

    client = signed_in(oskar)
    address = begin(client).headers["Location"]
    session = SupportSession.objects.get()
    assert session.ends - session.begun == timedelta(minutes=30)
    monkeypatch.setattr(models, "now", lambda: session.ends)
    assert client.get(address).headers["Location"] == "/support/"
    with pytest.raises(NotAllowed):
        queries.insight(session)


def test_it_is_ended_by_hand(world: World, oskar: User) -> None:
    client = signed_in(oskar)
    address = begin(client).headers["Location"]
    client.post(address + "end/")
    assert client.get(address).status_code == 302


def test_the_second_factor_has_to_be_fresh(world: World, oskar: User, monkeypatch: Any) -> None:
    from mutualist.apps.identity import second_factor

    client = signed_in(oskar)
    later = second_factor.time.time() + second_factor.FRESH + 1
    monkeypatch.setattr(second_factor.time, "time", lambda: later)
    for answer in (client.get("/support/"), begin(client)):
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/accounts/2fa/reauthenticate/")
    assert not SupportSession.objects.exists()
    with pytest.raises(ActionError, match="second_factor"):
        actions.begin_support(ABOUT, REASON, actor=actor_of(oskar), proven=False)


def test_a_password_alone_is_no_proof(world: World, oskar: User) -> None:
    from allauth.mfa.models import Authenticator

    Authenticator.objects.all().delete()
    client = Client()
    client.post("/accounts/login/", {"login": oskar.email, "password": "x" * 12})
    assert client.get("/support/").headers["Location"] == "/accounts/2fa/"


def test_everybody_else_finds_nothing(world: World, oskar: User) -> None:
    client = signed_in(oskar)
    address = begin(client).headers["Location"]
    other = identity.create_user(
        email="olga@example.org", name="Olga", language="en", password="x" * 12, operator=True
    )
    other.secret = with_app(other)  # type: ignore[attr-defined]
    olga = signed_in(other)
    assert olga.get(address).status_code == 404, "each operator answers for the own sessions"
    assert olga.post(address + "end/").status_code == 404
    for visitor in (world.anna, world.ben, world.clara, world.dora):
        for path in ("/support/", address):
            assert visitor.get(path).status_code == 404, (visitor.name, path)
        assert visitor.post("/support/", {"about": ABOUT, "reason": REASON}).status_code == 404
        assert visitor.post(address + "end/").status_code == 404
    assert Client().get(address).status_code == 302
    assert SupportSession.objects.count() == 1
    assert SupportSession.objects.get().is_open
    with pytest.raises(NotAllowed):
        actions.begin_support(ABOUT, REASON, actor=world.cast.dora, proven=True)


@pytest.mark.parametrize(
    ("about", "reason", "says"),
    [
        ("Nobody AG", REASON, "no such organisation"),
        ("nobody@example.org", REASON, "no such organisation"),
        (ABOUT, "because", "10 to 300"),
        (ABOUT, " " * 40, "required"),
    ],
)
def test_bad_input_is_told(world: World, oskar: User, about: str, reason: str, says: str) -> None:
    answer = signed_in(oskar).post("/support/", {"about": about, "reason": reason})
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not SupportSession.objects.exists()


def test_about_a_person_no_rooms_are_shown(world: World, oskar: User) -> None:
    anna = User.objects.get(pk=world.cast.anna.user_id)
    session = actions.begin_support(anna.email.upper(), REASON, actor=actor_of(oskar), proven=True)
    seen = queries.insight(session)
    assert [one.email for one in seen.members] == [anna.email]
    assert seen.rooms == ()
    assert not list(verify(f"person:{anna.pk}"))
