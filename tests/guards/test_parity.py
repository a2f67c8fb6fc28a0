"""The rule of private rows said three times, compared on random rooms and random scopes.

Query sets, the policies of PostgreSQL as plain SQL meets them, and a naive rule in plain Python must
give the same rows for reading, changing, deleting and storing.
"""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from guards.random_rooms import NOW, PEOPLE, World, build
from guards.three_rules import (
    POSTGRESQL,
    SCOPES,
    SEEDS,
    Rules,
    by_query_set,
    passes,
    stores,
    stores_by_query_set,
)
from mutualist.apps.core.actor import Actor
from mutualist.apps.core.fences import PrivateModel
from mutualist.apps.core.isolation import Scope, private_scope
from mutualist.apps.identity.models import Organisation, User
from mutualist.apps.rooms import scopes
from mutualist.apps.rooms.models import (
    Answerer,
    Draft,
    RoomKey,
    SealedAnswers,
    SealedSheet,
    Seat,
    SeatLink,
)
from mutualist.apps.rooms.standing import standing
from mutualist.apps.ventures.models import PrivateFigures, Venture

pytestmark = pytest.mark.django_db


def random_scope(world: World) -> Scope:
    chance = world.chance

    def some(rows: list[Any]) -> frozenset[int]:
        return frozenset(row.pk for row in rows if chance.random() < 0.3)

    room = chance.choice(world.rooms)
    return Scope(
        seats=some(world.seats) if chance.random() < 0.7 else frozenset(),
        rooms=some(world.rooms) if chance.random() < 0.5 else frozenset(),
        opening=(room.pk, chance.choice([1, 2])) if chance.random() < 0.5 else None,
        discard=some(world.seats) if chance.random() < 0.5 else frozenset(),
    )


def naive(world: World, scope: Scope, command: str, row: Any) -> bool:
    """Say the rule once more, for one row, in plain Python."""
    room = next(room for room in world.rooms if room.pk == row.room_id)
    own = row.seat_id in scope.seats
    gone = row.seat_id in scope.discard
    closed = room.state == "closed"
    never_sealed = not any(place[0] == room.pk for place in world.sealed)
    ever_opened = any(place[0] == room.pk for place in world.opened)
    opened = (row.room_id, getattr(row, "round", None)) in world.opened
    result = row.room_id in scope.rooms
    if isinstance(row, Draft):
        reads = own or (gone and (closed or opened or never_sealed))
        changes, deletes = own, reads
    elif isinstance(row, SealedAnswers):
        now = being_opened(world, scope, row) and scope.opening[1] == row.round
        reads = own or (result and opened) or now or (gone and closed)
        changes, deletes = False, (own and not opened) or (gone and closed)
    elif isinstance(row, PrivateFigures):
        changes, deletes = own, own or (gone and closed)
        reads = deletes or (result and ever_opened)
    else:
        deletes = gone and (closed or never_sealed)
        reads = own or (result and ever_opened) or being_opened(world, scope, row) or deletes
        changes = False
    return {"select": reads, "update": changes, "delete": deletes}[command]


def being_opened(world: World, scope: Scope, row: Any) -> bool:
    if scope.opening is None or scope.opening[0] != row.room_id:
        return False
    seats = [seat.pk for seat in world.seats if seat.room_id == row.room_id]
    return all((row.room_id, seat, scope.opening[1]) in world.sealed for seat in seats)


RULES = Rules(
    column="room_id",
    values={
        Draft: "version = 1",
        SealedAnswers: "ciphertext = ''",
        RoomKey: "wrapped = ''",
        PrivateFigures: "ciphertext = ''",
    },
    scope=random_scope,
    naive=naive,
)
disagreements = RULES.disagreements
# What may be changed could be moved to another seat.
CHANGING = (Draft, PrivateFigures)


def wrongly_stored(world: World, turns: int = SCOPES) -> tuple[list[Any], set[bool]]:
    """Try to store rows of random seats in random scopes; return where a rule was not kept."""
    wrong: list[Any] = []
    outcomes = set()
    for turn in range(turns):
        scope = random_scope(world)
        seat = world.chance.choice(world.seats)
        wanted = seat.pk in scope.seats
        with private_scope(scope):
            for row in new_rows(seat, turn):
                found = [stores_by_query_set(row)]
                found += [stores(row)] if POSTGRESQL else []
                wrong += [(scope, type(row).__name__) for stored in found if stored != wanted]
                # An own row that was moved to this seat would be no less stored.
                if POSTGRESQL and not wanted and _moves(scope, type(row), seat):
                    wrong.append((scope, type(row).__name__, "moved"))
        outcomes.add(wanted)
    return wrong, outcomes


def reached_by_pretending(world: World) -> list[Any]:
    """Say as the serving role that this is maintenance; return what that reaches."""
    return RULES.reached_by_pretending(
        world, lambda: new_rows(world.seats[0], 0), _moves_pretending, CHANGING
    )


def _moves_pretending(world: World, model: type[PrivateModel]) -> bool:
    """Try to change a row to which an own one was moved, under the same pretence."""
    seat, other = world.rows[model][0].seat_id, world.seats[-1].pk
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('mutualist.seats', %s, true)", [str(seat)])
        moved = passes(f"UPDATE {model._meta.db_table} SET seat_id = %s", [other])
        transaction.set_rollback(True)
    return moved


@pytest.mark.skipif(not POSTGRESQL, reason="there is one role on SQLite")
def test_maintenance_is_for_the_owner_alone() -> None:
    world = build(3)
    if connection.settings_dict["USER"] == "mutualist":
        pytest.skip("one role for both")
    assert reached_by_pretending(world) == []


def new_rows(seat: Seat, turn: int) -> list[Any]:
    person = Answerer.objects.get(seat=seat)
    place = {"room": seat.room, "seat": seat}
    sheet = SealedSheet(pk=0, **place)
    venture = Venture.objects.filter(room=seat.room).first()
    return [
        Draft(**place, answerer=person, round=9, item=str(turn), ciphertext=b"", saved_at=NOW),
        SealedAnswers(**place, round=9, sheet=sheet, ciphertext=b""),
        RoomKey(**place, wrapped=b""),
        PrivateFigures(**place, venture=venture, key=b"", ciphertext=b"", saved_at=NOW),
    ]


@pytest.mark.parametrize("seed", SEEDS)
def test_three_rules_agree(seed: int) -> None:
    differ, reached = disagreements(build(seed))
    assert differ == []
    never = {key for key, count in reached.items() if not count}
    assert never == {(SealedAnswers, "update"), (RoomKey, "update")}


@pytest.mark.parametrize("seed", SEEDS)
def test_the_database_stores_what_the_query_set_stores(seed: int) -> None:
    wrong, outcomes = wrongly_stored(build(seed))
    assert wrong == []
    assert outcomes == {True, False}


def _moves(scope: Scope, model: type[PrivateModel], seat: Seat) -> bool:
    """Try to move an own row to another seat by plain SQL."""
    own = sorted(scope.seats)[:1]
    if model not in CHANGING or not own or seat.pk in scope.seats:
        return False
    table = model._meta.db_table
    if not by_query_set(model, "update"):
        return False
    return passes(f"UPDATE {table} SET seat_id = %s WHERE seat_id = ANY (%s)", [seat.pk, own]) and (
        bool(model.objects.filter(seat__in=own).exists())
    )


def test_without_any_scope_there_is_an_error_or_nothing() -> None:
    RULES.without_a_scope(build(7))


def test_what_somebody_reads_follows_from_their_seats_alone() -> None:
    """Random people with accounts, organisations and links: the scope of a standing is no wider."""
    world = build(5)
    chance = world.chance
    users = [User.objects.create(email=f"{n}@x.example", name=f"U{n}") for n in range(4)]
    firms = [Organisation.objects.create(name=f"Firm {n}") for n in range(3)]
    links = []
    for person in Answerer.objects.all():
        seat = person.seat
        if chance.random() < 0.6:
            person.user = chance.choice(users)
            person.save()
        if chance.random() < 0.4:
            free = [f for f in firms if not Seat.objects.filter(room=seat.room, organisation=f)]
            seat.organisation = chance.choice(free) if free else None
            seat.save()
        links.append(
            SeatLink.objects.create(
                room=seat.room,
                answerer=person,
                digest=uuid.uuid4().hex,
                expires_at=NOW + timezone.timedelta(days=chance.choice([-1, 1])),
                revoked_at=chance.choice([None, None, NOW]),
            )
        )
    read = 0
    for _turn in range(PEOPLE):
        held = chance.sample(links, 3)
        actor = Actor(
            "user",
            user_id=chance.choice([None, *(user.pk for user in users)]),
            roles={chance.choice(firms).pk: chance.choice(["owner", "reader"])},
            link_ids=frozenset(link.pk for link in held),
        )
        live = {
            link.answerer_id for link in held if link.revoked_at is None and link.expires_at > NOW
        }
        for room in world.rooms:
            people = Answerer.objects.filter(room=room)
            mine = {
                person.seat_id
                for person in people
                if person.pk in live or (person.user_id and person.user_id == actor.user_id)
            }
            firm = {s.pk for s in world.seats if s.room_id == room.pk} & set(
                Seat.objects.filter(organisation__in=actor.organisations()).values_list(
                    "pk", flat=True
                )
            )
            here = standing(actor, room)
            with scopes.own(here) as scope:
                assert scope.seats <= mine
                for model in world.rows:
                    assert {row.seat_id for row in model.objects.all()} <= mine
                    read += model.objects.count()
            if here.sees_result:
                assert mine | firm
                with scopes.result(here):
                    for row in SealedAnswers.objects.all():
                        assert (row.room_id, row.round) in world.opened
                        assert row.room_id == room.pk
            else:
                assert not mine | firm
    assert read
