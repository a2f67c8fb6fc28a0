"""Answering at two browsers at once, and with nothing but a keyboard."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Route, expect

from journeys.person import Person
from journeys.steps import prepared_room, take_seat

AUTOSAVE = re.compile(r"/item/1\.1/$")
SAVED = re.compile(r"saved \d\d:\d\d")


def test_two_browsers_at_one_item_see_both_versions(person: Callable[..., Person]) -> None:
    room, link = prepared_room()
    office, home = person("Clara at work", "en", 1280), person("Clara at home", "en", 390)
    for one in (office, home):
        take_seat(one, link)
        one.page.goto(f"{one.site}{room}answer/1/?later")
    first, second = "Half the outages by the end of 2028.", "A joint service by the middle of 2029."
    write(office, first)
    expect(office.page.locator("#saved-at")).to_have_text(SAVED)
    with home.refused(409):
        write(home, second)
        conflict = home.page.locator("#item-1\\.1-conflict")
        expect(conflict).to_contain_text(first)
    expect(conflict).to_contain_text(second)
    home.look()
    home.press("Keep mine", within=conflict)
    expect(home.page.locator("#item-1\\.1-conflict")).to_be_empty()
    home.look()
    home.page.reload()
    expect(goal(home)).to_have_value(second)
    # The other browser learns it in the same way; this time theirs is taken.
    with office.refused(409):
        write(office, first + " For all customers.")
        conflict = office.page.locator("#item-1\\.1-conflict")
        expect(conflict).to_contain_text(second)
    office.press("Take theirs", within=conflict)
    expect(goal(office)).to_have_value(second)


@pytest.mark.parametrize("leave", [".sheet-actions button[value=next]", ".question-nav a >> nth=2"])
def test_a_page_left_while_it_is_being_saved_does_not_meet_its_own_saving(
    person: Callable[..., Person], leave: str
) -> None:
    room, link = prepared_room()
    clara = person("Clara", "en", 1280)
    take_seat(clara, link)
    page, late = clara.page, []

    def answer_late(route: Route) -> None:
        late.append((route, route.fetch()))

    page.goto(f"{clara.site}{room}answer/1/?later")
    page.route(AUTOSAVE, answer_late)
    with page.expect_request(AUTOSAVE):
        write(clara, "Half the outages.")
    while not late:
        page.evaluate("0")
    # Saved by the server, which this page has not heard of yet.
    goal(clara).fill("Half the outages by the end of 2028.")
    page.locator(leave).first.click(no_wait_after=True)
    route, answer = late[0]
    route.fulfill(response=answer)
    expect(page).not_to_have_url(re.compile("/answer/1/"))
    page.goto(f"{clara.site}{room}answer/1/?later")
    expect(goal(clara)).to_have_value("Half the outages by the end of 2028.")


def goal(one: Person) -> Locator:
    return one.page.locator("[name='1.1.value']")


def write(one: Person, text: str) -> None:
    goal(one).fill(text)
    goal(one).blur()


def test_a_page_is_answered_by_keyboard_alone(person: Callable[..., Person]) -> None:
    room, link = prepared_room()
    clara = person("Clara", "en", 1280)
    take_seat(clara, link)
    page = clara.page
    page.goto(f"{clara.site}{room}answer/1/?later")
    keys = page.keyboard
    keys.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    keys.press("Enter")
    to(page, "1.1.value")
    keys.type("Half the outages by 2028.")
    to(page, "1.2.new_offer")
    for _press in range(11):
        keys.press("ArrowUp")
    to(page, "1.2.new_customers")
    keys.type("45")
    expect(page.locator("#item-1\\.2-rest [data-given]")).to_have_text("100")
    to(page, "1.4.value")
    keys.press("Space")
    keys.press("ArrowDown")
    to(page, "1.6.value")
    keys.press("Space")
    keys.press("ArrowRight")
    keys.press("ArrowRight")
    expect(page.locator("#saved-at")).to_have_text(SAVED)
    tab_until(page, "document.activeElement.matches('.sheet-actions button[value=next]')")
    keys.press("Enter")
    expect(page).to_have_url(re.compile("/answer/2/"))
    page.goto(f"{clara.site}{room}answer/1/")
    expect(page.locator("[name='1.2.new_offer']")).to_have_value("55")
    assert page.locator("[name='1.4.value']:checked").get_attribute("value") is not None
    expect(page.locator("[name='1.6.value']:checked")).to_have_value("2")


def to(page: object, name: str) -> None:
    """Go on with the tabulator to a box; its focus must be visible."""
    tab_until(page, f"document.activeElement.name === '{name}'")


def tab_until(page: object, reached: str) -> None:
    for _press in range(60):
        page.keyboard.press("Tab")
        if page.evaluate(reached):
            return
    raise AssertionError(f"the tabulator never reaches: {reached}")
