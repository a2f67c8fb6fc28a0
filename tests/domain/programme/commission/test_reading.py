"""Rules that cannot be used are refused with place, value and remedy."""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction

import pytest
import yaml

from domain.programme.commission.rules import ODOO, small
from mutualist.domain.programme.commission import CommissionError, read_commission_rules
from mutualist.domain.programme.commission.problems import texts


def _product(**more):
    return small(products={"licence": {"rate": "10 %", **more}})


WRONG = [
    ([], "", "not_mapping"),
    (small(schema="commission/2"), "schema", "wrong_schema"),
    (small(id=None), "id", "missing"),
    (small(effective=None), "effective", "missing"),
    (small(effective={"from": "2026-13-01"}), "effective.from", "not_day"),
    (small(effective={"from": "2026-02-01", "until": "2026-01-31"}), "effective.until", "ends_before"),
    (small(levles=["a"]), "levles", "unknown_key_near"),
    (small(zzz=1), "zzz", "unknown_key"),
    (small(levels=["a", "a"]), "levels", "twice"),
    (small(levels=["ä b"]), "levels", "bad_id"),
    (small(levels=3), "levels", "not_names"),
    (small(products={}), "products", "missing"),
    (small(products=[1]), "products", "not_entries"),
    (small(products={"licence": {"rate": {"silver": "10 %"}}}), "products.licence.rate.gold", "level_without_rate"),
    (small(products={"licence": {"rate": {"silver": 0.1, "gold": 0.2, "lead": 0.1}}}), "products.licence.rate.lead", "unknown_key"),
    (small(products={"licence": {}}), "products.licence", "one_rate"),
    (_product(flat=5), "products.licence", "one_rate"),
    (_product(kind="loan"), "products.licence.kind", "unknown_value"),
    (small(products={"licence": {"kind": "margin", "flat": 5}}), "products.licence.flat", "flat_margin"),
    (small(products={"licence": {"rate": "110 %"}}), "products.licence.rate", "share_above"),
    (small(products={"licence": {"rate": "-1 %"}}), "products.licence.rate", "below_zero"),
    (small(products={"licence": {"rate": "much"}}), "products.licence.rate", "not_share"),
    (small(products={"licence": {"flat": "1.440"}}), "products.licence.flat", "not_amount"),
    (small(products={"licence": {"flat": {"eur": 5}}}), "products.licence.flat", "not_currency"),
    (small(products={"licence": {"flat": -5}}), "products.licence.flat", "below_zero"),
    (small(products={"licence": {"tiers": {"rates": [{"above": 5, "rate": 0.1}]}}}), "products.licence.tiers.rates", "tiers_order"),
    (_product(caps=[{"per": "moon", "amount": 5}]), "products.licence.caps[1].per", "unknown_value"),
    (_product(caps=[{"each": "year"}]), "products.licence.caps[1].amount", "missing"),
    (_product(caps=[{"amount": {}}]), "products.licence.caps[1].amount", "cap_without_amount"),
    (_product(caps={"amount": 5}), "products.licence.caps", "not_list"),
    (_product(earned={}), "products.licence.earned", "spread_or_milestones"),
    (_product(earned={"spread": {"parts": 0}}), "products.licence.earned.spread.parts", "not_whole"),
    (_product(earned={"milestones": [{"id": "a", "share": "40 %"}]}), "products.licence.earned.milestones", "shares_sum"),
    (_product(clawback={"within_months": "soon"}), "products.licence.clawback.within_months", "not_whole"),
    (small(additions=[{"id": "x", "rate": "85 %"}]), "products.licence", "adds_up"),
    (small(additions=[{"id": "x", "rate": 0}, {"id": "x", "rate": 0}]), "additions", "twice"),
    (small(promotions=[{"id": "x", "rate": 0.1, "products": ["boat"]}]), "promotions[1].products", "unknown_value"),
    (small(promotions=[{"id": "x", "rate": 0.1, "from": "2026-05-02", "until": "2026-05-01"}]), "promotions[1].until", "ends_before"),
    (small(exchange=[{"currency": "EUR", "from": "2026-01-01", "rate": 1}]), "exchange[1].currency", "own_rate"),
    (small(exchange=[{"currency": "USD", "from": "2026-01-01", "rate": 0}]), "exchange[1].rate", "rate_not_positive"),
    (small(exchange=[{"currency": "USD", "from": "2026-01-01", "rate": 1}] * 2), "exchange[2].from", "two_rates"),
    (small(words={"de": "Nur deutsch"}), "words.en", "missing"),
    (small(currency="Euro"), "currency", "not_currency"),
    (small(minimum_payout="0.001"), "minimum_payout", "too_fine"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("source", "place", "code"), WRONG, ids=[row[2] + ":" + row[1] for row in WRONG]
)
def test_what_is_wrong_is_named_with_its_place(source, place, code):
    with pytest.raises(CommissionError) as caught:
        read_commission_rules(source)
    assert (place, code) in {(one.place, one.code) for one in caught.value.problems}
    for lang in ("de", "en"):
        assert not re.search(r"\{[a-z]+\}", caught.value.message(lang))


def test_all_problems_are_said_at_once():
    with pytest.raises(CommissionError) as caught:
        read_commission_rules(small(id=None, currency="x", minimum_payout="y"))
    assert [one.place for one in caught.value.problems] == ["currency", "id", "minimum_payout"]


def test_a_file_as_people_write_it():
    rules = read_commission_rules(
        yaml.safe_load("""
        schema: commission/1
        id: nordwerk
        version: 2026.1
        effective: {from: 2026-01-01}
        levels: [silver, gold]
        products:
          licence: {words: {de: Lizenz, en: Licence}, rate: {silver: 7.5 %, gold: 0.15}}
          project:
            rate: 5 %
            earned: {milestones: [{id: signed, share: 40 %}, {id: live, share: 60 %}]}
            clawback: {within_months: 12, part: unused}
        minimum_payout: {EUR: 25}
        """)
    )
    assert rules.version == "2026.1"
    assert rules.first == date(2026, 1, 1)
    assert rules.products["licence"].rate.by_level["silver"] == Fraction(3, 40)
    assert rules.products["project"].schedule.milestones[1] == ("live", Fraction(3, 5))
    assert rules.minimum == {"EUR": 2500}


def test_every_sentence_is_used_and_there_in_both_languages():
    from pathlib import Path

    from mutualist.domain.programme import commission
    from mutualist.domain.shared import fields

    files = [*Path(commission.__path__[0]).glob("*.py"), Path(fields.__file__)]
    code = "".join(path.read_text("utf-8") for path in files)
    for name, words in texts("problems").items():
        assert set(words) == {"de", "en"}
        made = {"no_subscription": "no_{name}", "no_customer": "no_{name}"}.get(name, name)
        assert f'"{made}"' in code, name


def test_the_published_table_is_read():
    rules = read_commission_rules(ODOO)
    assert rules.products["hosting"].caps[1].amounts == {"EUR": 144000, "USD": 172800}
    assert rules.products["maintenance"].rate.by_level["none"] == Fraction(82, 100)
