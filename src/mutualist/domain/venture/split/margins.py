"""Rules made of what a party could claim at most and at least: tau value, Gately point, separable costs."""

from __future__ import annotations

import numpy as np

from mutualist.domain.venture.split.coalitions import Floats, parties_of, subset_sums
from mutualist.domain.venture.split.problems import SplitError


def utopia(values: Floats) -> Floats:
    """Return what each party adds to all the others, ``v(N) - v(N without i)``: more they would not give it.

    Examples
    --------
    >>> utopia(np.array([0.0, 0, 0, 1, 0, 2, 1, 3])).tolist()
    [2.0, 1.0, 2.0]
    """
    n = parties_of(values)
    return np.asarray(values[-1] - values[values.size - 1 - (1 << np.arange(n))])


def minimal_rights(values: Floats) -> Floats:
    """Return what each party can be sure of: the most a coalition leaves it after paying all others their utopia.

    Examples
    --------
    >>> minimal_rights(np.array([0.0, 0, 0, 1, 0, 2, 1, 3])).tolist()
    [0.0, 0.0, 0.0]
    """
    most = utopia(values)
    left = values - subset_sums(most)
    masks = np.arange(values.size)
    rights = [left[(masks >> i) & 1 == 1].max() + most[i] for i in range(len(most))]
    return np.array(rights)


def tau(values: Floats) -> Floats:
    """Return the tau value: the efficient point between minimal rights and utopia.

    Raises
    ------
    SplitError
        When the game is not quasi-balanced, so that there is no such point.

    References
    ----------
    S. H. Tijs, "Bounds for the core and the tau-value", Game Theory and Mathematical Economics, 1981.

    Examples
    --------
    >>> tau(np.array([0.0, 0, 0, 1, 0, 2, 1, 3])).round(9).tolist()
    [1.2, 0.6, 1.2]
    """
    least, most = minimal_rights(values), utopia(values)
    slack = 1e-9 * float(np.abs(values).max())
    if (least > most + slack).any() or not (
        least.sum() - slack <= values[-1] <= most.sum() + slack
    ):
        raise SplitError("tau_undefined")
    return _between(least, most, float(values[-1]))


def gately(values: Floats) -> Floats:
    """Return the Gately point: every party would hurt the others equally by leaving, measured by what it would lose.

    Raises
    ------
    SplitError
        When nothing is lost by anybody leaving, or more would have to be given than there is.

    References
    ----------
    D. Gately, "Sharing the Gains from Regional Cooperation", International Economic Review 15, 1974.

    Examples
    --------
    >>> gately(np.array([0.0, 0, 0, 1, 0, 2, 1, 3])).round(9).tolist()
    [1.2, 0.6, 1.2]
    """
    alone = values[1 << np.arange(parties_of(values))]
    most = utopia(values)
    gain = float(values[-1] - alone.sum())
    slack = 1e-9 * float(np.abs(values).max())
    if float((most - alone).sum()) <= slack:
        if abs(gain) <= slack:
            return np.asarray(alone.copy())
        raise SplitError("gately_undefined")
    return _between(alone, most, float(values[-1]))


def separable_costs(values: Floats) -> Floats:
    """Return what is separable for each party, and a part of the rest in proportion to its remaining benefit.

    For costs: everyone pays what it alone causes, ``c(N) - c(N without i)``; the rest is shared in proportion to what each
    still saves against going alone (never below zero). If nobody saves anything the rest is shared equally.

    References
    ----------
    P. D. Straffin, J. P. Heaney, "Game theory and the Tennessee Valley Authority", International Journal of Game Theory
    10, 1981; the method of separable costs and remaining benefits.

    Examples
    --------
    >>> separable_costs(-np.array([0.0, 6, 8, 10])).tolist()
    [-4.0, -6.0]
    """
    separable = utopia(values)
    alone = values[1 << np.arange(parties_of(values))]
    benefits = np.maximum(separable - alone, 0.0)
    rest = float(values[-1] - separable.sum())
    total = float(benefits.sum())
    parts = benefits / total if total > 0.0 else np.full(len(alone), 1.0 / len(alone))
    return np.asarray(separable + rest * parts)


def _between(least: Floats, most: Floats, whole: float) -> Floats:
    span = float(most.sum() - least.sum())
    part = (whole - float(least.sum())) / span if span else 0.0
    return np.asarray(least + part * (most - least))
