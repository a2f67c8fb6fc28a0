from __future__ import annotations

from django.apps import AppConfig


class SupportConfig(AppConfig):
    """What an operator may look at to help, for half an hour and in the open."""

    name = "mutualist.apps.support"
    label = "support"

    def ready(self) -> None:
        """Make the audit kinds known."""
        from mutualist.apps.support import audit_kinds  # noqa: F401  (registers on import)
