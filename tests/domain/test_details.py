"""Small print of results and messages: which field, whose need, whose proof."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from domain.rooms_for_tests import archetype, changed, example
from mutualist.domain.assess import (
    Room,
    apply_moves,
    assess,
    builtin_ruleset,
    builtin_text,
    check_room,
    load_ruleset,
    spread,
)
from mutualist.domain.assess.compiler import Compiler
from mutualist.domain.assess.interests import interests
from mutualist.domain.assess.sampling import Odds, Sampler
from mutualist.domain.assess.sheet_progress import QuestionProgress
from mutualist.domain.assess.summary import EvidenceLine, evidence

RULES = builtin_ruleset()


def capabilities(a, b):
    room = changed(example("round1.yaml"), A={"3.1": a}, B={"3.1": b})
    columns = interests(assess(Room.from_dict(room)))
    return [
        (entry.keys, entry.parties)
        for entry in columns.complementary
        if entry.about == "capability"
    ]


NEEDS = {"need": {"software": 3}}
HAS = {"have": {"software": 3}, "bring": ["software"]}


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        (NEEDS, HAS, [(("software",), ("A", "B"))]),
        (HAS, NEEDS, [(("software",), ("B", "A"))]),
        ({"need": {"software": 2}}, HAS, []),
        (NEEDS, {**HAS, "have": {"software": 2}}, []),
        (NEEDS, {**HAS, "bring": ["sales"]}, []),
        (NEEDS, {**HAS, "bring": []}, []),
        # What is not known is nothing that fits.
        ({"need": "dont_know"}, HAS, []),
        ({"have": {"software": 4}}, HAS, []),
        (NEEDS, {"bring": ["software"]}, []),
        (NEEDS, {"have": {"software": 4}}, []),
        ("dont_know", HAS, []),
        (NEEDS, "dont_know", []),
        # Nobody is complementary to oneself.
        ({**NEEDS, **HAS}, {}, []),
    ],
)
def test_a_need_and_what_another_firmly_brings_in(a, b, expected):
    assert capabilities(a, b) == expected


@pytest.mark.parametrize(
    ("item", "value", "code", "field"),
    [
        ("5.1", [{"source": "equity", "percent": 100, "extra": 1}], "unknown_field", "1"),
        ("5.1", [{"source": "love", "percent": 100}], "unknown_value", "1.source"),
        ("4.2", [{"type": "revenue", "amount": 1}, {"type": "revenue"}], "missing_field", "2"),
        ("2.2", {"years": 5, "proof": 2.5}, "not_whole", "proof"),
        ("2.2", {"years": 5, "proof": -1}, "out_of_range", "proof"),
        ("2.2", {"years": 5, "proof": 5}, "out_of_range", "proof"),
        ("2.3", {"plan": "running", "what": ["own_build", "espionage"]}, "unknown_value", "what"),
        ("3.1", {"have": {"software": 5}}, "out_of_range", "have.software"),
        ("1.3", {"measure": "revenue", "by": "2028-13"}, "not_month", "by"),
        ("1.5", {"B": "profit"}, "unknown_value", "B"),
        ("6.4", {"P1": "maybe"}, "unknown_value", "P1"),
        ("1.2", {"new_offer": 50.5, "learn": 49.5}, "not_whole", "new_offer"),
    ],
)  # fmt: skip
def test_a_problem_names_its_field(item, value, code, field):
    problems = check_room(changed(example("round1.yaml"), A={item: value}))
    assert (code, field) in {(problem.code, problem.field) for problem in problems}


def test_the_proven_share_counts_points_and_not_lines():
    lines = [
        EvidenceLine("J1", 30, True),
        EvidenceLine("J2", 10, False),
        EvidenceLine("S1", 20, False),
    ]
    assert evidence(lines) == 50.0
    assert evidence(lines[:1]) == 100.0
    assert evidence(lines[1:]) == 0.0
    assert evidence([]) == 0.0


def test_a_random_row_may_leave_out_any_field_that_is_not_required():
    rows = [
        row
        for seed in range(40)
        for sheet in Sampler(RULES, Random(seed), Odds(unknown=0, directed=0.5))
        .room("ABC")["answers"]
        .values()
        for row in sheet["4.1"]
    ]
    optional = ("proof", "by", "with")
    assert {tuple(name in row for name in optional) for row in rows} >= {
        (True, True, False),
        (True, False, False),
        (False, True, False),
        (False, True, True),
        (False, False, True),
        (False, False, False),
    }
    assert all({"type", "amount", "sure"} <= set(row) for row in rows)


def test_a_finding_names_the_items_of_the_side_it_is_about():
    verdict = assess(Room.from_dict(archetype("supplier")))
    for finding in verdict.findings:
        assert finding.items
        assert all(item.partition(":")[2] in verdict.room.ids for item in finding.items)


def test_a_page_without_items_is_not_begun():
    assert QuestionProgress(1, answered=0, items=0).fraction == 0.0
    assert QuestionProgress(1, answered=3, items=4).fraction == 0.75


def test_a_gap_of_one_party_names_its_own_items_only():
    """Even where its words look at the other side, what is open is its own."""
    start = builtin_text().index("  - id: H4")
    gap = builtin_text()[start : builtin_text().index("  - id: H5")]
    text = builtin_text().replace(gap, gap.replace('"5.6"', '"Y:5.6"'), 1)
    assert "Y:5.6" in text
    verdict = assess(Room.from_dict(example("round1.yaml"), load_ruleset(text)))
    found = {finding.id: finding.items for finding in verdict.findings if finding.rule == "H4"}
    assert found["H4:A:1"] == ("5.6:A", "5.1:A", "6.4:A")
    assert found["H4:B:1"] == ("5.6:B", "5.1:B", "6.4:B")


@pytest.mark.parametrize(
    ("gains", "after"),
    [
        ((30, 10), (75.0, 25.0)),
        ((60, 60), (50.0, 50.0)),
        ((0, 5), (0.0, 100.0)),
        ((0, 0), (0, 0)),
        ((None, 5), (None, 5)),
    ],
)
def test_gains_are_brought_to_a_hundred_together(gains, after):
    stakes = [{"loss": 10, "gain": gain or 0} for gain in gains]
    if gains[0] is None:
        del stakes[0]["gain"]
    room = changed(example("round1.yaml"), A={"5.3": stakes[0]}, B={"5.3": stakes[1]})
    there = apply_moves(Room.from_dict(room), ["gain"])
    assert tuple(there.answers[party]["5.3"].get("gain") for party in "AB") == after


def test_losses_are_split_evenly():
    there = apply_moves(Room.from_dict(example("round1.yaml")), ["loss"])
    for party in "AB":
        assert there.answers[party]["5.3"]["loss"] == 50.0
        assert there.answers[party]["5.2"] == {"A": 50.0, "B": 50.0}


def test_the_steps_of_a_ladder_are_numbered_from_one():
    steps = assess(Room.from_dict(example("round1.yaml"))).changes()
    assert [step.number for step in steps] == list(range(1, len(steps) + 1))
    assert len(steps) > 2


def test_a_finding_is_about_one_party_a_pair_or_all():
    verdict = assess(Room.from_dict(example("round1.yaml")))
    found = {finding.id: finding.parties for finding in verdict.findings}
    assert found["H4:A:1"] == ("A",)
    assert found["H1:B>A:devices"] == ("B", "A")
    assert found["H2"] == ("A", "B")


def test_people_differ_in_a_field_and_not_in_the_whole_item():
    lines = spread({"Jana": {"2.3": {"plan": "no"}}, "Ali": {"2.3": {"plan": "running"}}}, RULES)
    assert [(line.item, line.field, line.kind) for line in lines] == [("2.3", "plan", "counts")]
    lines = spread({"Jana": {"2.3": {"B": "no"}}, "Ali": {"2.3": {"B": "running"}}}, RULES)
    assert [(line.item, line.field, line.kind) for line in lines] == [("2.3", "", "differs")]


def test_a_load_is_said_of_all_kinds_but_those_without():
    without = {key for key, kind in RULES.kinds.items() if kind.no_load}
    said = {entry["key"] for entry in RULES.source["kinds"] if entry.get("no_load")}
    assert without == said != set(RULES.kinds)


@pytest.mark.parametrize(
    ("value", "shown"), [(10**18 - 1, "999999999999999999"), (10**18, "> 10^18"), (-(10**18), "> 10^18")]
)  # fmt: skip
def test_a_number_of_any_size_is_shown(value, shown):
    room = changed(example("round1.yaml"), A={"1.1": value})
    (problem,) = check_room(room)
    assert f"found {shown}." in problem.message()


def test_a_number_that_is_not_known_in_a_row_is_not_counted_as_known():
    """A required column is always known, a number that is not required may be missing."""
    columns = Compiler(RULES.programs.vocabulary).columns(RULES.by_name["promises"])
    assert {name for name, column in columns.items() if not column.total} == set()
    columns = Compiler(RULES.programs.vocabulary).columns(RULES.by_name["milestones"])
    assert columns["due_months"].total
    optional = {
        **RULES.items["6.1"].fields,
        "due_months": replace(RULES.items["6.1"].fields["due_months"], required=False),
    }
    item = replace(RULES.items["6.1"], fields=optional)
    columns = Compiler(RULES.programs.vocabulary).columns(item)
    assert [name for name, column in columns.items() if not column.total] == ["due_months"]
