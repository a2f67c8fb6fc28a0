from __future__ import annotations

from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    """What people may ask of us: a copy, erasure, and that nothing is kept for too long."""

    name = "mutualist.apps.privacy"
    label = "privacy"

    def ready(self) -> None:
        """Make audit kinds and tasks known; refuse periods that cannot be meant."""
        from mutualist.apps.privacy import audit_kinds, tasks  # noqa: F401  (register on import)
        from mutualist.apps.privacy.retention import check_setting

        check_setting()
