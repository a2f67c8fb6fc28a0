"""The nucleolus: the split whose worst-off coalition is as well off as possible, then the second worst, and so on."""

from __future__ import annotations

import numpy as np

from mutualist.domain.venture.split.coalitions import Floats, parties_of
from mutualist.domain.venture.split.pivoting import Conditions, Level
from mutualist.domain.venture.split.spans import Span


def nucleolus(values: Floats, *, individual: bool = True) -> Floats:
    """Return the nucleolus of a game.

    The excess of a coalition is what it gets more than it could have alone. Level by level the smallest excess is made as
    large as possible; the coalitions that hold it there are fixed (those with positive weight in the dual), and with them
    every coalition whose total follows (see `Span`). It ends when the fixed totals leave one split only.

    Parameters
    ----------
    values
        ``v(S)`` of every coalition, shape ``(2**n,)``.
    individual
        Whether no party may get less than its own value. If the own values add up to more than the whole there is no such
        split, and the demand is dropped (prenucleolus).

    Returns
    -------
    ndarray of shape (n,)

    References
    ----------
    D. Schmeidler, "The Nucleolus of a Characteristic Function Game", SIAM Journal on Applied Mathematics 17, 1969;
    M. Maschler, B. Peleg, L. S. Shapley, "Geometric Properties of the Kernel, Nucleolus, and Related Solution Concepts",
    Mathematics of Operations Research 4, 1979 (the sequence of programmes).

    Examples
    --------
    >>> nucleolus(np.array([0.0, 0, 0, 0, 0, 1, 1, 1])).round(9).tolist()
    [0.0, 0.0, 1.0]
    """
    return _levels(values, per_member=False, individual=individual)


def per_capita_nucleolus(values: Floats, *, individual: bool = True) -> Floats:
    """Return the per-capita nucleolus: as the nucleolus, with each excess divided by the number of members.

    References
    ----------
    J. H. Grotte, "Computation of and Observations on the Nucleolus, the Normalized Nucleolus and the Central Games", 1970.

    Examples
    --------
    >>> per_capita_nucleolus(np.array([0.0, 0, 0, 0, 0, 1, 1, 1])).round(9).tolist()
    [0.0, 0.0, 1.0]
    """
    return _levels(values, per_member=True, individual=individual)


def _levels(values: Floats, *, per_member: bool, individual: bool) -> Floats:
    n = parties_of(values)
    alone = values[1 << np.arange(n)]
    scale = float(np.abs(values).max())
    if n == 1 or scale == 0.0:
        return np.full(n, float(values[-1]) / n)
    worth = np.asarray(values, dtype=np.float64) / scale
    demanded = individual and alone.sum() <= values[-1] * (1 + 1e-12 * np.sign(values[-1]))
    floors = alone / scale if demanded else np.full(n, -np.inf)
    span = Span(n)
    payments = np.full(n, worth[-1] / n)
    hints: tuple[int, ...] = ()
    while span.rank < n:
        free = span.free()
        worth = np.where(free, worth, -np.inf)
        floors = np.where(free[1 << np.arange(n)], floors, -np.inf)
        level = Level(Conditions(worth, floors, per_member), span.basis(), payments)
        best = level.solve(hints)
        for which in best.binding:
            span.fix(which if which >= 0 else 1 << (-1 - which))
        payments, hints = best.payments, best.basis
    return payments * scale
