"""Every point of a score worked out by hand: from the weights that come with the product, and on their edges."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from mutualist.domain.programme.routing import (
    Candidate,
    Enquiry,
    Field,
    Partner,
    Place,
    fairness,
    route,
    weights,
)
from mutualist.domain.programme.routing.field import kilometres, on_sphere
from mutualist.domain.programme.routing.weights import PARTS

HERE, NORTH = Place(48.0, 9.0), Place(49.0, 9.0)
#: One degree of a great circle on a sphere of the mean radius of the Earth, 6371.0088 km.
DEGREE = 111.195080
POLE, GREENWICH, DATELINE = Place(90, 0), Place(0, 0), Place(0, 180)


@pytest.mark.parametrize(
    ("a", "b", "degrees"),
    [
        (HERE, NORTH, 1),
        (GREENWICH, POLE, 90),
        (GREENWICH, DATELINE, 180),
        (GREENWICH, Place(0, 0.001), 0.001),
        (HERE, HERE, 0),
    ],
)
def test_distances_are_arcs_of_great_circles(a, b, degrees):
    one = kilometres(on_sphere([a]), on_sphere([b])[0])
    assert one.tolist() == pytest.approx([degrees * DEGREE], abs=0.001)
    table = kilometres(on_sphere([a, b]), on_sphere([b]))
    assert table.shape == (2, 1)
    # From the dot product, coarse for points close by.
    assert table[:, 0].tolist() == pytest.approx([degrees * DEGREE, 0], abs=0.5)


def test_neither_the_same_point_nor_the_opposite_one_is_lost_to_rounding():
    """The sum of three squares is now above one, now below."""
    here = [Place(lat, lon) for lat in range(-89, 90, 7) for lon in range(-179, 1, 11)]
    there = [Place(-one.lat, one.lon + 180) for one in here]
    same = np.diag(kilometres(on_sphere(here), on_sphere(here)))
    opposite = np.diag(kilometres(on_sphere(here), on_sphere(there)))
    assert same.max() < 0.5
    assert opposite.min() > 180 * DEGREE - 0.5


def test_of_an_unknown_place_there_is_no_distance():
    found = kilometres(on_sphere([None, HERE]), on_sphere([HERE])[0])
    assert math.isnan(found[0])
    assert found[1] == 0


def points(field, at):
    return dict(zip(PARTS, field.standing[at].tolist(), strict=True))


def test_each_part_of_four_partners_is_worked_out():
    """Loads 1, 3, 2, 0 are 1.5 on average, twice that is 3; 3, 0, 5, 0 enquiries lately are 2 on average."""
    field = Field(
        [
            Partner("a", "A", HERE, capacity=4, load=1, recent=3, answered=0.5, level=2),
            Partner("b", "B", HERE, load=3, level=1),
            Partner("c", "C", HERE, load=2, recent=5, answered=1.0),
            Partner("d", "D", HERE, capacity=0, answered=0.0),
        ]
    )
    expected = [
        {"free": 15, "fairness": 4, "response": 5, "level": 10},
        {"free": 0, "fairness": 10, "response": 7, "level": 5},
        {"free": 20 / 3, "fairness": 20 / 7, "response": 10, "level": 0},
        {"free": 20, "fairness": 10, "response": 0, "level": 0},
    ]
    for at, known in enumerate(expected):
        assert points(field, at) == pytest.approx({"nearness": 0, **known})
    assert field.steady.tolist() == pytest.approx([sum(one.values()) for one in expected])
    assert field.room.tolist()[0::3] == [3, 0]
    assert min(field.room.tolist()[1:3]) > 10**15


def test_where_little_happens_one_enquiry_is_the_least_that_is_usual():
    field = Field(
        [
            Partner("a", "A", HERE, load=1, recent=1),
            *(Partner(name, name, HERE) for name in "bcd"),
        ]
    )
    assert points(field, 0) == pytest.approx(
        {"nearness": 0, "free": 0, "fairness": 5, "response": 7, "level": 0}
    )
    assert points(field, 1) == pytest.approx(
        {"nearness": 0, "free": 20, "fairness": 10, "response": 7, "level": 0}
    )


def test_who_is_over_capacity_has_no_point_less_than_none_and_no_room():
    field = Field([Partner("a", "A", HERE, capacity=2, load=5)])
    assert points(field, 0)["free"] == 0
    assert field.room.tolist() == [0]


def test_nearness_is_halved_at_forty_kilometres():
    field = Field([Partner("a", "A", HERE)])
    assert field.nearness(np.array([0, 40, 120, np.nan])).tolist() == [50, 25, 12.5, 0]
    (best,) = route(field, Enquiry("1", NORTH)).candidates
    assert best.km == pytest.approx(DEGREE, abs=0.001)
    assert best.parts["nearness"] == pytest.approx(50 / (1 + DEGREE / 40))
    assert best.score == pytest.approx(50 / (1 + DEGREE / 40) + 20 + 10 + 7)


def nobody_is_nearer():
    """Weights under which distance gives no points, so that scores can be made to tie."""
    shares = {**weights().shares, "nearness": 0.0, "response": 0.6}
    return replace(weights(), shares=shares)


def ranked(*partners, **more):
    found = route(Field(partners, nobody_is_nearer()), Enquiry("1", HERE), **more)
    return "".join(one.partner for one in found.candidates)


def firm(name, lat=48.0, answered=0.5):
    return Partner(name, name.upper(), Place(lat, 9.0) if lat else None, answered=answered)


def test_equal_scores_fall_to_the_nearer_then_to_the_first_by_id():
    assert ranked(firm("a", 49), firm("b", 48), firm("c", 48.5)) == "bca"
    assert ranked(firm("b"), firm("c"), firm("a")) == "abc"
    assert ranked(firm("a", None), firm("b", 49)) == "ba"
    # A third of a metre is no difference, three metres are one.
    assert ranked(firm("a", 48.000003), firm("b")) == "ab"
    assert ranked(firm("a", 48.00003), firm("b")) == "ba"


@pytest.mark.parametrize(("more", "order"), [(2e-10, "ab"), (5e-9, "ba")])
def test_noise_in_the_last_digits_decides_nothing(more, order):
    assert ranked(firm("a", 48, 0.5), firm("b", 49, 0.5 + more / 60)) == order


def test_five_candidates_are_told_unless_more_or_fewer_are_wanted():
    firms = [firm(name) for name in "abcdefg"]
    assert ranked(*firms) == "abcde"
    assert ranked(*firms, most=2) == "ab"
    assert ranked(*firms, most=7) == "abcdefg"
    assert route(Field(firms), Enquiry("1", HERE), 1).able == 7


def chosen(*kilometres_):
    return [Candidate("a", "A", 0.0, {}, km) for km in kilometres_]


def test_half_and_nine_of_ten_are_no_farther():
    spread = fairness([*chosen(*range(0, 101, 10)), *chosen(None), None], ["a", "b"])
    assert (spread.median_km, spread.far_km) == (50, pytest.approx(90))
    assert (spread.mean, spread.most, spread.none, spread.times_mean) == (6, 12, 1, 2)
    assert (spread.served, spread.unserved, spread.gini) == (12, 1, 0.5)


def test_where_nothing_was_handed_out_nothing_is_uneven():
    spread = fairness([None, *chosen()], ["a", "b", "c"])
    assert (spread.mean, spread.most, spread.none, spread.times_mean) == (0, 0, 3, 0)
    assert (spread.gini, spread.median_km, spread.far_km) == (0, None, None)
    nobody = fairness([], [])
    assert (nobody.mean, nobody.most, nobody.none, nobody.times_mean) == (0, 0, 0, 0)
    assert (nobody.served, nobody.unserved) == (0, 0)
