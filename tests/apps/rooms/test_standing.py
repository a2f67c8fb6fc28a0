"""What somebody is in a room, case by case; test_visibility.py says what follows from it."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace as Some

import pytest

from apps.rooms.cast import (
    ANONYMOUS,
    Cast,
    come_in,
    convened_room,
    fresh,
    invite_clara,
    open_two_sided,
    room_of_two,
)
from mutualist.apps.core.actor import Actor
from mutualist.apps.core.errors import NotAllowed
from mutualist.apps.rooms.models import Answerer
from mutualist.apps.rooms.standing import _precedence, standing

pytestmark = pytest.mark.django_db

#: Large numbers: small ones are the same object wherever they come from.
ME, OTHER = int("100001"), int("100002")


@pytest.mark.parametrize(
    ("actor", "account", "latest", "expected"),
    [
        (ME, int("100001"), None, (False, 0)),
        (ME, int("100001"), 7, (False, -7)),
        (ME, OTHER, 7, (True, -7)),
        (ME, None, 7, (True, -7)),
        (None, None, 9, (True, -9)),
        (None, OTHER, None, (True, 0)),
    ],
)
def test_an_account_comes_before_a_link_and_a_later_link_before_an_earlier(
    actor: int | None, account: int | None, latest: int | None, expected: tuple[bool, int]
) -> None:
    found = _precedence(Actor("user", user_id=actor), Some(user_id=account, latest=latest))
    assert found == expected


def test_whoever_comes_by_link_signs_with_the_name_of_the_invitation(cast: Cast) -> None:
    room = open_two_sided(cast)
    guest = come_in(invite_clara(cast, room))
    assert guest.name == ""
    person = Answerer.objects.get(room=room, seat__key="B")
    here = standing(guest, fresh(room))
    assert here.signed == replace(guest, name=person.name)
    assert person.name
    named = standing(replace(guest, name="Ms Weber"), fresh(room))
    assert named.signed.name == "Ms Weber"
    stranger = standing(ANONYMOUS, fresh(room))
    assert stranger.signed == ANONYMOUS


def test_each_has_the_rights_of_the_own_role(cast: Cast) -> None:
    room = room_of_two(cast)
    anna, ben, clara, dora = (
        standing(actor, fresh(room)) for actor in (cast.anna, cast.ben, cast.clara, cast.dora)
    )
    assert [here.role_in_host for here in (anna, ben, clara, dora)] == [
        "owner",
        "reader",
        None,
        None,
    ]
    assert [here.is_host for here in (anna, ben, clara, dora)] == [True, True, False, False]
    assert [here.may_manage for here in (anna, ben, clara, dora)] == [True, False, False, False]
    assert not any(here.is_neutral_host for here in (anna, ben, clara, dora))
    assert [here.seat and here.seat.key for here in (anna, ben, clara, dora)] == [
        "A",
        "A",
        "B",
        None,
    ]
    assert [here.sees_result for here in (anna, ben, clara, dora)] == [True, True, True, False]
    assert anna.answerer("A") == anna.answerer() == anna.answerers[0]
    assert anna.answerer("B") is None
    assert ben.answerer() is None
    for here in (ben, dora):
        with pytest.raises(NotAllowed):
            here.require_answerer()
        with pytest.raises(NotAllowed):
            here.require_manager()
    a, b = anna.seats
    assert (anna.manages_people_of(a), anna.manages_people_of(b)) == (True, False)
    assert (clara.manages_people_of(a), clara.manages_people_of(b)) == (False, True)
    assert not ben.manages_people_of(a)


def test_who_leads_is_not_who_takes_part(cast: Cast) -> None:
    room = room_of_two(cast)
    Answerer.objects.filter(room=room).update(is_lead=False)
    for actor, key in ((cast.anna, "A"), (cast.clara, "B")):
        here = standing(actor, fresh(room))
        assert here.require_answerer(key) == here.answerer()
        with pytest.raises(NotAllowed):
            here.require_lead(key)
    # Anna owns the organisation that has her seat; Clara came by a link.
    assert standing(cast.anna, fresh(room)).manages_people_of(here.seats[0])
    assert not here.manages_people_of(here.seats[1])


def test_a_neutral_host_sees_what_all_have_shared(cast: Cast) -> None:
    room, ida, paul = convened_room(cast)
    greta = standing(cast.greta, fresh(room))
    assert (greta.is_neutral_host, greta.seat, greta.answerers) == (True, None, ())
    assert not greta.sees_result
    room.seats.filter(key="A").update(shares_result_with_host=True)
    assert not standing(cast.greta, fresh(room)).sees_result
    room.seats.update(shares_result_with_host=True)
    assert standing(cast.greta, fresh(room)).sees_result
    assert [standing(one, fresh(room)).seat.key for one in (ida, paul)] == ["A", "B"]
    assert not standing(ida, fresh(room)).is_neutral_host


def test_a_room_without_organisation_is_its_makers(cast: Cast) -> None:
    room = room_of_two(cast)
    there = fresh(room)
    there.host = None
    anna, clara, nobody = (standing(one, there) for one in (cast.anna, cast.clara, ANONYMOUS))
    assert [here.is_host for here in (anna, clara, nobody)] == [True, False, False]
    assert [here.may_manage for here in (anna, clara, nobody)] == [True, False, False]
    assert anna.role_in_host is None
