"""How far a sheet is, and how many minutes are left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from mutualist.domain.assess.model import Ruleset

Sheet = Mapping[str, Any]
State = Literal["empty", "started", "done"]


def is_answered(answers: Sheet, number: str) -> bool:
    """Tell whether an item is answered; "don't know" is an answer."""
    return answers.get(number) is not None


def minutes_left(answers: Sheet, ruleset: Ruleset) -> int:
    """Return the estimated minutes for what is not answered yet, rounded up.

    Examples
    --------
    >>> from mutualist.domain.assess import builtin_ruleset
    >>> minutes_left({}, builtin_ruleset())
    17
    """
    seconds = sum(
        item.seconds for item in ruleset.items.values() if not is_answered(answers, item.number)
    )
    return -(-seconds // 60)


@dataclass(frozen=True, slots=True)
class QuestionProgress:
    """How far one question is."""

    question: int
    answered: int
    items: int

    @property
    def state(self) -> State:
        """Empty, started or done."""
        if self.answered == self.items:
            return "done"
        return "started" if self.answered else "empty"

    @property
    def fraction(self) -> float:
        """Share of the items that are answered."""
        return self.answered / self.items if self.items else 0.0

    def __float__(self) -> float:
        """Return the fraction."""
        return self.fraction


def progress(answers: Sheet, ruleset: Ruleset) -> tuple[QuestionProgress, ...]:
    """Return how far each of the six questions is; "don't know" counts as answered.

    Examples
    --------
    >>> from mutualist.domain.assess import builtin_ruleset
    >>> [one.state for one in progress({"1.4": "gt3"}, builtin_ruleset())]
    ['started', 'empty', 'empty', 'empty', 'empty', 'empty']
    """
    return tuple(
        QuestionProgress(
            question.number,
            sum(is_answered(answers, item.number) for item in question.items),
            len(question.items),
        )
        for question in ruleset.questions
    )
