from __future__ import annotations

from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    """What people may ask of us: a copy, erasure, and that nothing is kept for too long."""

    name = "mutualist.apps.privacy"
    label = "privacy"

    def ready(self) -> None:
        """Make the audit kinds known."""
        from mutualist.apps.privacy import audit_kinds  # noqa: F401  (registers on import)
