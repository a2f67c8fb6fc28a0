"""Check that a webhook came from this software and was not changed or sent again later.

The scheme is that of *Standard Webhooks*, so its libraries for other languages work as well: the
header ``webhook-signature`` holds ``v1,`` and the base64 of an HMAC-SHA256 over event id, time and
body, joined by full stops. While a secret is being changed there are two signatures.

References
----------
https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping

PREFIX = "whsec_"
#: Seconds a signature may be old, or ahead of our clock.
TOLERANCE = 300


class SignatureError(ValueError):
    """A request did not come from who holds the secret, was changed, or is too old."""


def sign(secret: str, event_id: str, timestamp: int, body: bytes) -> str:
    """Return one signature as it stands in the header.

    Parameters
    ----------
    secret
        ``whsec_`` and base64, as it is shown when an endpoint is added.

    Examples
    --------
    >>> sign("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek",
    ...      1614265330, b'{"test": 2432232314}')
    'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE='
    """
    signed = f"{event_id}.{timestamp}.".encode() + body
    mac = hmac.new(_key(secret), signed, hashlib.sha256).digest()
    return "v1," + base64.b64encode(mac).decode("ascii")


def _key(secret: str) -> bytes:
    try:
        return base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except binascii.Error as error:
        raise ValueError("a webhook secret is whsec_ and base64") from error


def verify(headers: Mapping[str, str], body: bytes, secret: str, *, now: float) -> str:
    """Check a request and return its event id; whoever has seen that id before ignores it.

    Parameters
    ----------
    headers
        The headers of the request; upper and lower case make no difference.
    body
        The body exactly as it came, before anything reads it as JSON.
    now
        This moment in seconds since 1970: ``time.time()``.

    Raises
    ------
    SignatureError
        When a header is missing, no signature fits, or the time is off by more than 300 seconds.
    """
    found = {name.lower(): value for name, value in headers.items()}
    event_id, stamp = found.get("webhook-id", ""), found.get("webhook-timestamp", "")
    if not event_id or not stamp.isascii() or not stamp.isdigit():
        raise SignatureError("webhook-id or webhook-timestamp is missing")
    if abs(now - int(stamp)) > TOLERANCE:
        raise SignatureError("the signature is too old, or one of the clocks is wrong")
    wanted = sign(secret, event_id, int(stamp), body)
    given = found.get("webhook-signature", "").split()
    # In constant time: nothing is to be learnt from how long a wrong one takes.
    if not any(hmac.compare_digest(wanted.encode(), one.encode()) for one in given):
        raise SignatureError("no signature fits")
    return event_id
