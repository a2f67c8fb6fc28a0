"""Kohlberg's criterion: whether a split is the nucleolus, seen from the split and the values alone."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mutualist.domain.venture.split.coalitions import Floats, parties_of, sizes, subset_sums
from mutualist.domain.venture.split.spans import Span


def is_nucleolus(
    values: Floats,
    payments: Floats,
    *,
    individual: bool = True,
    per_member: bool = False,
    tolerance: float = 1e-8,
) -> bool:
    """Tell whether a split is the nucleolus.

    For every level ``t`` the coalitions whose excess is at most ``t`` must be balanced: positive weights exist with which
    every party is covered exactly once. Parties at their floor may be added with a weight that is zero. A coalition whose
    total follows from levels below needs no look, which leaves at most ``n - 1`` levels.

    Parameters
    ----------
    values
        ``v(S)`` of every coalition, shape ``(2**n,)``.
    payments
        The split, shape ``(n,)``.
    individual
        Whether nobody may get less than its own value.
    per_member
        Whether excesses are counted per member.
    tolerance
        What counts as equal, as part of the largest value.

    References
    ----------
    E. Kohlberg, "On the nucleolus of a characteristic function game", SIAM Journal on Applied Mathematics 20, 1971;
    T.-D. Nguyen, "Simplifying the Kohlberg criterion on the nucleolus", 2016 (levels by rank).

    Examples
    --------
    >>> glove = np.array([0.0, 0, 0, 0, 0, 1, 1, 1])
    >>> is_nucleolus(glove, np.array([0.0, 0, 1])), is_nucleolus(glove, np.array([0.1, 0.1, 0.8]))
    (True, False)
    """
    n = parties_of(values)
    scale = float(np.abs(values).max()) or 1.0
    split = np.asarray(payments) / scale
    alone = values[1 << np.arange(n)] / scale
    if abs(split.sum() - values[-1] / scale) > n * tolerance:
        return False
    if individual and (split < alone - tolerance).any():
        return False
    at_floor = np.flatnonzero(split <= alone + tolerance) if individual else np.array([], np.intp)
    excess = subset_sums(split) - values / scale
    if per_member:
        excess /= np.maximum(sizes(n), 1)
    span = Span(n)
    while span.rank < n:
        free = span.free()
        level = free & (excess <= excess[free].min() + tolerance)
        directions = span.basis()
        if not _balanced(_inside(level, directions), directions[at_floor]):
            return False
        while level.any():
            span.fix(int(level.argmax()))
            level &= span.free()
    return True


def _inside(level: NDArray[np.bool_], directions: Floats) -> Floats:
    """Return the coalitions' indicators in the directions that are left, one row each."""
    masks = np.flatnonzero(level)
    members = (masks[:, None] >> np.arange(len(directions))) & 1
    return np.asarray(members @ directions)


def _balanced(rows: Floats, floors: Floats) -> bool:
    """Tell whether positive weights on the rows and weights of at least zero on the floors add up to zero.

    Weights as equal as possible are tried first; if one of them is not positive a linear programme decides: rows are
    balanced unless some direction is good for all of them and better for one.
    """
    equal = 1.0 - rows @ np.linalg.lstsq(rows, np.ones(len(rows)), rcond=None)[0]
    if equal.min() > 1e-7:
        return True
    from scipy.optimize import linprog

    demands = np.vstack([-rows, rows, -floors])
    bounds = np.concatenate([np.zeros(len(rows)), np.ones(len(rows)), np.zeros(len(floors))])
    found = linprog(-rows.sum(axis=0), A_ub=demands, b_ub=bounds, bounds=(None, None))
    return bool(found.status == 0 and -found.fun < 1e-6)
