"""Nordwerk's programme with actions, and what trying every combination of them finds."""

from __future__ import annotations

import itertools
from fractions import Fraction

from domain.programme.ahead.cast import D, nordwerk
from mutualist.domain.programme.ahead.actions import with_actions
from mutualist.domain.programme.ahead.timeline import Case

DAY = D(2026, 8, 10)
HOUR = Fraction(3)
ACTIONS = {
    "exam": {"adds": {"table": "certificates", "row": {"name": "B", "person": "new"}}, "cost": {"money": 40, "hours": 8}, "at_most": 3, "days": 30},
    "old_exam": {"adds": {"table": "certificates", "row": {"name": "A", "person": "new"}}, "cost": {"money": 30}, "at_most": 2, "days": 30},
    "deal": {"adds": {"table": "sales", "row": {"customer": "new", "amount": 60}}, "cost": {"money": 25, "hours": 10}, "at_most": 3, "days": 5},
    "span": {"adds": [{"table": "spans", "row": {"tenant": "T"}}, {"table": "sales", "row": {"customer": "K", "amount": 5, "day": "last month"}}], "cost": {"money": 7}, "at_most": 1},
}  # fmt: skip
MEASURES = {
    "people": {"from": "certificates", "where": "valid(name, exams)", "take": "count(distinct person)"},
    "names": {"from": "certificates", "take": "count(distinct name)"},
    "sold": {"from": "sales", "take": "sum(amount)", "during": "last 3 months"},
    "month": {"from": "sales", "take": "sum(amount)", "during": "last closed month"},
    "best": {"from": "sales", "take": "max(amount)", "during": "last 3 months"},
    "mean": {"from": "sales", "take": "average(amount)", "during": "last 3 months"},
    "large": {"from": "per_customer", "where": "value >= 50", "take": "count"},
    "tenants": {"from": "spans", "take": "count(distinct tenant)"},
}  # fmt: skip


def rules_of(one, two, total, asked):
    metrics = {
        name: {"value": value, "points": points, "max": 60}
        for name, (value, points) in (("a", one), ("b", two))
    }
    level = [{"if": f"total >= {asked}"}, {"if": "all_positive()"}]
    levels = [{"id": "silver", "requires": ["people >= 1"]}, {"id": "gold", "requires": level}]
    changed = {"total": "sum of metrics", "cap": 1000} | total
    return nordwerk(measures=MEASURES, metrics=metrics, levels=levels, actions=ACTIONS, **changed)


def brute_force(case, target, day=DAY):
    """Cost of the cheapest combination that scoring agrees to; None if there is none."""
    rules = case.rules(day)
    best = None
    for numbers in itertools.product(*(range(one.at_most + 1) for one in rules.steps.values())):
        counts = dict(zip(rules.steps, numbers, strict=True))
        known = with_actions(case.facts, rules, counts, day)
        if target in Case(known, case.versions).score(day).met:
            steps = [(rules.steps[name], count) for name, count in counts.items()]
            cost = sum((one.money + HOUR * one.hours) * count for one, count in steps)
            best = cost if best is None else min(best, cost)
    return best
