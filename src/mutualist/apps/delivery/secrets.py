"""The secrets endpoints are called with: encrypted at rest, shown once, changed with an overlap."""

from __future__ import annotations

import base64
import secrets

from mutualist.apps.core import clock
from mutualist.apps.core.vault import Vault, new_wrapped_key
from mutualist.apps.delivery.models import Endpoint
from mutualist.library.webhooks import PREFIX, sign


def give_secret(endpoint: Endpoint) -> str:
    """Set a fresh secret on an endpoint that is not yet saved, or gets a new one; return it."""
    if not endpoint.key:
        endpoint.key = new_wrapped_key(context=endpoint.place)
    text = PREFIX + base64.b64encode(secrets.token_bytes(32)).decode("ascii")
    endpoint.secret = Vault(bytes(endpoint.key), endpoint.place).encrypt(
        text.encode(), aad=b"secret"
    )
    return text


def signatures(endpoint: Endpoint, event_id: str, stamp: int, body: bytes) -> str:
    """Return the signatures of a request: one, or two while the old secret still holds."""
    vault = Vault(bytes(endpoint.key), endpoint.place)
    held = [endpoint.secret]
    if endpoint.old_until is not None and endpoint.old_until > clock.now():
        held.append(endpoint.old_secret)
    plain = (vault.decrypt(bytes(one), aad=b"secret").decode() for one in held)
    return " ".join(sign(one, event_id, stamp, body) for one in plain)
