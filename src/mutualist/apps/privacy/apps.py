from __future__ import annotations

from typing import ClassVar

from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    """What people may ask of us: a copy, erasure, and that nothing is kept for too long."""

    name = "mutualist.apps.privacy"
    label = "privacy"
    # Why this table of rooms is not private: see core.catalogue.
    shared_tables: ClassVar[dict[str, str]] = {
        "privacy_retentionnotice": "says that all parties were told of the room's end"
    }

    def ready(self) -> None:
        """Make audit kinds and tasks known; refuse periods that cannot be meant."""
        from mutualist.apps.privacy import audit_kinds, tasks  # noqa: F401  (register on import)
        from mutualist.apps.privacy.retention import check_setting

        check_setting()
