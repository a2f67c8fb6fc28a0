"""What an unknown answer does: each sentence of 5.3, 5.4, 5.5, 5.7, 5.10 and 5.11 about it."""

from __future__ import annotations

import pytest

from domain.rooms_for_tests import archetype, changed, example
from mutualist.domain.assess import Room, assess, builtin_ruleset, check_answer

UNKNOWN = "dont_know"


def verdict(data):
    return assess(Room.from_dict(data))


def true():
    return archetype("true_partnership")


@pytest.mark.parametrize("item", ["1.4", "5.6", "6.5", "4.3", "1.1"])
def test_absent_and_dont_know_are_the_same(item):
    data = example("round1.yaml")
    left_out, said = changed(data, A={item: None}), changed(data, A={item: UNKNOWN})
    assert verdict(left_out).result_file() == verdict(said).result_file()


@pytest.mark.parametrize(
    ("item", "measure"),
    [
        ("1.2", "J1"),
        ("1.3", "J1"),
        ("3.2", "J2"),
        ("5.1", "J3"),
        ("5.2", "J3"),
        ("3.1", "J4"),
        ("2.2", "J5"),
        ("6.4", "J6"),
    ],
)
def test_a_measure_is_unknown_as_soon_as_one_item_is(item, measure):
    found = verdict(changed(true(), B={item: UNKNOWN}))
    assert [name for name, value in found.measures.items() if value is None] == [measure]
    assert found.scores["P"] == 100
    weight = next(m.weight for m in found.ruleset.measures if m.id == measure)
    assert found.points_known == 100 - weight


def test_p_is_zero_if_no_measure_is_known():
    found = verdict({"ruleset": "2026.2", "parties": {"A": "a", "B": "b"}})
    assert found.scores == {"P": 0, "S": 0, "D": 0, "L": 0}
    assert set(found.measures.values()) == {None}
    assert set(found.gates.values()) == {None}
    assert found.kind == "still_open"
    assert (found.conflicts, found.gaps, found.fired) == ({}, (), ())
    assert len(found.open_items) == 2 * 23


@pytest.mark.parametrize("field", ["have", "need", "bring"])
def test_a_field_of_3_1_left_open_makes_j4_unknown(field):
    skills = {**true()["answers"]["A"]["3.1"], field: UNKNOWN}
    assert verdict(changed(true(), A={"3.1": skills})).measures["J4"] is None


def test_an_empty_list_or_mapping_is_an_answer():
    found = verdict(
        changed(
            true(),
            A={"4.1": [], "4.2": [], "6.1": [], "6.4": {}, "4.6": {"public": [], "exists": []}},
        )
    )
    assert found.open_items == ()
    assert found.measures["J6"] == 0
    assert "L5" in found.fired


def test_a_pledge_left_out_of_an_answered_6_4_is_no():
    assert verdict(changed(true(), A={"6.4": {"P3": "yes"}})).mutual == ("P3",)


def test_no_p3_settles_the_gate_although_the_other_side_is_unknown():
    refused = {f"P{n}": "yes" for n in range(1, 11)} | {"P3": "no"}
    found = verdict(changed(true(), A={"6.4": refused}, B={"6.4": UNKNOWN}))
    assert found.gates["risk"] is False


def test_a_gate_is_open_if_none_fails_and_one_is_unknown():
    assert verdict(changed(true(), B={"6.4": UNKNOWN})).gates["risk"] is None
    assert verdict(changed(true(), B={"5.1": UNKNOWN})).gates["risk"] is None
    assert verdict(changed(true(), B={"1.2": UNKNOWN})).gates["goal"] is None


def test_a_known_failure_closes_a_gate_although_the_pledge_is_unknown():
    data = changed(true(), A={"5.2": {"A": 100}}, B={"5.2": {"A": 100}, "6.4": UNKNOWN})
    assert verdict(data).gates["risk"] is False


def test_an_open_core_item_keeps_it_from_a_true_partnership():
    found = verdict(changed(true(), A={"3.3": UNKNOWN}))
    assert found.kind == "possible"
    assert found.open_items == ("3.3:A",)
    assert found.holding_back("de") == ("Noch nicht beantwortet: 3.3 (Quellhaus Systeme GmbH)",)
    assert found.holding_back("en") == ("Not yet answered: 3.3 (Quellhaus Systeme GmbH)",)


@pytest.mark.parametrize(
    "item",
    ["1.1", "1.4", "1.5", "1.6", "2.6", "4.3", "4.4", "4.5", "5.4", "5.5", "5.6", "6.5", "6.6"],
)
def test_other_items_may_be_open(item):
    assert verdict(changed(true(), A={item: UNKNOWN})).kind == "true_partnership"


@pytest.mark.parametrize(
    ("item", "field"),
    [("2.4", "want"), ("2.4", "give"), ("4.6", "public"), ("5.3", "gain"), ("6.3", "financed")],
)
def test_one_open_field_opens_the_core_item(item, field):
    answer = {**true()["answers"]["A"][item], field: UNKNOWN}
    assert verdict(changed(true(), A={item: answer})).open_items == (f"{item}:A",)


def test_s2_needs_the_other_sides_income():
    assert "S2:B>A" in verdict(example("round1.yaml")).fired
    assert "S2:B>A" not in verdict(changed(example("round1.yaml"), A={"5.1": UNKNOWN})).fired


@pytest.mark.parametrize(
    ("item", "rule"), [("4.6", "D4:A>B"), ("1.2", "D4:A>B"), ("3.2", "L2"), ("4.6", "L3")]
)
def test_rules_of_absence_need_all_answers(item, rule):
    data = archetype("logo")
    assert rule in verdict(data).fired
    assert rule not in verdict(changed(data, B={item: UNKNOWN})).fired


def test_h2_needs_all_answers():
    data = example("round1.yaml")
    assert "H2" in verdict(data).gaps
    assert "H2" not in verdict(changed(data, B={"4.6": {"public": ["logo"]}})).gaps


@pytest.mark.parametrize(("item", "rule"), [("4.6", "L1"), ("2.1", "L4"), ("6.1", "L5")])
def test_what_takes_the_higher_side_uses_the_known_one(item, rule):
    data = archetype("logo")
    assert rule in verdict(changed(data, B={item: UNKNOWN})).fired


def test_d2_looks_at_each_party_alone():
    data = archetype("distributor")
    assert "D2:B>A" in verdict(changed(data, A={"3.1": UNKNOWN})).fired
    assert "D2:B>A" not in verdict(changed(data, B={"3.1": UNKNOWN})).fired


def test_c5_and_c12_use_the_known_side():
    data = archetype("supplier")
    assert verdict(data).conflicts["C5"] == 3
    unknown = verdict(changed(data, B={"2.1": UNKNOWN, "6.4": UNKNOWN}, A={"2.5": 4}))
    assert unknown.conflicts["C5"] == 3
    assert verdict(changed(data, A={"2.5": 4}, B={"2.5": UNKNOWN})).conflicts["C12"] == 3


@pytest.mark.parametrize(
    ("conflict", "item"),
    [("C2", "2.4"), ("C3", "3.6"), ("C4", "3.4"), ("C6", "3.5"), ("C7", "2.2"), ("C10", "6.2"), ("C11", "6.3"), ("C13", "3.3"),
     ("C8", "5.3"), ("C9", "5.3")],
)  # fmt: skip
def test_conflict_is_zero_if_one_of_its_answers_is_unknown(conflict, item):
    assert conflict in verdict(example("round1.yaml")).conflicts
    assert conflict not in verdict(changed(example("round1.yaml"), B={item: UNKNOWN})).conflicts


def test_an_open_owner_beside_an_unknown_one_is_no_conflict():
    assert "C3" not in verdict(changed(true(), A={"3.6": "open"}, B={"3.6": UNKNOWN})).conflicts


def test_unknown_plan_counts_zero_in_c1():
    data = changed(example("round1.yaml"), A={"2.3": UNKNOWN})
    # G6 35 starts it at 2, P1 refused: 2 years against 5 and the refusal make it 3.
    assert verdict(data).conflicts["C1"] == 3
    calm = changed(data, A={"2.1": {"learn": 100}, "2.2": 5})
    assert "C1" not in verdict(calm).conflicts


def test_unknown_pledges_meet_no_condition_in_c1():
    data = changed(example("round1.yaml"), A={"6.4": UNKNOWN, "2.1": {"learn": 100}})
    assert verdict(data).conflicts["C1"] == 2


@pytest.mark.parametrize("other", ["2.2", "2.1"])
def test_c1_needs_the_long_plan_of_the_other_side(other):
    assert "C1" not in verdict(changed(example("round1.yaml"), B={other: UNKNOWN})).conflicts


@pytest.mark.parametrize(("party", "item", "gap"), [("A", "4.1", "H1:A>B"), ("B", "4.2", "H1:A>B"), ("A", "2.6", "H3:A>B"),
    ("B", "2.2", "H3:A>B"), ("A", "5.6", "H4:A"), ("A", "4.1", "H5:A")])  # fmt: skip
def test_an_unknown_answer_makes_no_gap(party, item, gap):
    assert gap in verdict(example("round1.yaml")).gaps
    assert gap not in verdict(changed(example("round1.yaml"), **{party: {item: UNKNOWN}})).gaps


def test_logo_rule_l3_waits_six_months_only_if_both_months_are_known():
    data = archetype("logo")
    young = {**data, "frame": {"public_since": "2026-06", "as_of": "2026-11"}}
    assert "L3" not in verdict(young).fired
    for frame in (
        {"as_of": "2026-11"},
        {"public_since": "2026-10"},
        {"public_since": "2026-05", "as_of": "2026-11"},
    ):
        assert "L3" in verdict({**data, "frame": frame}).fired


def test_unknown_evidence_is_not_proven():
    assert verdict(true()).evidence == 88
    assert verdict(changed(true(), A={"1.6": UNKNOWN})).evidence == 71


def three():
    """Three parties that all answer as the true partners do."""
    data = true()
    data["parties"]["C"] = "Third GmbH"
    data["answers"]["C"] = dict(data["answers"]["B"])
    for party in "ABC":
        data["answers"][party]["5.2"] = {"A": 34, "B": 33, "C": 33}
        data["answers"][party]["5.3"] = {"loss": 34, "gain": 33}
    return data


def test_unknown_towards_one_party_opens_the_item_once_and_makes_j6_unknown():
    pledges = {f"P{n}": "yes" for n in range(1, 11)}
    data = three()
    data["answers"]["A"]["6.4"] = {"B": pledges, "C": UNKNOWN}
    data["answers"]["A"]["2.3"] = {"B": "no"}
    found = verdict(data)
    assert found.open_items == ("2.3:A", "6.4:A")
    assert found.measures["J6"] is None
    assert found.gates["risk"] is None
    assert found.mutual == ()


def test_everything_else_uses_the_directions_that_are_known():
    data = three()
    data["answers"]["A"]["2.5"] = {"B": 4}
    data["answers"]["A"]["2.3"] = {"C": {"plan": "running", "what": ["second_partner"]}}
    found = verdict(data)
    assert found.conflicts["C12"] == 3
    assert found.conflict_roles["C1"] == ("A>C",)


def test_in_a_pair_only_the_direction_within_it_counts():
    data = three()
    data["answers"]["A"]["6.4"] = {"B": {f"P{n}": "yes" for n in range(1, 11)}}
    kinds = {pair.pair: pair.kind for pair in verdict(data).pairs}
    assert kinds["A-B"] == "true_partnership"
    assert kinds["A-C"] != "true_partnership"


def test_h4_looks_at_the_same_party_for_plan_and_pledge():
    data = three()
    signed = {f"P{n}": "yes" for n in range(1, 11)}
    data["answers"]["A"]["2.3"] = {"B": "no", "C": "considered"}
    data["answers"]["A"]["6.4"] = {"B": signed, "C": {**signed, "P1": "no"}}
    assert "H4:A" not in verdict(data).gaps
    data["answers"]["A"]["2.3"] = {"B": "no", "C": "no"}
    assert verdict(data).gaps.count("H4:A") == 1


def test_a_named_third_party_is_open_in_other_pairs_and_agreement_if_both_name_it():
    data = three()
    data["answers"]["A"]["3.6"] = "C"
    data["answers"]["B"]["3.6"] = "C"
    data["answers"]["C"]["3.6"] = "us"
    assert "C3" not in verdict(data).conflicts
    data["answers"]["B"]["3.6"] = "both"
    assert verdict(data).conflicts["C3"] == 2
    data["answers"]["C"]["3.6"] = "both"
    assert verdict(data).conflicts["C3"] == 1


def test_an_answer_towards_no_counterpart_is_unknown():
    """A mapping that leaves out every counterpart leaves the item open."""
    data = example("round1.yaml")
    said = Room.from_dict(changed(data, A={"4.4": {}}))
    silent = Room.from_dict(changed(data, A={"4.4": UNKNOWN}))
    assert said.answers == silent.answers
    assert assess(said).result_file() == assess(silent).result_file()


@pytest.mark.parametrize("item", ["1.5", "2.5", "2.6", "4.4"])
def test_a_form_still_asks_for_an_answer_towards_somebody(item):
    assert check_answer(item, {}, "A", ("A", "B"), builtin_ruleset())
