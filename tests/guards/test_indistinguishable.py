"""Two openings that differ only in a covered answer look the same to the other side, everywhere.

The search for planted words cannot notice a covered choice such as yes or no. So one room is opened
twice, with another covered answer, and every address must answer the other party as before.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client
from django.urls import reverse

from apps.rooms.cast import (
    Cast,
    fill_and_seal,
    fresh,
    make_cast,
    on_every_seat,
    room_of_two,
    sheets,
)
from guards.world import Visitor, asks, plain
from mutualist.apps.identity import actions as identity
from mutualist.apps.identity.models import User
from mutualist.apps.rooms import actions
from mutualist.apps.rooms.models import Draft, Opening, OpenPress, Room, SealedSheet

pytestmark = pytest.mark.django_db

A, B = sheets()["A"], sheets()["B"]
# What no rule reads by itself. Whoever said no to them may not learn what the other said.
QUIET = ("P4", "P6", "P7", "P8", "P10")
REFUSED = {"6.4": {**B["6.4"], **dict.fromkeys(QUIET, "no")}}
# Other answers of Anna, and what Clara answers in both openings.
CASES: Mapping[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "what nobody sees": (
        {
            "4.5": {"plan": "leave", "yield": 999},
            "5.4": {"worst": 1, "limit": 1},
            "6.3": {**A["6.3"], "financed": 35},
            "6.4": {**A["6.4"], "P6": "if", "P10": "if"},
        },
        {},
    ),
    "pledges the other refused": ({"6.4": {**A["6.4"], **dict.fromkeys(QUIET, "yes")}}, REFUSED),
}
# Who sealed when, and what was done in between, differs between any two openings.
WHEN = {"api:get_timeline", "api:get_room", "rooms:room", "rooms:open"}


# Nonces, hashes and signatures are new each time; so are the number of an entry and its moment.
CHANCE = {"rooms:proofs", "rooms:head", "rooms:receipt", "api:get_head", "api:get_receipt"}
BY_CHANCE = re.compile(r"[0-9a-f]{64,128}|seq\W+\d+|\d{4}-\d{2}-\d{2}T[\d:.]+(Z|[+]\d{2}:\d{2})")


@pytest.fixture(autouse=True)
def without_chance(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    settings.EMAIL_BACKEND = "mutualist.apps.core.outbox.OutboxBackend"
    for place in ("results", "status", "evidence"):
        monkeypatch.setattr(
            f"mutualist.apps.rooms.queries.{place}.fingerprint", lambda _commitment: "7f3a 91c2"
        )


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def clara(cast: Cast) -> Visitor:
    client = Client()
    client.force_login(User.objects.get(pk=cast.clara.user_id))
    return Visitor("clara", client, identity.create_api_token("guard", actor=cast.clara))


def _open(cast: Cast, room: Room, a: Mapping[str, Any], b: Mapping[str, Any]) -> None:
    """Open the room, again if need be, at the same moment as before."""
    before = Opening.objects.filter(room=room).first()
    for model in (Opening, OpenPress):
        model.objects.filter(room=room).delete()
    with on_every_seat():
        SealedSheet.objects.filter(room=room).delete()
        Draft.objects.filter(room=room).delete()
    Room.objects.filter(pk=room.pk).update(state="answering")
    fill_and_seal(cast.anna, room, a)
    fill_and_seal(cast.clara, room, b)
    actions.press_open(actor=cast.anna, room=room)
    actions.press_open(actor=cast.clara, room=room)
    if before is not None:
        Opening.objects.filter(room=room).update(opened_at=before.opened_at)
    caches["process"].clear()


def _seen(visitor: Visitor, room: Room) -> dict[str, str]:
    seen = {
        name: _text(answer, room)
        for name, _method, answer in asks(visitor, room.uid, 1, ("GET",))
        if name not in WHEN
    }
    return seen | {name: BY_CHANCE.sub("…", seen[name]) for name in CHANCE}


def _text(answer: Any, room: Room) -> str:
    if answer.content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
            names = [name for name in archive.namelist() if not name.startswith("docProps")]
            return "\n".join(archive.read(name).decode() for name in names)
    if answer.content.startswith(b"%PDF"):
        from pypdf import PdfReader

        pages = PdfReader(io.BytesIO(answer.content)).pages
        return "\n".join(page.extract_text() for page in pages)
    return plain(answer, room.uid)


def test_a_covered_answer_changes_nothing_for_the_other_side(cast: Cast, clara: Visitor) -> None:
    room = room_of_two(cast)
    for case, (differently, by_clara) in CASES.items():
        theirs = {**B, **by_clara}
        _open(cast, room, A, theirs)
        first = _seen(clara, fresh(room))
        _open(cast, room, {**A, **differently}, theirs)
        second = _seen(clara, fresh(room))
        assert [name for name in first if first[name] != second[name]] == [], case
    _open(cast, room, {**A, "1.4": "gt3"}, B)
    assert _seen(clara, fresh(room))["api:get_answers"] != first["api:get_answers"], "it does look"


def test_pledges_cannot_be_tried_out_one_by_one(cast: Cast, clara: Visitor) -> None:
    room = room_of_two(cast)
    _open(cast, room, A, {**B, **REFUSED})
    path = reverse("api:compute", args=[room.uid])
    offered = clara.call("GET", reverse("api:get_changes", args=[room.uid])).json()
    ids = [move["id"] for move in offered["moves"]]
    assert len(ids) > 5
    assert clara.call("POST", path, {"moves": ids}).status_code == 200
    for pledge in QUIET:
        answer = clara.call("POST", path, {"moves": [f"{pledge}:B"]})
        assert (answer.status_code, answer.json()["code"]) == (400, "unknown_move"), pledge
    page = reverse("rooms:compute", args=[room.uid])
    assert clara.client.post(page, {"move": "P4:B"}).status_code == 400
