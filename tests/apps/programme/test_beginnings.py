"""A programme with nothing in it yet: each page says what comes there, and where to begin."""

from __future__ import annotations

from datetime import timedelta

import pytest

from apps.programme.cast import RULES, browser
from mutualist.apps.core.clock import today
from mutualist.apps.programme.actions.programmes import begin_programme


@pytest.fixture
def begun(cast):
    def begin(since, name="Neu"):
        made = begin_programme(
            actor=cast.anna, organisation=cast.nordwerk.uid, name=name, rules=RULES, since=since
        )
        return f"/programmes/{made.uid}/"

    return begin


def test_an_empty_page_says_what_comes_there_and_how(cast, begun):
    home = begun(today())
    anna, ben = browser(cast.anna), browser(cast.ben)
    for place, said, next_step in (
        ("", "No partner yet", "partners/new/"),
        ("enquiries/", "No enquiry yet", "enquiries/new/"),
        ("projects/", "No project registered yet", "projects/rules/"),
        ("commissions/", "No commission rules are in force", "commissions/rules/new/"),
        ("commissions/rules/", "No commission rules are in force", "commissions/rules/new/"),
        ("commissions/invoices/", "No invoice yet", "commissions/invoices/new/"),
        ("commissions/journal/", "No entry yet", "commissions/"),
    ):
        page = anna.get(home + place).content.decode()
        assert said in page, place
        assert f'href="{home}{next_step}"' in page, place
        # Who only reads is told the same, without a way that would be refused.
        read = ben.get(home + place).content.decode()
        assert said in read, place
        assert "/new/" not in read, place
    # What was searched for and not found is something else than nothing at all.
    for place, said in (
        ("?q=x", "No partner fits"),
        ("projects/?q=x", "No project here"),
        ("commissions/invoices/?q=x", "No invoice fits"),
    ):
        assert said in anna.get(home + place).content.decode(), place
    assert "No enquiry yet" not in anna.get(f"{home}enquiries/?search=x").content.decode()


def test_rules_that_are_not_in_force_yet_are_told(cast, begun):
    early, later = begun(today()), begun(today() + timedelta(days=90), "Später")
    anna = browser(cast.anna)
    assert "No rules are in force today" not in anna.get(early).content.decode()
    page = anna.get(later).content.decode()
    assert "No rules are in force today" in page
    assert f'href="{later}rules/"' in page
