from __future__ import annotations

from typing import ClassVar

from django.apps import AppConfig


class LettersConfig(AppConfig):
    """Mails by the clock to both sides of a programme, and their calendars."""

    name = "mutualist.apps.letters"
    label = "letters"
    shared_tables: ClassVar[dict[str, str]] = {}

    def ready(self) -> None:
        """Make the audit kinds, the tasks and what is shown beside known."""
        from mutualist.apps.letters import audit_kinds, beside, tasks  # noqa: F401

        beside.register()
