"""Two openings that differ only in a covered answer look the same to the other side, everywhere.

The search for planted words cannot notice a covered choice such as yes or no. So the same room is
opened with another covered answer, and every address must answer the other party as before.
"""

from __future__ import annotations

import base64
import io
import zipfile
from collections.abc import Mapping
from typing import Any

import pytest
from apps.rooms.cast import Cast, fill_and_seal, fresh, make_cast, room_of_two, sheets
from django.core.cache import cache
from django.test import Client
from guards.routes import ROOM, ROOM_API
from guards.world import Visitor, asks, plain
from mutualist.apps.identity import actions as identity
from mutualist.apps.identity.models import User
from mutualist.apps.rooms import actions, sealing
from mutualist.apps.rooms.models import Draft, Opening, OpenPress, Room, SealedSheet

pytestmark = pytest.mark.django_db

# Clara, who said no to all of them here, may not learn what Anna said; nor may any rule read it.
NO = {"P4", "P6", "P7", "P8", "P10"}


@pytest.fixture(autouse=True)
def still(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    """Take chance out of seals, so that two openings may be compared byte by byte."""
    settings.EMAIL_BACKEND = "mutualist.apps.core.outbox.OutboxBackend"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    for place in ("mutualist.apps.rooms.queries.results", "mutualist.apps.rooms.queries.status"):
        monkeypatch.setattr(f"{place}.fingerprint", lambda _commitment: "0000 0000")
    assert sealing.DRAFT_STEP


def _open(cast: Cast, room: Room, a: Mapping[str, Any], b: Mapping[str, Any]) -> None:
    """Open the room once more with these answers, at the same moment as before."""
    before = Opening.objects.filter(room=room).first()
    for model in (Opening, SealedSheet, OpenPress, Draft):
        model.objects.filter(room=room).delete()
    Room.objects.filter(pk=room.pk).update(state="answering")
    fill_and_seal(cast.anna, room, a)
    fill_and_seal(cast.clara, room, b)
    actions.press_open(actor=cast.anna, room=room)
    actions.press_open(actor=cast.clara, room=room)
    if before is not None:
        Opening.objects.filter(room=room).update(opened_at=before.opened_at)
    cache.clear()


def _seen(visitor: Visitor, room: Room) -> dict[str, str]:
    found = {}
    for name, method, answer in asks(visitor, room.uid, 1, ("GET",)):
        if name not in {"api:get_timeline", "api:get_room", "rooms:room", "rooms:open"}:
            found[f"{method} {name}"] = _text(answer, room)
    return found


def _text(answer: Any, room: Room) -> str:
    if answer.content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
            parts = [archive.read(n).decode("utf-8", "replace") for n in archive.namelist() if "docProps" not in n]
        return "\n".join(parts)
    if answer.content.startswith(b"%PDF"):
        from pypdf import PdfReader

        pages = PdfReader(io.BytesIO(answer.content)).pages
        return "\n".join(page.extract_text() for page in pages)
    return plain(answer, room.uid)


def _with(sheet: Mapping[str, Any], **items: Any) -> dict[str, Any]:
    return {**sheet, **{key.replace("_", ".")[1:]: value for key, value in items.items()}}


A, B = sheets()["A"], sheets()["B"]
REFUSING = {**B["6.4"], **dict.fromkeys(NO, "no")}
CASES = {
    "what happens without": ({"4.5": {"plan": "leave", "yield": 999}}, {}),
    "worst case": ({"5.4": {"worst": 1, "limit": 1}}, {}),
    "financed months": ({"6.3": {"decision": 7, "financed": 35}}, {}),
    "pledges the other refused": ({"6.4": {**A["6.4"], **dict.fromkeys(NO, "yes")}}, {"6.4": REFUSING}),
    "pledges by if": ({"6.4": {**A["6.4"], "P6": "if", "P10": "if"}}, {}),
}


@pytest.mark.parametrize("case", CASES)
def test_a_covered_answer_changes_nothing_for_the_other_side(case: str) -> None:
    cast = make_cast()
    room = room_of_two(cast)
    mine, theirs = CASES[case]
    client = Client()
    client.force_login(User.objects.get(pk=cast.clara.user_id))
    clara = Visitor("clara", client, identity.create_api_token("guard", actor=cast.clara))
    _open(cast, room, A, {**B, **theirs})
    first = _seen(clara, fresh(room))
    _open(cast, room, {**A, **mine}, {**B, **theirs})
    second = _seen(clara, fresh(room))
    assert len(first) > 20
    different = [name for name in first if first[name] != second[name]]
    for name in different:
        import difflib
        print(name, *list(difflib.unified_diff(first[name].split(">"), second[name].split(">"), n=0))[:12], sep="\n")
    assert different == [], case
