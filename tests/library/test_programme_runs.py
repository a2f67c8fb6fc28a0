"""All partners at once give what one partner at a time gives, on each engine, cell by cell."""

from __future__ import annotations

import datetime as dt
import os
import random
from contextlib import contextmanager
from fractions import Fraction

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.programme.batch.comparing import cutoffs_of, differences
from domain.programme.batch.random_facts import DrawFacts
from domain.programme.batch.random_rules import AS_OF, Draw
from mutualist.domain.programme.batch.values import NotInOneQueryError
from mutualist.domain.programme.presets import preset_rules, presets
from mutualist.domain.programme.rules.reading import read_rules
from mutualist.domain.programme.scoring.facts import Facts, Row
from mutualist.library.errors import FileError
from mutualist.library.programme_runs import (
    load_into_postgres,
    query,
    score_in_duckdb,
    score_in_postgres,
    tables_of,
)

POSTGRES = os.environ.get("MUTUALIST_DATABASE_URL", "")
DAY = dt.date(2026, 3, 31)


@contextmanager
def server():
    """A connection to the PostgreSQL server of this test run."""
    import psycopg

    with psycopg.connect(POSTGRES) as connection:
        yield connection


def drawn(seed, partners=12, rows=9):
    """Rules and a population, the same for a seed."""
    source = random.Random(seed)
    rules = Draw(source).rules()
    return rules, DrawFacts(source, rules).population(partners, rows)


def compared(rules, population, day):
    """Return the cells that differ: on PostgreSQL where the tests run there, else on DuckDB."""
    tables = tables_of(rules, population)
    if not POSTGRES:
        return differences(rules, population, day, score_in_duckdb(rules, tables, day))
    with server() as connection:
        load_into_postgres(rules, connection, tables)
        return differences(rules, population, day, score_in_postgres(rules, connection, day))


@settings(max_examples=4 if POSTGRES else 8, deadline=None)
@given(st.integers(0, 10**9))
def test_random_rules_on_random_facts_give_the_same_cells(seed):
    rules, population = drawn(seed)
    try:
        assert compared(rules, population, AS_OF) == []
    except (NotInOneQueryError, FileError):
        return


@pytest.mark.parametrize("one", presets(), ids=lambda one: one.name)
def test_presets_give_the_same_cells(one):
    rules = preset_rules(one.id, one.version)
    day = max(rules.since, dt.date(2026, 8, 15)) if rules.until is None else rules.until
    texts = [
        word
        for word in one.text.replace(",", " ").replace("]", " ").replace("[", " ").split()
        if word.isalnum()
    ]
    named = sorted({word for word in texts if len(word) < 20})
    population = DrawFacts(
        random.Random(5), rules, words=("t1", "t2", *named[:20]), as_of=day
    ).population(8, 20)
    assert compared(rules, population, day) == []


def small(**parts):
    return read_rules(
        {
            "schema": "programme/1",
            "id": "small",
            "version": "1",
            "effective": {"from": "2026-01-01"},
            "partner": {"country": "text"},
            "facts": {
                "sales": {
                    "date": "day",
                    "fields": {"amount": "money", "pieces": {"type": "number", "decimals": 0}},
                }
            },
            "measures": {
                "sold": {"from": "sales", "take": "sum(amount)"},
                "each": {"from": "sales", "take": "average(amount)"},
                "pieces": {"from": "sales", "take": "sum(pieces)"},
            },
            "metrics": {
                "price": {
                    "value": "ratio(sold, pieces)",
                    "points": "linear(value, 3, 10)",
                    "max": 10,
                }
            },
            "levels": [{"id": "gold", "requires": ["total >= 10"]}],
            **parts,
        }
    )


def firm(name, *sales, country="DE"):
    rows = [
        Row(f"{name}{at}", {"day": DAY, "amount": Fraction(a), "pieces": Fraction(p)})
        for at, (a, p) in enumerate(sales)
    ]
    return Facts({"id": name, "name": name, "country": country}, {"sales": tuple(rows)})


def test_a_level_hangs_on_the_exact_fraction():
    just, under = firm("just", ("0.30", 1), ("2.70", 0)), firm("under", ("8.99", 3))
    scores = score_in_duckdb(small(), tables_of(small(), [just, under]), DAY)
    assert scores.levels == {"just": "gold", "under": None}
    assert [one.total for one in scores] == [10, Fraction(899, 90)]


def test_partners_without_facts_are_scored_as_well():
    scores = list(score_in_duckdb(small(), tables_of(small(), [firm("none")]), DAY))
    assert [(one.partner, one.total, one.level) for one in scores] == [("none", 0, None)]
    assert scores[0].metrics["price"].value is None


def test_nobody_at_all_is_no_mistake():
    assert len(score_in_duckdb(small(), tables_of(small(), []), DAY)) == 0


def test_the_best_by_a_quotient_are_found_in_two_queries():
    rules = small(
        relative={"dear": {"of": "each", "best": "50 %", "within": "country"}},
        levels=[{"id": "gold", "requires": ["dear"]}],
    )
    population = [
        firm("a", (1, 1), (1, 1), (2, 1)),
        firm("b", (1, 1), (2, 1)),
        firm("c", (1, 1)),
        firm("d", (9, 1), country="AT"),
        firm("e", country="AT"),
    ]
    assert cutoffs_of(population, rules, DAY) == {"dear": {"DE": Fraction(4, 3), "AT": 9}}
    assert compared(rules, population, DAY) == []
    scores = score_in_duckdb(rules, tables_of(rules, population), DAY)
    assert [name for name, level in scores.levels.items() if level] == ["a", "b", "d"]


def test_cut_offs_of_another_population_are_taken_as_given():
    rules = small(
        relative={"top": {"of": "sold", "best": "50 %"}},
        levels=[{"id": "gold", "requires": ["top"]}],
    )
    tables = tables_of(rules, [firm("a", (5, 1)), firm("b", (3, 1))])
    found = score_in_duckdb(rules, tables, DAY, cutoffs={"top": {None: Fraction(4)}})
    assert found.levels == {"a": "gold", "b": None}
    assert score_in_duckdb(rules, tables, DAY, cutoffs={"top": {None: Fraction(6)}}).levels == {
        "a": None,
        "b": None,
    }


def test_parquet_files_are_read_where_they_lie(tmp_path):
    tables = tables_of(small(), [firm("a", (30, 3))])
    for name, table in tables.items():
        pq.write_table(table, tmp_path / f"{name}.parquet")
    files = {name: tmp_path / f"{name}.parquet" for name in tables}
    assert score_in_duckdb(small(), files, DAY).levels == {"a": "gold"}


def test_more_decimals_than_a_field_has_are_refused_and_named():
    with pytest.raises(FileError) as error:
        tables_of(small(), [firm("a", ("0.005", 1))])
    assert "amount" in error.value.message("en")
    assert "1/200" in error.value.message("de")


def test_a_number_that_is_too_long_stops_the_run_instead_of_being_wrong():
    rules = small(metrics={"long": {"value": "sold * sold * sold * sold", "points": "value"}})
    population = [firm("a", (10**9, 1))]
    with pytest.raises(FileError, match="38 digits"):
        score_in_duckdb(rules, tables_of(rules, population), DAY)


def test_a_denied_condition_is_never_empty():
    """NOT binds looser than IS NULL: without brackets the question would be turned round."""
    rules = small(
        partner={"country": "text", "special": "flag"},
        levels=[
            {
                "id": "gold",
                "requires": [
                    "not (partner.special) is not empty",
                    "(not partner.special) is not empty",
                ],
            }
        ],
    )
    special = [None, True, False]
    population = [
        Facts({"id": f"P{at}", "name": "", "special": one}) for at, one in enumerate(special)
    ]
    assert compared(rules, population, DAY) == []


def test_the_query_is_the_same_text_every_time():
    rules = small()
    assert query(rules, DAY, "duckdb") == query(rules, DAY, "duckdb")


def test_tables_have_the_columns_that_the_query_reads():
    tables = tables_of(small(), [firm("a", (1, 1))])
    assert tables["sales"].schema.field("amount").type == pa.int64()
    assert tables["sales"].column("amount").to_pylist() == [100]
    assert tables["sales"].column("amount_currency").to_pylist() == [None]
