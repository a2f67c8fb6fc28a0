"""Answering on a phone: small screens, slips, two windows, several parties, and no script at all."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from journeys.filling import Filler, golden
from journeys.person import Person
from journeys.steps import account, log_in, next_page

QUESTIONS = range(7)


def begin(person: Person, *others: str) -> str:
    """Open a room with the other parties; return its path."""
    from mutualist.apps.identity.models import User
    from mutualist.apps.identity.queries import actor_of, organisations_of
    from mutualist.apps.rooms import actions
    from mutualist.apps.rooms.values import PartySpec

    log_in(person, account(person.name, "Nordwerk Pumpen AG", person.language))
    actor = actor_of(User.objects.get(email=f"{person.name.lower()}@example.org"))
    room = actions.create_room(
        actor=actor,
        mode="two_sided",
        host=organisations_of(actor).get(),
        frame={"name": "PumpenPuls", "currency": "EUR", "relation": "none"},
        parties=[PartySpec("Nordwerk Pumpen AG"), *map(PartySpec, others)],
    )
    return f"/rooms/{room.uid}/"


def item(person: Person, number: str) -> Locator:
    return person.page.locator(f"[data-item='{number}']")


def saved(person: Person, number: str) -> None:
    words = person.say("gespeichert", "saved")
    expect(item(person, number).locator(".item-status")).to_contain_text(re.compile(rf"{words} \d"))


def choose(person: Person, name: str, value: str) -> None:
    person.page.locator(f"[name='{name}'][value='{value}']").locator(
        "xpath=ancestor::label[1]"
    ).click()


@pytest.mark.parametrize(("language", "dark"), [("de", False), ("en", True)])
def test_every_page_can_be_read_and_used_on_the_narrowest_phone(
    person: Callable[..., Person], language: str, dark: bool
) -> None:
    anna = person("Anna", language, 360, dark=dark)
    room = begin(anna, "Tauwerk Sensorik GmbH")
    filler = Filler(anna, golden(1), "A")
    for question in QUESTIONS:
        anna.go(f"{room}answer/{question}/?later")
        filler.fill(question)
        anna.look()
        for target in anna.page.locator(".item :is(.tile, .tick, .stepper > button, select)").all():
            box = target.bounding_box()
            assert box is None or box["height"] >= 44
        next_page(anna)
    expect(anna.page).to_have_url(re.compile(r"/preview/$"))
    anna.look()
    anna.go(f"{room}preview/?view=theirs")
    anna.go(f"{room}visibility/")


def test_slips_are_explained_where_they_happen(person: Callable[..., Person]) -> None:
    anna = person("Anna", "de", 390)
    room = begin(anna, "Tauwerk Sensorik GmbH")
    page = anna.page
    anna.go(f"{room}answer/1/?later")

    more = item(anna, "1.2").locator("[data-go='1']")
    for _ in range(4):
        more.first.click()
    expect(item(anna, "1.2").locator(".points-total")).to_contain_text("80 noch zu verteilen")
    expect(item(anna, "1.2").locator(".item-status")).to_contain_text("sobald es 100 sind")
    page.locator("[name='1.2.bridge']").fill("80")
    page.locator("[name='1.2.bridge']").blur()
    saved(anna, "1.2")

    with anna.refused(422):
        page.locator("[name='1.3.by']").fill("irgendwann")
        page.locator("[name='1.3.by']").blur()
        expect(page.locator("#q1-3-by-error")).to_contain_text("kein Monat")
        expect(page.locator("[name='1.3.by']")).to_have_attribute("aria-invalid", "true")
        next_page(anna)
        summary = page.locator(".error-summary")
        expect(summary).to_be_focused()
        expect(page.locator("[name='1.3.by']")).to_have_value("irgendwann")
        anna.look()
        summary.get_by_role("link", name=re.compile("irgendwann")).click()
    expect(page.locator("[name='1.3.by']")).to_be_focused()
    page.locator("[name='1.3.by']").fill("2029-06")
    page.locator("[name='1.3.by']").blur()
    saved(anna, "1.3")
    expect(page.locator("#q1-3-by-error")).to_be_empty()

    unsure = item(anna, "1.3").locator(".item-foot label")
    unsure.click()
    expect(page.locator("[name='1.3.by']")).to_have_value("")
    saved(anna, "1.3")
    unsure.click()
    expect(page.locator("[name='1.3.by']")).to_have_value("2029-06")

    page.locator("[name='1.6.value'][value='3']").locator("xpath=ancestor::label[1]").click()
    page.locator(".question-nav a").nth(3).click()
    expect(page).to_have_url(re.compile(r"/answer/4/$"))
    page.locator("[name='4.3.low']").fill("1.250")
    expect(item(anna, "4.3").locator(".in-full").first).to_have_text("= 1.250.000 €")


def test_two_windows_never_overwrite_each_other(person: Callable[..., Person]) -> None:
    anna = person("Anna", "en", 1280)
    room = begin(anna, "Tauwerk Sensorik GmbH")
    anna.go(f"{room}answer/1/?later")
    other = anna.context.new_page()
    other.goto(f"{anna.site}{room}answer/1/?later")
    choose(anna, "1.4.value", "open")
    saved(anna, "1.4")
    other.locator("[name='1.4.value'][value='gt3']").locator("xpath=ancestor::label[1]").click()
    conflict = other.locator("[data-item='1.4'] .item-conflict")
    expect(conflict).to_contain_text("after more than 3 years")
    expect(conflict).to_contain_text("open")
    conflict.get_by_role("button", name="Keep mine").click()
    expect(conflict).to_be_empty()
    with anna.refused(409):
        choose(anna, "1.4.value", "1to3")
        anna.page.get_by_role("button", name="Take theirs").click()
    expect(anna.page.locator("[name='1.4.value']:checked")).to_have_value("gt3")


def test_with_three_parties_one_may_answer_for_each(person: Callable[..., Person]) -> None:
    anna = person("Anna", "de", 390)
    room = begin(anna, "Tauwerk Sensorik GmbH", "Grauwerk Messtechnik GmbH")
    anna.go(f"{room}answer/2/?later")
    page = anna.page
    expect(page.locator("[name='2.6.to-B.value']")).to_be_hidden()
    choose(anna, "2.6.towards", "each")
    expect(page.locator("[name='2.6.value']")).to_be_hidden()
    page.locator("[name='2.6.to-C.value']").fill("7")
    page.locator("[name='2.6.to-C.value']").blur()
    saved(anna, "2.6")
    anna.look()
    anna.go(f"{room}answer/2/?later")
    expect(page.locator("[name='2.6.to-C.value']")).to_have_value("7")


def test_everything_works_without_any_script(person: Callable[..., Person]) -> None:
    anna = person("Anna", "en", 390, script=False)
    room = begin(anna, "Tauwerk Sensorik GmbH")
    page = anna.page
    anna.go(f"{room}answer/1/?later")
    page.locator("[name='1.1.value']").fill("By 2028 we sell it together.")
    page.locator("[name='1.2.bridge']").fill("60")
    choose(anna, "1.4.value", "gt3")
    with anna.refused(422):
        next_page(anna)
        expect(page.locator(".error-summary")).to_contain_text("40 are still left")
    expect(page.locator("[name='1.2.bridge']")).to_have_value("60")
    page.locator("[name='1.2.learn']").fill("40")
    next_page(anna)
    expect(page).to_have_url(re.compile(r"/answer/2/$"))
    page.locator(".sheet-actions button[value=back]").click()
    expect(page.locator("[name='1.2.learn']")).to_have_value("40")
    expect(page.locator("[name='1.4.value']:checked")).to_have_value("gt3")
