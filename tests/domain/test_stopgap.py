"""The own-build option: worked examples, limits, and simulation against the closed form."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mutualist.domain.venture import VentureError, read_description
from mutualist.domain.venture.holdup import Tied, holdups
from mutualist.domain.venture.stopgap import beta_of, income_at_risk, reached_by, stopgap
from mutualist.domain.venture.stopgap_exit import Exits, clauses, rational_exit
from mutualist.domain.venture.stopgap_texts import StopgapError
from mutualist.domain.venture.stopgap_ventures import venture_exit

VECTORS = json.loads(
    (Path(__file__).parents[1] / "vectors" / "risk.json").read_text(encoding="utf-8")
)
BASE = {"r": 0.04, "delta": 0.04, "sigma": 0.2, "cost": 1.0}


def test_the_base_case_of_the_worked_example():
    wanted = VECTORS["stopgap"]["base"]
    for value, kept in wanted["kept"].items():
        found = stopgap(**BASE, value=float(value))
        assert found.beta == pytest.approx(wanted["beta"])
        assert found.trigger == pytest.approx(wanted["trigger"])
        assert found.kept == pytest.approx(kept)


@pytest.mark.parametrize("case", ["sigma 0.1", "sigma 0.3"])
def test_other_volatilities_of_the_worked_example(case):
    wanted = VECTORS["stopgap"]["other"][case]
    found = stopgap(**{**BASE, "sigma": float(case.split()[1])}, value=0.5)
    assert found.beta == pytest.approx(wanted["beta"], abs=1e-4)
    assert found.trigger == pytest.approx(wanted["trigger"], abs=1e-4)


def test_income_that_may_end_of_the_worked_example():
    wanted = VECTORS["exit_hazard"]
    for hazard, value in wanted["value"].items():
        found = income_at_risk(wanted["margin"], wanted["r"], float(hazard))
        assert found == pytest.approx(value, abs=0.01)


@given(st.floats(0.005, 0.2), st.floats(0.001, 0.2), st.floats(0.02, 0.8), st.floats(0.05, 5.0))
def test_the_root_solves_its_equation_and_parts_add_up(r, delta, sigma, value):
    beta = beta_of(r, delta, sigma)
    assert beta > 1
    assert sigma**2 / 2 * beta * (beta - 1) + (r - delta) * beta == pytest.approx(r, rel=1e-6)
    found = stopgap(r=r, delta=delta, sigma=sigma, cost=1.0, value=value, margin=10.0)
    assert found.kept + found.now == pytest.approx(1.0)
    assert 0.0 <= found.kept <= 1.0
    assert found.now <= found.probability + 1e-12
    if 0 < found.now < 1:
        # The fee, paid at the exit, is worth what the exit takes.
        assert found.break_fee * found.now == pytest.approx(found.now * found.income)


def test_notice_volume_and_fee_are_worth_the_same():
    found = stopgap(**BASE, value=1.0, margin=100.0, investment=2000.0)
    by_notice = 100.0 * (1 - math.exp(-0.04 * found.notice_years)) / 0.04
    assert by_notice == pytest.approx(found.break_fee)
    assert found.minimum_volume * 100.0 / 0.04 == pytest.approx(found.break_fee)
    assert found.kept * found.income + found.now * found.break_fee == pytest.approx(2000.0)


def test_half_of_the_futures_by_the_median():
    found = stopgap(r=0.08, delta=0.02, sigma=0.2, cost=1.0, value=1.0)
    lean = 0.08 - 0.02 - 0.02
    reached = reached_by(found.median_years, math.log(found.trigger), lean, 0.2)
    assert reached == pytest.approx(0.5, abs=1e-9)
    assert found.probability == 1.0


def test_limits_are_stated():
    assert stopgap(**{**BASE, "delta": 0.0}, value=0.5).warnings == ("never_exits",)
    assert stopgap(**BASE, value=3.0).warnings == ("exits_now",)
    assert stopgap(**BASE, value=3.0).kept == 0.0
    assert "never_whole" in stopgap(**BASE, value=1.0, margin=10, investment=1e6).warnings
    assert "no_notice" in stopgap(**BASE, value=1.0, margin=10).warnings
    assert stopgap(**BASE, value=1.0, margin=10, investment=0).break_fee == 0.0


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("sigma", 0.0, "not_positive"),
        ("r", -0.01, "not_positive"),
        ("cost", 0.0, "not_positive"),
        ("value", math.nan, "not_finite"),
        ("delta", -0.1, "negative"),
        ("margin", math.inf, "not_finite"),
        ("investment", -1.0, "negative"),
    ],
)
def test_bad_figures_are_named(name, value, code):
    figures = {**BASE, "value": 0.5, "margin": 1.0, name: value}
    with pytest.raises(StopgapError) as caught:
        stopgap(**figures)
    assert (caught.value.code, caught.value.place) == (code, name)
    assert caught.value.message("de") != caught.value.message("en")


def test_figures_that_do_not_go_together_are_named():
    with pytest.raises(StopgapError) as caught:
        stopgap(**BASE, value=0.5, investment=100)
    assert (caught.value.code, caught.value.place) == ("needs_margin", "investment")
    with pytest.raises(StopgapError) as caught:
        stopgap(**{**BASE, "sigma": 1e-200}, value=0.5)
    assert (caught.value.code, caught.value.place) == ("too_still", "sigma")


@pytest.mark.parametrize("sigma", [1e-8, 1e-6, 1e-4])
def test_without_noise_the_exit_comes_on_the_day_that_calculus_finds(sigma):
    """With drift g the best day maximises exp(-r t) (V e^(g t) - K): V reaches r K / delta."""
    found = stopgap(r=0.04, delta=0.01, sigma=sigma, cost=1.0, value=0.5)
    years = math.log(8) / 0.03
    assert found.trigger == pytest.approx(4.0, rel=1e-3)
    assert found.now == pytest.approx(math.exp(-0.04 * years), rel=1e-3)
    assert found.median_years == pytest.approx(years, rel=1e-3)
    assert found.probability == 1.0
    # Falling, it is built at once or never.
    assert stopgap(r=0.01, delta=0.04, sigma=sigma, cost=1.0, value=0.99).now == pytest.approx(0.0)
    at_once = stopgap(r=0.01, delta=0.04, sigma=sigma, cost=1.0, value=1.01)
    assert at_once.trigger == pytest.approx(1.0, abs=1e-3)
    assert at_once.now == 1.0


def test_very_much_noise_puts_the_trigger_far_away_but_not_out_of_reach():
    found = stopgap(r=0.04, delta=0.04, sigma=1e4, cost=1.0, value=0.5)
    # beta - 1 is near 2 delta / sigma^2.
    assert found.trigger == pytest.approx(1e8 / 0.08, rel=1e-6)
    assert found.beta > 1.0
    assert found.warnings == ()
    assert (
        "for its uncertainty"
        in stopgap(r=0.04, delta=0.04, sigma=1e7, cost=1.0, value=0.5).sentences("en")[0]
    )


@pytest.mark.parametrize(("lean", "sigma"), [(0.02, 0.2), (0.02, 0.01), (0.02, 0.003), (0.5, 0.01)])
def test_the_first_passage_is_the_integral_of_its_density(lean, sigma):
    """The density of the first passage (inverse Gaussian), summed up numerically, also far beyond double range."""
    distance = 1.0
    middle = distance / lean
    times = np.linspace(middle * 0.2, middle, 400_001)
    exponent = -((distance - lean * times) ** 2) / (2 * sigma**2 * times)
    density = distance / (sigma * np.sqrt(2 * np.pi * times**3)) * np.exp(exponent)
    early = reached_by(times[0], distance, lean, sigma)
    total = float(np.trapezoid(density, times))
    assert reached_by(middle, distance, lean, sigma) - early == pytest.approx(total, abs=2e-5)


@pytest.mark.parametrize("value", [0.8, 1.0, 1.5])
def test_least_squares_finds_the_closed_form(value):
    """120 years in half-year steps; the rest beyond the horizon is worth less than one percent."""
    step, steps, scenarios = 0.5, 240, 6000
    rng = np.random.default_rng(7)
    noise = rng.standard_normal((scenarios // 2, steps))
    noise = np.vstack([noise, -noise])
    drift = 0.04 - 0.04 - 0.02
    paths = value * np.exp(np.cumsum(drift * step + 0.2 * math.sqrt(step) * noise, axis=1))
    paths = np.column_stack([np.full(scenarios, value), paths])
    factor = math.exp(-0.04 * step)
    exits = rational_exit(paths - 1.0, paths, factor)
    known = stopgap(**BASE, value=value)
    worth = (known.trigger - 1.0) * known.now
    assert exits.value == pytest.approx(worth, abs=4 * exits.error + 0.02 * worth)
    found = clauses(exits, np.full(paths.shape, 1.0), factor)
    assert found.kept == pytest.approx(known.kept, abs=0.06)


def test_exits_need_no_foresight():
    """Gains that nobody can see coming are not taken, though some scenarios have them."""
    rng = np.random.default_rng(3)
    gains = rng.standard_normal((4000, 5)) - 0.3
    state = np.zeros((4000, 5))
    assert rational_exit(gains, state, 0.95).probability == 0.0
    assert rational_exit(gains, gains, 0.95).probability > 0.7


def test_clauses_make_whole():
    exits = Exits(np.array([2, -1, 1, -1]), 0.0, 0.0)
    income = np.full((4, 6), 10.0)
    found = clauses(exits, income, 0.9)
    factors = 0.9 ** np.arange(6)
    kept = (10 * factors[:2].sum() + 20 * factors.sum() + 10 * factors[:1].sum()) / 4
    assert found.kept * found.income == pytest.approx(kept)
    paid = (0.9**2 + 0.9) / 4
    assert kept + paid * found.break_fee == pytest.approx(found.income)
    assert found.notice_periods == 5
    partly = clauses(exits, income, 0.9, investment=0.9 * found.income)
    lost = found.income - kept
    assert kept + partly.minimum_volume * lost == pytest.approx(0.9 * found.income)
    assert 0 < partly.notice_periods < 5


def test_shapes_and_first_period_are_checked():
    gains = np.zeros((3, 4))
    with pytest.raises(StopgapError, match="don't fit"):
        rational_exit(gains, np.zeros((3, 5)), 0.9)
    with pytest.raises(StopgapError, match="starts in period 9"):
        rational_exit(gains, gains, 0.9, first=9)


def test_hold_up_needs_an_other_who_can_leave():
    small = Tied("Tauwerk", 400, 0.9)
    large = Tied("Nordwerk", 200, 0.5)
    assert holdups([small, large]) == ()
    (found,) = holdups([small, Tied("Nordwerk", 200, 0.5, can_leave=True)])
    assert "Tauwerk is tied more: 3.6 times as much as Nordwerk" in found.sentence("en")
    assert "3,6-mal" in found.sentence("de")
    protected = Tied("Tauwerk", 400, 0.9, protections=300)
    assert holdups([protected, Tied("Nordwerk", 200, 0.5, can_leave=True)]) == ()
    (free,) = holdups([small, Tied("Nordwerk", 200, 0.0, can_leave=True)])
    assert free.ratio is None


def own_build(cost, notice=0):
    """A buys parts from B for 2 a piece and may make them for 1 from the second year on."""
    return read_description(
        {
            "periods": {"unit": "year", "count": 12},
            "parties": {"A": {"discount": 0.05}, "B": {"discount": 0.1}},
            "drivers": {
                "units": {
                    "unit": "pieces",
                    "family": "lognormal",
                    "mean": 100,
                    "sd": 40,
                    "each": "period",
                    "persistence": 0.9,
                }
            },
            "lines": {
                "sales": {"party": "A", "amount": "units * 5 [money/piece]"},
                "own_parts": {
                    "party": "A",
                    "kind": "cost",
                    "amount": "units * 1 [money/piece]",
                },
            },
            "terms": {
                "parts": {"type": "per_unit", "from": "A", "to": "B", "price": 2, "of": "units"}
            },
            "options": {
                "build": {
                    "type": "stop",
                    "party": "A",
                    "from": 2,
                    "cost": cost,
                    "ends": ["parts"],
                    "starts": ["own_parts"],
                    "notice": notice,
                }
            },
        }
    )


def test_exits_of_a_venture():
    cheap, dear, never = (venture_exit(own_build(cost), "build") for cost in (100, 1000, 9000))
    assert (cheap.exits.probability, never.exits.probability) == (1.0, 0.0)
    assert 0.1 < dear.exits.probability < 0.9
    assert never.clauses["B"].kept == 1.0
    # Only the first of twelve years is left.
    years = 1.1 ** -np.arange(12.0)
    assert cheap.clauses["B"].kept == pytest.approx(1 / years.sum(), rel=0.02)
    assert cheap.clauses["B"].median_period == 2
    # Leaving at once would lose: the savings of a year are worth 100 on average, for eleven years.
    assert sum(100 * 0.95238095**k for k in range(11)) - 1000 < 0
    assert dear.exits.value > 10 * dear.exits.error
    assert "50 futures" in cheap.sentence("B", "en")
    assert "Zukünften" in cheap.sentence("B", "de")


def test_notice_leaves_more():
    short, long = (venture_exit(own_build(100, notice), "build") for notice in (0, 4))
    assert long.clauses["B"].kept > short.clauses["B"].kept + 0.3
    assert long.exits.value < short.exits.value


def test_an_option_that_is_none():
    with pytest.raises(VentureError, match="build"):
        venture_exit(own_build(100), "leave")
