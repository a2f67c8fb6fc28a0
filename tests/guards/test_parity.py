"""The rule of private rows said three times, compared on random rooms and random scopes.

Query sets, the policies of PostgreSQL as plain SQL meets them, and a naive rule in plain Python must
give the same rows for reading, changing, deleting and storing.
"""

from __future__ import annotations

import uuid
from collections import Counter
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.utils import timezone

from guards.random_rooms import NOW, PEOPLE, PRIVATE, World, build
from mutualist.apps.core.actor import Actor
from mutualist.apps.core.fences import PrivateModel
from mutualist.apps.core.isolation import NoScopeError, Scope, private_scope
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
POSTGRESQL = connection.vendor == "postgresql"
COMMANDS = ("select", "update", "delete")
SEEDS = range(2)
SCOPES = 25


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


def by_query_set(model: type[PrivateModel], command: str) -> set[int]:
    rows = model.objects.all() if command == "select" else model.objects.all()._fenced(command)
    return set(rows.values_list("pk", flat=True))


RAW = {
    "select": "SELECT id FROM {0}",
    "update": "UPDATE {0} SET room_id = room_id RETURNING id",
    "delete": "DELETE FROM {0} RETURNING id",
}


def by_policy(model: type[PrivateModel], command: str) -> set[int]:
    """Ask plain SQL without any condition: what it reaches is what the policies leave."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(RAW[command].format(model._meta.db_table))
        found = {pk for (pk,) in cursor.fetchall()}
        transaction.set_rollback(True)
    return found


# A statement that reads nothing passes no policy for reading, only its own.
BLIND = {
    "update": {
        Draft: "UPDATE rooms_draft SET version = 1",
        SealedAnswers: "UPDATE rooms_sealedanswers SET ciphertext = ''",
        RoomKey: "UPDATE rooms_roomkey SET wrapped = ''",
        PrivateFigures: "UPDATE ventures_privatefigures SET ciphertext = ''",
    },
    "delete": {
        model: RAW["delete"].removesuffix(" RETURNING id").format(model._meta.db_table)
        for model in PRIVATE
    },
}
# What may be changed could be moved to another seat.
CHANGING = (Draft, PrivateFigures)


def blind(model: type[PrivateModel], command: str) -> int:
    """Change or delete without looking; return how many rows that reached."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(BLIND[command][model])
        found = cursor.rowcount
        transaction.set_rollback(True)
    return found


def disagreements(world: World, turns: int = SCOPES) -> tuple[list[Any], Counter[Any]]:
    """Compare the three rules for random scopes; return where they differ, and how much is reached."""
    differ: list[Any] = []
    reached: Counter[Any] = Counter()
    for _turn in range(turns):
        scope = random_scope(world)
        with private_scope(scope):
            for model, rows in world.rows.items():
                for command in COMMANDS:
                    wanted = {row.pk for row in rows if naive(world, scope, command, row)}
                    found = [by_query_set(model, command)]
                    found += [by_policy(model, command)] if POSTGRESQL else []
                    differ += [(scope, model.__name__, command) for rows in found if rows != wanted]
                    if POSTGRESQL and command in BLIND and blind(model, command) != len(wanted):
                        differ.append((scope, model.__name__, command, "blind"))
                    reached[model, command] += len(wanted)
    return differ, reached


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
                found = [_stores_by_query_set(row)]
                found += [_stores(row)] if POSTGRESQL else []
                wrong += [(scope, type(row).__name__) for stored in found if stored != wanted]
                # An own row that was moved to this seat would be no less stored.
                if POSTGRESQL and not wanted and _moves(scope, type(row), seat):
                    wrong.append((scope, type(row).__name__, "moved"))
        outcomes.add(wanted)
    return wrong, outcomes


def reached_by_pretending(world: World) -> list[Any]:
    """Say as the serving role that this is maintenance; return what that reaches."""
    found: list[Any] = []
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('mutualist.maintenance', 'on', true)")
        for model in world.rows:
            for command in COMMANDS:
                found += [(model.__name__, command)] if by_policy(model, command) else []
                if command in BLIND and blind(model, command):
                    found.append((model.__name__, command, "blind"))
        rows = new_rows(world.seats[0], 0)
        found += [(type(row).__name__, "insert") for row in rows if _stores(row)]
        found += [(m.__name__, "moved") for m in CHANGING if _moves_pretending(world, m)]
        transaction.set_rollback(True)
    return found


def _moves_pretending(world: World, model: type[PrivateModel]) -> bool:
    """Try to change a row to which an own one was moved, under the same pretence."""
    seat, other = world.rows[model][0].seat_id, world.seats[-1].pk
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('mutualist.seats', %s, true)", [str(seat)])
        moved = _passes(f"UPDATE {model._meta.db_table} SET seat_id = %s", [other])
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


def _stores_by_query_set(row: Any) -> bool:
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            transaction.set_rollback(True)
    except NoScopeError:
        return False
    except IntegrityError:
        return True  # admitted; only the seat has such a row already
    finally:
        row.pk = None
    return True


def _stores(row: Any) -> bool:
    """Ask plain SQL to store the row: the policies alone decide."""
    fields = [field for field in row._meta.concrete_fields if not field.primary_key]
    names = ", ".join(field.column for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    values = [field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields]
    table = row._meta.db_table
    return _passes(f"INSERT INTO {table} ({names}) VALUES ({marks})", values)


def _moves(scope: Scope, model: type[PrivateModel], seat: Seat) -> bool:
    """Try to move an own row to another seat by plain SQL."""
    own = sorted(scope.seats)[:1]
    if model not in CHANGING or not own or seat.pk in scope.seats:
        return False
    table = model._meta.db_table
    if not by_query_set(model, "update"):
        return False
    return _passes(
        f"UPDATE {table} SET seat_id = %s WHERE seat_id = ANY (%s)", [seat.pk, own]
    ) and (bool(model.objects.filter(seat__in=own).exists()))


def _passes(statement: str, values: list[Any]) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)
            transaction.set_rollback(True)
    except ProgrammingError as error:
        if "row-level security" not in str(error):
            raise
        return False
    except IntegrityError:
        return True
    return True


def test_without_any_scope_there_is_an_error_or_nothing() -> None:
    world = build(7)
    for model, rows in world.rows.items():
        assert rows
        with pytest.raises(NoScopeError):
            by_query_set(model, "select")
        if POSTGRESQL:
            assert [by_policy(model, command) for command in COMMANDS] == [set()] * 3


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
