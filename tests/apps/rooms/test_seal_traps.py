"""The traps of sealed answers, each by name: what must not leak, and what must not be possible."""

from __future__ import annotations

import json

import pytest

from apps.rooms.cast import (
    Cast,
    fill,
    fresh,
    in_days,
    opened_room,
    room_of_two,
    seal_short,
    sheets,
)
from mutualist.apps.core.errors import ActionError, NotAllowed
from mutualist.apps.core.models import AuditEntry
from mutualist.apps.rooms import actions, scopes
from mutualist.apps.rooms.models import Opening, SealedAnswers, SealedSheet
from mutualist.apps.rooms.queries import export_room, opened, room_head, room_status, room_timeline
from mutualist.apps.rooms.sealing import BrokenSealError, question_set, vault_of
from mutualist.apps.rooms.standing import standing
from mutualist.apps.rooms.values import PartySpec
from mutualist.domain.shared import commitment

pytestmark = pytest.mark.django_db


def answers_of(actor, room, key):
    here = standing(actor, fresh(room))
    with scopes.own(here):
        return SealedAnswers.objects.select_related("sheet").get(seat=here.seat_named(key))


def test_saving_tells_the_other_side_neither_that_nor_when(cast: Cast) -> None:
    """Timing: what the other side can ask for is the same before and after somebody saves."""
    room = room_of_two(cast)
    fill(cast.anna, room, sheets()["A"])

    def seen():
        status = room_status(cast.clara, fresh(room))
        head = room_head(cast.clara, fresh(room))
        told = [(entry.action, entry.created) for entry in room_timeline(cast.clara, fresh(room))]
        return status.seats[0], status.days_left, head.seq, head.hash, told

    before = seen()
    fill(cast.anna, room, {"1.1": "Something else by the end of 2029.", "4.4": 5})
    assert seen() == before
    assert AuditEntry.objects.filter(chain=f"room:{room.pk}:A").count() >= 2


def test_progress_says_which_questions_and_nothing_of_the_answers(cast: Cast) -> None:
    room = room_of_two(cast)
    fill(cast.anna, room, sheets()["A"])
    first = room_status(cast.clara, fresh(room)).seats[0]
    other = {"1.1": "Something else by the end of 2029.", "1.4": "open", "4.4": 1}
    fill(cast.anna, room, other)
    assert room_status(cast.clara, fresh(room)).seats[0] == first
    assert first.minutes_left is None


@pytest.mark.parametrize("words", ["", "x", "y" * 200])
def test_lengths_tell_nothing_of_a_usual_sheet(cast: Cast, words: str) -> None:
    room = room_of_two(cast)
    fill(cast.anna, room, {"1.4": "gt3", **({"1.1": words} if words else {})})
    actions.seal_sheet(actor=cast.anna, room=room, confirm_open_items=True)
    # 4 KiB of padded sheet, the byte of the form, 12 of nonce, 16 of the tag.
    assert len(bytes(answers_of(cast.anna, room, "A").ciphertext)) == 4096 + 29


def test_a_copied_commitment_opens_for_nobody(cast: Cast) -> None:
    """Whoever copies the other side's seal cannot open it as the own: the party is inside."""
    room = room_of_two(cast)
    seal_short(room, cast.anna)
    stolen = answers_of(cast.anna, room, "A")
    here = standing(cast.anna, fresh(room))
    with scopes.own(here):
        nonce, sheet = vault_of(room, here.seat_named("A")).evidence(stolen)
    fields = {"room": str(room.uid), "questions": stolen.sheet.question_set, "round": 1}
    as_b = commitment(**fields, party="B", nonce=bytes.fromhex(nonce), answers=sheet)
    assert as_b != stolen.sheet.commitment
    seal_short(room, cast.clara)
    SealedSheet.objects.filter(seat__key="B").update(commitment=stolen.sheet.commitment)
    actions.press_open(actor=cast.anna, room=room)
    with pytest.raises(ActionError) as refused:
        actions.press_open(actor=cast.clara, room=room)
    assert refused.value.code == "broken_seal"
    assert not Opening.objects.exists()


def test_answers_are_not_read_under_other_questions(cast: Cast) -> None:
    """A new version of the questions after sealing breaks the seal instead of the meaning."""
    room = room_of_two(cast)
    seal_short(room, cast.anna)
    row = answers_of(cast.anna, room, "A")
    assert row.sheet.question_set == question_set(room)
    row.sheet.question_set = "ab" * 32
    here = standing(cast.anna, fresh(room))
    with scopes.own(here), pytest.raises(BrokenSealError):
        vault_of(room, here.seat_named("A")).unseal(row)


def test_no_third_party_joins_once_somebody_has_sealed_or_opened(cast: Cast) -> None:
    room = room_of_two(cast)

    def refusal() -> str:
        with pytest.raises(ActionError) as refused:
            actions.add_seat(actor=cast.anna, room=fresh(room), party=PartySpec("Late GmbH"))
        return refused.value.code

    seal_short(room, cast.anna)
    assert refusal() == "locked_by_seal"
    seal_short(room, cast.clara)
    for actor in (cast.anna, cast.clara):
        actions.press_open(actor=actor, room=room)
    assert refusal() == "already_opened"
    actions.start_round(actor=cast.anna, room=fresh(room))
    assert refusal() == "parties_fixed"


def test_nothing_is_computed_before_the_opening(cast: Cast, monkeypatch) -> None:
    """No verdict of both sides exists, not even inside: the function is not called."""
    from mutualist.apps.rooms.actions import openings
    from mutualist.apps.rooms.queries import results

    def never(*_args, **_named):
        raise AssertionError("computed before the opening")

    for module in (openings, results):
        monkeypatch.setattr(module, "assess", never)
    room = room_of_two(cast)
    for actor, key in ((cast.anna, "A"), (cast.clara, "B")):
        fill(actor, room, sheets()[key])
        actions.seal_sheet(actor=actor, room=room, confirm_open_items=True)
        for reader in (cast.anna, cast.clara):
            room_status(reader, fresh(room))
            with pytest.raises(NotAllowed):
                opened(reader, fresh(room))
    actions.press_open(actor=cast.anna, room=room)
    with pytest.raises(AssertionError, match="computed"):
        actions.press_open(actor=cast.clara, room=room)


def test_whoever_refuses_to_open_has_seen_nothing(cast: Cast) -> None:
    """Non-reveal: the side that waits learns no more than the one that has pressed."""
    room = room_of_two(cast, deadline=in_days(3))
    for actor, key in ((cast.anna, "A"), (cast.clara, "B")):
        fill(actor, room, sheets()[key])
        actions.seal_sheet(actor=actor, room=room, confirm_open_items=True)
    actions.press_open(actor=cast.anna, room=room)
    for reader, other in ((cast.anna, "B"), (cast.clara, "A")):
        file = export_room(reader, fresh(room))
        assert not file["answers"].get(other)
        assert str(sheets()[other]["1.1"]) not in json.dumps(file, ensure_ascii=False)


def test_the_result_of_an_opening_is_the_one_of_the_sealed_sheets(cast: Cast) -> None:
    room = opened_room(cast)
    assert opened(cast.anna, room).fingerprints == opened(cast.clara, room).fingerprints
