from __future__ import annotations

from typing import ClassVar

from django.apps import AppConfig


class ProgrammeConfig(AppConfig):
    """Partner programmes: rules, partners, levels, reviews."""

    name = "mutualist.apps.programme"
    label = "programme"
    shared_tables: ClassVar[dict[str, str]] = {}

    def ready(self) -> None:
        """Make the audit kinds known, and which organisations hear of them."""
        from mutualist.apps.programme import (  # noqa: F401  (register on import)
            audit_kinds,
            hearers,
            tasks,
        )
        from mutualist.apps.programme.beside import sections
        from mutualist.apps.programme.pages.home import part
        from mutualist.apps.programme.pages.joined_beside import (
            agreement_section,
            checklist_section,
        )
        from mutualist.apps.programme.pages.rooms_beside import beside_room, rooms_section
        from mutualist.apps.programme.pages.ways import plan_section
        from mutualist.apps.rooms.beside import beside_home, beside_result

        beside_home.append(part)
        beside_result.append(beside_room)
        sections.extend((plan_section, checklist_section, agreement_section, rooms_section))
