from __future__ import annotations

from typing import ClassVar

from django.apps import AppConfig

#: Addresses that simulate.
COMPUTING = (
    *("ventures:venture", "ventures:compute", "ventures:versions", "ventures:terms"),
    *("ventures:leaving", "ventures:paper", "ventures:workbook", "ventures:parquet"),
    *("api:simulate_venture", "api:split_venture"),
)


class VenturesConfig(AppConfig):
    """Ventures: how money is meant to flow, and who carries what."""

    name = "mutualist.apps.ventures"
    label = "ventures"
    # Why all parties of a room may read this table.
    shared_tables: ClassVar[dict[str, str]] = {
        "ventures_venture": "the parties of an opened room describe their venture together"
    }

    def ready(self) -> None:
        """Make the audit kinds known, and who may get an answer about a venture once more."""
        from mutualist.apps.core.idempotency import may_see
        from mutualist.apps.core.turns import computing, newest_only
        from mutualist.apps.rooms.beside import beside_result
        from mutualist.apps.ventures import audit_kinds, wrapped  # noqa: F401  (register on import)
        from mutualist.apps.ventures.public import second_witness
        from mutualist.apps.ventures.queries import sees_what_is_asked

        may_see.append(sees_what_is_asked)
        computing.update(COMPUTING)
        newest_only.add("ventures:compute")
        beside_result.append(second_witness)
