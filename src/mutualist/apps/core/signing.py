"""The signature of this installation: on receipts and on heads of audit chains.

The private key stands in the environment (``MUTUALIST_SIGNING_KEY``) or in a file of the data folder, never in the
database. A signature proves to a third party that this installation wrote the document; it does not keep the operator,
who holds the key, from signing something else later. That is why heads are mailed to all sides.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from django.conf import settings

from mutualist.apps.core.environment import SettingError, secret_from
from mutualist.domain.shared import Head, key_fingerprint, receipt_message

LEAST = 32
WRONG_KEY = "MUTUALIST_SIGNING_KEY: expected at least 32 bytes in base64 (letters, digits, - and _)"


@cache
def _private_key(value: str | None, file: str) -> Ed25519PrivateKey:
    text = secret_from(value, Path(file))
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (ValueError, binascii.Error) as error:
        raise SettingError(WRONG_KEY) from error
    if len(raw) < LEAST:
        raise SettingError(WRONG_KEY)
    seed = hashlib.sha256(b"mutualist/signing/v1" + raw).digest()
    return Ed25519PrivateKey.from_private_bytes(seed)


def _key() -> Ed25519PrivateKey:
    file = settings.MUTUALIST_DATA / "keys" / "signing-key"
    return _private_key(os.environ.get("MUTUALIST_SIGNING_KEY"), str(file))


def public_key() -> str:
    """Return the public key of this installation: 64 hexadecimal digits."""
    return _key().public_key().public_bytes_raw().hex()


def public_fingerprint() -> str:
    """Return the public key as people compare it."""
    return key_fingerprint(public_key())


def signed_head(head: Head) -> Head:
    """Return a head with key and signature of this installation."""
    mine = replace(head, key=public_key(), signature="")
    return replace(mine, signature=_key().sign(mine.message).hex())


def signed_receipt(receipt: Mapping[str, Any]) -> dict[str, Any]:
    """Return a receipt with key and signature of this installation."""
    mine = {**receipt, "key": public_key(), "key_fingerprint": public_fingerprint()}
    return {**mine, "signature": _key().sign(receipt_message(mine)).hex()}


def head_holds(head: Head, key: str) -> bool:
    """Whether a head was signed with this public key and not changed since."""
    try:
        public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(key))
        public.verify(bytes.fromhex(head.signature), head.message)
    except (InvalidSignature, ValueError):
        return False
    return head.key == key
