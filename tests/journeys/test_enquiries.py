"""A customer asks in the partner finder; partners answer by mailed links only; the vendor's board shows it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from apps.programme.cast import Channel, make_channel
from apps.rooms.cast import make_cast
from journeys.person import Person
from journeys.steps import be, mail_to
from mutualist.apps.enquiries.models import Enquiry
from mutualist.apps.programme.models import Contact

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

MAILED = re.compile(r"https?://[^/\s]+(/p/[\w-]+/\S*)")


def begun(language: str) -> Channel:
    channel = make_channel(make_cast())
    Contact.objects.update(language=language)
    return channel


def mailed(address: str) -> str:
    """Return the way that the newest mail leads to."""
    found = MAILED.search(mail_to(address).text)
    assert found, f"no link in the mail to {address}"
    return found[1]


def search(petra: Person, slug: str) -> None:
    """Look for somebody near Ulm who can do IoT and speaks German."""
    petra.go(f"/finder/{slug}/", "finder")
    page = petra.page
    page.locator("[name=country]").select_option("DE")
    page.locator("[name=postal_code]").fill("89074")
    page.locator("[name=ability]").select_option("iot")
    page.locator("select[name=language]").select_option("de")
    page.locator("[name=level]").select_option(index=1)
    with petra.refused(422):
        petra.press(petra.say("Suchen", "Search"))
        expect(page.get_by_text("89073").first).to_be_visible()
    petra.look("finder-refused")
    page.locator("[name=postal_code]").fill("89073")
    page.locator("[name=level]").select_option("")
    petra.press(petra.say("Suchen", "Search"))
    expect(page.locator("article h3").first).to_have_text("Tauwerk GmbH")
    petra.look("finder-found")


def ask(petra: Person) -> None:
    """Write to the vendor's partners, without choosing one; a slip keeps what was typed."""
    page = petra.page
    petra.press(re.compile(petra.say("Nicht sicher", "Not sure")), exact=False)
    expect(page.locator("[name=postal_code]")).to_have_value("89073")
    petra.look("ask")
    page.locator("[name=person]").fill("Petra Lang")
    page.locator("[name=email]").fill("petra@mueller.example")
    page.locator("[name=postal_code]").fill("89074")
    page.locator("[name=text]").fill("40 Pumpen")
    page.locator("[name=consent]").check()
    with petra.refused(422):
        petra.press(petra.say("Senden", "Send"))
        expect(page.locator("[name=text]")).to_have_value("40 Pumpen")
    petra.look("ask-refused")
    page.locator("[name=postal_code]").fill("89073")
    petra.press(petra.say("Senden", "Send"))
    expect(
        page.get_by_role(
            "heading", name=petra.say("Ihre Anfrage ist angekommen", "Your enquiry has arrived")
        )
    ).to_be_visible()
    petra.look("asked")


@pytest.mark.parametrize(
    ("language", "width", "script"), [("de", 390, True), ("en", 1280, True), ("de", 1280, False)]
)
def test_from_the_finder_by_mailed_links_to_the_board(
    person: Callable[..., Person], language: str, width: int, script: bool
) -> None:
    channel = begun(language)
    petra = person("Petra", language=language, width=width, script=script)
    search(petra, channel.programme.slug)
    ask(petra)

    # The nearest is asked first, and declines with a reason.
    clara = person("Clara", language=language, width=width, script=script)
    clara.go(mailed("clara@tauwerk.example"), "enquiry-offered")
    expect(clara.page.get_by_text("Petra")).to_have_count(0)
    decline = clara.say("Ablehnen", "Decline")
    clara.page.locator("summary").filter(has_text=decline).click()
    clara.page.locator("[name=reason]").select_option("no_time")
    clara.page.locator("[name=words]").fill("Im Mai wieder")
    clara.press(decline)
    expect(
        clara.page.get_by_text(clara.say("Der nächste Partner", "The next partner")).first
    ).to_be_visible()
    clara.look("enquiry-declined")

    # The next one accepts, and only then reads who asks.
    dora = person("Dora", language=language, width=width, script=script)
    dora.go(mailed("dora@grauwerk.example"))
    expect(dora.page.get_by_text("Petra")).to_have_count(0)
    dora.press(dora.say("Annehmen", "Accept"))
    expect(dora.page.get_by_text("Petra Lang")).to_be_visible()
    dora.look("enquiry-accepted")
    assert "Grauwerk AG" in mail_to("petra@mueller.example").text
    assert Enquiry.objects.get().status == "accepted"

    anna = person("Anna", language=language, width=width, script=script)
    be(anna, "anna@example.org")
    anna.go(f"/programmes/{channel.programme.uid}/enquiries/", "enquiries")
    expect(anna.page.locator("article").get_by_text("Grauwerk AG")).to_be_visible()
    anna.page.get_by_role("link", name="89073").first.click()
    expect(anna.page.get_by_text("Im Mai wieder")).to_be_visible()
    anna.look("enquiry")
