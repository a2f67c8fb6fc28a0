"""What a new registration meets: which known customers are the same, the strongest first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from mutualist.domain.programme.registration.customers import Comparison, Customer, compare

_RANK = {"same": 0, "maybe": 1, "different": 2}


@dataclass(frozen=True, slots=True)
class Hit:
    """A known registration and how it compares.

    Attributes
    ----------
    key
        Whatever the caller knows it by; equal hits are ordered by it.
    """

    key: int
    comparison: Comparison


def conflicts(mine: Customer, known: Iterable[tuple[int, Customer]]) -> tuple[Hit, ...]:
    """Return the known customers that are, or may be, the same; the order never depends on that of `known`."""
    hits = [Hit(key, compare(mine, theirs)) for key, theirs in known]
    met = [hit for hit in hits if hit.comparison.decision != "different"]
    return tuple(
        sorted(
            met, key=lambda hit: (_RANK[hit.comparison.decision], -hit.comparison.points, hit.key)
        )
    )
