from __future__ import annotations

import pytest

from apps.rooms.cast import (
    ANONYMOUS,
    FRAME,
    Cast,
    audited,
    fresh,
    in_days,
    mails_to,
    open_two_sided,
    room_of_two,
    seal_short,
    stored,
)
from mutualist.apps.core.errors import ActionError, NotAllowed
from mutualist.apps.rooms import actions
from mutualist.apps.rooms.models import Room, RoomKey
from mutualist.apps.rooms.queries import get_room, room_status
from mutualist.apps.rooms.values import PartySpec

TWO = [PartySpec("Nordwerk Pumpen AG"), PartySpec("Tauwerk Sensorik GmbH")]


def test_a_two_sided_room_seats_the_host_first_and_gives_each_seat_a_key(cast: Cast) -> None:
    room = open_two_sided(cast)
    status = room_status(cast.anna, room)
    assert [(s.key, s.name, s.is_mine) for s in status.seats] == [
        ("A", "Nordwerk Pumpen AG", True),
        ("B", "Tauwerk Sensorik GmbH", False),
    ]
    assert (status.am_lead, status.may_manage, room.state) == (True, True, "draft")
    assert {key.room for key in stored(RoomKey)} == {room}
    assert len(stored(RoomKey)) == 2
    assert audited(room) == ["rooms.room.created"]


def test_a_party_with_a_mail_address_is_invited_at_once(
    cast: Cast, django_capture_on_commit_callbacks
) -> None:
    parties = [TWO[0], PartySpec("Tauwerk Sensorik GmbH", "clara@example.org", "Clara", "de")]
    with django_capture_on_commit_callbacks(execute=True):
        room = actions.create_room(
            actor=cast.anna, mode="two_sided", host=cast.nordwerk, frame=FRAME, parties=parties
        )
    assert fresh(room).state == "answering"
    (mail,) = mails_to("clara@example.org")
    assert "PumpenPuls" in mail.subject
    assert "Guten Tag, Clara" in mail.text
    assert "/s/" in mail.text
    assert "/s/" in mail.html


def test_readers_strangers_and_the_anonymous_open_no_room(cast: Cast) -> None:
    for actor in (cast.ben, cast.dora, ANONYMOUS):
        with pytest.raises(NotAllowed):
            actions.create_room(
                actor=actor, mode="two_sided", host=cast.nordwerk, frame=FRAME, parties=TWO
            )
    assert not Room.objects.exists()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"currency": "Euro"}, "currency"),
        ({"horizon": 0}, "horizon"),
        ({"horizon": True}, "horizon"),
        ({"relation": "friends"}, "relation"),
        ({"public_since": "March"}, "public_since"),
        ({"ruleset": "1999.1"}, "frame"),
    ],
)
def test_an_unusable_frame_is_refused_with_the_field(cast: Cast, change, code) -> None:
    with pytest.raises(ActionError) as refused:
        actions.create_room(
            actor=cast.anna,
            mode="two_sided",
            host=cast.nordwerk,
            frame={**FRAME, **change},
            parties=TWO,
        )
    assert refused.value.code == code
    assert not Room.objects.exists()


@pytest.mark.parametrize(
    "parties",
    [
        TWO[:1],
        [PartySpec(f"Firm {number}") for number in range(9)],
        [PartySpec("Same"), PartySpec("same")],
        [PartySpec("One", "x@example.org"), PartySpec("Two", "X@example.org")],
    ],
    ids=["one", "nine", "same name", "same mail"],
)
def test_unusable_parties_are_refused(cast: Cast, parties) -> None:
    with pytest.raises(ActionError):
        actions.create_room(
            actor=cast.anna, mode="two_sided", host=cast.nordwerk, frame=FRAME, parties=parties
        )
    assert not Room.objects.exists()


def test_a_room_that_opens_at_the_deadline_needs_one_in_the_future(cast: Cast) -> None:
    for deadline in (None, in_days(-1)):
        with pytest.raises(ActionError) as refused:
            open_two_sided(cast, opens="deadline", deadline=deadline)
        assert refused.value.code == "deadline"


def test_nobody_but_the_manager_changes_the_frame(cast: Cast) -> None:
    room = room_of_two(cast)
    new = {**FRAME, "name": "PumpenPuls II"}
    for actor in (cast.ben, cast.clara, *cast.strangers):
        with pytest.raises(NotAllowed):
            actions.update_frame(actor=actor, room=room, frame=new)
    actions.update_frame(actor=cast.anna, room=room, frame=new)
    assert fresh(room).name == "PumpenPuls II"
    assert audited(room)[-1] == "rooms.frame.changed"


def test_after_the_first_seal_only_a_later_deadline_is_possible(cast: Cast) -> None:
    room = room_of_two(cast, deadline=in_days(5))
    seal_short(room, cast.clara)
    for change in (
        {"frame": {**FRAME, "public_since": "2020-01"}},
        {"opens": "deadline"},
        {"deadline": in_days(2)},
        {"deadline": None},
    ):
        with pytest.raises(ActionError) as refused:
            actions.update_frame(actor=cast.anna, room=room, **change)
        assert refused.value.code == "locked_by_seal"
    actions.move_deadline(actor=cast.anna, room=room, deadline=in_days(9))
    assert fresh(room).deadline == in_days(9)
    assert audited(room)[-1] == "rooms.deadline.moved"


def test_no_party_joins_leaves_or_is_renamed_after_the_first_seal(cast: Cast) -> None:
    room = room_of_two(cast)
    third = actions.add_seat(actor=cast.anna, room=room, party=PartySpec("Third GmbH"))
    assert third.key == "C"
    actions.remove_seat(actor=cast.anna, room=room, seat="C")
    assert audited(room)[-2:] == ["rooms.party.added", "rooms.party.removed"]
    seal_short(room, cast.clara)
    attempts = (
        lambda: actions.add_seat(actor=cast.anna, room=room, party=PartySpec("Late GmbH")),
        lambda: actions.remove_seat(actor=cast.anna, room=room, seat="B"),
        lambda: actions.rename_seat(actor=cast.anna, room=room, seat="B", name="Other"),
    )
    for attempt in attempts:
        with pytest.raises(ActionError) as refused:
            attempt()
        assert refused.value.code == "locked_by_seal"


def test_others_see_no_room_at_all(cast: Cast) -> None:
    room = room_of_two(cast)
    for actor in cast.strangers:
        with pytest.raises(NotAllowed):
            get_room(actor, room.uid)
        with pytest.raises(NotAllowed):
            room_status(actor, room)
    with pytest.raises(NotAllowed):
        get_room(cast.anna, "no-address")
    assert get_room(cast.ben, room.uid) == room


def test_the_room_keeps_the_rules_it_was_opened_with(cast: Cast, settings) -> None:
    room = open_two_sided(cast)
    settings.MUTUALIST_RULESET = "2027.1"
    actions.update_frame(actor=cast.anna, room=room, frame={**FRAME, "horizon": 7})
    assert fresh(room).ruleset == "2026.2"
