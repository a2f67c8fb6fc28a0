"""The rule file as frozen values: questions, items, rules, conflicts, gaps, kinds and moves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from mutualist.domain.assess.programs import Programs

Lang = Literal["de", "en"]
Shown = Literal["opening", "finding", "mutual", "never", "split"]


@dataclass(frozen=True, slots=True)
class Words:
    """A text in both languages.

    Examples
    --------
    >>> Words("Ziel", "Goal")["en"]
    'Goal'
    """

    de: str
    en: str

    def __getitem__(self, lang: str) -> str:
        """Return the text in a language; anything but German is English."""
        return self.de if lang == "de" else self.en


@dataclass(frozen=True, slots=True)
class Option:
    """One word that can be chosen or ticked."""

    key: str
    words: Words
    code: str = ""
    worth: float | None = None
    flags: tuple[str, ...] = ()
    unit: str = ""
    payer: str = ""
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Field:
    """A field of an item, or a column of its rows.

    ``type`` is one of text, choice, number, amount, month, date, currency, proof, list, levels, party, payer.
    """

    name: str
    type: str
    words: Words
    options: tuple[Option, ...] = ()
    list_name: str = ""
    low: float | None = None
    high: float | None = None
    whole: bool = False
    required: bool = False
    unit: str = ""
    by: str = ""
    parties: bool = False
    levels: tuple[Option, ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        """Keys of the options."""
        return tuple(option.key for option in self.options)


@dataclass(frozen=True, slots=True)
class Item:
    """One of the 36 items.

    ``type`` is one of text, points, choice, owner, level, number, fields, rows, pledges; ``core`` names the fields that
    a measure, a rule or a conflict reads, or is ``("",)`` if that is the whole answer, or empty.
    """

    number: str
    name: str
    words: Words
    help: Words
    kind: str
    type: str
    shown: Shown
    seconds: int
    counterpart: bool = False
    caution: bool = False
    core: tuple[str, ...] = ()
    short: str = ""
    value: str = ""
    options: tuple[Option, ...] = ()
    list_name: str = ""
    fields: Mapping[str, Field] = field(default_factory=dict)
    low: float | None = None
    high: float | None = None
    unit: str = ""
    whole: bool = False
    row_min: int = 0
    row_max: int = 0
    row_sum: int = 0
    rows_per_party: bool = False
    shown_fields: tuple[str, ...] = ()
    proof_asked: Words | None = None
    frame_sentence: Words | None = None

    @property
    def question(self) -> int:
        """Number of the question, 1 to 6."""
        return int(self.number[0])

    @property
    def keys(self) -> tuple[str, ...]:
        """Keys of the options."""
        return tuple(option.key for option in self.options)

    @property
    def is_core(self) -> bool:
        """Whether a measure, a rule or a conflict reads it."""
        return bool(self.core)


@dataclass(frozen=True, slots=True)
class Question:
    """One of the six questions."""

    number: int
    words: Words
    short: Words
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Pledge:
    """One of the ten pledges with its draft clause."""

    key: str
    words: Words
    short: Words
    clause: Words
    caution: bool


@dataclass(frozen=True, slots=True)
class Formula:
    """A named part of conditions."""

    name: str
    of: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Measure:
    """One of the measures J1 to J6."""

    id: str
    weight: float
    items: tuple[str, ...]
    proof: tuple[str, ...]
    formula: str
    words: Words
    how: Words


@dataclass(frozen=True, slots=True)
class Gate:
    """A condition of a true partnership: a measure high enough, and a pledge mutual if one is named."""

    id: str
    measure: str
    at_least: float
    pledge: str
    words: Words


@dataclass(frozen=True, slots=True)
class Phrase:
    """A text that is used when its condition holds; without a condition it is always used."""

    words: Words
    when: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """An answer that a finding comes from: an item of X, or of Y (``other``)."""

    item: str
    other: bool


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of the sums S, D and L."""

    id: str
    kind: str
    points: float
    when: str
    phrases: tuple[Phrase, ...]
    undo: Words
    items: tuple[Source, ...]
    proof: tuple[Source, ...]
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Conflict:
    """A goal conflict with a severity from 0 to 3."""

    id: str
    weight: float
    scope: str
    red: bool
    caution: bool
    words: Words
    let: tuple[tuple[str, str], ...]
    severity: str
    phrases: tuple[Phrase, ...]
    values: Mapping[str, str]
    items: tuple[Source, ...]
    way_out: Words
    pledges: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GapCase:
    """One way for a gap to show."""

    when: str
    phrases: tuple[Phrase, ...]
    values: Mapping[str, str]
    items: tuple[Source, ...]
    unit: str = ""
    unit_of: str = ""


@dataclass(frozen=True, slots=True)
class Gap:
    """A gap between word and proof, or a note."""

    id: str
    scope: str
    note: bool
    words: Words
    cases: tuple[GapCase, ...]
    each: tuple[str, str] | None = None
    each_row: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """One of the seven results."""

    key: str
    words: Words
    reading: Words
    score: str
    roles: tuple[str, str] | None
    no_load: bool
    sentences: Mapping[str, Words]


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The figures of the result order."""

    partnership: float
    max_load: float
    named: float
    making: float
    making_gate: str
    runner_up: float
    proven: int
    cap: float
    cap_unless: str
    cap_with_any: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class InterestRules:
    """Thresholds of the three columns of interests."""

    common: float
    need: int
    have: int
    own: float
    severity: int
    clashes: tuple[tuple[str, str], ...]
    words: Mapping[str, Words]


@dataclass(frozen=True, slots=True)
class MoveRule:
    """A single move of the ladder."""

    id: str
    do: str
    words: Words
    per_party: bool
    item: str = ""
    field: str = ""
    value: Any = None
    pledge: str = ""
    have: int = 0
    need: int = 0
    due_months: int = 0
    person: Words | None = None


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Ruleset:
    """A rule file, checked and compiled. Two rule sets are equal only if they are the same object."""

    version: str
    title: Words
    questions: tuple[Question, ...]
    items: Mapping[str, Item]
    by_name: Mapping[str, Item]
    lists: Mapping[str, tuple[Option, ...]]
    pledges: tuple[Pledge, ...]
    frame: Mapping[str, Field]
    header: Mapping[str, Field]
    formulas: tuple[Formula, ...]
    measures: tuple[Measure, ...]
    gates: tuple[Gate, ...]
    rules: tuple[Rule, ...]
    nobody: frozenset[str]
    kinds: Mapping[str, Kind]
    scores: Mapping[str, Words]
    thresholds: Thresholds
    conflicts: tuple[Conflict, ...]
    gaps: tuple[Gap, ...]
    interests: InterestRules
    moves: tuple[MoveRule, ...]
    texts: Mapping[str, Words]
    weaknesses: tuple[Words, ...]
    source: Mapping[str, Any] = field(repr=False)
    programs: Programs = field(repr=False)

    def __reduce__(self) -> tuple[Any, tuple[Any, ...]]:
        """Pickle as the data it was made of; compiled conditions are made again."""
        from mutualist.domain.assess.ruleset import ruleset_from_data

        return ruleset_from_data, (dict(self.source),)

    def __repr__(self) -> str:
        """Return one line."""
        return f"<Ruleset {self.version}>"

    def __deepcopy__(self, memo: dict[int, Any]) -> Ruleset:
        """Return itself; it never changes."""
        return self

    def option(self, list_name: str, key: str) -> Option | None:
        """Return an option by the name of its list and its key."""
        for option in self.lists.get(list_name, ()):
            if option.key == key:
                return option
        return None

    def label(self, list_name: str, key: str, lang: str) -> str:
        """Return the words of an option, or the key itself if the list does not have it."""
        option = self.option(list_name, key)
        return option.words[lang] if option else key

    def question_set(self) -> Mapping[str, Any]:
        """Return everything an answerer sees or may choose, as plain data, for the seal."""
        return {
            key: self.source[key] for key in ("version", "lists", "pledges", "questions", "items")
        }

    def rule(self, rule_id: str) -> Rule:
        """Return a rule by its id."""
        return next(rule for rule in self.rules if rule.id == rule_id)

    def conflict(self, conflict_id: str) -> Conflict:
        """Return a conflict by its id."""
        return next(conflict for conflict in self.conflicts if conflict.id == conflict_id)

    def gap(self, gap_id: str) -> Gap:
        """Return a gap or note by its id."""
        return next(gap for gap in self.gaps if gap.id == gap_id)

    def pledge(self, key: str) -> Pledge:
        """Return a pledge by its key."""
        return next(pledge for pledge in self.pledges if pledge.key == key)
