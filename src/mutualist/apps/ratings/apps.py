from __future__ import annotations

from typing import ClassVar

from django.apps import AppConfig


class RatingsConfig(AppConfig):
    """Ratings in both directions between a vendor and its partners."""

    name = "mutualist.apps.ratings"
    label = "ratings"
    shared_tables: ClassVar[dict[str, str]] = {}

    def ready(self) -> None:
        """Make the audit kind known, and what is shown of a partner."""
        from mutualist.apps.ratings import audit_kinds, beside, tasks  # noqa: F401

        beside.register()
