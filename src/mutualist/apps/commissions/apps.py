from __future__ import annotations

from typing import ClassVar

from django.apps import AppConfig


class CommissionsConfig(AppConfig):
    """Commissions: rules, invoices, the journal, payments, statements."""

    name = "mutualist.apps.commissions"
    label = "commissions"
    shared_tables: ClassVar[dict[str, str]] = {}

    def ready(self) -> None:
        """Make the audit kinds, the tasks and what is wrapped known."""
        from mutualist.apps.commissions import audit_kinds, beside, tasks, upcoming, wrapped  # noqa: F401

        beside.register()
        upcoming.register()
