"""How often names alone are recognised: precision, recall and F1 on labelled pairs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from mutualist.domain.programme.registration.customers import likeness, within
from mutualist.domain.programme.registration.names import company_name
from mutualist.domain.programme.registration.tables import matching_table


@dataclass(frozen=True, slots=True)
class Marks:
    """Counts of a comparison with labels, and what is computed from them."""

    found: int
    wrong: int
    missed: int
    pairs: int

    @property
    def precision(self) -> float:
        """How many of the found ones are right."""
        return self.found / max(1, self.found + self.wrong)

    @property
    def recall(self) -> float:
        """How many of the right ones are found."""
        return self.found / max(1, self.found + self.missed)

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        return 2 * self.found / max(1, 2 * self.found + self.wrong + self.missed)


def suspected(one: str, other: str) -> bool:
    """Whether two names, without anything else, are taken for one firm's: points for the name speak for it."""
    mine, theirs = company_name(one), company_name(other)
    least = min(step["likeness"] for step in matching_table()["name"] if step["points"] > 30)
    return likeness(mine, theirs) >= least or within(mine, theirs)


def marks(pairs: Iterable[tuple[str, str, bool]]) -> Marks:
    """Compare with labels: two names, and whether they are one firm's."""
    seen = [(suspected(one, other), label) for one, other, label in pairs]
    return Marks(
        found=sum(guess and label for guess, label in seen),
        wrong=sum(guess and not label for guess, label in seen),
        missed=sum(label and not guess for guess, label in seen),
        pairs=len(seen),
    )
