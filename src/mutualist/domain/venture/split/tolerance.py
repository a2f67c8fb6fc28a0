"""Sharing a risk by how much risk each party can bear (constant absolute risk aversion)."""

from __future__ import annotations

import numpy as np

from mutualist.domain.venture.split.coalitions import Floats
from mutualist.domain.venture.split.problems import SplitError


def cara_shares(tolerances: Floats) -> Floats:
    """Return the best parts of a joint risk: ``T_i / sum of T``, whatever the risk is.

    Parameters
    ----------
    tolerances
        Risk tolerance of each party, the inverse of its risk aversion, an amount of money; shape ``(n,)``.

    Raises
    ------
    SplitError
        When one is not above 0.

    References
    ----------
    K. Borch, "Equilibrium in a Reinsurance Market", Econometrica 30, 1962; R. Wilson, "The Theory of Syndicates",
    Econometrica 36, 1968.

    Examples
    --------
    >>> cara_shares(np.array([100.0, 50.0, 20.0])).round(6).tolist()
    [0.588235, 0.294118, 0.117647]
    """
    given = np.asarray(tolerances, dtype=np.float64)
    if not (np.isfinite(given).all() and (given > 0).all()):
        raise SplitError("needs_tolerance")
    return np.asarray(given / given.sum())


def certainty_equivalent(results: Floats, tolerance: float) -> float:
    """Return the sure amount a party with this risk tolerance would take for a result: ``-T log E exp(-X / T)``.

    Parameters
    ----------
    results
        Equally likely results, shape ``(scenarios,)``.
    tolerance
        Risk tolerance, above 0.

    References
    ----------
    J. W. Pratt, "Risk Aversion in the Small and in the Large", Econometrica 32, 1964.

    Examples
    --------
    >>> round(certainty_equivalent(np.array([0.0, 100.0]), 50.0), 2)
    28.31
    """
    scaled = -np.asarray(results, dtype=np.float64) / tolerance
    top = float(scaled.max())
    return float(-tolerance * (top + np.log(np.exp(scaled - top).mean())))


def normal_certainty_equivalent(mean: float, sd: float, tolerance: float) -> float:
    """Return the same for a normal result: ``mean - sd^2 / (2 T)``.

    Examples
    --------
    >>> normal_certainty_equivalent(100, 60, 100)
    82.0
    """
    return mean - sd**2 / (2 * tolerance)


def side_payments(certain: float, tolerances: Floats, outside: Floats) -> Floats:
    """Return side payments with which everyone gains the same over its outside option; they add up to 0.

    With the parts of `cara_shares` the joint result is worth ``certain`` to all together, part by part
    ``T_i / sum of T * certain``. What this exceeds the outside options by is shared equally.

    Parameters
    ----------
    certain
        Certainty equivalent of the joint result for the sum of all tolerances.
    tolerances, outside
        Per party, shape ``(n,)``.

    Examples
    --------
    >>> side_payments(80, np.array([60.0, 20.0]), np.array([0.0, 0.0])).tolist()
    [-20.0, 20.0]
    """
    parts = cara_shares(tolerances)
    gain = (certain - float(outside.sum())) / len(parts)
    return np.asarray(outside + gain - parts * certain)
