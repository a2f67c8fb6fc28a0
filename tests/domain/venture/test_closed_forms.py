"""Simulation against closed forms, within the stated error; worked examples of the vectors."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from domain.venture.described import parties, run, venture
from mutualist import risk
from mutualist.domain.venture import read_description, simulate
from mutualist.domain.venture.correlation import rank_of_normal
from mutualist.domain.venture.families import fit
from mutualist.domain.venture.measures import break_even_rate, share_all
from mutualist.domain.venture.tail import normal_factor

VECTORS = json.loads((Path(__file__).parents[2] / "vectors" / "risk.json").read_text("utf-8"))


def matrix(pairs, size):
    found = np.eye(size)
    for key, value in pairs.items():
        i, j = (int(part) - 1 for part in key.split(","))
        found[i, j] = found[j, i] = value
    return found


def test_the_normal_closed_form():
    case = VECTORS["es_normal"]
    found = risk.allocate_normal(case["sd"], matrix(case["corr"], 3), case["mean"], case["level"])
    assert found.es == pytest.approx(case["es"], abs=1e-4)
    assert found.contributions == pytest.approx(case["contributions"], abs=1e-4)
    assert found.stand_alone == pytest.approx(case["stand_alone"], abs=1e-4)
    assert found.gain == pytest.approx(case["diversification_gain"], abs=1e-5)
    assert sum(found.contributions) == pytest.approx(found.es)


def test_a_simulated_normal_venture_meets_the_closed_form():
    case = VECTORS["es_normal"]
    correlation = matrix(case["corr"], 3)
    names = "ABC"
    pairs = [
        {"between": [f"x{names[i]}", f"x{names[j]}"], "rank": rank_of_normal(correlation[i, j])}
        for i, j in ((0, 1), (1, 2))
    ]
    drivers = {
        f"x{name}": {"unit": "money", "family": "normal", "mean": 0, "sd": sd}
        for name, sd in zip(names, case["sd"], strict=True)
    }
    lines = {f"l{name}": {"party": name, "amount": f"x{name}", "at": 1} for name in names}
    described = venture(parties=parties(3), drivers=drivers, lines=lines, correlations=pairs)
    found = simulate(read_description(described), 400_000, seed=11)
    es, parts = risk.euler(-found.values)
    # The standard error of an ES of 95 % of a normal loss is about 2.9 sd / sqrt(n).
    error = 4 * 2.9 * case["portfolio_sd"] / found.count**0.5
    assert es == pytest.approx(case["es"], abs=error)
    assert parts == pytest.approx(case["contributions"], abs=error)
    alone = [risk.shortfall(-row).es for row in found.values]
    assert alone == pytest.approx(case["stand_alone"], abs=error)


def test_two_loans():
    case = VECTORS["es_two_loans"]
    p, loss = case["probability"], case["loss"]
    one = risk.allocate_states([p, 1 - p], [[loss, 0]], case["level"])
    assert (one.var, one.es) == pytest.approx((case["one"]["var"], case["one"]["es"]))
    states = [p * p, p * (1 - p), (1 - p) * p, (1 - p) ** 2]
    two = risk.allocate_states(states, [[loss, loss, 0, 0], [loss, 0, loss, 0]], case["level"])
    expected = case["two_independent"]
    assert (two.var, two.es) == pytest.approx((expected["var"], expected["es"]))
    assert two.contributions == pytest.approx([expected["es"] / 2] * 2)


def test_two_loans_simulated():
    case = VECTORS["es_two_loans"]
    events = {name: {"probability": case["probability"]} for name in ("e", "f")}
    lines = {
        n: {"party": p, "kind": "cost", "amount": f"100 * {n[0]}", "at": 1}
        for n, p in (("ee", "A"), ("ff", "B"))
    }
    found = run(400_000, events=events, lines=lines)
    es, parts = risk.euler(-found.values)
    assert es == pytest.approx(case["two_independent"]["es"], abs=0.8)
    assert parts.sum() == pytest.approx(es)


def test_equal_shares():
    for name, expected in VECTORS["equal_shares_sd_factor"].items():
        rho = float(name.split()[1])
        for count, value in expected.items():
            if count == "limit":
                assert risk.sharing_floor(rho) == pytest.approx(value, abs=1e-4)
            else:
                assert risk.equal_shares_factor(int(count), rho) == pytest.approx(value, abs=1e-4)


def test_net_present_cash_flow():
    case = VECTORS["net_present_cash_flow"]
    lines = {
        "invest": {"party": "A", "kind": "investment", "amount": case["investment"], "at": 0},
        "revenue": {"party": "A", "amount": case["revenue"]},
        "expense": {"party": "A", "kind": "cost", "amount": case["expense"]},
    }
    for rate, key in ((0.0, "r 0"), (0.2, "r 0.20")):
        found = run(
            3,
            periods={"unit": "year", "count": case["periods"]},
            parties=parties(1, rate),
            lines=lines,
        )
        assert float(found.values[0, 0]) == pytest.approx(case[key], abs=1e-3)
    assert found.flows is not None
    assert break_even_rate(found.flows[0, 0]) == pytest.approx(case["break_even_rate"], abs=1e-6)


def test_complementarity():
    case = VECTORS["complementarity"]
    fit_of = risk.complementarity(case["levels"]["A"], case["levels"]["B"])
    assert fit_of.index == pytest.approx(case["index"], abs=1e-4)
    assert fit_of.overlap == pytest.approx(case["overlap"], abs=1e-4)
    expected = case["coverage"]
    assert (fit_of.first, fit_of.second, fit_of.both) == pytest.approx(
        (expected["A"], expected["B"], expected["AB"])
    )


@pytest.mark.parametrize(
    ("family", "points"),
    [
        ("pert", (800, 1000, 1240)), ("triangular", (800, 1000, 1240)), ("lognormal", (800, 1000, 1400)),
        ("lognormal", (600, 1000, 1200)), ("lognormal", (90, 100, 110)), ("normal", (90, 100, 110)), ("uniform", (90, 100, 110)),
    ],
)  # fmt: skip
def test_three_points_are_the_quantiles_that_are_drawn(family, points):
    driver = {"family": family, **dict(zip(("low", "likely", "high"), points, strict=True))}
    found = run(200_000, drivers={"x": driver}, lines={"a": {"party": "A", "amount": "x", "at": 1}})
    quantiles = np.quantile(found.values[0], (0.1, 0.5, 0.9))
    assert quantiles == pytest.approx(points, abs=0.01 * (points[2] - points[0]))


@pytest.mark.parametrize(
    ("driver", "mean", "sd"),
    [
        (
            {"family": "pert", "min": 0, "mode": 1, "max": 4},
            8 / 6,
            (8 / 6 * (4 - 8 / 6) / 7) ** 0.5,
        ),
        ({"family": "triangular", "min": 0, "mode": 1, "max": 5}, 2, (21 / 18) ** 0.5),
        ({"family": "uniform", "min": 2, "max": 8}, 5, 3**0.5),
        ({"family": "lognormal", "mean": 10, "sd": 3}, 10, 3),
        ({"family": "normal", "mean": 10, "sd": 3}, 10, 3),
    ],
)
def test_moments_are_those_of_the_family(driver, mean, sd):
    found = run(200_000, drivers={"x": driver}, lines={"a": {"party": "A", "amount": "x", "at": 1}})
    assert found.values[0].mean() == pytest.approx(mean, abs=4 * sd / 200_000**0.5)
    assert found.values[0].std() == pytest.approx(sd, rel=0.015)


def test_rank_correlations_are_those_asked_for():
    drivers = {name: {"family": family, "low": 1, "likely": 2, "high": 3.5}
               for name, family in zip("xyz", ("pert", "lognormal", "triangular"), strict=True)}  # fmt: skip
    pairs = [{"between": ["x", "y"], "rank": 0.6}, {"between": ["y", "z"], "rank": -0.4}]
    lines = {name * 2: {"party": name.upper(), "amount": name} for name in "xyz"}
    owners = {name: {"discount": 0} for name in "XYZ"}
    found = run(30_000, parties=owners, drivers=drivers, correlations=pairs, lines=lines)
    ranks = np.argsort(np.argsort(found.values, axis=1), axis=1)
    correlation = np.corrcoef(ranks)
    assert correlation[0, 1] == pytest.approx(0.6, abs=0.02)
    assert correlation[1, 2] == pytest.approx(-0.4, abs=0.02)
    assert correlation[0, 2] == pytest.approx(0, abs=0.02)


def test_a_series_persists_and_keeps_its_distribution():
    driver = {"family": "normal", "mean": 0, "sd": 1, "each": "period", "persistence": 0.7}
    found = run(50_000, drivers={"x": driver}, lines={"a": {"party": "A", "amount": "x"}})
    assert found.flows is not None
    assert found.flows[0].std(axis=0) == pytest.approx(np.ones(4), abs=0.02)
    assert np.corrcoef(found.flows[0].T)[0, 1:] == pytest.approx([0.7, 0.49, 0.343], abs=0.02)


def test_a_party_can_carry_more_than_everything():
    values = np.array([[-30.0, 10, 10], [20, 20, 20]]).repeat(100, axis=1)
    shares, es = share_all(values, values.sum(axis=0))
    assert es == pytest.approx(10)
    assert [one.risk for one in shares] == pytest.approx([3, -2])
    assert shares[0].return_ == pytest.approx(-1 / 5)


def test_the_factor_of_the_normal():
    assert normal_factor(0.95) == pytest.approx(2.0627128, abs=1e-6)
    assert fit("constant", "value", (3.0,)).parameters == (3.0,)
