"""What is told about a result, in one language and before any layout.

Markdown, HTML and the terminal show the same content; each takes it from here.
"""

from __future__ import annotations

from dataclasses import dataclass

from mutualist.library.drawing import Bar, Step
from mutualist.library.words import number


@dataclass(frozen=True)
class Reason:
    """A rule, conflict or gap with the answers it comes from.

    Attributes
    ----------
    rule : str
        Its number, like ``S1`` or ``C3``.
    finding : str
        What was found, in words.
    points : float or None
        Points of a rule, severity times weight of a conflict; None for a gap.
    answers : str
        Which answers it comes from, like ``A 5.1``.
    undo : str
        What would make it go away.
    part : str
        ``rule``, ``conflict``, ``gap`` or ``note``.
    red : bool
        A red point: to be settled before anything else.
    """

    rule: str
    finding: str
    points: float | None
    answers: str
    undo: str
    part: str
    red: bool = False

    def points_text(self, lang: str) -> str:
        """Return the points as people read them, nothing for none."""
        if self.points is None:
            return ""
        return number(self.points, lang, 0 if float(self.points).is_integer() else 1)


@dataclass(frozen=True)
class Gate:
    """One of the three conditions: its name and how it stands (None: open)."""

    name: str
    met: bool | None
    detail: str


@dataclass(frozen=True)
class Rung:
    """One step of the ladder: what changes, and how things stand after it."""

    move: str
    kind: str
    partnership: int
    highest: str
    load: int
    red: str


@dataclass(frozen=True)
class Telling:
    """A result in words and figures of one language."""

    lang: str
    name: str
    parties: tuple[str, ...]
    headline: str
    sentence: str
    kind: str
    bars: tuple[Bar, ...]
    facts: tuple[tuple[str, str], ...]
    gates: tuple[Gate, ...]
    steps: tuple[Step, ...]
    steps_title: str
    reasons: tuple[Reason, ...]
    pledges: tuple[str, ...]
    interests: tuple[tuple[str, tuple[str, ...]], ...]
    pairs: tuple[tuple[str, str, str], ...]
    holding_back: tuple[str, ...]
    rungs: tuple[Rung, ...] = ()

    def of(self, *parts: str) -> tuple[Reason, ...]:
        """Return the reasons of some parts."""
        return tuple(reason for reason in self.reasons if reason.part in parts)
