"""Many enquiries at once, on the edges: bounds, open load, serving as many as can be, ties."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mutualist.domain.programme.routing import (
    Assignment,
    Enquiry,
    Field,
    Partner,
    Place,
    assign,
    route,
    weights,
)

HERE, NORTH, FAR = Place(48.0, 9.0), Place(48.5, 9.0), Place(53.0, 9.0)


def asked(count, place=HERE, **more):
    return [Enquiry(f"{at:02}", place, **more) for at in range(count)]


def loads(found):
    served = [one.partner for one in found.chosen if one is not None]
    return {name: served.count(name) for name in sorted(set(served))}


def test_without_anybody_or_anything_the_bound_is_zero():
    assert assign(Field([]), asked(2)) == Assignment((None, None), (0, 0), 0)
    assert assign(Field([Partner("a", "A", HERE)]), []) == Assignment((), (), 0)


@pytest.mark.parametrize(
    ("times", "most", "expected"),
    [
        (None, 7, {"a": 3}),
        (1.5, 5, {"a": 1, "b": 2}),
        (1.15, 4, {"b": 3}),
        (1, 3, {"b": 3}),
        (0.5, 1, {"b": 1}),
        (0, 1, {"b": 1}),
    ],
)
def test_open_load_counts_towards_the_bound(times, most, expected):
    """Four open and three to hand out are 3.5 on average for two partners; the nearer one has the four."""
    field = Field([Partner("a", "A", HERE, load=4), Partner("b", "B", NORTH)])
    found = assign(field, asked(3), most_times_mean=times)
    assert (found.most, loads(found)) == (most, expected)


def test_a_stated_capacity_holds_below_the_bound_and_the_bound_below_it():
    firms = [Partner("a", "A", HERE, capacity=1), Partner("b", "B", NORTH, capacity=90)]
    assert loads(assign(Field(firms), asked(4), most_times_mean=1)) == {"a": 1, "b": 2}
    assert loads(assign(Field(firms), asked(4), most_times_mean=2)) == {"a": 1, "b": 3}


def test_as_many_as_can_be_are_served_even_where_fewer_would_score_more():
    """The first alone with the near partner has more points than both together."""
    both = frozenset({"iot", "ai"})
    field = Field(
        [
            Partner("a", "A", HERE, abilities=both, capacity=1, answered=0.0),
            Partner(
                "b", "B", FAR, abilities=frozenset({"iot"}), capacity=1, answered=0.0, recent=50
            ),
        ],
        replace(
            weights(),
            shares={"nearness": 1.0, "free": 0, "fairness": 0, "response": 0, "level": 0},
        ),
    )
    first = Enquiry("1", HERE, abilities=frozenset({"iot"}))
    second = Enquiry("2", FAR, abilities=frozenset({"ai"}))
    alone = route(field, first).best
    found = assign(field, [first, second])
    assert [one.partner for one in found.chosen] == ["b", "a"]
    assert alone.partner == "a"
    assert alone.score > 3 * sum(one.score for one in found.chosen)
    assert found.able == (2, 1)


def test_an_assignment_is_told_as_a_single_route_is():
    field = Field([Partner("a", "A", HERE), Partner("b", "B", FAR)])
    (found,) = assign(field, asked(1, NORTH)).chosen
    assert found == route(field, asked(1, NORTH)[0]).best


@pytest.mark.parametrize(("more", "partner"), [(3e-6, "b"), (2e-7, "a")])
def test_less_than_a_millionth_of_a_point_is_a_tie_and_falls_to_the_first(more, partner):
    field = Field(
        [
            Partner("a", "A", HERE, answered=0.5, capacity=1),
            Partner("b", "B", HERE, answered=0.5 + more / 10, capacity=1),
        ]
    )
    (found,) = assign(field, asked(1)).chosen
    assert found.partner == partner
