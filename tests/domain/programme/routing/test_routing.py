"""Enquiries go to the able, near and free; each decision has a reason; ties and order decide nothing."""

from __future__ import annotations

import datetime as dt
import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from mutualist.domain.programme.routing import (
    Enquiry,
    Field,
    Partner,
    Place,
    assign,
    fairness,
    route,
    weights,
    why_not,
)
from mutualist.domain.programme.routing.fairness import trade_off
from mutualist.domain.programme.routing.field import kilometres, on_sphere
from mutualist.domain.programme.routing.weights import read_weights

STUTTGART, ULM, KONSTANZ = Place(48.7758, 9.1829), Place(48.4011, 9.9876), Place(47.6603, 9.1758)
KREUZLINGEN, HAMBURG = Place(47.6458, 9.1783), Place(53.5511, 9.9937)
DAY = dt.date(2026, 11, 23)


def firm(id_: str, place: Place | None = STUTTGART, **more: object) -> Partner:
    values = {"abilities": frozenset({"iot"}), "languages": frozenset({"de"}), **more}
    return Partner(id_, f"Firm {id_}", place, **values)


def asking(place: Place | None = ULM, **more: object) -> Enquiry:
    return Enquiry("E", place, "DE", **{"abilities": frozenset({"iot"}), **more})


def test_distance_is_that_of_the_great_circle():
    found = kilometres(on_sphere([HAMBURG]), on_sphere([STUTTGART])[0])[0]
    assert found == pytest.approx(534.2, abs=1)
    assert kilometres(on_sphere([ULM]), on_sphere([ULM])[0])[0] == pytest.approx(0, abs=1e-6)


def test_the_nearer_of_two_equals_is_asked():
    found = route(Field([firm("A", HAMBURG), firm("B", STUTTGART)]), asking())
    assert [one.partner for one in found.candidates] == ["B", "A"]
    assert found.best is not None
    assert found.best.km == pytest.approx(72, abs=2)
    assert sum(found.best.parts.values()) == pytest.approx(found.best.score)


def test_a_border_is_no_distance():
    """A customer in Konstanz is nearer to Kreuzlingen in Switzerland than to Stuttgart."""
    swiss = firm("CH", KREUZLINGEN)
    assert route(Field([firm("DE"), swiss]), asking(KONSTANZ)).best.partner == "CH"
    at_home = firm("CH", KREUZLINGEN, serves=frozenset({"CH"}))
    field = Field([firm("DE"), at_home])
    assert route(field, asking(KONSTANZ)).best.partner == "DE"
    assert why_not(field, asking(KONSTANZ), "CH").code == "area"


@pytest.mark.parametrize(
    ("partner", "enquiry", "code"),
    [
        ({"active": False}, {}, "inactive"),
        ({}, {"declined": frozenset({"A"})}, "declined"),
        ({"abilities": frozenset()}, {}, "ability"),
        ({}, {"certificate": "C-1"}, "certificate"),
        (
            {"certificates": {"C-1": dt.date(2026, 11, 22)}},
            {"certificate": "C-1", "day": DAY},
            "certificate",
        ),
        ({}, {"language": "en"}, "language"),
        ({"level": 1}, {"level": 2}, "level"),
        ({"serves": frozenset({"AT"})}, {}, "area"),
        ({"capacity": 2, "load": 2}, {}, "capacity"),
    ],
)
def test_who_fails_a_condition_is_not_asked_and_it_is_said_which(partner, enquiry, code):
    field = Field(
        [
            firm("A", **partner),
            firm(
                "B", HAMBURG, certificates={"C-1": None}, level=3, languages=frozenset({"de", "en"})
            ),
        ]
    )
    found = route(field, asking(**enquiry))
    assert found.best.partner == "B"
    assert found.failed == {code: 1}
    assert why_not(field, asking(**enquiry), "A").code == code
    assert code in weights().words


def test_a_certificate_counts_on_its_last_day():
    held = firm("A", certificates={"C-1": DAY})
    assert route(Field([held]), asking(certificate="C-1", day=DAY)).best is not None


def test_who_is_behind_is_told_by_how_much_and_why():
    field = Field([firm("A", HAMBURG), firm("B")])
    told = why_not(field, asking(), "A")
    assert (told.code, told.values["name"], told.values["value"]) == (
        "behind",
        "Firm B",
        "nearness",
    )
    first, second = route(field, asking()).candidates
    assert told.values["points"] == pytest.approx(first.score - second.score)
    assert why_not(field, asking(), "B") is None


def test_nobody_able_is_said_with_the_reasons():
    found = route(Field([firm("A", abilities=frozenset()), firm("B", active=False)]), asking())
    assert (found.best, found.able) == (None, 0)
    assert found.failed == {"ability": 1, "inactive": 1}
    assert route(Field([]), asking()).best is None


def test_without_a_place_everything_else_decides():
    found = route(Field([firm("A", None), firm("B", level=2)]), asking(None))
    assert found.best.partner == "B"
    assert found.best.km is None
    assert found.best.parts["nearness"] == 0


def test_a_free_partner_goes_before_a_busy_one_at_the_same_place():
    busy, free = firm("A", capacity=4, load=3, recent=9), firm("B", capacity=4)
    assert route(Field([busy, free]), asking()).best.partner == "B"


def test_an_id_occurs_once():
    with pytest.raises(ValueError, match="occur twice: A"):
        Field([firm("A"), firm("A")])


def test_weights_have_to_add_up():
    from importlib.resources import files

    import yaml

    text = files("mutualist.domain.programme.routing").joinpath("data", "weights-2026.1.yaml")
    source = yaml.safe_load(text.read_text("utf-8"))
    source["parts"]["level"]["weight"] = 0.2
    with pytest.raises(ValueError, match=r"1\.1"):
        read_weights(source)
    del source["parts"]["level"]
    with pytest.raises(ValueError, match="there are"):
        read_weights(source)


def a_field(seed: int, count: int) -> list[Partner]:
    draw = random.Random(seed)
    return [
        firm(
            f"P{number:03}",
            Place(draw.uniform(47, 54), draw.uniform(6, 15)),
            abilities=frozenset(draw.sample(["iot", "ai", "erp"], draw.randint(0, 3))),
            capacity=draw.choice([None, 1, 2, 5]),
            level=draw.randint(0, 3),
        )
        for number in range(count)
    ]


def many(seed: int, count: int) -> list[Enquiry]:
    draw = random.Random(seed)
    return [
        Enquiry(
            f"E{number}",
            Place(draw.uniform(47, 54), draw.uniform(6, 15)),
            "DE",
            frozenset({draw.choice(["iot", "ai", "erp"])}),
        )
        for number in range(count)
    ]


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000))
def test_the_order_of_partners_decides_nothing(seed):
    partners, asked = a_field(seed, 12), many(seed, 1)[0]
    shuffled = random.Random(seed).sample(partners, len(partners))
    assert route(Field(partners), asked, 12) == route(Field(shuffled), asked, 12)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000))
def test_few_of_the_ranking_are_the_first_of_all(seed):
    field, asked = Field(a_field(seed, 30)), many(seed, 1)[0]
    assert route(field, asked, 3).candidates == route(field, asked, 30).candidates[:3]


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 25), st.integers(1, 8))
def test_an_assignment_is_the_best_there_is(seed, enquiries, partners):
    """Against a dense solver with every free place as a column and nobody at a high price."""
    field, asked = Field(a_field(seed, partners)), many(seed, enquiries)
    found = assign(field, asked)
    score = np.full((enquiries, partners), -np.inf)
    for row, one in enumerate(asked):
        for candidate in route(field, one, partners).candidates:
            score[row, field.index[candidate.partner]] = candidate.score
    rooms = np.minimum(field.room, found.most)
    owner = np.repeat(np.arange(partners), np.minimum(rooms, enquiries))
    cost = np.hstack([-score[:, owner], np.full((enquiries, enquiries), 1000.0)])
    cost[~np.isfinite(cost)] = 1e9
    rows, columns = linear_sum_assignment(cost)
    best = cost[rows, columns].sum()
    mine = sum(1000.0 if one is None else -one.score for one in found.chosen)
    assert mine == pytest.approx(best, abs=1e-3)
    loads = fairness(found.chosen, [one.id for one in field.partners])
    assert loads.most <= found.most
    for one, chosen in zip(asked, found.chosen, strict=True):
        if chosen is not None:
            assert one.abilities <= field.partners[field.index[chosen.partner]].abilities


def test_nothing_to_hand_out_and_nobody_to_take_it():
    assert assign(Field([firm("A")]), []).chosen == ()
    assert assign(Field([]), [asking()]).chosen == (None,)
    nobody = fairness([None], [])
    assert (nobody.served, nobody.unserved, nobody.gini) == (0, 1, 0.0)


def test_a_tighter_bound_spreads_more_evenly():
    field, asked = Field(a_field(3, 10)), many(3, 12)
    (_, tight), (_, loose) = trade_off(field, asked, [1.0, 100.0])
    assert tight.most <= loose.most
    assert tight.gini <= loose.gini
