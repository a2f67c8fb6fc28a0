"""Scores change on the days that are found, and on no other: against looking at every single day."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.programme.ahead.cast import NORDWERK, STRICTER, D, days, facts, nordwerk, random_facts
from mutualist.domain.programme.ahead.breakpoints import breakpoints
from mutualist.domain.programme.ahead.timeline import Case, attained, history, in_force, same
from mutualist.domain.programme.presets import preset_rules, presets
from mutualist.domain.programme.status.model import Attained

ONE = dt.timedelta(days=1)
FIRST, LAST = D(2026, 2, 1), D(2026, 11, 30)
leavers = st.dictionaries(st.sampled_from("PQ"), days, max_size=2)


def every_day(case, first, last):
    """The same history by brute force."""
    found = [case.score(first)]
    day = first
    while day < last:
        day += ONE
        here = case.score(day)
        if not same(found[-1], here):
            found.append(here)
    return found


@settings(max_examples=30, deadline=None)
@given(random_facts, st.sampled_from([[NORDWERK], [NORDWERK, STRICTER]]), leavers)
def test_no_other_day_changes_anything(known, versions, gone):
    case = Case(known, versions, gone)
    found = history(case, FIRST, LAST)
    assert found == every_day(case, FIRST, LAST)


def test_few_days_are_looked_at():
    known = facts([(D(2025, 6, 1), D(2026, 6, 1), "P", "A")], [(D(2026, 3, 5), "K", Fraction(80))])
    found = breakpoints(known, NORDWERK, FIRST, LAST)
    assert len(found) < 40
    assert {D(2026, 6, 2), D(2026, 9, 1), D(2026, 5, 15), D(2026, 3, 5)} <= set(found)


def test_nothing_lies_between_a_day_and_itself():
    assert breakpoints(facts(), NORDWERK, FIRST, FIRST) == []
    assert breakpoints(facts(), NORDWERK, LAST, FIRST) == []


def test_the_end_of_a_month_is_clipped():
    # 31 March a month later is 30 April; the year before, 29 February has no day of its own.
    rules = nordwerk(
        measures={
            "m": {"from": "sales", "take": "count", "during": "last 1 months", "ago": "1 month"}
        },
        metrics={"k": {"value": "m", "points": "per_unit(value, 1, 9)"}},
        levels=[{"id": "silver", "requires": ["total >= 1"]}],
        groups={},
    )
    for day in (D(2024, 1, 31), D(2024, 2, 29), D(2024, 3, 30), D(2024, 12, 31)):
        case = Case(facts(sales=[(day, "K", Fraction(1))]), [rules])
        assert history(case, day, day + 200 * ONE) == every_day(case, day, day + 200 * ONE)


@pytest.mark.parametrize(
    "where",
    [
        "days_since(issued) - 60 > months_since(issued)",
        "days_since(issued) / 7 > 10",
        "issued < day and expires >= day",
        "days_since(issued) >= 100",
        "days_since(issued) = 100",
        "10 > months_since(issued)",
        "months_since(partner.enrolled) <= 3",
        "day >= 2026-05-05",
        "days_since(per[person]) > 30",
    ],
)
def test_formulas_that_look_at_the_day(where):
    rules = nordwerk(
        groups={"per": {"from": "certificates", "by": ["person"], "take": "min(issued)"}},
        measures={"m": {"from": "certificates", "where": where, "take": "count", "during": "ever"}},
        metrics={"k": {"value": "m", "points": "per_unit(value, 1, 9)"}},
        levels=[{"id": "silver", "requires": ["total >= 1"]}],
    )
    known = facts([(D(2025, 12, 31), D(2026, 6, 30), "P", "A"), (D(2025, 6, 1), None, "Q", "B")])
    case = Case(known, [rules])
    found = history(case, FIRST, LAST)
    assert found == every_day(case, FIRST, LAST)
    assert len(found) > 1


def test_a_region_begins_with_its_first_fact():
    rules = nordwerk(
        regions={"field": "customer"},
        groups={},
        measures={"m": {"from": "certificates", "take": "count", "during": "ever"}},
        metrics={"k": {"value": "m", "points": "per_unit(value, 1, 9)"}},
        levels=[{"id": "silver", "requires": ["total >= 1"]}],
    )
    case = Case(facts(sales=[(D(2026, 5, 5), "K", Fraction(1))]), [rules])
    assert [one.region for one in history(case, FIRST, LAST)] == [None, "K"]


def test_rules_in_force():
    assert in_force([STRICTER, NORDWERK], D(2026, 6, 30)) is NORDWERK
    assert in_force([STRICTER, NORDWERK], D(2026, 7, 1)) is STRICTER
    assert in_force([STRICTER, NORDWERK], D(2020, 1, 1)) is NORDWERK
    with pytest.raises(ValueError, match="no rules"):
        in_force([], FIRST)


def test_stricter_rules_in_mid_year_take_a_level_on_their_day():
    known = facts([(D(2026, 1, 1), None, one, "B") for one in "PQR"])
    found = attained(Case(known, [NORDWERK, STRICTER]), D(2026, 6, 1), D(2026, 8, 31))
    assert found == [Attained(D(2026, 6, 1), "silver"), Attained(D(2026, 7, 1), None)]


def test_an_earlier_promise_is_seen():
    rules = preset_rules("quality-scale", "2026-01")
    known = facts()
    known = type(known)({**known.partner, "works_with": True}, {})
    assert [one.grandfathered for one in attained(Case(known, [rules]), FIRST, LAST)] == [True]


def test_who_leaves_takes_certificates_along():
    known = facts([(D(2026, 1, 1), None, "P", "B"), (D(2026, 1, 1), D(2026, 3, 31), "P", "B")])
    case = Case(known, [NORDWERK], {"P": D(2026, 6, 10)})
    rows = case.on(D(2026, 1, 1)).rows["certificates"]
    assert [row.values["expires"] for row in rows] == [D(2026, 6, 9), D(2026, 3, 31)]
    assert case.score(D(2026, 6, 9)).measures["people"] == 1
    assert case.score(D(2026, 6, 10)).measures["people"] == 0


def test_what_has_no_end_leaves_on_the_day():
    case = Case(
        facts(sales=[(D(2026, 3, 1), "K", Fraction(9))]),
        [NORDWERK],
        {"K": D(2026, 5, 1)},
        "customer",
    )
    totals = [case.score(day).measures["year"] for day in (D(2026, 4, 30), D(2026, 5, 1))]
    assert totals == [Fraction(0), Fraction(0)]  # the year begins in April
    totals = [case.score(day).measures["sold"] for day in (D(2026, 4, 30), D(2026, 5, 1))]
    assert totals == [Fraction(9), Fraction(0)]


@pytest.mark.parametrize("preset", presets(), ids=lambda one: one.name)
def test_no_preset_needs_every_day(preset):
    rules = preset_rules(preset.id, preset.version)
    assert len(breakpoints(facts(), rules, FIRST, LAST)) < 20


def test_a_row_without_a_day_and_an_item_without_end_change_nothing_by_themselves():
    for_ever = nordwerk(
        lists={
            "exams": [{"item": "A", "counts_until": "9999-12-31"}, {"item": "B"}],
            "releases": [{"item": "A", "from": "2020-01-01"}],
        }
    )
    certificates = [(None, None, "P", "A"), (D(2026, 3, 1), None, "Q", "A")]
    known = facts(certificates, [(None, "K", Fraction(80))], [(None, None, "T")])
    case = Case(known, [for_ever])
    assert history(case, FIRST, LAST) == every_day(case, FIRST, LAST)
    assert case.score(LAST).measures["people"] == 1


def test_where_every_day_counts_every_day_is_looked_at_and_no_other():
    ages = {"from": "certificates", "take": "sum(days_since(issued))"}
    metrics = {"age": {"value": "m", "points": "linear(value, 900, 40)"}}
    levels = [{"id": "silver", "requires": ["total >= 1"]}]
    rules = nordwerk(measures={"m": ages}, groups={}, metrics=metrics, levels=levels)
    known = facts([(D(2026, 1, 1), None, "P", "A")])
    found = breakpoints(known, rules, FIRST, D(2026, 3, 31))
    assert list(found) == [FIRST + dt.timedelta(days=one) for one in range(1, 59)]


LEVEL = [{"id": "silver", "requires": ["total >= 1"]}]
CLOCKS = {
    "value": {"value": "days_since(partner.enrolled)", "points": "gate(value > 200, 5)"},
    "points": {"value": "people", "points": "gate(days_since(partner.enrolled) > 200, 5)"},
    "applies": {"value": "people + 1", "points": "5", "applies": "day > 2026-08-03"},
    "max": {"value": "people + 1", "points": "5", "max": "1 if day < 2026-08-04 else 5"},
}


@pytest.mark.parametrize("part", CLOCKS)
def test_the_day_itself_may_change_a_metric(part):
    rules = nordwerk(metrics={"m": CLOCKS[part]}, levels=LEVEL)
    case = Case(facts(), [rules])
    totals = {one.as_of: one.total for one in every_day(case, FIRST, LAST)}
    assert len(set(totals.values())) == 2
    assert history(case, FIRST, LAST) == every_day(case, FIRST, LAST)


def test_a_version_that_begins_is_asked_for_its_own_days():
    """The first version looks at all sales, the second at those of thirty days."""
    metrics = {"m": {"value": "sold", "points": "linear(value, 100, 40)"}}
    whole, month = (
        nordwerk(
            version,
            since,
            measures={"sold": {"from": "sales", "take": "sum(amount)", "during": during}},
            groups={},
            metrics=metrics,
            levels=LEVEL,
        )
        for version, since, during in (
            ("2026", "2026-01-01", "ever"),
            ("2026-07", "2026-07-01", "last 30 days"),
        )
    )
    case = Case(facts(sales=[(D(2026, 6, 20), "K", Fraction(80))]), [whole, month])
    found = history(case, FIRST, LAST)
    assert [one.total for one in found][-1] == 0
    assert found[-1].as_of == D(2026, 7, 20)
    assert found == every_day(case, FIRST, LAST)
