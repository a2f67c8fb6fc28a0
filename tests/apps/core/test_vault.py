from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mutualist.apps.core.environment import SettingError
from mutualist.apps.core.keyring import kek_of, new_key_text
from mutualist.apps.core.tokens import digest, new_token
from mutualist.apps.core.vault import Vault, VaultError, check_key, new_wrapped_key

ROOM = b"room:1"
WRAPPED = new_wrapped_key(context=ROOM)


@given(st.binary(max_size=300), st.binary(max_size=30))
def test_what_is_encrypted_comes_back(plaintext: bytes, place: bytes) -> None:
    vault = Vault(WRAPPED, ROOM)
    sealed = vault.encrypt(plaintext, aad=place)
    assert vault.decrypt(sealed, aad=place) == plaintext
    assert len(plaintext) < 4 or plaintext not in sealed


def test_the_same_text_never_gives_the_same_ciphertext() -> None:
    vault = Vault(WRAPPED, ROOM)
    assert vault.encrypt(b"2.2: 5", aad=b"") != vault.encrypt(b"2.2: 5", aad=b"")


def test_a_ciphertext_moved_elsewhere_does_not_open() -> None:
    vault = Vault(WRAPPED, ROOM)
    sealed = vault.encrypt(b"secret", aad=b"seat A")
    with pytest.raises(VaultError):
        vault.decrypt(sealed, aad=b"seat B")
    with pytest.raises(VaultError):
        Vault(new_wrapped_key(context=ROOM), ROOM).decrypt(sealed, aad=b"seat A")


def test_a_changed_ciphertext_does_not_open() -> None:
    vault = Vault(WRAPPED, ROOM)
    sealed = bytearray(vault.encrypt(b"secret", aad=b""))
    for place in range(len(sealed)):
        broken = bytearray(sealed)
        broken[place] ^= 1
        with pytest.raises(VaultError):
            vault.decrypt(bytes(broken), aad=b"")


def test_a_key_of_another_room_does_not_unwrap() -> None:
    with pytest.raises(VaultError):
        Vault(WRAPPED, b"room:2")


def test_a_vault_never_shows_its_key() -> None:
    assert repr(Vault(WRAPPED, ROOM)) == "Vault(…)"


def test_tokens_are_long_and_only_their_digest_is_kept() -> None:
    token, kept = new_token()
    assert len(token) >= 43
    assert kept == digest(token)
    assert token not in kept
    assert new_token()[0] != token


@pytest.mark.parametrize("key", ["kurz", "äöü", "!" * 60, "A" * 40, "Zm9v IGJhcg" * 9])
def test_a_weak_or_mistyped_key_is_refused(monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    """Letters outside the alphabet are not skipped: next to nothing would be left as a key."""
    monkeypatch.setenv("MUTUALIST_KEY", key)
    with pytest.raises(SettingError, match="MUTUALIST_KEY"):
        check_key()


@pytest.mark.parametrize("key", ["Ab-_" * 11, "A" * 43, "A" * 43 + "="])
def test_a_key_of_32_bytes_is_taken(monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    monkeypatch.setenv("MUTUALIST_KEY", key)
    assert Vault(new_wrapped_key(context=ROOM), ROOM).encrypt(b"secret", aad=b"")


def test_a_new_key_has_384_bits_and_is_taken() -> None:
    made = new_key_text()
    assert len(made) == 64
    assert made != new_key_text()
    assert kek_of(made).id != kek_of(new_key_text()).id
