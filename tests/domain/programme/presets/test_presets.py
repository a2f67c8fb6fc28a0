"""Presets are complete, dated and say where they come from; ours is kinder where others were complained about."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from itertools import pairwise

import pytest
import yaml

from domain.programme.presets.examples import facts_of
from mutualist.domain.programme.ahead.actions import with_actions
from mutualist.domain.programme.presets import (
    UnknownPresetError,
    preset,
    preset_on,
    preset_rules,
    presets,
)
from mutualist.domain.programme.rules.lint import lint
from mutualist.domain.programme.rules.reading import read_rules
from mutualist.domain.programme.scoring.score import score
from mutualist.domain.programme.status.rhythm import any_day_window

NAMES = [one.name for one in presets()]
DAY = dt.date(2026, 11, 22)


def test_the_presets_are_those_that_were_promised():
    assert {one.id for one in presets()} == {
        *("modern-work", "security", "business-applications", "odoo", "atlassian"),
        *("quality-scale", "value-points", "mutual", "mutual-gentle"),
    }
    assert [one.version for one in presets() if one.id == "odoo"] == [
        "2018-01",
        "2019-01",
        "2021-01",
        "2023-05",
    ]


@pytest.mark.parametrize("one", presets(), ids=NAMES)
def test_a_preset_says_where_it_comes_from_and_asks_to_check(one):
    rules = preset_rules(one.id, one.version)
    assert rules.origin
    assert rules.origin.note
    assert rules.origin.read_on == DAY
    if not one.id.startswith("mutual"):
        assert "Original" in rules.origin.note.de or "Vertrag" in rules.origin.note.de
        assert "please check it" in rules.origin.note.en
        assert "as read on 2026-11-22" in one.text
    for words in (one.words, one.about, *(level.words for level in rules.levels)):
        assert words.de
        assert words.en
    assert one.about.de != one.about.en
    assert rules.about == one.about
    assert (rules.since, rules.until) == (one.since, one.until)


@pytest.mark.parametrize("one", presets(), ids=NAMES)
def test_everything_that_people_see_has_words_in_both_languages(one):
    rules = preset_rules(one.id, one.version)
    shown = [*rules.metrics.values(), *rules.measures.values(), *rules.tables.values()]
    for thing in [*shown, *rules.tracks.values(), *rules.steps.values()]:
        assert thing.words.de != thing.name
        assert thing.words.en != thing.name
    for level in rules.levels:
        for requirement in level.requires:
            assert requirement.words
            assert requirement.words.de != requirement.words.en


def test_versions_of_a_preset_follow_each_other_without_a_gap():
    for one, other in pairwise(presets()):
        if one.id == other.id:
            assert one.until
            assert other.since == one.until + dt.timedelta(days=1)


@pytest.mark.parametrize(
    ("day", "version"),
    [
        (dt.date(2010, 1, 1), "2018-01"),
        (dt.date(2018, 12, 31), "2018-01"),
        (dt.date(2021, 1, 11), "2019-01"),
        (dt.date(2021, 1, 12), "2021-01"),
        (dt.date(2023, 5, 19), "2023-05"),
        (DAY, "2023-05"),
    ],
)
def test_each_day_has_the_version_that_was_in_force(day, version):
    assert preset_on("odoo", day).version == version


def test_an_unknown_preset_is_refused_with_those_there_are():
    with pytest.raises(UnknownPresetError) as refused:
        preset("azure")
    assert "modern-work, mutual" in refused.value.message("de")
    with pytest.raises(UnknownPresetError, match="odoo-2019"):
        preset("odoo", "2019-01-01")
    assert preset("odoo").version == "2023-05"


@pytest.mark.parametrize(
    ("name", "most"),
    [
        ("modern-work", [20, 10, 15, 30, 25]),
        ("security", [20, 40, 20, 20]),
        ("business-applications", [20, 15, 15, 30, 20]),
    ],
)
def test_every_track_has_the_published_maxima(name, most):
    rules = preset_rules(name)
    for track in rules.tracks.values():
        found = [rules.metrics[metric].most.tree.value for metric in track.metrics]
        assert sorted(found) == sorted(most)
        assert sum(found) == 100


def test_checklists_have_the_published_number_of_rules():
    def sizes(version):
        lists = preset_rules("quality-scale", version).lists
        return [len(one.items) for one in lists.values()]

    assert sizes("2024-11") == [18, 10, 21, 3]
    assert sizes("2026-01") == [20, 10, 21, 3]


@pytest.mark.parametrize("name", ["mutual", "mutual-gentle"])
def test_our_own_programmes_add_up_to_a_hundred_with_a_category_of_partnership(name):
    rules = preset_rules(name)
    most = {"performance": 0, "skill": 0, "success": 0, "partnership": 0}
    for metric in rules.metrics.values():
        most[metric.category] += metric.most.tree.value if metric.most else 0
    assert sum(most.values()) == 100
    assert most["partnership"] == 30


# Growth by three rules: the single month of the published programmes, our quarter, and the quarter damped per customer.
SINGLE = preset("mutual").text.replace("last 3 closed months", "last closed month")
GROWTH = {
    "single month": read_rules(yaml.safe_load(SINGLE)),
    "quarter": preset_rules("mutual"),
    "damped": preset_rules("mutual-gentle"),
}


def months(year, customer, *amounts):
    return [
        {"invoiced": f"{year}-{month:02}-15", "customer": customer, "amount": amount}
        for month, amount in zip((8, 9, 10), amounts, strict=True)
    ]


@pytest.mark.parametrize(
    ("sales", "expected"),
    [
        pytest.param(
            months(2025, "a", 10000, 10000, 10000) + months(2026, "a", 15000, 15000, 6000),
            {"single month": ("-40", 0), "quarter": ("20", 15), "damped": ("20", 10)},
            id="an invoice slips into the next month",
        ),
        pytest.param(
            [
                *months(2025, "a", 10000, 10000, 10000),
                *months(2025, "b", 10000, 10000, 10000),
                *months(2025, "c", 10000, 10000, 10000),
                *months(2026, "a", 12000, 12000, 12000),
                *months(2026, "b", 12000, 12000, 12000),
                *months(2026, "d", 3000, 3000, 3000),
            ],
            {"single month": ("-10", 0), "quarter": ("-10", 0), "damped": ("20/3", "40/9")},
            id="one of three customers leaves, a small one is won",
        ),
        pytest.param(
            [
                *months(2025, "a", 10000, 10000, 10000),
                *months(2025, "b", 10000, 10000, 10000),
                *months(2026, "a", 100000, 0, 0),
                *months(2026, "b", 10000, 10000, 10000),
            ],
            {"single month": ("-50", 0), "quarter": ("350/3", 15), "damped": ("50", 10)},
            id="one customer buys for years at once",
        ),
    ],
)
def test_growth_is_kinder_over_a_quarter_and_kinder_still_damped(sales, expected):
    for name, (value, points) in expected.items():
        rules = GROWTH[name]
        metric = score(facts_of(rules, {"sales": sales}), rules, DAY).metrics["growth"]
        assert (name, metric.value, metric.points) == (name, Fraction(value), Fraction(points))


def test_praise_for_the_vendor_buys_no_points():
    rules = preset_rules("mutual")

    def total(stars):
        ratings = [{"published": DAY, "side": "partner", "topic": "fairness", "stars": stars}]
        return score(facts_of(rules, {"ratings": ratings}), rules, DAY).total

    assert total(1) == total(5) == 2


def test_what_only_one_side_puts_in_is_not_joint():
    rules = preset_rules("mutual")
    alone = [{"spent": DAY, "side": "partner", "amount": 50000, "purpose": "fair"}]
    both = [*alone, {"spent": DAY, "side": "vendor", "amount": 2500, "purpose": "fair"}]
    points = [
        score(facts_of(rules, {"investments": rows}), rules, DAY).metrics["joint_investment"].points
        for rows in (alone, both)
    ]
    assert points == [0, 2]


def test_the_published_window_of_eligibility():
    """Looked at on 15 August 2024, a day from 1 March on is enough; at the start of each month it moves on."""
    months = preset_rules("modern-work").status.any_day_in
    assert any_day_window(dt.date(2024, 8, 15), months) == (
        dt.date(2024, 3, 1),
        dt.date(2024, 8, 15),
    )
    assert any_day_window(dt.date(2024, 8, 31), months)[0] == dt.date(2024, 3, 1)
    assert any_day_window(dt.date(2024, 9, 1), months)[0] == dt.date(2024, 4, 1)


@pytest.mark.parametrize("one", presets(), ids=NAMES)
def test_presets_have_nothing_to_be_warned_of(one):
    rules = preset_rules(one.id, one.version)
    found = [(finding.place, finding.code) for finding in lint(rules)]
    # The list as it was published still names a certificate that had stopped counting.
    late = [("lists.step3", "retired")] if one.id == "security" else []
    assert found == late


STEPS = [(one, name) for one in presets() for name in preset_rules(one.id, one.version).steps]


@pytest.mark.parametrize(("one", "step"), STEPS, ids=[f"{one.name}: {step}" for one, step in STEPS])
def test_every_action_leaves_something_that_counts(one, step):
    rules = preset_rules(one.id, one.version)
    day = rules.until or DAY
    before = facts_of(rules, {})
    after = with_actions(before, rules, {step: 1}, day)
    earlier, later = (score(facts, rules, day) for facts in (before, after))
    assert earlier.measures != later.measures
    assert later.total >= earlier.total


def test_a_small_deployment_counts_as_customer_use_and_deployment():
    rules = preset_rules("modern-work")
    after = with_actions(facts_of(rules, {}), rules, {"small_deployment": 2}, DAY)
    metrics = score(after, rules, DAY).metrics
    names = ("adds_smb", "usage_smb", "deployments_smb", "adds_enterprise")
    assert [metrics[name].value for name in names] == [2, 80, 2, 0]
    assert [metrics[name].points for name in names] == [4, Fraction("4.8"), 10, 0]
