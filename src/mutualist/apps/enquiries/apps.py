from __future__ import annotations

from typing import ClassVar

from django.apps import AppConfig


class EnquiriesConfig(AppConfig):
    """Enquiries: taken in, handed to the able, near and free, answered in time."""

    name = "mutualist.apps.enquiries"
    label = "enquiries"
    shared_tables: ClassVar[dict[str, str]] = {}

    def ready(self) -> None:
        """Make the audit kinds, the tasks and what is shown beside known."""
        from mutualist.apps.enquiries import audit_kinds, beside, tasks, upcoming  # noqa: F401

        beside.register()
        upcoming.register()
