"""What partners earn: the published tables, additions before promotions, tiers, caps, splits, currencies."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.programme.commission.rules import ODOO, small
from mutualist.domain.programme.commission import (
    CapKey,
    CommissionError,
    Credit,
    Invoice,
    check_versions,
    earn,
    read_commission_rules,
    rules_on,
)

DAY = date(2026, 3, 16)


def _earn(rules, amount, product="licence", *, level="none", used=None, turnover=None, **more):
    invoice = Invoice("R-1", DAY, amount, more.pop("currency", "EUR"), product, **more)
    parts = [Credit("tauwerk", level=level)]
    return earn(invoice, rules, parts, used=used or {}, turnover=turnover or {})


@pytest.mark.parametrize(
    ("product", "level", "expected"),
    [
        ("enterprise", "learning", 10_00),
        ("enterprise", "ready", 10_00),
        ("enterprise", "silver", 15_00),
        ("enterprise", "gold", 20_00),
        ("hosting", "learning", 10_00),
        ("hosting", "ready", 50_00),
        ("hosting", "silver", 50_00),
        ("hosting", "gold", 50_00),
        ("maintenance", "learning", 82_00),
        ("maintenance", "ready", 82_00),
        ("maintenance", "silver", 82_00),
        ("maintenance", "gold", 82_00),
    ],
)
def test_the_published_table_of_rates(product, level, expected):
    earned = _earn(read_commission_rules(ODOO), 100_00, product, level=level, subscription="S1")
    assert earned.amount == expected


@pytest.mark.parametrize(("currency", "month", "year"), [("EUR", 150, 1440), ("USD", 180, 1728)])
def test_hosting_is_capped_by_month_and_by_year_in_its_own_currency(currency, month, year):
    rules = read_commission_rules(ODOO)
    used: dict[CapKey, int] = {}
    paid = []
    for at in range(1, 13):
        invoice = Invoice(
            f"R-{at}", date(2026, at, 3), 1000_00, currency, "hosting", subscription="S1"
        )
        earned = earn(invoice, rules, [Credit("tauwerk", level="gold")], used=used)
        paid.append(earned.amount)
        for key, cents in earned.usage.items():
            used[key] = used.get(key, 0) + cents
    assert paid[0] == month * 100
    assert sum(paid) == year * 100
    assert paid[8] == month * 100, "nine full months"
    assert paid[9] == (year - 9 * month) * 100, "what is left of the year"
    assert paid[10:] == [0, 0]


def test_an_invoice_for_a_year_is_capped_by_each_month_and_by_the_year():
    rules = read_commission_rules(ODOO)
    for amount, expected in ((6000_00, 1440_00), (2400_00, 1200_00), (3600_00, 1440_00)):
        earned = _earn(
            rules, amount, "hosting", level="gold", subscription="S1", months=12,
            covers_from=date(2026, 1, 1),
        )  # fmt: skip
        assert earned.amount == expected
        assert max(cents for _month, cents in earned.parts[0].months) <= 150_00
    over = _earn(
        rules, 6000_00, "hosting", level="gold", subscription="S1", months=12,
        covers_from=date(2026, 7, 1),
    )  # fmt: skip
    assert over.amount == 2 * 6 * 150_00 == 1800_00, "two calendar years, each below its cap"


def test_a_cap_is_counted_for_each_subscription_alone():
    rules = read_commission_rules(ODOO)
    first = _earn(rules, 1000_00, "hosting", level="gold", subscription="S1")
    other = _earn(
        rules, 1000_00, "hosting", level="gold", subscription="S2", used=dict(first.usage)
    )
    again = _earn(
        rules, 1000_00, "hosting", level="gold", subscription="S1", used=dict(first.usage)
    )
    assert (first.amount, other.amount, again.amount) == (150_00, 150_00, 0)


def test_additions_come_before_the_promotion():
    growth = {"id": "growth", "rate": "15 %", "mark": "growth"}
    launch = {"id": "launch", "rate": "10 %", "from": "2026-03-01", "until": "2026-03-31"}
    rules = read_commission_rules(
        small(
            products={"licence": {"kind": "margin", "rate": "20 %"}},
            additions=[growth],
            promotions=[launch],
        )
    )
    assert 100_00 - _earn(rules, 100_00, marks=frozenset({"growth"})).amount == 58_50
    assert 100_00 - _earn(rules, 100_00).amount == 72_00, "without the mark there is no growth"
    later = Invoice("R-2", date(2026, 4, 1), 100_00, "EUR", "licence")
    assert 100_00 - earn(later, rules, [Credit("t")]).amount == 80_00, "the promotion is over"


def test_a_promotion_on_a_commission_raises_it():
    rules = read_commission_rules(
        small(
            additions=[{"id": "new", "rate": "5 %", "levels": ["gold"], "products": ["licence"]}],
            promotions=[{"id": "spring", "rate": "20 %"}],
        )
    )
    assert _earn(rules, 1000_00, level="gold").amount == 300_00
    assert _earn(rules, 1000_00, level="silver").amount == 120_00


TIERS = [{"above": 0, "rate": "10 %"}, {"above": 10000, "rate": "12 %"}]


@pytest.mark.parametrize(
    ("more", "amount", "before", "expected"),
    [
        ({}, 15_000_00, 0, 1_600_00),
        ({}, 10_000_00, 0, 1_000_00),
        ({}, 15_000_00, 9_000, 1_600_00),
        ({"applies_to": "whole"}, 15_000_00, 0, 1_800_00),
        ({"applies_to": "whole"}, 10_000_00, 0, 1_000_00),
        ({"counted": "year"}, 2_000_00, 9_000, 220_00),
        ({"counted": "year"}, 2_000_00, 12_000, 240_00),
        ({"counted": "year", "applies_to": "whole"}, 2_000_00, 9_000, 240_00),
    ],
)
def test_tiers(more, amount, before, expected):
    rules = read_commission_rules(small(products={"licence": {"tiers": {"rates": TIERS, **more}}}))
    assert _earn(rules, amount, turnover={"tauwerk": Fraction(before)}).amount == expected


def test_fixed_amounts_by_currency_and_unit():
    rules = read_commission_rules(
        small(
            products={
                "licence": {"flat": {"EUR": 50, "JPY": 8000}},
                "seat": {"flat": {"amount": "12,50", "each": "unit"}},
            }
        )
    )
    assert _earn(rules, 9_99).amount == 50_00
    assert _earn(rules, 999, currency="JPY").amount == 8000
    assert _earn(rules, 9_99, "seat", units=Fraction(5, 2)).amount == 31_25
    with pytest.raises(CommissionError, match=r"USD.*EUR, JPY"):
        _earn(rules, 9_99, currency="USD")


def test_several_partners_share_to_the_cent():
    rules = read_commission_rules(small())
    third = Fraction(1, 3)
    invoice = Invoice("R-1", DAY, 100_01, "EUR", "licence")
    parts = [Credit(name, third, "silver") for name in ("a", "b", "c")]
    earned = earn(invoice, rules, parts)
    assert [part.base for part in earned.parts] == [33_34, 33_34, 33_33]
    assert [part.amount for part in earned.parts] == [3_34, 3_33, 3_33]
    assert earned.amount == 10_00, "10 % of 100.01, rounded once"
    mixed = earn(
        invoice, rules, [Credit("a", Fraction(1, 2), "gold"), Credit("b", Fraction(1, 2), "silver")]
    )
    assert [part.amount for part in mixed.parts] == [10_00, 5_00], (
        "each by its own level; half a cent goes to the larger remainder"
    )


def test_a_cap_for_a_subscription_is_shared_by_those_credited():
    rules = read_commission_rules(ODOO)
    invoice = Invoice("R-1", DAY, 1000_00, "EUR", "hosting", subscription="S1")
    shares = [Credit("a", Fraction(1, 4), "gold"), Credit("b", Fraction(3, 4), "gold")]
    assert [part.amount for part in earn(invoice, rules, shares).parts] == [37_50, 112_50]


def test_currencies_are_never_mixed_without_a_dated_rate():
    rate = {"currency": "USD", "from": "2026-02-01", "rate": "0.90"}
    rules = read_commission_rules(small(payout="EUR", exchange=[rate]))
    assert _earn(rules, 100_00, level="gold", currency="USD").amount == 18_00
    early = Invoice("R-1", date(2026, 1, 31), 100_00, "USD", "licence")
    with pytest.raises(CommissionError) as caught:
        earn(early, rules, [Credit("t", level="gold")])
    assert caught.value.problems[0].code == "no_rate"
    assert "2026-01-31" in caught.value.message("de")
    newer = read_commission_rules(
        small(payout="EUR", exchange=[rate, {**rate, "from": "2026-03-16", "rate": 0.8}])
    )
    assert _earn(newer, 100_00, level="gold", currency="USD").amount == 16_00
    yen = read_commission_rules(
        small(payout="EUR", exchange=[{"currency": "JPY", "from": "2026-01-01", "rate": "0.0061"}])
    )
    assert _earn(yen, 100_000, level="gold", currency="JPY").amount == 122_00


def test_a_cap_without_the_currency_is_converted_by_the_dated_rate():
    products = {
        "licence": {"rate": "50 %", "caps": [{"per": "partner", "each": "month", "amount": 100}]}
    }
    rate = {"currency": "CHF", "from": "2026-01-01", "rate": "1.25"}
    rules = read_commission_rules(small(products=products, exchange=[rate]))
    assert _earn(rules, 1000_00, currency="CHF").amount == 80_00
    with pytest.raises(CommissionError, match="USD"):
        _earn(rules, 1000_00, currency="USD")


def test_everything_that_stands_in_the_way_is_said_at_once():
    rules = read_commission_rules(ODOO)
    invoice = Invoice("R-1", date(2020, 1, 1), -5, "EUR", "hosting", months=0)
    parts = [Credit("a", Fraction(1, 2), "platinum"), Credit("a", Fraction(0))]
    with pytest.raises(CommissionError) as caught:
        earn(invoice, rules, parts)
    assert [problem.code for problem in caught.value.problems] == [
        "not_positive", "bad_months", "no_version", "split_twice", "level_unknown", "split_zero", "split_sum",
        "no_subscription",
    ]  # fmt: skip
    for lang in ("de", "en"):
        assert "{" not in caught.value.message(lang)
    with pytest.raises(CommissionError, match="no rule for the product boat"):
        _earn(rules, 1, "boat")
    with pytest.raises(CommissionError, match="No partner"):
        earn(Invoice("R-1", DAY, 5, "EUR", "maintenance"), rules, [])


def test_other_stands_for_products_without_a_rule():
    rules = read_commission_rules(
        small(
            products={"other": {"rate": "5 %"}},
            additions=[{"id": "x", "rate": "1 %", "products": ["other"]}],
        )
    )
    assert _earn(rules, 100_00, "boat").amount == 6_00


def test_the_version_of_the_day_counts_and_two_on_one_day_are_refused():
    first = read_commission_rules(small(version="1"))
    second = read_commission_rules(small(version="2", effective={"from": "2027-01-01"}))
    assert rules_on([first, second], date(2026, 12, 31)) is first
    assert rules_on([first, second], date(2027, 1, 1)) is second
    check_versions([second, first])
    with pytest.raises(CommissionError, match="2025-12-31"):
        rules_on([first, second], date(2025, 12, 31))
    third = read_commission_rules(small(version="3", effective={"from": "2026-12-31"}))
    with pytest.raises(CommissionError, match="1 and 3 are both in force on 2026-12-31"):
        check_versions([first, third])


_shares = st.lists(st.integers(1, 50), min_size=1, max_size=4)


@settings(max_examples=120, deadline=None)
@given(
    amounts=st.lists(st.integers(1, 400_000), min_size=1, max_size=12),
    months=st.integers(1, 14),
    shares=_shares,
    levels=st.lists(st.sampled_from(ODOO["levels"]), min_size=4, max_size=4),
)
def test_caps_hold_and_cents_are_neither_lost_nor_made(amounts, months, shares, levels):
    rules = read_commission_rules(ODOO)
    total = sum(shares)
    parts = [
        Credit(f"p{at}", Fraction(share, total), levels[at]) for at, share in enumerate(shares)
    ]
    used: dict[CapKey, int] = {}
    for at, amount in enumerate(amounts):
        day = date(2026, 1 + at, 28)
        invoice = Invoice(str(at), day, amount, "EUR", "hosting", subscription="S", months=months)
        earned = earn(invoice, rules, parts, used=used)
        assert earned == earn(invoice, rules, parts, used=dict(used)), "a replay gives the same"
        assert sum(part.base for part in earned.parts) == amount
        for part in earned.parts:
            assert 0 <= part.amount == sum(cents for _month, cents in part.months) <= part.gross
        exact = sum(
            amount
            * credit.share
            * (Fraction(1, 10) if credit.level == "learning" else Fraction(1, 2))
            for credit in parts
        )
        assert abs(sum(part.gross for part in earned.parts) - exact) <= Fraction(len(parts), 2)
        for key, cents in earned.usage.items():
            used[key] = used.get(key, 0) + cents
            assert used[key] <= (150_00 if "-" in key.period else 1440_00)
        by_month = [cents for key, cents in earned.usage.items() if "-" in key.period]
        assert sum(by_month) == earned.amount
