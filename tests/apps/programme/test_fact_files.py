"""Facts go out as they came in, and scores as a table."""

from __future__ import annotations

import io
from datetime import date

import pytest
from openpyxl import load_workbook

from apps.programme.cast import browser
from mutualist.apps.core.clock import today
from mutualist.apps.programme.actions.facts import import_facts
from mutualist.apps.programme.models import FactRow
from mutualist.apps.programme.pages import fact_files
from mutualist.library.programme_files import rows_of


def row(id_: str, customer: str, amount: str) -> dict[str, str]:
    day = date(today().year, 1, 2).isoformat()
    return {"partner": "P-1", "id": id_, "day": day, "customer": customer, "amount": amount}


@pytest.fixture
def sold(channel):
    rows = [(2, row("S-1", "=HYPERLINK()", "60000.5")), (3, row("S-2", "Müller; & Co", "-12"))]
    import_facts(standing=channel.anna, table="sales", rows=rows)
    return channel


def fetch(channel, name, actor=None):
    path = f"/programmes/{channel.programme.uid}/{name}"
    return browser(actor or channel.cast.anna).get(path)


def test_what_is_handed_out_can_be_taken_in_again(sold):
    data = fetch(sold, "facts/sales.csv").content
    assert b",=HYPERLINK" not in data
    before = list(FactRow.objects.order_by("pk").values("external_id", "day", "values"))
    found = import_facts(standing=sold.anna, table="sales", rows=rows_of(data, "sales.csv"))
    assert (found.rows, found.new) == (2, 0)
    assert list(FactRow.objects.order_by("pk").values("external_id", "day", "values")) == before


def test_a_workbook_holds_numbers_and_no_formulas(sold):
    sheet = load_workbook(io.BytesIO(fetch(sold, "facts/sales.xlsx").content)).active
    heads, *rows = sheet.iter_rows()
    amount = [cell.value for cell in heads].index("amount")
    assert {one[amount].value for one in rows} == {60000.5, -12}
    assert {cell.data_type for one in rows for cell in one} <= {"s", "n", "d"}


def test_scores_name_levels_and_metrics_in_words(sold):
    heads, first, second = fetch(sold, "scores.csv").content.decode("utf-8-sig").splitlines()
    assert heads == "Partner,Your number of the partner,Level,Points,Revenue,Revenue: points"
    assert first.startswith("Grauwerk AG,P-2,Partner,0")
    assert second == "Tauwerk GmbH,P-1,Silver,59.9885,59988.5,59.9885"


def test_a_table_the_rules_do_not_know_is_not_there(sold):
    assert fetch(sold, "facts/people.csv").status_code == 404


def test_too_many_for_a_file_are_told(sold, monkeypatch):
    monkeypatch.setattr(fact_files, "MOST_FACTS_IN_WORKBOOK", 1)
    anna = browser(sold.cast.anna)
    home = f"/programmes/{sold.programme.uid}/facts/"
    assert anna.get(f"{home}sales.xlsx").status_code == 302
    assert "up to 1 facts" in anna.get(home).content.decode()
    monkeypatch.setattr(fact_files, "MOST_SCORED", 1)
    assert fetch(sold, "scores.csv").status_code == 302


def test_a_reader_reads_and_a_rival_does_not(sold):
    assert fetch(sold, "facts/sales.csv", sold.cast.ben).status_code == 200
    for name in ("facts/sales.csv", "facts/sales.xlsx", "scores.csv", "scores.xlsx"):
        assert fetch(sold, name, sold.cast.dora).status_code == 404
