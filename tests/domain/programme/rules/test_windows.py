"""Periods as they are written, and the days they mean."""

from __future__ import annotations

import datetime as dt

import pytest

from mutualist.domain.programme.rules.windows import Span, read_span, read_window

D = dt.date
DAY = D(2026, 3, 31)
BOUNDS = [
    ("last 12 months", 1, D(2025, 4, 1), DAY),
    ("last month", 1, D(2026, 3, 1), DAY),
    ("last 28 days", 1, D(2026, 3, 4), DAY),
    ("last 2 weeks", 1, D(2026, 3, 18), DAY),
    ("last 2 years", 1, D(2024, 4, 1), DAY),
    ("last closed month", 1, D(2026, 2, 1), D(2026, 2, 28)),
    ("last 3 closed months", 1, D(2025, 12, 1), D(2026, 2, 28)),
    ("last closed week", 1, D(2026, 3, 23), D(2026, 3, 29)),
    ("last 4 closed quarters", 1, D(2025, 1, 1), D(2025, 12, 31)),
    ("last closed quarter", 2, D(2025, 11, 1), D(2026, 1, 31)),
    ("last closed year", 7, D(2024, 7, 1), D(2025, 6, 30)),
    ("this month", 1, D(2026, 3, 1), DAY),
    ("this quarter", 2, D(2026, 2, 1), DAY),
    ("this year", 7, D(2025, 7, 1), DAY),
    ("ever", 1, D.min, DAY),
    ("last 9999 years", 1, D(1, 1, 2), DAY),
    ("last 9999 closed years", 1, D.min, D(2025, 12, 31)),
]


@pytest.mark.parametrize(("text", "fiscal", "first", "last"), BOUNDS, ids=[b[0] for b in BOUNDS])
def test_the_days_of_a_period(text, fiscal, first, last):
    assert read_window(text).bounds(DAY, fiscal) == (first, last)


def test_the_end_of_a_month_is_clipped_when_the_day_moves_back():
    window = read_window("last closed month", Span(13, "months"))
    assert window.day(DAY) == D(2025, 2, 28)
    assert window.bounds(DAY) == (D(2025, 1, 1), D(2025, 1, 31))
    assert Span(1, "months").after(D(2024, 1, 31)) == D(2024, 2, 29)


def test_since_a_date_of_the_partner():
    window = read_window("since partner.enrolled")
    assert window.since == "enrolled"
    assert window.bounds(DAY, since=D(2025, 5, 5)) == (D(2025, 5, 5), DAY)
    assert window.bounds(DAY) is None


def test_any_day_of():
    assert read_window("any day of last 6 months").touching
    assert not read_window("last 6 months").touching


@pytest.mark.parametrize(
    "text", ["", "last", "last 0 months", "last -1 month", "this day", "next month", "since 2026-01-01", "last 12 moons"]
)  # fmt: skip
def test_what_is_no_period(text):
    assert read_window(text) is None


@pytest.mark.parametrize("text", ["12", "0 months", "months", "1 fortnight", "99999 days"])
def test_what_is_no_length_of_time(text):
    assert read_span(text) is None


def test_days_do_not_leave_the_calendar():
    assert Span(9999, "weeks").before(D(2, 1, 1)) == D.min
    assert Span(9999, "years").after(D(2026, 1, 1)) == D.max
