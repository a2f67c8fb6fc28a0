"""Encryption at rest: each room has a key, wrapped by a key that is not in the database.

The key-encryption key stands in the environment (``MUTUALIST_KEY``) or in a file of the data
folder; whoever holds only the database, or a copy of it, cannot read what rooms keep sealed.
Whoever runs the server holds both: the pages say so.
"""

from __future__ import annotations

import logging
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.utils.translation import gettext_lazy as _

from mutualist.apps.core.environment import SettingError
from mutualist.apps.core.errors import ActionError
from mutualist.apps.core.keyring import ID, KEY, Kek, Keyring, keyring, there_is_a_key

logger = logging.getLogger(__name__)
NONCE = 12
TAG = 16
LEAST = 1 + NONCE + TAG
PLAIN = b"\x01"
# A wrapped key names the key-encryption key it needs; those of the first version did not.
NAMED = b"\x02"


class VaultError(ActionError):
    """A ciphertext does not belong to this key or place, or was changed.

    Mostly the key file was lost or a database was restored without it; the page says so.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(
            "unreadable",
            _(
                "The answers of this room cannot be read: the key of this installation does not fit "
                "its database. The operator has to restore the folder “keys” from the backup."
            ),
            status=503,
        )
        logger.error("vault: %s", reason)


def check_key(*, make: bool = True) -> None:
    """Read the keys once, so that a wrong or lost one is told at the start and not to the first visitor.

    Parameters
    ----------
    make
        Make and remember the first keys of an installation; else only look.

    Raises
    ------
    SettingError
        If the key-encryption key or the signing key cannot be read, is lost, or is not the one this database was used
        with.
    """
    from mutualist.apps.core import signing_keys
    from mutualist.apps.core.key_in_use import require_fitting
    from mutualist.apps.core.wrapping import anything_wrapped

    if make or there_is_a_key() or anything_wrapped():
        require_fitting(keyring(afresh=True), make=make)
    signing_keys.require_fitting(make=make)


def _seal(key: bytes, plaintext: bytes, aad: bytes) -> bytes:
    nonce = secrets.token_bytes(NONCE)
    return PLAIN + nonce + AESGCM(key).encrypt(nonce, plaintext, aad)


def _opened(key: bytes, data: bytes, aad: bytes) -> bytes | None:
    try:
        return AESGCM(key).decrypt(data[1 : 1 + NONCE], data[1 + NONCE :], aad)
    except InvalidTag:
        return None


def _open(key: bytes, ciphertext: bytes, aad: bytes) -> bytes:
    data = bytes(ciphertext)
    # AES-GCM refuses a nonce that is too short with an error of its own.
    if data[:1] != PLAIN or len(data) < LEAST:
        raise VaultError("unknown form of ciphertext")
    plaintext = _opened(key, data, aad)
    if plaintext is None:
        raise VaultError("the ciphertext does not belong here or was changed")
    return plaintext


def new_wrapped_key(*, context: bytes) -> bytes:
    """Make a fresh key and return it wrapped for `context`, ready to be stored.

    The column it is stored in has to be registered: :func:`mutualist.apps.core.wrapping.register_wrapped`.
    """
    return wrap(_keyring().current, secrets.token_bytes(KEY), context)


def _keyring(*, afresh: bool = False) -> Keyring:
    try:
        return keyring(afresh=afresh)
    except SettingError as error:
        raise VaultError(str(error)) from error


def wrap(kek: Kek, key: bytes, context: bytes) -> bytes:
    """Wrap a key with a key-encryption key."""
    return NAMED + kek.id + _seal(kek.secret, key, b"wrap:" + context)


def unwrap(wrapped: bytes, context: bytes) -> bytes:
    """Return a wrapped key, with whichever of the key-encryption keys it needs."""
    data = bytes(wrapped)
    if data[:1] != NAMED:
        return _unwrap_unnamed(data, context)
    name, sealed = data[1 : 1 + ID], data[1 + ID :]
    # The key may have been changed since this process read it.
    kek = _keyring().named(name) or _keyring(afresh=True).named(name)
    if kek is None:
        raise VaultError(f"wrapped by a key-encryption key that is not here: {name.hex()}")
    return _open(kek.secret, sealed, b"wrap:" + context)


def wrapped_by(wrapped: bytes) -> str:
    """Return the id of the key-encryption key a wrapped key names, in hex; nothing if it names none."""
    data = bytes(wrapped)
    return data[1 : 1 + ID].hex() if data[:1] == NAMED else ""


def _unwrap_unnamed(data: bytes, context: bytes) -> bytes:
    """Try every key: the first version did not write down which one it was."""
    if data[:1] != PLAIN or len(data) < LEAST:
        raise VaultError("unknown form of wrapped key")
    tried = (_opened(kek.secret, data, b"wrap:" + context) for kek in _keyring().keys)
    key = next((found for found in tried if found is not None), None)
    if key is None:
        raise VaultError("no key-encryption key that is here opens this key")
    return key


class Vault:
    """Encrypts and decrypts with one wrapped key.

    Parameters
    ----------
    wrapped
        What :func:`new_wrapped_key` returned.
    context
        The same bytes as then; a key moved to another room does not open.
    """

    __slots__ = ("_key",)

    def __init__(self, wrapped: bytes, context: bytes) -> None:
        self._key = unwrap(wrapped, context)

    def __repr__(self) -> str:
        return "Vault(…)"

    def encrypt(self, plaintext: bytes, *, aad: bytes) -> bytes:
        """Encrypt with AES-256-GCM; `aad` names the place the ciphertext belongs to."""
        return _seal(self._key, plaintext, aad)

    def decrypt(self, ciphertext: bytes, *, aad: bytes) -> bytes:
        """Decrypt; raises :class:`VaultError` when key, place or content do not match."""
        return _open(self._key, ciphertext, aad)
