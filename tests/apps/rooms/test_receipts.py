"""A party takes the receipt of its own seal home, nobody else's, and it holds without the server."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from django.urls import reverse

from apps.rooms.cast import (
    SHORT,
    Cast,
    come_in,
    convened_room,
    fill_and_seal,
    fresh,
    opened_room,
    room_of_two,
    seal_short,
    sheets,
)
from mutualist.apps.core.errors import NotAllowed
from mutualist.apps.core.signing import public_key
from mutualist.apps.identity.models import User
from mutualist.apps.rooms import actions
from mutualist.apps.rooms.models import SealedSheet
from mutualist.apps.rooms.queries import evidence, export_room, opened, proofs, receipt
from mutualist.domain.shared import find_heads
from mutualist.library.receipts import verify_receipt

pytestmark = pytest.mark.django_db


def client_of(actor, language="en") -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(User.objects.get(pk=actor.user_id))
    return client


def test_a_receipt_holds_without_the_server(cast: Cast) -> None:
    room = room_of_two(cast)
    fill_and_seal(cast.anna, room, sheets()["A"])
    found = receipt(cast.anna, fresh(room))
    row = SealedSheet.objects.get()
    assert (found["commitment"], found["round"], found["party"]) == (row.commitment, 1, "A")
    assert found["sheet"]["1.1"] == sheets()["A"]["1.1"]
    check = verify_receipt(json.loads(json.dumps(found)), public_key=public_key())
    assert check.messages() == ()


@pytest.mark.parametrize("field", ["sheet", "nonce", "party", "round", "room", "questions"])
def test_a_changed_receipt_does_not(cast: Cast, field: str) -> None:
    room = room_of_two(cast)
    seal_short(room, cast.anna)
    found = receipt(cast.anna, fresh(room))
    other = {
        "sheet": {**found["sheet"], "1.4": "lt1"},
        "nonce": "00" * 32,
        "party": "B",
        "round": 2,
        "room": "another",
        "questions": "00" * 32,
    }
    codes = {doubt.code for doubt in verify_receipt({**found, field: other[field]}).doubts}
    assert {"commitment", "signature"} <= codes


def test_only_the_own_lead_has_it_before_the_opening(cast: Cast) -> None:
    room = room_of_two(cast)
    jonas = come_in(
        actions.add_colleague(
            actor=cast.anna, room=room, name="Jonas", email="jonas@example.org", language="en"
        )
    )
    seal_short(room, cast.anna)
    for actor in (jonas, cast.ben, cast.clara, *cast.strangers):
        with pytest.raises(NotAllowed):
            receipt(actor, fresh(room))
        with pytest.raises(NotAllowed):
            receipt(actor, fresh(room), 1, "A")
    for actor in (jonas, cast.ben, cast.clara):
        assert proofs(actor, fresh(room)).receipts == ()
    seal_short(room, cast.clara)
    assert receipt(cast.clara, fresh(room))["party"] == "B"
    with pytest.raises(NotAllowed):
        receipt(cast.clara, fresh(room), 1, "A")


def test_after_the_opening_the_own_house_has_it(cast: Cast) -> None:
    room = opened_room(cast)
    assert receipt(cast.ben, room)["party"] == "A"
    assert receipt(cast.clara, room)["party"] == "B"
    for actor in cast.strangers:
        with pytest.raises(NotAllowed):
            receipt(actor, room)
    with pytest.raises(NotAllowed):
        receipt(cast.ben, room, 1, "B")
    with pytest.raises(NotAllowed):
        receipt(cast.ben, room, 2)


def test_a_neutral_host_has_none(cast: Cast) -> None:
    room, ida, paul = convened_room(cast)
    for actor in (ida, paul):
        fill_and_seal(actor, room, SHORT)
    for actor in (ida, paul):
        actions.press_open(actor=actor, room=room)
    for actor in (ida, paul):
        actions.share_result(actor=actor, room=room, share=True)
    assert proofs(cast.greta, fresh(room)).receipts == ()
    with pytest.raises(NotAllowed):
        receipt(cast.greta, fresh(room))
    assert receipt(ida, fresh(room))["party"] == "A", "by link, without an account"


def test_a_seal_taken_back_leaves_no_receipt(cast: Cast) -> None:
    room = room_of_two(cast)
    seal_short(room, cast.anna)
    first = receipt(cast.anna, fresh(room))
    actions.take_back(actor=cast.anna, room=room)
    with pytest.raises(NotAllowed):
        receipt(cast.anna, fresh(room))
    seal_short(room, cast.anna)
    second = receipt(cast.anna, fresh(room))
    assert first["nonce"] != second["nonce"]
    assert first["commitment"] != second["commitment"], "the same answers, another seal"


def test_the_opened_answers_are_the_sealed_ones(cast: Cast) -> None:
    room = opened_room(cast)
    mine = receipt(cast.anna, room)
    own = verify_receipt(mine, result=export_room(cast.anna, room))
    assert (own.ok, own.compared[0][1]) == (True, "all")
    theirs = verify_receipt(mine, result=export_room(cast.clara, room))
    assert (theirs.ok, theirs.compared[0][1]) == (True, "shown")
    found = opened(cast.clara, room)
    told = {
        "round": 1,
        "parties": dict(found.parties),
        "answers": {party: dict(sheet) for party, sheet in found.visible.items()},
        "fingerprints": dict(found.fingerprints),
    }
    assert verify_receipt(mine, result=told).ok
    told["answers"]["A"]["1.4"] = "open"
    doubts = verify_receipt(mine, result=told).doubts
    assert [(doubt.code, doubt.found) for doubt in doubts] == [("other_answers", "1.4")]


def test_each_round_has_its_receipt(cast: Cast) -> None:
    room = opened_room(cast)
    actions.start_round(actor=cast.anna, room=room)
    assert receipt(cast.anna, fresh(room))["round"] == 1
    seal_short(room, cast.anna)
    assert receipt(cast.anna, fresh(room))["round"] == 2
    assert receipt(cast.anna, fresh(room), 1)["round"] == 1
    with pytest.raises(NotAllowed):
        receipt(cast.ben, fresh(room), 2)
    cards = proofs(cast.anna, fresh(room)).receipts
    assert [(card.round, card.is_opened) for card in cards] == [(2, False), (1, True)]


def test_a_self_check_has_a_receipt_for_each_side(cast: Cast) -> None:
    from apps.rooms.cast import FRAME
    from mutualist.apps.rooms.values import PartySpec

    room = actions.create_room(
        actor=cast.anna,
        mode="alone",
        host=cast.nordwerk,
        frame=FRAME,
        parties=[PartySpec("Nordwerk Pumpen AG"), PartySpec("Tauwerk")],
    )
    actions.seal_sheet(actor=cast.anna, room=room, confirm_open_items=True)
    assert [receipt(cast.anna, fresh(room), 1, key)["party"] for key in "AB"] == ["A", "B"]


@pytest.mark.parametrize(("language", "word"), [("en", "receipt"), ("de", "quittung")])
def test_pages_offer_it(cast: Cast, language: str, word: str) -> None:
    room = room_of_two(cast)
    anna = client_of(cast.anna, language)
    anna.post("/language/", {"language": language})
    address = reverse("rooms:proofs", args=[room.uid])
    assert "receipt.json" not in anna.get(address).content.decode()
    seal_short(room, cast.anna)
    assert address in anna.get(reverse("rooms:room", args=[room.uid])).content.decode()
    assert address in anna.get(reverse("rooms:seal", args=[room.uid])).content.decode()
    assert address in anna.get(reverse("rooms:visibility", args=[room.uid])).content.decode()
    page = anna.get(address).content.decode()
    assert "mutualist seal verify" in page
    assert find_heads(page)[0].chain == f"room:{room.pk}"
    answer = anna.get(f"/rooms/{room.uid}/receipt.json?round=1&seat=A")
    assert answer["Content-Disposition"].startswith("attachment")
    assert f"{word}-A-1" in answer["Content-Disposition"]
    assert "no-store" in answer["Cache-Control"]
    assert verify_receipt(json.loads(answer.content)).ok
    for wrong in ("round=x", "round=99999", "round=2", "seat=B"):
        assert anna.get(f"/rooms/{room.uid}/receipt.json?{wrong}").status_code == 404
    for actor in (cast.clara, cast.ben, cast.dora):
        assert client_of(actor).get(f"/rooms/{room.uid}/receipt.json").status_code == 404
    assert "receipt.json" not in client_of(cast.clara).get(address).content.decode()
    head = client_of(cast.clara).get(f"/rooms/{room.uid}/head.txt")
    assert find_heads(head.content.decode())[0].seq > 0
    assert client_of(cast.dora).get(f"/rooms/{room.uid}/head.txt").status_code == 404
    assert client_of(cast.dora).get(address).status_code == 404


def test_a_seal_taken_back_at_this_moment_is_none(cast: Cast, monkeypatch) -> None:
    room = room_of_two(cast)
    seal_short(room, cast.anna)
    monkeypatch.setattr(evidence, "sealed_answers", lambda *_: None)
    with pytest.raises(NotAllowed):
        receipt(cast.anna, fresh(room))


def test_a_result_page_leads_there(cast: Cast) -> None:
    room = opened_room(cast)
    page = client_of(cast.clara).get(reverse("rooms:result", args=[room.uid])).content.decode()
    assert reverse("rooms:proofs", args=[room.uid]) in page
