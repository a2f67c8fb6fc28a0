from __future__ import annotations

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """What every other app builds on."""

    name = "mutualist.apps.core"
    label = "core"

    def ready(self) -> None:
        """Name what this app records, and what it keeps under the key-encryption key."""
        from mutualist.apps.core import audit_kinds, tasks, watched, wrapped  # noqa: F401  (register on import)
