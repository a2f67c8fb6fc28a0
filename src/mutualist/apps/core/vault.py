"""Encryption at rest: each room has a key, wrapped by a key that is not in the database.

The key-encryption key stands in the environment (``MUTUALIST_KEY``) or in a file of the data
folder; whoever holds only the database, or a copy of it, cannot read what rooms keep sealed.
Whoever runs the server holds both: the pages say so.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import logging
import os
import secrets
from functools import cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from mutualist.apps.core.environment import SettingError, secret_from
from mutualist.apps.core.errors import ActionError

logger = logging.getLogger(__name__)
NONCE = 12
KEY = 32
WRONG_KEY = "MUTUALIST_KEY: expected at least 32 bytes in base64 (letters, digits, - and _)"


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


@cache
def _key_encryption_key(value: str | None, file: str) -> bytes:
    from pathlib import Path

    text = secret_from(value, Path(file))
    try:
        # Strictly: letters outside the alphabet would be skipped, and next to nothing be a key.
        key = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (ValueError, binascii.Error) as error:
        raise SettingError(WRONG_KEY) from error
    if len(key) < KEY:
        raise SettingError(WRONG_KEY)
    # The file is made with 48 random bytes of text; the hash brings either form to one length.
    return hashlib.sha256(b"mutualist/kek/v1" + key).digest()


def _kek() -> bytes:
    return _key_encryption_key(os.environ.get("MUTUALIST_KEY"), str(settings.MUTUALIST_KEY_FILE))


def check_key() -> None:
    """Read the key once, so that a wrong one is told at the start and not to the first visitor."""
    _kek()


def _seal(key: bytes, plaintext: bytes, aad: bytes) -> bytes:
    nonce = secrets.token_bytes(NONCE)
    return b"\x01" + nonce + AESGCM(key).encrypt(nonce, plaintext, aad)


def _open(key: bytes, ciphertext: bytes, aad: bytes) -> bytes:
    data = bytes(ciphertext)
    if data[:1] != b"\x01":
        raise VaultError("unknown form of ciphertext")
    try:
        return AESGCM(key).decrypt(data[1 : 1 + NONCE], data[1 + NONCE :], aad)
    except InvalidTag as error:
        raise VaultError("the ciphertext does not belong here or was changed") from error


def new_wrapped_key(*, context: bytes) -> bytes:
    """Make a fresh key and return it wrapped for `context`, ready to be stored."""
    return _seal(_kek(), secrets.token_bytes(KEY), b"wrap:" + context)


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
        self._key = _open(_kek(), wrapped, b"wrap:" + context)

    def __repr__(self) -> str:
        return "Vault(…)"

    def encrypt(self, plaintext: bytes, *, aad: bytes) -> bytes:
        """Encrypt with AES-256-GCM; `aad` names the place the ciphertext belongs to."""
        return _seal(self._key, plaintext, aad)

    def decrypt(self, ciphertext: bytes, *, aad: bytes) -> bytes:
        """Decrypt; raises :class:`VaultError` when key, place or content do not match."""
        return _open(self._key, ciphertext, aad)
