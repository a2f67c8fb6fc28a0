"""Promises beside what became of them."""

from __future__ import annotations

import datetime as dt
import pickle
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mutualist.domain.programme import rating
from mutualist.domain.programme.rating import Event, Promise

HOUR = dt.timedelta(hours=1)
LEADS = Promise("leads", "vendor", "enquiry", "quarter", dt.date(2026, 1, 1), at_least=Fraction(3))
ANSWER = Promise(
    "answer",
    "vendor",
    "question",
    "month",
    dt.date(2026, 1, 1),
    within=24 * HOUR,
    share=Fraction(9, 10),
)


def at(day, hour=9, month=1):
    return dt.datetime(2026, month, day, hour, tzinfo=dt.UTC)


def answered(name, day, hours):
    return Event(name, "question", at(day), at(day) + hours * HOUR)


def only(promise, events, now):
    (found,) = rating.realities(promise, events, now)
    return found


def test_a_number_is_kept_as_soon_as_it_is_reached_and_broken_when_the_quarter_is_over():
    events = [Event(f"e{n}", "enquiry", at(n, month=2)) for n in (1, 2)]
    running = only(LEADS, events, at(31, month=3))
    assert (running.kept, running.decided, running.actual) == (None, False, 2)
    broken, *_ = rating.realities(LEADS, events, at(1, month=4))
    assert (broken.kept, broken.decided, broken.end) == (False, True, dt.date(2026, 3, 31))
    reached = only(LEADS, [*events, Event("e3", "enquiry", at(3, month=3))], at(4, month=3))
    assert (reached.kept, reached.evidence) == (True, ("e1", "e2", "e3"))


def test_a_period_takes_what_began_in_it_and_nothing_about_other_things():
    events = [
        Event("march", "enquiry", at(31, 23, 3), amount=Fraction(3)),
        Event("april", "enquiry", at(1, 0, 4)),
        Event("other", "claim", at(1, 0, 4)),
        Event("later", "enquiry", at(30, 0, 6)),
    ]
    first, second = rating.realities(LEADS, events, at(2, month=4))
    assert (first.kept, first.evidence) == (True, ("march",))
    assert second.evidence == ("april",)


def test_exactly_nine_of_ten_keeps_nine_of_ten():
    events = [answered(f"q{n}", n, 24) for n in range(1, 10)]
    late = answered("late", 10, 25)
    kept, _ = rating.realities(ANSWER, [*events, late], at(1, month=2))
    assert (kept.actual, kept.kept, kept.late) == (Fraction(9, 10), True, ("late",))
    broken, _ = rating.realities(ANSWER, [*events[1:], late], at(1, month=2))
    assert (broken.actual, broken.kept) == (Fraction(8, 9), False)


def test_what_is_open_is_late_once_its_limit_has_passed_and_not_before():
    waiting = Event("q", "question", at(31, 12))
    month, _ = rating.realities(ANSWER, [waiting], at(1, 12, 2))
    assert (month.actual, month.kept, month.decided) == (None, None, False)
    month, _ = rating.realities(ANSWER, [waiting], at(1, 13, 2))
    assert (month.actual, month.kept, month.late) == (0, False, ("q",))
    answered_later = Event("q", "question", at(31, 12), at(1, 11, 2))
    month, _ = rating.realities(ANSWER, [answered_later], at(1, 10, 2))
    assert month.actual is None


def test_without_an_occasion_nothing_is_kept_or_broken():
    month, _ = rating.realities(ANSWER, [], at(1, month=2))
    assert (month.actual, month.kept, month.decided) == (None, None, True)
    assert rating.promise_facts([month]) == ()
    assert "keinen Anlass" in month.sentence("de")


def test_only_whole_periods_of_the_promise_count():
    promise = Promise(
        "p", "partner", "x", "quarter", dt.date(2026, 1, 2), dt.date(2026, 12, 30), Fraction(1)
    )
    found = rating.realities(promise, [], dt.datetime(2027, 5, 1, tzinfo=dt.UTC))
    assert [one.start for one in found] == [dt.date(2026, 4, 1), dt.date(2026, 7, 1)]


@pytest.mark.parametrize(
    ("every", "starts"),
    [
        ("month", [1, 2, 3, 4, 5, 6, 7]),
        ("quarter", [1, 4, 7]),
        ("half_year", [1, 7]),
        ("year", [1]),
    ],
)
def test_periods_are_those_of_the_calendar(every, starts):
    promise = Promise("p", "vendor", "x", every, dt.date(2026, 1, 1), at_least=Fraction(1))
    found = rating.realities(promise, [], at(15, month=7))
    assert [one.start.month for one in found] == starts


def test_facts_are_those_that_are_decided():
    events = [Event(f"e{n}", "enquiry", at(n)) for n in range(1, 5)]
    found = rating.realities(LEADS, events, at(2, month=4))
    assert rating.promise_facts(found) == (
        {
            "id": "leads-2026-01-01",
            "due": dt.date(2026, 3, 31),
            "side": "vendor",
            "promise": "leads",
            "kept": True,
        },
    )


@pytest.mark.parametrize(
    ("hours", "de", "en"),
    [
        (24, "24 Stunden", "24 hours"),
        (36, "36 Stunden", "36 hours"),
        (Fraction(3, 2), "1,5 Stunden", "1.5 hours"),
        (24 * 30, "30 Tagen", "30 days"),
        (24 * 3 + 12, "84 Stunden", "84 hours"),
    ],
)
def test_promise_and_reality_stand_in_one_sentence(hours, de, en):
    promise = Promise(
        "p",
        "vendor",
        "question",
        "month",
        dt.date(2026, 1, 1),
        within=dt.timedelta(seconds=int(hours * 3600)),
    )
    late = Event("q", "question", at(1), at(1) + dt.timedelta(days=40))
    events = [late, *(answered(f"q{n}", n, 1) for n in (2, 3))]
    found, *_ = rating.realities(promise, events, dt.datetime(2026, 4, 1, tzinfo=dt.UTC))
    assert found.sentence("de") == (
        f"Zugesagt: 100 % innerhalb von {de}. Tatsächlich: 66,6 % (2 von 3)."
    )
    assert found.sentence("en") == f"Promised: 100 % within {en}. In fact: 66.6 % (2 of 3)."


def test_a_number_just_missed_is_not_shown_as_reached():
    almost = [Event("e", "enquiry", at(1), amount=Fraction(299, 100))]
    found = only(LEADS, almost, at(2))
    assert found.sentence("de") == "Zugesagt: mindestens 3 je Quartal. Tatsächlich: 2,9."
    assert found.sentence("en") == "Promised: at least 3 per quarter. In fact: 2.9."


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({}, "one_target"),
        ({"at_least": Fraction(1), "within": HOUR}, "one_target"),
        ({"at_least": Fraction(0)}, "bad_target"),
        ({"within": dt.timedelta(0)}, "bad_target"),
        ({"within": HOUR, "share": Fraction(11, 10)}, "bad_target"),
        ({"within": HOUR, "share": Fraction(0)}, "bad_target"),
        ({"within": HOUR, "last": dt.date(2025, 12, 31)}, "ends_before"),
    ],
)
def test_a_promise_nobody_can_keep_or_break_is_refused(values, code):
    with pytest.raises(rating.RatingError) as refused:
        Promise("p", "vendor", "x", "month", dt.date(2026, 1, 1), **values)
    assert refused.value.code == code
    assert "p" in refused.value.message("de")
    assert pickle.loads(pickle.dumps(refused.value)).code == code


def test_an_end_before_the_start_is_refused():
    with pytest.raises(rating.RatingError) as refused:
        Event("q7", "question", at(2), at(1))
    assert refused.value.code == "answered_before"
    assert "q7" in str(refused.value)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 31), st.integers(0, 60) | st.none()), max_size=12),
    st.integers(0, 1500),
)
def test_a_decided_period_never_changes_again(found, later):
    """What was decided stays decided, however much later one looks."""
    events = [
        Event(f"q{n}", "question", at(day), None if hours is None else at(day) + hours * HOUR)
        for n, (day, hours) in enumerate(found)
    ]
    early, *_ = rating.realities(ANSWER, events, at(1, month=2))
    late, *_ = rating.realities(ANSWER, events, at(1, month=2) + later * HOUR)
    if early.decided:
        assert (early.kept, early.actual, early.late) == (late.kept, late.actual, late.late)
