"""The fixed cast and the few steps all tests of rooms begin with; made by actions only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from mutualist.apps.core.actor import Actor
from mutualist.apps.core.clock import today
from mutualist.apps.core.fences import PrivateModel
from mutualist.apps.core.isolation import Scope, private_scope
from mutualist.apps.core.models import AuditEntry, OutboxMail
from mutualist.apps.identity import actions as identity
from mutualist.apps.identity.models import Membership, Organisation, User
from mutualist.apps.identity.queries import actor_of
from mutualist.apps.rooms import actions
from mutualist.apps.rooms.models import Room, Seat
from mutualist.apps.rooms.values import Invitation, PartySpec
from mutualist.library.datasets import load_pumpenpuls

ANONYMOUS = Actor("anonymous")
FRAME = {
    "name": "PumpenPuls",
    "offer": "Predictive maintenance for process pumps",
    "horizon": 5,
    "currency": "EUR",
    "relation": "customer_supplier",
    "public_since": "2026-03",
}


@dataclass(frozen=True)
class Cast:
    """Anna owns Nordwerk, Ben reads there, Clara owns Tauwerk, Dora owns a rival, Greta convenes."""

    anna: Actor
    ben: Actor
    clara: Actor
    dora: Actor
    greta: Actor
    nordwerk: Organisation
    tauwerk: Organisation
    grauwerk: Organisation
    cluster: Organisation

    @property
    def strangers(self) -> tuple[Actor, ...]:
        return (self.dora, ANONYMOUS)


def person(name: str, language: str = "en") -> User:
    return identity.create_user(email=f"{name.lower()}@example.org", name=name, language=language)


def found(user: User, name: str) -> Organisation:
    return identity.create_organisation(name, actor=actor_of(user))


def make_cast() -> Cast:
    users = {name: person(name) for name in ("Anna", "Ben", "Clara", "Dora", "Greta")}
    nordwerk = found(users["Anna"], "Nordwerk Pumpen AG")
    tauwerk = found(users["Clara"], "Tauwerk Sensorik GmbH")
    grauwerk = found(users["Dora"], "Grauwerk Messtechnik GmbH")
    cluster = found(users["Greta"], "Cluster Office")
    Membership.objects.create(user=users["Ben"], organisation=nordwerk, role="reader")
    actors = {name.lower(): actor_of(user) for name, user in users.items()}
    return Cast(**actors, nordwerk=nordwerk, tauwerk=tauwerk, grauwerk=grauwerk, cluster=cluster)


@cache
def sheets(round_: int = 1) -> Mapping[str, Mapping[str, Any]]:
    return load_pumpenpuls(round=round_).to_dict()["answers"]


def token_of(invitation: Invitation) -> str:
    return invitation.url.rstrip("/").rsplit("/", 1)[-1]


def come_in(invitation: Invitation, actor: Actor | None = None) -> Actor:
    """Open the mailed link; without an account the link is all that is held."""
    guest = actor or Actor("link", language="en")
    accepted = actions.accept_link(actor=guest, token=token_of(invitation))
    return Actor(
        guest.kind,
        user_id=guest.user_id,
        roles=guest.roles,
        link_ids=(guest.link_ids - accepted.drop) | {accepted.link_id},
        name=guest.name,
        language=guest.language,
    )


def open_two_sided(cast: Cast, **more: Any) -> Room:
    """Anna's room with Nordwerk on seat A and an empty seat B."""
    return actions.create_room(
        actor=cast.anna,
        mode="two_sided",
        host=cast.nordwerk,
        frame=FRAME,
        parties=[PartySpec("Nordwerk Pumpen AG"), PartySpec("Tauwerk Sensorik GmbH")],
        **more,
    )


def invite_clara(cast: Cast, room: Room) -> Invitation:
    return actions.invite_answerer(
        actor=cast.anna,
        room=room,
        seat="B",
        name="Clara",
        email="clara@example.org",
        language="en",
    )


def room_of_two(cast: Cast, **more: Any) -> Room:
    """Anna's room with Clara, by account, on seat B."""
    room = open_two_sided(cast, **more)
    come_in(invite_clara(cast, room), cast.clara)
    return fresh(room)


def convened_room(cast: Cast, **more: Any) -> tuple[Room, Actor, Actor]:
    """Greta's room and the people of both parties, who came by link."""
    room = actions.create_room(
        actor=cast.greta,
        mode="convened",
        host=cast.cluster,
        frame=FRAME,
        parties=[PartySpec("Nordwerk Pumpen AG"), PartySpec("Tauwerk Sensorik GmbH")],
        **more,
    )
    guests = [
        come_in(
            actions.invite_answerer(
                actor=cast.greta, room=room, seat=key, name=name, email=mail, language="de"
            )
        )
        for key, name, mail in (("A", "Ida", "ida@firm.test"), ("B", "Paul", "paul@firm.test"))
    ]
    return fresh(room), guests[0], guests[1]


def fill(actor: Actor, room: Room, answers: Mapping[str, Any], seat: str | None = None) -> None:
    from mutualist.apps.rooms.queries import draft_sheet

    versions = draft_sheet(actor, fresh(room), seat).versions
    saved = actions.save_page(actor=actor, room=room, answers=answers, versions=versions, seat=seat)
    assert not saved.problems
    assert not saved.conflicts


def fill_and_seal(actor: Actor, room: Room, answers: Mapping[str, Any]) -> None:
    fill(actor, room, answers)
    actions.seal_sheet(actor=actor, room=room, confirm_open_items=True)


SHORT = {"1.4": "gt3", "6.2": "both"}


def seal_short(room: Room, *actors: Actor) -> None:
    """Seal nearly empty sheets: enough wherever the answers do not matter."""
    for actor in actors:
        fill_and_seal(actor, room, SHORT)


def opened_room(cast: Cast) -> Room:
    """PumpenPuls, round 1, opened."""
    room = room_of_two(cast)
    fill_and_seal(cast.anna, room, sheets()["A"])
    fill_and_seal(cast.clara, room, sheets()["B"])
    actions.press_open(actor=cast.anna, room=room)
    actions.press_open(actor=cast.clara, room=room)
    return fresh(room)


def fresh(room: Room) -> Room:
    return Room.objects.select_related("host").get(pk=room.pk)


def every_seat() -> frozenset[int]:
    return frozenset(Seat.objects.values_list("pk", flat=True))


def on_every_seat(seats: Iterable[int] | None = None) -> AbstractContextManager[Scope]:
    """Look at private rows as if one sat on all seats; the tests stand outside of every room."""
    wanted = every_seat() if seats is None else frozenset(seats)
    return private_scope(Scope(seats=wanted))


def stored(model: type[PrivateModel], seats: Iterable[int] | None = None) -> list[Any]:
    """All private rows of a kind, in the order of their making."""
    with on_every_seat(seats):
        return list(model.objects.select_related("room", "seat").order_by("pk"))


def in_days(days: int) -> date:
    return today() + timedelta(days=days)


def audited(room: Room) -> list[str]:
    """Names of everything recorded for a room, oldest first."""
    entries = AuditEntry.objects.filter(chain__startswith=f"room:{room.pk}").order_by("pk")
    return list(entries.values_list("action", flat=True))


def mails_to(address: str) -> list[OutboxMail]:
    return list(OutboxMail.objects.filter(to=address).order_by("pk"))
