"""Opening: all at once or nothing, once, and only what may be shown."""

from __future__ import annotations

import pytest

from apps.rooms.cast import (
    Cast,
    audited,
    convened_room,
    fill_and_seal,
    fresh,
    in_days,
    mails_to,
    on_every_seat,
    opened_room,
    room_of_two,
    seal_short,
    sheets,
    stored,
)
from mutualist.apps.core.errors import ActionError, NotAllowed
from mutualist.apps.core.models import AuditEntry
from mutualist.apps.rooms import actions
from mutualist.apps.rooms.models import Draft, Opening, OpenPress, Room, SealedAnswers, SealedSheet
from mutualist.apps.rooms.queries import opened, room_cards, room_status


def press(actor, room):
    return actions.press_open(actor=actor, room=room)


def test_the_room_opens_when_the_last_party_presses(
    cast: Cast, django_capture_on_commit_callbacks
) -> None:
    room = room_of_two(cast)
    fill_and_seal(cast.anna, room, sheets()["A"])
    fill_and_seal(cast.clara, room, sheets()["B"])
    assert press(cast.anna, room).waiting == ("Tauwerk Sensorik GmbH",)
    with pytest.raises(NotAllowed):
        opened(cast.anna, room)
    with django_capture_on_commit_callbacks(execute=True):
        assert press(cast.clara, room).opened
    result = opened(cast.clara, fresh(room))
    assert (result.verdict.kind, result.result["kind"]) == ("supplier", "supplier")
    assert result.result["scores"] == {"P": 47, "S": 85, "D": 10, "L": 40}
    assert result.result == result.verdict.to_dict()
    assert (result.viewer, result.self_check) == ("B", False)
    assert list(result.parties) == ["A", "B"]
    assert audited(room)[-2:] == ["rooms.opening.pressed", "rooms.room.opened"]
    assert not stored(Draft)
    assert "open" in mails_to("anna@example.org")[-1].subject


def test_pressing_again_changes_nothing(cast: Cast) -> None:
    room = opened_room(cast)
    before = audited(room)
    assert press(cast.anna, room).opened
    assert audited(room) == before
    assert Opening.objects.count() == 1


def test_pressing_twice_while_others_wait_is_one_press(cast: Cast) -> None:
    room = room_of_two(cast)
    seal_short(room, cast.anna, cast.clara)
    first = press(cast.anna, room)
    again = press(cast.anna, fresh(room))
    assert (first.opened, first.waiting) == (again.opened, again.waiting)
    assert not again.opened
    assert again.waiting == ("Tauwerk Sensorik GmbH",)
    assert audited(room).count("rooms.opening.pressed") == OpenPress.objects.count() == 1


def test_nothing_opens_before_everybody_has_sealed(cast: Cast) -> None:
    room = room_of_two(cast)
    seal_short(room, cast.anna)
    with pytest.raises(ActionError) as refused:
        press(cast.anna, room)
    assert refused.value.code == "not_all_sealed"
    assert "Tauwerk" in refused.value.message
    assert not OpenPress.objects.exists()


def test_nobody_but_the_leads_presses(cast: Cast) -> None:
    room = room_of_two(cast)
    seal_short(room, cast.anna, cast.clara)
    for actor in (cast.ben, *cast.strangers):
        with pytest.raises(NotAllowed):
            press(actor, room)
    convened, ida, paul = convened_room(cast)
    seal_short(convened, ida, paul)
    with pytest.raises(NotAllowed):
        press(cast.greta, convened)


def pass_the_deadline(room: Room) -> None:
    Room.objects.filter(pk=room.pk).update(deadline=in_days(-1))


def test_on_the_day_of_the_deadline_it_is_not_over(cast: Cast) -> None:
    room = room_of_two(cast, opens="deadline", deadline=in_days(3))
    seal_short(room, cast.anna, cast.clara)
    Room.objects.filter(pk=room.pk).update(deadline=in_days(0))
    assert actions.open_due(room=fresh(room)) == 0
    with pytest.raises(ActionError) as refused:
        press(cast.anna, fresh(room))
    assert in_days(0).isoformat() in refused.value.message
    pass_the_deadline(room)
    # Whoever asks for it: a room opens in the name of the system.
    assert actions.open_due(actor=cast.anna, room=fresh(room)) == 1
    assert AuditEntry.objects.get(action="rooms.room.opened").body["actor"] == "system"


def test_a_passed_deadline_opens_only_what_was_to_open_then(cast: Cast) -> None:
    room = room_of_two(cast, deadline=in_days(3))
    seal_short(room, cast.anna, cast.clara)
    pass_the_deadline(room)
    assert actions.open_due() == 0
    assert fresh(room).state == "answering"
    late = room_of_two(cast, opens="deadline", deadline=in_days(3))
    seal_short(late, cast.anna)
    pass_the_deadline(late)
    assert actions.open_due() == 0
    assert actions.open_due(room=fresh(late)) == 0
    assert not Opening.objects.exists()


def test_at_the_deadline_the_room_opens_by_itself_if_all_have_sealed(cast: Cast) -> None:
    room = room_of_two(cast, opens="deadline", deadline=in_days(3))
    seal_short(room, cast.anna, cast.clara)
    with pytest.raises(ActionError) as refused:
        press(cast.anna, room)
    assert refused.value.code == "opens_at_deadline"
    assert actions.open_due() == 0
    pass_the_deadline(room)
    assert room_status(cast.anna, fresh(room)).due
    assert actions.open_due(room=fresh(room)) == 1
    assert actions.open_due() == 0
    assert fresh(room).state == "opened"
    assert audited(room).count("rooms.room.opened") == 1


def test_after_the_deadline_a_missing_seal_keeps_everything_closed(cast: Cast) -> None:
    room = room_of_two(cast, opens="deadline", deadline=in_days(3))
    seal_short(room, cast.anna)
    pass_the_deadline(room)
    assert actions.open_due() == 0
    status = room_status(cast.anna, fresh(room))
    assert (status.due, status.missing) == (True, ("Tauwerk Sensorik GmbH",))
    assert status.may_extend
    actions.move_deadline(actor=cast.anna, room=room, deadline=in_days(4))
    assert not room_status(cast.anna, fresh(room)).due


def test_the_last_seal_after_the_deadline_opens_the_room(cast: Cast) -> None:
    room = room_of_two(cast, opens="deadline", deadline=in_days(3))
    seal_short(room, cast.anna)
    pass_the_deadline(room)
    actions.save_answer(actor=cast.clara, room=room, item="1.4", value="gt3", version=0)
    assert actions.seal_sheet(actor=cast.clara, room=room, confirm_open_items=True).opened


def test_one_broken_room_does_not_keep_the_others_closed(cast: Cast, caplog) -> None:
    rooms = [room_of_two(cast, opens="deadline", deadline=in_days(3)) for _number in range(2)]
    for room in rooms:
        seal_short(room, cast.anna, cast.clara)
        pass_the_deadline(room)
    SealedSheet.objects.filter(room=rooms[0]).update(commitment="f" * 64)
    assert actions.open_due() == 1
    assert [fresh(room).state for room in rooms] == ["answering", "opened"]
    assert "stays closed" in caplog.text


@pytest.mark.parametrize("damage", ["commitment", "ciphertext", "swap"])
def test_a_broken_seal_opens_nothing_at_all(cast: Cast, damage, caplog) -> None:
    room = room_of_two(cast)
    seal_short(room, cast.anna, cast.clara)
    row, other = stored(SealedAnswers)
    if damage == "commitment":
        SealedSheet.objects.filter(seat=row.seat).update(commitment="f" * 64)
    else:
        wrong = bytes(row.ciphertext)[:-1] + b"\x00" if damage == "ciphertext" else other.ciphertext
        with on_every_seat():
            # Nobody may change sealed answers, so they are taken out and others put in their place.
            row.delete()
            row.pk, row.ciphertext = None, bytes(wrong)
            row.save(force_insert=True)
    press(cast.anna, room)
    with pytest.raises(ActionError) as refused:
        press(cast.clara, room)
    assert refused.value.code == "broken_seal"
    assert "Nordwerk" in refused.value.message
    assert not Opening.objects.exists()
    assert fresh(room).state == "answering"
    assert OpenPress.objects.count() == 1
    assert "does not hold" in caplog.text


def test_each_side_sees_its_own_answers_in_full_and_the_others_as_shown(cast: Cast) -> None:
    room = opened_room(cast)
    clara = opened(cast.clara, room).visible
    assert clara["B"] == sheets()["B"]
    assert clara["A"]["2.1"] == sheets()["A"]["2.1"]
    assert not {"2.3", "4.5", "5.4", "6.4"} & set(clara["A"])
    assert "financed" not in clara["A"].get("6.3", {})
    ben = opened(cast.ben, room)
    assert ben.viewer == "A"
    assert "4.5" not in ben.visible["B"]


def test_strangers_and_the_neutral_host_see_no_result(cast: Cast) -> None:
    room, ida, paul = convened_room(cast)
    seal_short(room, ida, paul)
    press(ida, room)
    press(paul, room)
    room = fresh(room)
    assert opened(ida, room).result["kind"] == room_cards(ida)[0].kind
    for actor in (cast.greta, cast.clara, *cast.strangers):
        with pytest.raises(NotAllowed):
            opened(actor, room)
    assert room_cards(cast.greta)[0].kind is None
    status = room_status(cast.greta, room)
    assert not status.result_visible
    assert status.rounds[0].kind == ""


def test_an_unopened_round_is_not_there(cast: Cast) -> None:
    room = opened_room(cast)
    for number in (0, 2, 99):
        with pytest.raises(NotAllowed):
            opened(cast.anna, room, number)


def test_the_order_of_the_parties_survives_the_database(cast: Cast) -> None:
    room = opened_room(cast)
    opening = Opening.objects.get(room=room)
    opening.parties = [["B", "Second first"], ["A", "First second"]]
    opening.save()
    assert list(Opening.objects.get(room=room).party_names) == ["B", "A"]
