"""How a quantity changes over the periods: ramp, growth, seasons or a list of factors."""

from __future__ import annotations

from collections.abc import Sequence


def ramp(start: float, end: float, periods: int, count: int) -> tuple[float, ...]:
    """Return factors that go from ``start`` to ``end`` in ``periods`` periods and stay there.

    The first value is that of period 0, so ``count + 1`` values come back.

    Examples
    --------
    >>> ramp(0.0, 1.0, 2, 4)
    (0.0, 0.5, 1.0, 1.0, 1.0)
    """
    return tuple(start + (end - start) * min(t / periods, 1.0) for t in range(count + 1))


def growth(rate: float, per_year: int, count: int) -> tuple[float, ...]:
    """Return factors that grow by ``rate`` a year; the first period has 1.

    Examples
    --------
    >>> growth(0.21, 2, 3)
    (1.0, 1.0, 1.1, 1.21)
    """
    return (1.0, *(round((1 + rate) ** (t / per_year), 15) for t in range(count)))


def seasons(factors: Sequence[float], count: int) -> tuple[float, ...]:
    """Return factors that repeat, beginning with the first period.

    Examples
    --------
    >>> seasons((2.0, 1.0), 3)
    (1.0, 2.0, 1.0, 2.0)
    """
    return (1.0, *(factors[t % len(factors)] for t in range(count)))


def steps(values: Sequence[float], count: int) -> tuple[float, ...]:
    """Return given factors from the first period on; the last one stays.

    Examples
    --------
    >>> steps((0.5, 1.0), 3)
    (1.0, 0.5, 1.0, 1.0)
    """
    return (1.0, *(values[min(t, len(values) - 1)] for t in range(count)))
