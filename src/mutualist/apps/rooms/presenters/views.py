"""What the pages of a result show: texts and figures only, no answers that are not meant to be seen."""

from __future__ import annotations

from dataclasses import dataclass

from mutualist.library.charts import Chart


@dataclass(frozen=True, slots=True)
class Quote:
    """One party's answer in words."""

    party: str
    text: str
    unknown: bool = False
    changed: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """An item a finding comes from, with the answers that may be seen, or why there are none."""

    item: str
    question: str
    quotes: tuple[Quote, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Headline:
    """The result in sentences.

    Attributes
    ----------
    keeps
        What keeps a possible partnership from being a true one; else empty.
    reds
        Anchors and titles of the red points.
    """

    kind: str
    name: str
    sentence: str
    reading: str
    keeps: tuple[str, ...]
    reds: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Gate:
    """One of the three conditions; the names are those of the design system's tag."""

    label: str
    state: str
    value: str
    detail: str


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A rule that fired, or a measure, with everything it stands on."""

    key: str
    words: str
    points: str
    how: str
    undo: str
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Why:
    """Where the score of the kind shown comes from."""

    score: str
    chart: Chart
    rows: tuple[RuleRow, ...]
    also: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Interest:
    """A line in one of the three columns; the names are those of the design system's tag."""

    text: str
    detail: str = ""
    severity: int = 0


@dataclass(frozen=True, slots=True)
class Interests:
    """Common, complementary, opposed."""

    common: tuple[Interest, ...]
    complementary: tuple[Interest, ...]
    opposed: tuple[Interest, ...]
    more: int = 0


@dataclass(frozen=True, slots=True)
class ConflictRow:
    """A goal conflict with its way out."""

    anchor: str
    id: str
    title: str
    severity: int
    red: bool
    words: str
    way_out: str
    pledges: tuple[str, ...]
    caution: bool
    sources: tuple[Source, ...]
    between: str = ""


@dataclass(frozen=True, slots=True)
class GapRow:
    """A gap between word and proof, or a note."""

    id: str
    title: str
    words: str
    is_note: bool
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class PairRow:
    """One pair of a room with three or more parties."""

    names: str
    kind: str
    scores: tuple[str, ...]
    load: str
    red: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of the result before and after the ticked changes."""

    label: str
    before: str
    after: str
    better: bool | None


@dataclass(frozen=True, slots=True)
class MoveChoice:
    """A change that can be ticked; the names are those of the design system's tag."""

    value: str
    label: str
    gain: str
    reason: str
    checked: bool


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What the ticked changes would make of the room."""

    kind: str
    name: str
    sentence: str
    ticked: int
    figures: tuple[Figure, ...]
    gates: tuple[Gate, ...]
    red: tuple[str, ...]
    settled: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ladder:
    """The fewest changes on the way to a true partnership, and others one may try."""

    chart: Chart | None
    steps: tuple[MoveChoice, ...]
    others: tuple[MoveChoice, ...]
    summary: str
    what_if: WhatIf
    others_open: bool = False


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One item with the answers of all parties side by side."""

    item: str
    words: str
    quotes: tuple[Quote, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class QuestionBlock:
    """The answers to one of the six questions."""

    number: int
    title: str
    rows: tuple[AnswerRow, ...]
    charts: tuple[Chart, ...] = ()
    heat: HeatTable | None = None


@dataclass(frozen=True, slots=True)
class HeatCell:
    """A level in the table of capabilities."""

    level: int
    text: str
    label: str


@dataclass(frozen=True, slots=True)
class HeatTable:
    """Who has, needs and brings in what."""

    parties: tuple[str, ...]
    rows: tuple[tuple[str, tuple[HeatCell, ...]], ...]


@dataclass(frozen=True, slots=True)
class RoundLink:
    """A round one can switch to."""

    number: int
    label: str
    current: bool


@dataclass(frozen=True, slots=True)
class Path:
    """From one round to the next: figures, and how many answers changed."""

    figures: tuple[Figure, ...]
    kinds: tuple[str, str]
    changed: tuple[tuple[str, int], ...]
    settled: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ResultView:
    """Everything the result page shows."""

    headline: Headline
    evidence: int
    evidence_words: str
    gates: tuple[Gate, ...]
    kinds: Chart
    why: Why | None
    interests: Interests
    load: str | None
    conflicts: tuple[ConflictRow, ...]
    gaps: tuple[GapRow, ...]
    notes: tuple[GapRow, ...]
    runner_up: str
    distance: str
    open_items: tuple[str, ...]
    pairs: tuple[PairRow, ...]
    pledges: tuple[tuple[str, str], ...]
    blocks: tuple[QuestionBlock, ...]
    weaknesses: tuple[str, ...]
    caution: str
    ruleset: str
    parties: tuple[str, ...]
    rounds: tuple[RoundLink, ...] = ()
    path: Path | None = None


@dataclass(frozen=True, slots=True)
class GuideQuestion:
    """A question to ask in the talk, and whom."""

    ask: str
    words: str


@dataclass(frozen=True, slots=True)
class GuidePoint:
    """Something to talk about: a finding, who speaks first, the questions."""

    title: str
    words: str = ""
    speak: str = ""
    questions: tuple[GuideQuestion, ...] = ()
    way_out: str = ""


@dataclass(frozen=True, slots=True)
class GuidePart:
    """A part of the talk with its minutes."""

    key: str
    title: str
    minutes: int
    start: int
    aim: str
    points: tuple[GuidePoint, ...]
    questions: tuple[str, ...]
    notes: bool = False

    @property
    def end(self) -> int:
        """Return the minute this part ends."""
        return self.start + self.minutes


@dataclass(frozen=True, slots=True)
class Guide:
    """The talk from the first to the last minute."""

    title: str
    minutes: int
    rules: tuple[str, ...]
    rules_heading: str
    roles: str
    parts: tuple[GuidePart, ...]
    after: str


@dataclass(frozen=True, slots=True)
class Clause:
    """A draft clause; the names are those of the design system's tag."""

    key: str
    title: str
    text: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter to copy and send oneself."""

    subject: str
    paragraphs: tuple[str, ...]
