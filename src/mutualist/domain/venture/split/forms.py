"""Games that a few figures describe: bankruptcy, airport, two-additive, largest claim, a pie."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from mutualist.domain.venture.split.coalitions import Floats, subset_sums


def bankruptcy(claims: Sequence[float], estate: float) -> Floats:
    """Return the game of an estate too small for its claims: a coalition gets what the others leave over.

    ``v(S) = max(0, E - sum of the claims outside S)``.

    References
    ----------
    B. O'Neill, "A problem of rights arbitration from the Talmud", Mathematical Social Sciences 2, 1982.

    Examples
    --------
    >>> bankruptcy([100, 200, 300], 300).tolist()
    [0.0, 0.0, 0.0, 0.0, 0.0, 100.0, 200.0, 300.0]
    """
    demanded = subset_sums(np.asarray(claims, dtype=np.float64))
    return np.asarray(np.maximum(0.0, estate - demanded[::-1]))


def airport(costs: Sequence[float]) -> Floats:
    """Return the cost game of a runway: a coalition pays for the longest strip one of its members needs.

    References
    ----------
    S. C. Littlechild, G. Owen, "A Simple Expression for the Shapley Value in a Special Case", Management Science 20, 1973.

    Examples
    --------
    >>> airport([30, 45]).tolist()
    [0.0, 30.0, 45.0, 45.0]
    """
    return _largest(costs)


def largest_claim(claims: Sequence[float]) -> Floats:
    """Return the game in which a coalition is worth the largest claim of a member (Ibn Ezra).

    References
    ----------
    R. J. Aumann, "Some non-superadditive games, and their Shapley values, in the Talmud", International Journal of Game
    Theory 39, 2010.

    Examples
    --------
    >>> largest_claim([120, 60]).tolist()
    [0.0, 120.0, 60.0, 120.0]
    """
    return _largest(claims)


def two_additive(own: Sequence[float], synergy: Mapping[tuple[int, int], float]) -> Floats:
    """Return the game of own values plus a synergy for every pair that is together.

    Parameters
    ----------
    own
        What each party is worth alone.
    synergy
        What a pair, counted from 0, is worth more together; may be negative.

    References
    ----------
    M. Grabisch, "k-order additive discrete fuzzy measures and their representation", Fuzzy Sets and Systems 92, 1997.

    Examples
    --------
    >>> two_additive([10, 20], {(0, 1): 6}).tolist()
    [0.0, 10.0, 20.0, 36.0]
    """
    values = subset_sums(np.asarray(own, dtype=np.float64))
    masks = np.arange(values.size)
    for (i, j), together in synergy.items():
        values += together * ((masks >> i) & (masks >> j) & 1)
    return values


def pie(parties: int, whole: float) -> Floats:
    """Return the game in which only all together earn something.

    Examples
    --------
    >>> pie(2, 150).tolist()
    [0.0, 0.0, 0.0, 150.0]
    """
    values = np.zeros(1 << parties)
    values[-1] = whole
    return values


def _largest(figures: Sequence[float]) -> Floats:
    given = np.asarray(figures, dtype=np.float64)
    values = np.zeros(1 << len(given))
    for i, figure in enumerate(given):
        np.maximum(values[: 1 << i], figure, out=values[1 << i : 2 << i])
    return values
