"""Rule files are read whole, or every mistake is named with its place."""

from __future__ import annotations

import datetime as dt
import pickle
from fractions import Fraction

import pytest

from domain.programme.rules.building import BASE, mapping, problems, rules
from mutualist.domain.programme.rules.problems import Problem, RuleSetError
from mutualist.domain.programme.rules.reading import read_rules
from mutualist.domain.programme.rules.windows import Span

D = dt.date
WRONG = {
    "another kind of file": ({"schema": "room/1"}, ("", "wrong_schema")),
    "no id": ({"id": None}, ("", "missing")),
    "an id with capitals": ({"id": "Small Programme"}, ("id", "not_id")),
    "a version that is a list": ({"version": [1]}, ("version", "not_text")),
    "words in one language": ({"words": {"de": "Nur Deutsch"}}, ("words", "not_words")),
    "a key nobody knows": ({"levles": []}, ("", "unknown_key")),
    "no start": ({"effective": {}}, ("effective", "missing")),
    "a start that is no day": ({"effective": {"from": "2026-02-30"}}, ("effective.from", "not_date")),
    "an end before the start": (
        {"effective": {"from": "2026-01-01", "until": "2025-12-31"}},
        ("effective", "dates_swapped"),
    ),
    "a currency of two letters": ({"currency": "EU"}, ("currency", "not_currency")),
    "a rate of nothing": (
        {"exchange": [{"currency": "USD", "from": "2026-01-01", "rate": 0}]},
        ("exchange[1].rate", "not_positive"),
    ),
    "rates that are no list": ({"exchange": {"USD": 1}}, ("exchange", "not_list")),
    "a month 13": ({"fiscal_year_starts": 13}, ("fiscal_year_starts", "not_whole")),
    "a field of a kind nobody knows": ({"partner__staff": "integer"}, ("partner.staff.type", "unknown_value")),
    "too many decimals": (
        {"partner__staff": {"type": "number", "decimals": 20}},
        ("partner.staff.decimals", "not_whole"),
    ),
    "a field with a blank in its name": ({"partner": {"how many": "number"}}, ("partner.how many", "not_name")),
    "a table without a day": ({"facts__sales__date": None}, ("facts.sales", "missing")),
    "a day that is a text": (
        {"facts__sales__date": "customer"},
        ("facts.sales", "needs_date"),
    ),
    "a column beside an amount that is taken": (
        {"facts__sales__fields__amount_currency": "text"},
        ("facts.sales", "taken"),
    ),
    "an item twice": ({"lists__basic": ["B1", "B1"]}, ("lists.basic", "doubled_item")),
    "a rate in a list that is no number": (
        {"lists__rates__rows": [{"item": "a", "rate": "much"}]},
        ("lists.rates.rows[1].rate", "value_kind"),
    ),
    "a constant that is a text": ({"numbers__full": "much"}, ("numbers.full", "not_number")),
    "a table nobody declared": ({"measures__sold__from": "sale"}, ("measures.sold.from", "unknown_value")),
    "a take nobody knows": ({"measures__sold__take": "median(amount)"}, ("measures.sold.take", "not_take")),
    "a sum of texts": ({"measures__sold__take": "sum(customer)"}, ("measures.sold.take", "not_take")),
    "a take that does not parse": ({"measures__sold__take": "sum(amount"}, ("measures.sold.take", "formula")),
    "a period nobody knows": ({"measures__sold__during": "lately"}, ("measures.sold.during", "not_window")),
    "a period of no months": (
        {"measures__sold__during": "last 0 months"},
        ("measures.sold.during", "not_window"),
    ),
    "a period since a field that is no date": (
        {"measures__sold__during": "since partner.staff"},
        ("measures.sold.during", "not_window"),
    ),
    "any day of a table without an end": (
        {"measures__sold__during": "any day of last 12 months"},
        ("measures.sold.during", "no_until"),
    ),
    "a length without a unit": ({"measures__sold__ago": "12"}, ("measures.sold.ago", "not_span")),
    "a time for a group": (
        {"measures__sold": {"from": "bought", "take": "count", "ago": "1 month"}},
        ("measures.sold.ago", "group_time"),
    ),
    "a group without keys": ({"groups__bought__by": []}, ("groups.bought", "missing")),
    "a key nobody knows in a group": (
        {"groups__bought__by": ["client"]},
        ("groups.bought.by[1]", "unknown_value"),
    ),
    "amounts as a key": ({"groups__bought__by": ["amount"]}, ("groups.bought.by[1]", "unknown_value")),
    "out of a list nobody declared": (
        {"measures__people__out_of": "expert"},
        ("measures.people.out_of", "unknown_value"),
    ),
    "out of a list without counting names": (
        {"measures__sold__out_of": "basic"},
        ("measures.sold", "out_of_without_count"),
    ),
    "a metric without a value": ({"metrics__skill__value": None}, ("metrics.skill", "missing")),
    "a metric that is a text": (
        {"metrics__skill__value": "partner.country"},
        ("metrics.skill.value", "formula"),
    ),
    "a name nobody knows": ({"metrics__skill__value": "poeple"}, ("metrics.skill.value", "formula")),
    "one name for two things": ({"numbers__sold": 3}, ("measures.sold", "taken")),
    "a track of metrics nobody knows": (
        {"tracks": {"one": {"metrics": ["skil"]}}},
        ("tracks.one.metrics[1]", "unknown_value"),
    ),
    "best of no tracks": ({"total": "best of tracks"}, ("", "missing")),
    "a total that is a list": ({"total": [1]}, ("total", "not_text")),
    "weights of 90 %": (
        {"total": {"weighted": {"revenue": "50 %", "skill": 0.4}}},
        ("total.weighted", "weights_sum"),
    ),
    "a weight of a metric nobody knows": (
        {"total": {"weighted": {"revenue": 1, "fame": 1}}},
        ("total.weighted.fame", "unknown_value"),
    ),
    "no levels": ({"levels": []}, ("levels", "no_levels")),
    "a badge of no colour": (
        {"levels": [{"id": "a", "badge": "gold"}]},
        ("levels[1].badge", "colour"),
    ),
    "a level twice": ({"levels": [{"id": "a"}, {"id": "a"}]}, ("levels[2]", "taken")),
    "a condition that is a number": (
        {"levels": [{"id": "a", "requires": ["total"]}]},
        ("levels[1].requires[1].if", "formula"),
    ),
    "a level that knows a higher one": (
        {"levels": [{"id": "a", "requires": ["met.b"]}, {"id": "b"}]},
        ("levels[1].requires[1].if", "formula"),
    ),
    "regions by a field nobody knows": ({"regions": {"field": "area"}}, ("regions.field", "unknown_value")),
    "regions and the best of all": (
        {"regions": {"field": "region"}, "relative": {"top": {"of": "revenue", "best": "3 %"}}},
        ("regions", "regions_relative"),
    ),
    "the best of something nobody knows": (
        {"relative": {"top": {"of": "fame", "best": "3 %"}}},
        ("relative.top.of", "no_relative_value"),
    ),
    "the best of more than all": (
        {"relative": {"top": {"of": "revenue", "best": "300 %"}}},
        ("relative.top.best", "not_share"),
    ),
    "the best within a field nobody knows": (
        {"relative": {"top": {"of": "revenue", "best": 0.03, "within": "land"}}},
        ("relative.top.within", "unknown_value"),
    ),
    "rising every day": ({"status": {"rise": "daily"}}, ("status.rise", "unknown_value")),
    "a review in month 0": ({"status": {"review": {"months": [0]}}}, ("status.review.months", "not_whole")),
    "a window in days": (
        {"status": {"qualifies": {"any_day_in": "6 days"}}},
        ("status.qualifies.any_day_in", "not_span"),
    ),
    "an action on a table nobody knows": (
        {"actions": {"learn": {"adds": {"table": "exam"}}}},
        ("actions.learn.adds.table", "unknown_value"),
    ),
    "an action with a field of another kind": (
        {"actions": {"learn": {"adds": {"table": "exams", "row": {"mark": "good"}}}}},
        ("actions.learn.adds.row.mark", "value_kind"),
    ),
    "a heading nobody declared": ({"metrics__skill__category": "art"}, ("metrics.skill.category", "unknown_value")),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_a_mistake_is_named_with_its_place(name):
    changes, expected = WRONG[name]
    assert expected in problems(mapping(**changes))


def test_the_small_programme_has_no_mistake():
    assert problems(BASE) == []


@pytest.mark.parametrize("document", [None, [], "programme/1", 7, {}, {"schema": "programme/1"}])
def test_what_is_no_rule_set_is_refused(document):
    assert problems(document)


def test_all_mistakes_come_at_once():
    wrong = mapping(currency="EU", numbers__full="much", levels=[{"id": "a", "requires": ["x"]}])
    assert {place for place, _code in problems(wrong)} >= {
        "currency",
        "numbers.full",
        "levels[1].requires[1].if",
    }


@pytest.mark.parametrize(
    ("changes", "circle"),
    [
        (
            {
                "groups": {
                    "a": {"from": "b", "by": ["customer"], "take": "count"},
                    "b": {"from": "a", "by": ["customer"], "take": "count"},
                }
            },
            "a → b → a",
        ),
        (
            {"groups": {"a": {"from": "sales", "by": ["customer"], "where": "customer in a"}}},
            "a → a",
        ),
        ({"metrics__skill__value": "revenue", "metrics__revenue__value": "skill"}, "skill"),
        (
            {"metrics__skill__value": "people + points.revenue", "metrics__revenue__applies": "skill > 0"},
            "revenue",
        ),
        (
            {
                "relative": {"top": {"of": "skill", "best": 0.5}},
                "metrics__skill__value": "people if top else 0",
            },
            "skill",
        ),
    ],
)  # fmt: skip
def test_a_circle_is_named(changes, circle):
    with pytest.raises(RuleSetError) as caught:
        read_rules(mapping(**changes))
    said = caught.value.message("en")
    assert "circle" in said
    assert circle in said


def test_what_is_read():
    read = rules(
        fiscal_year_starts=7,
        cap=100,
        status={
            "rise": "monthly",
            "review": {"months": [7, 1], "day": 15},
            "qualifies": {"any_day_in": "6 calendar months"},
            "grace": "60 days",
            "held": "13 months",
            "renewal": {"before": "60 days", "after": "30 days"},
            "frozen": "programme year",
            "grandfathered": "partner.special",
        },
        actions={
            "learn": {
                "adds": {"table": "exams", "row": {"name": "B2", "person": "new", "mark": "1.5"}},
                "cost": {"money": 400, "hours": 24.5},
                "at_most": 3,
                "days": 30,
            }
        },
    )
    assert (read.since, read.until, read.fiscal_start) == (D(2026, 1, 1), None, 7)
    assert read.rate("USD", D(2026, 6, 30)) == Fraction(9, 10)
    assert read.rate("USD", D(2026, 7, 1)) == Fraction(8, 10)
    assert read.rate("USD", D(2025, 12, 31)) is None
    assert (read.rate("EUR", D(2020, 1, 1)), read.rate(None, D(2020, 1, 1))) == (1, 1)
    status = read.status
    assert (status.rise, status.fall, status.any_day_in) == ("monthly", "at review", 6)
    assert (status.review_months, status.review_day) == ((1, 7), 15)
    assert (status.grace, status.held) == (Span(60, "days"), Span(13, "months"))
    assert status.frozen
    learn = read.steps["learn"]
    assert (learn.money, learn.hours, learn.at_most, learn.days) == (400, Fraction(49, 2), 3, 30)
    assert learn.adds[0].row["mark"] == Fraction(3, 2)
    assert read.total.cap == 100
    assert read.lists["rates"].items["b"].values["rate"] == Fraction(1, 2)
    assert read.lists["basic"].counting(D(2026, 6, 30)) == {"B1", "B2"}
    assert read.lists["basic"].counting(D(2026, 7, 1)) == {"B2"}
    assert read.lists["releases"].latest(D(2025, 12, 31), 2) == {"16", "17"}


@pytest.mark.parametrize(
    ("points", "threshold"),
    [
        ("linear(value, 5, 20)", 5),
        ("linear(value - 1, 4, 8)", 5),
        ("gate(people > 0, per_unit(value, 4, 20))", 5),
        ("brackets_from(value, [[1, 5], [12, 8]])", 12),
        ("linear(people, 5, 20)", None),
        ("value * 2", None),
    ],
)
def test_a_threshold_is_read_from_the_points(points, threshold):
    metric = rules(metrics__revenue__points=points).metrics["revenue"]
    found = metric.threshold
    if threshold is None:
        assert found is None
        return
    from mutualist.domain.programme.rules.bounds import Bounds

    assert Bounds(rules()).of(found.tree).high == threshold


def test_a_metric_stands_behind_those_it_needs():
    read = rules(metrics__revenue__value="sold + skill")
    assert list(read.metrics) == ["skill", "revenue"]


def test_an_error_keeps_its_problems_between_processes():
    error = RuleSetError([Problem("levels", "missing", {"key": "id"})])
    assert pickle.loads(pickle.dumps(error)).message("de") == error.message("de")
