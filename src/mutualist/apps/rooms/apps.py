from __future__ import annotations

from django.apps import AppConfig


class RoomsConfig(AppConfig):
    """Rooms: sealed answers, opened together."""

    name = "mutualist.apps.rooms"
    label = "rooms"

    def ready(self) -> None:
        """Make the audit kinds known."""
        from mutualist.apps.rooms import audit_kinds  # noqa: F401  (registers on import)
