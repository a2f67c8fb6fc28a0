"""Receipts and heads as an installation would sign them, made without one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from mutualist.domain.assess import builtin_ruleset
from mutualist.domain.shared import (
    Head,
    commitment,
    fingerprint,
    key_fingerprint,
    question_set_hash,
    receipt_message,
)

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(32))
SHEET = {
    "header": {"role": "Leitung", "mandate": "up_to", "limit": 50000},
    "1.1": "Bis 2028 vierzig Anlagen über den Großhandel.",
    "1.4": "gt3",
    "2.3": "no",
    "4.4": 70000,
}
PARTIES = {"A": "Nordwerk", "B": "Tauwerk"}


def public(key: Ed25519PrivateKey = KEY) -> str:
    return key.public_key().public_bytes_raw().hex()


def receipt(key: Ed25519PrivateKey = KEY, **changed: Any) -> dict[str, Any]:
    """A receipt that holds; what is changed is committed to and signed as well."""
    one = {
        "room": "7d0f6c1e-52a4-4b8e-9a63-0c5f2e9b1a77",
        "party": "A",
        "questions": question_set_hash(builtin_ruleset("2026.2")),
        "round": 1,
        "nonce": "5a" * 32,
        "sheet": SHEET,
        **changed,
    }
    seal = commitment(
        room=one["room"],
        party=one["party"],
        questions=one["questions"],
        round=one["round"],
        nonce=bytes.fromhex(one["nonce"]),
        answers=one["sheet"],
    )
    document = {
        "schema": "mutualist-receipt/1",
        "name": "PumpenPuls",
        "party_name": PARTIES.get(one["party"], "Grauwerk"),
        "ruleset": "2026.2",
        "sealed_at": "2026-11-22T15:00:00+00:00",
        **one,
        "commitment": seal,
        "fingerprint": fingerprint(seal),
    }
    return signed(document, key)


def signed(document: dict[str, Any], key: Ed25519PrivateKey = KEY) -> dict[str, Any]:
    mine = {**document, "key": public(key), "key_fingerprint": key_fingerprint(public(key))}
    return {**mine, "signature": key.sign(receipt_message(mine)).hex()}


def head(seq: int = 42, key: Ed25519PrivateKey = KEY, **changed: Any) -> Head:
    one = Head("room:7", seq, "9f" * 32, "2026-11-22T15:00:00+00:00", public(key))
    one = replace(one, **changed)
    return replace(one, signature=key.sign(one.message).hex())
