"""What a game file may hold, and what is said about what it may not."""

from __future__ import annotations

import pickle
import re
from itertools import combinations

import numpy as np
import pytest

from mutualist.domain.venture.split import Game, SplitError, read_game, split
from mutualist.domain.venture.split.coalitions import in_listed_order
from mutualist.domain.venture.split.recommending import CONDITIONS, recommend
from mutualist.domain.venture.split.rules import RULES, Findings
from mutualist.domain.venture.split.texts import texts

THREE = [0, 0, 0, 1, 1, 1, 3]
BAD = [
    ([1, 2], "no_game", ""),
    ({"values": THREE}, "no_game", ""),
    ({"v": THREE, "cost": THREE}, "one_form", ""),
    ({"v": THREE, "grapf": []}, "unknown_key", ""),
    ({"v": [0, 0, 0, 0]}, "bad_length", "v"),
    ({"v": []}, "bad_length", "v"),
    ({"v": "0011111"}, "not_list", "v"),
    ({"v": [0, "1", 2]}, "not_number", "v.2"),
    ({"v": [0, True, 2]}, "not_number", "v.2"),
    ({"v": [0, float("nan"), 2]}, "not_finite", "v.2"),
    ({"cost": [0, 1e300, 2]}, "not_finite", "cost.2"),
    ({"v": THREE, "unions": [[1, 2], [2, 3]]}, "twice", "unions"),
    ({"v": THREE, "unions": [[1, 2]]}, "missing_party", "unions"),
    ({"v": THREE, "unions": [[0, 1], [2, 3]]}, "not_party", "unions"),
    ({"v": THREE, "unions": [1, 2, 3]}, "not_list", "unions"),
    ({"v": THREE, "graph": [[1, 1]]}, "not_pair", "graph"),
    ({"v": THREE, "graph": [[1, 2, 3]]}, "not_pair", "graph"),
    ({"v": THREE, "graph": [[1, 4]]}, "not_party", "graph"),
    ({"v": THREE, "outside": [1, 2]}, "wrong_count", "outside"),
    ({"v": THREE, "weights": [0, 0, 0]}, "no_weight", "weights"),
    ({"v": THREE, "weights": [1, -1, 1]}, "negative", "weights.2"),
    ({"v": THREE, "parties": ["A", "A", "B"]}, "bad_names", "parties"),
    ({"bankruptcy": {"claims": [100, 200]}}, "no_game", "bankruptcy.estate"),
    (
        {"bankruptcy": {"claims": [100, 200], "estate": 400}},
        "estate_above_claims",
        "bankruptcy.estate",
    ),
    ({"bankruptcy": {"claims": [100, -1], "estate": 50}}, "negative", "bankruptcy.claims.2"),
    ({"airport": []}, "too_few", ""),
    ({"airport": [1] * 25}, "too_many", ""),
    (
        {"two_additive": {"own": [1, 2], "synergy": {"1-2": 3}}},
        "not_pair",
        "two_additive.synergy.1-2",
    ),
    (
        {"two_additive": {"own": [1, 2], "synergy": {"1,3": 3}}},
        "not_party",
        "two_additive.synergy.1,3",
    ),
]


@pytest.mark.parametrize(("document", "code", "place"), BAD)
def test_every_mistake_has_its_place_and_words(document, code, place):
    with pytest.raises(SplitError) as caught:
        read_game(document)
    assert (caught.value.code, caught.value.place) == (code, place)
    german, english = caught.value.message("de"), caught.value.message("en")
    assert german != english
    assert not re.search(r"\{\w+\}", german + english)
    again = pickle.loads(pickle.dumps(caught.value))
    assert again.message("de") == german


@pytest.mark.parametrize("rule", ["owen", "myerson", "stake", "euler", "tolerance", "fair"])
def test_a_rule_says_what_it_lacks(rule):
    with pytest.raises(SplitError) as caught:
        split(Game.listed(THREE), rule)
    assert rule in caught.value.message("de")


def codes(document, rule):
    return [warned.code for warned in split(read_game(document), rule).warnings]


def test_games_that_are_odd_are_results_not_mistakes():
    assert codes({"v": [0, 0, 0, 1, 1, 1, 1]}, "shapley") == ["core_empty"]
    assert codes({"v": [3, 4, 5]}, "nucleolus") == [
        "not_superadditive",
        "core_empty",
        "no_imputation",
    ]
    assert codes({"v": [0, 0, 0, 0, 1, 1, 1]}, "shapley") == ["outside_core"]
    assert codes({"v": [0, 0, -7]}, "shapley")[-1] == "never_earns"
    assert codes({"v": [0, 0, 0, 1, 1, 1, 1.2]}, "tau") == ["tau_undefined", "core_empty"]
    assert codes({"v": [0, 0, 10], "outside": [8, 9]}, "nash") == ["outside_above_whole"]
    assert codes({"v": THREE, "graph": [[1, 2]]}, "myerson")[0] == "links_incomplete"
    assert split(read_game({"v": [0, 0, 10], "outside": [8, 9]}), "nash").shares is None


def test_an_empty_core_is_told_with_its_gap():
    (warned,) = split(Game.listed([0, 0, 0, 1, 1, 1, 1]), "nucleolus").warnings
    assert "0.333" in warned.message("en")
    assert "0,333" in warned.message("de")


def test_blocking_coalitions_come_by_gain():
    found = split(Game.listed([0, 0, 0, 0, 1.5, 2, 2]), "maximin")
    assert [one.mask for one in found.blocking] == [6, 5]
    assert found.blocking[0].gain == pytest.approx(2 - 4 / 3)


@pytest.mark.parametrize(
    ("document", "when", "rule"),
    [
        ({"v": THREE, "graph": [[1, 2]]}, "links", "myerson"),
        ({"v": THREE, "unions": [[1, 2], [3]]}, "blocs", "owen"),
        ({"v": [0, 0, 10], "outside": [2, 0]}, "outside_above_own", "nash"),
        ({"v": [0, 0, 10]}, "two_parties", "shapley"),
        ({"v": [0, 0, 0, 1, 1, 1, 1]}, "core_empty", "nucleolus"),
        ({"v": THREE}, "shapley_in_core", "shapley"),
        ({"v": [0, 0, 0, 0, 1, 1, 1]}, "always", "nucleolus"),
    ],
)
def test_one_recommendation_and_its_reason(document, when, rule):
    found = recommend(Findings(read_game(document)))
    assert (found.when, found.rule) == (when, rule)
    assert found.because("de") != found.because("en")
    assert "{" not in found.because("en")


def test_words_are_complete():
    source = texts().source
    assert set(source["rules"]) == set(RULES)
    assert {line["when"] for line in source["recommendation"]} == set(CONDITIONS)
    assert {line["rule"] for line in source["recommendation"]} <= set(RULES)
    words = [entry["name"] for entry in source["rules"].values()]
    words += [entry["reason"] for entry in source["rules"].values()]
    words += [line["because"] for line in source["recommendation"]]
    words += [*source["warnings"].values(), *source["problems"].values()]
    assert all(set(entry) == {"de", "en"} and all(entry.values()) for entry in words)


def test_kalai_smorodinsky_with_a_cap_and_nash_with_weights():
    capped = {"v": [0, 0, 150], "outside": [20, 50], "most": [60, 130]}
    np.testing.assert_allclose(
        split(read_game(capped), "kalai_smorodinsky").shares, [140 / 3, 310 / 3]
    )
    weighted = {"v": [0, 0, 150], "outside": [20, 50], "weights": [3, 1]}
    np.testing.assert_allclose(split(read_game(weighted), "nash").shares, [80, 70])
    with pytest.raises(SplitError, match="Raise the upper limits"):
        split(read_game({"v": [0, 0, 150], "most": [20, 50]}), "kalai_smorodinsky")


def test_costs_are_shared_as_costs():
    game = read_game({"cost": [6, 8, 10], "outside": [6, 7], "stakes": [1, 3]})
    assert split(game, "nash").shares.tolist() == [4.5, 5.5]
    assert split(game, "stake").rounded == ("2.50", "7.50")
    assert split(game, "separable_costs").core.inside


@pytest.mark.parametrize("parties", range(1, 8))
def test_the_order_people_list_coalitions_in(parties):
    listed = [
        sum(1 << i for i in chosen)
        for size in range(1, parties + 1)
        for chosen in combinations(range(parties), size)
    ]
    assert in_listed_order(parties).tolist() == listed


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule not in {"euler", "tolerance"}])
@pytest.mark.parametrize("size", [0.0, 1e-200, 1e-12, 1e14])
def test_nothing_and_very_small_or_large_amounts_are_split(rule, size):
    document = {"v": [0, 0, 0, size, size, size, 2 * size], "unions": [[1, 2], [3]]}
    game = read_game({**document, "graph": [[1, 2], [2, 3]], "stakes": [1, 1, 1]})
    found = split(game, rule)
    assert found.shares is not None
    assert found.shares.sum() == pytest.approx(2 * size, rel=1e-9)
    assert np.isfinite(found.shares).all()


@pytest.mark.parametrize("rule", ["shapley", "nucleolus", "tau", "gately", "nash"])
def test_one_party_gets_everything(rule):
    assert split(Game.listed([5.0]), rule).shares.tolist() == [5.0]
