"""A small world with a room in every state, and a browser for everybody in it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.test import Client

from apps.rooms.cast import (
    ANONYMOUS,
    FRAME,
    Cast,
    come_in,
    fill,
    fresh,
    in_days,
    invite_clara,
    make_cast,
    on_every_seat,
    open_two_sided,
    token_of,
)
from guards.canaries import planted
from guards.routes import BODIES, FORMS, ROOM, ROOM_API, api_operations, room_address
from mutualist.apps.core.actor import Actor
from mutualist.apps.delivery import actions as delivery
from mutualist.apps.identity import actions as identity
from mutualist.apps.identity.models import User
from mutualist.apps.rooms import actions
from mutualist.apps.rooms.models import Answerer, Room
from mutualist.apps.rooms.values import Invitation, PartySpec

ANY_UID = "00000000-0000-4000-8000-000000000000"
STRANGERS = ("dora", "guest", "anonymous")


@dataclass(frozen=True)
class Visitor:
    """Somebody at a browser, and the same person's program."""

    name: str
    client: Client
    token: str = ""

    def get(self, path: str) -> Any:
        return self.client.get(path)

    def post(self, path: str, form: Mapping[str, str] | None = None) -> Any:
        return self.client.post(path, dict(form or {}))

    def call(self, method: str, path: str, body: Any = None) -> Any:
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        return self.client.generic(
            method,
            path,
            json.dumps(body) if body is not None else "",
            content_type="application/json",
            headers=headers,
        )


@dataclass
class World:
    """Everybody and every room."""

    cast: Cast
    rooms: dict[str, Room] = field(default_factory=dict)
    visitors: dict[str, Visitor] = field(default_factory=dict)
    people: dict[str, int] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Visitor:
        try:
            return self.__dict__["visitors"][name]
        except KeyError:
            raise AttributeError(name) from None


def asks(
    visitor: Visitor, uid: object, person: int, methods: tuple[str, ...] = ("GET", "POST")
) -> Iterator[tuple[str, str, Any]]:
    """Ask for every address of a room; yield name, method and answer."""
    for name in sorted(ROOM):
        path = room_address(name, uid, person)
        if "GET" in methods:
            yield name, "GET", visitor.get(path)
        if "POST" in methods:
            yield name, "POST", visitor.post(path, FORMS.get(name))
    operations = api_operations()
    for name in sorted(ROOM_API):
        for method in operations[name]:
            if method in methods or (method != "GET" and "POST" in methods):
                body = BODIES.get(name) if method != "GET" else None
                yield name, method, visitor.call(method, room_address(name, uid, person), body)


NOISE = re.compile(
    r'name="csrfmiddlewaretoken" value="\w+"|name="idempotency_key" value="[\w-]+"|"X-CSRFToken": "\w+"|(?<=/people/)\d+'
)


def plain(response: Any, uid: object) -> str:
    """Return status and body without what differs from one request to the next."""
    body = response.content.decode("utf-8", "replace")
    return f"{response.status_code} " + NOISE.sub("", body).replace(str(uid), "UID")


def snapshot() -> dict[str, list[Any]]:
    """Return every row of every table but those of log-ins."""
    from django.apps import apps

    with on_every_seat():
        return _all_rows(apps.get_models())


def _all_rows(models: Any) -> dict[str, list[Any]]:
    return {
        model._meta.db_table: sorted(map(repr, model._default_manager.values_list()))
        for model in models
        if model._meta.app_label not in {"sessions", "contenttypes", "auth"}
        and model._meta.model_name not in {"apitoken", "signin", "knowndevice"}
    }


def changed(before: Mapping[str, list[Any]]) -> list[str]:
    """Return the tables that differ."""
    after = snapshot()
    return [table for table, rows in before.items() if rows != after[table]]


def build() -> World:
    """Make everybody and a room in every state, all with planted answers."""
    cast = make_cast()
    world = World(cast)
    for name in ("anna", "ben", "clara", "dora", "greta"):
        world.visitors[name] = _with_account(name, getattr(cast, name))
    world.visitors["anonymous"] = Visitor("anonymous", Client())
    _listen(cast)
    _elsewhere(world)
    for state in ("drafting", "sealed", "pressed", "opened", "second"):
        _two_sided(world, state)
    _convened(world)
    return world


def _listen(cast: Cast) -> None:
    """Programs of both firms and of the convener hear everything they may; nothing is ever sent."""
    owners = {"nordwerk": cast.anna, "tauwerk": cast.clara, "cluster": cast.greta}
    for name, owner in owners.items():
        uid = getattr(cast, name).uid
        delivery.add_endpoint(uid, address=f"https://9.9.9.9/{name}", actor=owner)


def _with_account(name: str, actor: Actor) -> Visitor:
    client = Client()
    client.force_login(User.objects.get(pk=actor.user_id))
    return Visitor(name, client, identity.create_api_token("guard", actor=actor))


def _by_link(name: str, invitation: Invitation) -> Visitor:
    client = Client()
    answer = client.post(f"/s/{token_of(invitation)}/")
    assert answer.status_code == 302, answer.content
    return Visitor(name, client)


def _elsewhere(world: World) -> None:
    """Dora's own room, in which somebody without an account has a seat."""
    cast = world.cast
    room = actions.create_room(
        actor=cast.dora,
        mode="two_sided",
        host=cast.grauwerk,
        frame={**FRAME, "name": "Elsewhere"},
        parties=[PartySpec("Grauwerk Messtechnik GmbH"), PartySpec("Somebody Else AG")],
    )
    invitation = actions.invite_answerer(
        actor=cast.dora, room=room, seat="B", name="Gus", email="gus@else.example", language="de"
    )
    world.rooms["elsewhere"] = room
    world.visitors["guest"] = _by_link("guest", invitation)


def _two_sided(world: World, state: str) -> None:
    cast = world.cast
    room = open_two_sided(cast, deadline=in_days(9))
    clara = come_in(invite_clara(cast, room), cast.clara)
    colleague = actions.add_colleague(
        actor=cast.anna, room=room, name="Jonas", email="jonas@nordwerk.example", language="de"
    )
    jonas = come_in(colleague)
    if state == "drafting":
        world.visitors["jonas"] = _by_link("jonas", colleague)
    _answer(cast.anna, clara, room, 1 if state == "second" else 0, state)
    if state in {"pressed", "opened", "second"}:
        actions.press_open(actor=cast.anna, room=room)
    if state in {"opened", "second"}:
        actions.press_open(actor=clara, room=room)
    if state == "second":
        actions.start_round(actor=cast.anna, room=room)
        _answer(cast.anna, clara, room, 2, "sealed")
    assert jonas.link_ids
    world.rooms[state] = fresh(room)
    world.people[state] = Answerer.objects.get(room=room, name="Jonas").pk


def _answer(anna: Actor, clara: Actor, room: Room, turn: int, state: str) -> None:
    """Fill planted answers; in a second turn other words are planted."""
    fill(anna, room, planted("A", turn))
    fill(clara, room, planted("B", turn))
    if state != "drafting":
        actions.seal_sheet(actor=anna, room=room, confirm_open_items=True)
    if state not in {"drafting", "sealed"}:
        actions.seal_sheet(actor=clara, room=room, confirm_open_items=True)


def _convened(world: World) -> None:
    """A room opened by two parties that do not show the result to their host."""
    cast = world.cast
    room = actions.create_room(
        actor=cast.greta,
        mode="convened",
        host=cast.cluster,
        frame=FRAME,
        parties=[PartySpec("Hallwerk Guss AG"), PartySpec("Optikum GmbH")],
    )
    guests = []
    for key, name, mail in (("A", "Ida", "ida@firm.example"), ("B", "Paul", "paul@firm.example")):
        invitation = actions.invite_answerer(
            actor=cast.greta, room=room, seat=key, name=name, email=mail, language="de"
        )
        guests.append(come_in(invitation))
        world.visitors[name.lower()] = _by_link(name.lower(), invitation)
        fill(guests[-1], room, planted(key))
        actions.seal_sheet(actor=guests[-1], room=room, confirm_open_items=True)
    for guest in guests:
        actions.press_open(actor=guest, room=room)
    world.rooms["convened"] = fresh(room)
    world.people["convened"] = Answerer.objects.filter(room=room).first().pk
    assert ANONYMOUS.is_anonymous
