"""Rooms whose time is over: first they close, later they are deleted."""

from __future__ import annotations

from django.db import transaction

from mutualist.apps.rooms.actions.ground import note
from mutualist.apps.rooms.actions.leaving import _here, delete_room_rows
from mutualist.apps.rooms.actions.rounds import _close
from mutualist.apps.rooms.models import Room
from mutualist.apps.rooms.queries.access import room_for_update


@transaction.atomic
def close_idle(room: Room) -> None:
    """Close a room in which nothing happens any more; opened results stay readable."""
    locked = room_for_update(room)
    if locked.state == Room.State.CLOSED:
        return
    _close(_here(locked), Room.Outcome.ENDED)
    note("rooms.room.closed_by_clock", _here(locked))


@transaction.atomic
def delete_for_good(room: Room) -> None:
    """Delete a room that was closed long ago, with its results."""
    locked = room_for_update(room)
    note("rooms.room.deleted", _here(locked))
    delete_room_rows(locked)
