"""The rules on the page about commissions are rules that can be used, in both languages the same."""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
import yaml

from mutualist.domain.programme.commission import Credit, Invoice, earn, read_commission_rules

DOCS = Path(__file__).resolve().parents[2] / "docs"


def _rules(lang):
    text = (DOCS / lang / "commissions.md").read_text("utf-8")
    return yaml.safe_load(re.search(r"```yaml\n(.*?)```", text, re.DOTALL)[1])


@pytest.mark.parametrize("lang", ["de", "en"])
def test_the_example_can_be_used(lang):
    rules = read_commission_rules(_rules(lang))
    invoice = Invoice(
        "R-1", date(2026, 4, 1), 1000_00, "USD", "licence", marks=frozenset({"growth"})
    )
    earned = earn(invoice, rules, [Credit("t", Fraction(1), "gold")])
    assert earned.amount == 354_20, "(20 % + 15 %) x 1.1 of 920 EUR"


def test_both_languages_show_the_same_rules():
    assert _rules("de") == _rules("en")
