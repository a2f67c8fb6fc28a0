from __future__ import annotations

from django.apps import AppConfig


class IdentityConfig(AppConfig):
    """People and organisations."""

    name = "mutualist.apps.identity"
    label = "identity"

    def ready(self) -> None:
        """Make known what is recorded, who hears of it, and what is kept under the key-encryption key."""
        from mutualist.apps.identity import audit_kinds, hearers, wrapped  # noqa: F401  (register on import)
