"""Each check of an action asked for where no other one stands behind it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from apps.rooms.cast import (
    FRAME,
    Cast,
    come_in,
    convened_room,
    fresh,
    in_days,
    invite_clara,
    open_two_sided,
    opened_room,
    room_of_two,
    seal_short,
    stored,
)
from mutualist.apps.core import clock
from mutualist.apps.core.errors import ActionError, NotAllowed
from mutualist.apps.rooms import actions
from mutualist.apps.rooms.actions.bulk import create_rooms_from_workbook
from mutualist.apps.rooms.actions.files import import_room_file
from mutualist.apps.rooms.actions.ground import enter
from mutualist.apps.rooms.models import Answerer, Room, SealedSheet, SeatLink
from mutualist.apps.rooms.queries import host_statistics, people, room_status
from mutualist.apps.rooms.queries.access import sees_what_is_asked
from mutualist.apps.rooms.standing import standing
from mutualist.apps.rooms.tallies import HostTally
from mutualist.apps.rooms.values import PartySpec


def code_of(call: Any) -> str:
    with pytest.raises(ActionError) as refused:
        call()
    return refused.value.code


def colleague(cast: Cast, room: Room) -> Any:
    """Somebody of Clara's house who came by link, and does not lead."""
    made = actions.add_colleague(
        actor=cast.clara, room=room, name="Carl", email="carl@tauwerk.test", language="en"
    )
    return come_in(made)


def lead(room: Room, key: str) -> Answerer:
    return Answerer.objects.get(room=room, seat__key=key, is_lead=True)


def test_a_link_sent_again_and_not_yet_opened_changes_nobodys_side(cast: Cast) -> None:
    room, ida, paul = convened_room(cast)
    both = replace(ida, link_ids=ida.link_ids | paul.link_ids)
    assert standing(both, room).seat_named("B") == standing(both, room).seat
    actions.resend_link(actor=cast.greta, room=room, answerer_id=lead(room, "A").pk)
    assert standing(both, room).seat_named("B") == standing(both, room).seat


def test_an_address_names_one_organisation(cast: Cast) -> None:
    assert sees_what_is_asked(cast.dora, {"uid": cast.grauwerk.uid})
    assert not sees_what_is_asked(cast.dora, {"uid": cast.nordwerk.uid})
    room = open_two_sided(cast)
    assert sees_what_is_asked(cast.anna, {"uid": room.uid})
    assert not sees_what_is_asked(cast.anna, {"uid": cast.grauwerk.uid})


def test_a_host_reads_the_own_figures_only(cast: Cast) -> None:
    HostTally.objects.create(host=cast.cluster, rooms=5, kinds={"logo": 5}, load=50, conflicts={})
    assert host_statistics(cast.greta, cast.cluster).counted == 5
    assert host_statistics(cast.anna, cast.nordwerk).counted == 0


def test_who_does_not_manage_invites_nobody_else(cast: Cast) -> None:
    room = actions.create_room(
        actor=cast.greta,
        mode="convened",
        host=cast.cluster,
        frame=FRAME,
        parties=[PartySpec("Nordwerk Pumpen AG"), PartySpec("Tauwerk Sensorik GmbH")],
    )
    ida = come_in(
        actions.invite_answerer(
            actor=cast.greta, room=room, seat="A", name="Ida", email="i@firm.test", language="de"
        )
    )
    seen = {seat.key: (seat.may_invite, seat.may_edit) for seat in people(ida, room)}
    assert seen == {"A": (True, True), "B": (False, False)}
    hosts = {seat.key: (seat.may_invite, seat.may_edit) for seat in people(cast.greta, room)}
    assert hosts == {"A": (False, True), "B": (True, True)}


def test_a_member_who_does_not_lead_leaves_the_own_people_to_the_lead(cast: Cast) -> None:
    room = room_of_two(cast)
    member = replace(cast.ben, roles={cast.nordwerk.pk: "member"})
    seats = {seat.key: seat for seat in people(member, room)}
    assert seats["A"].is_mine
    assert not seats["A"].may_edit
    assert seats["B"].may_edit
    with pytest.raises(NotAllowed):
        actions.add_colleague(actor=member, room=room, name="X", email="x@y.test", language="en")


def test_somebody_without_link_and_account_has_not_come(cast: Cast) -> None:
    room = open_two_sided(cast)
    invite_clara(cast, room)
    SeatLink.objects.filter(room=room).delete()
    seat = {seat.key: seat for seat in people(cast.anna, room)}["B"]
    assert (seat.may_invite, seat.people[0].link_state) == (True, "none")


def test_the_state_of_a_room_is_its_own(cast: Cast) -> None:
    opened, room = opened_room(cast), room_of_two(cast)
    assert not room_status(cast.anna, room).rounds
    assert len(room_status(cast.anna, opened).rounds) == 1
    leads = lambda actor: [seat.lead_name for seat in room_status(actor, room).seats]  # noqa: E731
    assert leads(cast.anna) == ["Anna", "Clara"]
    assert leads(cast.clara) == ["", "Clara"]


def test_words_and_consents_of_another_room_bind_nobody(cast: Cast) -> None:
    other = opened_room(cast)
    for actor in (cast.anna, cast.clara):
        actions.agree_binding(actor=actor, room=other, text="Six months' notice.")
        actions.set_outcome_consent(actor=actor, room=other, consent=True)
    with clock.stopped_at(clock.now() + timedelta(days=40)):
        room = opened_room(cast)
        for actor in (cast.anna, cast.clara):
            actions.set_outcome_consent(actor=actor, room=room, consent=True)
    first, second = (room_status(cast.anna, one) for one in (other, room))
    assert first.binding
    assert first.binding.is_bound
    assert second.binding
    assert (second.binding.text, second.binding.is_bound) == ("", False)
    assert first.outcome_consent.ask_on
    assert second.outcome_consent.ask_on
    assert first.outcome_consent.ask_on < second.outcome_consent.ask_on


def test_only_leads_bind_a_party_and_no_longer_once_the_room_is_closed(cast: Cast) -> None:
    room = opened_room(cast)
    actions.start_round(actor=cast.anna, room=room)
    carl = colleague(cast, fresh(room))
    for act in (
        lambda: actions.agree_binding(actor=carl, room=room, text="Words"),
        lambda: actions.withdraw_binding(actor=carl, room=room),
        lambda: actions.claim_seat(
            actor=replace(carl, roles={cast.tauwerk.pk: "member"}),
            room=room,
            organisation=cast.tauwerk,
        ),
        lambda: actions.hand_over(
            actor=carl, room=room, answerer_id=Answerer.objects.get(room=room, name="Carl").pk
        ),
    ):
        with pytest.raises(NotAllowed):
            act()
    actions.close_room(actor=cast.anna, room=room)
    agree = lambda: actions.agree_binding(actor=cast.anna, room=room, text="Words")  # noqa: E731
    assert code_of(agree) == "room_closed"
    assert code_of(lambda: actions.close_room(actor=cast.anna, room=room)) == "room_closed"


def test_readers_and_strangers_bring_no_rooms_in(cast: Cast) -> None:
    for actor in (cast.ben, cast.dora):
        with pytest.raises(NotAllowed):
            create_rooms_from_workbook(actor=actor, host=cast.nordwerk, data=b"")
        with pytest.raises(NotAllowed):
            import_room_file(actor=actor, host=cast.nordwerk, data={})


def test_after_the_opening_no_deadline_moves_and_nobody_is_added(cast: Cast) -> None:
    room = opened_room(cast)
    move = lambda: actions.move_deadline(actor=cast.anna, room=room, deadline=in_days(9))  # noqa: E731
    assert code_of(move) == "already_opened"
    assert code_of(lambda: colleague(cast, room)) == "already_opened"


def test_a_stranger_gets_in_nowhere(cast: Cast) -> None:
    room = room_of_two(cast)
    for actor in cast.strangers:
        with pytest.raises(NotAllowed):
            enter(actor, room)


def test_what_happened_on_one_side_leaves_the_other_as_it_is(cast: Cast) -> None:
    """Ida came and has sealed: of the side of Paul, who did neither, the host still decides."""
    room, ida, _paul = convened_room(cast)
    SeatLink.objects.filter(answerer=lead(room, "B")).update(used_at=None)
    seal_short(room, ida)
    again = actions.invite_answerer(
        actor=cast.greta, room=room, seat="B", name="Pia", email="dora@example.org", language="en"
    )
    assert again.answerer.seat.key == "B"
    assert actions.revoke_link(actor=cast.greta, room=room, answerer_id=again.answerer.pk) == 1


def test_a_seal_of_one_side_does_not_hold_the_lead_of_another(cast: Cast) -> None:
    room = room_of_two(cast)
    colleague(cast, room)
    seal_short(room, cast.anna)
    person = Answerer.objects.get(room=room, name="Carl")
    with pytest.raises(NotAllowed):
        actions.hand_over(actor=cast.anna, room=room, answerer_id=person.pk)
    assert actions.hand_over(actor=cast.clara, room=room, answerer_id=person.pk).is_lead


def test_a_link_of_one_room_replaces_none_of_another(cast: Cast) -> None:
    _room, ida, _paul = convened_room(cast)
    other = actions.create_room(
        actor=cast.greta,
        mode="convened",
        host=cast.cluster,
        frame=FRAME,
        parties=[PartySpec("Nordwerk Pumpen AG"), PartySpec("Tauwerk Sensorik GmbH")],
    )
    made = actions.invite_answerer(
        actor=cast.greta, room=other, seat="A", name="Ida", email="ida@firm.test", language="de"
    )
    assert come_in(made, ida).link_ids > ida.link_ids


def test_what_another_room_has_opened_keeps_no_seal_of_this_one(cast: Cast) -> None:
    opened_room(cast)
    room = room_of_two(cast)
    seal_short(room, cast.anna)
    actions.close_room(actor=cast.anna, room=room)
    assert not [sheet for sheet in stored(SealedSheet) if sheet.room_id == room.pk]


def test_what_another_room_has_opened_fixes_nothing_here(cast: Cast) -> None:
    opened_room(cast)
    room = room_of_two(cast)
    assert actions.rename_seat(actor=cast.anna, room=room, seat="B", name="Tau").name == "Tau"
    actions.delete_room(actor=cast.anna, room=room)
    assert not Room.objects.filter(pk=room.pk).exists()


def test_only_who_manages_changes_the_parties(cast: Cast) -> None:
    room = room_of_two(cast)
    for actor in (cast.clara, cast.ben):
        with pytest.raises(NotAllowed):
            actions.add_seat(actor=actor, room=room, party=PartySpec("Third"))
        with pytest.raises(NotAllowed):
            actions.rename_seat(actor=actor, room=room, seat="A", name="Other")
        with pytest.raises(NotAllowed):
            actions.remove_seat(actor=actor, room=room, seat="B")


def test_no_firm_has_two_parts_in_a_room(cast: Cast) -> None:
    room = room_of_two(cast)
    both = replace(cast.clara, roles={**cast.clara.roles, cast.nordwerk.pk: "member"})
    claim = lambda: actions.claim_seat(actor=both, room=room, organisation=cast.nordwerk)  # noqa: E731
    assert code_of(claim) == "organisation_taken"


def test_a_neutral_host_takes_no_seat(cast: Cast) -> None:
    """Somebody who answers for a party by account, and joins the host's organisation later."""
    room, _ida, _paul = convened_room(cast)
    Answerer.objects.filter(room=room, seat__key="B").update(user_id=cast.clara.user_id)
    both = replace(cast.clara, roles={**cast.clara.roles, cast.cluster.pk: "member"})
    with pytest.raises(NotAllowed):
        actions.claim_seat(actor=both, room=room, organisation=cast.cluster)
