"""The life of a registered project: which state follows which, by whose move."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from mutualist.domain.programme.registration.problems import Fault, RegistrationError

Side = Literal["partner", "vendor", "clock"]


class State(StrEnum):
    """Where a registration stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    IN_REVIEW = "in_review"
    ACTION_REQUIRED = "action_required"
    APPROVED = "approved"
    EXTENDED = "extended"
    REJECTED = "rejected"
    APPEALED = "appealed"
    WON = "won"
    LOST = "lost"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    RELEASED = "released"


#: Waiting for the vendor.
WAITING = frozenset({State.SUBMITTED, State.IN_REVIEW, State.APPEALED})
#: Protected against other partners.
PROTECTED = frozenset({State.APPROVED, State.EXTENDED})
#: Ahead of whoever comes later: what is protected, and what waits in time for it.
HOLDING = PROTECTED | {State.SUBMITTED, State.IN_REVIEW, State.ACTION_REQUIRED}
#: Nothing follows, except that the same customer is registered anew.
OVER = frozenset({State.WON, State.LOST, State.EXPIRED, State.WITHDRAWN})
#: The partner may change what it wrote.
OPEN_TO_PARTNER = frozenset({State.DRAFT, State.ACTION_REQUIRED})


@dataclass(frozen=True, slots=True)
class Move:
    """A step from one state to another, and who may take it."""

    name: str
    side: Side
    sources: frozenset[State]
    target: State


def _move(name: str, side: Side, sources: frozenset[State] | set[State], target: State) -> Move:
    return Move(name, side, frozenset(sources), target)


MOVES: Mapping[str, Move] = {
    one.name: one
    for one in (
        _move("submit", "partner", OPEN_TO_PARTNER, State.SUBMITTED),
        _move("take_up", "vendor", {State.SUBMITTED}, State.IN_REVIEW),
        _move("ask", "vendor", {State.SUBMITTED, State.IN_REVIEW}, State.ACTION_REQUIRED),
        _move("approve", "vendor", WAITING, State.APPROVED),
        _move("reject", "vendor", WAITING | {State.ACTION_REQUIRED}, State.REJECTED),
        _move("extend", "vendor", PROTECTED, State.EXTENDED),
        _move("release", "vendor", PROTECTED, State.RELEASED),
        _move("appeal", "partner", {State.REJECTED, State.RELEASED}, State.APPEALED),
        _move("win", "partner", PROTECTED, State.WON),
        _move("lose", "partner", PROTECTED, State.LOST),
        _move(
            "withdraw",
            "partner",
            PROTECTED | WAITING | {State.ACTION_REQUIRED},
            State.WITHDRAWN,
        ),
        _move("expire", "clock", PROTECTED | {State.ACTION_REQUIRED}, State.EXPIRED),
    )
}


def moved(state: State, name: str, side: Side) -> State:
    """Return the state after a move.

    Raises
    ------
    RegistrationError
        ``move`` if this side cannot take the move from here.
    """
    move = MOVES.get(name)
    if move is None or move.side != side or state not in move.sources:
        raise RegistrationError(Fault("move", name, state.value, ", ".join(moves(state, side))))
    return move.target


def moves(state: State, side: Side) -> tuple[str, ...]:
    """Return the moves a side has in a state."""
    return tuple(one.name for one in MOVES.values() if one.side == side and state in one.sources)
