"""Each "How do I write ..." of the language page does what its heading says."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
import yaml

from domain.programme.presets.examples import facts_of
from domain.programme.presets.test_language_page import LUMEN, PAGES, added
from mutualist.domain.programme.rules.reading import read_rules
from mutualist.domain.programme.scoring.population import cutoffs_of
from mutualist.domain.programme.scoring.score import score

DAY = dt.date(2026, 11, 22)
ANSWERS = dict(
    re.findall(r"^\*\*([^*\n]+)\*\*\n\n```yaml\n(.*?)^```$", PAGES["en"], re.MULTILINE | re.DOTALL)
)


def answer(start):
    """Return the rules of Lumen with the answer whose heading begins so."""
    (text,) = (text for heading, text in ANSWERS.items() if heading.startswith(start))
    return read_rules(added(LUMEN, yaml.safe_load(text)))


def scored(start, facts, day=DAY):
    rules = answer(start)
    return score(facts_of(rules, facts), rules, day)


def certificates(count, name="Lumen Pro"):
    return [{"times": count, "issued": "2026-01-10", "person": "p{n}", "name": name}]


def sold(amount, month="2026-10-10", customer="a", **more):
    return {"invoiced": month, "customer": customer, "amount": amount, **more}


@pytest.mark.parametrize(
    ("claimed", "linked", "points"),
    [(500, 4000, 30), (500, 1000, 15), (0, 2000, 15), (10, 0, "0.3")],
)
def test_the_better_of_two_kinds_never_their_sum(claimed, linked, points):
    usage = [
        {"month": "2026-10-31", "kind": kind, "users": users}
        for kind, users in (("CPOR", claimed), ("DPOR", linked))
    ]
    found = scored("The better of two kinds", {"usage": usage})
    assert found.metrics["usage"].points == Fraction(points)


@pytest.mark.parametrize(
    ("amount", "people", "points"), [(2500, 2, 4), (23750, 5, 20), (50000, 9, 20), (1250, 0, 1)]
)
def test_several_sources_together_then_a_cap(amount, people, points):
    facts = {"sales": [sold(amount)], "certificates": certificates(people)}
    assert scored("Several sources", facts).metrics["together"].points == points


@pytest.mark.parametrize(
    ("amount", "track", "total"), [(100000, "large", 50), ("99999.99", "small", 45)]
)
def test_a_class_decides_which_track_is_used(amount, track, total):
    facts = {
        "sales": [sold(amount), sold(50000, "2025-10-10")],
        "certificates": certificates(3),
        "contracts": [{"ended": "2026-05-01", "customer": "a", "renewed": True}],
    }
    found = scored("Two tracks", facts)
    assert (found.track, found.total) == (track, total)
    assert list(found.tracks) == [track]


@pytest.mark.parametrize(
    ("one", "two", "points"), [(0, 3, 0), (1, 3, 4), (2, 3, 28), (9, 3, 28), (2, 5, 36), (2, 0, 4)]
)
def test_steps_pay_once_and_open_the_next(one, two, points):
    facts = {"certificates": certificates(one, "Lumen Basic") + certificates(two)}
    assert scored("Steps", facts).metrics["steps"].points == points


@pytest.mark.parametrize(("pro", "level"), [(2, "gold"), (3, "broad")])
def test_six_of_something_with_three_of_one_kind(pro, level):
    basic = [{"times": 4, "issued": "2026-01-10", "person": "b{n}", "name": "Lumen Basic"}]
    facts = {
        "certificates": basic + certificates(pro),
        "sales": [sold(80000), sold(40000, "2025-10-10")],
        "customers": [{"times": 8, "won": "2026-03-01", "customer": "c{n}"}],
        "contracts": [{"ended": "2026-05-01", "customer": "a", "renewed": True}],
    }
    found = scored("Six of something", facts)
    # Two of the three conditions of the highest level hold in both cases: what fails is the three of one kind.
    assert (found.level, found.measures["people_pro"]) == (level, pro)


def test_customers_above_an_amount_and_a_segment_kept_for_a_year():
    sales = [
        sold(600, "2026-01-10", "a"),
        sold(400, "2026-02-10", "a"),
        sold(999, "2026-02-10", "b"),
        sold(20000, "2026-02-10", "grown"),
        sold(9000, "2025-02-10", "grown"),
        sold(20000, "2026-02-10", "large"),
        sold(20000, "2025-02-10", "large"),
    ]
    found = scored("Customers above an amount", {"sales": sales}).measures
    assert (found["good_customers"], found["small_customers"]) == (3, 3)


@pytest.mark.parametrize(("day", "points"), [("2026-05-01", 7), ("2026-05-02", 0)])
def test_points_run_out_after_twelve_months(day, points):
    lots = [
        {"earned": "2025-05-02", "category": "marketing", "points": 7},
        {"earned": "2025-05-02", "category": "revenue", "points": 50},
    ]
    found = scored("Points that run out", {"lots": lots}, dt.date.fromisoformat(day))
    assert found.measures["marketing"] == points


def test_a_checklist_names_what_is_missing():
    answers = [
        {"answered": "2026-01-01", "rule": "docs", "status": "done"},
        {"answered": "2026-01-01", "rule": "tests", "status": "exempt"},
        {"answered": "2026-01-01", "replaced": "2026-11-21", "rule": "support", "status": "done"},
    ]
    found = scored("A checklist", {"answers": answers}).metrics["checklist"]
    assert (found.points, set(found.missing)) == (Fraction(10, 3), {"tests", "support"})
    answers[1]["comment"] = "there is no code"
    found = scored("A checklist", {"answers": answers}).metrics["checklist"]
    assert (found.points, found.missing) == (Fraction(20, 3), ("support",))


def test_evidence_is_fresh_of_different_customers_and_may_be_tried_again_later():
    audits = [
        {"audited": "2025-02-01", "customer": "a", "edition": "2025", "passed": True},
        {"audited": "2026-02-01", "customer": "a", "edition": "2026", "passed": True},
        {"audited": "2026-02-01", "customer": "b", "edition": "2024", "passed": True},
        {"audited": "2024-11-22", "customer": "c", "edition": "2025", "passed": True},
        {"audited": "2026-10-23", "customer": "d", "edition": "2026", "passed": False},
        # By a checklist of another year, on a day it was not in force:
        {"audited": "2026-01-01", "customer": "f", "edition": "2025", "passed": True},
        {"audited": "2025-12-31", "customer": "g", "edition": "2026", "passed": True},
    ]
    found = scored("Evidence that is fresh", {"audits": audits})
    assert found.measures["audited"] == 1
    audits.append({"audited": "2026-11-01", "customer": "e", "edition": "2026", "passed": True})
    rules = answer("Evidence that is fresh")
    (specialised,) = (level for level in rules.levels if level.name == "specialised")
    holds = [
        all(_holds(found, one) for one in specialised.requires)
        for found in (
            scored("Evidence that is fresh", {"audits": audits}, day)
            for day in (DAY, DAY + dt.timedelta(days=1))
        )
    ]
    assert holds == [False, True]


def _holds(found, requirement):
    (node,) = {
        node.met
        for node in found.tree.walk()
        if node.kind == "requirement" and node.key == requirement.condition.text
    }
    return node


@pytest.mark.parametrize(
    ("staff", "people", "points"), [(5, 1, 10), (25, 3, 20), (300, 3, 10), (None, 2, 20)]
)
def test_a_threshold_depends_on_the_number_of_staff(staff, people, points):
    facts = {"partner": {"staff": staff}, "certificates": certificates(people)}
    found = scored("The best three percent", facts)
    assert found.metrics["share_of_staff"].points == points


def test_the_best_three_percent_of_a_country():
    rules = answer("The best three percent")
    partners = []
    for number in range(80):
        country = "DE" if number < 40 else "AT"
        sales = [sold(10000 + number * 100), sold(10000, "2025-10-10")]
        facts = facts_of(rules, {"partner": {"country": country}, "sales": sales})
        partners.append(replace(facts, partner={**facts.partner, "id": f"p{number:02}"}))
    cutoffs = cutoffs_of(partners, rules, DAY)
    top = [
        facts.id
        for facts in partners
        if _holds(score(facts, rules, DAY, cutoffs=cutoffs), rules.levels[-1].requires[0])
    ]
    # Of forty each, three percent are the two best: one and a fifth, rounded up.
    assert top == ["p38", "p39", "p78", "p79"]


def test_any_of_two_months_and_only_the_most_important_offer():
    def used(month, customer, offer, amount):
        return {"month": month, "customer": customer, "offer": offer, "used": amount}

    usage = [
        used("2026-10-10", "a", "platform", 1000),
        used("2026-10-10", "a", "module", 5),
        used("2026-09-10", "b", "module", 1000),
        used("2026-10-10", "b", "module", 10),
        used("2026-10-10", "c", "module", 999),
        used("2026-08-10", "d", "platform", 5000),
    ]
    found = scored("Any of the last two months", {"usage": usage}).measures
    assert (found["active"], found["platforms"]) == (2, 1)


def test_the_best_region_counts_and_a_bonus_comes_on_top():
    visits = [
        {"times": 9, "held": "2026-03-01", "region": "north", "customer": "c{n}"},
        {"times": 10, "held": "2026-03-01", "region": "south", "customer": "c{n}"},
        {"times": 30, "held": "2025-09-30", "region": "north", "customer": "c{n}"},
    ]
    found = scored(
        "The best of several regions", {"visits": visits, "certificates": certificates(5)}
    )
    assert (found.region, found.metrics["presence"].points) == ("south", 4)
    assert found.total == 0 + 25 + 4 + 10


def test_weights_and_another_currency():
    facts = {
        "certificates": certificates(3),
        "sales": [sold(25000, amount_currency="USD"), sold(2000)],
    }
    found = scored("Another currency", facts)
    assert found.measures["quarter"] == 25000
    assert found.total == Fraction("0.4") * 100 + Fraction("0.6") * 50


def test_every_answer_of_the_page_is_tried():
    text = Path(__file__).read_text("utf-8")
    asked = set(re.findall(r'(?:scored|answer)\(\s*"([A-Z][^"]+)"', text))
    untried = [one for one in ANSWERS if not one.startswith(tuple(asked))]
    assert untried == []
    assert len(ANSWERS) == 14


GENTLE = Path(__file__).resolve().parents[4] / "examples/programme/lumen-gentle.yaml"
CASES = {
    "as last year": ([("a", 10000)], [("a", 10000)], 0),
    "a customer who leaves takes half at most": ([("a", 10000)], [], -50),
    "a customer who buys for years at once counts twice": ([("a", 10000)], [("a", 90000)], 100),
    "a new customer counts whole": ([("a", 10000)], [("a", 10000), ("b", 3000)], 30),
    "one of two who leaves": ([("a", 4000), ("b", 6000)], [("b", 7000)], -10),
    "from the low floor on": ([("a", 3000)], [("a", 3600)], 20),
    "below the low floor": ([("a", 2999)], [("a", 9000)], None),
}


@pytest.mark.parametrize("name", CASES)
def test_growth_is_damped_per_customer(name):
    before, now, growth = CASES[name]
    sales = [sold(amount, "2025-10-10", customer) for customer, amount in before]
    sales += [sold(amount, "2026-10-10", customer) for customer, amount in now]
    assert scored("Gentle scoring", {"sales": sales}).metrics["growth"].value == growth


@pytest.mark.parametrize(("lost", "share", "points"), [(0, 100, 10), (1, 75, "6.25"), (2, 50, 0)])
def test_customers_who_stay_count(lost, share, points):
    customers = [
        {"customer": f"c{at}", "won": "2024-01-01", "lost": "2026-03-01" if at < lost else None}
        for at in range(4)
    ]
    customers.append({"customer": "new", "won": "2026-02-01", "lost": None})
    found = scored("Gentle scoring", {"customers": customers}).metrics["kept"]
    assert (found.value, found.points) == (share, Fraction(points))


def test_the_gentle_example_is_the_answer_of_the_page():
    rules, file = answer("Gentle scoring"), read_rules(yaml.safe_load(GENTLE.read_text("utf-8")))
    for name in ("growth", "kept", "customers_won", "certified", "renewals"):
        assert file.metrics[name] == rules.metrics[name]
    assert file.groups == rules.groups
    assert all(rules.measures[name] == one for name, one in file.measures.items())
    assert file.levels == rules.levels
