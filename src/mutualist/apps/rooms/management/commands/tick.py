from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from mutualist.apps.rooms.actions import open_due


class Command(BaseCommand):
    """Does what is due by time; meant to be called every few minutes."""

    help = "Open the rooms whose deadline is over and whose parties have all sealed."

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002  (the shape Django calls)
        """Open what is due and say how much."""
        self.stdout.write(f"{open_due()} opened")
