"""The ways in which row level security of PostgreSQL is known to fail, each tried."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import (
    DatabaseError,
    IntegrityError,
    ProgrammingError,
    connection,
    transaction,
)

from apps.rooms.cast import (
    Cast,
    convened_room,
    on_every_seat,
    stored,
)
from guards.hidden_rows import (
    NONE_OF_THEM,
    PRIVATE,
    TWICE,
    on_postgresql,
    raw,
    seat_of,
    shown,
    undone,
    with_two_roles,
)
from mutualist.apps.core.catalogue import gaps
from mutualist.apps.core.isolation import (
    MAINTENANCE,
    NoScopeError,
    Scope,
    private_scope,
)
from mutualist.apps.core.roles import as_owner
from mutualist.apps.rooms.models import Draft, Room, RoomKey

pytestmark = pytest.mark.django_db


@on_postgresql
def test_plain_sql_finds_nothing_without_a_scope(room: Room) -> None:
    assert [shown(table) for table in PRIVATE] == NONE_OF_THEM
    with on_every_seat():
        assert min(shown(table) for table in PRIVATE) > 0
    assert [shown(table) for table in PRIVATE] == NONE_OF_THEM


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
    assert [shown(table) for table in PRIVATE] == NONE_OF_THEM, "only the owner is maintained"


@with_two_roles
def test_maintenance_is_the_owners(room: Room) -> None:
    with private_scope(MAINTENANCE):
        assert RoomKey.objects.count() == shown("rooms_roomkey") == 2
        assert RoomKey.objects.update(wrapped=b"new") == 2
    assert raw("SELECT current_user::text") == [("mutualist_app",)]
    assert shown("rooms_roomkey") == 0


@with_two_roles
def test_maintenance_without_the_owner_is_said_before_it_finds_nothing(
    room: Room, settings: Any
) -> None:
    """A backup made by the serving role would silently hold no answers."""
    settings.MUTUALIST_DATABASE_OWNER = None
    with (
        pytest.raises(NoScopeError, match="MUTUALIST_DATABASE_OWNER_URL"),
        transaction.atomic(),
        private_scope(MAINTENANCE),
    ):
        pytest.fail("nothing may be done here")
    assert [shown(table) for table in PRIVATE] == NONE_OF_THEM


@on_postgresql
def test_a_scope_ends_with_a_transaction_that_failed(room: Room) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), on_every_seat():
        raw("SELECT 1 / 0")
    assert [shown(table) for table in PRIVATE] == NONE_OF_THEM
    with pytest.raises(DatabaseError), undone(), as_owner():
        raw("SELECT 1 / 0")
    assert raw("SELECT current_user::text") == raw("SELECT session_user::text")


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

    rooms = import_module("mutualist.apps.rooms.migrations.0004_isolation").REFERENCES
    ventures = import_module("mutualist.apps.ventures.migrations.0002_private").REFERENCES
    named = [(f"same_room_{number}", *one) for number, one in enumerate(rooms, start=1)]
    named += [(f"figures_same_room_{number}", *one) for number, one in enumerate(ventures, start=1)]
    for name, table, columns, _target in named:
        with undone(), as_owner():
            raw(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
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
