"""How an enquiry moves: New (received, pending), Active (accepted), Closed (won, lost, declined, expired)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal

Side = Literal["vendor", "partner", "clock"]
#: Each status with the state it belongs to.
STATES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "received": "new",
        "pending": "new",
        "accepted": "active",
        "won": "closed",
        "lost": "closed",
        "declined": "closed",
        "expired": "closed",
    }
)
#: Each move: who may make it, from which status, to which.
MOVES: Final[Mapping[str, tuple[frozenset[str], frozenset[str], str]]] = MappingProxyType(
    {
        "offer": (
            frozenset({"vendor", "clock"}),
            frozenset({"received", "pending", "accepted"}),
            "pending",
        ),
        "accept": (frozenset({"partner"}), frozenset({"pending"}), "accepted"),
        "turn_down": (frozenset({"partner"}), frozenset({"pending"}), "received"),
        "lapse": (frozenset({"clock"}), frozenset({"pending"}), "received"),
        "give_back": (frozenset({"partner"}), frozenset({"accepted"}), "received"),
        "win": (frozenset({"partner", "vendor"}), frozenset({"accepted"}), "won"),
        "lose": (frozenset({"partner", "vendor"}), frozenset({"accepted"}), "lost"),
        "close": (
            frozenset({"vendor"}),
            frozenset({"received", "pending", "accepted"}),
            "declined",
        ),
        "expire": (frozenset({"clock"}), frozenset({"received"}), "expired"),
        "reopen": (frozenset({"vendor"}), frozenset({"lost", "declined", "expired"}), "received"),
    }
)


class MoveError(ValueError):
    """A move that is not possible from where an enquiry stands, or not for who asks."""

    def __init__(self, move: str, status: str, side: str) -> None:
        self.move, self.status, self.side = move, status, side
        super().__init__(f"{side} cannot {move} what is {status}")


def moved(status: str, move: str, side: Side) -> str:
    """Return the status after a move.

    Raises
    ------
    MoveError
        If there is no such move from here for this side.

    Examples
    --------
    >>> moved("pending", "accept", "partner"), STATES["accepted"]
    ('accepted', 'active')
    """
    sides, before, after = MOVES[move]
    if side not in sides or status not in before:
        raise MoveError(move, status, side)
    return after


def moves(status: str, side: Side) -> frozenset[str]:
    """Return what a side may do with an enquiry."""
    return frozenset(
        move
        for move, (sides, before, _after) in MOVES.items()
        if side in sides and status in before
    )
