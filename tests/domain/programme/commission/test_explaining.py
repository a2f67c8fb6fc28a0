"""Every step of a computation is a sentence in both languages, as it was and as it was stored."""

from __future__ import annotations

import json
from datetime import date
from fractions import Fraction

from domain.programme.commission.rules import small
from mutualist.domain.programme.commission import Credit, Invoice, earn, read_commission_rules
from mutualist.domain.programme.commission.explaining import plain_steps, sentences
from mutualist.domain.programme.commission.problems import texts


def _told(products, lang="en", **more):
    rules = read_commission_rules(small(products={"licence": products}, **more))
    invoice = Invoice(
        "R-1", date(2026, 3, 16), 1000_00, "EUR", "licence", subscription="S", units=Fraction(5, 2)
    )
    half = [Credit("a", Fraction(1, 2), "gold"), Credit("b", Fraction(1, 2))]
    steps = plain_steps(earn(invoice, rules, half).parts[0].steps)
    assert sentences(json.loads(json.dumps(steps)), lang) == sentences(steps, lang)
    return sentences(steps, lang, {"gold": "Gold"})


def test_a_whole_story():
    product = {
        "words": {"de": "Lizenz", "en": "Licence"},
        "rate": {"silver": 0, "gold": "20 %"},
        "caps": [{"per": "subscription", "each": "month", "amount": 100}],
    }
    extras = {
        "additions": [
            {"id": "new", "words": {"de": "Neukunde", "en": "New customer"}, "rate": "5 %"}
        ],
        "promotions": [{"id": "spring", "words": "Spring", "rate": "10 %"}],
    }
    assert _told(product, "en", **extras) == [
        "Share of 50 %: 500.00 EUR of 1,000.00 EUR.",
        "Licence, Gold: 20 %.",
        "New customer: + 5 % (added to the rate).",
        "Spring: + 10 % on the outcome.",
        "Cap of 100.00 EUR per subscription and month 2026-03: 0.00 EUR used before, cut by 65.00 EUR.",
    ]
    assert _told(product, "de", **extras)[4] == (
        "Obergrenze 100,00 EUR je Abonnement und Monat 2026-03: davon schon genutzt 0,00 EUR, gekürzt um 65,00 EUR."
    )


def test_every_kind_of_step_has_its_sentence():
    tiers = [{"above": 0, "rate": "10 %"}, {"above": 300, "rate": "12 %"}]
    assert _told({"tiers": {"rates": tiers}})[1:] == [
        "Tier: 10 % on 300.00 EUR.",
        "Tier: 12 % on 200.00 EUR.",
    ]
    assert _told({"tiers": {"rates": tiers, "applies_to": "whole"}})[1] == (
        "Tier reached with 500.00 EUR: 12 % on everything."
    )
    assert _told({"flat": 50})[1] == "licence: fixed amount of 50.00 EUR."
    assert _told({"flat": {"amount": 50, "each": "unit"}}, "de")[1] == "licence: 2,5 × 50,00 EUR."
    promotion = [{"id": "x", "rate": "10 %"}]
    assert (
        _told({"kind": "margin", "rate": "20 %"}, promotions=promotion)[2]
        == "x: − 10 % off the price after margin."
    )
    assert {code for code, words in texts("steps").items() if set(words) != {"de", "en"}} == set()
