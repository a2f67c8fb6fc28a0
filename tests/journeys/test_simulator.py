"""Sliders in a browser: what moves, what stays, what is kept, and what is passed on."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from apps.rooms.cast import Cast, make_cast, opened_room
from apps.ventures.steps import of_room
from journeys.person import Person
from journeys.steps import be
from mutualist.apps.rooms.models import Room
from mutualist.apps.ventures import actions
from mutualist.apps.ventures.models import Version

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def room(cast: Cast) -> Room:
    return opened_room(cast)


def push(slider: Locator, to: str) -> None:
    """Move a slider as a thumb does: many inputs, then one change."""
    slider.evaluate(
        """(one, to) => {
          for (const value of [one.min, one.max, to]) {
            one.value = value;
            one.dispatchEvent(new Event("input", {bubbles: true}));
          }
          one.dispatchEvent(new Event("change", {bubbles: true}));
        }""",
        to,
    )


@pytest.mark.parametrize(("language", "width"), [("de", 1280), ("en", 390)])
def test_sliders_are_moved_kept_shared_and_put_back(
    person: Callable[..., Person], cast: Cast, room: Room, language: str, width: int
) -> None:
    made = of_room(cast.anna, room)
    anna = person("Anna", language=language, width=width)
    be(anna, "anna@example.org")
    page = anna.page
    anna.go(f"/ventures/{made.uid}/")
    said, left = page.locator("#said .first"), page.locator("#leaving strong").first
    before, leaving = said.inner_text(), left.inner_text()
    push(page.locator("#terms-parts-price"), "305")
    expect(said).not_to_have_text(before)
    expect(left).not_to_have_text(leaving)
    expect(page).to_have_url(re.compile(r"\?terms-parts-price=305$"))
    expect(page.locator("#terms-parts-price")).to_have_value("305")
    anna.look("venture-moved")

    moved = said.inner_text()
    page.reload()
    expect(said).to_have_text(moved)
    expect(page.locator("#terms-parts-price")).to_have_value("305")
    assert page.locator("#share-link").input_value().endswith("?terms-parts-price=305")
    assert Version.objects.count() == 1, "a slider stores nothing"

    page.locator("form[action$='/keep/'] button[type=submit]").click()
    expect(page.locator("#messages")).to_contain_text("2")
    expect(said).to_have_text(moved)
    push(page.locator("#terms-parts-price"), "155")
    expect(said).not_to_have_text(moved)
    page.locator("#kept").get_by_role("link", name=anna.say("Zurücksetzen", "Reset")).click()
    expect(said).to_have_text(moved)


def test_a_busy_server_is_asked_again_and_the_page_says_so(
    person: Callable[..., Person], cast: Cast, room: Room
) -> None:
    made = of_room(cast.anna, room)
    anna = person("Anna")
    be(anna, "anna@example.org")
    page = anna.page
    anna.go(f"/ventures/{made.uid}/")
    said = page.locator("#said .first")
    before = said.inner_text()
    page.route("**/futures/**", lambda route: route.fulfill(status=503, body="busy"))
    with anna.refused(503):
        push(page.locator("#terms-parts-price"), "305")
        expect(page.locator("#late")).to_be_visible()
        expect(said).to_have_text(before)
        page.unroute("**/futures/**")
        expect(said).not_to_have_text(before)
    expect(page.locator("#late")).to_be_hidden()
    # What htmx writes to the console about it is expected here.
    anna.faults = [fault for fault in anna.faults if "Status Error Code 503" not in fault]


def test_whoever_is_signed_out_is_led_to_the_entrance(
    person: Callable[..., Person], cast: Cast, room: Room
) -> None:
    made = of_room(cast.anna, room)
    anna = person("Anna")
    be(anna, "anna@example.org")
    page = anna.page
    anna.go(f"/ventures/{made.uid}/")
    anna.context.clear_cookies()
    push(page.locator("#terms-parts-price"), "305")
    expect(page).to_have_url(re.compile("/login|/sign"))
    expect(page.locator("#results")).to_have_count(0)


def test_single_futures_are_played_and_stopped(
    person: Callable[..., Person], cast: Cast, room: Room
) -> None:
    made = of_room(cast.anna, room)
    anna = person("Anna")
    be(anna, "anna@example.org")
    page = anna.page
    anna.go(f"/ventures/{made.uid}/")
    button = page.locator("[data-play]")
    button.click()
    expect(page.locator(".dot.now")).to_have_count(1)
    expect(page.locator(".played")).to_contain_text("together: Nordwerk Pumpen AG")
    expect(button).to_have_text("Stop playing")
    push(page.locator("#terms-parts-price"), "305")
    expect(page.locator("[data-play]")).to_have_text("Stop playing")
    page.locator("[data-play]").click()
    expect(page.locator(".dot.now")).to_have_count(0)
    expect(page.locator("[data-play]")).to_have_text("Play single futures")


def test_the_own_business_moves_with_the_venture_and_no_link_says_so(
    person: Callable[..., Person], cast: Cast, room: Room
) -> None:
    made = of_room(cast.anna, room)
    business = {"mean": 900_000, "sd": 400_000}
    actions.keep_figures(actor=cast.anna, venture=made.uid, figures={"business": business})
    anna = person("Anna")
    be(anna, "anna@example.org")
    page = anna.page
    anna.go(f"/ventures/{made.uid}/")
    shown = page.locator("#together-shown")
    expect(shown).to_contain_text("are saved by sharing")
    push(page.locator("#correlation"), "100")
    expect(shown).to_contain_text("Almost nothing is saved by sharing")
    expect(shown).to_contain_text("no number of partners brings them below 100%")
    assert "correlation" not in page.url
    push(page.locator("#correlation"), "25")
    expect(shown).to_contain_text("no number of partners brings them below 50%")


def test_the_break_fee_and_what_is_tied(
    person: Callable[..., Person], cast: Cast, room: Room
) -> None:
    made = of_room(cast.anna, room)
    clara = person("Clara", width=390)
    be(clara, "clara@example.org")
    page = clara.page
    clara.go(f"/ventures/{made.uid}/")
    push(page.locator("#fee"), "200000")
    expect(page.locator("#leaving")).to_contain_text("A break fee of €200k covers")
    push(page.locator("#fee"), "0")
    expect(page.locator("#leaving")).not_to_contain_text("covers")
    push(page.locator("#tied-A"), "0")
    expect(page.locator("#tied")).to_contain_text("Tauwerk Sensorik GmbH is tied and")
    clara.look("venture-leaving")
