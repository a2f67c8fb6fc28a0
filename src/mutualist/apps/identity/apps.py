from __future__ import annotations

from django.apps import AppConfig


class IdentityConfig(AppConfig):
    """People and organisations."""

    name = "mutualist.apps.identity"
    label = "identity"

    def ready(self) -> None:
        """Make the audit kinds known."""
        from mutualist.apps.identity import audit_kinds, hearers  # noqa: F401  (register on import)
