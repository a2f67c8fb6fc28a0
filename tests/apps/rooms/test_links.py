"""Invitations and the links people come by."""

from __future__ import annotations

from datetime import timedelta

import pytest

from apps.rooms.cast import (
    ANONYMOUS,
    FRAME,
    Cast,
    audited,
    come_in,
    convened_room,
    fresh,
    invite_clara,
    mails_to,
    open_two_sided,
    room_of_two,
    seal_short,
    token_of,
)
from mutualist.apps.core import clock
from mutualist.apps.core.actor import Actor
from mutualist.apps.core.errors import ActionError, NotAllowed
from mutualist.apps.rooms import actions
from mutualist.apps.rooms.models import Answerer, Room, SeatLink
from mutualist.apps.rooms.queries import (
    draft_sheet,
    get_room,
    my_answerer,
    people,
    room_cards,
    room_timeline,
)
from mutualist.apps.rooms.values import PartySpec

GUEST = Actor("link", language="en")


def test_a_link_lets_its_holder_in_and_is_audited_on_the_seat_only(cast: Cast) -> None:
    room = open_two_sided(cast)
    guest = come_in(invite_clara(cast, room))
    me = my_answerer(guest, get_room(guest, room.uid))
    assert me is not None
    assert (me.name, me.seat.key, me.is_lead) == ("Clara", "B", True)
    assert audited(room)[-1] == "rooms.link.opened"
    sentences = [entry.sentence for entry in room_timeline(guest, room)]
    assert "Clara came in by mail link." in sentences
    assert "Clara came in by mail link." not in [e.sentence for e in room_timeline(cast.anna, room)]


def test_the_link_works_again_on_a_second_device_until_revoked(cast: Cast) -> None:
    room = open_two_sided(cast)
    invitation = invite_clara(cast, room)
    phone, desk = come_in(invitation), come_in(invitation)
    ended = actions.revoke_link(actor=cast.anna, room=room, answerer_id=invitation.answerer.pk)
    assert ended == 1
    for device in (phone, desk):
        with pytest.raises(NotAllowed):
            get_room(device, room.uid)
    with pytest.raises(ActionError) as refused:
        come_in(invitation)
    assert (refused.value.code, refused.value.status) == ("link_revoked", 410)
    assert audited(room)[-1] == "rooms.link.revoked"


def test_a_link_expires(cast: Cast) -> None:
    room = open_two_sided(cast)
    invitation = invite_clara(cast, room)
    guest = come_in(invitation)
    later = clock.now() + timedelta(days=31)
    get_room(guest, room.uid)
    with clock.stopped_at(later):
        with pytest.raises(NotAllowed):
            get_room(guest, room.uid)
        with pytest.raises(ActionError) as refused:
            come_in(invitation)
    assert refused.value.code == "link_expired"


def test_an_unknown_link_says_so(cast: Cast) -> None:
    with pytest.raises(ActionError) as refused:
        actions.accept_link(actor=GUEST, token="made-up")
    assert (refused.value.code, refused.value.status) == ("link_unknown", 404)


def test_the_token_is_stored_nowhere_and_not_printed(cast: Cast) -> None:
    invitation = invite_clara(cast, open_two_sided(cast))
    token = token_of(invitation)
    assert token not in repr(invitation)
    assert not SeatLink.objects.filter(digest__contains=token).exists()


def test_an_account_with_the_invited_address_keeps_the_seat(cast: Cast) -> None:
    room = room_of_two(cast)
    without_link = Actor("user", user_id=cast.clara.user_id, roles=cast.clara.roles)
    assert get_room(without_link, room.uid) == room


def test_another_account_holds_the_seat_by_link_only(cast: Cast) -> None:
    room = open_two_sided(cast)
    with_link = come_in(invite_clara(cast, room), cast.dora)
    assert get_room(with_link, room.uid) == room
    with pytest.raises(NotAllowed):
        get_room(cast.dora, room.uid)


def test_nobody_stands_on_two_sides(cast: Cast) -> None:
    room = open_two_sided(cast)
    invitation = invite_clara(cast, room)
    for actor in (cast.anna, cast.ben):
        with pytest.raises(ActionError) as refused:
            actions.accept_link(actor=actor, token=token_of(invitation))
        assert refused.value.code == "link_other_seat"
    link = SeatLink.objects.get(answerer=invitation.answerer)
    smuggled = Actor(
        "user", cast.anna.user_id, cast.anna.roles, frozenset({link.pk}), cast.anna.name
    )
    me = my_answerer(smuggled, room)
    assert me is not None
    assert me.seat.key == "A"
    assert my_answerer(smuggled, room, "B") is None


def test_a_second_link_of_the_room_replaces_the_first_in_a_browser(cast: Cast) -> None:
    room, ida, paul = convened_room(cast)
    both = Actor("link", link_ids=ida.link_ids | paul.link_ids)
    me = my_answerer(both, room)
    assert me is not None
    assert me.name == "Paul"
    assert my_answerer(both, room, "A") is None
    again = actions.resend_link(
        actor=cast.greta, room=room, answerer_id=Answerer.objects.get(name="Ida").pk
    )
    accepted = actions.accept_link(actor=both, token=token_of(again))
    assert accepted.drop == both.link_ids


def test_the_neutral_host_cannot_use_a_link_or_be_invited(cast: Cast) -> None:
    room, ida, _paul = convened_room(cast)
    invitation = actions.resend_link(
        actor=cast.greta, room=room, answerer_id=Answerer.objects.get(name="Ida").pk
    )
    with pytest.raises(ActionError) as refused:
        actions.accept_link(actor=cast.greta, token=token_of(invitation))
    assert refused.value.code == "link_other_seat"
    smuggled = Actor("user", cast.greta.user_id, cast.greta.roles, ida.link_ids, "Greta")
    assert my_answerer(smuggled, room) is None
    with pytest.raises(NotAllowed):
        draft_sheet(smuggled, room)
    other = actions.create_room(
        actor=cast.greta,
        mode="convened",
        host=cast.cluster,
        frame=FRAME,
        parties=[PartySpec("One"), PartySpec("Two")],
    )
    with pytest.raises(ActionError) as refused:
        actions.invite_answerer(
            actor=cast.greta,
            room=other,
            seat="A",
            name="Me",
            email="GRETA@example.org",
            language="en",
        )
    assert refused.value.code == "neutral_host"


def test_only_an_unseen_invitation_can_be_given_to_somebody_else(cast: Cast) -> None:
    room = open_two_sided(cast)
    first = invite_clara(cast, room)
    replace = {"actor": cast.anna, "room": room, "seat": "B", "language": "en"}
    second = actions.invite_answerer(name="Cleo", email="cleo@example.org", **replace)
    with pytest.raises(ActionError) as refused:
        come_in(first)
    assert refused.value.code == "link_unknown"
    come_in(second)
    with pytest.raises(ActionError) as refused:
        actions.invite_answerer(name="Anna's friend", email="spy@example.org", **replace)
    assert refused.value.code == "seat_taken"


def test_invitations_are_refused_to_all_but_the_manager(cast: Cast) -> None:
    room = room_of_two(cast)
    for actor in (cast.ben, cast.clara, *cast.strangers):
        with pytest.raises(NotAllowed):
            actions.invite_answerer(
                actor=actor, room=room, seat="B", name="X", email="x@example.org", language="en"
            )
        with pytest.raises(NotAllowed):
            actions.remind(actor=actor, room=room)


@pytest.mark.parametrize("email", ["", "no mail", "a@b", "x" * 300 + "@example.org"])
def test_a_broken_mail_address_is_named(cast: Cast, email) -> None:
    room = open_two_sided(cast)
    with pytest.raises(ActionError) as refused:
        actions.invite_answerer(
            actor=cast.anna, room=room, seat="B", name="X", email=email, language="en"
        )
    assert refused.value.code == "email"
    assert not SeatLink.objects.exists()


def test_a_person_gets_no_more_than_five_links_a_day(cast: Cast) -> None:
    room = open_two_sided(cast)
    invitation = invite_clara(cast, room)
    resend = {"actor": cast.anna, "room": room, "answerer_id": invitation.answerer.pk}
    for _attempt in range(4):
        actions.resend_link(**resend)
    with pytest.raises(ActionError) as refused:
        actions.resend_link(**resend)
    assert (refused.value.code, refused.value.status) == ("too_many_mails", 429)


def test_reminders_go_to_those_missing_once_a_day(
    cast: Cast, django_capture_on_commit_callbacks
) -> None:
    room, ida, _paul = convened_room(cast)
    seal_short(room, ida)
    before, others = len(mails_to("paul@firm.test")), len(mails_to("ida@firm.test"))
    with django_capture_on_commit_callbacks(execute=True):
        assert actions.remind(actor=cast.greta, room=room) == 1
    assert actions.remind(actor=cast.greta, room=room) == 0
    assert len(mails_to("paul@firm.test")) == before + 1
    assert len(mails_to("ida@firm.test")) == others
    assert audited(room).count("rooms.parties.reminded") == 1


def test_the_host_cannot_end_the_access_of_a_party_that_has_sealed(cast: Cast) -> None:
    room, ida, _paul = convened_room(cast)
    seal_short(room, ida)
    with pytest.raises(ActionError) as refused:
        actions.revoke_link(
            actor=cast.greta, room=room, answerer_id=Answerer.objects.get(name="Ida").pk
        )
    assert refused.value.code == "seat_has_sealed"


def test_a_lead_asks_colleagues_whom_the_other_side_never_sees(cast: Cast) -> None:
    room = room_of_two(cast)
    invitation = actions.add_colleague(
        actor=cast.anna, room=room, name="Jonas", email="jonas@example.org", language="de"
    )
    jonas = come_in(invitation)
    assert audited(room)[-2:] == ["rooms.colleague.invited", "rooms.link.opened"]

    def named(actor: Actor) -> set[str]:
        return {row.name for seat in people(actor, room) for row in seat.people}

    assert named(cast.anna) == {"Anna", "Jonas", "Clara"}
    assert named(cast.clara) == {"Clara"}
    assert named(jonas) == {"Anna", "Jonas"}
    for actor in (jonas, cast.ben, *cast.strangers):
        with pytest.raises(NotAllowed):
            actions.add_colleague(
                actor=actor, room=room, name="X", email="x@example.org", language="en"
            )
    assert "Jonas" not in str([e.sentence for e in room_timeline(cast.clara, room)])


def test_one_mail_address_holds_one_place_in_a_room(cast: Cast) -> None:
    room = room_of_two(cast)
    with pytest.raises(ActionError) as refused:
        actions.add_colleague(
            actor=cast.anna, room=room, name="C", email="clara@example.org", language="en"
        )
    assert refused.value.code == "already_invited"


def test_a_party_has_at_most_twelve_people(cast: Cast) -> None:
    room = room_of_two(cast)
    for number in range(11):
        actions.add_colleague(
            actor=cast.anna, room=room, name="P", email=f"p{number}@example.org", language="en"
        )
    with pytest.raises(ActionError) as refused:
        actions.add_colleague(
            actor=cast.anna, room=room, name="P", email="p99@example.org", language="en"
        )
    assert refused.value.code == "too_many_people"


def test_the_lead_is_handed_over_within_the_house_only(cast: Cast) -> None:
    room = room_of_two(cast)
    jonas = come_in(
        actions.add_colleague(
            actor=cast.anna, room=room, name="Jonas", email="jonas@example.org", language="en"
        )
    )
    person = Answerer.objects.get(name="Jonas")
    for actor in (jonas, cast.ben, cast.clara, *cast.strangers):
        with pytest.raises(NotAllowed):
            actions.hand_over(actor=actor, room=room, answerer_id=person.pk)
    actions.hand_over(actor=cast.anna, room=room, answerer_id=person.pk)
    me = my_answerer(jonas, fresh(room))
    assert me is not None
    assert me.is_lead
    assert audited(room)[-1] == "rooms.lead.handed_over"


def test_a_removed_colleague_is_out(cast: Cast) -> None:
    room = room_of_two(cast)
    jonas = come_in(
        actions.add_colleague(
            actor=cast.anna, room=room, name="Jonas", email="jonas@example.org", language="en"
        )
    )
    person = Answerer.objects.get(name="Jonas")
    for actor in (jonas, cast.ben, cast.clara, *cast.strangers):
        with pytest.raises(NotAllowed):
            actions.remove_answerer(actor=actor, room=room, answerer_id=person.pk)
    actions.remove_answerer(actor=cast.anna, room=room, answerer_id=person.pk)
    with pytest.raises(NotAllowed):
        get_room(jonas, room.uid)
    assert audited(room)[-1] == "rooms.colleague.removed"


def test_a_lead_connects_the_seat_with_the_own_organisation(cast: Cast) -> None:
    room = room_of_two(cast)
    for actor, organisation in (
        (cast.clara, cast.grauwerk),
        (cast.ben, cast.nordwerk),
        (cast.dora, cast.grauwerk),
        (ANONYMOUS, cast.tauwerk),
    ):
        with pytest.raises(NotAllowed):
            actions.claim_seat(actor=actor, room=room, organisation=organisation)
    actions.claim_seat(actor=cast.clara, room=room, organisation=cast.tauwerk)
    assert audited(room)[-1] == "rooms.seat.claimed"
    assert [card.uid for card in room_cards(cast.clara)] == [room.uid]


def test_the_system_sees_no_rooms(cast: Cast) -> None:
    room_of_two(cast)
    assert not Room.objects.visible_to(Actor.system()).exists()
