"""Rooms in every state, as random as their constraints allow, for the comparison of the rules."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils import timezone

from mutualist.apps.core.fences import PrivateModel
from mutualist.apps.core.isolation import Scope, private_scope
from mutualist.apps.rooms.models import (
    Answerer,
    Draft,
    Opening,
    Room,
    RoomKey,
    SealedAnswers,
    SealedSheet,
    Seat,
)
from mutualist.apps.ventures.models import PrivateFigures, Venture

POSTGRESQL = connection.vendor == "postgresql"
NOW = timezone.now()
PEOPLE = 10
PRIVATE: tuple[type[PrivateModel], ...] = (Draft, SealedAnswers, RoomKey, PrivateFigures)


@dataclass
class World:
    """Rooms in every state, as random as their constraints allow."""

    chance: random.Random
    rooms: list[Room]
    seats: list[Seat]
    rows: dict[type[PrivateModel], list[Any]]
    sealed: set[tuple[int, int, int]]
    opened: set[tuple[int, int]]


def build(seed: int) -> World:
    chance = random.Random(seed)
    world = World(chance, [], [], {model: [] for model in PRIVATE}, set(), set())
    for number in range(5):
        state = chance.choice(["answering", "opened", "closed"])
        room = Room.objects.create(
            mode="alone",
            frame={"name": f"Room {number}"},
            ruleset="2026.2",
            state=state,
            closed_at=NOW if state == "closed" else None,
            round=2,
        )
        world.rooms.append(room)
        seats = [_seat(room, position) for position in range(chance.randint(2, 3))]
        world.seats += seats
        everybody = Scope(seats=frozenset(seat.pk for seat in seats))
        with private_scope(everybody):
            for seat in seats:
                _fill(world, room, seat)
            _plan(world, room, seats)
        for round_ in (1, 2):
            # Openings that the product would never make are tried, too: the rule has to hold anyway.
            if chance.random() < 0.4:
                _open(room, round_)
                world.opened.add((room.pk, round_))
    return world


def _seat(room: Room, position: int) -> Seat:
    key = "ABC"[position]
    return Seat.objects.create(room=room, key=key, position=position, name=f"Party {key}")


def _fill(world: World, room: Room, seat: Seat) -> None:
    person = Answerer.objects.create(room=room, seat=seat, name="P", language="en", is_lead=True)
    world.rows[RoomKey].append(RoomKey.objects.create(room=room, seat=seat, wrapped=b"k"))
    for round_ in (1, 2):
        place = {"room": room, "seat": seat, "round": round_}
        if world.chance.random() < 0.7:
            more = {"answerer": person, "item": "1.1", "ciphertext": b"d", "saved_at": NOW}
            world.rows[Draft].append(Draft.objects.create(**place, **more))
        if world.chance.random() < 0.6:
            sheet = SealedSheet.objects.create(
                **place, question_set="q", commitment="c", sealed_at=NOW, sealed_by=person
            )
            answers = SealedAnswers.objects.create(**place, sheet=sheet, ciphertext=b"s")
            world.rows[SealedAnswers].append(answers)
            world.sealed.add((room.pk, seat.pk, round_))


def _plan(world: World, room: Room, seats: list[Seat]) -> None:
    """Describe ventures, and give parties private figures: in any room, opened or not."""
    for number in range(world.chance.randint(1, 2)):
        venture = Venture.objects.create(name=f"V{number}", template="resale", room=room)
        for seat in seats:
            if world.chance.random() < 0.7:
                place = {"room": room, "seat": seat, "venture": venture}
                kept = PrivateFigures.objects.create(**place, key=b"k", ciphertext=b"f")
                world.rows[PrivateFigures].append(kept)


def _open(room: Room, round_: int) -> None:
    Opening.objects.create(
        room=room,
        round=round_,
        as_of="2026-11",
        opened_at=NOW,
        ruleset="2026.2",
        frame={},
        parties=[],
        result={"kind": "supplier"},
    )
