"""The signature of the installation: its key is kept apart, and a wrong one is named."""

from __future__ import annotations

import re

import pytest

from mutualist.apps.core.environment import SettingError
from mutualist.apps.core.keyring import new_key_text
from mutualist.apps.core.signing import (
    head_holds,
    public_fingerprint,
    public_key,
    signed_head,
    signed_receipt,
)
from mutualist.domain.shared import Head, receipt_message
from mutualist.library.signatures import holds

HEAD = Head("room:1", 2, "ab" * 32, "2026-11-22T15:00:00+00:00", "")


def test_the_key_is_made_once_and_only_its_public_half_is_shown(settings) -> None:
    key = public_key()
    assert re.fullmatch("[0-9a-f]{64}", key)
    assert public_key() == key
    file = settings.MUTUALIST_DATA / "keys" / "signing-key"
    assert file.stat().st_mode & 0o077 == 0
    assert file.read_text() not in key
    assert re.fullmatch("[0-9a-f]{4}( [0-9a-f]{4}){3}", public_fingerprint())


@pytest.mark.parametrize("key", ["kurz", "!" * 60, "A" * 40])
def test_a_weak_or_mistyped_key_is_named(monkeypatch, key) -> None:
    monkeypatch.setenv("MUTUALIST_SIGNING_KEY", key)
    with pytest.raises(SettingError, match="MUTUALIST_SIGNING_KEY"):
        public_key()


def test_a_key_in_the_variable_comes_first(monkeypatch) -> None:
    before = public_key()
    signed = signed_head(HEAD)
    assert head_holds(signed, before)
    monkeypatch.setenv("MUTUALIST_SIGNING_KEY", new_key_text())
    assert public_key() != before
    assert not head_holds(signed, public_key())
    assert head_holds(signed, before), "what was signed before stays signed"


def test_what_is_signed_holds_without_the_installation() -> None:
    receipt = signed_receipt({"schema": "mutualist-receipt/1", "sheet": {"1.4": "gt3"}})
    assert holds(receipt["key"], receipt_message(receipt), receipt["signature"])
    changed = {**receipt, "sheet": {"1.4": "open"}}
    assert not holds(receipt["key"], receipt_message(changed), receipt["signature"])
    head = signed_head(HEAD)
    assert holds(head.key, head.message, head.signature)
    assert not holds(head.key, receipt_message(head.to_dict()), head.signature), "another domain"
