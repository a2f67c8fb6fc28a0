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
    # Single parties first and in order: what they do stands side by side in memory.
    blocs = sorted((sorted(union) for union in unions), key=lambda one: (len(one) > 1, one[0]))
    masks = [mask_of(bloc) for bloc in blocs]
    between = shapley(_merged(values, masks))
    result = np.empty(parties_of(values))
    for k, bloc in enumerate(blocs):
        if len(bloc) == 1:
            result[bloc[0]] = between[k]
            continue
        others = [mask for mask in masks if mask != masks[k]]
        steps = sorted([1 << i for i in bloc] + [one for one in others if one.bit_count() == 1])
        steps += [one for one in others if one.bit_count() > 1]
        own = [place for place, step in enumerate(steps) if step & masks[k]]
        result[bloc] = shapley(_over_the_others(_merged(values, steps), own))
    return result


def _merged(values: Floats, masks: Sequence[int]) -> Floats:
    """Return the game whose parties are disjoint coalitions; without a copy where they are all parties in order.

    The worth of a union of coalitions stands at the sum of their numbers, so each is an axis with its number as stride.
    """
    runs: list[tuple[int, int]] = []
    for mask in masks:
        if runs and mask == runs[-1][0] << runs[-1][1]:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        else:
            runs.append((mask, 1))
    shape = [1 << length for _first, length in reversed(runs)]
    strides = [first * values.itemsize for first, _length in reversed(runs)]
    return np.lib.stride_tricks.as_strided(values, shape, strides, writeable=False).reshape(-1)


def _over_the_others(values: Floats, own: Sequence[int]) -> Floats:
    """Return the game of some parties when all others come before them or not, weighted as orders of joining are.

    Coalitions stand in a matrix, upper half of the parties down, lower half across. Rows with the same number of others
    are added up first, each a stretch of memory; what is left is a product with one column of weights.
    """
    n = parties_of(values)
    others = [i for i in range(n) if i not in set(own)]
    if not others:
        return values
    count, low = len(others), n // 2
    if count == 1:
        both = values.reshape(-1, 2, 1 << others[0])
        total = np.add(both[:, 0], both[:, 1])
        total *= 0.5
        return total.reshape(-1)
    weights = np.array([1.0 / ((count + 1) * comb(count, s)) for s in range(count + 1)])
    across, inside = (
        np.array([1 << i for i in part if i < low], np.intp) for part in (others, own)
    )
    if max(own) >= low:
        table = values.reshape((2,) * (n - low) + (1 << low,))
        by_number = _added_rows(table, [i - low for i in own])
    else:
        with one_thread(n):
            sums = _of_size(n - low).T @ values.reshape(-1, 1 << low)
        by_number = dict(enumerate(sums))
    if not across.size:
        # In place: for large games making room costs more than adding up.
        return np.asarray(sum(weights[s] * rows for s, rows in by_number.items())).reshape(-1)
    order = (subset_sums(inside)[:, None] | subset_sums(across)).reshape(-1)
    in_order = bool((order[1:] > order[:-1]).all())
    before = sizes(len(across)).astype(np.intp)
    result = np.zeros(1 << len(own))
    with one_thread(n):
        for s, rows in by_number.items():
            flat = rows.reshape(-1, 1 << low)
            sorted_ = flat if in_order else flat.take(order, axis=1)
            result += sorted_.reshape(-1, 1 << len(across)) @ weights[s + before]
    return result


def _added_rows(table: Floats, own: Sequence[int]) -> dict[int, Floats]:
    """Return the sums over the coalitions of the other parties down, by their number; own parties keep their axes."""
    high = table.ndim - 1
    down = [i for i in range(high) if i not in set(own)]
    found: dict[int, Floats] = {}
    changed = set()
    for mask in range(1 << len(down)):
        place: list[int | slice] = [slice(None)] * high
        for k, i in enumerate(down):
            place[high - 1 - i] = mask >> k & 1
        rows, size = table[tuple(place)], mask.bit_count()
        if size not in found:
            found[size] = rows
        elif size in changed:
            found[size] += rows
        else:
            found[size] = found[size] + rows
            changed.add(size)
    return found
