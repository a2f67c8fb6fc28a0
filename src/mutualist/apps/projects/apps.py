from __future__ import annotations

from typing import ClassVar

from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    """Registered projects: who was first with a customer, and how long that is protected."""

    name = "mutualist.apps.projects"
    label = "projects"
    shared_tables: ClassVar[dict[str, str]] = {}

    def ready(self) -> None:
        """Make the audit kinds and what is encrypted known."""
        from mutualist.apps.projects import audit_kinds, beside, tasks, upcoming, wrapped  # noqa: F401  (register on import)

        beside.register()
        upcoming.register()
