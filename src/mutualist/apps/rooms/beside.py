"""What other parts of the product show beside a room's result: they name themselves here when they start."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from mutualist.apps.core.actor import Actor
from mutualist.apps.rooms.values import OpenedRoom


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the result page: a template and what it shows."""

    template: str
    content: Mapping[str, Any]


#: Each gets who looks, the room and the round they see, and returns a section or nothing.
beside_result: list[Callable[[Actor, Any, OpenedRoom], Section | None]] = []


def sections(actor: Actor, room: Any, opened: OpenedRoom) -> list[Section]:
    """Return what is shown beside the result."""
    found = (show(actor, room, opened) for show in beside_result)
    return [section for section in found if section is not None]
