"""What accounts keep under the key-encryption key: the key of second factors."""

from __future__ import annotations

from typing import Any

from mutualist.apps.core.wrapping import WrappedColumn, register_wrapped


def _of_secret(row: Any) -> bytes:
    from mutualist.apps.identity.second_factor import key_context

    return key_context(row.purpose)


register_wrapped(WrappedColumn("identity.SecretKey", "wrapped", _of_secret))
