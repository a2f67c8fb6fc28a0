"""Which levels are in danger, and what keeps one that facts no longer give."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import pytest

from mutualist.domain.programme.ahead.falling import falling, staying
from mutualist.domain.programme.ahead.forecasting import Forecast, Loss
from mutualist.domain.programme.status.model import Held

D = dt.date
TODAY = D(2026, 6, 1)
LEVELS = ("bronze", "silver", "gold")
WORDS = {"silver": "Silber", "gold": "Gold"}
STEP = SimpleNamespace(causes=())


def ahead(*held: Held, earned: str | None, losses=(), undecided=None) -> Forecast:
    """What comes: the level held over time, what facts give today, and what they give no longer."""
    return Forecast(
        now=SimpleNamespace(level=earned),
        until=D(2027, 6, 1),
        difference=None,
        losses=tuple(Loss(day, level, then, STEP) for day, level, then in losses),
        held=held,
        beyond=None,
        levels=LEVELS,
        undecided=undecided,
    )


def told(found: Forecast) -> list[tuple]:
    return [(one.day, one.level, one.then, one.falls_on) for one in falling(found)]


def test_what_facts_no_longer_give_falls_when_it_is_looked_at():
    found = ahead(
        Held(TODAY, "gold", "gold", "risen"),
        Held(D(2026, 10, 1), "bronze", "bronze", "fallen"),
        earned="gold",
        losses=[(D(2026, 9, 9), "silver", "bronze"), (D(2026, 8, 8), "gold", "silver")],
    )
    fall = D(2026, 10, 1)
    assert told(found) == [
        (D(2026, 8, 8), "gold", "silver", fall),
        (D(2026, 9, 9), "silver", "bronze", fall),
    ]
    assert staying(found) is None


def test_of_one_day_the_highest_level_stands_first():
    day = D(2026, 8, 8)
    held = Held(TODAY, "gold", "gold", "risen")
    found = ahead(held, earned="gold", losses=[(day, "silver", "bronze"), (day, "gold", "bronze")])
    assert told(found) == [(day, "gold", "bronze", None), (day, "silver", "bronze", None)]


def test_a_level_whose_facts_are_gone_falls_on_the_day_it_is_looked_at():
    held = Held(D(2026, 1, 1), "gold", "gold", "risen")
    fall = Held(D(2026, 7, 1), "silver", "silver", "fallen")
    found = ahead(held, fall, earned="silver")
    assert told(found) == [(fall.day, "gold", "silver", fall.day)]
    only = falling(found)[0]
    rules = SimpleNamespace(levels=())
    assert only.reasons(rules, "en") == ("At the review silver was earned: now silver.",)
    kept = staying(found)
    assert (kept.why, kept.until) == ("review", fall.day)
    assert kept.message("de", WORDS) == (
        "Gold bleibt, bis es am 01.07.2026 geprüft wird; Tatsachen geben derzeit Silber."
    )


def test_what_lies_below_is_told_beside_what_is_gone():
    fall = Held(D(2026, 7, 1), None, None, "fallen")
    found = ahead(
        Held(TODAY, "gold", "gold", "start"),
        fall,
        earned="silver",
        losses=[(D(2026, 6, 15), "silver", None)],
    )
    assert told(found) == [
        (D(2026, 6, 15), "silver", None, fall.day),
        (fall.day, "gold", None, fall.day),
    ]


def test_a_rise_and_a_fall_of_something_lower_endanger_nothing():
    found = ahead(
        Held(TODAY, "silver", "silver", "start"),
        Held(D(2026, 7, 1), "gold", "gold", "risen"),
        Held(D(2026, 9, 1), "silver", "silver", "fallen"),
        earned="silver",
    )
    assert told(found) == []
    assert told(ahead(Held(TODAY, None, None, "start"), earned=None)) == []


@pytest.mark.parametrize(
    ("coming", "why", "until", "english"),
    [
        (
            [],
            "promise",
            None,
            "Gold stays by an earlier promise. By the rules of today it would be no level.",
        ),
        (
            [Held(D(2027, 1, 1), None, None, "fallen")],
            "promise",
            D(2027, 1, 1),
            (
                "Gold stays by an earlier promise until before 2027-01-01."
                " By the rules of today it would be no level."
            ),
        ),
    ],
)
def test_a_promise_keeps_a_level_until_it_ends(coming, why, until, english):
    kept = staying(ahead(Held(TODAY, "gold", None, "kept"), *coming, earned=None))
    assert (kept.why, kept.until) == (why, until)
    assert kept.message("en", WORDS) == english


def test_a_promise_that_comes_after_the_fall_does_not_keep_it():
    fallen = Held(D(2026, 7, 1), None, None, "fallen")
    later = Held(D(2026, 8, 1), None, None, "kept")
    assert staying(ahead(Held(TODAY, "gold", None, "start"), fallen, later, earned=None)).why == (
        "review"
    )


def test_grace_keeps_a_level_until_its_last_day():
    grace = Held(TODAY, "gold", "silver", "grace", grace_until=D(2026, 6, 21))
    over = Held(D(2026, 6, 21), "silver", "silver", "grace_over")
    kept = staying(ahead(grace, over, earned="silver"))
    assert (kept.why, kept.until) == ("grace", over.day)
    assert "Nachfrist" in kept.message("de", WORDS)


def test_what_has_fallen_and_is_not_decided_comes_first_and_stays_until_then():
    fell = Held(D(2026, 5, 2), "silver", "silver", "fallen")
    found = ahead(fell, earned="silver", undecided="gold")
    assert told(found) == [(fell.day, "gold", "silver", fell.day)]
    assert falling(found)[0].is_undecided
    kept = staying(found)
    assert (kept.level, kept.why, kept.until) == ("gold", "decision", None)
    assert kept.message("en", WORDS | {"silver": "Silver"}) == (
        "Gold stays until somebody decides; by the rules it is Silver."
    )
