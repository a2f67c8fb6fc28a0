"""Owen's value for blocs of any shape and order, against its definition."""

from __future__ import annotations

from math import comb

import numpy as np
import pytest
from coopgame import Game as PeerGame
from coopgame import owen as peer
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.split.games import game_values
from mutualist.domain.venture.split import owen, shapley


def by_definition(values, unions):
    """Go through every coalition of the other blocs and of the other members, one by one."""
    found = np.zeros(values.size.bit_length() - 1)
    masks = [sum(1 << i for i in union) for union in unions]
    for k, union in enumerate(unions):
        others = masks[:k] + masks[k + 1 :]
        for i in union:
            rest = [j for j in union if j != i]
            for before in range(1 << len(others)):
                start = sum(mask for j, mask in enumerate(others) if before >> j & 1)
                weight = 1 / (len(unions) * comb(len(others), before.bit_count()))
                for inside in range(1 << len(rest)):
                    mask = start | sum(1 << one for j, one in enumerate(rest) if inside >> j & 1)
                    part = weight / (len(union) * comb(len(rest), inside.bit_count()))
                    found[i] += part * (values[mask | 1 << i] - values[mask])
    return found


@settings(deadline=None)
@given(game_values(7, 1), st.data())
def test_any_blocs_in_any_order_follow_the_definition(values, data):
    parties = values.size.bit_length() - 1
    left = data.draw(st.permutations(range(parties)))
    unions = []
    while left:
        size = data.draw(st.integers(1, len(left)))
        unions.append(left[:size])
        left = left[size:]
    found = owen(values, unions)
    np.testing.assert_allclose(found, by_definition(values, unions), rtol=1e-9, atol=1e-9)
    assert found.sum() == pytest.approx(values[-1], abs=1e-9)


@pytest.mark.parametrize(
    "sizes",
    [(11, 1), (1, 11), (1, 1, 10), (10, 1, 1), (6, 1, 1, 1, 1, 1, 1), (2, *10 * (1,)), (3, 3, 3, 3),
     (5, 1, 5, 1), (2, 2, 2, 2, 2, 2), (4, 2, *6 * (1,))],
)  # fmt: skip
@pytest.mark.parametrize("order", ["in order", "spread", "backwards"])
def test_large_blocs_beside_single_parties_equal_the_peer(sizes, order):
    values = np.random.default_rng(len(sizes)).normal(size=1 << 12)
    values[0] = 0.0
    spread = [(5 * i) % 12 for i in range(12)]
    parties = {"in order": [*range(12)], "spread": spread, "backwards": [*range(12)][::-1]}[order]
    ends = np.cumsum(sizes)
    unions = [parties[end - size : end] for size, end in zip(sizes, ends, strict=True)]
    theirs = peer(PeerGame(values[1:].tolist()), unions)
    np.testing.assert_allclose(owen(values, unions), theirs, rtol=1e-9, atol=1e-9)


def test_one_bloc_of_all_and_blocs_of_one_are_shapley():
    values = np.random.default_rng(1).random(1 << 8)
    values[0] = 0.0
    np.testing.assert_allclose(owen(values, [[*range(8)]]), shapley(values), atol=1e-12)
    np.testing.assert_allclose(owen(values, [[i] for i in range(8)]), shapley(values), atol=1e-12)
