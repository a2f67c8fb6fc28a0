from __future__ import annotations

from django.apps import AppConfig


class RoomsConfig(AppConfig):
    """Rooms: sealed answers, opened together."""

    name = "mutualist.apps.rooms"
    label = "rooms"

    def ready(self) -> None:
        """Make the audit kinds known, and who may get an answer about a room once more."""
        from mutualist.apps.core.idempotency import may_see
        from mutualist.apps.rooms import audit_kinds, hearers, tasks  # noqa: F401  (register on import)
        from mutualist.apps.rooms.queries.access import sees_what_is_asked

        may_see.append(sees_what_is_asked)
