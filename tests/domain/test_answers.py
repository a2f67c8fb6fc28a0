"""What breaks the format is named with party, item, value and remedy, in both languages."""

from __future__ import annotations

import copy
import datetime as dt
import json
import math
import pickle
from random import Random

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from domain.rooms_for_tests import VECTORS, archetype, changed, example
from mutualist.domain.assess import (
    AnswerError,
    Room,
    assess,
    builtin_ruleset,
    check_answer,
    check_room,
    check_sheet,
    room_schema,
)
from mutualist.domain.assess.sampling import Odds, Sampler

RULES = builtin_ruleset()

WRONG = [
    ("1.1", "x" * 201, "too_long"),
    ("1.1", 5, "not_text"),
    ("1.2", {"new_offer": 60, "learn": 30}, "sum"),
    ("1.2", {"new_offer": 60, "learn": 41}, "sum"),
    ("1.2", {}, "sum"),
    ("1.2", {"new_offer": 99.5, "learn": 0.5}, "not_whole"),
    ("1.2", {"new_offer": -10, "learn": 110}, "out_of_range"),
    ("1.2", {"profit": 100}, "unknown_field"),
    ("1.2", {"new_offer": "dont_know"}, "dont_know"),
    ("1.2", [60, 40], "not_mapping"),
    ("1.3", "profit", "unknown_value"),
    ("1.3", {"measure": "revenue", "by": "June 2028"}, "not_month"),
    ("1.3", {"measure": "revenue", "by": "2028-13"}, "not_month"),
    ("1.3", {"measure": "revenue", "unit": "EUR"}, "unknown_field"),
    ("1.4", "forever", "unknown_value"),
    ("1.4", None, "empty"),
    ("1.5", {"A": "learn"}, "own_party"),
    ("1.5", {"Q": "learn"}, "unknown_party"),
    ("1.5", {"B": "profit"}, "unknown_value"),
    ("1.6", 5, "out_of_range"),
    ("1.6", "E3", "not_number"),
    ("1.6", True, "boolean"),
    ("2.2", 11, "out_of_range"),
    ("2.2", 2.5, "not_whole"),
    ("2.2", "five", "not_number"),
    ("2.2", {"years": 5, "proof": 5}, "out_of_range"),
    ("2.3", False, "boolean"),
    ("2.3", {"plan": "running", "what": "own_build"}, "not_list"),
    ("2.3", {"plan": "running", "what": ["espionage"]}, "unknown_value"),
    ("2.3", {"B": "no", "plan": "no"}, "unknown_party"),
    ("2.4", "full", "not_mapping"),
    ("2.4", {"want": "everything"}, "unknown_value"),
    ("2.5", 4.5, "not_whole"),
    ("2.6", 12, "out_of_range"),
    ("3.1", {"have": {"software": 5}}, "out_of_range"),
    ("3.1", {"have": {"magic": 1}}, "unknown_field"),
    ("3.1", {"have": ["software"]}, "not_mapping"),
    ("3.1", {"bring": {"software": True}}, "not_list"),
    ("3.2", {"level": "half", "money": -1}, "out_of_range"),
    ("3.4", "A", "own_party"),
    ("3.4", "everyone", "unknown_value"),
    ("4.1", [{"type": "revenue", "amount": 1}], "missing_field"),
    ("4.1", [{"type": "love", "amount": 1, "sure": 1}], "unknown_value"),
    ("4.1", [{"type": "devices", "amount": 1.5, "sure": 1}], "not_whole"),
    ("4.1", [{"type": "discount", "amount": 120, "sure": 1}], "out_of_range"),
    ("4.1", [{"type": "revenue", "amount": 1, "sure": 101}], "out_of_range"),
    ("4.1", [{"type": "revenue", "amount": 1, "sure": "dont_know"}], "dont_know"),
    ("4.1", [{"type": "revenue", "amount": 1, "sure": 1, "with": "A"}], "own_party"),
    ("4.1", [{"type": "revenue", "amount": 1, "sure": 1}] * 4, "too_many_rows"),
    ("4.1", {"type": "revenue"}, "not_list"),
    ("4.1", ["revenue"], "not_mapping"),
    ("4.2", [{"type": "revenue", "amount": 1, "sure": 50}], "unknown_field"),
    ("4.3", {"low": "much"}, "not_number"),
    ("4.3", {"low": math.inf}, "not_number"),
    ("4.6", {"public": ["poster"]}, "unknown_value"),
    ("5.1", [], "too_few_rows"),
    ("5.1", [{"source": "margin", "percent": 90, "payer": "B"}], "sum"),
    ("5.1", [{"source": "margin", "percent": 100}], "missing_payer"),
    ("5.1", [{"source": "margin", "percent": 100, "payer": "A"}], "own_party"),
    ("5.1", [{"source": "margin", "percent": 100, "payer": "Q"}], "unknown_party"),
    ("5.1", [{"source": "none", "percent": 100, "payer": "B"}], "no_payer"),
    ("5.1", [{"source": "none", "percent": 50}, {"source": "equity", "percent": 50}], "stands_alone"),
    ("5.1", [{"source": "equity", "percent": 0}, {"source": "equity", "percent": 100}], "out_of_range"),
    ("5.1", [{"source": "equity", "percent": 25}] * 4, "too_many_rows"),
    ("5.2", {"A": 50, "B": 49}, "sum"),
    ("5.2", {"A": 50, "Q": 50}, "unknown_party"),
    ("5.3", {"loss": 101}, "out_of_range"),
    ("5.4", {"worst": -5}, "out_of_range"),
    ("5.5", [{"risk": "demand", "chance": 10}], "missing_field"),
    ("6.1", [{"what": "pilot"}], "missing_field"),
    ("6.1", [{"due_months": 1}] * 5, "too_many_rows"),
    ("6.1", [{"due_months": 1, "pays": "bank"}], "unknown_value"),
    ("6.3", {"decision": -1}, "out_of_range"),
    ("6.4", {"P1": True}, "boolean"),
    ("6.4", {"P1": "maybe"}, "unknown_value"),
    ("6.4", {"P11": "yes"}, "unknown_field"),
    ("6.4", {"P1": "dont_know"}, "dont_know"),
    ("6.4", "yes", "not_mapping"),
    ("7.1", "x", "unknown_item"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("item", "value", "code"), WRONG, ids=[f"{w[0]} {w[2]} {i}" for i, w in enumerate(WRONG)]
)
def test_wrong_answer_is_named(item, value, code):
    problems = check_answer(item, value, "A", ("A", "B"), RULES)
    assert code in [problem.code for problem in problems]
    problem = next(problem for problem in problems if problem.code == code)
    for lang in ("de", "en"):
        message = problem.message(lang)
        assert message.startswith(f"A, {item}")
        assert "{" not in message.replace(repr(problem.value), "")
    assert problem.message("de") != problem.message("en")
    with pytest.raises(AnswerError) as caught:
        Room.from_dict(changed(example("round1.yaml"), A={item: value}) if value is not None else
                       {**example("round1.yaml"), "answers": {"A": {item: None}}})  # fmt: skip
    assert code in [one.code for one in caught.value.problems]
    assert item in str(caught.value)


RIGHT = [
    ("1.2", {"new_offer": 100.0}),
    ("1.3", {}),
    ("2.2", 5),
    ("2.2", {"years": "dont_know", "proof": 2}),
    ("2.3", {"B": {"plan": "running", "what": ["own_build"]}, "C": "no"}),
    ("2.3", {"B": "dont_know"}),
    ("2.3", {}),
    ("2.4", {"B": {"want": "full", "want_months": 12}}),
    ("2.5", {"C": 4}),
    ("3.4", "C"),
    (
        "4.1",
        [
            {"type": "revenue", "amount": 0.5, "sure": 99.5, "with": w}
            for w in ("B", "B", "B", "C", "C", "C")
        ],
    ),
    ("4.3", {"low": -100, "likely": -50, "high": 0, "cost": -1}),
    ("5.1", [{"source": "none", "percent": 100}]),
    ("5.1", [{"source": "equity", "percent": 100}]),
    ("6.1", [{"due_months": 0.5, "pays": "C"}, {"due_months": 1, "pays": "A"}]),
    ("6.4", {}),
    ("6.4", {"B": {"P1": "yes"}, "C": {}}),
    ("6.4", "dont_know"),
]


@pytest.mark.parametrize(("item", "value"), RIGHT)
def test_right_answer_passes(item, value):
    assert check_answer(item, value, "A", ("A", "B", "C"), RULES) == ()


def test_rows_are_counted_towards_each_party():
    row = {"type": "reference", "amount": 1, "sure": 50}
    three_each = [{**row, "with": "B"}, {**row, "with": "C"}, row, row]
    assert check_answer("4.1", three_each, "A", ("A", "B", "C"), RULES) == ()
    assert (
        check_answer("4.1", [*three_each, row], "A", ("A", "B", "C"), RULES)[0].code
        == "too_many_rows"
    )


def test_all_problems_are_reported_not_only_the_first():
    data = changed(example("round1.yaml"), A={"2.2": 12, "1.4": "never"}, B={"9.9": 1})
    data["frame"]["deadline"] = "soon"
    assert [(p.party, p.item, p.field) for p in check_room(data)] == [
        ("", "frame", "deadline"), ("A", "1.4", ""), ("A", "2.2", "years"), ("B", "9.9", ""),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"parties": {"A": "only one"}}, "too_few_parties"),
        ({"parties": None}, "too_few_parties"),
        ({"parties": {"A": "x", "customer": "y"}}, "bad_party_id"),
        ({"parties": {"A": "x", "P3": "y"}}, "bad_party_id"),
        ({"parties": {"A": "x", "ä": "y"}}, "bad_party_id"),
        ({"parties": {"A": "x", "a" * 17: "y"}}, "bad_party_id"),
        ({"parties": {"A": "x", "B": ""}}, "bad_party_name"),
        ({"parties": {"A": "x", "B": 7}}, "bad_party_name"),
        ({"ruleset": "2025.1"}, "wrong_ruleset"),
        ({"ruleset": None}, "no_ruleset"),
        ({"answers": {"Q": {}}}, "unknown_party"),
        ({"answers": []}, "not_mapping"),
        ({"answers": {"A": 5}}, "not_mapping"),
        ({"comment": "x"}, "unknown_key"),
        ({"frame": {"relation": "friends"}}, "unknown_value"),
        ({"frame": {"mood": "good"}}, "unknown_field"),
        ({"frame": {"currency": "Euro"}}, "not_currency"),
        ({"frame": {"public_since": "2026"}}, "not_month"),
        ({"frame": []}, "not_mapping"),
    ],
)
def test_wrong_room_is_named(change, code):
    data = {"ruleset": "2026.2", "parties": {"A": "Nordwerk", "B": "Tauwerk"}, **change}
    problems = check_room(data)
    assert code in [problem.code for problem in problems]
    assert all(problem.message("de") and problem.message("en") for problem in problems)


@pytest.mark.parametrize("data", [None, [], "text", 5])
def test_what_is_no_room_is_said(data):
    assert check_room(data)[0].code == "no_room"


def test_a_sheet_is_checked_with_its_header():
    sheet = {"header": {"role": "CTO", "mandate": "perhaps"}, "1.4": "gt3"}
    assert [p.code for p in check_sheet(sheet, "A", ("A", "B"), RULES)] == ["unknown_value"]
    assert check_sheet([], "A", ("A", "B"), RULES)[0].code == "not_mapping"


def test_message_names_item_value_and_remedy_in_both_languages():
    problem = check_answer("5.2", {"A": 50, "B": 40}, "A", ("A", "B"), RULES)[0]
    assert (
        problem.message("de")
        == "A, 5.2: Die Punkte ergeben 90, nicht 100. Bitte so verteilen, dass es genau 100 sind."
    )
    assert (
        problem.message("en")
        == "A, 5.2: The points add up to 90, not 100. Please share out exactly 100."
    )


def test_yaml_dates_months_and_unquoted_keys_are_understood():
    text = (
        "ruleset: 2026.2\nframe: {deadline: 2026-11-28, as_of: 2026-11}\nparties: {A: x, B: y}\n"
        "answers: {A: {1.4: gt3, 6.6: spoken}}\n"
    )
    room = Room.from_dict(yaml.safe_load(text))
    assert room.frame["deadline"] == "2026-11-28"
    assert dict(room.answers["A"]) == {"1.4": "gt3", "6.6": "spoken"}
    assert Room.from_dict(
        {**yaml.safe_load(text), "frame": {"deadline": dt.date(2026, 11, 28)}}
    ).frame["deadline"]


@pytest.mark.parametrize("name", ["round1.yaml", "round2.yaml"])
def test_room_goes_round(name):
    data = example(name)
    room = Room.from_dict(data)
    assert room.to_dict() == data
    assert Room.from_dict(json.loads(json.dumps(room.to_dict()))) == room
    assert hash(Room.from_dict(data)) == hash(room)


def test_room_rules_and_verdict_have_a_short_repr():
    room = Room.from_dict(example("round1.yaml"))
    assert repr(room) == "<Room 'PumpenPuls', rules 2026.2, answers A: 36, B: 36>"
    assert repr(assess(room)) == "<Verdict supplier: P 47 S 85 D 10 L 40, load 68, red C1 C3 C9>"
    assert repr(RULES) == "<Ruleset 2026.2>"


def test_room_keeps_nothing_of_what_it_was_made_from():
    data = example("round1.yaml")
    room = Room.from_dict(data)
    data["answers"]["A"]["1.2"]["new_offer"] = 0
    copied = room.to_dict()
    copied["answers"]["A"]["1.2"]["new_offer"] = 0
    assert room.to_dict() == example("round1.yaml")
    with pytest.raises(TypeError):
        room.answers["A"]["1.2"] = {}


def test_room_and_verdict_pickle():
    room = Room.from_dict(archetype("supplier"))
    assert pickle.loads(pickle.dumps(room)) == room
    verdict = pickle.loads(pickle.dumps(assess(room)))
    assert verdict.result_file() == assess(room).result_file()
    error = AnswerError(check_room({"ruleset": "2026.2", "parties": {}}))
    assert pickle.loads(pickle.dumps(error)).problems == error.problems


def test_a_single_message_can_be_raised():
    error = AnswerError("2.2: expected 0–10 years, got 'five'", item="2.2")
    assert (str(error), error.item, error.problems) == (
        "2.2: expected 0–10 years, got 'five'",
        "2.2",
        (),
    )


JUNK = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["dont_know", "A", "B", "yes"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["A", "B", "P1", "plan", "years", "type", "source", "percent", "have", "x"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(sorted(RULES.items)), JUNK)
def test_junk_is_either_a_problem_or_an_answer_that_can_be_computed(item, value):
    data = example("round1.yaml")
    data["answers"]["A"][item] = value
    if not check_room(data):
        assess(Room.from_dict(data)).to_dict()


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(JUNK)
def test_junk_is_never_a_crash(data):
    assert check_room(data)


def test_numbers_and_nests_of_any_size_are_said_not_crashed_on():
    deep = 1
    for _ in range(3000):
        deep = [deep]
    for value in (10**400, -(10**400), 1e300, deep, {"have": deep}):
        for item in ("1.3", "4.3", "2.2", "3.1", "5.1"):
            answer = (
                {"value": value} if item == "1.3" else {"low": value} if item == "4.3" else value
            )
            problems = check_answer(item, answer, "A", ("A", "B"), RULES)
            assert problems, (item, str(type(value)))
            assert all(len(problem.message("de")) < 600 for problem in problems)
    data = example("round1.yaml")
    data["answers"]["A"]["4.3"] = {"low": deep}
    assert check_room(data)


# --- the published schema ------------------------------------------------------------------------


def test_committed_schema_is_the_generated_one():
    from importlib import resources

    file = resources.files("mutualist.domain.assess").joinpath("data", "room.schema.json")
    assert json.loads(file.read_text(encoding="utf-8")) == room_schema(RULES)


def test_schema_takes_what_the_check_takes():
    validator = Draft202012Validator(room_schema(RULES))
    Draft202012Validator.check_schema(room_schema(RULES))
    for file in sorted(VECTORS.rglob("*.yaml")):
        room = Room.from_dict(yaml.safe_load(file.read_text(encoding="utf-8")))
        assert validator.is_valid(room.to_dict()), file.name
    for seed in range(15):
        data = Sampler(RULES, Random(seed), Odds(0.1, 0.4, 0.4)).room(("A", "B", "C"))
        assert validator.is_valid(data)


@pytest.mark.parametrize(("item", "value", "code"), WRONG)
def test_schema_refuses_most_of_what_the_check_refuses(item, value, code):
    beyond = {
        "sum",
        "own_party",
        "unknown_party",
        "missing_payer",
        "no_payer",
        "stands_alone",
        "too_many_rows",
    }
    if (
        code in beyond
        or item == "3.4"
        or (item, value)
        in [("1.2", {}), ("4.3", {"low": math.inf}), ("6.1", [{"due_months": 1, "pays": "bank"}])]
    ):
        return
    data = copy.deepcopy(example("round1.yaml"))
    data["answers"]["A"][item] = value
    if code in {"not_whole", "out_of_range"} and item == "4.1":
        return  # the unit of an amount depends on its kind
    assert not Draft202012Validator(room_schema(RULES)).is_valid(data)
