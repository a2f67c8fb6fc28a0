"""What an installation signs, and how people compare its key.

A signature covers a domain name and a document in canonical JSON, each preceded by its length, so that a signed
receipt can never pass for a signed head. The signature itself (Ed25519, RFC 8032) is made and checked elsewhere: this
package knows no cryptography beyond hashes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from mutualist.domain.shared.canonical import canonical_json

SIGNATURE = "signature"
KEY_DOMAIN = "mutualist/signing-key/v1"


def signed_message(domain: str, document: Mapping[str, Any]) -> bytes:
    """Return the bytes a signature of a document covers: everything but the signature itself.

    Examples
    --------
    >>> signed_message("d", {"b": 1, "signature": "00"})[8:9]
    b'd'
    """
    content = {key: value for key, value in document.items() if key != SIGNATURE}
    parts = (domain.encode(), canonical_json(content))
    return b"".join(len(part).to_bytes(8, "big") + part for part in parts)


def key_fingerprint(public_key: str) -> str:
    """Return sixteen digits of a public key's hash as people compare them.

    Parameters
    ----------
    public_key
        64 hexadecimal digits.

    Examples
    --------
    >>> key_fingerprint("00" * 32)
    'ffd7 7930 d0b4 cae9'
    """
    digest = hashlib.sha256(KEY_DOMAIN.encode() + bytes.fromhex(public_key)).hexdigest()
    return " ".join(digest[start : start + 4] for start in range(0, 16, 4))
