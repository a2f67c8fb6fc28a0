"""The functions of formulas, value by value."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mutualist.domain.programme.scoring.calling import CALLED, TIMED

CASES = [
    ("linear", (Fraction(1), Fraction(5), Fraction(20)), Fraction(4)),
    ("linear", (Fraction(6), Fraction(5), Fraction(20)), Fraction(20)),
    ("linear", (Fraction(-1), Fraction(5), Fraction(20)), Fraction(0)),
    ("linear", (Fraction(1), Fraction(0), Fraction(20)), None),
    ("linear", (None, Fraction(5), Fraction(20)), None),
    ("linear", (Fraction(1), Fraction(3), Fraction(10)), Fraction(10, 3)),
    ("per_unit", (Fraction("2.5"), Fraction(4), Fraction(20)), Fraction(10)),
    ("per_unit", (Fraction(9), Fraction(4), Fraction(20)), Fraction(20)),
    ("per_unit", (Fraction(9), None, Fraction(20)), None),
    ("per_whole_unit", (Fraction("2.9"), Fraction(4), Fraction(20)), Fraction(8)),
    ("per_whole_unit", (None, Fraction(4), Fraction(20)), None),
    ("brackets", (Fraction(10), Fraction(0), Fraction(1), Fraction(10), Fraction(5)), Fraction(1)),
    (
        "brackets",
        (Fraction("10.01"), Fraction(0), Fraction(1), Fraction(10), Fraction(5)),
        Fraction(5),
    ),
    ("brackets", (Fraction(0), Fraction(0), Fraction(1)), Fraction(0)),
    ("brackets", (Fraction(5), None, Fraction(1)), Fraction(0)),
    ("brackets", (None, Fraction(0), Fraction(1)), None),
    (
        "brackets_from",
        (Fraction(10), Fraction(0), Fraction(1), Fraction(10), Fraction(5)),
        Fraction(5),
    ),
    ("brackets_from", (Fraction(-1), Fraction(0), Fraction(1)), Fraction(0)),
    ("brackets_from", (None, Fraction(0), Fraction(1)), None),
    (
        "weighted_average",
        (Fraction(10), Fraction("0.7"), Fraction(20), Fraction("0.3")),
        Fraction(13),
    ),
    ("weighted_average", (None, Fraction("0.7"), Fraction(20), Fraction("0.3")), Fraction(20)),
    ("weighted_average", (Fraction(10), None), None),
    ("weighted_average", (Fraction(10), Fraction(0)), None),
    ("min", (Fraction(2), None, Fraction(1)), Fraction(1)),
    ("max", (Fraction(2), None, Fraction(3)), Fraction(3)),
    ("max", (None,), None),
    ("sum", (Fraction(2), None, Fraction(3)), Fraction(5)),
    ("sum", (None,), Fraction(0)),
    ("ratio", (Fraction(14), Fraction(20)), Fraction(7, 10)),
    ("ratio", (Fraction(14), Fraction(0)), None),
    ("ratio", (None, Fraction(1)), None),
    ("growth", (Fraction(150), Fraction(100)), Fraction(50)),
    ("growth", (Fraction(150), Fraction(100), Fraction(100)), Fraction(50)),
    ("growth", (Fraction(150), Fraction(100), Fraction(101)), None),
    ("growth", (Fraction(150), Fraction(100), None), None),
    ("growth", (Fraction(150), Fraction(0)), None),
    ("growth", (None, Fraction(100)), None),
    ("gate", (True, Fraction(5)), Fraction(5)),
    ("gate", (False, Fraction(5)), Fraction(0)),
    ("all", (True, False), False),
    ("any", (True, False), True),
    ("at_least", (Fraction(2), True, False, True), True),
    ("at_least", (Fraction(3), True, False, True), False),
    ("at_least", (None, True), False),
    ("round", (Fraction("2.5"),), Fraction(3)),
    ("round", (Fraction("-2.5"),), Fraction(-2)),
    ("round", (Fraction("2.345"), Fraction(2)), Fraction("2.35")),
    ("round", (None,), None),
    ("floor", (Fraction("-0.5"),), Fraction(-1)),
    ("floor", (None,), None),
    ("ceil", (Fraction("0.1"),), Fraction(1)),
    ("ceil", (None,), None),
]


@pytest.mark.parametrize(("name", "args", "expected"), CASES)
def test_a_function(name, args, expected):
    assert CALLED[name](*args) == expected


@pytest.mark.parametrize(
    ("name", "date", "expected"),
    [
        ("days_since", dt.date(2026, 2, 28), 31),
        ("days_since", None, None),
        ("months_since", dt.date(2026, 2, 28), 1),
        ("months_since", dt.date(2025, 3, 31), 12),
        ("months_since", dt.date(2025, 4, 1), 11),
        ("months_since", dt.date(2026, 4, 1), -1),
        ("months_since", dt.date(2026, 1, 31), 2),
        ("months_since", None, None),
    ],
)
def test_a_function_of_time(name, date, expected):
    assert TIMED[name](date, dt.date(2026, 3, 31)) == expected


numbers = st.fractions(min_value=-1000, max_value=1000, max_denominator=50)


@given(numbers, numbers.filter(lambda one: one > 0), numbers.filter(lambda one: one > 0))
@settings(max_examples=60, deadline=None)
def test_linear_grows_up_to_its_cap(value, threshold, most):
    points = CALLED["linear"](value, threshold, most)
    assert 0 <= points <= most
    assert (points == most) == (value >= threshold)
    assert CALLED["linear"](value + 1, threshold, most) >= points


@given(st.lists(st.tuples(numbers, numbers.filter(lambda one: one > 0)), min_size=1, max_size=5))
@settings(max_examples=60, deadline=None)
def test_an_average_lies_between_its_values(pairs):
    flat = [number for pair in pairs for number in pair]
    values = [value for value, _weight in pairs]
    assert min(values) <= CALLED["weighted_average"](*flat) <= max(values)


@given(numbers)
@settings(max_examples=60, deadline=None)
def test_rounding_is_never_further_than_half(value):
    assert abs(CALLED["round"](value, Fraction(1)) - value) <= Fraction(1, 20)
    assert CALLED["floor"](value) <= value <= CALLED["ceil"](value)
