"""What would have to change: the ladder of single moves, and moves to try out (instrument 5.12)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from mutualist.domain.assess.engine import Engine, Figures, engine
from mutualist.domain.assess.model import Ruleset, Words
from mutualist.domain.assess.move_rules import (
    Changed,
    Move,
    Position,
    candidates,
    effect,
    find,
    move_id,
    move_words,
    position_of,
)
from mutualist.domain.assess.rooms import Room
from mutualist.domain.assess.verdict import whole

RANKS = {"in_the_making": 1, "possible": 2, "true_partnership": 3}
PARTNERSHIPS = tuple(RANKS)
TRADES = ("supplier", "distributor")
MAX_STEPS = 20
_GATE_MET = Words("{name}: Bedingung erfüllt", "{name}: condition met")
_NOT_RED = Words("{id} nicht mehr rot", "{id} no longer red")
_SOLVED = Words("{id} gelöst", "{id} solved")


@dataclass(frozen=True, slots=True)
class Step:
    """One rung: a move, and where the room stands after it and all moves before.

    Attributes
    ----------
    number : int
        1 for the first.
    move : Move
        What is done.
    kind, scores, load, red, gates
        The result after the move, as in :class:`Verdict`.
    notes : tuple of Words
        What the move achieves: a gate met, a red point gone, another kind.
    """

    number: int
    move: Move
    kind: str
    scores: dict[str, int]
    load: int
    red: tuple[str, ...]
    gates: dict[str, bool | None]
    notes: tuple[Words, ...]

    def to_dict(self, lang: str | None = None) -> dict[str, Any]:
        """Return the step as plain data, with texts in one language or both."""
        return {
            "number": self.number,
            "move": self.move.to_dict(lang),
            "kind": self.kind,
            "scores": dict(self.scores),
            "load": self.load,
            "red": list(self.red),
            "gates": dict(self.gates),
            "notes": [
                note[lang] if lang else {"de": note.de, "en": note.en} for note in self.notes
            ],
        }


class _Climb:
    """Looks for the next move from a room; keeps facts so that only changed answers are read again."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self.judge: Engine = engine(room.ruleset)
        self.frame = self.judge.maker.frame(room.frame)
        self.position = position_of(room, self.judge.bases(room))
        self.figures = self._figures(self.position)

    def _figures(self, position: Position) -> Figures:
        return self.judge.figures(
            self.judge.group_of(position.ids, position.sheets, list(position.bases), self.frame)
        )

    def after(self, changed: Changed) -> tuple[Position, Figures]:
        """Return where the room would stand with some answers changed."""
        here = self.position
        sheets, bases = list(here.sheets), list(here.bases)
        for index, items in changed.items():
            sheets[index] = {**sheets[index], **items}
            bases[index] = self.judge.maker.updated(bases[index], items)
        there = Position(here.ids, sheets, bases, here.ruleset)
        return there, self._figures(there)

    def best(self, key: Any) -> tuple[Move, Position, Figures] | None:
        """Return the move with the largest key, if it is larger than the present one; the first of equals."""
        best = key(self.figures)
        found = None
        for rule, index in candidates(self.room.ruleset, self.position.count):
            changed = effect(self.position, rule, index)
            if not changed:
                continue
            position, figures = self.after(changed)
            value = key(figures)
            if value is not None and (best is None or value > best):
                best = value
                party = None if index is None else self.position.ids[index]
                name = None if party is None else self.room.name(party)
                found = (
                    Move(move_id(rule, party), rule.id, party, move_words(rule, name)),
                    position,
                    figures,
                )
        return found


def ladder_key(figures: Figures, weights: Sequence[float]) -> tuple[float, ...]:
    """Return what the ladder compares rooms by, from left to right.

    Rank 0 and 1: rank, gates met, P − max(S, D, L), − red points, − Σ weight × severity; rank 2 and 3: rank, − red points,
    − Σ weight × severity, P − max(S, D, L).
    """
    rank = RANKS.get(figures.kind, 0)
    lead = round(figures.scores["P"] - figures.worst, 9)
    burden = sum(
        [weight * severity for weight, severity in zip(weights, figures.severities, strict=True)]
    )
    if rank < 2:
        met = sum([gate is True for gate in figures.gates.values()])
        return (rank, met, lead, -len(figures.red), -burden)
    return (rank, -len(figures.red), -burden, lead)


def changes(room: Room, max_steps: int = MAX_STEPS, target: str | None = None) -> tuple[Step, ...]:
    """Return what would have to change: single moves, the most helpful first, one after the other.

    Parameters
    ----------
    room
        The room as it is.
    max_steps
        At most this many moves.
    target
        None or ``"true_partnership"``: the ladder of the instrument, until the result is a true partnership or no move
        helps. ``"possible"`` or ``"in_the_making"``: the same ladder, ended where that kind is reached.
        ``"supplier"`` or ``"distributor"``: call it what it is, cleanly -- only if the room is of that kind, the moves that
        clear red points and then conflicts without making it another kind, until there is no red point and the load
        would not stand in the way of a partnership. Other kinds are nothing to work towards: no moves.

    Returns
    -------
    tuple of Step
        Empty if nothing helps or nothing is needed.

    References
    ----------
    Instrument 2026.2, section 5.12. Greedy: the steps are good one by one, not proven to be the shortest way.

    Examples
    --------
    >>> room = Room.from_dict({"ruleset": "2026.2", "parties": {"A": "Nordwerk", "B": "Tauwerk"}, "answers": {
    ...     "A": {"1.2": {"learn": 100}, "1.3": "cost"}, "B": {"1.2": {"learn": 100}, "1.3": "revenue"}}})
    >>> changes(room)[0].move.words.en
    'align goal and yardstick'
    """
    climb = _Climb(room)
    goal = target or "true_partnership"
    if goal in TRADES:
        return _tidy(climb, goal, max_steps)
    if goal not in PARTNERSHIPS:
        return ()
    weights = climb.judge.conflict_weights

    def reached(figures: Figures) -> bool:
        return RANKS.get(figures.kind, 0) >= RANKS[goal]

    return _steps(climb, max_steps, lambda figures: ladder_key(figures, weights), reached)


def _tidy(climb: _Climb, kind: str, max_steps: int) -> tuple[Step, ...]:
    if climb.figures.kind != kind:
        return ()
    weights, most = climb.judge.conflict_weights, climb.room.ruleset.thresholds.max_load

    def key(figures: Figures) -> tuple[float, ...] | None:
        if figures.kind != kind:
            return None
        burden = sum(
            weight * severity for weight, severity in zip(weights, figures.severities, strict=True)
        )
        return (-len(figures.red), -burden)

    return _steps(climb, max_steps, key, lambda figures: not figures.red and figures.load <= most)


def _steps(climb: _Climb, max_steps: int, key: Any, reached: Any) -> tuple[Step, ...]:
    steps: list[Step] = []
    while len(steps) < max_steps and not reached(climb.figures):
        found = climb.best(key)
        if found is None:
            break
        before = climb.figures
        move, climb.position, climb.figures = found
        steps.append(_step(len(steps) + 1, move, before, climb.figures, climb.room.ruleset))
    return tuple(steps)


def _step(number: int, move: Move, before: Figures, after: Figures, ruleset: Ruleset) -> Step:
    return Step(
        number,
        move,
        after.kind,
        {name: whole(after.scores[name]) for name in ("P", "S", "D", "L")},
        whole(after.load),
        after.red,
        dict(after.gates),
        tuple(_notes(before, after, ruleset)),
    )


def _notes(before: Figures, after: Figures, ruleset: Ruleset) -> list[Words]:
    notes = [
        _filled(_GATE_MET, {"name": gate.words})
        for gate in ruleset.gates
        if after.gates[gate.id] is True and before.gates[gate.id] is not True
    ]
    severities = dict(zip((c.id for c in ruleset.conflicts), after.severities, strict=True))
    notes += [
        _filled(_NOT_RED if severities[red] else _SOLVED, {"id": Words(red, red)})
        for red in before.red
        if red not in after.red
    ]
    if after.kind != before.kind:
        kind = ruleset.kinds[after.kind].words
        notes.append(Words(f"→ {kind.de}", f"→ {kind.en}"))
    return notes


def _filled(words: Words, values: dict[str, Words]) -> Words:
    return Words(
        *(
            words[lang].format(**{key: value[lang] for key, value in values.items()})
            for lang in ("de", "en")
        )
    )


def moves(room: Room) -> tuple[Move, ...]:
    """Return all single moves that would change an answer, in the order of the rule file.

    Examples
    --------
    >>> room = Room.from_dict({"ruleset": "2026.2", "parties": {"A": "Nordwerk", "B": "Tauwerk"},
    ...                        "answers": {"A": {"6.2": "both"}, "B": {"6.2": "us"}}})
    >>> moves(room)[1].words.en
    'decide on product and price together'
    """
    position = _position(room)
    found = []
    for rule, index in candidates(room.ruleset, position.count):
        if effect(position, rule, index):
            party = None if index is None else room.ids[index]
            name = None if party is None else room.name(party)
            found.append(Move(move_id(rule, party), rule.id, party, move_words(rule, name)))
    return tuple(found)


def apply_moves(room: Room, names: Sequence[str]) -> Room:
    """Return the room after some moves, in the order given; a move that changes nothing is no error.

    Parameters
    ----------
    room
        The room as it is; it stays as it is.
    names
        Ids of moves: ``["goal", "share:B"]``.

    Raises
    ------
    MoveError
        If there is no such move.
    """
    for name in names:
        rule, index = find(room.ruleset, room.ids, name)
        changed = effect(_position(room), rule, index)
        room = room.with_answers({room.ids[at]: items for at, items in changed.items()})
    return room


def _position(room: Room) -> Position:
    return position_of(room, engine(room.ruleset).bases(room))
