"""Opening many rooms from one workbook: all of them or none."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mutualist.apps.core.actor import Actor
from mutualist.apps.core.errors import ActionError, NotAllowed
from mutualist.apps.identity.models import Organisation
from mutualist.apps.rooms.actions.create import create_room
from mutualist.apps.rooms.bulk import PlannedRoom, read_workbook
from mutualist.apps.rooms.errors import Refused
from mutualist.apps.rooms.models import Room
from mutualist.apps.rooms.values import CellProblem


@transaction.atomic
def create_rooms_from_workbook(
    *, actor: Actor, host: Organisation, data: bytes
) -> tuple[Room, ...]:
    """Convene a room for each row of a workbook and invite all parties.

    Raises
    ------
    Refused
        If a cell cannot be used; `problems` names every such cell, and no room is made.
    """
    if host.pk not in actor.organisations("owner", "member"):
        raise NotAllowed
    planned, problems = read_workbook(data)
    if problems:
        raise _refusal(problems)
    rooms = []
    for row, plan in enumerate(planned, start=2):
        try:
            rooms.append(_convene(actor, host, plan))
        except ActionError as error:
            raise _refusal((CellProblem(f"A{row}", error.message),)) from error
    return tuple(rooms)


def _convene(actor: Actor, host: Organisation, plan: PlannedRoom) -> Room:
    frame: dict[str, Any] = {"name": plan.name}
    if plan.offer:
        frame["offer"] = plan.offer
    return create_room(
        actor=actor,
        mode="convened",
        frame=frame,
        parties=plan.parties,
        host=host,
        deadline=plan.deadline,
    )


def _refusal(problems: tuple[CellProblem, ...]) -> Refused:
    return Refused(
        "workbook",
        _("{count} cells cannot be used. No room was opened; please correct them."),
        problems=problems,
        count=len(problems),
    )
