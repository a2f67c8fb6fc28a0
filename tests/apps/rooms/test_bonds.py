"""What parties decide after an opening."""

from __future__ import annotations

import pytest

from apps.rooms.cast import (
    Cast,
    audited,
    convened_room,
    fresh,
    opened_room,
    room_of_two,
    seal_short,
)
from mutualist.apps.core.errors import ActionError, NotAllowed
from mutualist.apps.rooms import actions
from mutualist.apps.rooms.queries import opened, room_cards, room_status

TEXT = "We give each other six months' notice.\nBoth may use what we develop together."


def agree(actor, room, text: str = TEXT):
    return actions.agree_binding(actor=actor, room=room, text=text)


def test_a_room_is_binding_only_when_all_confirm_the_same_words(cast: Cast) -> None:
    room = opened_room(cast)
    assert not agree(cast.anna, room).is_bound
    assert not agree(cast.clara, room, "Something else").is_bound
    status = room_status(cast.anna, fresh(room)).binding
    assert status is not None
    assert (status.text, status.mine, status.own_text) == ("Something else", False, TEXT)
    bound = agree(cast.clara, room)
    assert bound.is_bound
    assert [(mark.seat, mark.by) for mark in bound.confirmed] == [("A", "Anna"), ("B", "Clara")]
    assert audited(room)[-2:] == ["rooms.binding.confirmed", "rooms.binding.complete"]
    for attempt in (
        lambda: agree(cast.anna, room, "Later words"),
        lambda: actions.withdraw_binding(actor=cast.anna, room=room),
    ):
        with pytest.raises(ActionError) as refused:
            attempt()
        assert refused.value.code == "already_bound"


def test_a_confirmation_is_withdrawn_before_all_have_confirmed(cast: Cast) -> None:
    room = opened_room(cast)
    agree(cast.anna, room)
    assert actions.withdraw_binding(actor=cast.anna, room=room).confirmed == ()
    assert audited(room)[-1] == "rooms.binding.withdrawn"


@pytest.mark.parametrize("text", ["", "  \n ", "x" * 20_001])
def test_a_binding_needs_words(cast: Cast, text) -> None:
    with pytest.raises(ActionError) as refused:
        agree(cast.anna, opened_room(cast), text)
    assert refused.value.code == "binding_text"


def test_nothing_binds_before_the_opening(cast: Cast) -> None:
    room = room_of_two(cast)
    for attempt in (
        lambda: agree(cast.anna, room),
        lambda: actions.set_outcome_consent(actor=cast.anna, room=room, consent=True),
    ):
        with pytest.raises(ActionError) as refused:
            attempt()
        assert refused.value.code == "not_opened"
    assert room_status(cast.anna, room).binding is None


def test_only_leads_decide(cast: Cast) -> None:
    room = opened_room(cast)
    for actor in (cast.ben, *cast.strangers):
        for attempt in (
            lambda actor=actor: agree(actor, room),
            lambda actor=actor: actions.withdraw_binding(actor=actor, room=room),
            lambda actor=actor: actions.set_outcome_consent(actor=actor, room=room, consent=True),
            lambda actor=actor: actions.share_result(actor=actor, room=room, share=True),
        ):
            with pytest.raises(NotAllowed):
                attempt()


def test_being_asked_after_a_year_needs_everybody(cast: Cast) -> None:
    room = opened_room(cast)
    actions.set_outcome_consent(actor=cast.anna, room=room, consent=True)
    consent = room_status(cast.clara, fresh(room)).outcome_consent
    assert (consent.mine, consent.all) == (None, False)
    actions.set_outcome_consent(actor=cast.clara, room=room, consent=True)
    consent = room_status(cast.clara, fresh(room)).outcome_consent
    assert (consent.mine, consent.all) == (True, True)
    assert consent.ask_on is not None
    actions.set_outcome_consent(actor=cast.clara, room=room, consent=False)
    assert not room_status(cast.anna, fresh(room)).outcome_consent.all
    assert audited(room)[-3:] == [
        "rooms.outcome.consented",
        "rooms.outcome.consented",
        "rooms.outcome.declined",
    ]


def test_the_neutral_host_sees_the_result_once_every_party_agrees(cast: Cast) -> None:
    room, ida, paul = convened_room(cast)
    seal_short(room, ida, paul)
    actions.press_open(actor=ida, room=room)
    actions.press_open(actor=paul, room=room)
    actions.share_result(actor=ida, room=room, share=True)
    with pytest.raises(NotAllowed):
        opened(cast.greta, fresh(room))
    actions.share_result(actor=paul, room=room, share=True)
    result = opened(cast.greta, fresh(room))
    assert result.viewer is None
    assert not any("4.5" in answers for answers in result.visible.values())
    assert room_cards(cast.greta)[0].kind
    actions.share_result(actor=paul, room=room, share=False)
    with pytest.raises(NotAllowed):
        opened(cast.greta, fresh(room))
    assert audited(room)[-1] == "rooms.result.unshared"


def test_a_two_sided_room_has_no_neutral_host_to_share_with(cast: Cast) -> None:
    with pytest.raises(ActionError) as refused:
        actions.share_result(actor=cast.anna, room=opened_room(cast), share=True)
    assert refused.value.code == "no_neutral_host"
