"""Send a mail once: its key and the mail are stored together, or neither is."""

from __future__ import annotations

from typing import Any

from django.core import signing
from django.urls import reverse

from mutualist.apps.core.mail import absolute
from mutualist.apps.letters.models import Sent

_SALT = "letters.stop"


def once(key: str, kind: str, programme: int, **more: Any) -> Sent | None:
    """Take a mail's key; None if it was taken before. Belongs into the transaction that stores the mail.

    Whoever comes second waits on the key until the first stands or is taken back.
    """
    row, made = Sent.objects.get_or_create(
        key=key, defaults={"kind": kind, "programme_id": programme, **more}
    )
    return row if made else None


def stop_address(programme: int, *, contact: int | None = None, user: int | None = None) -> str:
    """Return the address that stops somebody's weekly mail without a login."""
    token = signing.dumps([programme, contact, user], salt=_SALT, compress=False)
    return absolute(reverse("letters:stop", kwargs={"signed": token}))


def stop_of(signed: str) -> tuple[int, int | None, int | None] | None:
    """Return whose mail an address stops: programme, contact, user; None if it was not made here."""
    try:
        programme, contact, user = signing.loads(signed, salt=_SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return programme, contact, user


def unsubscribe(address: str) -> dict[str, str]:
    """Return the headers with which mail programs offer to stop a mail in one click (RFC 8058)."""
    return {
        "List-Unsubscribe": f"<{address}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
