"""Vendor and partner rate each other: the partner by a mailed link only, and neither reads the other first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from apps.programme.cast import make_channel
from apps.rooms.cast import make_cast
from journeys.person import Person
from journeys.steps import be
from mutualist.apps.programme.public import make_link

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(("language", "width"), [("de", 390), ("en", 1280)])
def test_both_sides_rate_and_then_read_each_other(
    person: Callable[..., Person], language: str, width: int
) -> None:
    channel: Any = make_channel(make_cast())
    clara = person("Clara", language=language, width=width)
    clara.go(make_link(channel.contact))
    clara.press(clara.say("Die andere Seite bewerten", "Rate the other side"))
    clara.page.locator("[name=fairness]").select_option("1")
    clara.page.locator("[name=payment]").select_option("4")
    clara.page.locator("[name=comment]").fill("Antworten dauern zu lange.")
    clara.look("rating-form")
    clara.press(clara.say("Bewertung abgeben", "Give the rating"))
    anna = person("Anna", language=language, width=width)
    be(anna, "anna@example.org")
    vendor = f"/programmes/{channel.programme.uid}/partners/{channel.tauwerk.uid}/"
    anna.go(vendor)
    expect(anna.page.get_by_text("Antworten dauern zu lange.")).to_have_count(0)
    anna.press(anna.say("Die andere Seite bewerten", "Rate the other side"))
    anna.page.locator("[name=fairness]").select_option("5")
    anna.press(anna.say("Bewertung abgeben", "Give the rating"))
    expect(anna.page.get_by_text("Antworten dauern zu lange.")).to_be_visible()
    anna.look("rating-open")
    anna.go(vendor)
    expect(anna.page.get_by_text("Antworten dauern zu lange.")).to_be_visible()
    anna.look("rating-section")
