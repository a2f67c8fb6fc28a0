"""What somebody reads or seals is theirs: not a colleague's, not the other side's, not another room's."""

from __future__ import annotations

import pytest

from apps.rooms.cast import (
    FRAME,
    SHORT,
    Cast,
    come_in,
    fill,
    fill_and_seal,
    fresh,
    opened_room,
    room_of_two,
    seal_short,
    sheets,
)
from mutualist.apps.core.actor import Actor
from mutualist.apps.core.errors import ActionError, NotAllowed
from mutualist.apps.rooms import actions
from mutualist.apps.rooms.actions import seals
from mutualist.apps.rooms.models import Room, SealedSheet
from mutualist.apps.rooms.queries import draft_sheet, opened
from mutualist.apps.rooms.values import PartySpec


def colleague(cast: Cast, room: Room) -> Actor:
    invitation = actions.add_colleague(
        actor=cast.anna, room=room, name="Jonas", email="jonas@n.example", language="de"
    )
    return come_in(invitation)


def test_colleagues_do_not_read_each_others_drafts(cast: Cast) -> None:
    room = room_of_two(cast)
    jonas = colleague(cast, room)
    fill(cast.anna, room, {"1.4": "gt3"})
    fill(jonas, room, {"1.4": "open", "6.2": "both"})
    assert draft_sheet(cast.anna, fresh(room)).answers == {"1.4": "gt3"}
    assert draft_sheet(jonas, fresh(room)).answers == {"1.4": "open", "6.2": "both"}
    actions.seal_sheet(actor=cast.anna, room=room, confirm_open_items=True)
    sealed = draft_sheet(cast.anna, fresh(room)).answers
    assert (sealed["1.4"], sealed["6.2"]) == ("gt3", "dont_know")


def test_the_seal_of_the_other_side_is_not_mine(cast: Cast) -> None:
    room, other = room_of_two(cast), room_of_two(cast)
    seal_short(room, cast.anna)
    seal_short(other, cast.clara)
    assert not draft_sheet(cast.clara, fresh(room)).is_sealed
    assert not draft_sheet(cast.anna, fresh(other)).is_sealed
    assert draft_sheet(cast.anna, fresh(room)).is_sealed
    fill(cast.clara, room, SHORT)


def test_colleagues_neither_seal_nor_open(cast: Cast) -> None:
    room = room_of_two(cast)
    jonas = colleague(cast, room)
    fill(jonas, room, SHORT)
    for attempt in (
        lambda: actions.seal_sheet(actor=jonas, room=room, confirm_open_items=True),
        lambda: actions.take_back(actor=jonas, room=room),
        lambda: actions.press_open(actor=jonas, room=room),
    ):
        with pytest.raises(NotAllowed):
            attempt()
    seal_short(room, cast.anna, cast.clara)
    with pytest.raises(NotAllowed):
        actions.press_open(actor=jonas, room=room)
    with pytest.raises(NotAllowed):
        actions.take_back(actor=jonas, room=room)


def test_each_room_shows_its_own_result(cast: Cast) -> None:
    first = opened_room(cast)
    second = room_of_two(cast)
    fill_and_seal(cast.anna, second, {"1.4": "gt3"})
    fill_and_seal(cast.clara, second, {"1.4": "open"})
    for actor in (cast.anna, cast.clara):
        actions.press_open(actor=actor, room=second)
    one, other = (opened(cast.anna, fresh(room)) for room in (first, second))
    assert one.visible["A"]["1.4"] == sheets()["A"]["1.4"]
    assert other.visible["A"]["1.4"] == "gt3"
    assert other.visible["B"]["1.4"] == "open"
    assert one.result != other.result
    assert one.result == one.verdict.to_dict()
    waiting = room_of_two(cast)
    with pytest.raises(NotAllowed):
        opened(cast.anna, waiting)


def test_taking_back_reaches_the_own_seal_of_this_room_only(cast: Cast) -> None:
    room, other = room_of_two(cast), room_of_two(cast)
    seal_short(room, cast.clara)
    with pytest.raises(ActionError) as refused:
        actions.take_back(actor=cast.anna, room=room)
    assert refused.value.code == "not_sealed"
    assert [sheet.seat.key for sheet in SealedSheet.objects.filter(room=room)] == ["B"]
    seal_short(room, cast.anna)
    seal_short(other, cast.anna)
    with pytest.raises(ActionError) as refused:
        actions.take_back(actor=cast.anna, room=room)
    assert refused.value.code == "all_sealed"
    actions.take_back(actor=cast.anna, room=other)
    assert SealedSheet.objects.filter(room=room).count() == 2


def test_seals_of_another_room_do_not_make_this_one_complete(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(
        seals, "tell_leads", lambda template, *_rest, **_more: told.append(template)
    )
    room, other = room_of_two(cast), room_of_two(cast)
    seal_short(other, cast.anna)
    seal_short(room, cast.anna)
    assert told == []
    seal_short(room, cast.clara)
    assert told == ["rooms/mail/all_sealed"]


def test_a_closed_room_takes_no_seal(cast: Cast) -> None:
    room = room_of_two(cast)
    fill(cast.anna, room, SHORT)
    actions.close_room(actor=cast.anna, room=room)
    with pytest.raises(ActionError) as refused:
        actions.seal_sheet(actor=cast.anna, room=room, confirm_open_items=True)
    assert refused.value.code == "room_closed"
    assert not SealedSheet.objects.exists()


def test_a_reader_does_not_seal_the_firms_self_check(cast: Cast) -> None:
    room = actions.create_room(
        actor=cast.anna,
        mode="alone",
        host=cast.nordwerk,
        frame=FRAME,
        parties=[PartySpec("Nordwerk"), PartySpec("Tauwerk")],
    )
    with pytest.raises(NotAllowed):
        actions.seal_sheet(actor=cast.ben, room=room, confirm_open_items=True)
