"""Numbers, months and guarded text in single cells."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mutualist.library.workbook.cells import guard, parse_day, parse_month, parse_number, unguard


@pytest.mark.parametrize(
    ("written", "lang", "meant"),
    [
        ("1.234,56", "de", 1234.56),
        ("1.234,56", "en", 1234.56),
        ("1,234.56", "de", 1234.56),
        ("1,234.56", "en", 1234.56),
        ("1.234.567", "en", 1234567),
        ("1,234,567", "de", 1234567),
        ("1.234", "de", 1234),
        ("1.234", "en", 1.234),
        ("1,234", "de", 1.234),
        ("1,234", "en", 1234),
        ("0,125", "en", 0.125),
        ("0.125", "de", 0.125),
        ("2,5", "en", 2.5),
        ("-300", "de", -300),
        ("−300", "de", -300),
        ("400 k€", "de", 400),
        ("70 %", "en", 70),
        ("1 200", "de", 1200),
        ("1'200", "de", 1200),
        (12, "de", 12),
        (12.0, "de", 12),
        (12.5, "en", 12.5),
    ],
)
def test_numbers_as_people_write_them(written, lang, meant):
    number = parse_number(written, lang)
    assert number == meant
    assert isinstance(number, type(meant))


@pytest.mark.parametrize(
    "written",
    ["", "five", "1.2.3", "1,23,456", "12.34.567,8", "1e5", "--3", "nan", True, None, "9" * 60],
)
def test_no_numbers(written):
    with pytest.raises(ValueError, match=r".*"):
        parse_number(written, "de")


@given(st.decimals(-(10**9), 10**9, places=2), st.sampled_from(["de", "en"]))
def test_a_number_survives_both_ways_of_writing(value, lang):
    english = f"{value:,.2f}"
    german = english.translate(str.maketrans(",.", ".,"))
    assert parse_number(english, lang) == pytest.approx(float(value))
    assert parse_number(german, lang) == pytest.approx(float(value))


@pytest.mark.parametrize(
    "written",
    [
        "2028-12",
        "12/2028",
        "12.2028",
        "31.12.2028",
        "2028-12-31",
        date(2028, 12, 5),
        datetime(2028, 12, 5),  # noqa: DTZ001 - as openpyxl gives it
    ],
)
def test_months(written):
    assert parse_month(written) == "2028-12"


@pytest.mark.parametrize("written", ["2028-13", "13/2028", "Dezember", 2028, ""])
def test_no_months(written):
    with pytest.raises(ValueError, match=r".*"):
        parse_month(written)


@pytest.mark.parametrize("written", ["2028-12-05", "5.12.2028", date(2028, 12, 5)])
def test_days(written):
    assert parse_day(written) == "2028-12-05"


@given(st.text())
def test_guarded_text_never_starts_a_formula_and_comes_back(written):
    guarded = guard(written)
    assert not guarded.startswith(("=", "+", "-", "@"))
    if not written.startswith("'"):
        assert unguard(guarded) == written
