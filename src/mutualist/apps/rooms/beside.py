"""What other parts of the product show beside a room's result and on the start page: they name themselves here when they start."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mutualist.apps.core.actor import Actor
from mutualist.apps.rooms.values import OpenedRoom


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the result page: a template and what it shows."""

    template: str
    content: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Task:
    """One line of “What is to do today?” with its one button; the lowest urgency comes first."""

    urgency: int
    title: str
    detail: str
    url: str
    button: str


@dataclass(frozen=True, slots=True)
class HomePart:
    """A part of the start page: what is to be done today, and a template with what it shows."""

    template: str
    content: Mapping[str, Any]
    tasks: Sequence[Task] = ()


#: Each gets who looks, and returns a part of the start page or nothing.
beside_home: list[Callable[[Actor], HomePart | None]] = []
#: Each gets who looks, the room and the round they see, and returns a section or nothing.
beside_result: list[Callable[[Actor, Any, OpenedRoom], Section | None]] = []


def sections(actor: Actor, room: Any, opened: OpenedRoom) -> list[Section]:
    """Return what is shown beside the result."""
    found = (show(actor, room, opened) for show in beside_result)
    return [section for section in found if section is not None]


def home_parts(actor: Actor) -> list[HomePart]:
    """Return what other parts have for the start page."""
    found = (show(actor) for show in beside_home)
    return [part for part in found if part is not None]
