"""Every way a description can be wrong has its own message with place, value and remedy."""

from __future__ import annotations

import math
from functools import cache
from importlib.resources import files

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.venture.described import parties, problems, venture
from mutualist.domain.venture import Problem, VentureError, read_description, simulate

PRICED = {"units": {"unit": "pieces", "value": 10}, "price": {"unit": "money/piece", "value": 3}}
SALES = {"sales": {"party": "A", "amount": "units * price"}}


@cache
def texts():
    place = files("mutualist.domain.venture").joinpath("data").joinpath("problems.yaml")
    return yaml.safe_load(place.read_text("utf-8"))["problems"]


def share(value, name="s", **more):
    term = {"type": "share", "from": "A", "to": "B", "share": value, "of": "sales", **more}
    return {name: term}


def drivers(**values):
    return {"drivers": {"x": values}}


CASES = {
    "circle": ({"lines": {"a": "b + 1", "b": "a * 2"}}, "lines.a.amount", "circle"),
    "line in itself": ({"lines": {"a": "a + 1"}}, "lines.a.amount", "circle"),
    "unknown driver": ({"lines": {"a": "unit * 2"}, "drivers": PRICED}, "lines.a.amount", "unknown_name_near"),
    "money and pieces": ({"lines": {**SALES, "a": "sales + units"}, "drivers": PRICED}, "lines.a.amount", "units_mixed"),
    "pieces are paid": ({"lines": {"a": {"party": "A", "amount": "units"}}, "drivers": PRICED}, "lines.a.amount", "line_money"),
    "likelihood": ({"events": {"e": {"probability": 1.2}}}, "events.e.probability", "likelihood_above"),
    "likelihoods": (
        {"tables": {"t": {"columns": {"c": "share"}, "rows": [{"probability": 0.5, "c": 1}, {"probability": 0.4, "c": 2}]}}},
        "tables.t.rows", "likelihoods_sum",
    ),
    "low above high": (drivers(low=9, likely=5, high=4), "drivers.x", "low_above_high"),
    "likely outside": (drivers(low=1, likely=5, high=4), "drivers.x", "likely_outside"),
    "two ways": (drivers(low=1, likely=2, high=3, mean=2), "drivers.x", "driver_points"),
    "lopsided": (drivers(low=1, likely=2, high=30), "drivers.x", "too_lopsided"),
    "not symmetric": (drivers(family="normal", low=1, likely=2, high=30), "drivers.x", "not_symmetric"),
    "negative spread": (drivers(family="normal", mean=1, sd=-2), "drivers.x", "negative_sd"),
    "share": ({"lines": SALES, "drivers": PRICED, "terms": share(1.3)}, "terms.s.share", "share_above"),
    "share as text": ({"lines": SALES, "drivers": PRICED, "terms": share("130 %")}, "terms.s.share", "share_above"),
    "shares": (
        {"lines": SALES, "drivers": PRICED, "parties": parties(3), "terms": {**share(0.6), **share(0.5, "t", to="C")}},
        "terms.t.share", "shares_sum",
    ),
    "stakes": (
        {"pools": {"J": {}}, "terms": {"e": {"type": "equity", "pool": "J", "stakes": {"A": 0.6, "B": 0.5}}}},
        "terms.e.stakes", "stakes_above",
    ),
    "stakes lack": (
        {"pools": {"J": {}}, "terms": {"e": {"type": "equity", "pool": "J", "stakes": {"A": 0.6, "B": 0.3}}}},
        "terms.e.stakes", "stakes_below",
    ),
    "pool of nobody": ({"pools": {"J": {}}}, "pools.J", "pool_open"),
    "own party": ({"lines": SALES, "drivers": PRICED, "terms": share(0.3, to="A")}, "terms.s", "own_party"),
    "twice": ({"lines": SALES, "drivers": PRICED, "terms": {**share(0.2), **share(0.3, "t")}}, "terms.t", "pays_twice"),
    "twice fixed": (
        {"terms": {name: {"type": "fixed", "from": "A", "to": "B", "amount": 5} for name in "st"}},
        "terms.t", "pays_twice",
    ),
    "overflow": (drivers(value=1e300), "drivers.x.value", "too_large"),
    "growth overflows": ({"profiles": {"g": {"kind": "growth", "rate": 100}}, "periods": {"unit": "year", "count": 30}}, "profiles.g.rate", "grows_too_large"),
    "nan": (drivers(value=math.nan), "drivers.x.value", "nan"),
    "no periods": ({"periods": {"unit": "year", "count": 0}}, "periods.count", "bad_horizon"),
    "too many periods": ({"periods": {"unit": "month", "count": 10_000}}, "periods.count", "bad_horizon"),
    "half a period": ({"periods": {"unit": "month", "count": 2.5}}, "periods.count", "bad_horizon"),
    "option early": ({"options": {"o": {"type": "stop", "party": "A", "from": 0, "cost": 1}}}, "options.o.from", "option_early"),
    "option late": ({"options": {"o": {"type": "stop", "party": "A", "from": 5, "cost": 1}}}, "options.o.from", "option_late"),
    "unknown key": (drivers(value=1, likly=2), "drivers.x.likly", "unknown_key_near"),
    "unknown party": ({"lines": {"a": {"party": "Z", "amount": 1}}}, "lines.a.party", "unknown_party"),
    "unknown line": ({"events": {"e": {"probability": 0.5, "delay": 1, "lines": ["zz"]}}}, "events.e.lines", "unknown_line"),
    "bad formula": ({"lines": {"a": "1 +"}}, "lines.a.amount", "expression_syntax"),
    "bad sign": ({"lines": {"a": "1 ^ 2"}}, "lines.a.amount", "expression_sign"),
    "code": ({"lines": {"a": "__import__('os')"}}, "lines.a.amount", "expression_sign"),
    "call": ({"lines": {"a": "exec(1)"}}, "lines.a.amount", "unknown_function"),
    "nested": ({"lines": {"a": "(" * 100 + "1" + ")" * 100}}, "lines.a.amount", "expression_too_deep"),
    "many minus": ({"lines": {"a": "-" * 100 + "1"}}, "lines.a.amount", "expression_too_deep"),
    "long": ({"lines": {"a": "1 + " * 1000 + "1"}}, "lines.a.amount", "expression_too_long"),
    "unit": ({"drivers": {"x": {"unit": "money//", "value": 1}}}, "drivers.x.unit", "bad_unit"),
    "name twice": ({"drivers": {"x": 1}, "lines": {"x": "2"}}, "lines.x", "name_twice"),
    "milestone": ({"terms": {"m": {"type": "milestone", "from": "A", "to": "B", "amount": 1}}}, "terms.m", "milestone_when"),
    "foreign key": ({"terms": {"m": {"type": "fixed", "from": "A", "to": "B", "amount": 1, "share": 0.3}}}, "terms.m.share", "foreign_key"),
    "tiers": (
        {"lines": SALES, "drivers": PRICED, "terms": {"s": {"type": "share", "from": "A", "to": "B", "of": "sales", "tiers": [{"up_to": 5, "share": 0.1}, {"up_to": 3, "share": 0.2}]}}},
        "terms.s.tiers[2].up_to", "tier_order",
    ),
    "contribution": ({"contributions": [{"party": "A", "what": "brand"}]}, "contributions[1]", "contribution_how"),
    "currency": ({"currency": "euro"}, "currency", "not_currency"),
    "schema": ({"schema": "venture/9"}, "schema", "wrong_schema"),
    "window": ({"lines": {"a": {"amount": 1, "from": 3, "to": 2}}}, "lines.a", "ends_before"),
    "truth": (drivers(value=True), "drivers.x.value", "not_number"),
    "no discount": ({"parties": {"A": {}}}, "parties.A.discount", "missing"),
    "a name of the language": ({"drivers": {"if": 1}}, "drivers", "bad_id"),
    "a column of two tables": (
        {"tables": {name: {"columns": {"c": "share"}, "rows": [{"probability": 1, "c": 1}]} for name in "tu"}},
        "tables.u.columns.c", "name_twice",
    ),
    "a table without rows": ({"tables": {"t": {"columns": {"c": "share"}, "rows": []}}}, "tables.t.rows", "states_empty"),
    "a unit that is no text": (
        {"tables": {"t": {"columns": {"c": 3}, "rows": [{"probability": 1, "c": 1}]}}}, "tables.t.columns.c", "not_text",
    ),
    "no seasons": ({"profiles": {"p": {"kind": "seasons", "factors": []}}}, "profiles.p.factors", "states_empty"),
    "limits swapped": (drivers(low=1, likely=2, high=3, at_least=5, at_most=1), "drivers.x.at_least", "low_above_high"),
    "minimum above cap": (
        {"terms": {"f": {"type": "fixed", "from": "A", "to": "B", "amount": 5, "minimum": 9, "cap": 3}}},
        "terms.f.minimum", "low_above_high",
    ),
    "correlation of nothing": (
        {**drivers(low=1, likely=2, high=3), "correlations": [{"between": ["x", "y"], "rank": 0.5}]},
        "correlations[1]", "unknown_driver",
    ),
    "business with nothing": (
        {"parties": {**parties(1), "B": {"discount": 0.1, "business": {"mean": 1, "sd": 1, "correlation": {"y": 0.5}}}}},
        "parties.B.business.correlation.y", "unknown_driver",
    ),
    "many operators": ({"lines": {"a": "+".join("1" * 900)}}, "lines.a.amount", "expression_too_many"),
    "many lines": ({"lines": {f"x{i}": "1" for i in range(1001)}}, "lines", "too_many_entries"),
    "many correlations": ({"correlations": [{}] * 1001}, "correlations", "too_many_entries"),
    "unseen": ({"name": "Pumpen\0Puls"}, "name", "odd_character"),
    "half a character": ({"pools": {"J": {"note": "\ud800"}}}, "pools.J.note", "odd_character"),
    "turned around": ({"lines": {"a\u202e": 1}}, "lines", "odd_character"),
    "units of a price": (
        {"drivers": {**PRICED, "hour_rate": {"unit": "money/hour", "value": 3}},
         "terms": {"p": {"type": "per_unit", "from": "A", "to": "B", "price": "hour_rate", "of": "units"}}},
        "terms.p.of", "wrong_unit",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_each_mistake_has_its_message(name):
    parts, place, code = CASES[name]
    assert (place, code) in problems(**parts)


def test_an_amount_that_is_missing_is_named_once():
    assert problems(lines={"a": {"party": "A"}}) == [("lines.a.amount", "missing")]


@pytest.mark.parametrize("backwards", [False, True])
def test_a_chain_of_many_lines_is_followed_to_its_end(backwards):
    """Each line needs the next one; neither reading nor computing may end in the limit of calls."""
    chain = {f"l{i}": f"l{i + 1} + 1" for i in range(900)} | {"l900": "1 [money]"}
    if backwards:
        chain = dict(reversed(chain.items()))
    lines = {**chain, "sales": {"party": "A", "amount": "l0", "at": 1}}
    run = simulate(read_description(venture(lines=lines, drivers={})), 10, flows=True)
    assert run.flows.sum(axis=2)[0, 0] == 901


def test_a_circle_of_many_lines_is_a_message():
    ring = {f"l{i}": f"l{(i + 1) % 900}" for i in range(900)}
    found = problems(lines=ring)
    assert [code for _place, code in found] == ["circle"]


def test_only_the_mistake_is_named():
    assert problems(**CASES["low above high"][0]) == [("drivers.x", "low_above_high")]
    assert problems(**CASES["own party"][0]) == [("terms.s", "own_party")]
    assert problems() == []


def test_correlations_that_cannot_be_name_the_pair_and_a_remedy():
    three = {name: {"low": 1, "likely": 2, "high": 3} for name in "abc"}
    pairs = [
        {"between": ["a", "b"], "rank": 0.9},
        {"between": ["b", "c"], "rank": 0.9},
        {"between": ["a", "c"], "rank": -0.8},
    ]
    with pytest.raises(VentureError) as caught:
        read_description(venture(drivers=three, correlations=pairs))
    problem = caught.value.problems[0]
    assert problem.code == "not_semidefinite"
    assert problem.place in {f"correlations[{at}]" for at in (1, 2, 3)}
    assert f"{problem.values['first']} and {problem.values['second']}" in problem.message("en")
    # What is offered can be entered as it stands.
    offered = [float(part.split(" ")[1]) for part in problem.values["matrix"].split(", ")]
    for pair, rank in zip(pairs, offered, strict=True):
        pair["rank"] = rank
    assert read_description(venture(drivers=three, correlations=pairs)).correlations


def test_constants_that_overflow_are_refused_without_a_warning():
    parts = {"lines": {"a": {"party": "B", "amount": "1e12 * 1e12 * 1e12 * 1e12"}}}
    with pytest.raises(VentureError) as caught:
        simulate(read_description(venture(**parts)), 10)
    assert caught.value.problems[0].code == "overflow"


def test_figures_that_overflow_only_when_computed_are_refused():
    parts = {"lines": {"a": {"party": "B", "amount": "1 / (period - 2)"}}}
    with pytest.raises(VentureError) as caught:
        simulate(read_description(venture(**parts)), 10)
    assert caught.value.problems[0].code == "overflow"
    assert "B" in caught.value.message("de")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({"count": 0}, "bad_count"),
        ({"count": 2.5}, "bad_count"),
        ({"seed": -1}, "bad_seed"),
        ({"workers": 0}, "bad_workers"),
        ({"method": "dice"}, "unknown_value"),
        ({"method": "sobol", "count": 1000}, "sobol_count"),
        ({"count": 20_000_000, "flows": True}, "too_much_memory"),
    ],
)
def test_a_run_that_cannot_be_is_refused(arguments, code):
    parts = {"lines": {"a": {"party": "B", "amount": 1}}, "periods": {"unit": "year", "count": 40}}
    with pytest.raises(VentureError) as caught:
        simulate(read_description(venture(**parts)), **arguments)
    assert caught.value.problems[0].code == code
    assert caught.value.message("de") != caught.value.message("en")


def test_every_text_is_in_both_languages_with_the_same_values():
    for code, words in texts().items():
        assert set(words) == {"de", "en"}, code
        fields = [{part.split("}")[0] for part in text.split("{")[1:]} for text in words.values()]
        assert fields[0] == fields[1], code


def refusal(source):
    """Return what is said about a description in German; anything but words is an error of the reader."""
    try:
        read_description(source)
    except VentureError as error:
        return error.message("de")
    return ""


JUNK = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5) | st.integers(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=4,
)  # fmt: skip
SECTIONS = ("periods", "parties", "drivers", "events", "tables", "profiles", "correlations", "lines",
            "terms", "options", "contributions", "pools", "name", "currency")  # fmt: skip


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    st.dictionaries(st.sampled_from(SECTIONS), JUNK | st.dictionaries(st.sampled_from("ab"), JUNK))
)
def test_no_junk_gets_anything_but_words(junk):
    refusal({**venture(), **junk})


@given(st.text(max_size=40))
def test_no_formula_gets_anything_but_words(text):
    refusal(venture(lines={"a": text}))


def test_problems_print_their_place():
    assert (
        str(Problem("periods.count", "missing")) == "periods.count: This is missing. Please add it."
    )
