"""What is doubtful about rules that can be read is found, and nothing else."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.programme.rules.building import rules
from mutualist.domain.programme.presets import preset_rules, presets
from mutualist.domain.programme.rules.lint import lint, lint_versions

D = dt.date


def found(read):
    for one in lint(read):
        assert one.message("de") != one.message("en")
    return {(one.place, one.code, one.severity) for one in lint(read)}


#: The small programme looks into none of the customers' links.
USUAL = {("facts.links", "unused", "warning"), ("groups.bought", "unused", "warning")}


def level(*conditions, name="gold", **more):
    return [{"id": "member"}, {"id": name, "requires": list(conditions), **more}]


def test_the_small_programme():
    assert found(rules()) == USUAL


@pytest.mark.parametrize(
    "conditions",
    [
        ["total >= 101"],
        ["total > 100"],
        ["total >= 70", "total < 60"],
        ["70 <= total", "60 > total"],
        ["total >= 70 and total < 60"],
        ["all(total >= 70, total < 60)"],
        ["total = 120"],
        ["points.skill > 40"],
        ["skill < 0"],
        ["false"],
        ["total >= 200 or points.skill >= 50"],
        ["at_least(2, total >= 200, total >= 50)"],
        ["points.skill + points.revenue > 100"],
        ["total != 0", "2 * points.skill > 80"],
        ["min(people, 3) > 3"],
        ["floor(total) > 100"],
        ["ceil(points.skill / 3) >= 15"],
        ["round(points.skill / 7, 1) > 5.7"],
        ["partner.country = DE", "partner.country = AT"],
        ["partner.country in [DE, AT]", "partner.country in [CH]"],
        ["AT = partner.country and partner.country in [DE, CH]"],
        ["partner.enrolled < 2024-01-01", "partner.enrolled >= 2025-01-01"],
        ["partner.enrolled = 2024-01-01", "partner.enrolled = 2025-01-01"],
        ["day < 2026-01-01"],
    ],
)
def test_a_level_nobody_can_reach(conditions):
    read = rules(levels=level(*conditions))
    assert ("levels.gold", "unreachable", "error") in found(read)


@pytest.mark.parametrize(
    "conditions",
    [
        ["total >= 100"],
        ["total >= 70", "total < 100"],
        ["total >= 200 or points.skill >= 40"],
        ["at_least(1, total >= 200, total >= 50)"],
        ["skill >= 1000"],
        ["sold > 10 / people"],
        ["partner.country = DE", "not partner.special"],
        ["max(points.skill, 50) >= 50"],
        ["partner.enrolled < 2026-01-01"],
        ["revenue < 0"],
        ["growth(sold, people) < 0"],
        ["total != 100"],
        ["floor(total) >= 100"],
        ["round(points.skill / 7, 1) >= 5.7"],
        ["partner.country in [DE, AT]", "partner.country in [CH, AT]"],
        ["partner.country = DE or partner.country = AT", "partner.country != DE"],
        ["partner.country != DE", "partner.country = AT"],
        ["partner.enrolled < 2025-01-01", "partner.enrolled >= 2024-12-31"],
        ["day >= 2026-01-01"],
        ["floor(sold / 1000) >= 7", "days_since(partner.enrolled) > 90"],
        ["weighted_average([[points.skill, 1], [points.revenue, 2]]) > 39"],
        ["(points.skill if partner.special else 90) > 80"],
    ],
)
def test_a_level_that_can_be_reached(conditions):
    codes = {code for _place, code, _severity in found(rules(levels=level(*conditions)))}
    assert "unreachable" not in codes


def test_a_cap_of_the_whole_keeps_a_level_out_of_reach():
    assert ("levels.gold", "unreachable", "error") in found(rules(cap=60))


def test_what_lower_levels_ask_counts_too():
    low = {"id": "low", "requires": ["total < 50"]}
    high = {"id": "high", "requires": ["total >= 60"]}
    assert ("levels.high", "unreachable", "error") in found(rules(levels=[low, high]))
    assert ("levels.high", "unreachable", "error") not in found(
        rules(levels=[low, {**high, "cumulative": False}])
    )


def test_tracks_and_weights_bound_the_total():
    tracks = {"one": {"metrics": ["revenue"]}, "two": {"metrics": ["skill"]}}
    assert ("levels.gold", "unreachable", "error") in found(rules(tracks=tracks))
    assert ("levels.gold", "unreachable", "error") not in found(
        rules(tracks=tracks, levels=level("total >= 60"))
    )
    weighted = {"weighted": {"revenue": "50 %", "skill": "50 %"}}
    assert ("levels.gold", "unreachable", "error") in found(
        rules(total=weighted, levels=level("total > 50"))
    )
    assert ("levels.gold", "unreachable", "error") not in found(
        rules(total=weighted, levels=level("total >= 50"))
    )
    assert ("levels.gold", "unreachable", "error") in found(
        rules(total="points.skill * 2", levels=level("total > 80"))
    )
    assert ("levels.gold", "unreachable", "error") in found(
        rules(
            metrics__skill__points=None,
            metrics__revenue__points=None,
            metrics__skill__max=None,
            metrics__revenue__max=None,
        )
    )


def test_a_list_bounds_how_much_can_be_done():
    people = {"from": "exams", "take": "count(distinct name)", "out_of": "basic"}
    assert ("levels.gold", "unreachable", "error") in found(
        rules(measures__people=people, levels=level("skill >= 3"))
    )
    assert ("levels.gold", "unreachable", "error") not in found(
        rules(measures__people=people, levels=level("skill >= 2"))
    )


def named(where, take="count(distinct name)", **more):
    return {"from": "exams", "where": where, "take": take} | more


@pytest.mark.parametrize(
    ("measure", "most"),
    [
        (named("valid(name, basic)"), 2),
        (named("mark > 3 and all(name in basic, mark < 5)"), 2),
        (named("name in rates and valid(name, basic)"), 2),
        (named("name in releases"), 3),
        (named("valid(name, once)"), 1),
        (named("valid(name, once)", ago="3 months"), 2),
        (named("valid(name, over)", "count"), 0),
        (named("valid(name, over)", "count(distinct person)"), 0),
        (named("valid(name, over)", "sum(mark)"), 0),
    ],
)
def test_lists_in_a_condition_bound_how_much_there_can_be(measure, most):
    lists = {
        "lists__once": [{"item": "B1", "counts_until": "2025-12-31"}, {"item": "B2"}],
        "lists__over": [{"item": "B1", "counts_until": "2025-12-31"}],
        "measures__people": measure,
    }
    for asked, unreachable in ((most, False), (most + 1, True)):
        codes = found(rules(levels=level(f"skill >= {asked}"), **lists))
        assert (("levels.gold", "unreachable", "error") in codes) is unreachable


@pytest.mark.parametrize(
    "measure",
    [
        named("valid(name, basic) or mark > 3"),
        named("not name in basic"),
        named("valid(name, basic)", "count(distinct person)"),
        named("valid(name, basic)", "count(distinct name, person)"),
        named("valid(name, basic)", "count"),
        named("valid(name, basic)", "sum(mark)"),
        named("valid(name, basic, passed)"),
    ],
)
def test_what_lists_do_not_bound_stays_open(measure):
    codes = found(rules(levels=level("skill >= 99"), measures__people=measure))
    assert ("levels.gold", "unreachable", "error") not in codes


def test_items_that_come_after_the_rules_never_count():
    changes = {
        "effective": {"from": "2026-01-01", "until": "2026-12-31"},
        "lists__basic": [{"item": "B1", "from": "2027-01-01"}, {"item": "B2"}],
        "measures__people": named("valid(name, basic)"),
    }
    unreachable = ("levels.gold", "unreachable", "error")
    assert unreachable in found(rules(levels=level("skill >= 2"), **changes))
    assert unreachable in found(rules(levels=level("day > 2026-12-31"), **changes))
    assert unreachable not in found(rules(levels=level("skill >= 1"), **changes))


def test_points_in_every_metric_need_metrics_that_can_have_points():
    unreachable = ("levels.gold", "unreachable", "error")
    for most, wrong in ((0, True), (1, False)):
        changed = {"metrics__skill__max": most, "levels": level("all_positive()")}
        assert (unreachable in found(rules(**changed))) is wrong
        assert unreachable not in found(rules(metrics__skill__applies="people > 1", **changed))
        tracks = {"one": {"metrics": ["skill"]}, "two": {"metrics": ["revenue"]}}
        assert unreachable not in found(rules(tracks=tracks, **changed))


def test_a_metric_without_data():
    read = rules(metrics__skill__value="4 * full")
    assert ("metrics.skill.value", "metric_without_data", "error") in found(read)
    through = rules(metrics__skill__value="revenue * 2")
    codes = {code for _place, code, _severity in found(through)}
    assert "metric_without_data" not in codes


def test_warnings():
    assert ("metrics.skill.points", "no_cap", "warning") in found(
        rules(metrics__skill__points="value * 2", metrics__skill__max=None)
    )
    assert ("metrics.skill.max", "below_max", "warning") in found(
        rules(metrics__skill__points="linear(value, 4, 30)")
    )
    codes = found(rules(metrics__skill__points="gate(people > 1, 5)", metrics__skill__max=None))
    assert not [one for one in codes if one[0].startswith("metrics.skill")]
    top = {"relative": {"top": {"of": "skill", "best": 0.1}}}
    assert ("relative.top", "unused", "warning") in found(rules(**top))
    assert ("relative.top", "unused", "warning") not in found(rules(levels=level("top"), **top))
    assert ("metrics.skill", "metric_outside", "warning") in found(
        rules(tracks={"one": {"metrics": ["revenue"]}})
    )
    for pairs in ("[[0, 10], [5, 5]]", "[[5, 5], [5, 10]]"):
        assert ("metrics.skill.points", "round_gap", "warning") in found(
            rules(metrics__skill__points=f"brackets(value, {pairs})")
        )
    assert ("measures.extra", "unused", "warning") in found(
        rules(measures__extra={"from": "links", "take": "count"})
    )
    assert ("lists.basic", "retired", "warning") in found(
        rules(lists__basic=[{"item": "B1", "counts_until": "2025-12-31"}])
    )
    assert ("actions.link", "step_no_effect", "warning") in found(
        rules(actions={"link": {"adds": {"table": "links"}}})
    )
    same = [{"id": "a", "requires": ["total >= 50"]}, {"id": "b", "requires": ["total >= 50"]}]
    assert ("levels.b", "same_level", "warning") in found(rules(levels=same))
    easier = [
        {"id": "a", "requires": ["total >= 50"]},
        {"id": "b", "requires": ["total >= 40"], "cumulative": False},
    ]
    assert ("levels.b", "not_falling", "warning") in found(rules(levels=easier))
    assert ("metrics.skill.applies", "never_true", "error") in found(
        rules(metrics__skill__applies="people < 0")
    )


@pytest.mark.parametrize("preset", presets(), ids=[one.name for one in presets()])
def test_presets_have_no_error(preset):
    assert not [
        one for one in lint(preset_rules(preset.id, preset.version)) if one.severity == "error"
    ]


def version(name, since, until=None, **more):
    effective = {"from": since, **({"until": until} if until else {})}
    return rules(version=name, effective=effective, **more)


def test_versions_follow_one_after_the_other():
    one, two = version("1", "2025-01-01", "2025-12-31"), version("2", "2026-01-01")
    assert lint_versions([two, one]) == []
    assert lint_versions([one]) == []


def test_versions_that_overlap_or_leave_a_gap():
    two = version("2", "2026-01-01")
    (overlap,) = lint_versions([version("1", "2025-01-01", "2026-01-01"), two])
    assert (overlap.code, overlap.severity, overlap.values["day"]) == (
        "overlap",
        "error",
        "2026-01-01",
    )
    (open_end,) = lint_versions([version("1", "2025-01-01"), two])
    assert open_end.code == "overlap"
    (gap,) = lint_versions([version("1", "2025-01-01", "2025-12-30"), two])
    assert (gap.code, gap.severity, gap.values["day"]) == ("gap", "warning", "2025-12-31")
    codes = {one.code for one in lint_versions([two, version("2", "2027-01-01")])}
    assert codes == {"overlap", "version_twice"}
    (other,) = lint_versions([two, version("3", "2027-01-01", id="another")])
    assert other.code == "other_programme"
    assert other.message("de") != other.message("en")


@given(st.integers(0, 130), st.integers(0, 130))
@settings(max_examples=40, deadline=None)
def test_what_is_called_unreachable_is_unreachable(low, high):
    conditions = [f"total >= {low}", f"total <= {high}"]
    codes = {code for _place, code, _severity in found(rules(levels=level(*conditions)))}
    assert ("unreachable" in codes) == (low > min(high, 100))
