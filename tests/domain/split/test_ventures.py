"""From a venture to its game: what groups can do without the others, by stake, risk and tolerance, and terms."""

from __future__ import annotations

import copy
import json
from pathlib import Path

import numpy as np
import pytest

from mutualist.domain.venture import read_description
from mutualist.domain.venture.simulation import simulate
from mutualist.domain.venture.split import SplitError, shapley, split
from mutualist.domain.venture.split.replaceability import Replacement, Stream, coalition_values
from mutualist.domain.venture.split.rules import Findings
from mutualist.domain.venture.split.tolerance import (
    cara_shares,
    certainty_equivalent,
    normal_certainty_equivalent,
    side_payments,
)
from mutualist.domain.venture.split.ventures import sampled_split, venture_game
from mutualist.domain.venture.terms_proposal_ventures import propose_terms

RISK = json.loads((Path(__file__).parents[2] / "vectors" / "risk.json").read_text(encoding="utf-8"))
VENTURE = {
    "periods": {"unit": "year", "count": 4},
    "parties": {
        "A": {
            "name": "Nordwerk",
            "discount": 0.0,
            "risk_tolerance": 300.0,
            "best_alternative": 10.0,
        },
        "B": {"name": "Tauwerk", "discount": 0.0, "risk_tolerance": 100.0},
    },
    "drivers": {
        "units": {"unit": "pieces", "min": 50, "mode": 100, "max": 150, "family": "triangular"}
    },
    "lines": {
        "sales": {"party": "A", "amount": "units * 2 [money/piece]"},
        "making": {"party": "B", "kind": "cost", "amount": "units * 0.5 [money/piece]"},
        "plant": {"party": "B", "kind": "investment", "amount": 200, "at": 0},
    },
    "terms": {"half": {"type": "share", "from": "A", "to": "B", "share": 0.5, "of": "sales"}},
    "contributions": [
        {"party": "A", "what": "customers", "lines": ["sales", "making"], "irreplaceable": True},
        {"party": "B", "what": "machine", "lines": ["sales", "making"], "buy": 320.0, "delay": 1},
    ],
}


def run(changes=None, count=4000):
    described = copy.deepcopy(VENTURE)
    for key, value in (changes or {}).items():
        described[key] = value
    return simulate(read_description(described), count, 3)


def test_what_groups_can_do_without_the_others():
    """By hand: sales 200 and making 50 in four years; the plant 200 at the start; all on average."""
    found = venture_game(run()).game
    assert found.named == ("Nordwerk", "Tauwerk")
    # A alone: buy the machine for 320 instead of the plant: 800 - 200 - 320; or build it, one year late: 600 - 150 - 200.
    np.testing.assert_allclose(found.values, [0, 280, 0, 400], rtol=0.01)
    assert found.outside.tolist() == [10.0, 0.0]


def test_a_cheap_delay_and_no_way_at_all():
    contributions = copy.deepcopy(VENTURE["contributions"])
    contributions[1]["buy"] = 900.0
    late = venture_game(run({"contributions": contributions})).game
    np.testing.assert_allclose(late.values[1], 250, rtol=0.01)
    contributions[1] = {**contributions[1], "irreplaceable": True}
    for key in ("buy", "delay"):
        contributions[1].pop(key)
    assert venture_game(run({"contributions": contributions})).game.values[1] == 0.0


def test_where_all_is_for_sale_nobody_is_still_worth_nothing():
    """Two parties, each replaceable at a price: what nobody could buy made every split fail."""
    sales = Stream(0, np.array([100.0, 90.0]), (0, 1), incoming=True)
    prices = [Replacement(0, buy=20.0), Replacement(1, buy=30.0)]
    assert coalition_values(2, [sales], prices).tolist() == [0.0, 70.0, 80.0, 100.0]


def test_parties_without_contributions_count_as_irreplaceable():
    found = venture_game(run({"contributions": []}))
    assert found.game.values[:3].tolist() == [0.0, 0.0, 0.0]
    assert [warned.code for warned in found.warnings] == ["no_contributions"]
    assert "Nordwerk, Tauwerk" in found.warnings[0].message("de")


def test_different_rates_of_interest_meet_in_one():
    parties = copy.deepcopy(VENTURE["parties"])
    parties["A"]["discount"], parties["B"]["discount"] = 0.05, 0.15
    found = venture_game(run({"parties": parties}))
    assert found.warnings == ()
    assert 0 < found.game.values[1] < found.game.whole


def test_many_ways_are_climbed_as_well_as_tried(monkeypatch):
    random = np.random.default_rng(4)
    streams = [
        Stream(
            int(random.integers(4)),
            np.sort(random.random(4) * 100)[::-1] * (1 if k % 3 else -0.3),
            tuple(random.choice(4, 2, replace=False).tolist()),
            incoming=bool(k % 3),
        )
        for k in range(9)
    ]
    ways = [Replacement(i, buy=20.0 * (i + 1), delay=1 + i % 2) for i in range(4)]
    tried = coalition_values(4, streams, ways)
    monkeypatch.setattr("mutualist.domain.venture.split.replaceability._ALL_WAYS", 1)
    climbed = coalition_values(4, streams, ways)
    assert (climbed <= tried + 1e-9).all()
    np.testing.assert_allclose(climbed, tried, rtol=0.02)
    some = coalition_values(4, streams, ways, np.array([5, 15]))
    assert some.tolist() == climbed[[5, 15]].tolist()


def test_sampled_split_of_a_venture_beyond_exact_size():
    parties = {f"P{i}": {"discount": 0.1} for i in range(16)}
    lines = {f"sales{i}": {"party": f"P{i}", "amount": 100.0 + i} for i in range(16)}
    contributions = [
        {"party": f"P{i}", "what": "part", "lines": [f"sales{i}", f"sales{(i + 1) % 16}"]}
        | ({"buy": 50.0 + 5 * i} if i % 2 else {"irreplaceable": True})
        for i in range(16)
    ]
    described = {"periods": {"unit": "year", "count": 3}, "parties": parties, "lines": lines}
    many = simulate(read_description({**described, "contributions": contributions}), 64, 1)
    with pytest.raises(SplitError, match="16"):
        venture_game(many)
    found = sampled_split(many, seed=1, orders=400)
    assert found.shares.sum() == pytest.approx(found.game.whole, rel=1e-9)
    assert "standard errors up to" in found.warnings[0].message("en")
    assert found.core is None


def test_by_stake_risk_and_tolerance():
    found = Findings(venture_game(run()).game)
    game = found.game
    stake = split(game, "stake", found).shares
    assert stake[0] == 0.0
    tolerant = split(game, "tolerance", found).shares
    assert tolerant.sum() == pytest.approx(game.whole)
    # What is certain is shared so that both gain the same over what they have elsewhere.
    certain = 0.75 * game.certain + (tolerant[0] - 0.75 * game.whole)
    other = 0.25 * game.certain + (tolerant[1] - 0.25 * game.whole)
    assert certain - 10.0 == pytest.approx(other)
    assert [w.code for w in split(game, "euler", found).warnings][:1] == ["no_risk"]


def test_cara_of_the_worked_example():
    wanted = RISK["cara_shares"]
    np.testing.assert_allclose(
        cara_shares(np.array(wanted["tolerance"])), wanted["shares"], atol=1e-6
    )
    normal = RISK["cara_normal"]
    mean, sd = normal["wealth"]["mean"], normal["wealth"]["sd"]
    tolerances = np.array(wanted["tolerance"])
    alone = [normal_certainty_equivalent(mean, sd, t) for t in tolerances]
    assert alone == pytest.approx(normal["certainty_equivalent_alone"])
    thirds = sum(normal_certainty_equivalent(mean / 3, sd / 3, t) for t in tolerances)
    assert thirds == pytest.approx(normal["equal_thirds_total"])
    best = normal_certainty_equivalent(mean, sd, float(tolerances.sum()))
    assert best == pytest.approx(normal["optimal_total"], abs=1e-4)
    pooled = RISK["inf_convolution"]
    costs = [-normal_certainty_equivalent(0, pooled["loss_sd"], t) for t in pooled["gamma"]]
    assert costs == pytest.approx(pooled["alone"])
    joint = -normal_certainty_equivalent(0, pooled["loss_sd"], sum(pooled["gamma"]))
    assert joint == pytest.approx(pooled["pooled"])
    np.testing.assert_allclose(cara_shares(np.array(pooled["gamma"])), pooled["split"], atol=1e-6)


def test_cara_closed_form_against_simulation():
    random = np.random.default_rng(2)
    results = 100 + 60 * random.standard_normal(400_000)
    for tolerance in (170.0, 100.0):
        weights = np.exp(-results / tolerance)
        error = tolerance * weights.std() / weights.mean() / np.sqrt(len(results))
        found = certainty_equivalent(results, tolerance)
        assert found == pytest.approx(
            normal_certainty_equivalent(100, 60, tolerance), abs=5 * error
        )


def test_side_payments_add_up_to_nothing():
    paid = side_payments(80.0, np.array([60.0, 20.0]), np.array([5.0, 1.0]))
    assert paid.sum() == pytest.approx(0.0)
    with pytest.raises(SplitError, match="risk_tolerance"):
        cara_shares(np.array([1.0, 0.0]))


def test_terms_that_bring_the_split():
    described = read_description(VENTURE)
    target = shapley(venture_game(simulate(described, 4096, 0)).game.values)
    found = propose_terms(described, target)
    (change,) = found.changes
    assert (change.term, found.possible) == ("half", True)
    np.testing.assert_allclose(found.means, target, atol=0.5)
    assert change.effects[0] == pytest.approx(found.means[0] - found.means_today[0])
    again = simulate(found.described, 4096, 0).values.mean(axis=1)
    np.testing.assert_allclose(again, found.means, rtol=1e-5)


def test_terms_keep_floors_bounds_and_what_is_fixed():
    described = read_description(VENTURE)
    greedy = propose_terms(described, np.array([-100.0, 500.0]))
    assert greedy.means[0] == pytest.approx(10.0, abs=0.1)
    assert greedy.possible
    bound = propose_terms(described, np.array([500.0, -100.0]), bounds={"half": (0.4, 0.6)})
    assert bound.changes[0].proposed == pytest.approx(0.4)
    with pytest.raises(SplitError, match="no term whose rate may change"):
        propose_terms(described, np.array([1.0, 1.0]), fixed=["half"])
    with pytest.raises(SplitError, match="There is no term haif"):
        propose_terms(described, np.array([1.0, 1.0]), fixed=["haif"])


def test_few_changes_and_terms_that_are_not_linear():
    terms = {
        **VENTURE["terms"],
        "fee": {"type": "fixed", "from": "A", "to": "B", "amount": 10},
        "bonus": {"type": "share", "from": "A", "to": "B", "share": 0.1, "of": "making", "cap": 15},
    }
    described = read_description({**VENTURE, "terms": terms})
    found = propose_terms(described, np.array([200.0, 200.0]))
    assert len(found.changes) == 1
    np.testing.assert_allclose(found.means, [200, 200], atol=5.0)
    only = propose_terms(described, np.array([230.0, 170.0]), fixed=["half", "fee"])
    reached = [change.term for change in only.changes]
    assert reached in ([], ["bonus"])
    assert only.proposal.distance <= only.proposal.distance_today
    nothing = propose_terms(described, np.array([200.0, 200.0]), most_changes=0)
    assert nothing.changes == ()
