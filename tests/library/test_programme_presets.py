"""The worked examples of every preset give the same one by one and all at once, on each engine."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import replace

import pytest

from domain.programme.batch.comparing import differences
from domain.programme.presets.examples import examples
from library.test_programme_runs import POSTGRES, server
from library.test_tiers import RULES, read
from mutualist.library.programme_runs import (
    load_into_postgres,
    score_in_duckdb,
    score_in_postgres,
    tables_of,
)
from mutualist.library.tiers import release_facts, release_rules


def together():
    """Return the examples of a preset that share the day of most of them: one query each."""
    by_rules = defaultdict(lambda: defaultdict(list))
    for number, one in enumerate(examples()):
        facts = replace(one.facts, partner={**one.facts.partner, "id": f"p{number:03}"})
        by_rules[f"{one.rules.id}-{one.rules.version}"][one.as_of].append((one.rules, facts))
    for name, days in by_rules.items():
        day = max(days, key=lambda day: len(days[day]))
        yield pytest.param(days[day][0][0], day, [facts for _, facts in days[day]], id=name)


def compared(rules, population, day):
    """Return the cells that differ: on PostgreSQL where the run has one, else on DuckDB."""
    tables = tables_of(rules, population)
    if not POSTGRES:
        return differences(rules, population, day, score_in_duckdb(rules, tables, day))
    with server() as connection:
        load_into_postgres(rules, connection, tables)
        return differences(rules, population, day, score_in_postgres(rules, connection, day))


@pytest.mark.parametrize(("rules", "day", "population"), list(together()))
def test_examples_give_the_same_in_one_query(rules, day, population):
    assert compared(rules, population, day) == []


def test_tiers_are_the_same_in_one_query():
    parts = [row for row in read("integrations.csv") if row["version"] == "2025.12.4"]
    rows = [row for row in read("rule_status.csv") if row["version"] == "2025.12.4"]
    rules = release_rules(RULES, {row["rule"] for row in rows})
    day = dt.date(2025, 12, 1)
    population = [
        release_facts(part, [row for row in rows if row["domain"] == part["domain"]], day)
        for part in parts
    ]
    assert len(population) == 13
    assert compared(rules, population, day) == []
