"""What is counted, and from which rows: periods, conditions, groups, currencies."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest

from domain.programme.scoring.making import exam, facts, link, measured, sale

D = dt.date
SALES = facts(
    sales=[
        sale("2026-03-31", 1, "a", region="n", paid=True),
        sale("2026-03-01", 2, "a", region="s"),
        sale("2026-02-28", 4, "b", region="s", paid=False),
        sale("2025-04-01", 8, None),
        sale("2025-03-31", 16, "c"),
        sale("2026-04-01", 32, "d"),
    ]
)
EMPTY = facts()


def total(**more):
    return {"from": "sales", "take": "sum(amount)", **more}


@pytest.mark.parametrize(
    ("during", "expected"),
    [
        (None, 31),
        ("ever", 31),
        ("last 12 months", 15),
        ("last closed month", 4),
        ("this month", 3),
        ("last 1 days", 1),
        ("last 3 closed months", 4),
        ("this year", 7),
        ("last closed year", 24),
    ],
)
def test_a_period_has_a_first_and_a_last_day(during, expected):
    assert measured(total(**({"during": during} if during else {})), SALES) == expected


def test_a_year_ago():
    assert measured(total(ago="12 months"), SALES) == 16
    assert measured(total(during="this month", ago="1 month"), SALES) == 4


def test_since_a_date_of_the_partner():
    since = total(during="since partner.enrolled")
    assert measured(since, SALES) == 0
    enrolled = facts(
        {"enrolled": "2026-03-01"}, sales=[dict(r.values) for r in SALES.rows["sales"]]
    )
    assert measured(since, enrolled) == 3


SPANS = facts(
    links=[
        link("2025-01-01", None, "a"),
        link("2025-01-01", "2026-03-31", "b"),
        link("2025-01-01", "2026-03-30", "c"),
        link("2026-03-31", None, "d"),
        link("2026-04-01", None, "e"),
        link("2024-01-01", "2025-03-31", "f"),
        link("2024-01-01", "2025-04-01", "g"),
    ]
)


@pytest.mark.parametrize(
    ("during", "expected"),
    [(None, 3), ("ever", 6), ("last 12 months", 1), ("any day of last 12 months", 5)],
)
def test_rows_with_an_end(during, expected):
    count = {"from": "links", "take": "count(distinct customer)"}
    assert measured({**count, **({"during": during} if during else {})}, SPANS) == expected


@pytest.mark.parametrize(
    ("take", "some", "none"),
    [
        ("count", 5, 0),
        ("count(distinct customer)", 3, 0),
        ("count(distinct customer, region)", 3, 0),
        ("sum(amount)", 31, 0),
        ("max(amount)", 16, None),
        ("min(amount)", 1, None),
        ("average(amount)", Fraction(31, 5), None),
        ("latest(customer)", "a", None),
        ("latest(region)", "n", None),
        ("min(day)", D(2025, 3, 31), None),
        ("max(day)", D(2026, 3, 31), None),
        ("any", True, False),
    ],
)
def test_what_is_made_of_rows(take, some, none):
    measure = {"from": "sales", "take": take}
    assert measured(measure, SALES) == some
    assert measured(measure, EMPTY) == none


def test_empty_fields_are_left_out():
    few = facts(
        sales=[sale("2026-01-01", 3), {"day": "2026-01-02"}, {"day": "2026-01-03", "customer": "z"}]
    )
    for take, expected in {
        "sum(amount)": 3,
        "average(amount)": 3,
        "max(amount)": 3,
        "count(distinct customer)": 2,
        "count(distinct customer, amount)": 1,
        "latest(amount)": 3,
        "count": 3,
    }.items():
        assert (take, measured({"from": "sales", "take": take}, few)) == (take, expected)


def test_of_several_values_on_the_latest_day_the_largest_counts():
    both = facts(
        sales=[
            sale("2026-01-02", 5),
            sale("2026-01-02", 7),
            sale("2026-01-02", 6),
            sale("2026-01-01", 9),
        ]
    )
    assert measured({"from": "sales", "take": "latest(amount)"}, both) == 7


def test_a_row_without_a_day_does_not_count():
    assert measured(total(), facts(sales=[{"amount": 5}, sale("2026-01-01", 3)])) == 3


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ("customer = a", 3),
        ("customer != a", 20),
        ("customer in [a, 'b']", 7),
        ("customer not in [a, b]", 24),
        ("customer is empty", 8),
        ("paid", 1),
        ("not paid", 30),
        ("paid = false", 4),
        ("amount >= 4", 28),
        ("amount / 0 > 1", 0),
        ("amount > 2 * amount - 2", 1),
        ("day >= 2026-03-01", 3),
        ("days_since(day) <= 30", 3),
        ("months_since(day) = 1", 4),
        ("customer = a or region = s", 7),
        ("customer = a and region = s", 2),
        ("partner.country = DE", 0),
        ("partner.country is empty", 31),
        ("lookup(customer, rates, rate) = 2", 3),
        ("lookup(customer, rates, rate) is empty", 24),
        ("customer in rates", 7),
        ("bought[customer] > 3", 20),
        ("bought[customer] >= 3", 23),
        ("customer in bought", 23),
        ("any(customer = c, at_least(2, customer = a, region = n, paid))", 17),
        ("(1 if paid else 0) = 1", 1),
        ("customer in [region, a]", 3),
        ("max(day, day) = day", 31),
        ("growth(amount, 2) > 0", 28),
    ],
)
def test_conditions_over_rows(where, expected):
    assert measured(total(where=where), SALES) == expected


def test_lists_count_on_the_day_that_is_looked_from():
    known = facts(
        exams=[
            exam("2025-01-01", "p", "B1"),
            exam("2025-01-01", "q", "B2"),
            exam("2025-01-01", "r", "C"),
        ]
    )
    count = {"from": "exams", "where": "valid(name, basic)", "take": "count(distinct person)"}
    assert measured(count, known, D(2026, 6, 30)) == 2
    assert measured(count, known, D(2026, 7, 1)) == 1
    assert measured({**count, "ago": "1 day"}, known, D(2026, 7, 1)) == 2


def test_the_latest_items_of_a_list():
    known = facts(exams=[exam("2023-01-01", "p", name) for name in ("16", "17", "18")])
    count = {
        "from": "exams",
        "where": "within_latest(name, releases, 2)",
        "take": "count(distinct name)",
    }
    assert measured(count, known, D(2026, 1, 1)) == 2
    latest = {
        **count,
        "take": "min(passed)",
        "where": "within_latest(name, releases, 1) and name = '17'",
    }
    assert measured(latest, known, D(2025, 12, 31)) == D(2023, 1, 1)
    assert measured(latest, known, D(2026, 1, 1)) is None


def test_groups_of_groups():
    groups = {
        "bought": {"from": "sales", "by": ["customer", "region"], "take": "sum(amount)"},
        "places": {"from": "bought", "by": ["customer"], "take": "count", "where": "value > 1"},
    }
    one = {"from": "places", "where": "value = 1 and customer in [a, b]", "take": "count"}
    assert measured(one, SALES, groups=groups) == 2
    two = {
        "from": "sales",
        "where": "bought[customer, region] > 1 and [customer, region] in bought",
        "take": "count",
    }
    assert measured(two, SALES, groups=groups) == 2
    again = total(where="customer in places and bought[customer, region] > 0")
    assert measured(again, SALES, groups=groups) == 7
    # Of the five sales in force two have no region or no customer: they belong to no group.
    assert measured({"from": "bought", "take": "sum(value)"}, SALES, groups=groups) == 7


def test_a_group_is_computed_for_its_own_time():
    groups = {"early": {"from": "sales", "by": ["customer"], "take": "any", "ago": "12 months"}}
    assert measured(total(where="customer in early"), SALES, groups=groups) == 16
    assert measured(total(where="early[customer]"), SALES, groups=groups) == 16


def test_amounts_in_other_currencies():
    mixed = facts(
        sales=[
            sale("2026-02-01", 100, amount_currency="USD"),
            sale("2026-02-01", 100, amount_currency="EUR"),
            sale("2026-02-01", 100, amount_currency=""),
            sale("2025-12-31", 100, amount_currency="USD"),
            sale("2026-02-01", 100, amount_currency="XXX"),
        ]
    )
    assert measured(total(), mixed) == 290
    assert measured({"from": "sales", "where": "amount is empty", "take": "count"}, mixed) == 2
    late = facts(sales=[sale("2026-07-01", 100, amount_currency="USD")])
    assert measured(total(), late, D(2026, 7, 1)) == 80
