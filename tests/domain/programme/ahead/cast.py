"""Nordwerk's programme with every way time can matter, and facts of a partner by hand or at random."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import yaml
from hypothesis import strategies as st

from mutualist.domain.programme.rules.reading import read_rules
from mutualist.domain.programme.scoring.facts import Facts, Row

D = dt.date
ENROLLED = D(2026, 1, 15)
RULES = """
schema: programme/1
id: nordwerk
version: "{version}"
words: {{de: Nordwerk-Programm, en: Nordwerk programme}}
effective: {{from: {since}, until: null}}
fiscal_year_starts: 4
partner: {{enrolled: date, staff: number}}
facts:
  certificates: {{date: issued, until: expires, fields: {{person: text, name: text}}}}
  sales: {{date: day, fields: {{customer: text, amount: {{type: number, decimals: 0}}}}}}
  spans: {{date: since, until: ended, fields: {{tenant: text}}}}
lists:
  exams: [{{item: A, counts_until: 2026-08-31}}, {{item: B}}, {{item: C, counts_from: 2026-05-15}}]
  releases: [{{item: A, from: 2025-01-01}}, {{item: B, from: 2026-03-10}}, {{item: C, from: 2026-09-20}}]
groups:
  per_customer: {{from: sales, by: [customer], take: sum(amount), during: last 6 months}}
measures:
  people: {{from: certificates, where: "valid(name, exams)", take: count(distinct person)}}
  people_before: {{from: certificates, where: "valid(name, exams)", take: count(distinct person), ago: 12 months}}
  new_ones: {{from: certificates, where: "within_latest(name, releases, 1)", take: count}}
  fresh: {{from: certificates, where: "months_since(issued) < 5", take: count, during: ever}}
  sold: {{from: sales, take: sum(amount), during: last 3 months}}
  month: {{from: sales, take: sum(amount), during: last closed month}}
  month_before: {{from: sales, take: sum(amount), during: last closed month, ago: 12 months}}
  quarters: {{from: sales, take: sum(amount), during: last 2 closed quarters}}
  year: {{from: sales, take: sum(amount), during: this year}}
  week: {{from: sales, take: count, during: last 10 days}}
  held: {{from: spans, take: count(distinct tenant), during: any day of last 2 months}}
  since_then: {{from: sales, take: sum(amount), during: since partner.enrolled}}
  large: {{from: per_customer, where: "value >= 50", take: count}}
metrics:
  skill: {{value: people, points: "linear(value, 4, 40)", max: 40}}
  growth: {{value: people - people_before + new_ones, points: "per_unit(value, 5, 10)", max: 10}}
  trade: {{value: sold, points: "linear(value, 200, 20)", max: 20}}
  momentum: {{value: month - month_before, points: "gate(days_since(partner.enrolled) > 200, linear(value, 50, 10))", max: 10}}
  breadth: {{value: large + held + fresh, points: "brackets(value, [[0, 2], [2, 6], [4, 10]])", max: 10}}
  steady: {{value: quarters + year + week + since_then, points: "linear(value, 400, 10)", max: 10}}
cap: 80
levels:
  - {{id: silver, words: {{de: Silber, en: Silver}}, requires: [{{if: total >= {silver}}}]}}
  - {{id: gold, words: {{de: Gold, en: Gold}}, requires: [{{if: total >= 50}}, {{if: skill >= 2}}]}}
"""


def nordwerk(version="2026", since="2026-01-01", silver=25, **changed):
    """The programme; a later version may ask for more."""
    content = yaml.safe_load(RULES.format(version=version, since=since, silver=silver))
    return read_rules(content | changed)


NORDWERK = nordwerk()
STRICTER = nordwerk("2026-07", "2026-07-01", 48)


def facts(certificates=(), sales=(), spans=(), enrolled=ENROLLED):
    """Tauwerk's facts from short rows; ids count from 1 in each table."""
    tables = {
        "certificates": (("issued", "expires", "person", "name"), certificates),
        "sales": (("day", "customer", "amount"), sales),
        "spans": (("since", "ended", "tenant"), spans),
    }
    rows = {
        table: tuple(
            Row(f"{table}-{number}", dict(zip(names, row, strict=True)))
            for number, row in enumerate(listed, 1)
        )
        for table, (names, listed) in tables.items()
    }
    partner = {"id": "tauwerk", "name": "Tauwerk", "enrolled": enrolled, "staff": Fraction(12)}
    return Facts(partner, rows)


days = st.dates(D(2025, 1, 1), D(2026, 12, 31))
numbers = st.integers(-40, 120).map(Fraction)
random_facts = st.builds(
    facts,
    st.lists(
        st.tuples(days, st.none() | days, st.sampled_from("PQR"), st.sampled_from("ABCX")),
        max_size=5,
    ),
    st.lists(st.tuples(days, st.sampled_from("KLM"), numbers), max_size=6),
    st.lists(st.tuples(days, st.none() | days, st.sampled_from("TU")), max_size=3),
    st.none() | days,
)
