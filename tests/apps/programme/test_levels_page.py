"""A partner sees every level with what it asks for and brings, and may show the badge of its own."""

from __future__ import annotations

import pytest

from apps.programme.cast import browser
from mutualist.apps.core.clock import today
from mutualist.apps.programme.models import Relation


@pytest.fixture
def silver(channel):
    Relation.objects.filter(pk=channel.tauwerk.pk).update(level="silver", level_since=today())
    return channel


def test_every_level_stands_there_with_what_is_missing(silver):
    page = browser().get(silver.link(to="levels/")).content.decode()
    assert page.index("Gold") < page.index("Silver")
    assert "your level" in page.partition("Silver</h2>")[2].partition("</section>")[0]
    assert "0 / 100" in page
    assert "Every partner has it." in page


def test_the_badge_is_of_the_level_that_is_held(silver):
    answer = browser(silver.cast.clara).get(f"/partner/{silver.tauwerk.uid}/levels/badge.svg")
    drawing = answer.content.decode()
    assert answer["Content-Type"] == "image/svg+xml"
    assert "Silver" in drawing
    assert "Tauwerk GmbH" in drawing


@pytest.mark.parametrize("state", ["suspended", "ended"])
def test_who_rests_or_has_left_has_no_badge(silver, state):
    Relation.objects.filter(pk=silver.tauwerk.pk).update(state=state)
    path = f"/partner/{silver.tauwerk.uid}/levels/badge.svg"
    assert browser(silver.cast.clara).get(path).status_code == 404


def test_without_a_level_there_is_no_badge(channel):
    Relation.objects.filter(pk=channel.tauwerk.pk).update(level="")
    path = f"/partner/{channel.tauwerk.uid}/levels/"
    assert browser(channel.cast.clara).get(f"{path}badge.svg").status_code == 404
    assert "badge.svg" not in browser(channel.cast.clara).get(path).content.decode()


def test_a_rival_finds_neither(silver):
    for place in ("levels/", "levels/badge.svg"):
        path = f"/partner/{silver.tauwerk.uid}/{place}"
        assert browser(silver.cast.dora).get(path).status_code == 404


def test_words_of_the_vendor_are_no_drawing(silver):
    Relation.objects.filter(pk=silver.tauwerk.pk).update(name="<script>alert(1)</script>")
    path = f"/partner/{silver.tauwerk.uid}/levels/badge.svg"
    assert "<script>" not in browser(silver.cast.clara).get(path).content.decode()
