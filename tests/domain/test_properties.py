"""Properties of the instrument that hold for every room (instrument 5.9)."""

from __future__ import annotations

import copy
import itertools
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.rooms_for_tests import archetype, changed, example, renamed, reordered
from mutualist.domain.assess import Room, apply_moves, assess, builtin_ruleset
from mutualist.domain.assess.sampling import Odds, Sampler

RULES = builtin_ruleset()
KINDS = (
    "true_partnership",
    "possible",
    "in_the_making",
    "supplier",
    "distributor",
    "logo",
    "still_open",
)
MIXED = Odds(0.05, 0.3, 0.3)
many = settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
seeds = st.integers(0, 10**6)


def draw(seed, parties=("A", "B"), odds=MIXED):
    return Sampler(RULES, Random(seed), odds).room(parties)


def result(data):
    return assess(Room.from_dict(data)).result_file()


def with_other_names(found, names):
    """Rename the parties of a result and sort its lists again."""

    def code(text):
        head, sign, tail = text.partition(":")
        return f"{head}:{'>'.join(names[p] for p in tail.split('>'))}" if sign else text

    there = copy.deepcopy(found)
    for key in ("gaps", "fired", "open_items"):
        there[key] = sorted(code(text) for text in found[key])
    there["roles"] = {role: names.get(party) for role, party in found["roles"].items()}
    there["conflict_roles"] = {
        key: sorted(">".join(names[party] for party in pair.split(">")) for pair in pairs)
        for key, pairs in found["conflict_roles"].items()
    }
    if "pairs" in found:
        there["pairs"] = {
            "-".join(sorted(names[party] for party in key.split("-"))): value
            for key, value in found["pairs"].items()
        }
    return there


@many
@given(seeds)
def test_swapping_the_order_changes_nothing(seed):
    data = draw(seed)
    assert result(reordered(data, ("B", "A"))) == result(data)


@many
@given(seeds, st.sampled_from([("A", "B"), ("A", "B", "C")]))
def test_other_ids_change_nothing_but_the_ids(seed, parties):
    data = draw(seed, parties)
    names = dict(zip(parties, ("north", "Zed", "m_1"), strict=False))
    assert result(renamed(data, names)) == with_other_names(result(data), names)


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(seeds)
def test_order_of_three_parties_changes_nothing(seed):
    data = draw(seed, ("A", "B", "C"))
    found = result(data)
    for order in itertools.permutations(("A", "B", "C")):
        assert result(reordered(data, order)) == found


GROWING = [
    "loss",
    *(
        f"{move}:{p}"
        for move in (*(f"P{n}" for n in range(1, 11)), "budget", "years")
        for p in "AB"
    ),
]


@many
@given(seeds, st.sampled_from([("A", "B"), ("A", "B", "C")]), st.sampled_from(GROWING))
def test_more_commitment_never_lowers_p(seed, parties, move):
    room = Room.from_dict(draw(seed, parties, Odds(0, 0.3, 0.3)))
    before, after = assess(room), assess(apply_moves(room, [move]))
    assert after.exact["P"] >= before.exact["P"] - 1e-9


@many
@given(seeds, st.integers(1, 3), st.sampled_from(["A", "B"]))
def test_more_years_and_the_next_budget_level_never_lower_p(seed, more, party):
    data = draw(seed, odds=Odds())
    before = assess(Room.from_dict(data)).exact["P"]
    sheet = data["answers"][party]
    years = sheet["2.2"]["years"] if isinstance(sheet["2.2"], dict) else sheet["2.2"]
    sheet["2.2"] = min(10, years + more)
    assert assess(Room.from_dict(data)).exact["P"] >= before
    levels = [option.key for option in RULES.lists["approvals"]]
    level = sheet["3.2"]["level"] if isinstance(sheet["3.2"], dict) else sheet["3.2"]
    before = assess(Room.from_dict(data)).exact["P"]
    sheet["3.2"] = levels[min(4, levels.index(level) + 1)]
    assert assess(Room.from_dict(data)).exact["P"] >= before


@many
@given(
    seeds,
    st.sampled_from([("A", "B"), ("A", "B", "C"), ("A", "B", "C", "D")]),
    st.sampled_from(["exclusive", "P1"]),
)
def test_asking_for_less_never_raises_a_conflict(seed, parties, move):
    room = Room.from_dict(draw(seed, parties, Odds(0, 0.3, 0.3)))
    before, after = assess(room), assess(apply_moves(room, [f"{move}:A"]))
    for conflict, severity in after.conflicts.items():
        assert severity <= before.conflicts.get(conflict, 0), conflict


@pytest.mark.parametrize(
    ("kind", "count", "least"),
    [
        ("true_partnership", 1, 0.88),
        ("supplier", 1, 0.99),
        ("distributor", 1, 0.96),
        ("logo", 1, 0.99),
        ("supplier", 4, 0.96),
        ("logo", 6, 0.95),
    ],
)
def test_noise_leaves_the_kind(kind, count, least):
    data = archetype(kind)
    rng = Random(20262)
    sampler = Sampler(RULES, rng)
    kept, runs = 0, 200
    for _ in range(runs):
        there = copy.deepcopy(data)
        places = [(party, item) for party in ("A", "B") for item in RULES.items.values()]
        for party, item in rng.sample(places, count):
            there["answers"][party][item.number] = sampler.answer(item, party, ("A", "B"))
        kept += assess(Room.from_dict(there)).kind == kind
    assert kept / runs >= least


def test_no_true_partnership_by_chance():
    kinds = [
        assess(Room.from_dict(Sampler(RULES, Random(seed)).room(("A", "B")))).kind
        for seed in range(1500)
    ]
    assert kinds.count("true_partnership") <= 2
    assert {"logo", "still_open", "supplier", "distributor"} <= set(kinds)


@pytest.mark.parametrize("kind", KINDS)
def test_archetype_is_of_its_kind(kind):
    assert assess(Room.from_dict(archetype(kind))).kind == kind


# --- the hidden stopgap: what A gains by not telling --------------------------------------------


def hidden(**more):
    goals = {"new_offer": 35, "cheaper": 25, "learn": 25, "visibility": 15}
    return changed(example("round1.yaml"), A={"2.3": "no", "2.1": goals, **more})


def test_hiding_the_plan_still_shows():
    verdict = assess(Room.from_dict(hidden()))
    assert verdict.conflicts["C1"] == 2
    assert verdict.gaps.count("H4:A") == 2
    assert (verdict.kind, verdict.scores["S"]) == ("supplier", 70)


def test_hiding_the_plan_and_claiming_five_years():
    verdict = assess(Room.from_dict(hidden(**{"2.2": 5})))
    assert "C1" not in verdict.conflicts
    assert verdict.gaps.count("H4:A") == 2
    assert (verdict.kind, verdict.scores["S"]) == ("supplier", 70)


def test_whoever_also_signs_p1_is_bound_by_it():
    pledges = {**example("round1.yaml")["answers"]["A"]["6.4"], "P1": "yes"}
    verdict = assess(Room.from_dict(hidden(**{"2.2": 5, "6.4": pledges})))
    assert "C1" not in verdict.conflicts
    assert verdict.gaps.count("H4:A") == 1
    assert "P1" in verdict.mutual
