"""What papers and workbooks of a result are made of: gathered once, then only read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, Protocol

from mutualist.domain.assess import Room, Step, Verdict, changes
from mutualist.domain.assess.model import Ruleset
from mutualist.reports.answers import AnswerWords, public_answers


@dataclass(frozen=True, slots=True)
class Round:
    """An earlier opened round."""

    number: int
    verdict: Verdict
    visible: Mapping[str, Mapping[str, Any]]


class Line(Protocol):
    """A question whose answers lie on a line, as the charts of the library have it."""

    @property
    def label(self) -> str:
        """The question in few words."""

    @property
    def places(self) -> Mapping[str, float]:
        """Party id -> place between 0 and 1; a party without an answer is missing."""

    @property
    def texts(self) -> Mapping[str, str]:
        """Party id -> the answer in words."""

    @property
    def note(self) -> str:
        """What the distance means."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawn chart: heading, what it says in a sentence, and the drawing."""

    title: str
    alt: str
    svg: str


@dataclass(frozen=True)
class Material:
    """One opened round of a room, in one language.

    Attributes
    ----------
    room : Room
        With all answers; the papers take the ladder from it and nothing else.
    visible : mapping
        Party id -> item -> answer as one viewer may see them; what not every party sees is
        left out here once more, because papers are passed on.
    opened_on : date
        Day of the opening.
    fingerprints : mapping
        Party id -> short fingerprint of its sealed sheet.
    earlier : tuple of Round
        Rounds opened before this one, oldest first.
    self_check : bool
        One side filled in both sheets; the paper says so.
    lines : tuple of Line
        Answers of the parties on lines, for the report.
    figures : tuple of Figure
        Drawn charts that the report shows as well.
    """

    name: str
    frame: Mapping[str, Any]
    verdict: Verdict
    room: Room
    visible: Mapping[str, Mapping[str, Any]]
    parties: Mapping[str, str]
    round: int
    opened_on: date
    lang: str
    fingerprints: Mapping[str, str] = field(default_factory=dict)
    earlier: tuple[Round, ...] = ()
    self_check: bool = False
    lines: tuple[Line, ...] = ()
    figures: tuple[Figure, ...] = ()

    @property
    def rules(self) -> Ruleset:
        """The rule file the result was computed with."""
        return self.room.ruleset

    @cached_property
    def answers(self) -> Mapping[str, Mapping[str, Any]]:
        """Party id -> item -> answer, what every party may see."""
        return {
            party: public_answers(self.visible.get(party, {}), self.rules.items)
            for party in self.parties
        }

    @cached_property
    def words(self) -> AnswerWords:
        """Writer of answers in the paper's language."""
        currency = str(self.frame.get("currency") or "EUR")
        return AnswerWords(self.rules.items, self.parties, self.lang, currency)

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """The ladder: what would have to change. Computed when first asked for."""
        return changes(self.room)
