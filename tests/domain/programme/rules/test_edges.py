"""Corners of the rule language, and rule files changed at random: never anything but a problem with its place."""

from __future__ import annotations

import copy
import datetime as dt
from fractions import Fraction

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.programme.rules.building import BASE, mapping, problems, rules
from mutualist.domain.programme.rules.bounds import ANY, Bounds, Range
from mutualist.domain.programme.rules.entries import date_of, number_of, words_of
from mutualist.domain.programme.rules.lint import lint
from mutualist.domain.programme.rules.problems import Problem, shown
from mutualist.domain.programme.rules.reading import read_rules
from mutualist.domain.programme.rules.schema import programme_schema
from mutualist.domain.programme.rules.windows import read_window

D = dt.date


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"cumulative": "yes"}, ("cumulative", "flag_value")),
        ({"numbers": {f"n{number}": 1 for number in range(2001)}}, ("numbers", "too_large")),
        ({"levels": [{"id": f"l{number}"} for number in range(2001)]}, ("levels", "too_large")),
        ({"words": {"de": " ", "en": "x"}}, ("words", "not_words")),
        ({"lists__basic": [{"item": "B1", "counts_until": "soon"}]}, ("lists.basic[1].counts_until", "not_date")),
        ({"measures__sold__from": None}, ("measures.sold", "missing")),
        ({"measures__sold__take": "count_distinct()"}, ("measures.sold.take", "not_take")),
        ({"measures__sold__take": "sum(amount, amount)"}, ("measures.sold.take", "not_take")),
        ({"measures__sold__take": "customer"}, ("measures.sold.take", "not_take")),
        ({"measures__sold__take": "[amount]"}, ("measures.sold.take", "not_take")),
        ({"actions": {"a": {"adds": {}}}}, ("actions.a.adds", "missing")),
        ({"actions": {"a": {"adds": {"table": "exams", "row": {"colour": 1}}}}}, ("actions.a.adds.row", "unknown_key")),
        ({"actions": {"a": {"adds": {"table": "exams", "row": {"passed": "soon"}}}}}, ("actions.a.adds.row.passed", "value_kind")),
        ({"actions": {"a": {"adds": {"table": "exams", "row": {"passed": 7}}}}}, ("actions.a.adds.row.passed", "value_kind")),
        ({"total": {"weighted": {"revenue": "much", "skill": 1}}}, ("total.weighted.revenue", "not_share")),
        ({"exchange": [{"currency": "USD", "from": "2026-01-01"}]}, ("exchange[1]", "missing")),
        ({"groups": {"a": {"from": "sales", "by": [{}]}}}, ("groups.a.by[1]", "unknown_value")),
        ({"tracks": {"a": {"metrics": [["x"]]}}}, ("tracks.a.metrics[1]", "unknown_value")),
        ({"metrics__skill__value": True}, ("metrics.skill.value", "formula")),
        ({"metrics__skill__value": [1]}, ("metrics.skill.value", "not_text")),
    ],
)  # fmt: skip
def test_mistakes_in_corners(changes, expected):
    assert expected in problems(mapping(**changes))


EXAM = {"adds": {"table": "exams", "row": {"person": "new"}}}


@pytest.mark.parametrize(
    ("changes", "good"),
    [
        ({"status": {"review": {"months": [1, 12]}}}, True),
        ({"status": {"review": {"months": [0]}}}, False),
        ({"status": {"review": {"months": [13]}}}, False),
        ({"actions": {"exam": EXAM | {"days": 0}}}, True),
        ({"actions": {"exam": EXAM | {"days": -1}}}, False),
    ],
)
def test_the_schema_and_reading_agree_on_limits(changes, good):
    content = mapping(**changes)
    checker = jsonschema.Draft202012Validator(programme_schema())
    assert checker.is_valid(content) is good
    assert (not problems(content)) is good


def test_an_action_adds_facts_of_earlier_days():
    row = {"passed": "last month", "expires": "2030-01-01", "person": "new"}
    adds = [{"table": "exams", "row": row}, {"table": "links", "row": {"since": "2 years ago"}}]
    first, second = rules(actions={"a": {"adds": adds}}).steps["a"].adds
    assert first.row["passed"].before(D(2026, 3, 31)) == D(2026, 2, 28)
    assert (first.row["expires"], first.row["person"]) == (D(2030, 1, 1), "new")
    assert second.row["since"].before(D(2026, 3, 31)) == D(2024, 3, 31)


def test_columns_of_lists_have_kinds():
    dated = {
        "columns": {"start": "date", "good": "flag"},
        "rows": [{"item": "x", "start": "2026-01-01", "good": True}],
    }
    item = rules(lists__dated=dated).lists["dated"].items["x"]
    assert dict(item.values) == {"start": D(2026, 1, 1), "good": True}


def test_single_values():
    assert words_of("x").of("de") == words_of("x").of("en") == "x"
    assert words_of({"de": "a", "en": 1}) is None
    assert date_of(D(2026, 1, 1)) == D(2026, 1, 1)
    assert date_of(dt.datetime(2026, 1, 1, tzinfo=dt.UTC)) is None
    assert (number_of(True), number_of("1e99"), number_of([]), number_of("x")) == (None,) * 4
    assert number_of(0.1) == Fraction(1, 10)
    assert read_window("last 3 closed days").bounds(D(2026, 3, 4)) == (D(2026, 3, 1), D(2026, 3, 3))


def test_long_values_are_cut_in_messages():
    assert len(shown("x" * 500)) == 200
    assert shown(list(range(50))).endswith(" …")
    assert len(shown({"a": "x" * 500})) < 200
    assert Problem("", "no_levels").message("en").startswith("A programme needs")


def test_two_constants_may_be_compared():
    assert rules(levels=[{"id": "a", "requires": ["1 = 1", "'x' = 'x'"]}]).levels[0].requires


def ranged(formula):
    return Bounds(rules(metrics__skill__value=formula)).of(
        rules(metrics__skill__value=formula).metrics["skill"].value.tree
    )


@pytest.mark.parametrize(
    ("formula", "low", "high"),
    [
        ("2 if partner.special else 5", 2, 5),
        ("people", 0, float("inf")),
        ("people * -1", float("-inf"), 0),
        ("points.revenue / 2", 0, 30),
        ("3 - points.revenue", -57, 3),
        ("gate(partner.special, 7)", 0, 7),
        ("brackets(people, [[1, 5], [10, 8]])", 0, 8),
        ("max(people, 3)", 3, float("inf")),
        ("min(people, 3)", 0, 3),
        ("sum(points.revenue, 5)", 0, 65),
        ("weighted_average([[points.revenue, 1], [10, 1]])", 0, 60),
        ("floor(people)", 0, float("inf")),
        ("ceil(points.revenue / 7)", 0, 9),
        ("round(points.revenue / 16)", 0, 4),
        ("round(points.revenue / 24, 1)", 0, 2.5),
        ("round(2.5 - people)", float("-inf"), 3),
        ("floor(sold)", float("-inf"), float("inf")),
        ("sold / people", float("-inf"), float("inf")),
        ("partner.staff", float("-inf"), float("inf")),
        ("lookup(partner.country, rates, rate)", 0.5, 2),
    ],
)
def test_how_far_a_formula_can_go(formula, low, high):
    assert ranged(formula) == Range(low, high)


def test_weights_below_zero_say_nothing_about_an_average():
    assert ranged("weighted_average([[points.revenue, partner.staff]])") == ANY


def test_an_empty_column_says_nothing():
    read = rules(lists__rates={"columns": {"rate": "number"}, "rows": [{"item": "a"}]},
                 metrics__skill__value="lookup(partner.country, rates, rate)")  # fmt: skip
    assert Bounds(read).of(read.metrics["skill"].value.tree) == ANY


def test_totals_of_tracks_have_bounds():
    tracks = {"one": {"metrics": ["revenue"]}}
    read = rules(tracks=tracks, levels=[{"id": "a", "requires": ["track.one.total > 60"]}])
    assert {one.code for one in lint(read)} >= {"unreachable"}


JUNK = st.sampled_from(
    [None, [], {}, "x", 1, -1, 0, 1.5, True, "2026-13-01", [1], {"a": 1}, [[]], "last 9999 years", "x" * 5000,
     float("nan"), 10**40, "1e999", ["a", "a"], {"de": "x"}, [{}], "value", "total", "(", "points.a", "1/0",
     "count(distinct x)", "all_positive()", "max(1,2)", "brackets(1,[[1]])", "[1,2]", "not not 1", "a in b", "x[1]",
     "\x00", {1: 2}, {None: 3}, "day", "size(x)", "lookup(a,b)", "valid()", "round(1,99)", "linear()", "sold", "skill"]
)  # fmt: skip


def places(part, way=()):
    """Yield the way to every value of a document."""
    if way:
        yield way
    steps = (
        part.items()
        if isinstance(part, dict)
        else enumerate(part)
        if isinstance(part, list)
        else ()
    )
    for key, value in steps:
        yield from places(value, (*way, key))


PLACES = list(places(BASE))


@given(st.lists(st.tuples(st.sampled_from(PLACES), JUNK), min_size=1, max_size=3))
@settings(max_examples=250, deadline=None)
def test_no_file_breaks_the_reader(changes):
    document = copy.deepcopy(BASE)
    for way, value in changes:
        part = document
        for key in way[:-1]:
            part = part[key] if isinstance(part, dict) and key in part else None
        if isinstance(part, dict):
            part[way[-1]] = value
    if not problems(document):
        for one in lint(read_rules(document)):
            assert one.message("de") != one.message("en")
