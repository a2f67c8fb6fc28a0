from __future__ import annotations

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """What every other app builds on."""

    name = "mutualist.apps.core"
    label = "core"
