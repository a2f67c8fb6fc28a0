"""What every write of a project shares: taking a step, noting it, telling the partner."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from mutualist.apps.core.actor import Actor
from mutualist.apps.core.audit import record
from mutualist.apps.core.clock import now
from mutualist.apps.core.errors import CHANGED, ActionError, Conflict, NotAllowed
from mutualist.apps.core.storing import store
from mutualist.apps.programme.public import Standing, chain_of
from mutualist.apps.projects.models import TEXT_LENGTH, Registration, Step
from mutualist.apps.projects.words import fault_words
from mutualist.domain.programme.registration import (
    HOLDING,
    OVER,
    RegistrationError,
    Side,
    State,
    moved,
)

ENDED = OVER | {State.RELEASED, State.REJECTED}


def require_writer(here: Standing, side: str) -> None:
    """Refuse everybody who may not write on a side."""
    if here.side != side or not here.writes:
        raise NotAllowed


def require_version(row: Registration, seen: int | None) -> None:
    """Refuse to decide about something that is not what was read."""
    if seen is not None and seen != row.version:
        raise Conflict(
            "changed_elsewhere", CHANGED, mine=seen, theirs=row.version, version=row.version
        )


def checked_note(note: str, *, needed: Any = None) -> str:
    """Return what somebody wrote, if it is not too long and, where it is needed, there."""
    clean = note.strip()
    if len(clean) > TEXT_LENGTH:
        raise ActionError(
            "project_note",
            _("The text has {length} characters; {most} are possible."),
            length=len(clean),
            most=TEXT_LENGTH,
        )
    if needed is not None and not clean:
        raise ActionError("project_note_missing", needed)
    return clean


def next_state(row: Registration, move: str, side: Side) -> State:
    """Return the state after a move, or say why there is none."""
    try:
        return moved(State(row.state), move, side)
    except RegistrationError as error:
        message = str(fault_words(error.faults[0])).replace("{", "{{").replace("}", "}}")
        raise ActionError("project_state", message, 409) from error


def take(
    row: Registration,
    move: str,
    side: Side,
    *,
    actor: Actor,
    reason: str = "",
    note: str = "",
    **changes: Any,
) -> None:
    """Take a step: state, history and audit log, all in the running transaction."""
    moment = now()
    row.state = next_state(row, move, side)
    row.reason = reason
    for name, value in changes.items():
        setattr(row, name, value)
    row.version += 1
    if row.state in ENDED:
        row.ended_at = moment
    if row.state not in HOLDING:
        row.claim = None
    row.save()
    note_step(row, move, side, reason=reason, note=note)
    tell_log(row, move, actor)


def note_step(
    row: Registration, move: str, side: Side, *, reason: str = "", note: str = ""
) -> Step:
    """Add a line to the history of a project."""
    step = Step(
        registration=row,
        programme_id=row.programme_id,
        relation_id=row.relation_id,
        move=move,
        side=side,
        state=row.state,
        reason=reason,
        note=note,
        at=now(),
    )
    store(step, numbered=False)
    return step


def tell_log(row: Registration, move: str, actor: Actor) -> None:
    """Record a step in the audit log: on the chain of the partner, so no other partner hears of it."""
    names = {"submit": "submitted"}
    record(
        f"projects.project.{names.get(move, move)}",
        actor=actor,
        obj=row,
        chain=chain_of(row.programme_id, row.relation_id),
        data={
            "reference": row.reference,
            "project": str(row.uid),
            "state": str(row.state),
            "until": _written(row.protected_until),
        },
    )


def _written(day: date | None) -> str:
    return day.isoformat() if day else ""
