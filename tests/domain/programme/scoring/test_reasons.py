"""Every figure says why: the tree, the facts it rests on, and sentences in two languages."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

import pytest

from domain.programme.rules.building import rules
from domain.programme.scoring.making import DAY, exam, facts, sale
from mutualist.domain.programme import scoring
from mutualist.domain.programme.scoring.explaining import explain
from mutualist.domain.programme.scoring.numbers import day_shown, digits_for, shown
from mutualist.domain.programme.scoring.score import score
from mutualist.domain.programme.scoring.wording import texts

FEW = facts(
    sales=[sale("2026-01-01", 500), sale("2027-01-01", 1), sale("2026-02-01", 100, paid=True)],
    exams=[exam("2026-01-01", "p"), exam("2026-02-01", "p"), exam("2026-01-01", "q", "other")],
)


def node(kind, key, of=FEW, cutoffs=None, **changes):
    tree = score(of, rules(**changes), DAY, cutoffs=cutoffs).reasons
    (found,) = [one for one in tree.walk() if (one.kind, one.key) == (kind, key)]
    return found


def sentences(of=FEW, cutoffs=None, **changes):
    read = rules(**changes)
    found = score(of, read, DAY, cutoffs=cutoffs)
    said = {}
    for language in ("de", "en"):
        lines = explain(found, read, language)
        for line in lines:
            assert not re.search(r"[{}]|None|Fraction", line.text), line.text
        said[language] = [line.text for line in lines]
    return said


def test_a_figure_names_the_facts_it_rests_on():
    assert node("measure", "sold").evidence == ("sales-1", "sales-3")
    assert node("measure", "people").evidence == ("exams-1", "exams-2")
    assert node("metric", "revenue").evidence == ("sales-1", "sales-3")
    through = {"measures__sold": {"from": "bought", "take": "max(value)"}}
    assert node("measure", "sold", **through).evidence == ("sales-1", "sales-3")
    one = {"measures__sold": {"from": "sales", "take": "latest(amount)"}}
    assert node("measure", "sold", **one).evidence == ("sales-3",)
    named = node("requirement", "sold >= 9", levels=[{"id": "a", "requires": ["sold >= 9"]}])
    assert named.evidence == ("sales-1", "sales-3")


def test_the_tree_adds_up():
    tree = score(FEW, rules(), DAY).reasons
    metrics = [one for one in tree.children if one.kind == "metric"]
    assert sum(one.points for one in metrics) == tree.value == 46
    assert [one.key for one in tree.children] == ["revenue", "skill", "member", "gold"]


def test_what_is_missing_of_a_list_is_named():
    done = {
        "from": "exams",
        "take": "count(distinct name)",
        "out_of": "basic",
        "where": "name in basic",
    }
    found = score(FEW, rules(measures__people=done), DAY)
    assert found.metrics["skill"].missing == ("B1",)
    assert any(text.endswith("; missing: B1.") for text in sentences(measures__people=done)["en"])


@pytest.mark.parametrize(
    ("condition", "of", "code", "params"),
    [
        ("total >= 70", FEW, "compare_short", {"gap": 24, "value": 46, "threshold": 70}),
        ("total > 46", FEW, "compare_above", {"value": 46, "threshold": 46}),
        ("total > 45", FEW, "compare_met", {"value": 46}),
        ("total >= 40", FEW, "compare_met", {"value": 46}),
        ("total = 70", FEW, "compare_open", {"value": 46}),
        ("ratio(sold, 0) > 1", FEW, "compare_no_data", {"value": None}),
        ("total >= 40 and skill > 5", FEW, "all_of_open", {"holds": 1, "of": 2}),
        ("all(total >= 40, skill > 0)", FEW, "all_of_met", {"holds": 2, "of": 2}),
        ("total >= 90 or skill > 0", FEW, "any_of_met", {"holds": 1, "of": 2}),
        ("any(total >= 90, skill > 5)", FEW, "any_of_open", {"holds": 0, "of": 2}),
        ("at_least(2, total >= 90, skill > 0)", FEW, "n_of_open", {"holds": 1, "wanted": 2}),
        ("at_least(1, total >= 90, skill > 0)", FEW, "n_of_met", {"holds": 1, "wanted": 1}),
        ("all_positive()", FEW, "all_positive_met", {"metrics": ()}),
        ("all_positive()", facts(), "all_positive_open", {"metrics": ("revenue", "skill")}),
        ("partner.special", FEW, "condition_open", {}),
        ("not partner.special", FEW, "condition_met", {}),
        ("partner.country in [DE]", FEW, "condition_open", {}),
        ("partner.country is empty", FEW, "condition_met", {}),
        ("partner.enrolled < 2026-01-01", FEW, "compare_no_data", {}),
        ("partner.country = DE", facts({"country": "AT"}), "compare_open", {"value": "AT"}),
    ],
)
def test_a_condition_says_how_far_it_is(condition, of, code, params):
    levels = [{"id": "a", "requires": [condition]}]
    found = node("requirement", condition, of, levels=levels)
    assert found.reason.code == code
    assert found.met == (code.endswith("_met") or code == "condition_met")
    for name, expected in params.items():
        assert found.reason.params[name] == expected
    assert sentences(of, levels=levels)


def test_exactly_the_bound_that_has_to_be_passed_is_told_as_not_enough():
    said = sentences(FEW, levels=[{"id": "a", "requires": ["total > 46"]}])
    assert any(text.endswith("46; more than 46 is needed.") for text in said["en"])
    assert any(text.endswith("46; mehr als 46 ist nötig.") for text in said["de"])


def test_a_level_says_what_is_open():
    levels = [
        {"id": "a", "requires": ["total >= 90"]},
        {"id": "b", "requires": ["total >= 10"]},
    ]
    assert node("level", "a", levels=levels).reason.code == "level_open"
    below = node("level", "b", levels=levels)
    assert (below.reason.code, below.met, below.children[0].met) == ("level_below", False, True)


def test_tracks_and_their_reasons():
    tracks = {
        "one": {"metrics": ["revenue"], "words": {"de": "Geld", "en": "Money"}},
        "two": {"metrics": ["skill"]},
        "three": {"metrics": ["skill"], "when": "partner.special"},
    }
    codes = {name: node("track", name, tracks=tracks).reason.code for name in tracks}
    assert codes == {"one": "track_counts", "two": "track_lower", "three": "track_closed"}
    said = sentences(tracks=tracks)
    assert "Money: 36 points. This total counts." in said["en"]
    assert "two: 10 Punkte; es zählt Geld." in said["de"]


def test_best_of_all_in_words():
    changes = {
        "relative": {"top": {"of": "revenue", "best": "3 %"}},
        "levels": [{"id": "a", "requires": ["top"]}],
    }
    cases = {
        "relative_unknown": None,
        "relative_open": {"top": {None: Fraction(601)}},
        "relative_met": {"top": {None: Fraction(600)}},
    }
    for code, cutoffs in cases.items():
        assert node("requirement", "top", cutoffs=cutoffs, **changes).reason.code == code
        assert sentences(cutoffs=cutoffs, **changes)
    assert any("this needs all partners" in text for text in sentences(**changes)["en"])


def test_sentences_of_the_small_programme():
    assert sentences()["en"] == [
        "46 points, level Member.",
        "Revenue: 600 EUR of 1000, 36 points of 60; 400 to go for all of them.",
        "Sales: 600.",
        "Skill: 1 of 4, 10 points of 40; 3 to go for all of them.",
        "People: 1.",
        "Member: reached.",
        "Gold: 1 of 2 requirements open.",
        "70 points: 46 of 70, 24 to go.",
        "more than zero points in every metric: met.",
    ]
    assert sentences()["de"][0] == "46 Punkte, Stufe Mitglied."


@pytest.mark.parametrize(
    ("changes", "start"),
    [
        ({"cap": 40}, "40 points, level Member; computed were 46"),
        (
            {"cap": 40, "levels": [{"id": "a", "requires": ["total > 90"]}]},
            "40 points, no level yet; computed",
        ),
        ({"total": "none"}, "Level Member; this programme counts no points."),
        (
            {"total": "none", "levels": [{"id": "a", "requires": ["sold > 900"]}]},
            "No level yet; this programme",
        ),
        ({"levels": [{"id": "a", "requires": ["total > 90"]}]}, "46 points, no level yet."),
    ],
)
def test_the_first_sentence(changes, start):
    if changes.get("total") == "none":
        for name in ("skill", "revenue"):
            changes |= {f"metrics__{name}__points": None, f"metrics__{name}__max": None}
        changes.pop("total")
        changes.setdefault(
            "levels", [{"id": "member", "words": {"de": "Mitglied", "en": "Member"}}]
        )
    assert sentences(**changes)["en"][0].startswith(start)


def test_the_region_is_named():
    south = facts(sales=[sale("2026-01-01", 500, region="south")])
    assert sentences(south, regions={"field": "region"})["en"][0].endswith(
        "Computed for south, the best region."
    )


@pytest.mark.parametrize(
    ("changes", "part"),
    [
        ({"metrics__skill__applies": "partner.special"}, "Skill: does not apply to this partner."),
        ({"metrics__skill__value": "ratio(people, 0)"}, "Skill: no data, therefore 0 points."),
        (
            {"metrics__skill__value": "ratio(people, 0)", "metrics__skill__points": None, "metrics__skill__max": None},
            "Skill: no data.",
        ),
        (
            {"metrics__skill__points": "gate(people >= 2 and not partner.special, 5)"},
            "more counts only with: People at least 2 and not special.",
        ),
        (
            {"metrics__skill__points": "gate(any(people * 2 - 1 > 3, skill in [7, 8]), 5)"},
            "with: People · 2 − 1 above 3 or Skill is one of 7, 8.",
        ),
        (
            {"metrics__skill__points": "gate(points.revenue >= 60 or max(people, 1) >= 2, 5)"},
            "with: points for Revenue at least 60 or max(People, 1) at least 2.",
        ),
        (
            {"metrics__skill__points": "gate(partner.enrolled is empty and day > 2030-01-01, 5)"},
            "with: enrolled is empty and day above 2030-01-01.",
        ),
        ({"metrics__skill__points": "value + 2", "metrics__skill__max": None}, "Skill: 1, 3 points."),
        ({"measures__sold": {"from": "links", "take": "max(since)"}, "metrics__revenue__value": "people"}, "1 EUR"),
    ],
)  # fmt: skip
def test_sentences_about_metrics(changes, part):
    assert any(part in text for text in sentences(**changes)["en"])


def test_conditions_in_words_of_levels_and_tracks():
    changes = {
        "tracks": {"one": {"metrics": ["revenue", "skill"]}},
        "levels": [
            {"id": "a"},
            {"id": "b", "requires": ["track.one.total > 50 and met.a and all_positive()"]},
        ],
    }
    assert any(
        "points in one above 50 and level a and more than zero points" in text
        for text in sentences(**changes)["en"]
    )


def test_flags_days_and_empty_values_are_written():
    changes = {
        "measures__late": {"from": "sales", "take": "max(day)"},
        "measures__paid": {"from": "sales", "where": "paid", "take": "any"},
        "measures__never": {"from": "links", "take": "max(since)"},
        "levels": [{"id": "a", "requires": ["late > 2027-01-01", "paid", "never > day"]}],
    }
    said = sentences(**changes)
    assert "late: 2026-02-01." in said["en"]
    assert "late: 01.02.2026." in said["de"]
    assert "paid: ja." in said["de"]
    assert "never: nothing found." in said["en"]


@pytest.mark.parametrize(
    ("value", "language", "expected"),
    [
        ("0", "de", "0"),
        ("1234.5", "de", "1234,5"),
        ("12345.67", "de", "12.345,67"),
        ("12345.67", "en", "12,345.67"),
        ("-0.125", "en", "−0.13"),
        ("0.125", "de", "0,13"),
        ("100.05", "en", "100.05"),
        ("-0.001", "en", "0"),
    ],
)
def test_numbers_are_rounded_at_the_very_end(value, language, expected):
    assert shown(Fraction(value), language) == expected


def test_a_number_is_never_rounded_up_to_what_it_misses():
    assert shown(Fraction("69.9961"), "en", 2, Fraction(70)) == "69.996"
    assert shown(Fraction("69.9999999"), "en", 0, Fraction(70)) == "69.9999999"
    assert shown(Fraction(70), "en", 0, Fraction(70)) == "70"
    assert digits_for(Fraction(1, 10**30), 2, Fraction(0)) == 12
    assert day_shown(DAY, "de") == "31.03.2026"


def test_every_reason_has_both_languages_and_is_used():
    code = "".join(path.read_text("utf-8") for path in Path(scoring.__file__).parent.glob("*.py"))
    for name, text in texts("reasons").items():
        assert set(text) == {"de", "en"}
        assert set(re.findall(r"{\w+}", text["de"])) == set(re.findall(r"{\w+}", text["en"]))
        stem = (
            name.removesuffix("_no_level")
            .removesuffix("_met")
            .removesuffix("_open")
            .removesuffix("_shown")
        )
        assert f'"{name}"' in code or f'"{stem}"' in code, name
