"""Shapley and Owen value, exactly, for the values of all coalitions at once."""

from __future__ import annotations

from collections.abc import Sequence
from math import comb

import numpy as np

from mutualist.domain.venture.split.coalitions import (
    Floats,
    mask_of,
    one_thread,
    parties_of,
    sizes,
    subset_sums,
)


def shapley(values: Floats) -> Floats:
    """Return the Shapley value: each party's contribution, averaged over all orders of joining.

    With ``w(s) = s! (n-s-1)! / n!`` the value of party ``i`` is the sum of ``w(|S|-1) v(S)`` over the coalitions with it,
    less the sum of ``w(|S|) v(S)`` over those without. The weights depend on sizes only; so the coalitions are written as
    a matrix (upper half of the parties down, lower half across), and the rows of one size of the upper half are added up,
    as are the columns of one size of the lower half. Two products with small matrices read all values; what is left to do
    is of the size ``2**(n/2)``.

    Parameters
    ----------
    values
        ``v(S)`` of every coalition, shape ``(2**n,)``; ``v`` of the empty coalition is taken as it stands and cancels out.

    Returns
    -------
    ndarray of shape (n,)
        Sums to ``v(N) - v(empty)``.

    References
    ----------
    L. S. Shapley, "A Value for n-Person Games", Contributions to the Theory of Games II, 1953.

    Examples
    --------
    >>> shapley(np.array([0.0, 0, 0, 0, 0, 1, 1, 1])).round(4).tolist()
    [0.1667, 0.1667, 0.6667]
    """
    n = parties_of(values)
    low = n // 2
    high = n - low
    joining = np.array([1.0 / (n * comb(n - 1, s)) for s in range(n)])
    with_it, without = np.append(0.0, joining), np.append(joining, 0.0)
    table = values.reshape(1 << high, 1 << low)
    with one_thread(n):
        by_row = _of_size(high).T @ table
        by_column = table @ _of_size(low)
    result = np.empty(n)
    result[:low] = _half(by_row.T, low, with_it, without)
    result[low:] = _half(by_column, high, with_it, without)
    return result


def _of_size(parties: int) -> Floats:
    """Return a matrix that adds up coalitions by size: row per coalition, column per size."""
    return np.asarray(sizes(parties)[:, None] == np.arange(parties + 1), dtype=np.float64)


def _half(sums: Floats, parties: int, with_it: Floats, without: Floats) -> Floats:
    """Return the values of one half's parties, from sums per coalition of it and size of the other half's part."""
    size = sizes(parties)[:, None].astype(np.intp) + np.arange(sums.shape[1])
    gain = np.einsum("ij,ij->i", with_it[size], sums)
    loss = np.einsum("ij,ij->i", without[size], sums)
    inside = (np.arange(1 << parties)[:, None] >> np.arange(parties)) & 1
    return np.asarray(np.where(inside == 1, gain[:, None], -loss[:, None]).sum(axis=0))


def owen(values: Floats, unions: Sequence[Sequence[int]]) -> Floats:
    """Return the Owen value: blocs join as blocs, and inside a bloc its members join one by one.

    For a bloc ``U`` and the other blocs ``T`` that came before it, weighted as in the Shapley value of the blocs, the
    value of a part ``S`` of ``U`` is the weighted mean of ``v(T + S)``. The Shapley value of this game on ``U`` is the
    Owen value of its members. Blocs of one party need only the game between the blocs.

    Parameters
    ----------
    values
        ``v(S)`` of every coalition, shape ``(2**n,)``.
    unions
        The blocs: every party, counted from 0, in exactly one.

    Returns
    -------
    ndarray of shape (n,)

    References
    ----------
    G. Owen, "Values of Games with a Priori Unions", Lecture Notes in Economics and Mathematical Systems 141, 1977.

    Examples
    --------
    >>> owen(np.array([0.0, 0, 0, 0, 0, 1, 1, 1]), [[0], [1, 2]]).tolist()
    [0.0, 0.25, 0.75]
    """
    masks = np.array([mask_of(union) for union in unions], dtype=np.intp)
    between = shapley(values[subset_sums(masks)])
    result = np.empty(parties_of(values))
    for k, union in enumerate(unions):
        if len(union) == 1:
            result[union[0]] = between[k]
            continue
        others = np.delete(masks, k)
        count = len(others)
        weights = np.array([1.0 / ((count + 1) * comb(count, s)) for s in range(count + 1)])
        parts = subset_sums(np.array([1 << i for i in union], dtype=np.intp))
        before = subset_sums(others)
        with one_thread(count + len(union)):
            inner = weights[sizes(count)] @ values[before[:, None] | parts]
        result[list(union)] = shapley(inner)
    return result
