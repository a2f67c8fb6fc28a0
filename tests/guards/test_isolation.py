"""Private rows: no way to them without a scope, none out of it, and none around it in PostgreSQL."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import (
    DatabaseError,
    IntegrityError,
    ProgrammingError,
    connection,
    models,
    transaction,
)
from django.test import Client

import mutualist
from apps.rooms.cast import (
    SHORT,
    Cast,
    convened_room,
    fill,
    fill_and_seal,
    make_cast,
    on_every_seat,
    opened_room,
    room_of_two,
    seal_short,
    stored,
)
from guards.routes import room_address
from mutualist.apps.core import catalogue
from mutualist.apps.core.catalogue import gaps, misplaced
from mutualist.apps.core.errors import NotAllowed
from mutualist.apps.core.fences import PrivateModel, private_models
from mutualist.apps.core.isolation import (
    MAINTENANCE,
    NOTHING,
    NoScopeError,
    Scope,
    current_scope,
    private_scope,
)
from mutualist.apps.core.roles import as_owner
from mutualist.apps.identity.models import User
from mutualist.apps.rooms import scopes
from mutualist.apps.rooms.models import Draft, Room, RoomKey, SealedAnswers, SealedSheet
from mutualist.apps.rooms.standing import standing

pytestmark = pytest.mark.django_db
POSTGRESQL = connection.vendor == "postgresql"
on_postgresql = pytest.mark.skipif(not POSTGRESQL, reason="row level security is PostgreSQL's")
with_two_roles = pytest.mark.skipif(
    not POSTGRESQL or connection.settings_dict["USER"] != "mutualist_app",
    reason="needs the roles of tests/everything.py",
)
# A draft is never without its person, who ties it to the seat a second time.
TWICE = {"rooms_draft"}
PRIVATE = ("rooms_draft", "rooms_roomkey", "rooms_sealedanswers")


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def room(cast: Cast) -> Room:
    """Anna has sealed, Clara has drafts: each seat has something to hide."""
    found = room_of_two(cast)
    fill_and_seal(cast.anna, found, SHORT)
    fill(cast.clara, found, SHORT)
    return found


def seat_of(room: Room, key: str) -> int:
    return room.seats.get(key=key).pk


def raw(statement: str, *values: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall()) if cursor.description else []


def shown(table: str) -> int:
    """How many rows plain SQL sees: no query set has cut anything away."""
    return int(raw(f"SELECT count(*) FROM {table}")[0][0])


@contextmanager
def undone() -> Iterator[None]:
    """Take back whatever the block does to the database."""
    with transaction.atomic():
        if POSTGRESQL:
            raw("SET CONSTRAINTS ALL IMMEDIATE")
        yield
        transaction.set_rollback(True)


@pytest.mark.parametrize("model", private_models())
def test_without_a_scope_nothing_works(room: Room, model: Any) -> None:
    row, *_others = before = stored(model)
    attempts = (
        model.objects.all,
        model.objects.count,
        model.objects.filter,
        model._base_manager.all,
        model._default_manager.first,
        lambda: model.objects.update(room=1),
        lambda: model.objects.create(room=room, seat_id=row.seat_id),
        model(room=room, seat_id=row.seat_id).save,
        row.save,
        row.delete,
        row.refresh_from_db,
    )
    for attempt in attempts:
        with pytest.raises(NoScopeError), transaction.atomic():
            attempt()
    assert stored(model) == before


@pytest.mark.parametrize("model", private_models())
def test_a_query_does_not_work_outside_the_scope_it_was_made_in(room: Room, model: Any) -> None:
    with on_every_seat() as wide:
        rows = model.objects.all()
    uses = (
        list,
        lambda query: query.count(),
        lambda query: query.exists(),
        lambda query: query.aggregate(n=models.Count("pk")),
        lambda query: list(query.iterator()),
        lambda query: query.first(),
        lambda query: query.delete(),
        lambda query: query.update(room=room),
        lambda query: query.filter(room=room).get(),
    )
    for use in uses:
        with pytest.raises(NoScopeError):
            use(rows.all())
        with private_scope(NOTHING), pytest.raises(NoScopeError):
            use(rows.all())
    with private_scope(Scope(seats=wide.seats)):
        assert rows.count() == len(stored(model)) > 0


@pytest.mark.parametrize("model", private_models())
def test_a_scope_of_nothing_sees_nothing(room: Room, model: Any) -> None:
    with private_scope(NOTHING):
        assert not model.objects.exists()
    with private_scope(Scope(seats=frozenset({seat_of(room, "A")}))):
        assert {row.seat.key for row in model.objects.select_related("seat")} <= {"A"}
    assert current_scope() is None


def test_the_inner_scope_counts_and_the_outer_comes_back(room: Room) -> None:
    a, b = (Scope(seats=frozenset({seat_of(room, key)})) for key in "AB")
    with private_scope(a):
        first = RoomKey.objects.get().seat_id
        with private_scope(b):
            assert RoomKey.objects.get().seat_id != first
            if POSTGRESQL:
                assert shown("rooms_roomkey") == 1
        assert RoomKey.objects.get().seat_id == first
        with pytest.raises(ZeroDivisionError), private_scope(b):
            _ = 1 / 0
        assert RoomKey.objects.get().seat_id == first
        if POSTGRESQL:
            assert shown("rooms_roomkey") == 1


def test_nobody_stores_or_moves_a_row_for_somebody_else(room: Room) -> None:
    a, b = seat_of(room, "A"), seat_of(room, "B")
    (draft, *_more) = [one for one in stored(Draft) if one.seat_id == b]
    with private_scope(Scope(seats=frozenset({a, b}))), pytest.raises(NoScopeError):
        Draft.objects.filter(pk=draft.pk).update(seat=a)
    with private_scope(Scope(seats=frozenset({a}))):
        with pytest.raises(NoScopeError), transaction.atomic():
            Draft.objects.create(
                room=room,
                seat_id=b,
                answerer_id=draft.answerer_id,
                round=7,
                item="1.1",
                ciphertext=b"x",
                saved_at=draft.saved_at,
            )
        assert Draft.objects.filter(pk=draft.pk).update(version=9) == 0
        assert Draft.objects.filter(pk=draft.pk).delete()[0] == 0
        with pytest.raises(DatabaseError), transaction.atomic():
            draft.save(update_fields=["version"])
        assert draft.delete()[0] == 0
    assert draft.pk in {one.pk for one in stored(Draft)}


def test_sealed_answers_and_keys_never_change(room: Room) -> None:
    with on_every_seat():
        assert SealedAnswers.objects.update(ciphertext=b"x") == 0
        assert RoomKey.objects.update(wrapped=b"x") == 0
        assert RoomKey.objects.all().delete()[0] == 0
    assert all(bytes(row.ciphertext) != b"x" for row in stored(SealedAnswers))


def test_what_was_opened_is_not_taken_back(cast: Cast) -> None:
    room = opened_room(cast)
    with on_every_seat():
        assert SealedAnswers.objects.filter(room=room).delete()[0] == 0
    with scopes.discarding(room.seats.all()):
        assert not SealedAnswers.objects.exists()
        assert not RoomKey.objects.exists()
    assert len(stored(SealedAnswers)) == 2


def test_a_scope_follows_from_what_somebody_is(cast: Cast, room: Room) -> None:
    convened, ida, _paul = convened_room(cast)
    for actor, place, seats in (
        (cast.anna, room, {"A"}),
        (cast.ben, room, set()),
        (cast.clara, room, {"B"}),
        (cast.dora, room, set()),
        (cast.greta, convened, set()),
        (ida, convened, {"A"}),
        (ida, room, set()),
    ):
        here = standing(actor, place)
        with scopes.own(here) as scope:
            assert {seat.key for seat in here.seats if seat.pk in scope.seats} == seats
            assert (scope.rooms, scope.opening, scope.discard) == (frozenset(), None, frozenset())
            assert not scope.maintenance
    for actor in (cast.dora, cast.greta):
        with pytest.raises(NotAllowed):
            scopes.result(standing(actor, convened))
    anna = standing(cast.anna, room)
    for actor, key in ((cast.anna, "B"), (cast.dora, "A"), (cast.ben, "A"), (cast.clara, "A")):
        with pytest.raises(NotAllowed):
            scopes.own_seat(standing(actor, room), anna.seat_named(key))


def test_every_opening_scope_waits_for_all_seals(cast: Cast, room: Room) -> None:
    with scopes.opening(room):
        assert not SealedAnswers.objects.exists()
        assert not RoomKey.objects.exists()
        assert not Draft.objects.exists()
        if POSTGRESQL:
            assert [shown(table) for table in PRIVATE] == [0, 0, 0]
    seal_short(room, cast.clara)
    with scopes.opening(room):
        assert SealedAnswers.objects.count() == RoomKey.objects.count() == 2
        assert not Draft.objects.exists()
        if POSTGRESQL:
            assert [shown(table) for table in PRIVATE] == [0, 2, 2]


def test_the_database_keeps_no_gap() -> None:
    found = [gap for gap in gaps() if gap.code != "member"]
    alone = {"owner"} if POSTGRESQL and connection.settings_dict["USER"] == "mutualist" else set()
    assert {gap.code for gap in found} == alone, found


def test_a_new_table_of_rooms_has_to_be_decided_about() -> None:
    with undone(), as_owner():
        raw("CREATE TABLE extra_notes (id bigint, room_id bigint)")
        assert [gap.name for gap in gaps() if gap.code == "unlisted"] == ["extra_notes"]


def test_shared_tables_are_there_and_say_why() -> None:
    tables = set(connection.introspection.table_names())
    for table, reason in catalogue.shared_tables().items():
        assert table in tables
        assert len(reason.split()) > 4
    assert not set(catalogue.shared_tables()) & set(PRIVATE)
    assert {model._meta.db_table for model in private_models()} == set(PRIVATE)


def test_a_private_model_with_an_open_manager_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    open_manager = models.Manager()
    open_manager.model = Draft
    monkeypatch.setitem(Draft._meta.__dict__, "base_manager", open_manager)
    assert ("manager", "rooms.Draft") in {(gap.code, gap.name) for gap in gaps()}
    assert issubclass(Draft, PrivateModel)


def test_no_row_refers_into_another_room(cast: Cast, room: Room) -> None:
    opened_room(cast)
    with on_every_seat():
        assert misplaced() == []
        foreign = convened_room(cast)[0].seats.get(key="B")
        with undone():
            try:
                with transaction.atomic():
                    SealedSheet.objects.filter(room=room).update(seat=foreign)
            except IntegrityError:
                assert POSTGRESQL, "composite foreign keys refuse it at once"
            else:
                assert not POSTGRESQL
                assert "misplaced" in {gap.code for gap in misplaced()}


# What follows are the ways in which row level security is known to fail, each tried.


@on_postgresql
def test_plain_sql_finds_nothing_without_a_scope(room: Room) -> None:
    assert [shown(table) for table in PRIVATE] == [0, 0, 0]
    with on_every_seat():
        assert min(shown(table) for table in PRIVATE) > 0
    assert [shown(table) for table in PRIVATE] == [0, 0, 0]


@with_two_roles
@pytest.mark.parametrize("table", PRIVATE)
def test_the_owner_is_bound_by_force_alone(room: Room, table: str) -> None:
    with undone(), as_owner():
        assert shown(table) == 0
        raw(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
        assert shown(table) > 0, "this is what FORCE is for"
        assert table in {gap.name for gap in gaps() if gap.code == "table"}


@with_two_roles
@pytest.mark.parametrize("table", PRIVATE)
@pytest.mark.parametrize("command", ["select", "insert", "update", "delete"])
def test_a_missing_policy_is_noticed(table: str, command: str) -> None:
    with undone(), as_owner():
        raw(f"DROP POLICY {table}_{command} ON {table}")
        assert table in {gap.name for gap in gaps() if gap.code == "policy"}


@on_postgresql
def test_the_serving_role_cannot_lift_a_policy(room: Room) -> None:
    if connection.settings_dict["USER"] != "mutualist_app":
        pytest.skip("one role for both")
    for statement in (
        "ALTER TABLE rooms_draft DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE rooms_draft NO FORCE ROW LEVEL SECURITY",
        "DROP POLICY rooms_draft_select ON rooms_draft",
        "CREATE TABLE own (id int)",
        "DELETE FROM django_migrations",
    ):
        with pytest.raises(ProgrammingError), transaction.atomic():
            raw(statement)
    raw("SELECT set_config('mutualist.maintenance', 'on', true)")
    assert [shown(table) for table in PRIVATE] == [0, 0, 0], "only the owner is maintained"


@with_two_roles
def test_maintenance_is_the_owners(room: Room) -> None:
    with private_scope(MAINTENANCE):
        assert RoomKey.objects.count() == shown("rooms_roomkey") == 2
        assert RoomKey.objects.update(wrapped=b"new") == 2
    assert raw("SELECT current_user::text") == [("mutualist_app",)]
    assert shown("rooms_roomkey") == 0


@with_two_roles
def test_a_view_and_a_function_of_the_owner_are_noticed() -> None:
    with undone(), as_owner():
        raw("CREATE VIEW leaking AS SELECT * FROM rooms_draft")
        raw("CREATE VIEW asking WITH (security_invoker=true) AS SELECT * FROM rooms_draft")
        raw("CREATE MATERIALIZED VIEW kept AS SELECT * FROM rooms_draft")
        raw(
            "CREATE FUNCTION reading() RETURNS bigint LANGUAGE sql SECURITY DEFINER"
            " AS 'SELECT count(*) FROM rooms_draft'"
        )
        found = {(gap.code, gap.name) for gap in gaps()}
        wanted = {("view", "leaking"), ("view", "kept"), ("function", "reading")}
        assert wanted <= found
        assert ("view", "asking") not in found


@with_two_roles
def test_references_and_uniqueness_across_rooms_are_noticed() -> None:
    from importlib import import_module

    numbers = import_module("mutualist.apps.rooms.migrations.0004_isolation").REFERENCES
    for number, (table, columns, _target) in enumerate(numbers, start=1):
        with undone(), as_owner():
            raw(f"ALTER TABLE {table} DROP CONSTRAINT same_room_{number}")
            noticed = {gap.name for gap in gaps() if gap.code == "reference"}
            assert (table in noticed) != (columns == "room_id, seat_id" and table in TWICE), columns
    with undone(), as_owner():
        raw("CREATE UNIQUE INDEX anywhere ON rooms_seat (name)")
        assert [gap.name for gap in gaps() if gap.code == "unique"] == ["rooms_seat"]


@on_postgresql
def test_a_refusal_does_not_tell_whether_a_row_exists(room: Room) -> None:
    theirs = next(draft for draft in stored(Draft) if draft.seat_id == seat_of(room, "B"))
    refusals = []
    for item in (theirs.item, "9.9"):
        values = (room.pk, theirs.seat_id, theirs.answerer_id, item)
        own = private_scope(Scope(seats=frozenset({seat_of(room, "A")})))
        with own, pytest.raises(ProgrammingError) as refused, transaction.atomic():
            raw(
                "INSERT INTO rooms_draft (room_id, seat_id, answerer_id, item, round, ciphertext,"
                " version, saved_at) VALUES (%s, %s, %s, %s, 1, '', 1, now())",
                *values,
            )
        refusals.append(str(refused.value))
    assert refusals[0] == refusals[1]
    assert "row-level security" in refusals[0]


@on_postgresql
def test_a_row_cannot_be_moved_to_another_seat(room: Room) -> None:
    a, b = seat_of(room, "A"), seat_of(room, "B")
    with private_scope(Scope(seats=frozenset({a}))):
        with pytest.raises(ProgrammingError), transaction.atomic():
            raw("UPDATE rooms_draft SET seat_id = %s", b)
        raw("UPDATE rooms_draft SET version = version + 1")
    with private_scope(Scope(seats=frozenset({b}))):
        assert raw("SELECT DISTINCT version FROM rooms_draft") == [(1,)]


@on_postgresql
@pytest.mark.parametrize(
    ("table", "columns"),
    [
        ("rooms_answerer", "seat_id"),
        ("rooms_sealedsheet", "seat_id"),
        ("rooms_sheetprogress", "seat_id"),
    ],
)
def test_no_reference_crosses_rooms(cast: Cast, room: Room, table: str, columns: str) -> None:
    other, _ida, _paul = convened_room(cast)
    raw("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(IntegrityError), transaction.atomic():
        raw(f"UPDATE {table} SET {columns} = %s WHERE room_id = %s", seat_of(other, "A"), room.pk)


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_nothing_of_a_scope_reaches_the_next_request(cast: Cast, room: Room) -> None:
    def told() -> set[str]:
        names = NOTHING.settings()
        return {
            raw(f"SELECT coalesce(current_setting('{name}', true), '')")[0][0] for name in names
        }

    client = Client()
    client.force_login(User.objects.get(pk=cast.anna.user_id))
    assert client.get(room_address("rooms:preview", room.uid)).status_code == 200
    assert not connection.in_atomic_block
    assert connection.connection is not None, "the same connection serves the next request"
    assert told() == {""}
    with on_every_seat():
        assert shown("rooms_draft") > 0
    with pytest.raises(ZeroDivisionError), on_every_seat():
        _ = 1 / 0
    assert told() == {""}
    assert shown("rooms_draft") == 0
    seat = seat_of(room, "A")
    raw("SELECT set_config('mutualist.seats', %s, false)", str(seat))
    assert shown("rooms_draft") > 0, "this is what SET would do; so it has to be SET LOCAL"
    raw("SELECT set_config('mutualist.seats', '', false)")


def test_scopes_are_made_in_one_place() -> None:
    package = Path(mutualist.__file__).parent
    texts = {
        file.relative_to(package).as_posix(): file.read_text(encoding="utf-8")
        for file in package.rglob("*.py")
    }
    names_it = re.compile(r"isolation import [^)]*?\bScope\b|class Scope:")
    makes_it = re.compile(r"(?<!\w)Scope\(")
    makers = {
        name for name, text in texts.items() if names_it.search(text) and makes_it.search(text)
    }
    assert makers == {"apps/core/isolation.py", "apps/rooms/scopes.py"}
    around = re.compile(r"_raw\(|\.raw\(|cursor\(|QuerySet\(model=|Manager\(")
    assert [
        name for name in texts if name.startswith("apps/rooms/") and around.search(texts[name])
    ] == []


def test_a_sealed_sheet_shows_its_commitment_only() -> None:
    columns = {field.name for field in SealedSheet._meta.concrete_fields}
    assert columns == {
        *("id", "room", "seat", "round", "question_set", "commitment", "sealed_at", "sealed_by")
    }
