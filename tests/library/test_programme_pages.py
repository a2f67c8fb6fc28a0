"""Published pages that are no presets, written down after the page about the language: one by one and all at once."""

from __future__ import annotations

import datetime as dt
import random
from fractions import Fraction

import pytest
import yaml

from domain.programme.batch.comparing import differences
from domain.programme.batch.random_facts import DrawFacts
from domain.programme.presets.examples import facts_of
from mutualist.domain.programme.rules.lint import lint
from mutualist.domain.programme.rules.reading import read_rules
from mutualist.domain.programme.scoring.score import score
from mutualist.library.programme_runs import score_in_duckdb, tables_of

DAY = dt.date(2026, 11, 22)
HEAD = """
schema: programme/1
version: "1"
effective: {from: 2020-01-01}
currency: EUR
"""
#: SAP PartnerEdge for selling partners as outlined in 2021, with the backlog, its growth and the deployed value of
#: today's outline; the amounts that were never published are made up.
BACKLOG = """
id: backlog
facts:
  performance: {date: earned, fields: {points: number}}
  trainings: {date: passed, fields: {person: text, kind: text}}
  plans: {date: filed, fields: {title: text}}
  backlog: {date: reported, fields: {amount: money}}
  deployed: {date: live, fields: {customer: text, value: money}}
measures:
  performed: {from: performance, take: sum(points), during: last 12 months}
  compliant: {from: trainings, where: kind = compliance, take: count(distinct person), during: last 2 years}
  marketing: {from: trainings, where: kind = marketing, take: count(distinct person)}
  planned: {from: plans, take: any, during: this year}
  backlog_now: {from: backlog, take: latest(amount)}
  backlog_before: {from: backlog, take: latest(amount), ago: 12 months}
  went_live: {from: deployed, take: sum(value), during: last 4 closed quarters}
metrics:
  backlog_points: {value: backlog_now, points: "per_unit(value, 1/1000, 300)", max: 300}
  growth_points: {value: "growth(backlog_now, backlog_before, 50000)", points: "per_whole_unit(value, 2, 60)", max: 60}
  live_points: {value: went_live, points: "brackets_from(value, [[100000, 20], [250000, 50], [500000, 100]])", max: 100}
levels:
  - {id: basic}
  - {id: silver, requires: ["performed >= 30", "compliant >= 2", "marketing >= 1", "planned", "total >= 150"]}
  - {id: gold, requires: ["total >= 300", "all_positive()"]}
status: {rise: quarterly, fall: at review, review: {months: [1, 7]}}
"""
READY = {
    "performance": [{"earned": "2026-01-10", "points": 30}],
    "trainings": [
        {"passed": "2024-11-23", "person": "a", "kind": "compliance"},
        {"passed": "2026-02-01", "person": "b", "kind": "compliance"},
        {"passed": "2019-02-01", "person": "a", "kind": "marketing"},
    ],
    "plans": [{"filed": "2026-01-15", "title": "2026"}],
    "backlog": [
        {"reported": "2025-09-30", "amount": 100000},
        {"reported": "2026-09-30", "amount": 120500},
    ],
    "deployed": [
        {"live": "2025-09-30", "customer": "x", "value": 900000},  # before the four quarters
        {"live": "2025-10-01", "customer": "x", "value": 100000},
        {"live": "2026-09-30", "customer": "y", "value": 150000},
        {"live": "2026-10-01", "customer": "z", "value": 900000},  # the running quarter
    ],
}
#: What an area asks before it pays incentives, and how it is qualified: Microsoft, rules common to all areas.
AREA = """
id: area
partner: {enrolled: date}
facts:
  customers: {date: added, until: left, fields: {tenant: text}}
  certificates: {date: passed, until: expires, fields: {person: text, name: text}}
  sales: {date: invoiced, fields: {amount: money}}
  usage: {date: month, fields: {tenant: text, used: money}}
  deployments: {date: done, fields: {tenant: text}}
lists:
  step_one: [{item: Data Engineer, counts_until: 2027-03-31}, {item: Fabric Engineer}]
measures:
  customers_now: {from: customers, take: count(distinct tenant)}
  customers_before: {from: customers, take: count(distinct tenant), ago: 12 months}
  people: {from: certificates, where: "valid(name, step_one)", take: count(distinct person)}
  revenue: {from: sales, take: sum(amount), during: last 12 months}
  used: {from: usage, take: sum(used), during: last closed month}
  used_before: {from: usage, take: sum(used), during: last closed month, ago: 12 months}
  deployed: {from: deployments, take: count, during: last 12 months}
metrics:
  adds: {value: customers_now - customers_before, points: "linear(value, 3, 30)", max: 30}
  skilling: {value: people, points: "linear(value, 5, 40)", max: 40}
  growth: {value: used - used_before, points: "per_unit(value, 1/5000, 20)", max: 20}
  deployments_done: {value: deployed, points: "per_whole_unit(value, 2, 10)", max: 10}
levels:
  - {id: earning, requires: ["total >= 25", "revenue >= 25000"]}
  - {id: qualified, cumulative: false, requires: ["total >= 70", "all_positive()"]}
qualified: met.qualified
status: {rise: at once, qualifies: {any_day_in: 6 calendar months}, held: 13 months, renewal: {before: 30 days, after: 30 days}}
"""


def rules(page):
    return read_rules(yaml.safe_load(HEAD + page))


def scored(page, facts, **changed):
    return score(facts_of(rules(page), {**facts, **changed}), rules(page), DAY)


def test_backlog_its_growth_and_what_went_live():
    found = scored(BACKLOG, READY)
    assert {name: one.points for name, one in found.metrics.items()} == {
        "backlog_points": Fraction(241, 2),
        "growth_points": 40,
        "live_points": 50,
    }
    assert (found.level, found.total) == ("silver", Fraction(421, 2))


@pytest.mark.parametrize(
    ("table", "rows"),
    [
        ("performance", [{"earned": "2025-11-22", "points": 30}]),
        ("performance", [{"earned": "2026-01-10", "points": "29.5"}]),
        ("trainings", [*READY["trainings"][1:]]),
        ("trainings", [{**READY["trainings"][0], "passed": "2024-11-22"}, *READY["trainings"][1:]]),
        ("trainings", READY["trainings"][:2]),
        ("plans", [{"filed": "2025-12-31", "title": "2025"}]),
    ],
)
def test_each_requirement_of_the_page_is_needed(table, rows):
    assert scored(BACKLOG, READY, **{table: rows}).level == "basic"


def test_growth_pays_only_from_a_floor_and_in_whole_percents():
    for before, now, points in ((49999, 99999, 0), (50000, 50999, 2), (50000, 100000, 60)):
        rows = [
            {"reported": "2025-09-30", "amount": before},
            {"reported": "2026-09-30", "amount": now},
        ]
        assert scored(BACKLOG, READY, backlog=rows).metrics["growth_points"].points == points


AT_WORK = {
    "customers": [{"times": 2, "added": "2026-02-01", "tenant": "t{n}"}],
    "certificates": [
        {"times": 4, "passed": "2025-01-01", "person": "p{n}", "name": "Data Engineer"}
    ],
    "sales": [{"invoiced": "2026-03-01", "amount": 25000}],
    "usage": [{"month": "2026-10-31", "tenant": "t1", "used": 61000}],
    "deployments": [{"done": "2026-05-01", "tenant": "t1"}],
}


def test_an_area_pays_before_it_qualifies():
    found = scored(AREA, AT_WORK)
    assert found.total == 20 + 32 + Fraction(61, 5) + 2
    assert (found.level, found.qualified) == ("earning", False)
    found = scored(AREA, AT_WORK, sales=[{"invoiced": "2026-03-01", "amount": "24999.99"}])
    assert (found.level, found.qualified) == (None, False)


def test_every_metric_has_to_have_points_and_the_incentive_is_no_step_to_the_rest():
    people = [{**AT_WORK["certificates"][0], "times": 5}]
    customers = [{**AT_WORK["customers"][0], "times": 3}]
    more = {"certificates": people, "customers": customers, "sales": []}
    assert scored(AREA, AT_WORK, **more).level == "qualified"
    assert scored(AREA, AT_WORK, **more, deployments=[]).level is None


@pytest.mark.parametrize("page", [BACKLOG, AREA], ids=["backlog", "area"])
def test_a_query_gives_the_same_and_lint_has_nothing_to_say(page):
    read = rules(page)
    assert not [one for one in lint(read) if one.severity == "error"]
    words = ("compliance", "marketing", "Data Engineer", "t1", "t2")
    population = DrawFacts(random.Random(7), read, words=words, as_of=DAY).population(12, 15)
    scores = score_in_duckdb(read, tables_of(read, population), DAY)
    assert differences(read, population, DAY, scores) == []
