from __future__ import annotations

from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    """What leaves the house: mails, webhooks, and what is done by the clock."""

    name = "mutualist.apps.delivery"
    label = "delivery"

    def ready(self) -> None:
        """Make the audit kinds and tasks known and listen to the stream of what is done."""
        from mutualist.apps.core import stream
        from mutualist.apps.delivery import audit_kinds, tasks, watched, wrapped  # noqa: F401  (register on import)
        from mutualist.apps.delivery.events import follow

        stream.follow(follow)
