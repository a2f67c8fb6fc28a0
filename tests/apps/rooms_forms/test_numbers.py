from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mutualist.apps.core.numbers import (
    NotAMonthError,
    NotANumberError,
    format_month,
    format_number,
    parse_month,
    parse_number,
)


@pytest.mark.parametrize(
    ("text", "language", "value"),
    [
        ("1.234,56", "de", 1234.56),
        ("1,234.56", "de", 1234.56),
        ("1.234,56", "en", 1234.56),
        ("1,234.56", "en", 1234.56),
        ("1.234", "de", 1234),
        ("1,234", "en", 1234),
        ("1.234", "en", 1.234),
        ("1,5", "en", 1.5),
        ("1.5", "de", 1.5),
        ("0.125", "de", 0.125),
        ("1.234.567", "en", 1234567),
        ("12 000 €", "de", 12000),
        ("€1,200", "en", 1200),
        ("− 50", "de", -50),
        ("70 %", "de", 70),
        ("3,0", "de", 3),
    ],
)
def test_numbers_as_people_type_them(text, language, value):
    found = parse_number(text, language)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    "text", ["", "-", "viel", "1.2.3", "1,2,3.4", "1.234,5,6", "12-5", "1e5", "٣"]
)
def test_what_is_no_number_is_refused(text):
    with pytest.raises(NotANumberError):
        parse_number(text)


@given(
    st.one_of(
        st.integers(-(10**14), 10**14),
        st.floats(-1e9, 1e9, allow_nan=False).map(lambda x: round(x, 6)),
    ),
    st.sampled_from(["de", "en"]),
)
def test_a_written_number_reads_as_itself(value, language):
    assert parse_number(format_number(value, language), language) == value


@given(st.integers(1000, 9999), st.integers(1, 12))
def test_a_written_month_reads_as_itself(year, month):
    value = f"{year}-{month:02d}"
    assert parse_month(format_month(value)) == value == parse_month(value)


@pytest.mark.parametrize("text", ["13/2028", "0/2028", "2028", "Juni", "06/28", "2028-06-01"])
def test_what_is_no_month_is_refused(text):
    with pytest.raises(NotAMonthError):
        parse_month(text)
