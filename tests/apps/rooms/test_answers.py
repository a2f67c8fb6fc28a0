"""Saving answers: checked, versioned, encrypted, and nobody else's business."""

from __future__ import annotations

import pytest

from apps.rooms.cast import (
    Cast,
    audited,
    come_in,
    convened_room,
    fill,
    fill_and_seal,
    fresh,
    on_every_seat,
    opened_room,
    room_of_two,
    sheets,
    stored,
)
from mutualist.apps.core.actor import Actor
from mutualist.apps.core.errors import ActionError, Conflict, NotAllowed
from mutualist.apps.core.vault import VaultError
from mutualist.apps.rooms import actions
from mutualist.apps.rooms.errors import Refused
from mutualist.apps.rooms.models import Draft, Room
from mutualist.apps.rooms.queries import draft_sheet, house_spread, room_status
from mutualist.apps.rooms.sealing import vault_of


def save(actor: Actor, room: Room, item: str, value, version: int = 0):
    return actions.save_answer(actor=actor, room=room, item=item, value=value, version=version)


def test_an_answer_is_kept_and_comes_back(cast: Cast) -> None:
    room = room_of_two(cast)
    saved = save(cast.anna, room, "2.2", {"years": 5, "proof": 3})
    sheet = draft_sheet(cast.anna, room)
    assert (saved.version, sheet.answers, sheet.versions) == (
        1,
        {"2.2": {"years": 5, "proof": 3}},
        {"2.2": 1},
    )
    assert len(sheet.open_items) == 35
    assert sheet.saved_at == saved.saved_at
    assert audited(room)[-1] == "rooms.answers.saved"


def test_progress_is_all_the_others_see(cast: Cast) -> None:
    room = room_of_two(cast)
    question_one = {item: v for item, v in sheets()["A"].items() if item.startswith("1.")}
    fill(cast.anna, room, question_one)
    seat = room_status(cast.clara, room).seats[0]
    assert seat.segments == (1.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    assert seat.minutes_left is None
    own = room_status(cast.anna, room).my_seat
    assert own is not None
    assert own.minutes_left is not None
    assert 0 < own.minutes_left < 17
    fill(cast.anna, room, {"2.2": 3})
    begun = room_status(cast.clara, room).seats[0].segments
    fill(cast.anna, room, {"2.5": 1, "2.6": 3})
    assert (
        room_status(cast.clara, room).seats[0].segments == begun == (1.0, 0.5, 0.0, 0.0, 0.0, 0.0)
    )
    with pytest.raises(NotAllowed):
        draft_sheet(cast.clara, room, "A")


def test_a_wrong_value_is_refused_with_the_reason(cast: Cast) -> None:
    room = room_of_two(cast)
    with pytest.raises(Refused) as refused:
        save(cast.anna, room, "1.2", {"new_offer": 99})
    assert refused.value.code == "invalid_answer"
    assert "99" in refused.value.problems[0].message("en")
    assert not stored(Draft)


@pytest.mark.parametrize(
    ("item", "value", "code"),
    [
        ("9.9", "x", "unknown_item"),
        ("1.1", "x" * 9000, "invalid_answer"),
        ("4.4", 10**17, "invalid_answer"),
        ("4.4", float("nan"), "invalid_answer"),
        ("1.1", object(), "invalid_answer"),
        ("1.2", {1: 100}, "invalid_answer"),
        ("header", {"mandate": "perhaps"}, "invalid_answer"),
        ("header", {"salary": 1}, "invalid_answer"),
    ],
)
def test_no_form_of_input_breaks_saving(cast: Cast, item, value, code) -> None:
    room = room_of_two(cast)
    with pytest.raises(ActionError) as refused:
        save(cast.anna, room, item, value)
    assert refused.value.code == code
    assert not stored(Draft)


def test_two_browsers_editing_one_item_see_both_versions(cast: Cast) -> None:
    room = room_of_two(cast)
    save(cast.anna, room, "1.4", "gt3")
    save(cast.anna, room, "1.4", "open", version=1)
    with pytest.raises(Conflict) as conflict:
        save(cast.anna, room, "1.4", "1to3", version=1)
    assert conflict.value.mine == {"value": "1to3", "version": 1}
    assert conflict.value.theirs == {"value": "open", "version": 2}
    assert draft_sheet(cast.anna, room).answers["1.4"] == "open"
    assert save(cast.anna, room, "1.4", "1to3", version=conflict.value.version).version == 3


def test_the_same_request_twice_has_one_effect(cast: Cast) -> None:
    room = room_of_two(cast)
    first = save(cast.anna, room, "1.4", "gt3")
    again = save(cast.anna, room, "1.4", "gt3")
    assert (again.version, again.saved_at) == (first.version, first.saved_at)
    assert audited(room).count("rooms.answers.saved") == 1


def test_a_cleared_answer_is_open_again(cast: Cast) -> None:
    room = room_of_two(cast)
    save(cast.anna, room, "1.4", "gt3")
    assert save(cast.anna, room, "1.4", None, version=1).version == 2
    sheet = draft_sheet(cast.anna, room)
    assert "1.4" not in sheet.answers
    assert "1.4" in sheet.open_items


def test_a_page_saves_what_is_right_and_returns_the_rest(cast: Cast) -> None:
    room = room_of_two(cast)
    save(cast.anna, room, "1.4", "gt3")
    page = actions.save_page(
        actor=cast.anna,
        room=room,
        answers={"1.4": "open", "1.5": "learn", "1.6": 9},
        versions={"1.4": 7},
    )
    assert [saved.item for saved in page.saved] == ["1.5"]
    assert [problem.item for problem in page.problems] == ["1.6"]
    (conflict,) = page.conflicts
    assert (conflict.mine, conflict.theirs, conflict.version) == ("open", "gt3", 1)


def test_readers_other_parties_hosts_and_strangers_save_nothing(cast: Cast) -> None:
    room = room_of_two(cast)
    for actor in (cast.ben, *cast.strangers):
        with pytest.raises(NotAllowed):
            save(actor, room, "1.4", "gt3")
    with pytest.raises(NotAllowed):
        actions.save_answer(
            actor=cast.clara, room=room, item="1.4", value="gt3", version=0, seat="A"
        )
    convened, _ida, _paul = convened_room(cast)
    with pytest.raises(NotAllowed):
        save(cast.greta, convened, "1.4", "gt3")
    assert not stored(Draft)


def test_nothing_is_saved_after_the_seal_or_the_opening(cast: Cast) -> None:
    room = room_of_two(cast)
    fill_and_seal(cast.anna, room, {"1.4": "gt3"})
    with pytest.raises(ActionError) as refused:
        save(cast.anna, room, "1.4", "open", version=1)
    assert refused.value.code == "sealed"
    opened = opened_room(cast)
    with pytest.raises(ActionError) as refused:
        save(cast.anna, opened, "1.4", "open")
    assert refused.value.code == "already_opened"


def test_a_draft_moved_to_another_place_does_not_open(cast: Cast) -> None:
    room = room_of_two(cast)
    save(cast.anna, room, "1.4", "gt3")
    (draft,) = stored(Draft)
    with on_every_seat():
        vault = vault_of(room, draft.seat)
    assert vault.decrypt_draft(draft) == "gt3"
    for field, value in (("item", "1.5"), ("round", 2), ("answerer_id", draft.answerer_id + 1)):
        (moved,) = stored(Draft)
        setattr(moved, field, value)
        with pytest.raises(VaultError):
            vault.decrypt_draft(moved)


def test_drafts_hide_their_length_in_steps(cast: Cast) -> None:
    room = room_of_two(cast)
    save(cast.anna, room, "1.4", "gt3")
    save(cast.anna, room, "1.1", "By 2028 we sell it together, measured by revenue.")
    lengths = {len(bytes(draft.ciphertext)) for draft in stored(Draft)}
    assert len(lengths) == 1


def test_the_house_sees_where_its_people_differ_and_nobody_else_does(cast: Cast) -> None:
    room = room_of_two(cast)
    jonas = come_in(
        actions.add_colleague(
            actor=cast.anna, room=room, name="Jonas", email="jonas@example.org", language="en"
        )
    )
    fill(cast.anna, room, {"1.4": "gt3", "2.5": 1, "2.2": {"years": 3}})
    fill(jonas, room, {"1.4": "open", "2.5": 1, "2.2": "dont_know"})
    spread = house_spread(cast.anna, room)
    assert spread.differing == ("1.4",)
    assert [(p.name, p.is_lead, p.answered) for p in spread.people] == [
        ("Anna", True, 3),
        ("Jonas", False, 3),
    ]
    assert draft_sheet(jonas, room).answers["1.4"] == "open"
    for actor in (jonas, cast.ben, *cast.strangers):
        with pytest.raises(NotAllowed):
            house_spread(actor, room)
    with pytest.raises(NotAllowed):
        house_spread(cast.clara, room, "A")
    assert room_status(cast.clara, fresh(room)).seats[0].segments[0] == 0.5
