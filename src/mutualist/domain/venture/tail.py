"""The bad end of a distribution: expected shortfall (ES) with atoms, and who contributes how much to it.

Sources: ES_a = (E[L; L > q] + q (1 - a - P(L > q))) / (1 - a), Acerbi and Tasche (2002), J. Banking & Finance 26, 1487-1503;
contributions E[L_i | tail], with the scenarios at the quantile weighted pro rata, Tasche (1999), "Risk contributions and
performance measurement"; existence and uniqueness for a sub-additive, positively homogeneous measure, Kalkbrener (2005),
Mathematical Finance 15, 425-437; normal closed form as in McNeil, Frey, Embrechts (2015), section 8.2.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, pi, sqrt
from typing import Any, Final

import numpy as np

from mutualist.domain.venture.problems import refuse

LEVEL: Final = 0.95
Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True, slots=True)
class Shortfall:
    """Value at risk (for display only) and expected shortfall of a loss."""

    var: float
    es: float


@dataclass(frozen=True, slots=True)
class Allocation:
    """A joint ES and its parts.

    Attributes
    ----------
    var, es : float
        Of the joint loss.
    contributions : tuple of float
        Per party; they add up to ``es``.
    stand_alone : tuple of float
        ES of each party's own loss.
    gain : float or None
        1 - es / sum of the stand-alone ES: what being together saves; None without a positive sum.
    """

    var: float
    es: float
    contributions: tuple[float, ...]
    stand_alone: tuple[float, ...]
    gain: float | None


def inner(first: Array, second: Array) -> float:
    """Return the sum of products, by NumPy's own loop: threads of a linear algebra library would only spin here."""
    return float(np.einsum("i,i->", first, second))


def tail_size(count: int, level: float) -> float:
    """Return how many of ``count`` equally likely scenarios are the tail, rarely a whole number."""
    _check_level(level)
    return round(count * (1 - level), 9)


def _check_level(level: float) -> None:
    if not 0 < level < 1:
        raise refuse("level", "bad_level", value=level)


def shortfall(losses: Array, level: float = LEVEL) -> Shortfall:
    """Return value at risk and ES of equally likely losses.

    Parameters
    ----------
    losses
        Shape (scenarios,); gains are negative.
    level
        Confidence, 0.95 for the worst 5 %.

    Returns
    -------
    Shortfall
        In the unit of the losses.

    Examples
    --------
    >>> shortfall(np.arange(100.0), 0.95)
    Shortfall(var=94.0, es=97.0)
    """
    size = tail_size(len(losses), level)
    whole = int(size)
    kth = len(losses) - whole - 1
    parted = np.partition(losses, max(kth, 0))
    if kth < 0:
        return Shortfall(float(losses.min()), float(losses.mean(dtype=np.float64)))
    quantile = float(parted[kth])
    above = float(parted[kth + 1 :].sum(dtype=np.float64))
    return Shortfall(quantile, (above + quantile * (size - whole)) / size)


def tail_weights(joint: Array, level: float = LEVEL) -> tuple[Array, Array, float]:
    """Return the tail's scenarios, their weights and the quantile; the weights add up to the tail.

    Scenarios exactly at the quantile share what is left of the tail.
    """
    size = tail_size(len(joint), level)
    kth = max(len(joint) - int(size) - 1, 0)
    quantile = float(np.partition(joint, kth)[kth])
    chosen = np.flatnonzero(joint >= quantile)
    at = joint[chosen] == quantile
    weights = np.ones(len(chosen))
    weights[at] = (size - float((~at).sum())) / float(at.sum())
    return chosen, weights / size, quantile


def euler(losses: Array, level: float = LEVEL) -> tuple[float, Array]:
    """Return the joint ES and each party's contribution to it.

    Parameters
    ----------
    losses
        Shape (parties, scenarios).
    level
        Confidence.

    Returns
    -------
    tuple of float and numpy.ndarray
        The ES of the sum and the contributions, shape (parties,), which add up to it.

    Examples
    --------
    >>> es, parts = euler(np.array([[0.0, 0.0, 0.0, 8.0], [0.0, 0.0, 0.0, -2.0]]), 0.75)
    >>> es, parts.tolist()
    (6.0, [8.0, -2.0])
    """
    joint = losses.sum(axis=0, dtype=np.float64)
    chosen, weights, _quantile = tail_weights(joint, level)
    parts = np.array([inner(row[chosen].astype(np.float64), weights) for row in losses])
    return float(parts.sum()), parts


def allocate_states(
    probability: Sequence[float], losses: Sequence[Sequence[float]], level: float = LEVEL
) -> Allocation:
    """Return the ES of a table of states and who contributes what.

    Parameters
    ----------
    probability
        Likelihood of each state; they add up to 1.
    losses
        One list per party, one loss per state.
    level
        Confidence.

    Raises
    ------
    VentureError
        When lengths or likelihoods do not fit.

    Examples
    --------
    >>> allocate_states([0.04, 0.96], [[100, 0]], 0.95).es
    80.0
    """
    weight, table = _checked_states(probability, losses)
    _check_level(level)
    var, es, parts = _weighted(weight, table, table.sum(axis=0), level)
    alone = tuple(_weighted(weight, row[None], row, level)[1] for row in table)
    total = sum(alone)
    gain = round(1 - es / total, 12) if total > 0 else None
    return Allocation(var, es, tuple(parts), alone, gain)


def _checked_states(
    probability: Sequence[float], losses: Sequence[Sequence[float]]
) -> tuple[Array, Array]:
    weight = _column("probability", probability)
    if not len(losses):
        raise refuse("losses", "states_empty")
    rows = [_column(f"losses[{at}]", row) for at, row in enumerate(losses, 1)]
    for at, row in enumerate(rows, 1):
        if len(row) != len(weight):
            raise refuse(f"losses[{at}]", "states_shape", wanted=len(weight), found=len(row))
    for at, one in enumerate(weight, 1):
        if not 0 <= one <= 1:
            place = f"probability[{at}]"
            raise refuse(place, "likelihood_above", value=float(one), percent=100 * float(one))
    if abs(weight.sum() - 1) > 1e-6:
        raise refuse("probability", "likelihoods_sum", total=float(weight.sum()))
    return weight / weight.sum(), np.array(rows)


def _column(place: str, values: Any) -> Array:
    if not isinstance(values, list | tuple | np.ndarray):
        raise refuse(place, "not_list", value=values)
    if not len(values):
        raise refuse(place, "states_empty")
    for at, value in enumerate(values, 1):
        if isinstance(value, bool) or not isinstance(value, int | float | np.number):
            raise refuse(f"{place}[{at}]", "not_number", value=value)
        if np.isnan(value):
            raise refuse(f"{place}[{at}]", "nan")
        if abs(float(value)) > 1e15:
            raise refuse(f"{place}[{at}]", "too_large", value=float(value), high=1e15)
    return np.array(values, dtype=float)


def _weighted(
    weight: Array, table: Array, joint: Array, level: float
) -> tuple[float, float, list[float]]:
    """Return VaR, ES and contributions of states with likelihoods."""
    order = np.argsort(-joint, kind="stable")
    sorted_losses, mass = joint[order], weight[order]
    tail = 1 - level
    reached = np.cumsum(mass) > tail + 1e-12
    at = int(reached.argmax()) if reached.any() else len(order) - 1
    quantile = float(sorted_losses[at])
    above, equal = joint > quantile, joint == quantile
    share = weight * above
    left = tail - share.sum()
    share = share + weight * equal * (left / weight[equal].sum())
    parts = (table @ share) / tail
    return quantile, round(float(parts.sum()), 12), [round(float(part), 12) for part in parts]


def normal_factor(level: float = LEVEL) -> float:
    """Return k_a: the ES of a standard normal loss.

    Examples
    --------
    >>> round(normal_factor(0.95), 6)
    2.062713
    """
    from scipy.special import ndtri

    _check_level(level)
    quantile = float(ndtri(level))
    return exp(-quantile * quantile / 2) / sqrt(2 * pi) / (1 - level)


def allocate_normal(
    sd: Sequence[float], correlation: Any, mean: float | Sequence[float] = 0.0, level: float = LEVEL
) -> Allocation:
    """Return the closed form for jointly normal losses: mean + sd k, parts mean_i + k Cov(X_i, X) / sd.

    Parameters
    ----------
    sd
        Standard deviation per party.
    correlation
        Matrix, shape (parties, parties).
    mean
        Mean loss per party.
    level
        Confidence.

    Examples
    --------
    >>> round(allocate_normal([3.0, 4.0], [[1, 0], [0, 1]]).es, 4)
    10.3136
    """
    from scipy.special import ndtri

    deviation = np.asarray(sd, dtype=float)
    means = np.broadcast_to(np.asarray(mean, dtype=float), deviation.shape)
    covariance = np.asarray(correlation, dtype=float) * np.outer(deviation, deviation)
    joint_sd = sqrt(float(covariance.sum()))
    factor = normal_factor(level)
    pull = covariance.sum(axis=1) / joint_sd if joint_sd else np.zeros_like(deviation)
    parts = means + factor * pull
    alone = means + factor * deviation
    es, total = float(parts.sum()), float(alone.sum())
    var = float(means.sum()) + float(ndtri(level)) * joint_sd
    gain = 1 - es / total if total > 0 else None
    return Allocation(var, es, tuple(map(float, parts)), tuple(map(float, alone)), gain)
