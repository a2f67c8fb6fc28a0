"""Many enquiries at once: the whole is as good as can be, capacities hold, nobody is left without need."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from mutualist.domain.programme.routing import (
    Enquiry,
    Field,
    Partner,
    Place,
    assign,
    fairness,
    route,
)
from mutualist.domain.programme.routing.fairness import trade_off

STUTTGART, ULM, HAMBURG = Place(48.78, 9.18), Place(48.40, 9.99), Place(53.55, 9.99)
IOT = frozenset({"iot"})


def test_the_whole_is_better_than_one_after_the_other():
    # One after the other gives both to whoever is first in line and leaves the second with Hamburg.
    near = Partner("a", "Stuttgart", STUTTGART, abilities=IOT | {"ai"}, capacity=1)
    far = Partner("b", "Hamburg", HAMBURG, abilities=IOT, capacity=1)
    asked = [Enquiry("1", ULM, abilities=IOT), Enquiry("2", STUTTGART, abilities=frozenset({"ai"}))]
    field = Field([near, far])
    assert route(field, asked[0]).best.partner == "a"
    assert [one.partner for one in assign(field, asked).chosen] == ["b", "a"]


def test_stated_capacity_and_open_load_hold():
    partner = Partner("a", "A", STUTTGART, capacity=3, load=1)
    asked = [Enquiry(str(at), ULM) for at in range(5)]
    found = assign(Field([partner]), asked, most_times_mean=100)
    assert sum(one is not None for one in found.chosen) == 2
    assert found.able == (1,) * 5


def test_nobody_gets_more_than_the_bound():
    firms = [Partner(f"p{at}", "", STUTTGART if at == 0 else HAMBURG) for at in range(4)]
    asked = [Enquiry(f"{at:02}", STUTTGART) for at in range(20)]
    found = assign(Field(firms), asked)
    spread = fairness(found.chosen, [one.id for one in firms])
    assert found.most == 10
    assert (spread.most, spread.times_mean, spread.unserved) == (10, 2.0, 0)


def test_who_can_be_served_by_nobody_stays_without_and_takes_nobody_s_place():
    field = Field([Partner("a", "A", STUTTGART, abilities=IOT)])
    asked = [Enquiry("1", ULM, abilities=frozenset({"robots"})), Enquiry("2", ULM, abilities=IOT)]
    none, served = assign(field, asked).chosen
    assert none is None
    assert served.partner == "a"


def test_nothing_to_do_is_done():
    assert assign(Field([]), [Enquiry("1", ULM)]).chosen == (None,)
    assert assign(Field([Partner("a", "A", ULM)]), []).chosen == ()


def test_fairness_of_known_loads():
    field = Field([Partner(name, name, STUTTGART) for name in "abcd"])
    one = route(field, Enquiry("1", ULM)).best
    chosen = [one, one, one, replace(one, partner="b"), None]
    spread = fairness(chosen, list("abcd"))
    assert (spread.mean, spread.most, spread.none, spread.times_mean) == (1.0, 3, 2, 3.0)
    # Loads 0, 0, 1, 3: twice the area between the line of equality and the curve is 5/8.
    assert spread.gini == 0.625
    assert (spread.served, spread.unserved) == (4, 1)


abilities = st.frozensets(st.sampled_from(["a", "b"]), max_size=2)
places = st.builds(Place, st.floats(46, 55), st.floats(6, 16))


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(places, abilities, st.integers(0, 2)), min_size=1, max_size=3),
    st.lists(st.tuples(places, abilities), min_size=1, max_size=4),
)
def test_no_other_assignment_is_better(firms, asked):
    field = Field(
        [
            Partner(str(at), "", place, abilities=able, capacity=room)
            for at, (place, able, room) in enumerate(firms)
        ]
    )
    enquiries = [Enquiry(str(at), place, abilities=able) for at, (place, able) in enumerate(asked)]
    scores = [
        {one.partner: one.score for one in route(field, enquiry, 9).candidates}
        for enquiry in enquiries
    ]
    best = (0, 0.0)
    for choice in product([None, *(one.id for one in field.partners)], repeat=len(enquiries)):
        if any(
            one is not None and one not in known for one, known in zip(choice, scores, strict=True)
        ):
            continue
        if any(choice.count(one.id) > one.capacity for one in field.partners):
            continue
        given_ = [known[one] for one, known in zip(choice, scores, strict=True) if one is not None]
        best = max(best, (len(given_), round(sum(given_), 4)))
    found = [one for one in assign(field, enquiries, most_times_mean=100).chosen if one is not None]
    assert len(found) == best[0]
    assert abs(sum(one.score for one in found) - best[1]) < 1e-3


def test_more_even_is_farther():
    firms = [Partner(f"p{at}", "", Place(48 + at, 9)) for at in range(5)]
    asked = [Enquiry(f"{at:02}", Place(48.1, 9)) for at in range(20)]
    curve = trade_off(Field(firms), asked, (1.0, 2.0, 5.0))
    assert [spread.most for _bound, spread in curve] == [4, 8, 20]
    far = [spread.median_km for _bound, spread in curve]
    assert far == sorted(far, reverse=True)
    assert far[0] > far[-1]
