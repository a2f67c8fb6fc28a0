"""What is typed is not lost: not when the session ends meanwhile, not when the scripts come late."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.conf import settings
from playwright.sync_api import Route, expect

from apps.programme.cast import make_channel
from apps.rooms.cast import make_cast, opened_room
from apps.ventures.steps import of_room
from journeys.person import Person
from journeys.steps import be
from mutualist.apps.enquiries.models import Enquiry

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
WORDS = "Two pumps fail each week; nobody writes this twice."


def test_what_was_typed_outlives_the_session(person: Callable[..., Person]) -> None:
    channel = make_channel(make_cast())
    form = f"/programmes/{channel.programme.uid}/enquiries/new/"
    anna = person("Anna", language="en", width=1280)
    text, company = anna.page.locator("[name=text]"), anna.page.locator("[name=company]")
    note = anna.page.get_by_text("You were signed out")

    def send_signed_out() -> None:
        be(anna, "anna@example.org")
        anna.go(form)
        company.fill("Kieler Werft GmbH")
        text.fill(WORDS)
        anna.page.locator("[name=postal_code]").fill("24103")
        anna.page.locator("[name=level]").select_option(index=1)
        anna.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
        anna.page.get_by_role("button", name="Hand it out").click()
        anna.page.wait_for_url("**/accounts/login/**")

    send_signed_out()
    be(anna, "ben@example.org")
    anna.go(f"/programmes/{channel.programme.uid}/enquiries/settings/")
    assert anna.page.evaluate("sessionStorage.getItem('mutualist.typed')") is None
    send_signed_out()
    be(anna, "anna@example.org")
    anna.go(form)
    expect(note).to_be_visible()
    expect(text).to_have_value(WORDS)
    expect(anna.page.locator("[name=level]")).not_to_have_value("")
    anna.look("typed-again")
    anna.page.get_by_role("button", name="Hand it out").click()
    anna.page.wait_for_url(lambda url: not url.endswith("/new/"))
    assert Enquiry.objects.get().text == WORDS
    # It was kept once: the form is empty again, and nothing of it is left in the window.
    anna.go(form)
    expect(company).to_have_value("")
    expect(note).to_be_hidden()


@pytest.mark.parametrize(
    ("path", "field", "words", "said"),
    [
        ("/ventures/{venture}/edit/", "drivers-pumps-low", "999999", "#drivers-pumps-error"),
        ("/programmes/{programme}/rules/", "rules", "levels: [", "#checked"),
    ],
)
def test_what_is_typed_before_the_scripts_came_is_checked(
    person: Callable[..., Person], path: str, field: str, words: str, said: str
) -> None:
    cast = make_cast()
    channel = make_channel(cast)
    venture = of_room(cast.anna, opened_room(cast))
    anna = person("Anna", language="en", width=1280)
    be(anna, "anna@example.org")
    late: list[Route] = []

    def hold(route: Route) -> None:
        late.append(route)

    anna.page.route("**/htmx.min*.js", hold)
    here = path.format(venture=venture.uid, programme=channel.programme.uid)
    anna.page.goto(anna.site + here, wait_until="commit")
    before = anna.page.locator(said).inner_text()
    anna.page.locator(f"[name={field}]").fill(words)
    late[0].continue_()
    expect(anna.page.locator(said)).not_to_have_text(before)
    expect(anna.page.locator(f"[name={field}]")).to_have_value(words)
