"""Two firms describe how money is meant to flow, move sliders, keep something to themselves, take a paper home."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from apps.rooms.cast import make_cast, opened_room
from journeys.person import Person
from journeys.steps import be
from mutualist.apps.rooms.models import Room

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def room() -> Room:
    return opened_room(make_cast())


@pytest.mark.parametrize(("language", "width"), [("de", 390), ("en", 1280)])
def test_from_a_contract_to_the_paper(
    person: Callable[..., Person], room: Room, language: str, width: int
) -> None:
    anna = person("Anna", language=language, width=width)
    be(anna, "anna@example.org")
    page = anna.page
    anna.go(f"/rooms/{room.uid}/result/")
    anna.press(anna.say("Vorhaben beschreiben", "Describe the venture"))
    anna.look("venture-contracts")
    anna.press(anna.say("Liefervertrag", "Supplier contract"))
    page.locator("[name=name]").fill("PumpenPuls")
    page.locator("[name=drivers-pumps-low]").fill("999999")
    with anna.refused(422):
        anna.press(anna.say("Ausgänge ansehen", "See the futures"))
    expect(page.locator("[name=drivers-pumps-low]")).to_have_value("999999")
    anna.look("venture-refused")
    page.locator("[name=drivers-pumps-low]").fill("300")
    anna.press(anna.say("Ausgänge ansehen", "See the futures"))
    said = page.locator("#said .first")
    expect(said).to_contain_text(anna.say("verlieren Sie Geld", "you lose money"))
    expect(page.locator("#results .dots circle")).to_have_count(150)
    anna.look("venture")

    _move_a_slider(anna)
    _keep_something(anna)
    _compare_and_take_home(anna)
    clara = person("Clara", language=language, width=width)
    be(clara, "clara@example.org")
    clara.go(f"/rooms/{room.uid}/result/")
    clara.press("PumpenPuls")
    expect(clara.page.locator("#together-title")).to_have_count(0)
    clara.look()
    dora = person("Dora", language=language, width=width)
    be(dora, "dora@example.org")
    with dora.refused(404):
        assert dora.page.goto(clara.page.url).status == 404


def _move_a_slider(anna: Person) -> None:
    page, said = anna.page, anna.page.locator("#said .first")
    before = said.inner_text()
    page.locator("[name=terms-parts-price]").evaluate(
        "one => { one.value = one.max; one.dispatchEvent(new Event('input', {bubbles: true})) }"
    )
    expect(said).not_to_have_text(before)
    anna.press(anna.say("Als neuen Stand speichern", "Save as a new version"))
    expect(page.locator("#messages")).to_contain_text("2")


def _keep_something(anna: Person) -> None:
    page = anna.page
    anna.press(anna.say("Ihre vertraulichen Zahlen", "Your private figures"))
    anna.look("venture-private")
    page.locator("[name=best_alternative]").fill("500000")
    page.locator("[name=business_mean]").fill("2500000")
    page.locator("[name=business_sd]").fill("2600000")
    anna.press(anna.say("Nur für Ihre Partei speichern", "Save for your party alone"))
    expect(page.locator("#together-title")).to_be_visible()
    anna.look("venture-own")


def _compare_and_take_home(anna: Person) -> None:
    page = anna.page
    anna.press(anna.say("Welche Bedingungen führen dahin?", "Which terms would produce it?"))
    anna.look("venture-terms")
    page.go_back()
    anna.press(anna.say("Stände", "Versions"))
    anna.press(anna.say("Vergleichen", "Compare"))
    expect(page.locator("main")).to_contain_text("terms.parts.price")
    anna.look("venture-versions")
    with page.expect_download() as paper:
        page.get_by_role("link", name="PDF").first.click()
    assert paper.value.suggested_filename.endswith("-v2.pdf")
