"""What generated conditions call at run time. ``None`` is unknown everywhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import sqrt
from typing import Any

DIGITS = 9


def cosine(left: Mapping[str, float] | None, right: Mapping[str, float] | None) -> float | None:
    """Return the cosine of two 100-point vectors, 0 if one of them is empty.

    Examples
    --------
    >>> round(cosine({"a": 60, "b": 40}, {"a": 100, "b": 0}), 6)
    0.83205
    """
    if left is None or right is None:
        return None
    dot = first = second = 0.0
    for key, value in left.items():
        other = right[key]
        dot += value * other
        first += value * value
        second += other * other
    return dot / (sqrt(first) * sqrt(second)) if first and second else 0.0


def highest(*values: float | None) -> float | None:
    """Return the highest known value, or None if none is known."""
    known = [value for value in values if value is not None]
    return max(known) if known else None


def total(values: Sequence[float | None]) -> float | None:
    """Return the sum, unknown as soon as one value is."""
    return None if None in values else sum(values)  # type: ignore[arg-type]


def lowest(values: Sequence[float | None]) -> float | None:
    """Return the smallest value, unknown as soon as one value is."""
    return None if None in values else min(values)  # type: ignore[type-var]


def largest(values: Sequence[float | None]) -> float | None:
    """Return the largest value, unknown as soon as one value is."""
    return None if None in values else max(values)  # type: ignore[type-var]


def same(values: Sequence[Any]) -> bool | None:
    """Tell whether all values are equal, unknown as soon as one value is."""
    if None in values:
        return None
    return all(value == values[0] for value in values)


def count_common(sets: Sequence[frozenset[str] | None]) -> int | None:
    """Count what all ticked, unknown as soon as one list is."""
    if None in sets:
        return None
    return len(frozenset.intersection(*sets))  # type: ignore[arg-type]


def count_united(sets: Sequence[frozenset[str] | None]) -> int | None:
    """Count what at least one ticked, unknown as soon as one list is."""
    if None in sets:
        return None
    return len(frozenset().union(*sets))  # type: ignore[arg-type]


def top(shares: Mapping[str, float] | None) -> frozenset[str] | None:
    """Return the keys with the highest share."""
    if shares is None:
        return None
    best = max(shares.values())
    return frozenset(key for key, value in shares.items() if value == best)


def months(since: int | None, until: int | None) -> int | None:
    """Return the months from one month number to another."""
    return None if since is None or until is None else until - since


def severity(value: float | None) -> int:
    """Return a severity from 0 to 3; unknown is 0."""
    if value is None:
        return 0
    if value >= 3:
        return 3
    return int(value) if value > 0 else 0


def people_test(nobody: Iterable[str]) -> Any:
    """Make the test whether a text names a person."""
    excluded = frozenset(text.strip().casefold() for text in nobody)

    def is_person(text: str | None) -> bool:
        return text is not None and text.strip().casefold() not in excluded

    return is_person
