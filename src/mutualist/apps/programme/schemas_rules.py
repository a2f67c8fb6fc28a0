"""What the JSON API of rules, reviews and levels takes and gives."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from ninja import Field, Schema

from mutualist.apps.core.schemas import In

Severity = Literal["error", "warning"]


class ProgrammeRulesOut(Schema):
    """A version of the rules."""

    number: int
    since: date
    until: date | None
    note: str
    saved_at: datetime
    author: str | None


class RulesTextOut(ProgrammeRulesOut):
    """A version of the rules with its text."""

    rules: str


class ProgrammeRulesIn(In):
    """Rules to be saved."""

    rules: str = Field(min_length=1, description="The rule file: YAML, programme/1.")
    since: date = Field(description="From this day on; today or later.")
    note: str = Field("", max_length=120, description="What changed.")


class LintIn(In):
    """Rules to be checked."""

    rules: str


class LintProblem(Schema):
    """Something about rules: with an error they cannot be used, a warning asks to look again."""

    severity: Severity
    message: str
    place: str
    line: int | None


class LintOut(Schema):
    """Whether rules can be used, and what is wrong with them."""

    usable: bool
    problems: list[LintProblem]


class LevelOut(Schema):
    """From which day on a partner held a level."""

    id: int
    day: date
    level: str | None
    cause: str
    reason: str
    version: int | None


class ProposalOut(Schema):
    """A level that is to fall."""

    id: int
    partner: UUID
    name: str
    day: date
    before: str
    after: str
    why: str
    version: int | None


class ReviewOut(Schema):
    """How many levels changed or are to fall."""

    changed: int


class DecisionIn(In):
    """What is decided about a level."""

    keep: bool = Field(description="true: the partner keeps the level; say why.")
    reason: str = Field("", max_length=300)


class DecidedOut(Schema):
    """What became of a proposal."""

    id: int
    state: str
