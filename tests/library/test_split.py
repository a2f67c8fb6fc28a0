"""Splits from Python: one class that keeps to its protocol, and comparisons."""

from __future__ import annotations

import copy
import json
import pickle

import numpy as np
import pytest

import mutualist as mu
from mutualist.domain.venture.split import SplitError
from mutualist.library.split import NotFittedError
from mutualist.library.stopgap import rational_exits
from mutualist.library.terms import document

GLOVE = [0, 0, 0, 0, 1, 1, 1]


def test_parameters_are_kept_as_they_are():
    split = mu.Split(rule="nash")
    assert split.get_params() == {"rule": "nash"}
    assert split.set_params(rule="tau") is split
    assert split.rule == "tau"
    with pytest.raises(ValueError, match="colour"):
        split.set_params(colour="red")


def test_a_result_needs_a_game_first():
    split = mu.Split()
    with pytest.raises(NotFittedError, match=r"call fit\(game\) first"):
        _ = split.shares_
    assert not hasattr(split, "in_core_")
    with pytest.raises(AttributeError, match="no attribute 'share_'"):
        _ = split.share_


def test_fitting_again_forgets_the_first_game():
    split = mu.Split("shapley").fit({"v": GLOVE})
    assert split.in_core_ is False
    assert split.fit({"v": [0, 0, 10]}) is split
    assert split.shares_.tolist() == [5.0, 5.0]


def test_copies_and_pickles_keep_the_result():
    split = mu.Split("nucleolus").fit(GLOVE)
    for other in (copy.deepcopy(split), pickle.loads(pickle.dumps(split))):
        assert other.shares_.tolist() == split.shares_.tolist()
        assert other.to_dict("de") == split.to_dict("de")


def test_a_game_comes_in_several_shapes():
    listed = mu.Split("shapley").fit(GLOVE).shares_
    numbered = mu.Split("shapley").fit(np.array([0, 0, 0, 0, 0, 1, 1, 1])).shares_
    assert listed.tolist() == numbered.tolist()
    with pytest.raises(SplitError, match="empty coalition"):
        mu.Split().fit([1, 0, 0, 1])
    with pytest.raises(SplitError, match="fit no number of parties"):
        mu.Split().fit([1, 0, 0, 1, 5])


def test_reasons_in_both_languages():
    split = mu.Split("tau").fit(GLOVE)
    assert split.reason("de") != split.reason("en")
    assert split.reason_ == split.reason("en")
    assert [str(one) for one in split.rounded_] == ["0.00", "0.00", "1.00"]


def test_a_comparison_is_a_table_and_a_document():
    found = mu.compare_splits(
        {"v": GLOVE, "parties": ["Nord", "Tau", "Grau"]}, ["shapley", "gately"]
    )
    assert found.best.rule == found.recommended.rule == "nucleolus"
    rows = list(found.to_table())
    assert {row["party"] for row in rows} == {"Nord", "Tau", "Grau"}
    assert {row["rule"] for row in rows if row["recommended"]} == {"nucleolus"}
    assert json.loads(found.to_json("de"))["recommended"]["rule"] == "nucleolus"
    assert len(mu.compare_splits({"v": GLOVE}).splits) == 9


@pytest.mark.parametrize(
    "name",
    [
        "joint_company",
        "joint_development",
        "licence",
        "resale",
        "revenue_share",
        "supplier_contract",
    ],
)
def test_every_template_can_be_split(name):
    outcomes = mu.Venture.from_template(name).simulate(n=2000, seed=1)
    found = mu.compare_splits(outcomes)
    for one in found.splits:
        if one.shares is not None:
            assert one.shares.sum() == pytest.approx(outcomes.joint.mean(), rel=1e-6)
            assert sum(map(float, one.rounded)) == pytest.approx(
                float(one.shares.sum()), abs=0.0051
            )


def test_terms_of_a_template():
    venture = mu.Venture.from_template("revenue_share")
    found = mu.propose_terms(venture, "shapley", n=2048)
    told = document(found)
    assert told["schema"] == "terms-proposal/1"
    assert told["distance"]["achieved"] < 0.1 * told["distance"]["today"]
    assert found.possible
    json.dumps(told, allow_nan=False)
    by_risk = mu.propose_terms(venture, [0.5, 0.5], aim="risk", n=2048)
    assert by_risk.risk == pytest.approx([0.5, 0.5], abs=0.01)
    with pytest.raises(SplitError, match="no aim"):
        mu.propose_terms(venture, [1.0, 1.0], aim="luck")


def test_exits_need_an_option():
    with pytest.raises(mu.VentureError):
        rational_exits(mu.Venture.from_template("revenue_share"), "leave")
