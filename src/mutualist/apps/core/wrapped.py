"""What this app keeps under the key-encryption key."""

from __future__ import annotations

from typing import Any

from mutualist.apps.core.answers import PURPOSE
from mutualist.apps.core.wrapping import WrappedColumn, register_wrapped


def _of_mail(mail: Any) -> bytes:
    return f"mail:{mail.uid}".encode()


def _of_answer(row: Any) -> bytes:
    return PURPOSE + f"{row.caller}\x00{row.key}".encode()


def _split_answer(stored: bytes) -> tuple[bytes, bytes, bytes]:
    end = 2 + int.from_bytes(stored[:2], "big")
    return b"", stored[2:end], stored[end:]


def _rejoin_answer(_before: bytes, key: bytes, after: bytes) -> bytes:
    return len(key).to_bytes(2, "big") + key + after


register_wrapped(
    WrappedColumn("core.OutboxMail", "key", _of_mail),
    WrappedColumn(
        "core.IdempotencyKey", "answer", _of_answer, split=_split_answer, rejoin=_rejoin_answer
    ),
)
