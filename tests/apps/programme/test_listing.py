"""The list of partners is asked by the database: who is at risk, where, able to what; and handed out as a file."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from apps.programme.cast import RULES, browser
from mutualist.apps.core.clock import today
from mutualist.apps.programme.actions.ahead import look_ahead, look_ahead_all
from mutualist.apps.programme.actions.facts import import_facts
from mutualist.apps.programme.actions.partners import add_partner
from mutualist.apps.programme.models import Relation, RuleSetVersion
from mutualist.apps.programme.queries.listing import Wanted, listed, risks_of

LEVELS = {"partner": "Partner", "silver": "Silber", "gold": "Gold"}
WITH_CERTIFICATES = RULES.replace(
    "measures:",
    """  certificates:
    words: {de: "Zertifikate", en: "Certificates"}
    date: issued
    until: expires
    fields: {person: text, name: text}
measures:""",
)


def names(standing, **asked: str) -> list[str]:
    return [one.name for one in listed(standing, Wanted(**asked), today(), LEVELS)]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, ["Grauwerk AG", "Tauwerk GmbH"]),
        ({"text": "stutt"}, ["Tauwerk GmbH"]),
        ({"text": "P-2"}, ["Grauwerk AG"]),
        ({"ability": "ai"}, ["Tauwerk GmbH"]),
        ({"region": "20"}, ["Grauwerk AG"]),
        ({"country": "AT"}, []),
        ({"state": "suspended"}, []),
        ({"level": "partner"}, ["Grauwerk AG", "Tauwerk GmbH"]),
        ({"level": "-"}, []),
        ({"sort": "-name"}, ["Tauwerk GmbH", "Grauwerk AG"]),
        ({"sort": "place"}, ["Grauwerk AG", "Tauwerk GmbH"]),
    ],
)
def test_each_filter_cuts_down(channel, asked, found):
    assert names(channel.anna, **asked) == found


def test_an_ability_and_a_name_with_umlauts_are_found_in_any_case(channel):
    add_partner(standing=channel.anna, name="Übermorgen KG", abilities=["Wärme", "x"])
    assert names(channel.anna, ability="Wärme") == ["Übermorgen KG"]
    assert names(channel.anna, ability="Wär") == []
    assert names(channel.anna, text="übermorgen") == ["Übermorgen KG"]


def test_levels_are_sorted_by_rank_and_found_by_their_word(channel):
    Relation.objects.filter(pk=channel.tauwerk.pk).update(level="silver")
    Relation.objects.filter(pk=channel.grauwerk.pk).update(level="gold")
    assert names(channel.anna, sort="level") == ["Tauwerk GmbH", "Grauwerk AG"]
    assert names(channel.anna, sort="-level") == ["Grauwerk AG", "Tauwerk GmbH"]
    assert names(channel.anna, text="silb") == ["Tauwerk GmbH"]


def _at_risk(channel) -> date:
    """Let Tauwerk hold silver by revenue that leaves the window in 40 days, and a certificate end in 20."""
    RuleSetVersion.objects.update(content=WITH_CERTIFICATES)
    sold = today() - timedelta(days=325)
    Relation.objects.filter(pk=channel.tauwerk.pk).update(
        level="silver", joined=sold, level_since=sold
    )
    sale = {"partner": "P-1", "id": "S-1", "day": sold.isoformat(), "customer": "A"}
    import_facts(standing=channel.anna, table="sales", rows=[(2, {**sale, "amount": "60000"})])
    ends = today() + timedelta(days=20)
    proof = {"partner": "P-1", "id": "C-1", "issued": sold.isoformat(), "person": "M", "name": "X"}
    rows = [(2, {**proof, "expires": ends.isoformat()})]
    import_facts(standing=channel.anna, table="certificates", rows=rows)
    return ends


def test_what_is_at_risk_is_known_as_soon_as_facts_are_imported(channel):
    ends = _at_risk(channel)
    assert risks_of(channel.anna, today()) == (1, 1)
    found = Relation.objects.get(pk=channel.tauwerk.pk)
    assert found.ends_on == ends
    assert today() < found.falls_on <= today() + timedelta(days=60)
    assert names(channel.anna, risk="level") == ["Tauwerk GmbH"]
    assert names(channel.anna, risk="ending") == ["Tauwerk GmbH"]
    page = browser(channel.cast.anna).get(f"/programmes/{channel.programme.uid}/")
    assert "risk=level" in page.content.decode()


def test_everybody_is_looked_at_once_a_day(channel):
    assert look_ahead_all() == 2
    assert look_ahead_all() == 0
    Relation.objects.filter(pk=channel.grauwerk.pk).update(looked_on=today() - timedelta(days=1))
    assert look_ahead(channel.programme.pk) == 1


def test_four_counters_stand_on_top_even_at_nought(channel):
    page = browser(channel.cast.ben).get(f"/programmes/{channel.programme.uid}/").content.decode()
    counters = page.partition('class="counters"')[2].partition("</ul>")[0]
    assert counters.count("<strong>0</strong>") == 4


def test_the_table_holds_what_the_filter_shows_and_no_formula(channel):
    add_partner(standing=channel.anna, name='=HYPERLINK("x")', country="AT")
    anna = browser(channel.cast.anna)
    home = f"/programmes/{channel.programme.uid}/partners"
    text = anna.get(f"{home}.csv?country=AT").content.decode()
    assert "Tauwerk" not in text
    assert "HYPERLINK" in text
    assert not any(cell.startswith("=") for line in text.splitlines() for cell in line.split(","))
    sheet = load_workbook(io.BytesIO(anna.get(f"{home}.xlsx").content)).active
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert {"Tauwerk GmbH", "Grauwerk AG"} <= {cell.value for cell in cells}
    assert all(cell.data_type != "f" for cell in cells)


def test_what_makes_no_sense_is_not_asked(channel):
    anna = browser(channel.cast.anna)
    home = f"/programmes/{channel.programme.uid}/"
    for asked in ("sort=pk", "risk=x", "state=x", "page=999999", "q=%F0", "ability=%22%5C"):
        assert anna.get(f"{home}?{asked}").status_code == 200, asked


def test_pages_keep_the_filter_and_cost_the_same_for_many(channel):
    anna = browser(channel.cast.anna)
    home = f"/programmes/{channel.programme.uid}/"
    add_partner(standing=channel.anna, name="Firm", country="AT")
    anna.get(home)
    with CaptureQueriesContext(connection) as few:
        anna.get(f"{home}?country=AT&sort=-name")
    Relation.objects.bulk_create(
        Relation(programme=channel.programme, name=f"Firm {number:03}", country="AT")
        for number in range(60)
    )
    with CaptureQueriesContext(connection) as many:
        page = anna.get(f"{home}?country=AT&sort=-name").content.decode()
    assert len(many) == len(few)
    assert "country=AT&amp;sort=-name&amp;page=2" in page
    assert "Firm 059" in page
    assert "Firm 000" not in page
