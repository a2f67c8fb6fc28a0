"""All partners at once come to what they come to one by one, from what is stored."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from mutualist.apps.core.clock import today
from mutualist.apps.programme.actions.facts import import_facts
from mutualist.apps.programme.models import FactRow
from mutualist.apps.programme.queries import whole
from mutualist.apps.programme.queries.rules import rules_of, version_on
from mutualist.apps.programme.queries.whole import Outcome, outcomes
from mutualist.domain.programme.scoring.facts import Facts
from mutualist.library.errors import FileError
from mutualist.library.programme_stored import tables_of_stored


@pytest.fixture
def rules(channel):
    version = version_on(channel.programme.pk, today())
    assert version is not None
    return rules_of(version)


def sold(channel, *rows):
    day = today().isoformat()
    import_facts(
        standing=channel.anna,
        table="sales",
        rows=[
            (
                at,
                {
                    "partner": who,
                    "id": f"S-{at}",
                    "day": day,
                    "customer": 'Müller "& Söhne"',
                    "amount": amount,
                },
            )
            for at, (who, amount) in enumerate(rows, 1)
        ],
    )


def both(channel, rules):
    """Return what comes out one by one, and at once."""
    return tuple(outcomes(channel.anna, rules, today(), few=few) for few in (10**6, -1))


def test_both_ways_give_the_same(channel, rules):
    sold(channel, ("P-1", "49999.99"), ("P-1", "0.01"), ("P-2", "100000"), ("P-2", "-0.01"))
    single, many = both(channel, rules)
    assert single == many
    assert many[channel.tauwerk.pk] == Outcome("silver", True, Fraction(50))
    assert many[channel.grauwerk.pk] == Outcome("silver", True, Fraction(9999999, 100000))


def test_many_facts_are_not_read_one_by_one(channel, rules, monkeypatch):
    sold(channel, ("P-1", "5"))
    monkeypatch.setattr(whole, "_one_by_one", None)
    assert len(outcomes(channel.anna, rules, today(), few=0)) == 2


def test_partners_without_facts_come_out_as_well(channel, rules):
    single, many = both(channel, rules)
    assert single == many
    assert set(many) == {channel.tauwerk.pk, channel.grauwerk.pk}


def test_facts_of_other_programmes_do_not_count(channel, rules):
    sold(channel, ("P-1", "5"))
    assert set(outcomes(channel.dora, rules, today(), few=-1)) == {channel.grauwerk.pk}
    assert set(outcomes(channel.clara, rules, today(), few=-1)) == {channel.tauwerk.pk}


def test_what_no_query_holds_is_scored_one_by_one(channel, rules):
    sold(channel, ("P-1", "100000"))
    FactRow.objects.update(
        values={"day": today().isoformat(), "customer": "A", "amount": "50000.0005"}
    )
    single, many = both(channel, rules)
    assert single == many
    assert many[channel.tauwerk.pk].total == Fraction("50.0000005")


def test_a_document_with_too_many_decimals_is_named(rules):
    partner = Facts({"id": "P", "name": "P"})
    with pytest.raises(FileError, match="amount"):
        tables_of_stored(
            rules, [partner], [(0, "sales", "S", '{"day": "2026-03-01", "amount": "0.001"}')]
        )


def test_documents_become_columns(rules):
    text = '{"day": "2026-03-01", "customer": "a \\" b", "amount": "1E+2", "amount_currency": null}'
    tables = tables_of_stored(rules, [Facts({"id": "P", "name": "P"})], [(0, "sales", "S", text)])
    assert tables["sales"].to_pylist() == [
        {
            "partner": 0,
            "id": "S",
            "customer": 'a " b',
            "amount": 10000,
            "amount_currency": None,
            "day": date(2026, 3, 1),
        }
    ]
