"""Cents: reading, rounding, sharing out."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mutualist.domain.programme.commission.money import (
    allocate,
    exact,
    half_up,
    percent_said,
    read_amount,
    said,
)
from mutualist.domain.programme.commission.problems import CommissionError


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1440", 1440),
        ("1.440,00", 1440),
        ("1,440.00", 1440),
        ("1'440.50", Fraction(2881, 2)),
        ("1 234 567,8", Fraction(12345678, 10)),
        ("1.234.567", 1234567),
        ("−5,25", Fraction(-21, 4)),
        (0.1, Fraction(1, 10)),
        ("1.440", None),
        ("1,440", None),
        ("1.44.0", None),
        ("1e5", None),
        ("", None),
        (True, None),
        (float("nan"), None),
        (None, None),
        ("9" * 41, None),
        ("٣", None),
    ],
)
def test_numbers_are_read_as_they_are_written_or_not_at_all(text, number):
    assert exact(text) == number


def test_amounts_finer_than_their_currency_or_too_large_are_refused():
    assert read_amount("12,5", "EUR", "x") == 1250
    assert read_amount("12.5", "KWD", "x") == 12500
    for value, currency, code in (("0.005", "EUR", "too_fine"), ("1.5", "JPY", "too_fine"), ("a", "EUR", "not_amount"), (10**13, "EUR", "too_large")):  # fmt: skip
        with pytest.raises(CommissionError) as caught:
            read_amount(value, currency, "x")
        assert caught.value.problems[0].code == code


@given(st.integers(-(10**9), 10**9), st.lists(st.integers(0, 10**6), min_size=1, max_size=9))
def test_shares_add_up_and_each_is_off_by_less_than_a_cent(total, weights):
    parts = allocate(total, weights)
    assert sum(parts) == total
    if sum(weights):
        for part, weight in zip(parts, weights, strict=True):
            assert abs(part - Fraction(total * weight, sum(weights))) < 1


@given(st.fractions())
def test_rounding_takes_the_nearest_and_half_away_from_zero(number):
    assert abs(half_up(number) - number) <= Fraction(1, 2)
    assert half_up(-number) == -half_up(number)


def test_words_for_people():
    assert said(-123456, "EUR", "de") == "−1.234,56 EUR"
    assert said(123456, "JPY", "en") == "123,456 JPY"
    assert percent_said(Fraction(15, 200), "de") == "7,5 %"
    assert percent_said(Fraction(1), "en") == "100 %"
