from __future__ import annotations

from django.apps import AppConfig


class OperationsConfig(AppConfig):
    """Backup, restore and the checks of an installation; it has no tables of its own."""

    name = "mutualist.apps.operations"
    label = "operations"
