"""Carry out something only in the state the caller has seen."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction

from mutualist.apps.core.actor import Actor
from mutualist.apps.core.errors import CHANGED, Conflict
from mutualist.apps.rooms.models import Room
from mutualist.apps.rooms.queries.access import room_for_update
from mutualist.apps.rooms.queries.sheets import draft_sheet
from mutualist.apps.rooms.queries.status import room_version
from mutualist.apps.rooms.values import DraftSheet


@contextmanager
def unchanged(room: Room, versions: Collection[int] | None) -> Iterator[None]:
    """Run the block while a room has one of these versions; nobody changes it until the block ends.

    Raises
    ------
    Conflict
        ``changed_elsewhere``, if something else has been done in the room.
    """
    with transaction.atomic():
        if versions is not None:
            current = room_version(room_for_update(room))
            if current not in versions:
                seen = max(versions, default=0)
                raise _conflict({"version": seen}, {"version": current}, current)
        yield


@contextmanager
def unchanged_sheet(
    actor: Actor, room: Room, tags: Collection[str] | None, tag_of: Callable[[DraftSheet], str]
) -> Iterator[None]:
    """Run the block while the actor's own sheet is the one these tags name."""
    with transaction.atomic():
        if tags is not None:
            current = tag_of(draft_sheet(actor, room_for_update(room)))
            if current not in tags:
                raise _conflict({"etag": next(iter(tags), "")}, {"etag": current}, 0)
        yield


def _conflict(mine: Any, theirs: Any, version: int) -> Conflict:
    return Conflict(
        "changed_elsewhere",
        CHANGED,
        mine=mine,
        theirs=theirs,
        version=version,
        status=412,
    )
