"""What the values of games have to satisfy, whatever the game."""

from __future__ import annotations

import numpy as np
import pytest
from coopgame import Game as PeerGame
from coopgame import gately_point, myerson, nucleolus, owen, tau_value
from coopgame import per_capita_nucleolus as peer_per_capita
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from domain.split.games import convex, game_values, renamed, shapley_by_orders, superadditive
from mutualist.domain.venture.split import Game, SplitError, is_nucleolus, split
from mutualist.domain.venture.split import nucleolus as own_nucleolus
from mutualist.domain.venture.split import owen as own_owen
from mutualist.domain.venture.split import per_capita_nucleolus as own_per_capita
from mutualist.domain.venture.split import shapley as own_shapley
from mutualist.domain.venture.split.cents import to_cents
from mutualist.domain.venture.split.core import check_core, least_objection, worst_union
from mutualist.domain.venture.split.graphs import myerson as own_myerson
from mutualist.domain.venture.split.margins import gately, tau
from mutualist.domain.venture.split.rules import RULES
from mutualist.domain.venture.split.sampling import sampled_shapley

close = {"rtol": 1e-9, "atol": 1e-7}


def peer(values):
    return PeerGame(values[1:].tolist())


@given(game_values())
def test_shapley_is_the_mean_over_all_orders(values):
    found = own_shapley(values)
    np.testing.assert_allclose(found, shapley_by_orders(values), **close)
    assert found.sum() == pytest.approx(values[-1], abs=1e-9)


@given(game_values(), st.integers(0, 100))
def test_shapley_of_symmetric_and_null_parties(values, worth):
    n = values.size.bit_length() - 1
    twice = np.concatenate([values, values + worth * 0])
    assert own_shapley(twice)[-1] == pytest.approx(0.0, abs=1e-9)
    np.testing.assert_allclose(own_shapley(twice)[:n], own_shapley(values), **close)
    mirrored = (values + renamed(values, [1, 0, *range(2, n)])) / 2
    first, second = own_shapley(mirrored)[:2]
    assert first == pytest.approx(second, abs=1e-9)


@given(st.data(), st.integers(2, 5))
def test_shapley_adds_up_over_games(data, n):
    one, other = (data.draw(game_values(n, n)) for _ in range(2))
    together = own_shapley(one + other)
    np.testing.assert_allclose(together, own_shapley(one) + own_shapley(other), **close)


@settings(deadline=None)
@given(game_values(5).map(superadditive))
def test_nucleolus_equals_the_peer_and_meets_kohlbergs_criterion(values):
    found = own_nucleolus(values)
    np.testing.assert_allclose(found, nucleolus(peer(values))["allocation"], **close)
    assert is_nucleolus(values, found)
    per_head = own_per_capita(values)
    np.testing.assert_allclose(per_head, peer_per_capita(peer(values))["allocation"], **close)
    assert is_nucleolus(values, per_head, per_member=True)


@settings(deadline=None)
@given(game_values(5))
def test_nucleolus_of_any_game_even_without_imputations(values):
    alone = values[[1 << i for i in range(values.size.bit_length() - 1)]].sum()
    domain = "imputation" if alone <= values[-1] else "preimputation"
    found = own_nucleolus(values)
    np.testing.assert_allclose(found, nucleolus(peer(values), domain)["allocation"], **close)
    assert is_nucleolus(values, found, individual=domain == "imputation")


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("kind", ["random", "convex", "symmetric"])
def test_nucleolus_of_larger_games(seed, kind):
    random = np.random.default_rng(seed)
    n = 8 + seed % 2
    if kind == "random":
        values = random.random(1 << n)
        values[[0, *(1 << i for i in range(n))]] = 0.0
        values[-1] = 1.0
    else:
        values = convex(np.ones(n) if kind == "symmetric" else random.random(n), 1.3)
    found = own_nucleolus(values)
    np.testing.assert_allclose(found, nucleolus(peer(values))["allocation"], **close)
    assert is_nucleolus(values, found)
    off = found + 1e-5 * np.array([1, -1, *[0] * (n - 2)])
    assert not is_nucleolus(values, off)


@given(game_values(5).map(superadditive))
def test_nucleolus_lies_in_a_core_that_is_not_empty(values):
    scale = np.abs(values).max()
    assume(least_objection(values) <= 1e-9 * scale)
    assert check_core(values, own_nucleolus(values), tolerance=1e-7 * scale).inside


@given(game_values(5))
def test_the_core_is_empty_exactly_if_the_nucleolus_is_outside(values):
    scale = max(np.abs(values).max(), 1.0)
    objection = least_objection(values)
    assume(abs(objection) > 1e-6 * scale)
    inside = check_core(values, own_nucleolus(values), tolerance=1e-8 * scale).inside
    assert inside == (objection < 0)
    assert peer(values).has_nonempty_core() == (objection < 0)


@given(game_values(5))
def test_superadditivity_as_the_peer_sees_it(values):
    found = worst_union(values)
    assert (found is None) == peer(values).is_superadditive()
    if found is not None:
        assert found.first & found.second == 0
        loss = values[found.first] + values[found.second] - values[found.first | found.second]
        assert loss == found.loss


@given(game_values(5), st.data())
def test_owen_and_myerson_equal_the_peer(values, data):
    n = values.size.bit_length() - 1
    blocs = data.draw(st.lists(st.integers(0, 2), min_size=n, max_size=n))
    unions = [[i for i in range(n) if blocs[i] == b] for b in sorted(set(blocs))]
    np.testing.assert_allclose(own_owen(values, unions), owen(peer(values), unions), **close)
    pairs = [(i, j) for i in range(n) for j in range(i)]
    links = [pair for pair in pairs if data.draw(st.booleans())]
    np.testing.assert_allclose(own_myerson(values, links), myerson(peer(values), links), **close)


@given(game_values(5).map(superadditive))
def test_tau_and_gately_equal_the_peer(values):
    try:
        expected = tau_value(peer(values))
    except ValueError:
        with pytest.raises(SplitError):
            tau(values)
    else:
        np.testing.assert_allclose(tau(values), expected, rtol=1e-6, atol=1e-6)
    try:
        point = gately(values)
    except SplitError:
        return
    assert point.sum() == pytest.approx(values[-1], abs=1e-7)
    alone = values[[1 << i for i in range(len(point))]]
    if values[-1] - alone.sum() > 1e-6:
        np.testing.assert_allclose(point, gately_point(peer(values)), rtol=1e-6, atol=1e-6)


GENERAL = [rule for rule in RULES if rule not in {"owen", "myerson", "stake", "euler", "tolerance"}]


@settings(deadline=None)
@pytest.mark.parametrize("rule", GENERAL)
@given(values=game_values(4).map(superadditive), data=st.data())
def test_rules_know_no_order_of_parties_and_no_currency(rule, values, data):
    n = values.size.bit_length() - 1
    order = data.draw(st.permutations(range(n)))
    before = split(Game(values), rule).payments
    after = split(Game(1000 * renamed(values, order)), rule).payments
    assert (before is None) == (after is None)
    if before is not None:
        np.testing.assert_allclose(after, 1000 * before[order], rtol=1e-6, atol=1e-3)
        assert before.sum() == pytest.approx(values[-1], abs=1e-6)


@given(st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=24))
def test_cents_add_up_and_stay_near(shares):
    rounded = to_cents(shares)
    assert sum(rounded) == sum(to_cents([sum(map(float, rounded))]))
    assert abs(float(sum(rounded)) - sum(shares)) < 0.006 + 1e-6
    for exact, paid in zip(shares, rounded, strict=True):
        assert abs(float(paid) - exact) < 0.01 + 1e-6


def test_sampling_states_an_error_that_holds():
    random = np.random.default_rng(5)
    values = random.random(1 << 8) * np.bitwise_count(np.arange(1 << 8, dtype=np.uint32))
    values[0] = 0.0
    found = sampled_shapley(lambda masks: values[masks], 8, 2000, random)
    assert (abs(found.values - own_shapley(values)) < 4.5 * found.errors).all()
    assert found.values.sum() == pytest.approx(values[-1])
    more = sampled_shapley(lambda masks: values[masks], 8, 32000, random)
    assert more.errors.max() < 0.4 * found.errors.max()
