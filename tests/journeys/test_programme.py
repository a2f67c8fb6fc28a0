"""A firm applies, is taken in, does its first steps by mailed link only, and rises a level."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from apps.programme.cast import make_channel
from apps.rooms.cast import make_cast
from journeys.person import Person
from journeys.steps import be, mail_to
from mutualist.apps.core.clock import today
from mutualist.apps.programme.queries.programmes import slug_of

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
LINK = re.compile(r"https?://[^/\s]+(/p/[\w-]+/[\w/-]*)")
FIRM = "Süd Systemhaus GmbH"


def path_to(address: str) -> str:
    """Return the path of the newest link a partner got by mail."""
    found = LINK.search(mail_to(address, "/p/").text)
    assert found
    return found[1]


@pytest.mark.parametrize(("language", "width"), [("de", 390), ("en", 1280)])
def test_from_the_application_to_the_next_level(
    person: Callable[..., Person], language: str, width: int
) -> None:
    channel = make_channel(make_cast())
    home = f"/programmes/{channel.programme.uid}"
    anna = person("Anna", language=language, width=width)
    emil = person("Emil", language=language, width=width)
    be(anna, "anna@example.org")
    write_an_agreement(anna, home)
    apply(emil, slug_of(channel.anna))
    take_in(anna, home)
    emil.go(path_to("emil@sued.example"))
    first_steps(emil)
    bring_facts(anna, home)
    emil.go(path_to("emil@sued.example"))
    expect(emil.page.locator("main")).to_contain_text(emil.say("Silber", "Silver"))
    emil.look("programme-silver")


def write_an_agreement(anna: Person, home: str) -> None:
    anna.go(f"{home}/applications/")
    anna.page.locator("[name=title]").fill("Partnervertrag")
    anna.page.locator("[name=text]").fill("Beide Seiten halten, was sie sagen.")
    anna.press(anna.say("Neue Fassung speichern", "Save the new version"))
    anna.look()


def apply(emil: Person, slug: str) -> None:
    emil.go(f"/apply/{slug}/")
    page = emil.page
    emil.look("programme-apply")
    page.locator("[name=name]").fill(FIRM)
    page.locator("[name=website]").fill("https://sued.example")
    page.locator("[name=postal_code]").fill("89073")
    page.locator("[name=abilities]").fill("iot")
    page.locator("[name=person]").fill("Emil Falk")
    page.locator("[name=email]").fill("emil@")
    with emil.refused(422):
        emil.press(emil.say("Bewerben", "Apply"))
        expect(page.locator("[name=name]")).to_have_value(FIRM)
    emil.look("programme-apply-refused")
    page.locator("[name=email]").fill("emil@sued.example")
    emil.press(emil.say("Bewerben", "Apply"))
    expect(page.locator("form [name=person]")).to_have_count(0)
    emil.look("programme-applied")


def take_in(anna: Person, home: str) -> None:
    anna.go(f"{home}/applications/")
    expect(anna.page.locator("main")).to_contain_text(FIRM)
    anna.look("programme-applications")
    anna.press(anna.say("Aufnehmen", "Take them in"))
    expect(anna.page.locator("main")).not_to_contain_text(FIRM)
    anna.go(f"{home}/")
    anna.page.get_by_role("link", name=FIRM).first.click()
    anna.look("programme-partner")
    anna.page.locator("main a[href$='/change/']").first.click()
    anna.look("programme-change")
    anna.page.locator("[name=external_id]").fill("P-77")
    anna.press(anna.say("Speichern", "Save"))
    expect(anna.page.locator(".notice, .toast").first).to_be_visible()


def first_steps(emil: Person) -> None:
    page = emil.page
    emil.look("programme-first-steps")
    emil.press(emil.say("Jetzt erledigen", "Do it now"))
    expect(page.locator("main")).to_contain_text("Beide Seiten halten")
    emil.look("programme-agreement")
    emil.press(emil.say("Für unsere Firma annehmen", "Accept for our firm"))
    expect(page.locator(".todo")).to_have_count(0)
    emil.look("programme-own")


def bring_facts(anna: Person, home: str) -> None:
    """Bring the facts as a file: the level rises at once, as the rules say."""
    day = today() - timedelta(days=30)
    anna.go(f"{home}/facts/")
    anna.look("programme-facts")
    rows = f"partner,id,day,customer,amount\nP-77,R-1,{day},Müller,60000\n"
    anna.page.locator("input[type=file]").set_input_files(
        {"name": "sales.csv", "mimeType": "text/csv", "buffer": rows.encode()}
    )
    anna.press(anna.say("Einlesen", "Import"))
    anna.look("programme-imported")
    anna.go(f"{home}/")
    anna.look("programme-partners")
    row = anna.page.locator("tr", has_text=FIRM)
    expect(row).to_contain_text(anna.say("Silber", "Silver"))
