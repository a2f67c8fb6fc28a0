"""Whether a group would do better alone, and whether any split can avoid that."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mutualist.domain.venture.split.coalitions import Floats, parties_of, subset_sums
from mutualist.domain.venture.split.pivoting import Conditions, Level
from mutualist.domain.venture.split.spans import Span


@dataclass(frozen=True, slots=True)
class Blocking:
    """A coalition that would do better alone: its number, and by how much."""

    mask: int
    gain: float


@dataclass(frozen=True, slots=True)
class CoreCheck:
    """Where a split stands.

    Attributes
    ----------
    inside
        Whether the split gives every coalition at least what it could have alone, and shares out the whole.
    blocking
        The coalitions that would gain most alone, most first; at most ten.
    """

    inside: bool
    blocking: tuple[Blocking, ...]


def check_core(values: Floats, payments: Floats, *, tolerance: float, shown: int = 10) -> CoreCheck:
    """Return whether a split lies in the core, and which coalitions would gain most without it.

    The core holds the splits of ``v(N)`` with ``x(S) >= v(S)`` for every coalition ``S``.

    Parameters
    ----------
    values
        ``v(S)`` of every coalition, shape ``(2**n,)``.
    payments
        The split, shape ``(n,)``.
    tolerance
        Gains up to this amount are rounding.
    shown
        How many coalitions are named.

    References
    ----------
    D. B. Gillies, "Solutions to general non-zero-sum games", Contributions to the Theory of Games IV, 1959.

    Examples
    --------
    >>> glove = np.array([0.0, 0, 0, 0, 0, 1, 1, 1])
    >>> check_core(glove, np.array([1 / 6, 1 / 6, 4 / 6]), tolerance=1e-9).blocking[0].mask
    5
    """
    gains = values - subset_sums(payments)
    better = np.flatnonzero(gains[:-1] > tolerance)
    worst = better[np.argsort(-gains[better], kind="stable")[:shown]]
    blocking = tuple(Blocking(int(mask), float(gains[mask])) for mask in worst)
    return CoreCheck(not blocking and bool(abs(gains[-1]) <= tolerance), blocking)


def least_objection(values: Floats) -> float:
    """Return the smallest possible largest objection: above 0 the core is empty, and by so much.

    This is the first programme of the (pre)nucleolus, the least core.

    References
    ----------
    M. Maschler, B. Peleg, L. S. Shapley, "Geometric Properties of the Kernel, Nucleolus, and Related Solution Concepts",
    Mathematics of Operations Research 4, 1979.

    Examples
    --------
    >>> round(least_objection(np.array([0.0, 0, 0, 1, 0, 1, 1, 1])), 9)
    0.333333333
    """
    n = parties_of(values)
    scale = float(np.abs(values).max())
    if n == 1 or scale == 0.0:
        return 0.0
    span = Span(n)
    worth = np.where(span.free(), values / scale, -np.inf)
    conditions = Conditions(worth, np.full(n, -np.inf), per_member=False)
    level = Level(conditions, span.basis(), np.full(n, values[-1] / scale / n))
    return -level.solve(()).excess * scale


@dataclass(frozen=True, slots=True)
class Union:
    """Two coalitions without a common member, and what they lose by joining."""

    first: int
    second: int
    loss: float


# 3**15 pairs are 14 million.
EXHAUSTIVE = 15


def worst_union(values: Floats) -> Union | None:
    """Return the two coalitions that lose most by joining, or nothing if every union pays (superadditive).

    Up to 15 parties every pair of coalitions without a common member is looked at; beyond that only pairs with a single
    party, and pairs that together are everybody.

    Examples
    --------
    >>> worst_union(np.array([0.0, 3, 4, 5]))
    Union(first=1, second=2, loss=2.0)
    """
    n = parties_of(values)
    found = _every_pair(values, n) if n <= EXHAUSTIVE else _simple_pairs(values, n)
    slack = 1e-9 * float(np.abs(values).max())
    return found if found.loss > slack else None


def _every_pair(values: Floats, n: int) -> Union:
    """Go through all ordered pairs: each party is in the first coalition, in the second, or in neither."""
    low = min(n, 9)
    first = np.zeros(1, dtype=np.intp)
    second = np.zeros(1, dtype=np.intp)
    for i in range(low):
        first = np.concatenate([first, first | 1 << i, first])
        second = np.concatenate([second, second, second | 1 << i])
    best = Union(0, 0, -np.inf)
    for rest in range(3 ** (n - low)):
        a, b = _digits(rest, low)
        loss = values[first | a] + values[second | b] - values[first | second | a | b]
        loss[(first | a == 0) | (second | b == 0)] = -np.inf
        at = int(loss.argmax())
        if loss[at] > best.loss:
            pair = sorted((int(first[at] | a), int(second[at] | b)))
            best = Union(pair[0], pair[1], float(loss[at]))
    return best


def _digits(code: int, shift: int) -> tuple[int, int]:
    """Read where each of the further parties is from a number with base 3."""
    a = b = 0
    while code:
        code, digit = divmod(code, 3)
        a |= int(digit == 1) << shift
        b |= int(digit == 2) << shift
        shift += 1
    return a, b


def _simple_pairs(values: Floats, n: int) -> Union:
    masks = np.arange(values.size)
    best = Union(0, 0, -np.inf)
    for i in range(n):
        others = masks[(masks >> i & 1 == 0) & (masks > 0)]
        loss = values[others] + values[1 << i] - values[others | 1 << i]
        at = int(loss.argmax())
        if loss[at] > best.loss:
            best = Union(1 << i, int(others[at]), float(loss[at]))
    loss = (values + values[::-1] - values[-1])[1 : values.size // 2]
    at = int(loss.argmax())
    if loss[at] > best.loss:
        best = Union(at + 1, values.size - 2 - at, float(loss[at]))
    return best
