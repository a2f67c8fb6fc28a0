"""Amounts in other currencies, and forms that are seldom used, in one query: worked out by hand, and as one by one."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest

from library.test_programme_runs import compared, small
from mutualist.domain.programme.scoring.facts import Facts, Row
from mutualist.library.programme_runs import score_in_duckdb, tables_of

DAY = dt.date(2026, 3, 31)
EXCHANGE = [
    {"currency": "USD", "from": "2026-01-10", "rate": 0.9},
    {"currency": "USD", "from": "2026-02-10", "rate": 0.8},
    {"currency": "EUR", "from": "2025-01-01", "rate": 2},
    {"currency": "CHF", "from": "2025-01-01", "rate": "1.0625"},
]
SOLD = {
    "measures": {"sold": {"from": "sales", "take": "sum(amount)"}},
    "metrics": {"price": {"value": "sold", "points": "value"}},
    "levels": [{"id": "gold", "requires": ["total >= 1"]}],
}


def sale(day, amount, currency):
    values = {"day": dt.date.fromisoformat(day), "amount": Fraction(amount), "pieces": Fraction(1)}
    return {**values, "amount_currency": currency}


#: What a sale of 100 is worth in the currency of the rules.
WORTH = [
    ("2026-02-01", None, 100),
    ("2026-02-01", "", 100),
    ("2026-02-01", "EUR", 100),
    ("2026-01-09", "USD", 0),
    ("2026-01-10", "USD", 90),
    ("2026-02-09", "USD", 90),
    ("2026-02-10", "USD", 80),
    ("2026-03-31", "USD", 80),
    ("2026-02-10", "CHF", Fraction("106.25")),
    ("2026-02-10", "GBP", 0),
]


def firms(*rows):
    return [
        Facts({"id": f"P{at:02}", "name": ""}, {"sales": (Row("1", sale(day, 100, currency)),)})
        for at, (day, currency, _worth) in enumerate(rows)
    ]


@pytest.mark.parametrize("order", [1, -1])
def test_an_amount_counts_by_the_rate_of_its_day(order):
    rules = small(currency="EUR", exchange=EXCHANGE[::order], **SOLD)
    population = firms(*WORTH)
    found = score_in_duckdb(rules, tables_of(rules, population), DAY)
    totals = {one.partner: one.total for one in found}
    assert [totals[one.id] for one in population] == [worth for _day, _code, worth in WORTH]
    assert compared(rules, population, DAY) == []


def test_amounts_of_one_partner_are_added_in_one_currency():
    rules = small(currency="EUR", exchange=EXCHANGE, **SOLD)
    rows = tuple(
        Row(str(at), sale(day, 100, currency)) for at, (day, currency, _w) in enumerate(WORTH)
    )
    population = [Facts({"id": "P", "name": ""}, {"sales": rows})]
    (found,) = score_in_duckdb(rules, tables_of(rules, population), DAY)
    assert found.total == sum((Fraction(worth) for _day, _code, worth in WORTH), Fraction(0))


def test_the_average_leaves_out_what_has_no_rate():
    each = {"sold": {"from": "sales", "take": "average(amount)"}}
    rules = small(currency="EUR", exchange=EXCHANGE, **{**SOLD, "measures": each})
    rows = tuple(
        Row(str(at), sale(*one))
        for at, one in enumerate(
            [("2026-02-10", 100, "USD"), ("2026-02-10", 100, "GBP"), ("2026-02-10", 100, None)]
        )
    )
    population = [Facts({"id": "P", "name": ""}, {"sales": rows})]
    (found,) = score_in_duckdb(rules, tables_of(rules, population), DAY)
    assert found.total == 90
    assert compared(rules, population, DAY) == []


def test_days_of_partners_limit_rows_and_numbers_are_among_others():
    read = small(
        partner={"enrolled": "date"},
        measures={
            "sold": {
                "from": "sales",
                "where": "partner.enrolled < 2026-02-01 and pieces in [1, 2]",
                "take": "sum(amount)",
                "during": "since partner.enrolled",
            }
        },
        metrics={"price": {"value": "sold", "points": "value if 2 > 1 else 0"}},
        levels=[{"id": "gold", "requires": ["total in [100, 200]"]}],
    )
    rows = tuple(
        Row(str(at), sale(day, 100, None)) for at, day in enumerate(("2026-01-10", "2026-03-01"))
    )
    days = [None, "2026-01-01", "2026-01-10", "2026-01-11", "2026-02-01"]
    population = [
        Facts(
            {
                "id": f"P{at}",
                "name": "",
                "enrolled": dt.date.fromisoformat(day) if day else None,
            },
            {"sales": rows},
        )
        for at, day in enumerate(days)
    ]
    found = {
        one.partner: (one.total, one.level)
        for one in score_in_duckdb(read, tables_of(read, population), DAY)
    }
    assert [found[one.id] for one in population] == [
        *((0, None), (200, "gold"), (200, "gold"), (100, "gold"), (0, None)),
    ]
    assert compared(read, population, DAY) == []


def test_who_has_no_rows_has_nothing_and_what_is_empty_adds_nothing():
    read = small(
        lists={"rates": {"columns": {"rate": "number"}, "rows": [{"item": "a", "rate": 2}]}},
        measures={
            "sold": {"from": "sales", "take": "any"},
            "nothing": {"from": "sales", "take": "sum(lookup(zz, rates, rate))"},
            "mean": {"from": "sales", "take": "average(lookup(zz, rates, rate))"},
        },
        metrics={"price": {"value": "nothing", "points": "months_since(2025-12-31) + nothing"}},
        levels=[{"id": "low"}, {"id": "gold", "requires": ["sold", "mean is empty"]}],
    )
    population = [*firms(WORTH[0]), Facts({"id": "none", "name": ""}, {"sales": ()})]
    for day, months in ((DAY, 3), (dt.date(2026, 3, 30), 2)):
        found = score_in_duckdb(read, tables_of(read, population), day)
        assert {one.partner: (one.level, one.total) for one in found} == {
            "P00": ("gold", months),
            "none": ("low", months),
        }
        assert compared(read, population, day) == []
