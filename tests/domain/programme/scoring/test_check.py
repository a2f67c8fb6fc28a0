"""Rows of files become facts, or a problem that names table, row, column and remedy."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.programme.rules.building import rules
from domain.programme.scoring.making import DAY
from mutualist.domain.programme.rules.model import Field
from mutualist.domain.programme.rules.reading import read_rules
from mutualist.domain.programme.scoring.cells import Wrong, point_of, read_cell, texts
from mutualist.domain.programme.scoring.check import MOST_COMPARED, check_facts, tables_of
from mutualist.domain.programme.scoring.score import score

READ = rules()
PARTNERS = [(2, {"id": "tauwerk", "name": "Tauwerk", "staff": "12"}), (3, {"id": "grauwerk"})]
SALE = {
    "partner": "tauwerk",
    "id": "s1",
    "day": "2026-01-01",
    "amount": "1.234,56",
    "customer": "k",
}


def checked(sales=(), partners=PARTNERS, **tables):
    rows = [(number, row) for number, row in enumerate(sales, 2)]
    return check_facts(partners, {"sales": rows, **tables}, READ, DAY)


def noted(found):
    for one in found.problems:
        assert one.message("de") != one.message("en")
        assert one.place
    return {(one.table, one.row, one.column, one.code, one.severity) for one in found.problems}


EMPTY = {
    ("sales", 0, "", "no_rows", "warning"),
    ("exams", 0, "", "no_rows", "warning"),
}


def test_good_rows_become_facts():
    dollars = {"amount": 10, "amount_currency": "USD", "day": dt.date(2026, 2, 1)}
    found = checked([SALE, {**SALE, "id": "s2", **dollars}])
    assert noted(found) == {("exams", 0, "", "no_rows", "warning")}
    first, second = found.facts
    assert (first.name, first.partner["staff"], second.name) == ("Tauwerk", 12, "grauwerk")
    assert [row.id for row in first.rows["sales"]] == ["s1", "s2"]
    assert first.rows["sales"][0].values["amount"] == Fraction("1234.56")
    assert score(first, READ, DAY).measures["sold"] == Fraction("1243.56")
    assert not second.rows


def test_rows_without_an_id_get_one_of_their_place():
    found = checked([{key: raw for key, raw in SALE.items() if key != "id"}])
    assert found.facts[0].rows["sales"][0].id == "sales-2"


@pytest.mark.parametrize(
    ("change", "column", "code"),
    [
        ({"partner": "tauwrk"}, "partner", "unknown_partner"),
        ({"partner": ""}, "partner", "no_partner"),
        ({"day": "2026-02-30"}, "day", "not_a_day"),
        ({"day": " "}, "day", "no_day"),
        ({"amount": "much"}, "amount", "not_a_number"),
        ({"amount": "1.234"}, "amount", "two_meanings"),
        ({"amount": "1,239"}, "amount", "two_meanings"),
        ({"amount": "1.2345"}, "amount", "too_fine"),
        ({"amount": "1" * 19}, "amount", "too_large"),
        ({"amount": True}, "amount", "not_a_number"),
        ({"amount": float("nan")}, "amount", "not_a_number"),
        ({"amount": [1]}, "amount", "not_a_number"),
        ({"amount_currency": "CHF"}, "amount_currency", "unknown_currency"),
        ({"paid": "maybe"}, "paid", "not_a_flag"),
        ({"customer": ["k"]}, "customer", "not_a_text"),
        ({"customer": "k" * 501}, "customer", "too_long"),
    ],
)
def test_a_broken_value_is_named(change, column, code):
    found = checked([{**SALE, **change}])
    assert ("sales", 2, column, code, "error") in noted(found)
    assert found.errors
    assert not found.facts[0].rows


def test_a_value_has_one_problem():
    assert len(checked([{**SALE, "day": "soon"}]).errors) == 1


def test_a_near_partner_is_suggested():
    (problem,) = checked([{**SALE, "partner": "tauwrk"}]).errors
    assert "similar is tauwerk" in problem.message("en")
    assert "ähnlich ist tauwerk" in problem.message("de")
    (far,) = checked([{**SALE, "partner": "zzz"}]).errors
    assert "similar" not in far.message("en")


def test_what_stands_twice():
    same = checked([SALE, SALE])
    assert ("sales", 3, "", "id_twice", "error") in noted(same)
    bare = {key: raw for key, raw in SALE.items() if key != "id"}
    twice = checked([bare, bare])
    assert ("sales", 3, "", "row_twice", "warning") in noted(twice)
    assert len(twice.facts[0].rows["sales"]) == 2
    partners = checked(partners=[*PARTNERS, (4, {"id": "tauwerk"}), (5, {"name": "x"})])
    assert noted(partners) >= {
        ("partners", 4, "id", "partner_twice", "error"),
        ("partners", 5, "id", "no_id", "error"),
    }


def test_days_after_the_day_and_ends_before_starts():
    later = checked([{**SALE, "day": "2026-04-01"}])
    assert ("sales", 2, "day", "future", "warning") in noted(later)
    assert not later.errors
    assert score(later.facts[0], READ, DAY).measures["sold"] == 0
    spans = checked(
        links=[(2, {"partner": "tauwerk", "since": "2026-02-01", "ended": "2026-01-31"})]
    )
    assert ("links", 2, "ended", "swapped", "error") in noted(spans)
    held = checked(
        links=[(2, {"partner": "tauwerk", "since": "2026-02-01", "ended": "2026-02-01"})]
    )
    assert not held.errors


def test_tables_and_columns_nobody_knows():
    found = checked([{**SALE, "amuont": 1}], lotteries=[(2, {"partner": "tauwerk"})])
    assert noted(found) >= {
        ("sales", 0, "amuont", "unknown_field", "error"),
        ("lotteries", 0, "", "unknown_table", "error"),
    }
    assert any("similar is amount" in one.message("en") for one in found.errors)
    partners = checked(partners=[(2, {"id": "a", "land": "DE"})])
    assert ("partners", 0, "land", "unknown_field", "error") in noted(partners)


def test_columns_that_are_missing():
    no_day = checked([{"partner": "tauwerk", "amount": 1}])
    assert ("sales", 0, "day", "missing_column", "error") in noted(no_day)
    nobody = checked([{"day": "2026-01-01", "amount": 1}])
    assert ("sales", 0, "partner", "missing_column", "error") in noted(nobody)


def test_metrics_without_data_are_named():
    found = checked()
    assert noted(found) == EMPTY
    messages = [one.message("en") for one in found.problems]
    assert any("without data stay: revenue" in one for one in messages)


def test_what_a_formula_rests_on():
    read = rules(
        measures__people={"from": "bought", "take": "count"},
        relative={"top": {"of": "revenue", "best": 0.1}},
        metrics__skill__value="people + revenue + points.revenue if top else 0",
    )
    assert tables_of(read, read.metrics["skill"].value.tree) == {"sales"}


@pytest.mark.parametrize(
    ("raw", "kind", "expected"),
    [
        ("1.234,56", "money", "1234.56"),
        ("1,234.56", "money", "1234.56"),
        ("1.234.567", "number", "1234567"),
        ("1'234.5", "number", "1234.5"),
        ("1 234,5", "number", "1234.5"),
        ("-7,5", "number", "-7.5"),
        ("−7.5", "number", "-7.5"),
        ("+3", "number", "3"),
        ("0.125", "number", None),
        ("0.1250", "number", "0.125"),
        (0.1, "number", "0.1"),
        (Decimal("2.5"), "number", "2.5"),
        (Fraction(3, 2), "number", "1.5"),
        ("1.2.3", "number", None),
        ("1,23,4", "number", None),
        ("1.234.56", "number", None),
        ("1e5", "number", None),
        ("", "number", ""),
    ],
)  # fmt: skip
def test_numbers_as_people_write_them(raw, kind, expected):
    found = read_cell(raw, Field("x", kind, 6))
    if expected is None:
        assert isinstance(found, Wrong)
    elif expected == "":
        assert found is None
    else:
        assert found == Fraction(expected)


def test_a_column_says_what_its_points_mean():
    field = Field("x", "number", 6)
    assert read_cell("1.440", field, ",") == 1440
    assert read_cell("1.440", field, ".") == Fraction("1.44")
    assert read_cell("1,440", field, ".") == 1440
    assert isinstance(read_cell("1.440,5", field, "."), Wrong)
    assert point_of(["7", "1.440", "x", None]) == ""
    assert point_of(["1.234.567"]) == ","
    assert point_of(["1,234,567"]) == "."
    found = checked([{**SALE, "amount": "1.440"}, {**SALE, "id": "s2", "amount": "7,5"}])
    assert found.facts[0].rows["sales"][0].values["amount"] == 1440


@pytest.mark.parametrize(
    ("raw", "kind", "expected"),
    [
        ("Ja", "flag", True),
        ("false", "flag", False),
        (True, "flag", True),
        ("01.07.2026", "date", dt.date(2026, 7, 1)),
        ("31.02.2026", "date", Wrong("not_a_day")),
        (dt.datetime(2026, 7, 1, 12, 0, tzinfo=dt.UTC), "date", dt.date(2026, 7, 1)),
        (7, "text", "7"),
        (True, "text", Wrong("not_a_text")),
        ("  x ", "text", "x"),
        (None, "text", None),
    ],
)
def test_other_values(raw, kind, expected):
    found = read_cell(raw, Field("x", kind))
    if isinstance(expected, Wrong):
        assert isinstance(found, Wrong)
        assert found.code == expected.code
    else:
        assert found == expected


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=2))
@settings(max_examples=60, deadline=None)
def test_both_ways_of_writing_mean_the_same(number):
    english = f"{number:,.2f}"
    german = english.translate(str.maketrans(",.", ".,"))
    field = Field("x", "money", 2)
    assert read_cell(english, field) == read_cell(german, field) == Fraction(number)


@given(
    st.one_of(
        st.text(max_size=20),
        st.integers(),
        st.floats(),
        st.booleans(),
        st.none(),
        st.lists(st.integers()),
    )
)
@settings(max_examples=150, deadline=None)
def test_no_value_breaks_the_reader(raw):
    for kind in ("text", "number", "money", "date", "flag"):
        found = read_cell(raw, Field("x", kind, 2))
        if isinstance(found, Wrong):
            assert found.code in texts()


def test_the_nearest_partner_is_looked_for_in_the_first_rows_only(monkeypatch):
    searched = []

    def search(value, known, count):
        searched.append(value)
        return []

    monkeypatch.setattr(
        "mutualist.domain.programme.scoring.check.difflib.get_close_matches", search
    )
    found = checked([{**SALE, "id": f"s{at}", "partner": f"stranger{at}"} for at in range(500)])
    assert len(found.errors) == 500
    assert len(searched) == MOST_COMPARED


def test_a_table_without_rows_is_told_where_only_levels_ask_for_it():
    written = {
        "schema": "programme/1",
        "id": "plain",
        "version": "1",
        "effective": {"from": dt.date(2025, 1, 1)},
        "facts": {"plans": {"date": "agreed", "fields": {}}},
        "measures": {"planned": {"from": "plans", "take": "any"}},
        "levels": [{"id": "advanced", "requires": ["planned"]}],
    }
    found = check_facts([(2, {"id": "tauwerk"})], {"plans": []}, read_rules(written), DAY)
    assert noted(found) == {("plans", 0, "", "no_rows", "warning")}
    assert "planned" in found.problems[0].message("en")
