"""Each type of term, option and event, computed by hand."""

from __future__ import annotations

import numpy as np
import pytest

from domain.venture.described import flows_of, parties, run

STEADY = {
    "drivers": {"units": {"unit": "pieces", "value": 10}, "hours": {"unit": "hours", "value": 4}},
    "lines": {"sales": {"party": "A", "amount": "units * 10 [money/piece] * period"}},
}


def paid(*, lines=None, **term):
    """Return what B gets when A sells for 100, 200, 300 and 400."""
    whole = {"from": "A", "to": "B", **term}
    both = {**STEADY["lines"], **(lines or {})}
    return flows_of(run(10, drivers=STEADY["drivers"], lines=both, terms={"t": whole}), "B")


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        ({"type": "fixed", "amount": 7}, [7, 7, 7, 7]),
        ({"type": "fixed", "amount": 7, "first": 2, "last": 3}, [0, 7, 7, 0]),
        ({"type": "fixed", "amount": 7, "at": [0, 4]}, [7, 0, 0, 0, 7]),
        ({"type": "fixed", "amount": 7, "while": "sales > 250"}, [0, 0, 7, 7]),
        ({"type": "per_unit", "price": 2, "of": "units"}, [20, 20, 20, 20]),
        ({"type": "hourly", "rate": 50, "hours": "hours"}, [200, 200, 200, 200]),
        ({"type": "share", "share": "25 %", "of": "sales"}, [25, 50, 75, 100]),
        ({"type": "share", "share": 0.25, "of": "sales", "minimum": 60}, [60, 60, 75, 100]),
        ({"type": "share", "share": 0.25, "of": "sales", "cap": 60}, [25, 50, 60, 60]),
        ({"type": "share", "share": 0.25, "of": "sales", "cap": 100, "over": "total"}, [25, 50, 25, 0]),
        ({"type": "share", "share": 0.1, "of": "sales", "minimum": 150, "over": "year"}, [10, 20, 30, 90]),
        ({"type": "share", "of": "sales", "tiers": [{"up_to": 150, "share": 0.1}, {"share": 0.2}]}, [10, 25, 45, 65]),
        (
            {"type": "share", "of": "sales", "over": "total", "tiers": [{"up_to": 450, "share": 0.1}, {"share": 0.2}]},
            [10, 20, 45, 80],
        ),
        ({"type": "milestone", "amount": 9, "at": 3}, [0, 0, 9, 0]),
        ({"type": "milestone", "amount": 9, "when": "sales >= 200"}, [0, 9, 0, 0]),
        ({"type": "fixed", "amount": "sales * 0.5", "at": 2}, [0, 100, 0, 0]),
    ],
)  # fmt: skip
def test_a_term_pays_what_it_says(term, expected):
    assert paid(**term) == expected


def test_a_reimbursement_pays_back():
    lines = {"making": {"party": "B", "kind": "cost", "amount": 30}}
    assert paid(type="reimbursement", share=0.8, of="making", lines=lines) == [-6, -6, -6, -6]


def test_a_line_is_nothing_outside_of_its_periods_for_terms_and_formulas_alike():
    lines = {
        "sales": {"party": "A", "amount": 100, "from": 2, "to": 3},
        "bonus": {"party": "B", "amount": "sales * 2"},
    }
    term = {"type": "share", "from": "A", "to": "B", "share": 0.1, "of": "sales"}
    found = run(10, lines=lines, terms={"t": term})
    assert flows_of(found, "A") == [0, 90, 90, 0]
    assert flows_of(found, "B") == [0, 210, 210, 0]


def test_a_part_of_what_is_paid_at_the_start_is_paid_then():
    lines = {"plant": {"party": "B", "kind": "investment", "amount": 500, "at": 0}}
    term = {"type": "reimbursement", "from": "A", "to": "B", "share": 0.5, "of": "plant"}
    assert flows_of(run(10, lines=lines, terms={"t": term}), "B") == [-250, 0, 0, 0, 0]
    later = {**term, "first": 1}
    assert flows_of(run(10, lines=lines, terms={"t": later}), "B") == [-500, 0, 0, 0, 0]
    # A guaranteed minimum is no part of anything: it runs from period 1.
    least = {**term, "minimum": 7}
    assert flows_of(run(10, lines=lines, terms={"t": least}), "B") == [-500, 7, 7, 7, 7]


def test_a_delay_moves_the_periods_of_a_line_as_well():
    lines = {
        "milestone": {"party": "A", "amount": 50, "at": 1},
        "sales": {"party": "A", "amount": 9, "to": 2},
    }
    events = {"late": {"probability": 1, "delay": 2, "lines": ["milestone", "sales"]}}
    assert flows_of(run(10, lines=lines, events=events), "A") == [0, 0, 59, 9]


def test_a_named_quantity_counts_at_the_start():
    lines = {
        "unit_cost": "3 [money/piece]",
        "first": {"party": "A", "amount": "unit_cost * 5 [piece]", "at": 0},
    }
    assert flows_of(run(10, lines=lines), "A") == [15, 0, 0, 0, 0]


def test_a_minimum_a_year_counts_part_of_a_year():
    term = {
        "type": "share",
        "from": "A",
        "to": "B",
        "share": 0,
        "of": "sales",
        "minimum": 100,
        "over": "year",
    }
    found = run(10, periods={"unit": "quarter", "count": 6}, terms={"t": term}, **STEADY)
    assert flows_of(found, "B") == [0, 0, 0, 100, 0, 50]


def test_stakes_share_rest_and_capital_calls():
    found = run(
        10,
        pools={"J": {}},
        lines={"plant": {"party": "J", "kind": "investment", "amount": 100, "at": 0}, "sales": {"party": "J", "amount": 50}},
        terms={
            "stakes": {"type": "equity", "pool": "J", "stakes": {"A": 0.6, "B": "40 %"}},
            "lab": {"type": "fixed", "from": "J", "to": "B", "amount": 10},
        },
    )  # fmt: skip
    assert flows_of(found, "A") == [-60, 24, 24, 24, 24]
    assert flows_of(found, "B") == [-40, 26, 26, 26, 26]


def option(**changed):
    terms = {"t": {"type": "share", "from": "A", "to": "B", "share": 0.1, "of": "sales"}}
    stop = {
        "type": "stop",
        "party": "A",
        "from": 2,
        "cost": 5,
        "ends": "t",
        "when": "sales > 250",
        **changed,
    }
    lines = {**STEADY["lines"], "own": {"party": "A", "kind": "cost", "amount": 3}}
    return run(10, drivers=STEADY["drivers"], lines=lines, terms=terms, options={"o": stop})


def test_an_option_ends_terms_at_a_cost():
    assert flows_of(option(), "B") == [10, 20, 0, 0]
    assert flows_of(option(), "A") == [87, 177, 292, 397]
    assert flows_of(option(**{"from": 4}), "B") == [10, 20, 30, 0]
    assert flows_of(option(notice=1), "B") == [10, 20, 30, 0]


def test_an_option_without_a_condition_is_kept():
    assert flows_of(option(when=None), "B") == [10, 20, 30, 40]


def test_a_buy_out_is_paid_to_the_other_and_lines_begin_with_it():
    found = option(type="buy_out", to="B", cost="sales * 0.5", starts=["own"])
    assert flows_of(found, "B") == [10, 20, 150, 0]
    assert flows_of(found, "A") == [90, 180, 147, 397]


def test_a_step_in_takes_lines_over():
    found = option(type="step_in", party="B", takes=["sales"], ends=[], cost=0)
    assert flows_of(found, "A") == [87, 177, -33, -43]
    assert flows_of(found, "B") == [10, 20, 330, 440]


def test_an_event_happens_as_often_as_it_says_and_evenly_in_its_window():
    found = run(40_000, events={"e": {"probability": 0.3, "from": 2, "to": 4}},
                lines={"a": {"party": "A", "amount": "100 * e"}})  # fmt: skip
    assert found.flows is not None
    happened = (found.flows[0] > 0).mean(axis=0)
    assert happened == pytest.approx([0, 0.1, 0.2, 0.3], abs=0.008)


def test_a_delay_moves_lines():
    found = run(10, events={"e": {"probability": 1, "delay": 2, "lines": ["sales"]}}, **STEADY)
    assert flows_of(found, "A") == [0, 0, 100, 200]
    early = {
        name: run(
            2000, events={"e": {"probability": 0.5, "delay": 1, "lines": ["sales"]}}, **STEADY
        )
        for name in "x"
    }
    assert early["x"].flows is not None
    assert (early["x"].flows[0, :, 0] == 0).mean() == pytest.approx(0.5, abs=0.05)


def test_a_scenario_table_is_drawn_by_its_likelihoods():
    rows = [
        {"probability": 0.2, "c": 1, "d": 5},
        {"probability": 0.5, "c": 2, "d": 6},
        {"probability": 0.3, "c": 3, "d": 7},
    ]
    found = run(40_000, tables={"t": {"columns": {"c": "share", "d": "money"}, "rows": rows}},
                lines={"a": {"party": "A", "amount": "d * c", "at": 1}})  # fmt: skip
    values, counts = np.unique(found.values[0], return_counts=True)
    assert values.tolist() == [5, 12, 21]
    assert counts / found.count == pytest.approx([0.2, 0.5, 0.3], abs=0.01)


def test_profiles_shape_a_driver():
    profiles = {
        "ramp": {"kind": "ramp", "periods": 2}, "growth": {"kind": "growth", "rate": 0.21},
        "seasons": {"kind": "seasons", "factors": [1, 2]}, "steps": {"kind": "values", "factors": [3, 4]},
    }  # fmt: skip
    for name, expected in (
        ("ramp", [50, 100, 100, 100]),
        ("seasons", [100, 200, 100, 200]),
        ("steps", [300, 400, 400, 400]),
    ):
        found = run(5, profiles=profiles, drivers={"x": {"unit": "money", "value": 100, "profile": name}},
                    lines={"a": {"party": "A", "amount": "x"}})  # fmt: skip
        assert flows_of(found, "A") == expected
    yearly = run(5, periods={"unit": "year", "count": 3}, profiles=profiles,
                 lines={"a": {"party": "A", "amount": "100 * growth"}})  # fmt: skip
    assert flows_of(yearly, "A") == [100, 121, 146.41]


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        ("100 - 20 * 2", [60] * 4),
        ("-(period) * 10 + 100", [90, 80, 70, 60]),
        ("max(period, 3) * min(2, period, 9)", [3, 6, 6, 8]),
        ("abs(2 - period)", [1, 0, 1, 2]),
        ("previous(period)", [0, 1, 2, 3]),
        ("total(period)", [1, 3, 6, 10]),
        ("8 if period >= 3 and not period = 4 else 1", [1, 1, 8, 1]),
        ("(period < 2) + (period != 2 or period > 9)", [2, 0, 1, 1]),
        ("12 / period", [12, 6, 4, 3]),
    ],
)
def test_formulas_compute(amount, expected):
    amount = f"1 [money] * ({amount})"
    assert flows_of(run(5, lines={"a": {"party": "A", "amount": amount}}), "A") == expected


def test_formulas_compute_on_what_is_drawn_as_on_constants():
    amounts = [
        "max(x, 3) * period",
        "x if x > period else 0",
        "total(previous(x))",
        "abs(x - 2) / x",
        "(x > 2) * x",
    ]
    drivers = {"x": {"family": "uniform", "min": 1, "max": 5}}
    for formula in amounts:
        amount = f"1 [money] * ({formula})"
        drawn = run(50, drivers=drivers, lines={"a": {"party": "A", "amount": amount}})
        assert drawn.flows is not None
        for scenario in range(3):
            constant = float(drawn.drivers["x"][scenario])
            fixed = run(1, drivers={"x": constant}, lines={"a": {"party": "A", "amount": amount}})
            assert fixed.flows is not None
            assert drawn.flows[0, scenario] == pytest.approx(fixed.flows[0, 0], rel=1e-5, abs=1e-5)


def test_what_one_pays_another_gets():
    found = run(500, parties=parties(3), drivers={"x": {"low": 1, "likely": 2, "high": 3.5}},
                lines={"a": {"party": "A", "amount": "x * 100"}},
                terms={"t": {"type": "share", "from": "A", "to": "B", "share": 0.4, "of": "a"},
                       "u": {"type": "share", "from": "B", "to": "C", "share": 0.2, "of": "a"}})  # fmt: skip
    assert found.flows is not None
    assert found.flows.sum(axis=0) == pytest.approx(
        np.repeat(100 * found.drivers["x"][:, None], 4, axis=1), rel=1e-5
    )
