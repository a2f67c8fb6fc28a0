"""Every fact is told with whether it counts, and why not."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest
import yaml

from mutualist.domain.programme.ahead.counted import Looked, looked_at
from mutualist.domain.programme.rules.reading import read_rules
from mutualist.domain.programme.scoring.facts import Facts, Row
from mutualist.domain.programme.scoring.score import score

DAY = dt.date(2026, 11, 23)
RULES = """
schema: programme/1
id: counted
version: "1"
words: {de: Zählen, en: Counting}
effective: {from: 2020-01-01}
partner: {enrolled: date}
facts:
  sales: {words: {de: Umsätze, en: Sales}, date: day, fields: {customer: text, amount: number}}
  certificates:
    words: {de: Zertifikate, en: Certificates}
    date: issued
    until: expires
    fields: {person: text, name: text}
lists:
  basics: [{item: A, counts_until: 2026-03-31}, {item: B}, {item: C, from: 2027-01-01}]
groups:
  big: {from: sales, where: "amount > 5", by: [customer], take: sum(amount), during: last 12 months}
measures:
  sold: {words: {de: Umsatz, en: Revenue}, from: sales, take: sum(amount), during: last 12 months}
  before: {words: {de: Vorher, en: Before}, from: sales, take: count, during: last 12 months, ago: 12 months}
  joined: {words: {de: Seitdem, en: Since}, from: sales, take: count, during: since partner.enrolled}
  always: {words: {de: Immer, en: Always}, from: certificates, where: "valid('A', basics) and name != 'B'", take: count}
  people: {words: {de: Menschen, en: People}, from: certificates, where: "valid(name, basics) and person != 'X'", take: count(distinct person)}
  customers: {words: {de: Kunden, en: Customers}, from: big, take: count}
metrics:
  m: {words: {de: M, en: M}, value: sold + before + joined + always + people + customers, points: "linear(value, 10, 10)"}
levels: [{id: one, words: {de: Eins, en: One}, requires: [{if: total >= 1}]}]
"""


@pytest.fixture(scope="module")
def rules():
    return read_rules(yaml.safe_load(RULES))


def looked(rules, measure, table, enrolled=None, **values) -> Looked:
    partner = {"id": "P-1", "name": "P", "enrolled": enrolled}
    facts = Facts(partner, {table: (Row("1", values),)})
    found = score(facts, rules, DAY)
    node = next(one for one in found.reasons.walk() if (one.kind, one.key) == ("measure", measure))
    (only,) = looked_at(facts, rules, DAY, measure, node.evidence)
    assert (only.why == "counts") is bool(node.evidence)
    return only


def sale(year: int, month: int, day: int = 1, amount: int = 10) -> dict:
    return {"day": dt.date(year, month, day), "customer": "K", "amount": Fraction(amount)}


@pytest.mark.parametrize(
    ("measure", "values", "why"),
    [
        ("sold", sale(2026, 11), "counts"),
        ("sold", sale(2026, 12), "later"),
        ("sold", sale(2025, 11, 23), "outside"),
        ("sold", sale(2025, 11, 24), "counts"),
        ("before", sale(2026, 11), "outside"),
        ("before", sale(2025, 11, 23), "counts"),
        ("joined", sale(2026, 11), "outside"),
        ("joined", sale(2026, 11) | {"enrolled": dt.date(2026, 10, 1)}, "counts"),
        ("joined", sale(2026, 9) | {"enrolled": dt.date(2026, 10, 1)}, "outside"),
        ("customers", sale(2026, 11), "counts"),
        ("customers", sale(2026, 11, amount=5), "other"),
        ("customers", sale(2024, 11), "outside"),
    ],
)
def test_sales(rules, measure, values, why):
    assert looked(rules, measure, "sales", **values).why == why


@pytest.mark.parametrize(
    ("name", "person", "expires", "why", "day"),
    [
        ("B", "Y", None, "counts", None),
        ("B", "Y", DAY, "counts", None),
        ("B", "Y", dt.date(2026, 11, 22), "expired", dt.date(2026, 11, 22)),
        ("A", "Y", None, "retired", dt.date(2026, 3, 31)),
        ("C", "Y", None, "retired", None),
        ("D", "Y", None, "unlisted", None),
        ("B", "X", None, "other", None),
        (None, "Y", None, "other", None),
    ],
)
def test_certificates(rules, name, person, expires, why, day):
    found = looked(
        rules,
        "people",
        "certificates",
        issued=dt.date(2026, 1, 1),
        expires=expires,
        name=name,
        person=person,
    )
    assert (found.why, found.day) == (why, day)
    assert found.item == (name if why in {"retired", "unlisted"} else "")


def test_a_condition_about_no_field_of_the_entry_names_no_item(rules):
    issued = dt.date(2026, 1, 1)
    found = looked(rules, "always", "certificates", issued=issued, name="C", person="Y")
    assert (found.why, found.item) == ("other", "")


def test_an_entry_without_a_day_counts_nowhere(rules):
    assert looked(rules, "sold", "sales", day=None, customer="K", amount=Fraction(1)).why == "other"
