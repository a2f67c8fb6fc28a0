"""Why a score changed, what lies ahead, and what if: exact parts, the day, and the facts that did it."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.programme.ahead.cast import NORDWERK, STRICTER, D, days, facts, nordwerk, random_facts
from mutualist.domain.programme.ahead.causes import causes, look
from mutualist.domain.programme.ahead.differences import difference
from mutualist.domain.programme.ahead.forecasting import forecast
from mutualist.domain.programme.ahead.timeline import Case
from mutualist.domain.programme.ahead.whatif import Changes, changed, what_if
from mutualist.domain.programme.presets import preset_rules
from mutualist.domain.programme.rules.reading import read_rules
from mutualist.domain.programme.scoring.facts import Facts, Row
from mutualist.domain.programme.status.model import Held

FIRST, LAST = D(2026, 2, 1), D(2026, 11, 30)
ONE = dt.timedelta(days=1)
leavers = st.dictionaries(st.sampled_from("PQ"), days, max_size=2)
WEIGHTED = nordwerk("2026-09", "2026-09-01", total={"weighted": {"skill": 0.5, "trade": 0.5}})
VERSIONS = [[NORDWERK], [NORDWERK, STRICTER], [NORDWERK, STRICTER, WEIGHTED]]


@settings(max_examples=40, deadline=None)
@given(random_facts, random_facts, st.sampled_from(VERSIONS), st.sampled_from(VERSIONS), leavers)
def test_the_parts_add_up_exactly(old, new, versions, later, gone):
    before, after = Case(old, versions), Case(new, later, gone)
    found = difference(before, after, FIRST, LAST)
    assert found.before == before.score(FIRST).total
    assert found.after == after.score(LAST).total
    assert sum(found.by_metric().values()) == found.change
    total, level = found.before, found.level_before
    for step in found.steps:
        assert (step.before, step.level_before) == (total, level)
        assert sum(part.points for part in step.parts) == step.after - step.before
        total, level = step.after, step.level_after
    assert (total, level) == (found.after, found.level_after)


@settings(max_examples=20, deadline=None)
@given(random_facts, st.sampled_from(VERSIONS), leavers)
def test_the_day_a_level_is_lost_is_the_first_without_it(known, versions, gone):
    case = Case(known, versions, gone)
    first, until = D(2026, 5, 25), D(2026, 9, 25)
    found = forecast(case, first, until)
    lost, day, last = {}, first, case.score(first).met
    while day < until:
        day += ONE
        met = case.score(day).met
        for level in set(last) - set(met):
            lost.setdefault(level, day)
        last = met
    assert {one.level: one.day for one in found.losses} == lost


def one_step(case, day):
    found = difference(case, case, day - ONE, day)
    assert len(found.steps) == 1
    return found.steps[0]


def told(step, rules=NORDWERK, language="en"):
    return [one.message(rules, language) for one in step.causes]


def test_a_certificate_that_runs_out():
    case = Case(facts([(D(2025, 1, 1), D(2026, 6, 9), "Anna", "B")]), [NORDWERK])
    step = one_step(case, D(2026, 6, 10))
    kinds = {(one.kind, one.rows) for one in step.causes if one.measure == "people"}
    assert kinds == {("expired", ("certificates-1",))}
    assert "Run out (certificates): Anna · B." in told(step)
    assert "Abgelaufen (certificates): Anna · B." in told(step, language="de")


def test_an_exam_that_no_longer_counts():
    case = Case(facts([(D(2025, 1, 1), None, "Anna", "A")]), [NORDWERK])
    step = one_step(case, D(2026, 9, 1))
    assert ("retired", "A") in {(one.kind, one.item) for one in step.causes}
    assert "A no longer counts (certificates): Anna · A." in told(step)
    assert [part.key for part in step.parts if part.key == "skill"] == ["skill"]


def test_an_exam_that_begins_to_count_and_a_fact_of_the_future():
    known = facts([(D(2025, 1, 1), None, "Anna", "C")], [(D(2026, 3, 3), "K", Fraction(50))])
    case = Case(known, [NORDWERK])
    kinds = {(one.kind, one.measure) for one in one_step(case, D(2026, 5, 15)).causes}
    assert ("counts_now", "people") in kinds
    kinds = {(one.kind, one.measure) for one in one_step(case, D(2026, 3, 3)).causes}
    assert ("began", "sold") in kinds


def test_sales_come_into_the_closed_month_and_leave_the_last_three():
    case = Case(
        facts(sales=[(D(2026, 7, 10), "K", Fraction(20))], enrolled=D(2025, 1, 1)), [NORDWERK]
    )
    kinds = {(one.kind, one.measure) for one in one_step(case, D(2026, 8, 1)).causes}
    assert ("into_window", "month") in kinds
    kinds = {(one.kind, one.measure) for one in one_step(case, D(2026, 10, 10)).causes}
    assert ("out_of_window", "sold") in kinds


def test_a_span_that_ended_leaves_the_time_in_which_any_day_counts():
    case = Case(facts(spans=[(D(2025, 1, 1), D(2026, 3, 31), "T")]), [NORDWERK])
    run = [look(case, day) for day in (D(2026, 5, 30), D(2026, 5, 31))]
    assert {one.kind for one in causes(case, *run)} == {"out_of_window"}


def test_who_leaves_is_named():
    case = Case(facts([(D(2025, 1, 1), None, "Ben", "B")]), [NORDWERK], {"Ben": D(2026, 4, 2)})
    step = one_step(case, D(2026, 4, 2))
    assert {one.kind for one in step.causes} == {"left"}
    assert told(step, language="de")[0] == "Nicht mehr im Haus (certificates): Ben · B."


def test_facts_put_in_taken_out_and_corrected():
    known = facts([(D(2025, 1, 1), None, "Anna", "B"), (D(2025, 1, 1), None, "Ben", "B")])
    case = Case(known, [NORDWERK])
    added = Row("certificates-9", {"issued": D(2026, 1, 1), "person": "Clara", "name": "B"})
    wrong = Row("certificates-1", {"issued": D(2026, 1, 1), "person": "Anna", "name": "X"})
    changes = Changes(
        {"certificates": (added, wrong)}, {"certificates": frozenset({"certificates-2"})}
    )
    step = what_if(case, changes, FIRST).steps[0]
    assert step.why == "facts"
    kinds = {(one.kind, one.rows) for one in step.causes if one.measure == "people"}
    assert kinds == {
        ("added", ("certificates-9",)),
        ("removed", ("certificates-2",)),
        ("corrected", ("certificates-1",)),
    }


def test_a_sum_that_was_corrected():
    known = facts(sales=[(D(2026, 1, 20), "K", Fraction(10))])
    other = facts(sales=[(D(2026, 1, 20), "K", Fraction(110))])
    found = difference(Case(known, [NORDWERK]), Case(other, [NORDWERK]), FIRST, FIRST)
    assert {one.kind for one in found.steps[0].causes if one.measure == "sold"} == {"corrected"}
    assert found.by_metric()["trade"] == 10


def test_what_if_of_the_partner_itself_and_of_a_leaver():
    known = facts([(D(2025, 1, 1), None, "Ben", "B")])
    assert changed(known, Changes(partner={"staff": Fraction(1)})).partner["staff"] == 1
    found = what_if(Case(known, [NORDWERK]), Changes(leavers={"Ben": D(2026, 3, 1)}), FIRST, LAST)
    assert found.steps[0].day == D(2026, 3, 1)
    assert found.change < 0


def test_rules_that_change_in_mid_year_stand_alone():
    known = facts([(D(2025, 1, 1), None, "Anna", "B")], [(D(2026, 7, 1), "K", Fraction(20))])
    found = difference(*[Case(known, [NORDWERK, WEIGHTED])] * 2, D(2026, 8, 31), D(2026, 9, 1))
    step = found.steps[0]
    assert (step.why, step.version, step.causes) == ("rules", "2026-09", ())
    assert {part.key for part in step.parts} >= {"skill", "trade"}


def test_new_rules_for_old_facts():
    known = facts([(D(2025, 1, 1), None, "Anna", "B")])
    found = difference(Case(known, [NORDWERK]), Case(known, [WEIGHTED]), FIRST, FIRST)
    assert [step.why for step in found.steps] == ["rules"]


def test_the_cap_of_the_whole_is_named():
    rules = nordwerk(cap=15)
    known = facts([(D(2025, 1, 1), D(2026, 6, 9), one, "B") for one in "PQ"])
    step = one_step(Case(known, [rules]), D(2026, 6, 10))
    assert {part.kind for part in step.parts} == {"metric", "cap"}
    assert sum(part.points for part in step.parts) == -15


TRACKS = """
schema: programme/1
id: tracks
version: "1"
effective: {from: 2026-01-01}
facts: {points: {date: since, until: ended, fields: {kind: text, number: number}}}
measures:
  a: {from: points, where: "kind = a", take: sum(number)}
  b: {from: points, where: "kind = b", take: sum(number)}
  spare: {from: points, where: "kind = c", take: sum(number)}
metrics:
  one: {value: a, points: "per_unit(value, 1, 100)"}
  two: {value: b, points: "per_unit(value, 1, 100)"}
tracks: {first: {metrics: [one]}, second: {metrics: [two]}}
total: best of tracks
levels: [{id: low, requires: [total >= 10]}, {id: high, requires: [total >= 20, spare >= 1]}]
"""


def points(*rows):
    names = ("since", "ended", "kind", "number")
    listed = [Row(str(n), dict(zip(names, row, strict=True))) for n, row in enumerate(rows)]
    return Facts({"id": "p"}, {"points": tuple(listed)})


def test_another_track_counts():
    import yaml

    rules = read_rules(yaml.safe_load(TRACKS))
    known = points(
        (D(2026, 1, 1), D(2026, 6, 9), "a", Fraction(30)),
        (D(2026, 1, 1), None, "b", Fraction(20)),
        (D(2026, 1, 1), D(2026, 7, 9), "c", Fraction(1)),
    )
    case = Case(known, [rules])
    step = one_step(case, D(2026, 6, 10))
    assert [(one.kind, one.key, one.points) for one in step.parts] == [
        ("metric", "one", -30),
        ("track", "second", 20),
    ]
    assert "expired" in {one.kind for one in step.causes}
    # A level can be lost without any points: what did it is told all the same.
    found = forecast(case, FIRST, LAST)
    assert [(one.day, one.level, one.then) for one in found.losses] == [
        (D(2026, 7, 10), "high", "low")
    ]
    assert [one.measure for one in found.losses[0].step.causes] == ["spare"]


def test_another_region_counts_and_a_total_by_formula():
    rows = [
        (D(2026, 1, 1), D(2026, 6, 9), "a", Fraction(30)),
        (D(2026, 1, 1), None, "b", Fraction(20)),
    ]
    import yaml

    content = yaml.safe_load(TRACKS) | {"regions": {"field": "kind"}}
    content["measures"]["a"]["where"] = "true"
    case = Case(points(*rows), [read_rules(content)])
    assert one_step(case, D(2026, 6, 10)).parts[-1].kind == "region"
    content = yaml.safe_load(TRACKS) | {"total": "points.one * 2 + points.two"}
    case = Case(points(*rows), [read_rules(content)])
    assert [(one.kind, one.points) for one in one_step(case, D(2026, 6, 10)).parts] == [
        ("total", -60)
    ]


def test_what_still_stands_in_its_list_has_not_run_out_there():
    rules = nordwerk(
        measures={
            "fresh": {
                "from": "certificates",
                "where": "valid(name, exams) and months_since(issued) < 5",
                "take": "count",
            }
        },
        metrics={"skill": {"value": "fresh", "points": "linear(value, 2, 10)", "max": 10}},
        levels=[{"id": "silver", "requires": ["total >= 5"]}],
    )
    step = one_step(Case(facts([(D(2026, 1, 1), None, "P", "B")]), [rules]), D(2026, 6, 1))
    assert [one.kind for one in step.causes] == ["no_longer"]


def test_many_names_are_cut_short():
    known = facts([(D(2025, 1, 1), D(2026, 6, 9), f"P{one}", "B") for one in range(5)])
    step = one_step(Case(known, [NORDWERK]), D(2026, 6, 10))
    assert told(step)[0].endswith("P0 · B, P1 · B, P2 · B and 2 more.")
    assert told(step, language="de")[0].endswith("P2 · B und 2 weitere.")


def test_days_run_forwards():
    case = Case(facts(), [NORDWERK])
    with pytest.raises(ValueError, match="after the last"):
        difference(case, case, LAST, FIRST)


def test_a_forecast_says_what_is_held_and_how_far_the_rules_are_known():
    rules = nordwerk(
        effective={"from": "2026-01-01", "until": "2026-10-31"}, status={"review": {"months": [10]}}
    )
    known = facts([(D(2025, 12, 1), D(2026, 6, 9), one, "B") for one in "PQR"])
    found = forecast(Case(known, [rules]), FIRST, LAST)
    assert found.now.level == "silver"
    assert [(one.day, one.level) for one in found.losses] == [(D(2026, 6, 10), "silver")]
    assert [(one.day, one.why, one.level) for one in found.falls] == [
        (D(2026, 10, 1), "fallen", None)
    ]
    assert found.beyond == D(2026, 11, 1)
    gold = forecast(Case(known, [rules]), FIRST, LAST, held=Held(FIRST, "gold", "gold", "start"))
    assert gold.falls[-1].day == D(2026, 10, 1)
    assert forecast(Case(known, [NORDWERK]), FIRST, LAST).beyond is None


def test_what_new_rules_take_and_facts_of_the_same_day_give_back_is_not_lost():
    known = [(D(2025, 12, 1), None, one, "B") for one in "PQR"]
    more = [(D(2026, 7, 1), None, one, "B") for one in "STUVWXYZ"]
    without, both = (
        forecast(Case(facts(rows), [NORDWERK, STRICTER]), FIRST, LAST)
        for rows in (known, known + more)
    )
    assert [(one.day, one.level) for one in without.losses] == [(D(2026, 7, 1), "silver")]
    steps = [one for one in both.difference.steps if one.day == D(2026, 7, 1)]
    assert [one.level_after for one in steps] == [None, "gold"]
    assert both.losses == ()


def test_a_review_before_the_day_of_the_facts_takes_nothing_away():
    rules = nordwerk(status={"review": {"months": [1]}})
    known = facts([(D(2024, 12, 1), D(2027, 6, 9), one, "B") for one in "PQR"])
    held = Held(D(2025, 11, 23), "silver", "silver", "risen")
    found = forecast(Case(known, [rules]), D(2026, 2, 15), D(2026, 12, 31), held=held)
    assert found.held == (held,)
    assert found.falls == ()


def test_a_forecast_looks_back_into_the_window():
    rules = preset_rules("modern-work", "2026-07")
    certificates = [(D(2026, 1, 1), D(2026, 3, 31), "P", "Teams Administrator")]
    assert (
        forecast(Case(facts(certificates), [rules]), D(2026, 8, 15), D(2026, 12, 31)).losses == ()
    )


def test_a_measure_that_the_old_rules_did_not_have_is_no_cause_of_its_own():
    rules = yaml_rules("2026-07", measures={"sold": SOLD, "deals": {**SOLD, "take": "count"}})
    before = Case(DEAL, [yaml_rules("2026")])
    found = causes(before, look(before, DAY), look(Case(DEAL, [rules]), DAY))
    assert found == ()


SOLD = {"from": "sales", "take": "sum(amount)", "during": "last 3 months"}
DAY = D(2026, 3, 1)
DEAL = facts(sales=[(D(2026, 2, 1), "K", Fraction(80))])


def yaml_rules(version, **changed):
    parts = {
        "groups": {},
        "measures": {"sold": SOLD},
        "metrics": {"trade": {"value": "sold", "points": "linear(value, 200, 20)"}},
        "levels": [{"id": "silver", "requires": ["total >= 1"]}],
    }
    return nordwerk(version, **parts | changed)


def test_a_list_that_does_not_name_the_item_is_no_reason():
    """Two lists are asked about; what is told is the one that names what no longer counts."""
    measure = {
        "from": "certificates",
        "where": "valid(person, exams) or valid(name, exams)",
        "take": "count",
    }
    case = Case(
        facts([(D(2026, 1, 1), None, "P", "A")]),
        [yaml_rules("2026", measures={"sold": measure})],
    )
    step = one_step(case, D(2026, 9, 1))
    assert [(one.kind, one.item) for one in step.causes] == [("retired", "A")]
