"""Ventures through the public library: files, rooms, templates, arrays, frames, schema."""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import jsonschema
import numpy as np
import pyarrow.parquet as pq
import pytest
import yaml

import mutualist as mu
from mutualist.domain.venture.templates import TEMPLATES, template

EXAMPLES = Path(__file__).parents[2] / "examples" / "ventures"


@pytest.fixture(scope="module")
def outcomes():
    return mu.Venture.from_template("revenue_share").simulate(n=5000, seed=4, flows=True)


def test_arrays_have_their_shapes(outcomes):
    assert outcomes.present_values.shape == outcomes.peak_exposure.shape == (2, 5000)
    assert outcomes.payback.shape == (2, 5000)
    assert outcomes.flows.shape == (2, 5000, 21)
    assert outcomes.joint == pytest.approx(outcomes.present_values.sum(axis=0, dtype=float))
    with pytest.raises(ValueError, match="read-only"):
        outcomes.present_values[0, 0] = 1
    with pytest.raises(mu.VentureError, match="flows=True"):
        _ = mu.Venture.from_template("resale").simulate(n=10).flows


def test_present_values_are_the_discounted_flows(outcomes):
    rates = [0.08, 0.10]
    for row, rate in enumerate(rates):
        factors = (1 + rate) ** (-np.arange(21) / 4)
        assert outcomes.flows[row] @ factors == pytest.approx(
            outcomes.present_values[row], rel=1e-4, abs=1
        )


def test_measures_are_those_of_the_arrays(outcomes):
    one, values = outcomes.measures()["B"], outcomes.present_values[1].astype(float)
    assert one.mean == pytest.approx(values.mean())
    assert one.sd == pytest.approx(values.std(ddof=1))
    assert one.probability_of_loss == (values < 0).mean()
    assert one.es95 == pytest.approx(-np.sort(values)[:250].mean())
    assert (one.p5, one.p50, one.p95) == pytest.approx(
        tuple(np.quantile(values, (0.05, 0.5, 0.95)))
    )
    whole = outcomes.joint_measures
    assert sum(m.mean for m in outcomes.measures().values()) == pytest.approx(whole.mean)
    parts = [share.es_contribution for share in outcomes.shares().values()]
    assert sum(parts) == pytest.approx(whole.es95)


def test_fifty_dots(outcomes):
    dots = outcomes.dots(50)
    assert len(dots) == 100
    lost = outcomes.losses_of(50)
    for party, one in outcomes.measures().items():
        assert lost[party] == pytest.approx(50 * one.probability_of_loss, abs=1)


def test_frames_and_files(outcomes, tmp_path):
    for kind in ("pandas", "polars", "pyarrow"):
        assert outcomes.frame(kind).shape == (5000, 8)
    outcomes.write(tmp_path / "runs.parquet")
    table = pq.read_table(tmp_path / "runs.parquet")
    assert np.array_equal(table["value_A"], outcomes.present_values[0])
    assert json.loads(table.schema.metadata[b"mutualist"])["seed"] == 4
    assert [path.name for path in tmp_path.iterdir()] == ["runs.parquet"]
    with pytest.raises(mu.FileError):
        outcomes.write(tmp_path / "nowhere" / "runs.parquet")


def test_nothing_is_left_of_a_file_that_was_not_finished(outcomes, tmp_path, monkeypatch):
    def interrupted(_table, path):
        path.touch()
        raise KeyboardInterrupt

    monkeypatch.setattr(pq, "write_table", interrupted)
    with pytest.raises(KeyboardInterrupt):
        outcomes.write(tmp_path / "runs.parquet")
    assert not list(tmp_path.iterdir())


def test_returns_add_and_risks_do_not(outcomes):
    for one in outcomes.diversification().values():
        assert one.together <= one.apart + 1e-6
        assert one.saved == pytest.approx(one.apart - one.together)
    saved = [outcomes.diversification(rho)["A"].saved for rho in (-0.5, 0.0, 0.5, 1.0)]
    assert saved == sorted(saved, reverse=True)
    assert outcomes.diversification(1.0)["A"].common_shock
    assert outcomes.diversification(0.4)["A"].correlation == pytest.approx(0.4, abs=0.02)
    assert outcomes.pooled().together <= outcomes.pooled().apart
    with pytest.raises(mu.VentureError):
        outcomes.diversification(1.5)


def test_sensitivity_names_the_drivers(outcomes):
    names = set(outcomes.sensitivity().column("name"))
    assert names == {"plants", "fee", "service_cost", "platform_cost", "build_a", "build_b", "late"}
    assert outcomes.sensitivity("A").column("name")[0] in names
    with pytest.raises(mu.VentureError, match="Z"):
        outcomes.sensitivity("Z")


def test_a_room_gives_parties_and_frame():
    room = mu.datasets.load_pumpenpuls(1)
    empty = mu.Venture.from_room(room)
    assert empty.parties == room.parties
    assert (empty.name, empty.description.periods.count) == ("PumpenPuls", 20)
    assert empty.simulate(10).nature().kind == "logo_only"
    filled = mu.Venture.from_room(room, "supplier_contract").simulate(5000)
    assert filled.nature().kind == "supplier"
    assert filled.run.description.parties["B"].name == "Tauwerk Sensorik GmbH"
    assert filled.compare(mu.assess(room)) == ""


def test_words_and_money_that_differ_are_told(outcomes):
    verdict = mu.assess(mu.datasets.load_pumpenpuls(1))
    assert verdict.kind == "supplier"
    assert "artnership" in outcomes.compare(verdict)
    assert "Partnerschaft" in outcomes.compare(verdict, "de")


def test_the_worked_examples_are_their_kinds():
    kinds = {
        path.stem: mu.Venture.from_file(path).simulate(10_000, 1).nature().kind
        for path in EXAMPLES.glob("*.yaml")
    }
    assert kinds == {
        "logo-only": "logo_only",
        "one-contract": "supplier",
        "pumpenpuls": "partnership",
    }


def test_templates_are_told_in_both_languages():
    assert list(mu.venture_templates()) == list(TEMPLATES)
    named = mu.Venture.from_template("licence", {"N": "Nordwerk", "T": "Tauwerk"})
    assert named.parties == {"N": "Nordwerk", "T": "Tauwerk"}
    assert mu.Venture.from_template("joint_company", {"N": "N", "T": "T"}).simulate(
        100
    ).parties == ("N", "T")
    with pytest.raises(mu.VentureError):
        mu.Venture.from_template("cartel")
    with pytest.raises(mu.VentureError):
        mu.Venture.from_template("licence", dict.fromkeys("abc", "x"))


def test_the_schema_knows_what_the_reader_knows():
    checker = jsonschema.Draft202012Validator(mu.venture_schema())
    checker.check_schema(mu.venture_schema())
    for name in TEMPLATES:
        checker.validate(json.loads(json.dumps(template(name)["venture"])))
    for path in EXAMPLES.glob("*.yaml"):
        checker.validate(yaml.safe_load(path.read_text("utf-8")))
    sound = template("licence")["venture"]
    broken = [
        {**sound, "period": 1}, {**sound, "periods": {"unit": "day", "count": 3}},
        {**sound, "periods": {"unit": "year", "count": 0}}, {**sound, "events": {"e": {"probability": 2}}},
        {**sound, "terms": {"t": {"type": "gift"}}}, {**sound, "parties": {"A": {}}},
        {**sound, "options": {"o": {"type": "stop", "party": "A", "from": 0, "cost": 1}}},
    ]  # fmt: skip
    for source in broken:
        assert not checker.is_valid(source)
        with pytest.raises(mu.VentureError):
            mu.Venture.from_dict(source)


@pytest.mark.parametrize("count", [1, 2, 3, 19, 20, 21])
def test_few_scenarios_give_figures_as_well(count):
    for name in ("revenue_share", "licence"):
        found = mu.Venture.from_template(name).simulate(count, seed=2)
        json.dumps(found.to_dict(), allow_nan=False)
        assert found.diversification(0.5).keys() <= set(found.parties)
        assert len(found.sensitivity(method="variance"))


def test_a_generator_is_a_seed():
    venture = mu.Venture.from_template("resale")
    runs = [venture.simulate(50, np.random.default_rng(3)).present_values for _ in range(2)]
    assert np.array_equal(*runs)


def test_results_print_pickle_and_become_json(outcomes):
    assert "2 parties" in repr(outcomes)
    assert "PumpenPuls" in repr(mu.Venture.from_file(EXAMPLES / "pumpenpuls.yaml"))
    assert json.loads(outcomes.to_json())["schema"] == "simulation/1"
    assert "<table>" in outcomes._repr_html_()
    with pytest.raises(mu.VentureError) as caught:
        mu.Venture.from_dict({})
    assert pickle.loads(pickle.dumps(caught.value)).problems == caught.value.problems


def test_files_that_are_none(tmp_path):
    for name, content in (("a.yaml", "- 1\n"), ("b.txt", "x: 1"), ("c.json", "{")):
        (tmp_path / name).write_text(content)
        with pytest.raises(mu.FileError):
            mu.Venture.from_file(tmp_path / name)
