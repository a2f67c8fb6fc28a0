"""Names of persons and amounts of a registration: encrypted under a key of their own."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from mutualist.apps.core.vault import Vault, new_wrapped_key
from mutualist.apps.projects.models import Withheld

#: Lengths are hidden in steps of so many bytes.
STEP = 256
#: What is withheld until the vendor has accepted.
FIELDS = ("person", "role", "email", "phone", "amount", "currency")


def place_of(uid: UUID) -> bytes:
    """Return what key and ciphertext are bound to."""
    return f"project:{uid}".encode()


def plain(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is withheld, as it is read again."""
    return {name: content.get(name, "") for name in FIELDS}


def sealed(uid: UUID, content: Mapping[str, Any]) -> dict[str, bytes]:
    """Return key and ciphertext of what is withheld."""
    place = place_of(uid)
    key = new_wrapped_key(context=place)
    written = json.dumps(plain(content)).encode()
    padded = written + b" " * (-len(written) % STEP)
    return {"key": key, "ciphertext": Vault(key, place).encrypt(padded, aad=place)}


def opened(row: Withheld, uid: UUID) -> dict[str, Any]:
    """Return what was withheld."""
    place = place_of(uid)
    content = Vault(bytes(row.key), place).decrypt(bytes(row.ciphertext), aad=place)
    found: dict[str, Any] = json.loads(content)
    return found
