"""What is allowed inside of a scope works as on any table; beside test_isolation.py, which says what is not."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, models, transaction

from apps.rooms.cast import Cast, fill, on_every_seat, opened_room, room_of_two, stored
from guards.hidden_rows import OF_ROOMS, POSTGRESQL, seat_of
from mutualist.apps.core.errors import NotAllowed
from mutualist.apps.core.fences import NONE, PrivateModel
from mutualist.apps.core.isolation import (
    MAINTENANCE,
    NOTHING,
    NoScopeError,
    Scope,
    as_if,
    current_scope,
    private_scope,
    rewritten,
)
from mutualist.apps.core.roles import as_owner, grant_application, owner
from mutualist.apps.rooms import fences, queries, scopes
from mutualist.apps.rooms.models import Answerer, Draft, Room, RoomKey, SealedAnswers
from mutualist.apps.rooms.sealing import vault_of
from mutualist.apps.rooms.standing import standing

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("model", OF_ROOMS)
def test_every_way_of_reading_finds_the_same_rows(room: Room, model: Any) -> None:
    with on_every_seat():
        rows = model.objects.order_by("pk")
        found = [row.pk for row in rows.iterator(chunk_size=1)]
        assert found == [row.pk for row in rows.all()] != []
        assert rows.aggregate(n=models.Count("pk"))["n"] == rows.count() == len(found)
        assert rows.exists()


def test_a_row_that_is_saved_as_a_whole_stays_where_it_is(room: Room) -> None:
    a, b = seat_of(room, "A"), seat_of(room, "B")
    draft = next(one for one in stored(Draft) if one.seat_id == b)
    with private_scope(Scope(seats=frozenset({a, b}))):
        draft.version += 1
        draft.save()
        draft.seat_id = a
        with pytest.raises(DatabaseError), transaction.atomic():
            draft.save()
    there = next(one for one in stored(Draft) if one.pk == draft.pk)
    assert (there.seat_id, there.version) == (b, draft.version)


def test_a_private_table_has_to_say_who_reads_it() -> None:
    with pytest.raises(NotImplementedError):
        PrivateModel.fence(NOTHING, "select")
    with pytest.raises(NotImplementedError):
        PrivateModel.admitted(None, NOTHING)  # type: ignore[arg-type]


def test_maintenance_reaches_every_row_and_nobody_else_does(room: Room) -> None:
    for fence in (fences.of_draft, fences.of_answers, fences.of_key):
        for command in ("select", "update", "delete"):
            assert not fence(MAINTENANCE, command), "no condition is left"
            assert fence(NOTHING, command)
    assert fences.of_answers(Scope(seats=frozenset({1})), "update") == NONE
    if not POSTGRESQL:
        every = len(stored(Draft))
        with private_scope(MAINTENANCE):
            assert Draft.objects.count() == every > 0
            assert Draft.objects.update(version=9) == every


def test_sql_can_be_written_as_if_in_a_scope(room: Room) -> None:
    scope = Scope(seats=frozenset({seat_of(room, "A")}))
    with as_if(scope):
        assert current_scope() == scope
        rows = Draft.objects.all()
        assert str(scope.seats & {seat_of(room, "A")})
    assert current_scope() is None
    with pytest.raises(NoScopeError):
        rows.count()


def test_a_scope_can_be_made_of_another() -> None:
    scope = Scope(seats=frozenset({1}), rooms=frozenset({2}), opening=(3, 1))
    assert rewritten(scope, lambda _name, value: value) == scope
    wider = rewritten(scope, lambda name, value: frozenset({1, 5}) if name == "seats" else value)
    assert wider == Scope(seats=frozenset({1, 5}), rooms=frozenset({2}), opening=(3, 1))
    assert scope.settings() == {
        "mutualist.seats": "1",
        "mutualist.rooms": "2",
        "mutualist.opening": "3:1",
        "mutualist.discard": "",
        "mutualist.programmes": "",
        "mutualist.relations": "",
        "mutualist.ending": "",
        "mutualist.maintenance": "",
    }
    assert Scope(seats=frozenset({30, 4}), maintenance=True).settings() == {
        "mutualist.seats": "4,30",
        "mutualist.rooms": "",
        "mutualist.opening": "",
        "mutualist.discard": "",
        "mutualist.programmes": "",
        "mutualist.relations": "",
        "mutualist.ending": "",
        "mutualist.maintenance": "on",
    }


def test_opened_answers_are_read_by_the_scope_of_their_room_alone(cast: Cast) -> None:
    room = opened_room(cast)
    with private_scope(Scope(rooms=frozenset({room.pk}))):
        assert SealedAnswers.objects.count() == 2
    with private_scope(Scope(rooms=frozenset({room.pk + 1}))):
        assert not SealedAnswers.objects.exists()


def test_no_seat_is_no_answer(cast: Cast, room: Room) -> None:
    here = standing(cast.anna, room)
    assert here.seat_named("B").key == "B"
    with pytest.raises(NotAllowed):
        here.seat_named("C")


def test_the_operator_learns_whether_the_newest_key_opens(room: Room) -> None:
    assert queries.newest_key_opens()


def test_without_a_seat_no_key_opens() -> None:
    assert not queries.newest_key_opens()


def test_what_is_ones_own_and_about_to_be_deleted_is_still_ones_own(cast: Cast) -> None:
    """Two reasons to reach a row are not one too many."""
    room = room_of_two(cast)
    fill(cast.clara, room, {"1.4": "gt3"})
    b = seat_of(room, "B")
    with private_scope(Scope(seats=frozenset({b}), discard=frozenset({b}))):
        own = Draft.objects.count()
    with private_scope(Scope(seats=frozenset({b}))):
        assert Draft.objects.count() == own > 0


def test_with_one_role_there_is_nothing_to_grant_and_nobody_to_become(
    django_assert_num_queries: Any,
) -> None:
    if owner() is None:
        with django_assert_num_queries(0):
            grant_application()
            with as_owner():
                pass


def test_the_scope_of_a_person_is_that_of_all_their_seats(room: Room) -> None:
    people = list(Answerer.objects.filter(room=room))
    with scopes.of_person(people) as scope:
        assert scope == Scope(seats=frozenset({seat_of(room, "A"), seat_of(room, "B")}))
    with scopes.of_person(people[:1]) as scope:
        assert scope == Scope(seats=frozenset({people[0].seat_id}))


def test_without_the_scope_of_its_seat_there_is_no_vault(room: Room) -> None:
    a, b = room.seats.order_by("key")
    with private_scope(Scope(seats=frozenset({a.pk}))):
        assert vault_of(room, a).seat == a
        with pytest.raises(RoomKey.DoesNotExist):
            vault_of(room, b)
