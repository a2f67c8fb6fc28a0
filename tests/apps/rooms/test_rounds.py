"""The second round, the end of a room, and its deletion."""

from __future__ import annotations

import pytest

from apps.rooms.cast import (
    Cast,
    audited,
    come_in,
    convened_room,
    every_seat,
    fill,
    fill_and_seal,
    fresh,
    in_days,
    mails_to,
    open_two_sided,
    opened_room,
    room_of_two,
    seal_short,
    sheets,
    stored,
)
from guards.hidden_rows import OF_ROOMS
from mutualist.apps.core.errors import ActionError, NotAllowed
from mutualist.apps.core.models import AuditEntry, AuditPersonal
from mutualist.apps.rooms import actions
from mutualist.apps.rooms.models import Draft, Opening, Room, RoomKey, SealedAnswers, SealedSheet
from mutualist.apps.rooms.queries import draft_sheet, get_room, opened, room_status
from mutualist.apps.rooms.values import PartySpec
from mutualist.domain.shared import fingerprint


def test_the_second_round_starts_from_the_own_last_answers(
    cast: Cast, django_capture_on_commit_callbacks
) -> None:
    room = opened_room(cast)
    with django_capture_on_commit_callbacks(execute=True):
        actions.start_round(actor=cast.anna, room=room, deadline=in_days(20))
    room = fresh(room)
    assert (room.round, room.state) == (2, "answering")
    sheet = draft_sheet(cast.clara, room)
    assert sheet.answers == sheet.previous == sheets()["B"]
    assert sheet.changed == ()
    assert set(sheet.versions.values()) == {0}
    assert room_status(cast.anna, room).seats[1].segments == (1.0,) * 6
    assert audited(room)[-1] == "rooms.round.started"
    assert "round 2" in mails_to("clara@example.org")[-1].subject
    assert not any("round 2" in mail.subject for mail in mails_to("anna@example.org"))


def test_changed_answers_are_marked_before_and_after_the_opening(cast: Cast) -> None:
    room = opened_room(cast)
    actions.start_round(actor=cast.clara, room=room)
    changes = {i: v for i, v in sheets(2)["A"].items() if v != sheets()["A"].get(i)}
    fill(cast.anna, room, changes)
    assert draft_sheet(cast.anna, fresh(room)).changed == tuple(sorted(changes))
    for actor in (cast.anna, cast.clara):
        actions.seal_sheet(actor=actor, room=room, confirm_open_items=False)
    actions.press_open(actor=cast.anna, room=room)
    actions.press_open(actor=cast.clara, room=room)
    result = opened(cast.clara, fresh(room))
    assert result.round == 2
    assert "3.6" in result.changed["A"]
    assert result.changed["B"] == ()
    assert not {"2.3", "4.5", "5.4", "6.4"} & set(result.changed["A"])
    assert opened(cast.clara, fresh(room), 1).result["kind"] == "supplier"


def test_cleared_answers_stay_cleared_in_the_next_round(cast: Cast) -> None:
    room = opened_room(cast)
    actions.start_round(actor=cast.anna, room=room)
    actions.save_answer(actor=cast.anna, room=room, item="1.4", value=None, version=0)
    assert "1.4" not in draft_sheet(cast.anna, fresh(room)).answers
    with pytest.raises(ActionError):
        actions.seal_sheet(actor=cast.anna, room=room, confirm_open_items=False)


def test_while_round_two_runs_only_round_one_is_open(cast: Cast) -> None:
    room = opened_room(cast)
    actions.start_round(actor=cast.anna, room=room)
    fill(cast.anna, room, {"1.4": "project_end"})
    room = fresh(room)
    result = opened(cast.clara, room)
    assert result.round == 1
    assert result.visible["A"]["1.4"] == sheets()["A"]["1.4"]
    with pytest.raises(NotAllowed):
        opened(cast.clara, room, 2)


def test_a_round_starts_only_after_the_opening_and_only_by_those_who_decide(cast: Cast) -> None:
    room = room_of_two(cast)
    with pytest.raises(ActionError) as refused:
        actions.start_round(actor=cast.anna, room=room)
    assert refused.value.code == "round_running"
    room = opened_room(cast)
    for actor in (cast.ben, *cast.strangers):
        with pytest.raises(NotAllowed):
            actions.start_round(actor=actor, room=room)


def test_no_party_joins_after_the_opening(cast: Cast) -> None:
    room = opened_room(cast)
    actions.start_round(actor=cast.anna, room=room)
    with pytest.raises(ActionError) as refused:
        actions.add_seat(actor=cast.anna, room=room, party=PartySpec("Late GmbH"))
    assert refused.value.code == "parties_fixed"


def test_parting_on_good_terms_closes_the_room_and_keeps_the_result(
    cast: Cast, django_capture_on_commit_callbacks
) -> None:
    room = opened_room(cast)
    for actor in (cast.ben, *cast.strangers):
        with pytest.raises(NotAllowed):
            actions.part_on_good_terms(actor=actor, room=room)
    with django_capture_on_commit_callbacks(execute=True):
        actions.part_on_good_terms(actor=cast.clara, room=room)
    room = fresh(room)
    assert (room.state, room.outcome) == ("closed", "parted")
    assert opened(cast.anna, room).result["kind"] == "supplier"
    assert audited(room)[-1] == "rooms.room.parted"
    assert "Tauwerk" in mails_to("anna@example.org")[-1].text
    for attempt in (
        lambda: actions.start_round(actor=cast.anna, room=room),
        lambda: actions.save_answer(actor=cast.anna, room=room, item="1.4", value="gt3", version=0),
        lambda: actions.part_on_good_terms(actor=cast.anna, room=room),
        lambda: actions.update_frame(actor=cast.anna, room=room, opens="all_press"),
    ):
        with pytest.raises(ActionError) as refused:
            attempt()
        assert refused.value.code == "room_closed"


def test_closing_deletes_what_was_never_opened(cast: Cast) -> None:
    room = room_of_two(cast)
    fill(cast.anna, room, {"1.4": "gt3"})
    fill_and_seal(cast.clara, room, {"1.4": "gt3"})
    for actor in (cast.ben, cast.clara, *cast.strangers):
        with pytest.raises(NotAllowed):
            actions.close_room(actor=actor, room=room)
    actions.close_room(actor=cast.anna, room=room)
    assert not stored(Draft)
    assert not stored(SealedAnswers)
    assert not SealedSheet.objects.exists()
    assert audited(room)[-1] == "rooms.room.closed"


def test_a_room_is_deleted_with_keys_and_personal_data(cast: Cast) -> None:
    room = room_of_two(cast)
    fill_and_seal(cast.clara, room, {"1.4": "gt3"})
    for actor in (cast.ben, cast.clara, *cast.strangers):
        with pytest.raises(NotAllowed):
            actions.delete_room(actor=actor, room=room)
    chain = f"room:{room.pk}"
    seats = every_seat()
    assert stored(RoomKey, seats)
    actions.delete_room(actor=cast.anna, room=room)
    assert not Room.objects.exists()
    assert not any(stored(model, seats) for model in OF_ROOMS)
    assert not AuditPersonal.objects.filter(entry__chain__startswith=chain).exists()
    assert AuditEntry.objects.filter(chain=chain).last().action == "rooms.room.deleted"


def test_an_opened_room_is_not_deleted_by_one_side(cast: Cast) -> None:
    room = opened_room(cast)
    with pytest.raises(ActionError) as refused:
        actions.delete_room(actor=cast.anna, room=room)
    assert refused.value.code == "result_belongs_to_all"
    assert Opening.objects.exists()


def test_a_colleague_answers_the_next_round_too(cast: Cast) -> None:
    room = opened_room(cast)
    actions.start_round(actor=cast.anna, room=room)
    jonas = come_in(
        actions.add_colleague(
            actor=cast.anna, room=room, name="Jonas", email="jonas@example.org", language="en"
        )
    )
    assert draft_sheet(jonas, get_room(jonas, room.uid)).previous == sheets()["A"]


# A self-check: one person, all seats.

ALONE = [PartySpec("We"), PartySpec("They")]


def self_check(cast: Cast, host=None):
    return actions.create_room(
        actor=cast.anna, mode="alone", host=host, frame={"name": "Check"}, parties=ALONE
    )


def test_the_seal_of_a_self_check_is_that_of_the_own_side(cast: Cast) -> None:
    room = self_check(cast)
    fill(cast.anna, room, {"1.4": "gt3"}, seat="A")
    sealed = actions.seal_sheet(actor=cast.anna, room=room, confirm_open_items=True)
    own = SealedSheet.objects.get(room=room, seat__key="A")
    assert sealed.fingerprint == fingerprint(own.commitment)
    assert sealed.sealed_at == own.sealed_at
    assert "1.4:A" not in sealed.open_items
    assert {"1.4:B", "1.5:A", "1.5:B"} <= set(sealed.open_items)
    assert sealed.opened


def test_a_self_check_is_sealed_and_opened_at_once(cast: Cast) -> None:
    room = self_check(cast)
    fill(cast.anna, room, sheets()["A"], seat="A")
    fill(cast.anna, room, sheets()["B"], seat="B")
    status = room_status(cast.anna, fresh(room))
    assert [(s.is_mine, s.is_guess) for s in status.seats] == [(True, False), (True, True)]
    assert actions.seal_sheet(actor=cast.anna, room=room, confirm_open_items=False).opened
    result = opened(cast.anna, fresh(room))
    assert result.self_check
    assert result.visible["B"]["4.5"] == sheets()["B"]["4.5"]
    with pytest.raises(NotAllowed):
        get_room(cast.ben, room.uid)
    actions.delete_room(actor=cast.anna, room=fresh(room))


def test_a_self_check_names_open_items_with_their_side(cast: Cast) -> None:
    room = self_check(cast, cast.nordwerk)
    fill(cast.anna, room, sheets()["A"], seat="A")
    with pytest.raises(ActionError) as refused:
        actions.seal_sheet(actor=cast.anna, room=room, confirm_open_items=False)
    assert refused.value.items[0] == "1.1:B"
    assert not SealedSheet.objects.exists()
    assert get_room(cast.ben, room.uid) == room


def test_where_each_seals_the_own_side_open_items_need_no_side(cast: Cast) -> None:
    room = room_of_two(cast)
    fill(cast.anna, room, {"1.4": "gt3"})
    with pytest.raises(ActionError) as refused:
        actions.seal_sheet(actor=cast.anna, room=room, confirm_open_items=False)
    assert refused.value.items[:2] == ("1.1", "1.2")
    assert "1.4" not in refused.value.items


def test_nobody_is_invited_to_a_self_check(cast: Cast) -> None:
    room = self_check(cast)
    with pytest.raises(ActionError) as refused:
        actions.invite_answerer(
            actor=cast.anna, room=room, seat="B", name="X", email="x@example.org", language="en"
        )
    assert refused.value.code == "alone"


def test_three_parties_open_together(cast: Cast) -> None:
    room = open_two_sided(cast)
    actions.add_seat(actor=cast.anna, room=room, party=PartySpec("Third GmbH"))
    guests = [
        come_in(
            actions.invite_answerer(
                actor=cast.anna,
                room=room,
                seat=key,
                name=key,
                email=f"{key}@firm.test",
                language="en",
            )
        )
        for key in ("B", "C")
    ]
    everybody = [cast.anna, *guests]
    seal_short(room, *everybody)
    waiting = [actions.press_open(actor=actor, room=room).waiting for actor in everybody]
    assert [len(names) for names in waiting] == [2, 1, 0]
    pairs = opened(guests[1], fresh(room)).result["pairs"]
    assert [pair["pair"] for pair in pairs] == ["A-B", "A-C", "B-C"]


def test_the_neutral_host_may_start_the_next_round(cast: Cast) -> None:
    room, ida, paul = convened_room(cast)
    seal_short(room, ida, paul)
    actions.press_open(actor=ida, room=room)
    actions.press_open(actor=paul, room=room)
    actions.start_round(actor=cast.greta, room=room)
    assert fresh(room).round == 2
