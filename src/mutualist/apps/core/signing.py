"""The signature of this installation: on receipts and on heads of audit chains.

The private key stands in the environment (``MUTUALIST_SIGNING_KEY``) or in a file of the data folder, never in the
database. A signature proves to a third party that this installation wrote the document; it does not keep the operator,
who holds the key, from signing something else later. That is why heads are mailed to all sides.

The file is made at first use and never again: a new key in the place of a lost one would make everything given out
before look foreign, and nobody would know why.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from mutualist.apps.core.environment import SettingError
from mutualist.apps.core.errors import LostSecretError
from mutualist.apps.core.secret_files import read_secret, write_once
from mutualist.domain.shared import Head, key_fingerprint, receipt_message

LEAST = 32
VARIABLE = "MUTUALIST_SIGNING_KEY"
WRONG_KEY = "{name}: expected at least 32 bytes in base64 (letters, digits, - and _)"
LOST_KEY = (
    "The signing key is missing: neither MUTUALIST_SIGNING_KEY nor the file {file} is there, but heads or receipts "
    "were signed with it. Restore the folder “keys” from the backup. No new key was made. If it is lost for good: "
    "mutualist keys rotate --signing"
)


class LostSigningKeyError(LostSecretError):
    """There is no signing key, but there is something that only the lost one could have signed."""

    def __init__(self, file: Path) -> None:
        super().__init__(
            "no_signing_key",
            _(
                "This server cannot sign: its signing key is missing. "
                "The operator has to restore the folder “keys” from the backup."
            ),
            LOST_KEY.format(file=file),
        )


def key_file(ending: str = "") -> Path:
    """Return the file of the key in use, or with an ending the one beside it."""
    file: Path = settings.MUTUALIST_DATA / "keys" / "signing-key"
    return file.with_name(file.name + ending)


def from_environment() -> bool:
    """Whether the key comes from a variable and not from a file."""
    return bool(os.environ.get(VARIABLE))


@lru_cache(maxsize=8)
def private_key(text: str, name: str) -> Ed25519PrivateKey:
    """Make a key of its text; `name` is where the text came from."""
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (ValueError, binascii.Error) as error:
        raise SettingError(WRONG_KEY.format(name=name)) from error
    if len(raw) < LEAST:
        raise SettingError(WRONG_KEY.format(name=name))
    seed = hashlib.sha256(b"mutualist/signing/v1" + raw).digest()
    return Ed25519PrivateKey.from_private_bytes(seed)


def public_half(key: Ed25519PrivateKey) -> str:
    """Return the public key: 64 hexadecimal digits."""
    return key.public_key().public_bytes_raw().hex()


def key_here() -> Ed25519PrivateKey | None:
    """Return the key of this installation, or nothing where there is none; never make one."""
    given = os.environ.get(VARIABLE)
    if given:
        return private_key(given, VARIABLE)
    file = key_file()
    text = read_secret(file)
    return None if text is None else private_key(text, str(file))


def key() -> Ed25519PrivateKey:
    """Return the key of this installation; it is made at first use.

    Raises
    ------
    LostSigningKeyError
        If there is none, and making one would hide that the old one is lost.
    """
    from mutualist.apps.core.signing_keys import anything_signed

    found = key_here()
    if found is not None:
        return found
    file = key_file()
    if anything_signed():
        raise LostSigningKeyError(file)
    from mutualist.apps.core.keyring import new_key_text

    return private_key(write_once(file, new_key_text()), str(file))


def public_key() -> str:
    """Return the public key of this installation: 64 hexadecimal digits."""
    return public_half(key())


def public_fingerprint() -> str:
    """Return the public key as people compare it."""
    return key_fingerprint(public_key())


def signed_head(head: Head) -> Head:
    """Return a head with key and signature of this installation."""
    mine = replace(head, key=public_key(), signature="")
    return replace(mine, signature=key().sign(mine.message).hex())


def signed_receipt(receipt: Mapping[str, Any]) -> dict[str, Any]:
    """Return a receipt with key and signature of this installation."""
    mine = {**receipt, "key": public_key(), "key_fingerprint": public_fingerprint()}
    return {**mine, "signature": key().sign(receipt_message(mine)).hex()}


def head_holds(head: Head, key: str) -> bool:
    """Whether a head was signed with this public key and not changed since."""
    return head.key == key and holds(key, head.message, head.signature)


def holds(key: str, message: bytes, signature: str) -> bool:
    """Whether a signature of a message was made with the private half of this key."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(
            bytes.fromhex(signature), message
        )
    except (InvalidSignature, ValueError):
        return False
    return True
