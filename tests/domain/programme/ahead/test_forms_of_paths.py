"""Every form the language has, changed by several actions at once: what is found is what trying everything finds."""

from __future__ import annotations

from fractions import Fraction

import pytest

from domain.programme.ahead.cast import D, facts, nordwerk
from domain.programme.ahead.ways import ACTIONS, DAY, HOUR, MEASURES, brute_force
from mutualist.domain.programme.ahead.paths import cheapest_paths
from mutualist.domain.programme.ahead.timeline import Case

#: P holds exam B; K bought for 30. Both exams, the deal and the span change `all`.
KNOWN = facts([(D(2026, 1, 1), None, "P", "B")], [(D(2026, 7, 20), "K", Fraction(30))])
MORE = {
    **MEASURES,
    "last_name": {"from": "certificates", "take": "latest(name)"},
    "bought": {"from": "sales", "where": "amount > 40", "take": "count(distinct customer)"},
    "who": {"from": "certificates", "take": "count(distinct person)"},
    "middling": {"from": "per_customer", "where": "value >= 33 and value < 37", "take": "count"},
    "first_a": {
        "from": "certificates",
        "where": "name = A",
        "take": "max(months_since(issued))",
    },
    "last_exam": {"from": "certificates", "where": "name = A", "take": "latest(name)"},
    "any_span": {"from": "spans", "take": "any"},
}
ALL = "people * 10 + sold / 20 + tenants"
#: Conditions of the level, each moved by more than one action, and whether nothing cheaper is proven.
CONDITIONS = {
    "equal": ("people = 3 and tenants = 1", True),
    "not": (f"not {ALL} < 25", True),
    "unequal": (f"{ALL} != 11.5 and people > 1", False),
    "choice": ("(sold if people >= 2 else 1) >= 100", True),
    "choice of flags": ("(sold > 60 if tenants = 1 else people > 3)", True),
    "text": ("last_name = B and who >= 3", False),
    "empty": ("mean is not empty and who >= 2", False),
    "nothing to take": ("max(mean, best) > 40 and who >= 2", False),
    "linear, threshold moves": ("linear(sold, people * 50, 10) >= 9", False),
    "per_unit, points move": ("per_unit(sold, people, 400) >= 300", False),
    "per_whole_unit, points move": ("per_whole_unit(sold / 7, people, 60) >= 30", False),
    "at_least, count moves": ("at_least(people, sold > 60, tenants = 1, sold > 100)", False),
    "brackets fall": (f"brackets({ALL}, [[20, 5], [14, 9]]) >= 9", False),
    "brackets move": ("brackets_from(sold + tenants, [[people * 50, 5], [200, 7]]) >= 5", False),
    "weights move": ("weighted_average([[sold, people], [tenants, 1]]) >= 60", False),
    "weights are none": (
        "weighted_average([[sold + people, 0], [tenants, 0]]) is empty and people > 1",
        False,
    ),
    "constant weights": (
        "weighted_average([[sold, 1/4], [people + tenants, 3/4]]) >= 30",
        True,
    ),
    "a gate that is open": ("gate(partner.staff > 3, sold + people) >= 60", True),
    "a gate that stays shut": (
        "gate(partner.staff > 90, sold + people) + people + tenants >= 3",
        True,
    ),
    "empty until one action is done": ("first_a + sold + people >= 60", False),
    "growth from nothing": ("growth(sold + people, 0) is empty and sold > 60", False),
    "growth below its floor": ("growth(sold + people, 5, 50) is empty and sold > 60", False),
    "growth from what moves": ("growth(sold, people * 10) >= 700", False),
    "ratio of what moves": ("ratio(sold, people) >= 60", False),
    "ceil": ("ceil((sold + people) / 60) >= 2", False),
    "a product with a constant": ("2 * (people + tenants) * 3 >= 12", True),
    "a quotient of a constant": ("(sold + people) / 3 >= 30", True),
    "a sum": ("sum(people, tenants) >= 3 and sum(sold, 1) > 60", True),
    "one of": ("people + tenants in [3, 4]", False),
    "one names what is there": ("names >= 2 and sold >= 80", True),
    "an average that one alone leaves": ("mean > 30 and mean < 33 and who >= 2", False),
    "a group that several reach": ("middling >= 1 and sold >= 90", False),
    "a text one alone changes": ("last_exam = A and people + tenants > 2", False),
    "a choice of texts": ("(last_name if people > 1 else partner.id) = B", False),
    "flags": ("any_span and people + who >= 5", True),
    "dates": ("days_since(partner.enrolled) > 10 and people + tenants > 2", True),
    "level below": ("met.silver and people + tenants > 3", True),
    "relative": ("any(top, people + tenants > 3)", False),
}


def rules_with(condition, **parts):
    metrics = {"skill": {"value": "people", "points": "per_unit(value, 7, 60)", "max": 60}}
    levels = [
        {"id": "silver", "requires": ["people >= 1"]},
        {"id": "gold", "requires": [{"if": condition}]},
    ]
    relative = {"top": {"of": "people", "best": "3 %"}}
    changed = {"measures": MORE, "metrics": metrics, "levels": levels, "actions": ACTIONS}
    return nordwerk(
        **changed | {"relative": relative, "total": "sum of metrics", "cap": 90} | parts
    )


def searched(rules, cutoffs=None):
    case = Case(KNOWN, [rules], cutoffs=cutoffs)
    found = cheapest_paths(case, DAY, target="gold", hour=HOUR)
    costs = [path.money + HOUR * path.hours for path in found.paths]
    return found, (costs[0] if costs else None), brute_force(case, "gold")


@pytest.mark.parametrize("name", CONDITIONS)
def test_what_is_found_is_the_cheapest(name):
    condition, proven = CONDITIONS[name]
    found, cost, best = searched(rules_with(condition))
    assert not found.reached
    assert found.proven is proven
    assert cost == best is not None


def metric(value, points, **parts):
    return {"value": value, "points": points, **parts}


WHOLE = {
    "a metric that begins to apply": {
        "metrics": {"a": metric("people", "per_unit(value, 7, 60)", applies="sold + people > 60")},
    },
    "a metric that does not apply": {
        "metrics": {
            "a": metric("people", "per_unit(value, 7, 60)"),
            "b": metric("people + sold", "value", applies="partner.staff > 90"),
        },
    },
    "a metric without points": {
        "metrics": {
            "a": metric("people", "per_unit(value, 7, 60)"),
            "b": {"value": "people + sold"},
        },
    },
    "a limit that moves": {
        "metrics": {"a": metric("sold + people", "value", max="people * 10")},
    },
    "points without a limit": {
        "metrics": {"a": metric("sold + people", "value / 6")},
    },
    "metrics with weights": {
        "metrics": {
            "a": metric("people + tenants", "per_unit(value, 7, 60)"),
            "b": metric("sold", "per_unit(value, 1/3, 60)"),
        },
        "total": {"weighted": {"a": 0.6, "b": 0.4}},
    },
    "two tracks, all positive": {
        "metrics": {
            "a": metric("people + tenants", "per_unit(value, 7, 60)"),
            "b": metric("tenants", "per_unit(value, 4, 60)"),
            "c": metric("sold", "per_unit(value, 1/9, 60)"),
        },
        "total": "best of tracks",
        "tracks": {"one": {"metrics": ["a", "b"]}, "two": {"metrics": ["c", "b"]}},
    },
    "all positive, asked twice": {
        "metrics": {
            "a": metric("people + tenants", "per_unit(value, 7, 60)"),
            "c": metric("sold", "per_unit(value, 1/9, 60)"),
        },
        "total": "best of tracks",
        "tracks": {"one": {"metrics": ["a"]}, "two": {"metrics": ["c"]}},
        "qualified": "total > 3",
        "levels": [
            {"id": "silver", "requires": ["people >= 1", "all_positive()"]},
            {"id": "gold", "requires": ["total >= 16", "all_positive() or total > 40"]},
        ],
    },
    "a track by name": {
        "metrics": {
            "a": metric("people + tenants", "per_unit(value, 7, 60)"),
            "c": metric("sold", "per_unit(value, 1/9, 60)"),
        },
        "total": "track.one.total + track.two.total / 2",
        "tracks": {"one": {"metrics": ["a"]}, "two": {"metrics": ["c", "a"]}},
    },
}


@pytest.mark.parametrize("name", WHOLE)
def test_whole_rules_are_searched_rightly(name):
    found, cost, best = searched(rules_with("total >= 16 and all_positive()", **WHOLE[name]))
    assert not found.reached
    assert cost == best is not None


def test_without_a_track_that_is_open_nothing_is_reached():
    tracks = {"one": {"metrics": ["skill"], "when": "partner.staff > 90"}}
    rules = rules_with("total >= 1", tracks=tracks, total="best of tracks")
    assert searched(rules)[1:] == (None, None)
    rules = rules_with("all_positive()", tracks=tracks, total="best of tracks")
    assert searched(rules)[1:] == (None, None)


def test_levels_without_points_have_no_total():
    metrics = {"a": {"value": "people"}}
    rules = rules_with(
        "total >= 0 and people + tenants >= 3", metrics=metrics, total=None, cap=None
    )
    found, cost, best = searched(rules)
    assert cost == best is not None
    assert found.proven


def test_a_place_among_the_best_is_reached_as_well():
    rules = rules_with("top and tenants = 1")
    found, cost, best = searched(rules, cutoffs={"top": {None: Fraction(3)}})
    assert not found.reached
    assert best is None  # trying everything knows no other partners
    assert cost == 2 * (30) + 7
    assert found.paths[0].counts == {"old_exam": 2, "span": 1}


def test_nothing_is_proven_where_several_actions_were_only_tried_together_on_samples():
    """Two of each make 52, which none alone, one of each or all of them do."""
    actions = {
        name: {
            "adds": {"table": "sales", "row": {"customer": "K", "amount": amount}},
            "cost": {"money": 1},
            "at_most": 3,
        }
        for name, amount in (("five", 5), ("six", 6))
    }
    measures = MORE | {
        "middling": {"from": "per_customer", "where": "value >= 51 and value < 53", "take": "count"}
    }
    found, cost, best = searched(rules_with("middling = 1", measures=measures, actions=actions))
    assert best == 4
    assert cost is None
    assert not found.proven


def test_two_actions_that_leave_the_same_name_count_once():
    actions = {
        name: {
            "adds": {"table": "certificates", "row": {"name": item, "person": "new"}},
            "cost": {"money": money},
            "at_most": 1,
        }
        for name, item, money in (("cheap", "A", 10), ("dear", "A", 20), ("other", "C", 30))
    }
    found, cost, best = searched(rules_with("names >= 3", actions=actions))
    assert cost == best == 40
    assert found.paths[0].counts == {"cheap": 1, "other": 1}
    assert not found.proven


def test_the_search_ends_and_says_that_it_proved_nothing():
    """Sixty ways are tried that a product seems to allow and exact scoring refuses."""
    actions = {
        name: {"adds": {"table": table, "row": row}, "cost": {"money": 1}, "at_most": 30}
        for name, table, row in (
            ("exam", "certificates", {"name": "B", "person": "new"}),
            ("deal", "sales", {"customer": "new", "amount": 1}),
        )
    }
    rules = rules_with("people * sold >= 100000", actions=actions)
    found = cheapest_paths(Case(KNOWN, [rules]), DAY, target="gold")
    assert (found.paths, found.proven) == ((), False)


def test_an_action_reaches_a_measure_through_a_group_that_its_condition_asks():
    """A span of T lets T's sale count; the spans are asked about nowhere but in the group."""
    rules = rules_with(
        "spanned >= 50",
        groups={"per_tenant": {"from": "spans", "by": ["tenant"], "take": "count"}},
        measures={
            "people": MEASURES["people"],
            "spanned": {"from": "sales", "where": "customer in per_tenant", "take": "sum(amount)"},
        },
    )
    known = facts([(D(2026, 1, 1), None, "P", "B")], [(D(2026, 7, 20), "T", Fraction(50))])
    case = Case(known, [rules])
    (best, *_more) = cheapest_paths(case, DAY, target="gold", hour=HOUR).paths
    assert best.counts == {"span": 1}
    assert brute_force(case, "gold") == best.money == 7
