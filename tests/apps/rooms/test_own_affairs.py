"""Each check of an action asked for by itself: what one party does concerns that party and that room alone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from apps.rooms.cast import (
    FRAME,
    SHORT,
    Cast,
    audited,
    come_in,
    convened_room,
    fill_and_seal,
    fresh,
    invite_clara,
    mails_to,
    open_two_sided,
    opened_room,
    room_of_two,
    seal_short,
)
from mutualist.apps.core.actor import Actor
from mutualist.apps.core.errors import ActionError, NotAllowed
from mutualist.apps.rooms import actions
from mutualist.apps.rooms.models import Answerer, Room, SeatLink
from mutualist.apps.rooms.queries import (
    convened_rooms,
    host_statistics,
    people,
    room_cards,
    room_page,
)
from mutualist.apps.rooms.values import PartySpec


def code_of(call: Any) -> str:
    with pytest.raises(ActionError) as refused:
        call()
    return refused.value.code


def colleague(cast: Cast, room: Room, name: str = "Carl") -> tuple[Actor, Answerer]:
    """Somebody of Clara's house, who came by the mailed link."""
    made = actions.add_colleague(
        actor=cast.clara, room=room, name=name, email=f"{name.lower()}@tauwerk.test", language="en"
    )
    return come_in(made), made.answerer


def test_who_withdraws_takes_back_the_own_words_only(cast: Cast) -> None:
    room = opened_room(cast)
    actions.agree_binding(actor=cast.anna, room=room, text="Six months' notice.")
    actions.agree_binding(actor=cast.clara, room=room, text="Three months' notice.")
    left = actions.withdraw_binding(actor=cast.clara, room=room)
    assert [mark.seat for mark in left.confirmed] == ["A"]


def test_what_another_room_has_opened_opens_nothing_here(cast: Cast) -> None:
    opened_room(cast)
    room = room_of_two(cast)
    assert code_of(lambda: actions.agree_binding(actor=cast.anna, room=room, text="Words")) == (
        "not_opened"
    )


def test_only_a_lead_shows_the_result_to_the_host(cast: Cast) -> None:
    room, ida, _paul = convened_room(cast)
    made = actions.add_colleague(
        actor=ida, room=room, name="Carl", email="carl@firm.test", language="en"
    )
    with pytest.raises(NotAllowed):
        actions.share_result(actor=come_in(made), room=room, share=True)
    assert not room.seats.filter(shares_result_with_host=True).exists()


def test_reminders_stay_in_their_room_and_spare_whoever_reminds(cast: Cast) -> None:
    """Anna reminds in one room; of another one nobody hears, and nobody there counts as reminded."""
    other, room = room_of_two(cast), room_of_two(cast)
    before = len(mails_to("anna@example.org")), len(mails_to("clara@example.org"))
    assert actions.remind(actor=cast.anna, room=room) == 1
    assert len(mails_to("anna@example.org")) == before[0]
    assert len(mails_to("clara@example.org")) == before[1] + 1
    reminded = Answerer.objects.exclude(reminded_at=None)
    assert {(one.room_id, one.seat.key) for one in reminded} == {(room.pk, "B")}
    assert actions.remind(actor=cast.anna, room=other) == 1


def test_nobody_is_reminded_or_invited_once_a_round_is_opened(cast: Cast) -> None:
    room = opened_room(cast)
    assert code_of(lambda: actions.remind(actor=cast.anna, room=room)) == "already_opened"
    assert code_of(lambda: invite_clara(cast, room)) == "already_opened"
    lead = Answerer.objects.get(room=room, seat__key="B")
    assert code_of(lambda: actions.hand_over(actor=cast.clara, room=room, answerer_id=lead.pk)) == (
        "already_opened"
    )


def test_of_a_closed_room_no_link_is_sent_again(cast: Cast) -> None:
    room, ida, paul = convened_room(cast)
    seal_short(room, ida, paul)
    for actor in (ida, paul):
        actions.press_open(actor=actor, room=room)
    actions.close_room(actor=cast.greta, room=room)
    lead = Answerer.objects.get(room=room, seat__key="A")
    send = lambda: actions.resend_link(actor=cast.greta, room=room, answerer_id=lead.pk)  # noqa: E731
    assert code_of(send) == "room_closed"


def test_nobody_ends_the_own_access(cast: Cast) -> None:
    room = room_of_two(cast)
    own = Answerer.objects.get(room=room, seat__key="B")
    end = lambda: actions.revoke_link(actor=cast.clara, room=room, answerer_id=own.pk)  # noqa: E731
    assert code_of(end) == "own_access"


def test_a_link_that_has_ended_is_not_ended_again(cast: Cast) -> None:
    room, _ida, _paul = convened_room(cast)
    person = Answerer.objects.get(room=room, seat__key="B")
    assert actions.revoke_link(actor=cast.greta, room=room, answerer_id=person.pk) == 1
    ended = SeatLink.objects.get(answerer=person).revoked_at
    assert actions.revoke_link(actor=cast.greta, room=room, answerer_id=person.pk) == 0
    assert SeatLink.objects.get(answerer=person).revoked_at == ended


def test_a_link_replaces_links_of_this_browser_only(cast: Cast) -> None:
    room, ida, paul = convened_room(cast)
    again = actions.resend_link(
        actor=cast.greta, room=room, answerer_id=Answerer.objects.get(room=room, name="Ida").pk
    )
    token = again.url.rstrip("/").rsplit("/", 1)[-1]
    accepted = actions.accept_link(actor=ida, token=token)
    assert accepted.drop == ida.link_ids
    assert not accepted.drop & paul.link_ids


def test_a_seat_handed_over_changes_its_own_lead_only(cast: Cast) -> None:
    room = room_of_two(cast)
    _carl, person = colleague(cast, room)
    actions.hand_over(actor=cast.clara, room=room, answerer_id=person.pk)
    leads = Answerer.objects.filter(room=room, is_lead=True).order_by("seat__position")
    assert [lead.name for lead in leads] == ["Anna", "Carl"]


def test_a_reader_connects_no_seat_with_a_firm(cast: Cast) -> None:
    room = open_two_sided(cast)
    guest = come_in(invite_clara(cast, room))
    reader = replace(guest, roles={cast.tauwerk.pk: "reader"})
    with pytest.raises(NotAllowed):
        actions.claim_seat(actor=reader, room=room, organisation=cast.tauwerk)
    member = replace(guest, roles={cast.tauwerk.pk: "member"})
    assert actions.claim_seat(actor=member, room=room, organisation=cast.tauwerk).key == "B"


def test_a_self_check_is_connected_with_no_firm(cast: Cast) -> None:
    room = actions.create_room(
        actor=cast.anna,
        mode="alone",
        host=None,
        frame=FRAME,
        parties=[PartySpec("Nordwerk"), PartySpec("Tauwerk")],
    )
    claim = lambda: actions.claim_seat(actor=cast.anna, room=room, organisation=cast.nordwerk)  # noqa: E731
    assert code_of(claim) == "organisation_taken"


def test_whoever_has_come_keeps_the_lead_of_a_seat(cast: Cast) -> None:
    room = room_of_two(cast)
    SeatLink.objects.filter(room=room).delete()
    assert code_of(lambda: actions.invite_answerer(
        actor=cast.anna, room=room, seat="B", name="Paul", email="paul@firm.test", language="en"
    )) == "seat_taken"  # fmt: skip


def test_the_host_knows_the_leads_of_others_and_no_colleague(cast: Cast) -> None:
    room = room_of_two(cast)
    colleague(cast, room)
    seen = {seat.key: [one.name for one in seat.people] for seat in people(cast.anna, room)}
    assert seen == {"A": ["Anna"], "B": ["Clara"]}
    own = {seat.key: [one.name for one in seat.people] for seat in people(cast.clara, room)}
    assert own == {"A": [], "B": ["Clara", "Carl"]}


def test_before_anybody_came_the_host_may_invite_somebody_else(cast: Cast) -> None:
    room = open_two_sided(cast)
    assert {seat.key: seat.may_invite for seat in people(cast.anna, room)}["B"]
    invitation = invite_clara(cast, room)
    assert {seat.key: seat.may_invite for seat in people(cast.anna, room)}["B"]
    come_in(invitation)
    assert not {seat.key: seat.may_invite for seat in people(cast.anna, room)}["B"]


def test_a_seal_of_another_room_holds_no_deadline(cast: Cast) -> None:
    from apps.rooms.cast import in_days

    sealed, room = (room_of_two(cast, deadline=in_days(20)) for _ in range(2))
    fill_and_seal(cast.anna, sealed, SHORT)
    moved = actions.move_deadline(actor=cast.anna, room=room, deadline=in_days(10))
    assert moved.deadline == in_days(10)
    assert code_of(
        lambda: actions.move_deadline(actor=cast.anna, room=fresh(sealed), deadline=in_days(10))
    ) == "locked_by_seal"  # fmt: skip


def test_pages_and_figures_count_the_own_rooms_only(cast: Cast) -> None:
    for _ in range(2):
        room_of_two(cast)
    convened_room(cast)
    assert room_page(cast.dora).paginator.count == 0
    assert room_page(cast.clara).paginator.count == 2
    assert host_statistics(cast.greta, cast.cluster).rooms == len(
        convened_rooms(cast.greta, cast.cluster)
    ) == 1  # fmt: skip
    assert {card.i_answer for card in room_cards(cast.clara)} == {True}


def test_nobody_without_an_account_opens_a_room(cast: Cast) -> None:
    for actor in (Actor("anonymous"), Actor("link", link_ids=frozenset({1}))):
        with pytest.raises(NotAllowed):
            actions.create_room(
                actor=actor,
                mode="alone",
                host=None,
                frame=FRAME,
                parties=[PartySpec("Nordwerk"), PartySpec("Tauwerk")],
            )


def test_only_the_host_moves_the_deadline(cast: Cast) -> None:
    from apps.rooms.cast import in_days

    room = room_of_two(cast, deadline=in_days(5))
    for actor in (cast.clara, cast.ben, cast.dora):
        with pytest.raises(NotAllowed):
            actions.move_deadline(actor=actor, room=room, deadline=in_days(9))
    assert "rooms.deadline.moved" not in audited(room)
