"""Coalitions as numbers: bit ``i`` of the number says whether party ``i`` belongs to the coalition."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import cache, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import ThreadpoolController

Floats = NDArray[np.float64]


def subset_sums(weights: Sequence[Any] | NDArray[Any]) -> NDArray[Any]:
    """Return the sum of the weights over every coalition, shape ``(2**n,)``, by doubling: one addition each.

    Parameters
    ----------
    weights
        One weight per party, of any NumPy number type; the sums keep it.

    Examples
    --------
    >>> subset_sums(np.array([1.0, 2.0, 4.0])).tolist()
    [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]
    """
    given = np.asarray(weights)
    sums = np.empty(1 << len(given), given.dtype)
    sums[0] = 0
    for i, weight in enumerate(given):
        np.add(sums[: 1 << i], weight, out=sums[1 << i : 2 << i])
    return sums


@lru_cache(maxsize=4)
def sizes(parties: int) -> NDArray[np.uint8]:
    """Return how many parties each coalition has, shape ``(2**n,)``, read-only.

    Examples
    --------
    >>> sizes(2).tolist()
    [0, 1, 1, 2]
    """
    counted = np.bitwise_count(np.arange(1 << parties, dtype=np.uint32))
    counted.flags.writeable = False
    return counted


def in_listed_order(parties: int) -> NDArray[np.intp]:
    """Return the numbers of all coalitions but the empty one as people list them.

    Singletons first, then pairs, then triples, each in the order of the dictionary.

    Examples
    --------
    >>> in_listed_order(3).tolist()
    [1, 2, 4, 3, 5, 6, 7]
    """
    # Of two coalitions of one size the one with the earlier first difference comes first; read with party 1 as the
    # highest digit, that is the larger number.
    read = subset_sums(np.array([1 << (parties - 1 - i) for i in range(parties)], dtype=np.int64))
    return np.lexsort((-read, sizes(parties)))[1:]


def mask_of(members: Iterable[int]) -> int:
    """Return the number of a coalition given by its members, counted from 0.

    Examples
    --------
    >>> mask_of([0, 2])
    5
    """
    return sum(1 << i for i in members)


def members_of(mask: int) -> tuple[int, ...]:
    """Return the members of a coalition, counted from 0.

    Examples
    --------
    >>> members_of(5)
    (0, 2)
    """
    return tuple(i for i in range(mask.bit_length()) if mask >> i & 1)


def parties_of(values: NDArray[Any]) -> int:
    """Return for how many parties an array holds the values of all coalitions."""
    return int(values.size).bit_length() - 1


@cache
def _pools() -> ThreadpoolController:
    return ThreadpoolController()


def one_thread(parties: int) -> AbstractContextManager[Any]:
    """Return a context in which matrix products use one thread: these are too thin to share, and waiting threads spin.

    Small games are below the size from which the matrix library shares its work, and need no context.
    """
    if parties < 14:
        return nullcontext()
    return _pools().limit(limits=1, user_api="blas")  # type: ignore[no-any-return]
