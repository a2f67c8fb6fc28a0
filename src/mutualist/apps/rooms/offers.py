"""Which single changes of an opened room its parties may try out.

Only moves of the ladder, and moves about answers that everybody sees. Trying out pledges one by one
would tell a party that refused one what the others said, and "whoever said no learns nothing".
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _lazy

from mutualist.apps.core.errors import ActionError
from mutualist.domain.assess import Move, Room, Step, changes, moves

#: Moves that set or read covered answers; they are offered only where the ladder names them.
COVERED_MOVES = frozenset({"sign", "decide"})


@dataclass(frozen=True, slots=True)
class Offer:
    """What may be tried out."""

    steps: tuple[Step, ...]
    others: tuple[Move, ...]

    def chosen(self, names: Iterable[str]) -> list[str]:
        """Return the wanted moves in the order of the offer.

        Raises
        ------
        ActionError
            400 if one of them is not on offer.
        """
        wanted = list(names)
        offered = [step.move.id for step in self.steps] + [move.id for move in self.others]
        unknown = [name for name in wanted if name not in offered]
        if unknown:
            raise ActionError(
                "unknown_move",
                _lazy("“{move}” is no change that this room offers. Load the page again."),
                status=400,
                move=unknown[0],
            )
        return [name for name in offered if name in wanted]


def offer(room: Room, steps: Sequence[Step] | None = None) -> Offer:
    """Return what may be tried out in a room; its ladder may be given if it is known already."""
    ladder = tuple(changes(room) if steps is None else steps)
    rules = {rule.id: rule for rule in room.ruleset.moves}
    taken = {step.move.id for step in ladder}

    def is_open(move: Move) -> bool:
        rule = rules[move.rule]
        item = room.ruleset.items.get(rule.item)
        return rule.do not in COVERED_MOVES and (item is None or item.shown == "opening")

    others = (move for move in moves(room) if move.id not in taken and is_open(move))
    return Offer(ladder, tuple(others))
