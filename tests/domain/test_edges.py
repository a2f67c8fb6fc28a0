"""What is rarely asked for and has to be right all the same."""

from __future__ import annotations

import copy
import pickle
from random import Random

import pytest

import mutualist.domain.assess as package
from domain.rooms_for_tests import archetype, changed, example
from mutualist.domain.assess import (
    Room,
    assess,
    builtin_ruleset,
    builtin_text,
    check_answer,
    check_room,
    lint_ruleset,
    load_ruleset,
    visible_answers,
)
from mutualist.domain.assess.compiler import Compiler
from mutualist.domain.assess.explaining import open_items_text
from mutualist.domain.assess.fragments import Fragment
from mutualist.domain.assess.ladder import changes
from mutualist.domain.assess.problems import Problem
from mutualist.domain.assess.programs import PAIR
from mutualist.domain.assess.sampling import Odds, Sampler
from mutualist.domain.shared.language.expressions import Node
from mutualist.domain.shared.letters import hidden_letter
from mutualist.domain.shared.nesting import MAX_DEPTH, is_too_deep

RULES = builtin_ruleset()


def test_the_package_lists_what_it_offers():
    assert set(dir(package)) == set(package.__all__)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = package.nothing


@pytest.mark.parametrize(
    ("seed", "named", "text"),
    [
        (21, {"seller"}, "first"),
        (202, {"buyer"}, "second"),
        (200, set(), "several"),
        (4, {"seller", "maker"}, "sentence"),
    ],
)
def test_a_headline_names_those_whose_part_is_clear(seed, named, text):
    verdict = assess(Room.from_dict(Sampler(RULES, Random(seed)).room(("A", "B", "C"))))
    names = {role: f"Firm {party}" for role, party in verdict.roles.items() if party}
    assert set(names) == named
    kind = RULES.kinds[verdict.kind]
    for lang in ("en", "de"):
        said = kind.sentences[text][lang].format(**names)
        assert verdict.headline(lang) == f"{kind.words[lang]} – {said}"


def test_a_verdict_answers_like_the_functions_do():
    room = Room.from_dict(example("round1.yaml"))
    verdict = assess(room)
    assert verdict.red_points == verdict.red
    assert [step.move for step in verdict.changes()] == [step.move for step in changes(room)]
    assert len(verdict.changes(max_steps=1)) == 1
    same = assess(Room.from_dict(example("round1.yaml")))
    other = assess(Room.from_dict(archetype("supplier")))
    assert verdict == same
    assert hash(verdict) == hash(same)
    assert verdict != other
    assert verdict != room


def test_a_gate_as_data_says_what_it_says():
    gate = assess(Room.from_dict(example("round1.yaml"))).gate_details[0]
    data = gate.to_dict()
    assert data["id"] == gate.id == RULES.gates[0].id
    assert (data["met"], data["value"], data["needed"]) == (gate.met, gate.value, gate.needed)
    assert data["text"] == {"de": gate.text.de, "en": gate.text.en}


def test_only_what_is_shown_or_the_header_is_visible():
    sheet = {"header": {"role": "CEO"}, "9.9": "?", "6.3": "slow", "1.4": "gt3"}
    assert visible_answers(sheet, RULES) == {
        "header": {"role": "CEO"},
        "6.3": "slow",
        "1.4": "gt3",
    }


@pytest.mark.parametrize(
    ("item", "value", "code"),
    [
        ("1.1", "turned \u202e round", "bad_letters"),
        ("5.3", {"loss": None}, "empty"),
        ("4.2", [{"type": "revenue", "amount": 1, "with": True}], "boolean"),
        ("5.1", [{"source": "love", "percent": 100, "payer": "B"}], "unknown_value"),
        ("5.1", [{"percent": 100, "payer": "B"}], "missing_field"),
        ("6.1", [{"due_months": 1, "what": 5}], "not_text"),
    ],
)
def test_odd_answers_are_named(item, value, code):
    room = changed(example("round1.yaml"), A={item: value})
    problems = check_room(room)
    assert {problem.code for problem in problems} == {code}
    assert {(problem.party, problem.item) for problem in problems} == {("A", item)}
    assert check_answer is package.check_answer


@pytest.mark.parametrize(
    ("parties", "code"),
    [
        (["A", "B"], "not_mapping"),
        ({"A": "Nordwerk", "B": "Tau\u202ewerk"}, "bad_letters"),
        ({"A": "Nordwerk", "B": "   "}, "bad_party_name"),
        ({"A": "Nordwerk", 5: "Tauwerk"}, "bad_party_id"),
    ],
)
def test_odd_parties_are_named(parties, code):
    problems = check_room({"ruleset": "2026.2", "parties": parties})
    assert code in {problem.code for problem in problems}


@pytest.mark.parametrize(
    ("party", "item", "field", "place"),
    [
        ("A", "5.1", "2.percent", "A, 5.1 (2.percent)"),
        ("A", "5.1", "", "A, 5.1"),
        ("", "5.1", "", "5.1"),
        ("A", "", "name", "A (name)"),
        ("", "", "frame.currency", "frame.currency"),
        ("", "", "", ""),
    ],
)
def test_a_problem_says_where_it_is(party, item, field, place):
    problem = Problem(party, item, field, 7, "not_text")
    said = "Text belongs here, found 7."
    assert problem.place == place
    assert str(problem) == (f"{place}: {said}" if place else said)


def test_a_room_of_other_rules_keeps_them():
    other = load_ruleset(builtin_text().replace('version: "2026.2"', 'version: "2027.1"', 1))
    data = {**example("round1.yaml"), "ruleset": "2027.1"}
    room = Room.from_dict(data, other)
    again = pickle.loads(pickle.dumps(room))
    assert again.ruleset.version == "2027.1"
    assert again == room
    # The same version with other words is another file, too.
    reworded = load_ruleset(builtin_text().replace("weight: 14", "weight: 15", 1))
    kept = pickle.loads(pickle.dumps(Room.from_dict(example("round1.yaml"), reworded)))
    assert kept.ruleset.source == reworded.source != RULES.source


def test_rules_never_change_and_so_are_their_own_copy():
    assert copy.deepcopy(RULES) is RULES
    assert RULES.option("ends", "gt3").key == "gt3"
    assert RULES.option("ends", "never") is None
    assert RULES.option("nowhere", "never") is None
    assert RULES.pledge("P3").key == "P3"
    assert Fragment("x").noun == ("ein Wert", "a value")


def test_words_may_quote_a_text_an_answer_holds():
    start = builtin_text().index("  - id: S3")
    rule = builtin_text()[start : builtin_text().index("  - id: S4")]
    said = 'words: {de: "Ziel: {goal}", en: "Goal: {goal}"}\n    values: {goal: X.goal_sentence}'
    lines = [line for line in rule.splitlines() if not line.strip().startswith("words:")]
    text = builtin_text().replace(rule, "\n".join([*lines, f"    {said}", ""]), 1)
    assert lint_ruleset(text) == []
    data = changed(example("round1.yaml"), A={"1.1": "By 2028"}, B={"1.1": "Soon"})
    verdict = assess(Room.from_dict(data, load_ruleset(text)))
    found = {finding.text.en for finding in verdict.findings if finding.rule == "S3"}
    assert found
    assert found <= {"Goal: By 2028", "Goal: Soon"}
    silent = changed(data, A={"1.1": "dont_know"}, B={"1.1": "dont_know"})
    verdict = assess(Room.from_dict(silent, load_ruleset(text)))
    assert {finding.text.en for finding in verdict.findings if finding.rule == "S3"} == {"Goal: –"}


@pytest.mark.parametrize(
    ("old", "new", "english", "german"),
    [
        (
            "    points: 30",
            "    points: [30]",
            "This must be a number",
            "Hier gehört eine Zahl hin",
        ),
        ("    kind: supplier", "    kind: sup", "Possible are:", "Möglich sind:"),
        ("  - id: S2\n", "  - idd: S2\n", "There is no key 'idd'", "Den Schlüssel „idd“"),
        ("    points: 30", "    points: -1", "does not fit", "passt nicht"),
    ],
)
def test_what_the_schema_refuses_is_said_in_both_languages(old, new, english, german):
    text = builtin_text()
    assert old in text
    problems = lint_ruleset(text.replace(old, new, 1))
    assert any(english in problem.message() for problem in problems)
    assert any(german in problem.message("de") for problem in problems)
    assert all(str(p) == f"line {p.line}, {p.key}: {p.message_en}" for p in problems)


def test_a_mistake_in_what_is_merged_is_said_where_the_merge_is():
    """A merged key has no line of its own."""
    text = builtin_text()
    start = text.index("undo:", text.index("  - id: S3"))
    end = text.index("\n", start)
    merged = text[:start] + 'undo: {<<: {de: "{Z} fragen", en: "ask"}}' + text[end:]
    problem = next(p for p in lint_ruleset(merged) if p.key == "rules.S3.undo.de")
    assert problem.line == text[:start].count("\n") + 1
    assert "'{Z}'" in problem.message_en


def test_a_number_as_a_key_twice_is_a_mistake():
    problem = next(p for p in lint_ruleset("5: a\n5: b") if "second time" in p.message_en)
    assert (problem.line, problem.key) == (2, "5")


def test_nothing_open_and_nothing_held_back_is_said_with_nothing():
    full = assess(Room.from_dict(archetype("true_partnership")))
    assert full.open_items == ()
    assert open_items_text(full, "en") == open_items_text(full, "de") == ""
    assert assess(Room.from_dict(archetype("supplier"))).holding_back() == ()


def test_a_kind_of_tree_without_meaning_is_an_error():
    with pytest.raises(AssertionError):
        Compiler(RULES.programs.vocabulary).compile(Node(0), PAIR)


def test_letters_that_cannot_be_seen_are_named():
    assert hidden_letter("1,2 Mio. €") == ""
    assert hidden_letter("two\nlines\tand\r\nmore") == ""
    assert hidden_letter("no\u00a0break") == ""
    assert hidden_letter("100\u202e001") == "U+202E"
    assert hidden_letter("a\x00") == "U+0000"
    assert hidden_letter("half \ud800") == "U+D800"
    assert hidden_letter("first \u2066 then \x07") == "U+2066"


def test_how_deep_a_value_may_be():
    deep = list(range(3))
    assert MAX_DEPTH == 50
    for _ in range(50):
        deep = [deep, 1]
    assert not is_too_deep(deep[0])
    assert is_too_deep([deep])
    assert is_too_deep({"a": {"b": [deep]}})
    assert not is_too_deep("text")


def test_random_rooms_can_hold_everything():
    sampler = Sampler(RULES, Random(1), Odds(unknown=0))
    found = [sampler.room(("A", "B", "C"))["answers"][party] for _ in range(30) for party in "ABC"]
    assert set().union(*found) == set(RULES.items)
    assert any(row.get("what") for sheet in found for row in sheet["6.1"])
    for _ in range(10):
        assert not check_room(sampler.room(("A", "B", "C")))


def test_a_random_payer_is_one_of_the_others_or_their_customer():
    sampler = Sampler(RULES, Random(1))
    payer = RULES.items["5.1"].fields["payer"]
    assert {sampler._value(payer, ["B", "C"], "") for _ in range(50)} == {"customer", "B", "C"}


@pytest.mark.parametrize("text", ["", "[]", "just words"])
def test_what_is_no_rule_file_is_said_at_its_beginning(text):
    (problem,) = lint_ruleset(text)
    assert (problem.line, problem.column, problem.key) == (1, 1, "")
    assert problem.message() == "The file is empty or not a mapping."


def test_yaml_that_cannot_be_read_at_all_is_said_at_the_first_letter():
    (problem,) = lint_ruleset("a: b\x00")
    assert (problem.line, problem.column, problem.key) == (1, 1, "")
