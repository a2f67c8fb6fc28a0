"""What this app keeps under the key-encryption key."""

from __future__ import annotations

from typing import Any

from mutualist.apps.core.wrapping import WrappedColumn, register_wrapped


def _of_mail(mail: Any) -> bytes:
    return f"mail:{mail.uid}".encode()


register_wrapped(WrappedColumn("core.OutboxMail", "key", _of_mail))
