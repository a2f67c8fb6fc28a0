"""Splitting a sum when each party has something else it could do: Nash, Kalai-Smorodinsky, equal gains."""

from __future__ import annotations

import numpy as np

from mutualist.domain.venture.split.coalitions import Floats
from mutualist.domain.venture.split.problems import SplitError


def nash(whole: float, outside: Floats, weights: Floats | None = None) -> Floats:
    """Return the Nash bargaining solution of money that can be passed on: the gain in proportion to the weights.

    It maximises the product of ``(x_i - d_i) ** w_i`` over all splits of the whole, which gives
    ``x_i = d_i + w_i (V - sum of d) / sum of w``.

    Parameters
    ----------
    whole
        What there is to split.
    outside
        What each party has without an agreement, shape ``(n,)``.
    weights
        Bargaining weights; equal if not given.

    Raises
    ------
    SplitError
        When the outside options are worth more than the whole.

    References
    ----------
    J. F. Nash, "The Bargaining Problem", Econometrica 18, 1950; J. C. Harsanyi, R. Selten, "A Generalized Nash Solution for
    Two-Person Bargaining Games with Incomplete Information", Management Science 18, 1972 (weights).

    Examples
    --------
    >>> nash(150, np.array([20.0, 50.0])).tolist()
    [60.0, 90.0]
    """
    gain = _gain(whole, outside)
    parts = np.ones(len(outside)) if weights is None else np.asarray(weights, dtype=np.float64)
    return np.asarray(outside + gain * parts / parts.sum())


def kalai_smorodinsky(whole: float, outside: Floats, most: Floats | None = None) -> Floats:
    """Return the Kalai-Smorodinsky solution: everyone gets the same part of what it could have hoped for at best.

    At best a party gets all that is left when the others get their outside options, ``V - sum of d_j over the others``;
    then everyone hopes for the same gain and the split equals Nash's with equal weights. Where less is possible for a party
    (a cap), ``most`` says how much.

    Parameters
    ----------
    whole, outside
        As for `nash`.
    most
        What each party can get at most, shape ``(n,)``.

    Raises
    ------
    SplitError
        When the outside options are worth more than the whole, or the most for all is less than the whole.

    References
    ----------
    E. Kalai, M. Smorodinsky, "Other Solutions to Nash's Bargaining Problem", Econometrica 43, 1975.

    Examples
    --------
    >>> kalai_smorodinsky(150, np.array([20.0, 50.0])).tolist()
    [60.0, 90.0]
    >>> kalai_smorodinsky(150, np.array([20.0, 50.0]), np.array([60.0, 130.0])).round(2).tolist()
    [46.67, 103.33]
    """
    gain = _gain(whole, outside)
    hoped = np.full(len(outside), gain)
    if most is not None:
        hoped = np.minimum(hoped, np.asarray(most, dtype=np.float64) - outside)
        if (hoped < 0).any() or hoped.sum() < gain - 1e-9 * max(
            abs(whole), float(np.abs(outside).max())
        ):
            raise SplitError("most_too_small", value=float(np.sum(most)), allowed=whole)
    total = float(hoped.sum())
    return np.asarray(outside + (gain * hoped / total if total else 0.0))


def equal_gains(whole: float, outside: Floats) -> Floats:
    """Return the split that makes the smallest gain over the outside options as large as possible.

    References
    ----------
    E. Kalai, "Proportional Solutions to Bargaining Situations", Econometrica 45, 1977.

    Examples
    --------
    >>> equal_gains(150, np.array([20.0, 50.0])).tolist()
    [60.0, 90.0]
    """
    return nash(whole, outside)


def _gain(whole: float, outside: Floats) -> float:
    gain = whole - float(np.sum(outside))
    if gain < -1e-9 * max(abs(whole), float(np.abs(outside).max())):
        raise SplitError("outside_above_whole", allowed=whole)
    return gain
