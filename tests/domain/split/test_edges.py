"""What seldom happens to games and ventures: large ones, odd ones, and what cannot be one."""

from __future__ import annotations

import numpy as np
import pytest

import mutualist.domain.venture.split as package
from domain.split.test_ventures import run
from mutualist.domain.venture.split import Game, SplitError, is_nucleolus, read_game, rules, split
from mutualist.domain.venture.split.core import EXHAUSTIVE, worst_union
from mutualist.domain.venture.split.game import MOST_PARTIES
from mutualist.domain.venture.split.margins import gately
from mutualist.domain.venture.split.replaceability import Replacement, Stream, coalition_values
from mutualist.domain.venture.split.spans import Span
from mutualist.domain.venture.split.ventures import venture_game


def additive(parties: int) -> np.ndarray:
    """What each party has alone, added up: from 1 to as many as there are."""
    values = np.zeros(1)
    for worth in range(1, parties + 1):
        values = np.concatenate([values, values + worth])
    return values


@pytest.mark.parametrize("parties", [3, 11, EXHAUSTIVE + 1])
def test_the_union_that_loses_most_is_found(parties):
    values = additive(parties)
    assert worst_union(values) is None
    whole = values.size - 1
    broken = values.copy()
    broken[whole] -= 0.5
    found = worst_union(broken)
    assert found.loss == pytest.approx(0.5)
    assert found.first | found.second == whole
    assert not found.first & found.second
    # The last two parties lose together what they have alone.
    pair = 0b11 << (parties - 2)
    broken[pair] -= 2.0
    found = worst_union(broken)
    assert (found.first | found.second, found.loss) == (pair, pytest.approx(2.0))


def test_of_many_parties_only_simple_unions_are_looked_at():
    """A large coalition and the rest lose; no single party does by joining."""
    parties = EXHAUSTIVE + 1
    sizes = np.array([mask.bit_count() for mask in range(1 << parties)], dtype=float)
    values = np.where(sizes == parties / 2, sizes + 1.0, sizes)
    found = worst_union(values)
    assert found.loss == pytest.approx(2.0)
    said = [one.code for one in split(Game(additive(parties)), "shapley").warnings]
    assert said == ["superadditivity_unchecked"]


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ([0.0, 1.0, np.inf, 2.0], "not_finite"),
        ([1.0, 1.0, 1.0, 2.0], "empty_worth"),
        ([0.0, 1.0, 2.0], "bad_length"),
        ([[0.0, 1.0]], "bad_length"),
    ],
)
def test_values_that_make_no_game(values, code):
    with pytest.raises(SplitError) as caught:
        Game(np.array(values))
    assert caught.value.code == code


def test_a_list_for_too_many_parties_is_refused_before_it_is_copied():
    none = np.broadcast_to(0.0, (1 << (MOST_PARTIES + 1)) - 1)
    with pytest.raises(SplitError) as caught:
        Game.listed(none)
    assert caught.value.code == "too_many"


@pytest.mark.parametrize(
    ("document", "code", "place"),
    [
        ({"bankruptcy": {"claims": [1, 2], "estate": -1}}, "negative", "bankruptcy.estate"),
        ({"v": range(1 << MOST_PARTIES)}, "too_many", "v"),
        ({"v": [0, 0, 1], "parties": "AB"}, "bad_names", "parties"),
        ({"v": [0, 0, 1], "parties": ["A", " "]}, "bad_names", "parties"),
        ({"v": [0, 0, 1], "parties": ["A"]}, "wrong_count", "parties"),
        ({"v": [0, 0, 1], "graph": {"1": 2}}, "not_list", "graph"),
        (
            {"two_additive": {"own": [1, 2], "synergy": [3]}},
            "not_pair",
            "two_additive.synergy",
        ),
        (
            {"two_additive": {"own": [1, 2], "synergy": {"1,1": 3}}},
            "not_pair",
            "two_additive.synergy.1,1",
        ),
    ],
)
def test_what_a_game_file_may_not_hold(document, code, place):
    with pytest.raises(SplitError) as caught:
        read_game(document)
    assert (caught.value.code, caught.value.place) == (code, place)


def test_bargaining_about_a_pie_needs_no_weights():
    (given, _more), plain = (
        split(read_game({"nash": {"outside": [1, 3], "pie": 10, **more}}), "nash").shares
        for more in ({"weights": [2, 1]}, {})
    )
    assert plain == pytest.approx([4.0, 6.0])
    assert given == pytest.approx(5.0)


def test_what_is_no_nucleolus():
    values = Game.listed([1, 1, 6]).values
    assert is_nucleolus(values, np.array([3.0, 3.0]))
    assert not is_nucleolus(values, np.array([3.0, 2.0])), "does not share all"
    assert not is_nucleolus(values, np.array([0.5, 5.5])), "less than alone"
    assert not is_nucleolus(values, np.array([2.0, 4.0]))


def test_a_nucleolus_that_cannot_be_shown_right_is_said_to_be_uncertain(monkeypatch):
    monkeypatch.setattr(rules, "is_nucleolus", lambda *_given, **_more: False)
    said = [one.code for one in split(Game.listed([0, 0, 2]), "nucleolus").warnings]
    assert said == ["not_certain"]


def test_where_nobody_adds_anything_there_is_no_gately_point():
    with pytest.raises(SplitError) as caught:
        gately(Game.listed([0, 0, 0, 1, 1, 1, 1]).values)
    assert caught.value.code == "gately_undefined"


def test_by_tolerance_needs_the_tolerances():
    with pytest.raises(SplitError) as caught:
        split(Game(np.array([0.0, 0.0, 0.0, 1.0]), certain=1.0), "tolerance")
    assert caught.value.code == "needs_tolerance"


def test_where_all_is_fixed_nothing_can_move():
    span = Span(2)
    assert span.basis().shape == (2, 1)
    assert span.fix(0b01)
    assert (span.basis().shape, span.rank) == ((2, 0), 2)


def test_the_names_of_the_package_are_listed():
    assert "split" in dir(package)
    assert dir(package) == sorted(dir(package))


def two(first: dict, second: dict, rates: tuple[float, float]) -> dict:
    """Two parties with a line each in the fourth year, at rates of interest of their own."""
    return {
        "parties": {"A": {"discount": rates[0]}, "B": {"discount": rates[1]}},
        "lines": {"one": {"party": "A", **first}, "other": {"party": "B", **second}},
        "drivers": {},
        "terms": {},
        "contributions": [
            {"party": "A", "what": "all", "lines": ["one", "other"], "irreplaceable": True}
        ],
    }


def test_a_rate_beyond_those_of_the_parties_makes_the_lines_worth_the_whole():
    late = {"at": 4}
    game = venture_game(
        run(two({"amount": 100, **late}, {"amount": 50, "kind": "cost", **late}, (0.1, 0.2)))
    )
    assert game.game.whole == pytest.approx(100 / 1.1**4 - 50 / 1.2**4, rel=1e-5)
    assert "whole_differs" not in [one.code for one in game.warnings]


def test_where_no_rate_does_it_is_said():
    late = {"at": 4}
    game = venture_game(
        run(two({"amount": 100, **late}, {"amount": 100, "kind": "cost", **late}, (0.0, 1.0)))
    )
    assert game.game.whole == pytest.approx(100 - 100 / 16, rel=1e-5)
    assert "whole_differs" in [one.code for one in game.warnings]


def test_an_outlay_of_somebody_outside_who_brings_nothing_falls_away():
    """Party 1 pays 3 in the one period; without it the other's 10 still come, and nobody takes the 3 over."""
    streams = [
        Stream(0, np.array([10.0, 0.0]), (0,), incoming=True),
        Stream(1, np.array([-3.0, 0.0]), (0,), incoming=False),
    ]
    assert coalition_values(2, streams, [Replacement(0)]).tolist() == [0.0, 10.0, 0.0, 7.0]
