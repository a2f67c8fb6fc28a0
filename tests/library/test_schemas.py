"""What is computed from a venture or a game keeps the published formats, for ordinary and for degenerate cases."""

from __future__ import annotations

import json

import jsonschema
import pytest

import mutualist as mu
from mutualist.library import risk
from mutualist.library.stopgap import document as stopgap_document

DEGENERATE = {
    "never earns": {"lines": {"c": {"party": "A", "kind": "cost", "amount": "u * 5 [money]"}}},
    "nothing at all": {},
    "nothing uncertain": {"drivers": {}, "lines": {"s": {"party": "A", "amount": 5}}},
    "one party": {"parties": {"A": {"discount": 0}}, "lines": {"s": {"party": "A", "amount": "u"}}},
    "own business only": {
        "parties": {"A": {"discount": 0, "business": {"mean": 0, "sd": 0}}, "B": {"discount": 0}}
    },
}


def described(**parts):
    return {
        "periods": {"unit": "year", "count": 2},
        "parties": {"A": {"discount": 0.1}, "B": {"discount": 0.1}},
        "drivers": {"u": {"low": 1, "likely": 2, "high": 3}},
        **parts,
    }


def plain(document):
    """Return a document as a program reads it; NaN and infinity are no JSON."""
    return json.loads(json.dumps(document, allow_nan=False))


@pytest.mark.parametrize("name", [*mu.venture_templates()])
def test_simulations_and_splits_of_templates(name):
    outcomes = mu.Venture.from_template(name).simulate(n=500, seed=1)
    jsonschema.validate(plain(outcomes.to_dict()), mu.simulation_schema())
    found = mu.compare_splits(outcomes).to_dict("de")
    jsonschema.validate(plain(found), mu.split_comparison_schema())


@pytest.mark.parametrize("name", DEGENERATE)
@pytest.mark.parametrize("count", [1, 64])
def test_simulations_of_ventures_with_little_in_them(name, count):
    outcomes = mu.Venture.from_dict(described(**DEGENERATE[name])).simulate(n=count)
    jsonschema.validate(plain(outcomes.to_dict()), mu.simulation_schema())
    jsonschema.validate(plain(mu.Split("shapley").fit(outcomes).to_dict()), mu.split_schema())


@pytest.mark.parametrize(
    ("game", "rule"),
    [
        ({"v": [3]}, "nucleolus"),
        ({"v": [0, 0, 0]}, "gately"),
        ({"v": [0, 0, 0, 1, 1, 1, 1]}, "shapley"),
        ({"v": [1, 2, 4], "outside": [9, 9]}, "nash"),
        ({"cost": [1, 2, 2.5]}, "separable_costs"),
        ({"v": [1e-200, 2e-200, 4e-200]}, "tau"),
        ({"v": [9e14, 9e14, 9e14]}, "nucleolus"),
    ],
)
def test_splits_of_games(game, rule):
    found = mu.Split(rule).fit(game)
    jsonschema.validate(plain(found.to_dict("en")), mu.split_schema())


@pytest.mark.parametrize("losses", [[[100, 0]], [[0, 0]], [[-5, -5], [-1, -1]]])
def test_expected_shortfall(losses):
    found = risk.document(risk.allocate_states([0.04, 0.96], losses))
    jsonschema.validate(plain(found), mu.es_schema())


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"delta": 0.0},
        {"value": 50.0, "margin": 1.0},
        {"sigma": 1e-9, "delta": 0.09},
        {"sigma": 1e7, "margin": 2.0, "investment": 1e9},
        {"value": 1e-300},
    ],
)
def test_stopgaps(more):
    figures = {"r": 0.04, "delta": 0.04, "sigma": 0.2, "cost": 1.0, "value": 0.5, **more}
    found = stopgap_document(mu.stopgap(**figures))
    jsonschema.validate(plain(found), mu.stopgap_schema())


def test_schemas_are_valid_and_refuse_what_is_missing():
    names = (
        *("simulation", "split", "split_comparison", "es"),
        *("stopgap", "exits", "terms", "tiers"),
    )
    for name in names:
        schema = getattr(mu, f"{name}_schema")()
        jsonschema.Draft202012Validator.check_schema(schema)
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate({"schema": schema["properties"]["schema"]["const"]}, schema)
