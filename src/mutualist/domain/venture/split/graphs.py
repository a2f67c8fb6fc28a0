"""Who can talk to whom: the Myerson value."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from mutualist.domain.venture.split.coalitions import Floats, parties_of
from mutualist.domain.venture.split.orders import shapley


def restricted(values: Floats, links: Iterable[tuple[int, int]]) -> Floats:
    """Return the game in which a coalition earns what its connected parts earn.

    Parameters
    ----------
    values
        ``v(S)`` of every coalition, shape ``(2**n,)``.
    links
        Pairs of parties, counted from 0, that can work together directly.

    Examples
    --------
    >>> restricted(np.array([0.0, 0, 0, 12, 0, 6, 6, 12]), [(0, 2)]).tolist()
    [0.0, 0.0, 0.0, 0.0, 0.0, 6.0, 0.0, 6.0]
    """
    n = parties_of(values)
    near = np.zeros(n, dtype=np.int64)
    for i, j in links:
        near[i] |= 1 << j
        near[j] |= 1 << i
    reached = _neighbours(near)
    rest = np.arange(values.size)
    result = np.zeros(values.size)
    while rest.any():
        part = _connected(rest & -rest, rest, reached)
        result += values[part]
        rest &= ~part
    return result


def _neighbours(near: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return for every coalition whom its members can talk to."""
    reached = np.zeros(1 << len(near), dtype=np.int64)
    for i, others in enumerate(near):
        reached[1 << i : 2 << i] = reached[: 1 << i] | others
    return reached


def _connected(
    part: NDArray[np.int64], inside: NDArray[np.int64], reached: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return the connected part around a first member of each coalition."""
    while True:
        wider = part | (reached[part] & inside)
        if np.array_equal(wider, part):
            return part
        part = wider


def myerson(values: Floats, links: Iterable[tuple[int, int]]) -> Floats:
    """Return the Myerson value: the Shapley value when only linked parties can work together.

    If the links leave the parties in separate parts, the shares add up to what the parts earn, not to ``v(N)``.

    References
    ----------
    R. B. Myerson, "Graphs and Cooperation in Games", Mathematics of Operations Research 2, 1977.

    Examples
    --------
    >>> myerson(np.array([0.0, 0, 0, 12, 0, 6, 6, 12]), [(0, 1), (0, 2)]).round(9).tolist()
    [7.0, 4.0, 1.0]
    """
    return shapley(restricted(values, links))
