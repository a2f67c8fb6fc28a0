"""Two firms describe how money is meant to flow, move sliders, keep something to themselves, take a paper home."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from apps.rooms.cast import make_cast, opened_room
from apps.ventures.steps import of_room
from guards.routes import VENTURE
from journeys.person import Person
from journeys.steps import be
from mutualist.apps.rooms.models import Room
from mutualist.apps.ventures.models import Venture, Version

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
    clara.page.locator("[aria-labelledby=flows-title] h3 a").click()
    expect(clara.page.locator("#said .first")).to_be_visible()
    # Her own figures are nowhere on the other side's page.
    expect(clara.page.locator("body")).not_to_contain_text(clara.say("2.500.000", "2,500,000"))
    clara.look()
    _change_lines(clara)
    _restore(clara)
    dora = person("Dora", language=language, width=width)
    be(dora, "dora@example.org")
    _nothing_for_the_rival(dora, Venture.objects.get())


def _move_a_slider(anna: Person) -> None:
    page, said = anna.page, anna.page.locator("#said .first")
    before = said.inner_text()
    page.locator("[name=terms-parts-price]").evaluate(
        "one => { one.value = one.max; one.dispatchEvent(new Event('input', {bubbles: true})) }"
    )
    expect(said).not_to_have_text(before)
    page.locator("form[action$='/keep/'] button[type=submit]").click()
    expect(page.locator("#messages")).to_contain_text("2")


def _keep_something(anna: Person) -> None:
    page = anna.page
    anna.press(anna.say("Ihre vertraulichen Zahlen", "Your private figures"))
    anna.look("venture-private")
    page.locator("[name=best_alternative]").fill("500000")
    page.locator("[name=business_mean]").fill("2500000")
    page.locator("[name=business_sd]").fill("2600000")
    anna.press(anna.say("Nur für Ihre Partei speichern", "Save for your party alone"))
    expect(page.locator("#correlation")).to_be_visible()
    anna.look("venture-own")


def _compare_and_take_home(anna: Person) -> None:
    page = anna.page
    anna.press(anna.say("Welche Bedingungen führen dahin?", "Which terms would produce it?"))
    anna.look("venture-terms")
    page.go_back()
    anna.press(anna.say("Stände", "Versions"))
    anna.press(anna.say("Vergleichen", "Compare"))
    expect(page.locator(".compared").first).to_contain_text(
        anna.say("Preis einer Einheit", "Price of a unit")
    )
    anna.look("venture-versions")
    with page.expect_download() as paper:
        page.get_by_role("link", name="PDF").first.click()
    assert paper.value.suggested_filename.endswith("-v2.pdf")


def _open(one: Person, entry: str) -> Any:
    """Unfold an entry of the form; return it."""
    found = one.page.locator(f"details#{entry}")
    if found.get_attribute("open") is None:
        found.locator("summary").first.click()
    return found


def _change_lines(clara: Person) -> None:
    """Break a formula and see it said, mend it, add a payment, take an option out, save."""
    page = clara.page
    clara.press(clara.say("Zahlen ändern", "Change the figures"))
    page.locator("[name=drivers-pumps-low]").fill("999999")
    expect(page.locator("#drivers-pumps-error")).not_to_be_empty()
    page.locator("[name=drivers-pumps-low]").fill("250")
    expect(page.locator("#drivers-pumps-error")).to_be_empty()
    clara.look("venture-edit")
    clara.press(clara.say("Alle Zeilen und Bedingungen", "All lines and terms"))
    clara.look("venture-lines")
    _open(clara, "lines-0")
    page.locator("#lines-0-amount").fill("pumps + pump_price")
    said = page.locator("#lines-0-amount-error")
    expect(said).to_contain_text(clara.say("nicht addieren", "be added or compared"))
    expect(page.locator("#lines-0-amount")).to_have_attribute("aria-invalid", "true")
    clara.look("venture-lines-wrong")
    page.locator(".problems summary").click()
    page.locator(".problems a").first.click()
    expect(page.locator("#lines-0-amount")).to_be_focused()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("pumps * pump_price")
    expect(said).to_be_empty()
    expect(page.locator("#checked .fits")).to_be_visible()
    _add_a_payment(clara)
    _open(clara, "options-0").locator("[value='remove:options-0']").click()
    expect(page.locator("#options-0")).to_have_count(0)
    expect(page.locator("#terms-2-amount")).to_have_value("2000")
    page.locator("[name=do][value=save]").click()
    expect(page.locator("#messages")).to_contain_text("3")


def _add_a_payment(clara: Person) -> None:
    """By keyboard alone."""
    page = clara.page
    page.locator("#add-terms").focus()
    page.locator("#add-terms").select_option("fixed")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#terms-2-name")).to_be_focused()
    page.keyboard.type("Betreuung im Quartal")
    page.locator("#terms-2-from").select_option("A")
    page.locator("#terms-2-to").select_option("B")
    page.locator("#terms-2-amount").fill("units")
    expect(page.locator("#terms-2-amount-error")).not_to_be_empty()
    page.locator("#terms-2-amount").fill("2000")
    expect(page.locator("#terms-2-amount-error")).to_be_empty()
    clara.look("venture-lines-added")


def _restore(clara: Person) -> None:
    page = clara.page
    clara.press(clara.say("Stände", "Versions"))
    page.locator("form[action$='/1/restore/'] button").click()
    expect(page.locator("#messages")).to_contain_text("4")
    expect(page.locator(".versions > li")).to_have_count(4)
    clara.look()


def _nothing_for_the_rival(dora: Person, venture: Venture) -> None:
    """Whoever has no seat is told that there is no such venture, at every address."""
    for name in sorted(one for one in VENTURE if one.startswith("ventures:")):
        arguments = [venture.uid, 1] if name == "ventures:restore" else [venture.uid]
        path = reverse(name, args=arguments)
        assert dora.status(path) in {404, 405}, path
        assert dora.status(path, "POST") in {404, 405}, path


@pytest.mark.parametrize(("language", "width"), [("de", 1280), ("en", 390)])
def test_everything_works_without_script(
    person: Callable[..., Person], room: Room, language: str, width: int
) -> None:
    anna = person("Anna", language=language, width=width, script=False)
    be(anna, "anna@example.org")
    page = anna.page
    anna.go(f"/ventures/new/?room={room.uid}&template=licence")
    page.locator("[name=name]").fill("PumpenPuls")
    page.locator("[name=drivers-units-likely]").fill("1.000" if language == "de" else "1,000")
    anna.press(anna.say("Ausgänge ansehen", "See the futures"))
    said = page.locator("#said .first")
    before = said.inner_text()
    page.locator("[name=terms-royalty-minimum]").fill("0")
    anna.press(anna.say("Rechnen", "Compute"))
    expect(said).to_be_visible()
    anna.look()
    anna.press(anna.say("Zahlen ändern", "Change the figures"))
    anna.press(anna.say("Alle Zeilen und Bedingungen", "All lines and terms"))
    _open(anna, "lines-1")
    page.locator("#lines-1-amount").fill("units * cost")
    anna.press(anna.say("Prüfen", "Check"))
    expect(page.locator("#lines-1-amount-error")).to_contain_text("cost")
    expect(page.locator("#lines-1-amount")).to_have_value("units * cost")
    anna.look()
    page.locator("#lines-1-amount").fill("units * unit_cost")
    page.locator("#add-terms").select_option("milestone")
    page.locator("[name=do][value='add:terms']").click()
    page.locator("#terms-1-name").fill("start")
    page.locator("#terms-1-from").select_option("A")
    page.locator("#terms-1-to").select_option("B")
    page.locator("#terms-1-amount").fill("75000")
    page.locator("#terms-1-at").fill("1")
    page.locator("[name=do][value=save]").click()
    expect(page.locator("#messages")).to_contain_text("2")
    expect(said).not_to_have_text(before)
    anna.press(anna.say("Zahlen ändern", "Change the figures"))
    anna.press(anna.say("Als Text", "As text"))
    page.locator("#text").fill("name: [")
    anna.press(anna.say("Prüfen", "Check"))
    expect(page.locator("#checked")).to_contain_text("YAML")
    expect(page.locator("#text")).to_have_value("name: [")
    anna.look()


def test_two_people_change_the_same_venture(person: Callable[..., Person]) -> None:
    cast = make_cast()
    made = of_room(cast.anna, opened_room(cast))
    anna, clara = person("Anna"), person("Clara", language="de")
    be(anna, "anna@example.org")
    be(clara, "clara@example.org")
    for one, price in ((anna, "190"), (clara, "210")):
        one.go(f"/ventures/{made.uid}/lines/")
        _open(one, "terms-0")
        one.page.locator("#terms-0-price").fill(price)
    anna.page.locator("[name=do][value=save]").click()
    expect(anna.page.locator("#messages")).to_contain_text("2")
    with clara.refused(422):
        clara.page.locator("[name=do][value=save]").click()
    elsewhere = clara.page.locator(".notice").filter(has_text="Nordwerk Pumpen AG hat")
    expect(elsewhere).to_contain_text("195 → 190")
    expect(clara.page.locator("#terms-0-price")).to_have_value("210")
    clara.look()
    assert Version.objects.count() == 2
    clara.press("Meines über Stand 2 speichern")
    expect(clara.page.locator("#messages")).to_contain_text("3")
    assert Version.objects.count() == 3


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_file_is_checked_while_it_is_typed(
    person: Callable[..., Person], language: str
) -> None:
    cast = make_cast()
    made = of_room(cast.anna, opened_room(cast))
    anna = person("Anna", language=language, width=390)
    be(anna, "anna@example.org")
    anna.go(f"/ventures/{made.uid}/text/", "venture-text")
    page = anna.page
    text = page.locator("#text").input_value()
    page.locator("#text").fill(text.replace("pumps * pump_price", "pumps * pump_prise"))
    page.locator(".problems summary").click()
    expect(page.locator(".problems li").first).to_contain_text("lines.sales.amount")
    anna.look()
    page.locator("#text").fill(text.replace("price: 195", "price: 205"))
    expect(page.locator("#checked .fits")).to_be_visible()
    page.locator("[name=do][value=save]").click()
    expect(page.locator("#messages")).to_contain_text(re.compile(r"\b2\b"))
