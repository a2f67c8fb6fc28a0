"""A large file of facts is read row by row: memory does not grow with it, and it is stored whole or not at all."""

from __future__ import annotations

import tracemalloc

import pytest

from mutualist.apps.core.errors import ActionError
from mutualist.apps.programme.actions.facts import import_facts
from mutualist.apps.programme.models import FactImport, FactRow
from mutualist.apps.programme.queries import fact_checking
from mutualist.apps.programme.queries.fact_checking import checked_facts
from mutualist.apps.programme.queries.fact_reading import FileRows


def sales(count: int, last: str = "") -> FileRows:
    lines = (f"P-{at % 2 + 1};S-{at};2026-01-05;Kunde {at};{at}.50\n" for at in range(count))
    text = "".join(("partner;id;day;customer;amount\n", *lines, last))
    return FileRows(text.encode(), "sales.csv", "sales")


def most_memory(channel, count: int) -> int:
    rows = sales(count)
    tracemalloc.start()
    checked_facts(channel.anna, "sales", rows)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most


def test_memory_does_not_grow_with_the_rows(channel):
    most_memory(channel, 100)
    small, large = most_memory(channel, 4_000), most_memory(channel, 16_000)
    # Of each further row only its digest and what is left of it when compressed; read whole it would take 1,000 bytes.
    assert (large - small) / 12_000 < 120


@pytest.mark.parametrize(
    ("last", "said"),
    [
        ("P-1;S-9;2026-01-05;Kunde;much\n", "much"),
        ("P-9;S-X;2026-01-05;Kunde;5\n", "P-9"),
        ("P-1;S-3;2026-01-05;Kunde;5\n", "S-3"),
        ("P-1;;2026-01-05;Kunde;5\n", "Row 5002 has no id"),
        ('P-1;S-X;2026-01-05;"Kunde;5\n', "quotes in line 5002"),
    ],
)
def test_a_mistake_in_the_last_row_stores_nothing(channel, last, said):
    with pytest.raises(ActionError) as caught:
        import_facts(standing=channel.anna, table="sales", rows=sales(5_000, last))
    assert said in caught.value.message
    assert not FactRow.objects.exists()
    assert not FactImport.objects.exists()


def test_a_whole_file_is_stored_once(channel):
    done = import_facts(standing=channel.anna, table="sales", rows=sales(5_000))
    assert (done.rows, done.new, done.changed) == (5_000, 5_000, 0)
    again = import_facts(standing=channel.anna, table="sales", rows=sales(5_001))
    assert (again.rows, again.new, again.changed) == (5_001, 1, 0)
    assert FactRow.objects.count() == 5_001


def test_more_mistakes_than_are_kept_are_counted(channel, monkeypatch):
    monkeypatch.setattr(fact_checking, "MOST_KEPT", 40)
    wrong = "".join(f"P-9;X-{at};2026-01-05;Kunde;5\n" for at in range(100))
    with pytest.raises(ActionError) as caught:
        checked_facts(channel.anna, "sales", sales(10, wrong))
    assert caught.value.message.endswith("… and 70 more.")
