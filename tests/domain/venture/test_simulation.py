"""Properties of a run: bits, order, scale, sums; Sobol; what a venture that never earns says."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.venture.described import parties, run, venture
from mutualist.domain.venture import read_description, simulate
from mutualist.domain.venture.nature import judge
from mutualist.domain.venture.program import BLOCK
from mutualist.domain.venture.sensitivity import tornado
from mutualist.domain.venture.tail import allocate_states, euler, shortfall
from mutualist.domain.venture.templates import TEMPLATES, template

LICENCE = read_description(template("licence")["venture"])


def same(first, second):
    arrays = ("values", "outlay", "payback", "joint_outlay", "joint_payback")
    assert all(np.array_equal(getattr(first, name), getattr(second, name)) for name in arrays)
    assert all(np.array_equal(first.means[key], second.means[key]) for key in first.means)


@pytest.mark.parametrize("workers", [2, 4])
def test_workers_change_no_bit(workers):
    count = 5 * BLOCK + 17
    same(simulate(LICENCE, count, 3), simulate(LICENCE, count, 3, workers=workers))


def test_more_scenarios_begin_with_the_same():
    few, many = simulate(LICENCE, 1000, 3), simulate(LICENCE, 2 * BLOCK, 3)
    assert np.array_equal(few.values, many.values[:, :1000])
    assert not np.array_equal(few.values, simulate(LICENCE, 1000, 4).values)
    assert not np.array_equal(many.values[:, :1000], many.values[:, BLOCK : BLOCK + 1000])


def test_another_term_changes_no_draw():
    source = template("licence")["venture"]
    source["drivers"]["more"] = {"low": 1, "likely": 2, "high": 3}
    source["lines"]["unused"] = "more"
    assert np.array_equal(
        simulate(read_description(source), 1000, 3).values, simulate(LICENCE, 1000, 3).values
    )


def test_the_order_of_the_parties_changes_nothing():
    for name in ("joint_company", "revenue_share"):
        source = template(name)["venture"]
        turned = {**source, "parties": dict(reversed(source["parties"].items()))}
        first = simulate(read_description(source), 2000, 5)
        second = simulate(read_description(turned), 2000, 5)
        assert np.array_equal(first.values, second.values[::-1])
        assert np.array_equal(first.joint_outlay, second.joint_outlay)
        for party, scores in first.business.items():
            assert np.array_equal(scores, second.business[party])
        kinds = [{one.party: one.kind for one in judge(found).parties} for found in (first, second)]
        assert kinds[0] == kinds[1]


@settings(max_examples=15, deadline=None)
@given(st.integers(-6, 9))
def test_a_scale_of_money_scales_values_and_no_share(power):
    def scaled(factor):
        drivers = {
            "x": {"unit": "money", "low": 5 * factor, "likely": 9 * factor, "high": 15 * factor}
        }
        lines = {
            "a": {"party": "A", "amount": "x"},
            "b": {"party": "B", "kind": "investment", "amount": 12 * factor, "at": 0},
        }
        terms = {"t": {"type": "share", "from": "A", "to": "B", "share": 0.4, "of": "a"}}
        return run(500, drivers=drivers, lines=lines, terms=terms)

    one, other = scaled(1.0), scaled(2.0**power)
    assert other.values == pytest.approx(one.values * 2.0**power, rel=1e-4)
    assert judge(other).kind == judge(one).kind


LOSSES = st.lists(st.lists(st.integers(-50, 50), min_size=40, max_size=40), min_size=1, max_size=4)


@given(LOSSES, st.sampled_from([0.5, 0.9, 0.95, 0.97]))
def test_contributions_sum_to_the_whole_and_sharing_never_costs(losses, level):
    table = np.array(losses, dtype=float)
    es, parts = euler(table, level)
    assert parts.sum() == pytest.approx(es, abs=1e-9)
    assert es == pytest.approx(shortfall(table.sum(axis=0), level).es, abs=1e-9)
    assert es <= sum(shortfall(row, level).es for row in table) + 1e-9
    states = allocate_states([1 / 40] * 40, losses, level)
    assert states.es == pytest.approx(es, abs=1e-6)
    assert states.contributions == pytest.approx(parts, abs=1e-6)


@given(LOSSES)
def test_a_larger_level_is_no_better(losses):
    joint = np.array(losses, dtype=float).sum(axis=0)
    found = [shortfall(joint, level).es for level in (0.5, 0.8, 0.95)]
    assert found == sorted(found)
    assert shortfall(joint * 3, 0.8).es == pytest.approx(3 * found[1])
    assert shortfall(joint + 7, 0.8).es == pytest.approx(found[1] + 7)


@pytest.mark.parametrize("name", TEMPLATES)
def test_shares_and_means_add_up(name):
    found = simulate(read_description(template(name)["venture"]), 4000, 9)
    nature = judge(found)
    for share in ("exposure", "return_share", "risk_share", "invested_share"):
        values = [getattr(one, share) for one in nature.parties]
        if None not in values:
            assert sum(values) == pytest.approx(1, abs=1e-6)


def test_the_archetype_contracts_are_their_kinds():
    kinds = {
        name: judge(simulate(read_description(template(name)["venture"]), 10_000, 2)).kind
        for name in TEMPLATES
    }
    assert kinds["supplier_contract"] == "supplier"
    assert kinds["resale"] == "distributor"
    assert kinds["revenue_share"] == "partnership"
    assert kinds["joint_company"] == "partnership"


def test_a_venture_that_never_earns_is_a_stated_result():
    found = judge(
        run(
            100,
            lines={
                "a": {"party": "A", "kind": "cost", "amount": 5},
                "b": {"party": "B", "kind": "cost", "amount": 1},
            },
        )
    )
    assert [code for code, _words in found.notes] == ["never_earns_at_all", "nothing_moves"]
    assert found.balance is None
    assert [code for code, _words in judge(run(100)).notes] == ["no_flows"]
    assert judge(run(100)).kind == "logo_only"


def test_outlay_and_payback():
    lines = {"a": {"party": "A", "kind": "investment", "amount": 100, "at": 0}, "b": {"party": "A", "amount": 40},
             "c": {"party": "B", "kind": "cost", "amount": 1}}  # fmt: skip
    found = run(3, lines=lines)
    assert found.outlay[:, 0].tolist() == [100, 4]
    assert found.payback[:, 0].tolist() == [3, 5]
    assert (found.joint_outlay[0], found.joint_payback[0]) == (100, 3)


def test_sobol_comes_nearer_than_chance():
    described = read_description(template("revenue_share")["venture"])
    exact = simulate(described, 2_000_00, 1).values.sum(axis=0, dtype=float).mean()

    def errors(method):
        found = [simulate(described, 1024, seed, method=method) for seed in range(12)]
        return np.array([run_.values.sum(axis=0, dtype=float).mean() - exact for run_ in found])

    assert np.sqrt((errors("sobol") ** 2).mean()) < 0.4 * np.sqrt((errors("philox") ** 2).mean())


def test_the_driver_that_moves_most_comes_first():
    drivers = {
        "small": {"low": 9, "likely": 10, "high": 11},
        "large": {"low": 5, "likely": 10, "high": 15},
    }
    lines = {"a": {"party": "A", "amount": "100 * large - 100 * small"}}
    found = run(4000, drivers=drivers, lines=lines)
    for method in ("rank", "variance"):
        first, second = tornado(found, "", method)
        assert (first.name, second.name) == ("large", "small")
        assert first.high > first.low
    variance = {one.name: one.strength for one in tornado(found, "A", "variance")}
    assert variance["large"] == pytest.approx(25 / 26, abs=0.02)
    assert tornado(run(10)) == ()


def test_progress_is_told_and_may_stop_a_run():
    seen = []
    count = 20 * BLOCK
    simulate(LICENCE, count, 1, progress=lambda done, total: seen.append((done, total)))
    assert seen == sorted(set(seen))
    assert len(seen) > 3
    assert seen[-1] == (count, count)

    def stop(done, total):
        raise KeyboardInterrupt

    for workers in (1, 2):
        with pytest.raises(KeyboardInterrupt):
            simulate(LICENCE, 20 * BLOCK, 1, workers=workers, progress=stop)


def test_templates_read_and_take_other_parties():
    for name in TEMPLATES:
        found = template(name)
        assert {*found["de"]} == {*found["en"]} == {"title", "about"}
        assert read_description(found["venture"]).name
    assert venture(parties=parties(1))["parties"] == {"A": {"discount": 0.0}}
