"""The vendor looks at who would get which open enquiry, hands all of them out, and finds one on the board."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from apps.programme.cast import make_channel
from apps.rooms.cast import make_cast
from journeys.person import Person
from journeys.steps import be
from mutualist.apps.enquiries import actions
from mutualist.apps.enquiries.actions import Wish
from mutualist.apps.programme.models import Relation

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(("language", "width"), [("de", 390), ("en", 1280)])
def test_all_open_enquiries_at_once(
    person: Callable[..., Person], language: str, width: int
) -> None:
    channel = make_channel(make_cast())
    for code, company, ability in (
        ("89073", "Donau Getriebe AG", "twin"),
        ("24103", "Kieler Werft GmbH", "twin"),
        ("70173", "Filder Kunststoff GmbH", "robots"),
    ):
        actions.enter(
            standing=channel.anna, wish=Wish("DE", code, company=company, abilities=(ability,))
        )
    Relation.objects.update(abilities=["twin", "iot"])
    home = f"/programmes/{channel.programme.uid}/enquiries/"
    anna = person("Anna", language=language, width=width)
    be(anna, "anna@example.org")
    anna.go(home)
    anna.press(anna.say("Die 3 Anfragen verteilen", "Hand out the 3 enquiries"), exact=False)
    expect(
        anna.page.get_by_text(
            anna.say("2 Anfragen finden einen Partner", "2 enquiries find a partner")
        )
    ).to_be_visible()
    anna.look("enquiries-preview")
    anna.press(anna.say("So verteilen", "Hand out as shown"))
    expect(
        anna.page.get_by_text(anna.say("2 Anfragen verteilt", "2 enquiries handed out"))
    ).to_be_visible()
    anna.look("enquiries-handed-out")
    anna.page.locator("[name=search]").fill("werft")
    anna.page.locator("[name=state]").select_option("new")
    anna.press(anna.say("Suchen", "Search"))
    expect(anna.page.locator("article")).to_have_count(1)
    anna.look("enquiries-searched")
