"""Games for tests: random ones of several kinds, and slow readings of the definitions."""

from __future__ import annotations

from itertools import permutations
from math import factorial

import numpy as np
from hypothesis import strategies as st


def game_values(most: int = 5, least: int = 2):
    """Values of all coalitions of a game, any numbers of modest size."""
    return st.integers(least, most).flatmap(
        lambda n: st.lists(
            st.integers(-40, 100).map(float), min_size=2**n - 1, max_size=2**n - 1
        ).map(lambda values: np.array([0.0, *values]))
    )


def superadditive(values: np.ndarray) -> np.ndarray:
    """Return the least superadditive game above: a coalition may split up."""
    cover = values.copy()
    for mask in range(1, cover.size):
        part = (mask - 1) & mask
        while part:
            cover[mask] = max(cover[mask], cover[part] + cover[mask ^ part])
            part = (part - 1) & mask
    return cover


def convex(weights: np.ndarray, power: float) -> np.ndarray:
    """Return a convex game: a power above 1 of what members bring."""
    sums = np.zeros(1)
    for weight in weights:
        sums = np.concatenate([sums, sums + weight])
    return sums**power


def shapley_by_orders(values: np.ndarray) -> np.ndarray:
    """Read the definition: the mean over all orders of joining."""
    n = values.size.bit_length() - 1
    total = np.zeros(n)
    for order in permutations(range(n)):
        mask = 0
        for party in order:
            total[party] += values[mask | 1 << party] - values[mask]
            mask |= 1 << party
    return total / factorial(n)


def renamed(values: np.ndarray, order: list[int]) -> np.ndarray:
    """Return the game in which party ``order[i]`` is called ``i``."""
    masks = np.arange(values.size)
    old = sum(((masks >> i) & 1) << party for i, party in enumerate(order))
    return values[old]
