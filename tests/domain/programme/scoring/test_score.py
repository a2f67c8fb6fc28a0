"""Points, tracks, totals and levels of a partner, and the reason of each."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest

from domain.programme.rules.building import mapping, rules
from domain.programme.scoring.making import DAY, exam, facts, sale, scored
from mutualist.domain.programme.rules.reading import read_rules
from mutualist.domain.programme.scoring import plan
from mutualist.domain.programme.scoring.population import cutoffs_of, score_all
from mutualist.domain.programme.scoring.score import score

FEW = facts(sales=[sale("2026-01-01", 500)], exams=[exam("2026-01-01", "p")])
FULL = facts(
    sales=[sale("2026-01-01", 2000)],
    exams=[exam("2026-01-01", person) for person in ("p", "q", "r", "s")],
)


def codes(found):
    return {name: one.reason.code for name, one in found.metrics.items()}


def test_points_level_and_total():
    few, full = scored(FEW), scored(FULL)
    assert (few.total, few.level, few.qualified, few.met) == (40, "member", True, ("member",))
    assert (full.total, full.level, full.met) == (100, "gold", ("member", "gold"))
    assert {name: one.points for name, one in few.metrics.items()} == {"revenue": 30, "skill": 10}
    assert (few.metrics["revenue"].threshold, few.metrics["revenue"].most) == (1000, 60)
    assert (few.partner, few.rules, few.version, few.as_of) == ("tauwerk", "small", "1", DAY)


@pytest.mark.parametrize(
    ("changes", "of", "points", "code"),
    [
        ({}, FEW, 10, "partial"),
        ({}, FULL, 40, "full"),
        ({}, facts(), 0, "no_points"),
        ({"metrics__skill__applies": "partner.special"}, FEW, None, "not_applicable"),
        ({"metrics__skill__applies": "not partner.special"}, FEW, 10, "partial"),
        ({"metrics__skill__value": "ratio(people, sold - 500)"}, FEW, 0, "no_data"),
        ({"metrics__skill__value": "ratio(people, 0)", "metrics__skill__points": "7"}, FEW, 0, "no_data"),
        ({"metrics__skill__points": "ratio(value, 0)"}, FEW, 0, "no_points"),
        ({"metrics__skill__points": "value * 100"}, FEW, 40, "full"),
        ({"metrics__skill__points": "value * -5"}, FEW, -5, "no_points"),
        ({"metrics__skill__points": "value + 2", "metrics__skill__max": None}, FEW, 3, "points"),
        ({"metrics__skill__points": "gate(people >= 2, 30)"}, FEW, 0, "gate_closed"),
        ({"metrics__skill__points": "gate(people >= 1, 30)"}, FEW, 30, "points"),
        ({"metrics__skill__points": "sum(4, gate(people >= 2, 30))"}, FEW, 4, "gate_closed"),
        ({"metrics__skill__points": None, "metrics__skill__max": None}, FEW, None, "shown"),
        ({"metrics__skill__max": "10 * partner.staff"}, facts({"staff": 0.5}, exams=[exam("2026-01-01")]), 5, "full"),
    ],
)  # fmt: skip
def test_points_of_a_metric(changes, of, points, code):
    found = scored(of, **changes).metrics["skill"]
    assert (found.points, found.reason.code) == (points, code)
    assert found.applies == (code != "not_applicable")


def test_what_the_next_level_asks_of_a_metric_without_points():
    only = {"metrics__skill__points": None, "metrics__skill__max": None}
    levels = [{"id": "a", "requires": ["skill >= 1"]}, {"id": "b", "requires": ["skill >= 3"]}]
    found = scored(FEW, levels=levels, **only).metrics["skill"]
    assert (found.threshold, found.reason.code, found.reason.params["gap"]) == (3, "short", 2)
    top = scored(FULL, levels=levels, **only).metrics["skill"]
    assert (top.threshold, top.reason.code) == (3, "enough")
    none = scored(facts(), levels=levels, **only).metrics["skill"]
    assert (none.threshold, none.reason.code) == (1, "short")


TRACKS = {"money": {"metrics": ["revenue"]}, "people": {"metrics": ["skill"]}}


def test_the_best_track_counts():
    found = scored(FEW, tracks=TRACKS)
    assert (found.track, found.total, dict(found.tracks)) == (
        "money",
        30,
        {"money": 30, "people": 10},
    )
    other = facts(exams=[exam("2026-01-01")])
    assert (scored(other, tracks=TRACKS).track, scored(other, tracks=TRACKS).total) == (
        "people",
        10,
    )


def test_the_first_of_equal_tracks_counts():
    assert scored(facts(), tracks=TRACKS).track == "money"
    turned = {name: TRACKS[name] for name in reversed(TRACKS)}
    assert scored(facts(), tracks=turned).track == "people"


def test_a_track_that_is_closed_does_not_count():
    tracks = {**TRACKS, "money": {"metrics": ["revenue"], "when": "partner.special"}}
    found = scored(FEW, tracks=tracks)
    assert (found.track, found.total, dict(found.tracks)) == ("people", 10, {"people": 10})
    assert (
        scored(facts({"special": True}, sales=[sale("2026-01-01", 500)]), tracks=tracks).track
        == "money"
    )
    closed = {name: {**one, "when": "partner.special"} for name, one in TRACKS.items()}
    none = scored(FULL, tracks=closed)
    assert (none.track, none.total, none.level) == (None, 0, "member")


@pytest.mark.parametrize(
    ("changes", "total"),
    [
        ({"total": "sum of metrics"}, 40),
        ({"total": "sum of metrics", "tracks": TRACKS}, 40),
        ({"total": {"weighted": {"revenue": "25 %", "skill": 0.75}}}, 15),
        ({"total": "points.revenue + 2 * points.skill + sold / 100 + skill"}, 56),
        ({"total": "max(track.money.total, track.people.total)", "tracks": TRACKS}, 30),
        ({"total": "ratio(sold, 0)"}, 0),
        ({"cap": 35}, 35),
        ({"cap": 35, "total": {"weighted": {"revenue": 1}}}, 30),
        ({"metrics__skill__applies": "false and true"}, 30),
    ],
)
def test_totals(changes, total):
    assert scored(FEW, **changes).total == total


def test_points_of_what_does_not_apply_are_zero_in_formulas():
    changes = {
        "metrics__skill__applies": "partner.special",
        "total": "points.revenue + points.skill",
    }
    assert scored(FEW, **changes).total == 30


def met(condition, of=FEW, **changes):
    levels = [{"id": "low"}, {"id": "high", "requires": [condition]}]
    return scored(of, levels=levels, **changes).level == "high"


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ("total >= 40", True),
        ("total > 40", False),
        ("all_positive()", True),
        ("met.low and total = 40", True),
        ("not met.low", False),
        ("any(total > 40, people = 1)", True),
        ("at_least(2, total > 40, people = 1, sold = 500)", True),
        ("revenue = 500 and points.revenue = 30", True),
        ("partner.country in [DE, AT]", False),
        ("full / 2 = sold", True),
    ],
)
def test_conditions_of_levels(condition, holds):
    assert met(condition) == holds


def test_every_metric_that_counts_has_points():
    assert not met("all_positive()", facts(sales=[sale("2026-01-01", 5)]))
    without = {"metrics__skill__points": None, "metrics__skill__max": None}
    assert met("all_positive()", facts(sales=[sale("2026-01-01", 5)]), **without)
    assert met(
        "all_positive()", facts(sales=[sale("2026-01-01", 5)]), metrics__skill__applies="people > 0"
    )
    assert met("all_positive()", facts(exams=[exam("2026-01-01")]), tracks=TRACKS)
    closed = {"money": {"metrics": ["revenue"], "when": "partner.special"}}
    assert not met("all_positive()", FULL, tracks=closed)


def test_a_level_needs_those_below_unless_it_says_otherwise():
    low, high = (
        {"id": "low", "requires": ["total >= 90"]},
        {"id": "high", "requires": ["total >= 10"]},
    )
    assert scored(FEW, levels=[low, high]).level is None
    alone = scored(FEW, levels=[low, {**high, "cumulative": False}])
    assert (alone.level, alone.met, alone.qualified) == ("high", ("high",), True)
    assert scored(FEW, levels=[low, high], cumulative=False).level == "high"


def test_who_qualifies():
    assert not scored(FEW, levels=[{"id": "a", "requires": ["total >= 90"]}]).qualified
    assert scored(FEW, qualified="total >= 40").qualified
    assert not scored(FEW, qualified="met.gold").qualified


REGIONS = facts(
    sales=[
        sale("2026-01-01", 400, region="north"),
        sale("2026-01-01", 700, region="south"),
        sale("2026-01-01", 900, region=None),
        sale("2026-04-01", 5000, region="west"),
    ],
    exams=[exam("2026-01-01")],
)


def test_the_best_region_counts():
    found = scored(REGIONS, regions={"field": "region"})
    assert (found.region, found.metrics["revenue"].value, found.metrics["skill"].value) == (
        "south",
        700,
        1,
    )
    assert scored(REGIONS).metrics["revenue"].value == 2000
    later = scored(REGIONS, dt.date(2026, 4, 1), regions={"field": "region"})
    assert later.region == "west"


def test_of_equal_regions_the_first_by_name_counts():
    same = facts(sales=[sale("2026-01-01", 5, region="b"), sale("2026-01-01", 5, region="a")])
    assert scored(same, regions={"field": "region"}).region == "a"


def test_a_higher_level_goes_before_a_higher_total():
    two = facts(sales=[sale("2026-01-01", 1000, region="a"), sale("2026-01-01", 1, region="b")])
    levels = [{"id": "low"}, {"id": "high", "requires": ["total < 10"]}]
    found = scored(two, regions={"field": "region"}, levels=levels)
    assert (found.region, found.level) == ("b", "high")


def test_a_partner_without_regions_is_computed_as_a_whole():
    found = scored(FEW, regions={"field": "region"})
    assert (found.region, found.total) == (None, 40)


RELATIVE = {
    "relative": {"top": {"of": "revenue", "best": "40 %", "within": "country"}},
    "levels": [{"id": "low"}, {"id": "high", "requires": ["top"]}],
}


def crowd():
    sold = {
        "a": ("DE", 9),
        "b": ("DE", 7),
        "c": ("DE", 7),
        "d": ("DE", 1),
        "e": ("AT", 2),
        "f": (None, 1),
    }
    return [
        facts({"id": name, "country": country}, sales=[sale("2026-01-01", amount)])
        for name, (country, amount) in sold.items()
    ]


def test_the_best_of_all_partners():
    read, people = rules(**RELATIVE), crowd()
    assert cutoffs_of(people, read, DAY) == {"top": {"DE": 7, "AT": 2, None: 1}}
    found = {one.partner: one.level for one in score_all(people, read, DAY)}
    assert found == {"a": "high", "b": "high", "c": "high", "d": "low", "e": "high", "f": "high"}


def test_nobody_is_among_the_best_without_the_others():
    read, (first, *_rest) = rules(**RELATIVE), crowd()
    assert score(first, read, DAY).level == "low"
    assert score(first, read, DAY, cutoffs={}).level == "low"
    assert score(first, read, DAY, cutoffs={"top": {"DE": Fraction(9)}}).level == "high"


def test_partners_without_a_value_are_not_counted_among_all():
    changes = {**RELATIVE, "relative": {"top": {"of": "most", "best": "50 %"}}}
    changes["measures__most"] = {"from": "sales", "take": "max(amount)"}
    read = rules(**changes)
    people = [*crowd(), *(facts({"id": f"none{number}"}) for number in range(10))]
    assert cutoffs_of(people, read, DAY) == {"top": {None: 7}}
    assert list(score_all(people, read, DAY))[-1].level == "low"
    assert cutoffs_of(people, rules(), DAY) == {}


def test_scoring_without_a_tree_gives_the_same():
    for changes in ({}, {"tracks": TRACKS}, {"regions": {"field": "region"}}):
        read = rules(**changes)
        short = score(REGIONS, read, DAY, explain=False)
        whole = score(REGIONS, read, DAY)
        assert whole.tree is not None
        assert short.tree is None
        assert (short.total, short.level, short.metrics) == (
            whole.total,
            whole.level,
            whole.metrics,
        )
        with pytest.raises(ValueError, match="without explanation"):
            short.reasons  # noqa: B018 - reading it is what is tried


def test_facts_have_a_name():
    assert (FEW.id, FEW.name, facts({"name": None}).name) == ("tauwerk", "Tauwerk", "tauwerk")


def test_formulas_are_translated_once_and_only_for_their_own_rules(monkeypatch):
    monkeypatch.setattr(plan, "KEPT", 2)
    read = [read_rules(mapping(numbers__full=full)) for full in (1000, 500, 250)]
    assert plan.plan_of(read[0]) is plan.plan_of(read[0])
    assert [score(FEW, one, DAY).metrics["revenue"].points for one in read] == [30, 60, 60]
    assert len(plan._plans) <= 2
    assert score(FEW, read[0], DAY).metrics["revenue"].points == 30
