from __future__ import annotations

from django.apps import AppConfig


class IdentityConfig(AppConfig):
    """People and organisations."""

    name = "mutualist.apps.identity"
    label = "identity"

    def ready(self) -> None:
        """Make known what is recorded, who hears of it, and what is kept under the key-encryption key."""
        from mutualist.apps.core.limiting import known_browser
        from mutualist.apps.identity import audit_kinds, hearers, wrapped  # noqa: F401  (register on import)
        from mutualist.apps.identity.sessions import browser_of

        known_browser.append(browser_of)
