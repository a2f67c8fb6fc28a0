"""Private rows: no way to them without a scope, none out of it, and none around it in PostgreSQL."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.db import (
    DatabaseError,
    IntegrityError,
    connection,
    models,
    transaction,
)
from django.test import Client

import mutualist
from apps.rooms.cast import (
    Cast,
    convened_room,
    on_every_seat,
    opened_room,
    seal_short,
    stored,
)
from guards.hidden_rows import (
    NONE_OF_THEM,
    OF_PROGRAMMES,
    OF_ROOMS,
    POSTGRESQL,
    PRIVATE,
    on_postgresql,
    raw,
    seat_of,
    shown,
    undone,
)
from guards.routes import room_address
from mutualist.apps.core import catalogue
from mutualist.apps.core.catalogue import gaps, misplaced
from mutualist.apps.core.errors import NotAllowed
from mutualist.apps.core.fences import PrivateModel, private_models
from mutualist.apps.core.isolation import (
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


@pytest.mark.parametrize("model", OF_ROOMS)
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


@pytest.mark.parametrize("model", OF_ROOMS)
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


@pytest.mark.parametrize("model", OF_ROOMS)
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
            assert [shown(table) for table in PRIVATE] == NONE_OF_THEM
    seal_short(room, cast.clara)
    with scopes.opening(room):
        assert SealedAnswers.objects.count() == RoomKey.objects.count() == 2
        assert not Draft.objects.exists()
        if POSTGRESQL:
            assert [shown(table) for table in PRIVATE] == [0, 2, 2, 0]


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
    tables_of_private = {model._meta.db_table for model in private_models()}
    assert tables_of_private == {*PRIVATE, *OF_PROGRAMMES}


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
    assert makers == {
        *("apps/core/isolation.py", "apps/projects/scopes.py", "apps/rooms/scopes.py")
    }
    around = re.compile(r"_raw\(|\.raw\(|cursor\(|QuerySet\(model=|Manager\(")
    assert [
        name for name in texts if name.startswith("apps/rooms/") and around.search(texts[name])
    ] == []


def test_a_sealed_sheet_shows_its_commitment_only() -> None:
    columns = {field.name for field in SealedSheet._meta.concrete_fields}
    assert columns == {
        *("id", "room", "seat", "round", "question_set", "commitment", "sealed_at", "sealed_by")
    }
