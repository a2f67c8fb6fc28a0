"""Checking signatures (Ed25519, RFC 8032) without a server."""

from __future__ import annotations

import re
from typing import Final

from mutualist.library.errors import FileError
from mutualist.library.words import N_

_KEY: Final = re.compile(r"(?<![0-9a-fA-F])[0-9a-fA-F]{64}(?![0-9a-fA-F])")


def holds(key: str, message: bytes, signature: str) -> bool:
    """Whether a signature fits message and public key, all in hexadecimal digits but the message."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(
            bytes.fromhex(signature), message
        )
    except (InvalidSignature, ValueError):
        return False
    return True


def read_public_key(text: str) -> str:
    """Return the public key that stands in a text: 64 hexadecimal digits, once.

    Raises
    ------
    FileError
        When there is none, or more than one.
    """
    found = {str(key).lower() for key in _KEY.findall(text)}
    if len(found) != 1:
        raise FileError(
            N_("A public key has 64 hexadecimal digits; {count} such keys were found."),
            count=len(found),
        )
    return found.pop()
