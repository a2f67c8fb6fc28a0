"""Sealing: one effect, salted, padded, nothing silently left open."""

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
    invite_clara,
    mails_to,
    on_every_seat,
    open_two_sided,
    room_of_two,
    seal_short,
    sheets,
    stored,
)
from mutualist.apps.core.audit import timeline
from mutualist.apps.core.errors import ActionError, NotAllowed
from mutualist.apps.core.vault import VaultError
from mutualist.apps.rooms import actions
from mutualist.apps.rooms.errors import OpenItems, Refused
from mutualist.apps.rooms.models import SealedAnswers, SealedSheet, Seat
from mutualist.apps.rooms.queries import draft_sheet, room_status
from mutualist.apps.rooms.sealing import BrokenSealError, pad, unpad, vault_of
from mutualist.apps.rooms.values import PartySpec


def seal(actor, room, *, confirm: bool = True):
    return actions.seal_sheet(actor=actor, room=room, confirm_open_items=confirm)


def test_a_sheet_is_sealed_with_a_fingerprint_both_sides_see(
    cast: Cast, django_capture_on_commit_callbacks
) -> None:
    room = room_of_two(cast)
    fill(cast.anna, room, sheets()["A"])
    with django_capture_on_commit_callbacks(execute=True):
        sealed = seal(cast.anna, room, confirm=False)
    assert sealed.opened is False
    assert sealed.open_items == ()
    for actor in (cast.anna, cast.clara):
        seat = room_status(actor, room).seats[0]
        assert (seat.sealed, seat.fingerprint) == (True, sealed.fingerprint)
    assert len(sealed.fingerprint) == 9
    assert audited(room)[-1] == "rooms.answers.sealed"
    (entry,) = timeline(f"room:{room.pk}", audiences=["room"], limit=1)
    assert sealed.fingerprint in entry.sentence
    assert sealed.fingerprint in mails_to("anna@example.org")[-1].subject


def test_open_items_are_never_sealed_silently(cast: Cast) -> None:
    room = room_of_two(cast)
    fill(cast.anna, room, {"1.4": "gt3"})
    with pytest.raises(OpenItems) as refused:
        seal(cast.anna, room, confirm=False)
    assert refused.value.code == "open_items"
    assert len(refused.value.items) == 35
    assert "1.1" in refused.value.message
    assert not SealedSheet.objects.exists()
    assert seal(cast.anna, room).open_items == refused.value.items
    answers = draft_sheet(cast.anna, room).answers
    assert answers["1.4"] == "gt3"
    assert answers["5.1"] == "dont_know"


def test_sealing_twice_has_one_effect_and_says_so(cast: Cast) -> None:
    room = room_of_two(cast)
    fill(cast.anna, room, {"1.4": "gt3"})
    first = seal(cast.anna, room)
    with pytest.raises(ActionError) as refused:
        seal(cast.anna, room)
    assert (refused.value.code, refused.value.status) == ("already_sealed", 409)
    assert first.fingerprint in refused.value.message
    assert SealedSheet.objects.count() == 1
    assert audited(room).count("rooms.answers.sealed") == 1


def test_only_the_lead_seals(cast: Cast) -> None:
    room = room_of_two(cast)
    jonas = come_in(
        actions.add_colleague(
            actor=cast.anna, room=room, name="Jonas", email="jonas@example.org", language="en"
        )
    )
    for actor in (jonas, cast.ben, *cast.strangers):
        with pytest.raises(NotAllowed):
            seal(actor, room)
    with pytest.raises(NotAllowed):
        actions.seal_sheet(actor=cast.clara, room=room, confirm_open_items=True, seat="A")
    convened, _ida, _paul = convened_room(cast)
    with pytest.raises(NotAllowed):
        seal(cast.greta, convened)
    assert not SealedSheet.objects.exists()


def test_equal_answers_have_different_seals(cast: Cast) -> None:
    room = room_of_two(cast)
    seal_short(room, cast.anna, cast.clara)
    first, second = SealedSheet.objects.all()
    assert first.commitment != second.commitment
    assert first.question_set == second.question_set


def test_a_long_sheet_weighs_as_much_as_an_empty_one(cast: Cast) -> None:
    room = room_of_two(cast)
    seal_short(room, cast.anna)
    fill_and_seal(cast.clara, room, {"1.1": "x" * 200, "1.4": "gt3"})
    assert len({len(bytes(row.ciphertext)) for row in stored(SealedAnswers)}) == 1


def test_padding_comes_off_again() -> None:
    for content in (b"", b"a", b"x" * 4092, b"x" * 4093):
        padded = pad(content, 4096)
        assert len(padded) % 4096 == 0
        assert unpad(padded) == content


def test_a_seal_is_taken_back_only_while_another_party_is_missing(cast: Cast) -> None:
    room = room_of_two(cast)
    with pytest.raises(ActionError) as refused:
        actions.take_back(actor=cast.anna, room=room)
    assert refused.value.code == "not_sealed"
    seal_short(room, cast.anna)
    for actor in (cast.ben, *cast.strangers):
        with pytest.raises(NotAllowed):
            actions.take_back(actor=actor, room=room)
    actions.take_back(actor=cast.anna, room=room)
    assert audited(room)[-1] == "rooms.answers.taken_back"
    assert draft_sheet(cast.anna, fresh(room)).answers == {"1.4": "gt3", "6.2": "both"}
    seal_short(room, cast.anna, cast.clara)
    with pytest.raises(ActionError) as refused:
        actions.take_back(actor=cast.anna, room=room)
    assert refused.value.code == "all_sealed"


def test_answers_that_no_longer_fit_the_parties_are_not_sealed(cast: Cast) -> None:
    room = room_of_two(cast)
    actions.add_seat(actor=cast.anna, room=room, party=PartySpec("Third GmbH"))
    fill(cast.anna, room, {"5.2": {"A": 50, "B": 20, "C": 30}})
    actions.remove_seat(actor=cast.anna, room=room, seat="C")
    with pytest.raises(Refused) as refused:
        seal(cast.anna, room)
    assert refused.value.problems[0].item == "5.2"
    assert not SealedSheet.objects.exists()


def test_a_sheet_copied_to_another_seat_or_round_does_not_open(cast: Cast) -> None:
    room = room_of_two(cast)
    seal_short(room, cast.anna)
    (row,) = stored(SealedAnswers)
    row.sheet = SealedSheet.objects.get()
    seat_b = Seat.objects.get(room=room, key="B")
    with on_every_seat(), pytest.raises(VaultError):
        vault_of(room, seat_b).unseal(row)
    row.sheet.round = 2
    with on_every_seat(), pytest.raises(VaultError):
        vault_of(room, row.seat).unseal(row)


def test_a_changed_commitment_is_noticed(cast: Cast) -> None:
    room = room_of_two(cast)
    seal_short(room, cast.anna)
    (row,) = stored(SealedAnswers)
    row.sheet = SealedSheet.objects.get()
    row.sheet.commitment = "0" * 64
    with on_every_seat(), pytest.raises(BrokenSealError):
        vault_of(room, row.seat).unseal(row)


def test_everybody_is_told_when_all_have_sealed(
    cast: Cast, django_capture_on_commit_callbacks
) -> None:
    room = open_two_sided(cast)
    guest = come_in(invite_clara(cast, room))
    seal_short(room, cast.anna)
    with django_capture_on_commit_callbacks(execute=True):
        seal_short(room, guest)
    (*_, to_anna), (*_, to_clara) = mails_to("anna@example.org"), mails_to("clara@example.org")
    assert f"/rooms/{room.uid}/" in to_anna.text
    assert "/s/" in to_clara.text
    assert "Everybody has sealed" in to_clara.html
