"""Why a partner was not asked is told with its own figures; weights that cannot be used are refused with the sum they have."""

from __future__ import annotations

import copy
import datetime as dt
import re
from importlib.resources import files

import pytest
import yaml

from mutualist.domain.programme.routing import (
    Enquiry,
    Field,
    Partner,
    Place,
    route,
    weights,
    why_not,
)
from mutualist.domain.programme.routing.field import CONDITIONS
from mutualist.domain.programme.routing.weights import PARTS, read_weights

HERE, AWAY = Place(48.0, 9.0), Place(53.0, 9.0)
DAY = dt.date(2026, 11, 23)


def test_a_partner_of_whom_nothing_else_is_known_can_be_asked():
    found = route(Field([Partner("a", "A", HERE)]), Enquiry("1", HERE))
    assert (found.enquiry, found.able, found.failed) == ("1", 1, {})
    # Neither level nor capacity are stated, nobody was asked before, and whoever begins is taken to answer.
    assert found.best.parts == pytest.approx(
        {"nearness": 50, "free": 20, "fairness": 10, "response": 7, "level": 0}
    )
    assert (found.best.partner, found.best.name, found.best.km) == ("a", "A", 0)


ASKED = Enquiry(
    "1",
    HERE,
    "DE",
    abilities=frozenset({"iot", "ai", "erp"}),
    certificate="C-1",
    language="fr",
    level=2,
    day=DAY,
    declined=frozenset({"declined", "unknown"}),
)
FITS = {
    "place": HERE,
    "abilities": ASKED.abilities,
    "certificates": {"C-1": DAY},
    "languages": frozenset({"de", "fr"}),
    "level": 2,
    "capacity": 3,
    "load": 2,
}
#: For each condition a partner that fails it and no other, and what the sentence quotes.
FAILING = {
    "inactive": ({"active": False}, {}),
    "declined": ({}, {}),
    "ability": ({"abilities": frozenset({"iot"})}, {"value": "ai, erp"}),
    "certificate": ({"certificates": {"C-1": dt.date(2026, 11, 22)}}, {"value": "C-1"}),
    "language": ({"languages": frozenset({"de"})}, {"value": "fr"}),
    "level": ({"level": 1}, {}),
    "area": ({"serves": frozenset({"AT", "CH"})}, {"value": "DE"}),
    "capacity": ({"load": 3}, {"value": 3, "most": 3}),
}


def partner(name, **changed):
    return Partner(name, name.upper(), **{**FITS, **changed})


def test_each_condition_is_told_with_what_is_missing():
    assert tuple(FAILING) == CONDITIONS
    firms = [partner(code, **changed) for code, (changed, _quoted) in FAILING.items()]
    field = Field([*firms, partner("fits"), partner("endless", certificates={"C-1": None})])
    found = route(field, ASKED)
    assert [one.partner for one in found.candidates] == ["endless", "fits"]
    assert found.failed == dict.fromkeys(CONDITIONS, 1)
    for code, (_changed, quoted) in FAILING.items():
        told = why_not(field, ASKED, code)
        assert (told.partner, told.name, told.code) == (code, code.upper(), code)
        assert told.values == quoted


def test_of_several_conditions_the_first_is_told():
    changes = [changed for changed, _quoted in FAILING.values()]
    for at, code in enumerate(CONDITIONS):
        every = {key: value for changed in changes[at:] for key, value in changed.items()}
        name = "declined" if code == "declined" else "a"
        field = Field([partner(name, **every), partner("fits")])
        assert why_not(field, ASKED, name).code == code
        assert route(field, ASKED).failed == {code: 1}


def test_without_a_day_any_certificate_that_was_held_counts():
    field = Field([partner("a", certificates={"C-1": dt.date(2020, 1, 1)})])
    assert route(field, Enquiry("1", HERE, certificate="C-1")).able == 1
    assert route(field, Enquiry("1", HERE, certificate="C-2")).able == 0


def test_the_part_that_tells_most_is_named():
    near, far = partner("near", answered=0.0), partner("far", place=AWAY, answered=1.0)
    told = why_not(Field([near, far]), ASKED, "far")
    assert told.values["value"] == "nearness"
    slow = partner("slow", answered=0.2, place=Place(48.01, 9.0))
    quick = partner("quick", answered=1.0)
    told = why_not(Field([slow, quick]), ASKED, "slow")
    assert (told.values["value"], told.values["name"]) == ("response", "QUICK")
    mine, best = (route(Field([one]), ASKED).best for one in (slow, quick))
    assert told.values["points"] == pytest.approx(best.score - mine.score)


def test_ids_that_occur_twice_are_named_but_not_all_of_many():
    names = [*"gfedcba", *"abcdefg", "h"]
    with pytest.raises(ValueError, match=r"^partners occur twice: a, b, c, d, e$"):
        Field([partner(name) for name in names])


def test_what_is_told_of_equal_routes_is_kept_once():
    field = Field([partner("a"), partner("b", level=1)])
    twice = [(route(field, ASKED), why_not(field, ASKED, "b")) for _ in range(2)]
    assert len({one for pair in twice for one in pair}) == 2
    assert len({one.best for one, _refusal in twice}) == 1
    assert len({partner("a"), partner("a"), partner("b")}) == 2


@pytest.fixture
def source():
    text = files("mutualist.domain.programme.routing").joinpath("data", "weights-2026.1.yaml")
    return copy.deepcopy(yaml.safe_load(text.read_text("utf-8")))


def test_the_weights_of_the_product_are_read_as_they_stand(source):
    found = weights()
    assert found == read_weights(source)
    assert found.shares == {
        "nearness": 0.5,
        "free": 0.2,
        **dict.fromkeys(("fairness", "response", "level"), 0.1),
    }
    assert (found.version, found.half_km) == ("2026.1", 40)
    assert (found.response_unknown, found.most_times_mean) == (0.7, 2)
    named = {f"part.{part}" for part in PARTS} | {"chosen.points", "chosen.away"}
    named |= {*CONDITIONS, "behind", "full_elsewhere"}
    assert set(found.words) == named | {f"{code}_short" for code in CONDITIONS}
    assert all(set(words) == {"de", "en"} and all(words.values()) for words in found.words.values())


@pytest.mark.parametrize(
    ("weight", "told"),
    [
        (0.2, "1.1"),
        (1_000_000, "1000000.9"),
        (0.1000001, "1.0000001"),
        (0.0999999, "0.9999999"),
        ("nan", "NaN"),
    ],
)
def test_a_sum_that_is_not_one_is_told_in_full(source, weight, told):
    source["parts"]["level"]["weight"] = weight
    told = re.escape(f"weights add up to {told}; they have to add up to 1")
    with pytest.raises(ValueError, match=f"^{told}$"):
        read_weights(source)


def test_a_weight_below_nothing_is_refused_even_where_the_sum_is_one(source):
    source["parts"]["level"]["weight"] = -0.1
    source["parts"]["free"]["weight"] = 0.4
    with pytest.raises(ValueError, match=r"weight of level is -0\.1; no weight may be below 0"):
        read_weights(source)
    source["parts"]["level"]["weight"] = 0
    source["parts"]["free"]["weight"] = 0.3
    assert read_weights(source).shares["level"] == 0


def test_other_parts_than_there_are_are_named(source):
    source["parts"]["charm"] = source["parts"].pop("level")
    with pytest.raises(ValueError, match=r"weights name \['charm', .*; there are \['fairness', "):
        read_weights(source)
