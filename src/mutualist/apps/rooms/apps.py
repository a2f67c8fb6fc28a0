from __future__ import annotations

from typing import ClassVar

from django.apps import AppConfig


class RoomsConfig(AppConfig):
    """Rooms: sealed answers, opened together."""

    name = "mutualist.apps.rooms"
    label = "rooms"
    # Why all parties of a room may read these; every other table of a room is private.
    shared_tables: ClassVar[dict[str, str]] = {
        "rooms_seat": "who takes part is known to all from the beginning",
        "rooms_answerer": "says who somebody is, before there can be a scope; names are cut by queries",
        "rooms_seatlink": "holds digests of tokens only, and is read before there can be a scope",
        "rooms_sheetprogress": "six segments are shown to all; holds no answer",
        "rooms_sealedsheet": "the commitment is what the others hold a party to; holds no answer",
        "rooms_openpress": "who has pressed is shown to all",
        "rooms_opening": "exists from the opening on, when the result belongs to all",
        "rooms_binding": "what a party agrees to is proposed to all",
        "rooms_outcomeconsent": "a yes or no to a later question; holds no answer",
    }

    def ready(self) -> None:
        """Make the audit kinds known, and who may get an answer about a room once more."""
        from mutualist.apps.core.idempotency import may_see
        from mutualist.apps.rooms import audit_kinds, hearers, tasks, watched, wrapped  # noqa: F401  (register on import)
        from mutualist.apps.rooms.queries.access import sees_what_is_asked

        may_see.append(sees_what_is_asked)
