"""Both sides see the same scorecard, with what the next level asks for."""

from __future__ import annotations

from datetime import timedelta

import pytest

from apps.programme.cast import browser
from mutualist.apps.core.clock import today
from mutualist.apps.programme.models import FactRow


@pytest.fixture
def sold(channel):
    FactRow.objects.create(
        relation=channel.tauwerk,
        table="sales",
        external_id="S-1",
        day=today(),
        values={"day": today().isoformat(), "customer": "A", "amount": "60000"},
    )
    return channel


def test_both_sides_see_level_points_and_what_is_missing(sold):
    vendor = browser(sold.cast.anna).get(
        f"/programmes/{sold.programme.uid}/partners/{sold.tauwerk.uid}/"
    )
    partner = browser().get(sold.link())
    for answer in (vendor, partner):
        page = answer.content.decode()
        assert "Silver" in page
        assert "60 / 100" in page
        assert "What Gold asks for" in page


def test_facts_of_a_rival_count_for_nobody_else(sold):
    page = browser().get(sold.link(sold.rival_contact)).content.decode()
    assert "0 / 100" in page
    assert "60" not in page.split("Scorecard")[1].split("Computed by")[0]


def test_the_card_says_what_falls_when_and_why(sold):
    old = today() - timedelta(days=300)
    FactRow.objects.filter(relation=sold.tauwerk).update(
        day=old, values={"day": old.isoformat(), "customer": "A", "amount": "60000"}
    )
    page = browser().get(sold.link()).content.decode()
    told = page.partition("What falls if nothing is done")[2].partition("</ul>")[0]
    assert "Silver is no longer earned, then Partner" in told
    assert "A" in told
    assert "What falls" not in browser().get(sold.link(sold.rival_contact)).content.decode()
