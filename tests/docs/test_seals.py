"""The byte format on the seals page is followed by hand, without the code it describes."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import uuid
from pathlib import Path
from types import SimpleNamespace

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from mutualist.apps.core.vault import new_wrapped_key
from mutualist.apps.rooms.sealing import SeatVault
from mutualist.domain.assess import builtin_ruleset
from mutualist.domain.shared import commitment, fingerprint

DOCS = Path(__file__).resolve().parents[2] / "docs"


@pytest.fixture(params=["de", "en"])
def page(request):
    return (DOCS / request.param / "seals.md").read_text(encoding="utf-8")


@pytest.fixture
def vector(page):
    return json.loads(re.search(r"```json\n(.*?)```", page, re.DOTALL)[1])


def by_hand(one):
    texts = ("mutualist/seal/v1", one["room"], one["party"], one["questions"], str(one["round"]))
    fields = [
        *(text.encode() for text in texts),
        bytes.fromhex(one["nonce"]),
        one["canonical"].encode(),
    ]
    return hashlib.sha256(
        b"".join(len(part).to_bytes(8, "big") + part for part in fields)
    ).hexdigest()


def test_vector_follows_from_the_description(vector):
    assert by_hand(vector) == vector["commitment"]
    assert vector["fingerprint"] == f"{vector['commitment'][:4]} {vector['commitment'][4:8]}"


def test_vector_is_what_the_program_gives(vector):
    answers = json.loads(vector["canonical"])
    seal = commitment(
        room=vector["room"],
        party=vector["party"],
        questions=vector["questions"],
        round=vector["round"],
        nonce=bytes.fromhex(vector["nonce"]),
        answers=dict(reversed(answers.items())),
    )
    assert (seal, fingerprint(seal)) == (vector["commitment"], vector["fingerprint"])


def place(*parts):
    coded = [str(part).encode() for part in parts]
    return b"".join(len(part).to_bytes(4, "big") + part for part in coded)


def opened(key, ciphertext, data):
    assert ciphertext[0] == 1
    return AESGCM(key).decrypt(ciphertext[1:13], ciphertext[13:], data)


def test_a_sealed_sheet_opens_by_the_description(settings, tmp_path, monkeypatch):
    secret = base64.urlsafe_b64encode(b"s" * 32).decode()
    monkeypatch.setenv("MUTUALIST_KEY", secret)
    room = SimpleNamespace(uid=uuid.UUID(int=7), ruleset="2026.2")
    seat = SimpleNamespace(key="A")
    wrapped = new_wrapped_key(context=place("room", room.uid, "A"))
    sheet = {"1.4": "gt3", "2.2": 5}
    sealed = SeatVault(room, seat, SimpleNamespace(wrapped=wrapped)).seal(2, sheet)

    kek = hashlib.sha256(b"mutualist/kek/v1" + base64.urlsafe_b64decode(secret)).digest()
    assert wrapped[0] == 2
    assert wrapped[1:9] == hashlib.sha256(b"mutualist/key-name/v1" + kek).digest()[:8]
    key = opened(kek, wrapped[9:], b"wrap:" + place("room", room.uid, "A"))
    padded = opened(key, sealed.ciphertext, place("sheet", room.uid, "A", 2, ""))
    assert len(padded) % 4096 == 0
    content = json.loads(padded[4 : 4 + int.from_bytes(padded[:4], "big")])
    assert content["sheet"] == sheet
    one = {"room": str(room.uid), "party": "A", "questions": sealed.question_set, "round": 2}
    canonical = '{"1.4":"gt3","2.2":5}'
    assert by_hand({**one, "nonce": content["nonce"], "canonical": canonical}) == sealed.commitment


def test_the_page_counts_what_is_shown_right(page):
    items = builtin_ruleset("2026.2").items.values()
    shown = {
        kind: [one.number for one in items if one.shown == kind]
        for kind in ("opening", "finding", "mutual", "never", "split")
    }
    assert re.search(rf"^\| {len(shown['opening'])} (of|von) {len(items)} \|", page, re.MULTILINE)
    assert f"| {', '.join(shown['never'])} |" in page
    for kind in ("finding", "mutual", "split"):
        assert f"| {shown[kind][0]} |" in page
        assert len(shown[kind]) == 1
