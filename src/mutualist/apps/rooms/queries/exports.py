"""A room as a file, holding no more than its reader may see."""

from __future__ import annotations

from typing import Any

from mutualist.apps.core.actor import Actor
from mutualist.apps.core.errors import NotAllowed
from mutualist.apps.rooms.models import Room
from mutualist.apps.rooms.queries.access import parties_of
from mutualist.apps.rooms.queries.results import opened
from mutualist.apps.rooms.queries.sheets import own_sheets
from mutualist.apps.rooms.standing import standing
from mutualist.apps.rooms.values import OpenedRoom


def frame_of(room: Room) -> dict[str, Any]:
    """Return the frame of a room file."""
    frame = {**room.frame, "opens": room.opens}
    if room.deadline is not None:
        frame["deadline"] = room.deadline.isoformat()
    return frame


def export_room(actor: Actor, room: Room, round: int | None = None) -> dict[str, Any]:  # noqa: A002
    """Return a room file.

    Of a round that is opened: the own answers in full and of the others what is shown. Before:
    frame, parties and the own answers so far.

    Parameters
    ----------
    round
        An opened round; none means the room as it stands.

    Raises
    ------
    NotAllowed
        If the named round is not open, or not for this actor.
    """
    here = standing(actor, room)
    if round is not None:
        return _opened_file(opened(actor, room, round))
    if room.state in {Room.State.OPENED, Room.State.CLOSED} and here.sees_result:
        try:
            found = opened(actor, room)
        except NotAllowed:
            pass
        else:
            return _opened_file(found)
    if not (here.mine or here.is_host):
        raise NotAllowed
    return {
        "ruleset": room.ruleset,
        "frame": frame_of(room),
        "parties": parties_of(here.seats),
        "answers": own_sheets(here),
    }


def _opened_file(found: OpenedRoom) -> dict[str, Any]:
    return {
        "ruleset": found.ruleset,
        "frame": dict(found.domain_room.to_dict()["frame"]),
        "parties": dict(found.parties),
        "answers": {party: dict(answers) for party, answers in found.visible.items()},
    }
