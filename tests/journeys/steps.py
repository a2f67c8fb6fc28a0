"""What people do on the way through a room, each step once."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import expect

from journeys.filling import Filler, golden
from journeys.person import Person

PASSWORD = "Pumpen laufen leise im Keller"
QUESTIONS = range(1, 7)
LINK = re.compile(r"https?://[^/\s]+(/s/[\w-]+/)")


def mail_to(address: str, containing: str = "") -> Any:
    """Return the newest mail to somebody."""
    from mutualist.apps.core.models import OutboxMail

    mails = OutboxMail.objects.filter(to=address).order_by("-pk")
    found = next((mail for mail in mails if containing in mail.text), None)
    assert found is not None, f"no mail to {address}"
    return found


def link_of(mail: Any) -> str:
    found = LINK.search(mail.text)
    assert found, mail.text
    return found[1]


def sign_up(person: Person, email: str) -> None:
    """Create an account with a password, from the start page."""
    person.go("/", "landing")
    person.go("/accounts/signup/")
    page = person.page
    page.locator("[name=email]").fill(email)
    page.locator("[name=password1]").fill(PASSWORD)
    page.locator("main [name=name]").fill(person.name)
    person.press(person.say("Konto anlegen", "Create an account"))
    expect(page.locator(".menu-name, .avatar").first).to_be_attached()
    person.look()


def log_in(person: Person, email: str) -> None:
    """Log in with the password."""
    person.go("/accounts/login/")
    page = person.page
    page.locator("[name=login]").fill(email)
    page.locator("[name=password]").fill(PASSWORD)
    person.press(person.say("Anmelden", "Sign in"))
    expect(page.locator(".avatar")).to_be_attached()


def log_out(person: Person) -> None:
    person.page.locator("details.menu > summary").click()
    person.press(person.say("Abmelden", "Sign out"), within=person.page.locator(".menu-panel"))
    expect(person.page.locator(".avatar")).to_have_count(0)


def account(name: str, organisation: str = "", language: str = "en") -> str:
    """Make somebody who had an account before; return the mail address."""
    from mutualist.apps.identity import actions
    from mutualist.apps.identity.queries import actor_of

    email = f"{name.lower()}@example.org"
    user = actions.create_user(email=email, name=name, language=language, password=PASSWORD)
    if organisation:
        actions.create_organisation(organisation, actor=actor_of(user))
    return email


def be(person: Person, email: str) -> None:
    """Sit at a browser in which somebody is logged in already."""
    from django.conf import settings
    from django.test import Client

    from mutualist.apps.identity.models import User

    client = Client()
    client.force_login(User.objects.get(email=email))
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    cookies = {
        settings.SESSION_COOKIE_NAME: session,
        settings.LANGUAGE_COOKIE_NAME: person.language,
    }
    person.context.add_cookies(
        [{"name": name, "value": value, "url": person.site} for name, value in cookies.items()]
    )


def found_organisation(person: Person, name: str) -> None:
    person.go("/organisation/")
    person.page.locator("main [name=name]").fill(name)
    person.press(person.say("Anlegen", "Create"))
    expect(person.page.get_by_role("heading", level=1)).to_contain_text(name)
    person.look()


def fill_frame(person: Person, parties: list[tuple[str, str, str]]) -> None:
    """Fill what a room is about and who takes part."""
    page, frame = person.page, golden(1)["frame"]
    page.locator("[name=name]").fill(frame["name"])
    page.locator("[name=offer]").fill(frame["offer"])
    page.locator("[name=relation]").select_option(frame["relation"])
    page.locator("[name=public_since]").fill("03/2026")
    for number, (name, who, email) in enumerate(parties):
        page.locator(f"[name=party-{number}-name]").fill(name)
        if email:
            page.locator(f"[name=party-{number}-person]").fill(who)
            page.locator(f"[name=party-{number}-email]").fill(email)
            page.locator(f"[name=party-{number}-language]").select_option(person.language)


def open_room(person: Person, other: str, email: str) -> str:
    """Open a two-sided room; return its path."""
    person.go("/rooms/")
    person.press(person.say("Raum eröffnen", "Open a room"))
    person.look("new-room")
    person.press(person.say("Mit der anderen Seite", "With the other side"))
    fill_frame(person, [(other, "Clara", email)])
    person.look()
    person.press(person.say("Raum eröffnen und Links senden", "Open the room and send the links"))
    expect(person.page.get_by_role("heading", level=1)).to_contain_text("PumpenPuls")
    person.look()
    return path_of(person)


def path_of(person: Person) -> str:
    return person.page.url.removeprefix(person.site).split("?")[0]


def take_seat(person: Person, link: str) -> None:
    """Come in by a mailed link."""
    person.go(link)
    person.press(person.say("Platz nehmen", "Take your seat"))
    expect(person.page).to_have_url(re.compile(r"/rooms/[0-9a-f-]{36}/$"))
    person.look()


def next_page(person: Person) -> None:
    person.page.locator(".sheet-actions button[value=next]").click()


def answer_all(
    person: Person, room: str, party: str, round_: int, *, pictures: bool = False
) -> None:
    """Answer role and all six pages; with pictures each is looked at as well."""
    filler = Filler(person, golden(round_), party)
    page = person.page
    # Whoever comes for the first time is asked for role and mandate first.
    started = round_ > 1 or page.url.endswith("later")
    page.goto(f"{person.site}{room}answer/{0 if started else 1}/")
    for question in (0, *QUESTIONS):
        expect(page).to_have_url(re.compile(rf"/answer/{question}/"))
        filler.fill(question)
        if pictures:
            person.look(f"answer-{question}" if question else "")
        next_page(person)
    expect(page).to_have_url(re.compile(r"/preview/"))
    person.look("preview" if pictures else "")


def seal(person: Person, room: str, *, picture: str = "") -> str:
    """Seal; return the fingerprint that everybody sees."""
    page = person.page
    page.goto(f"{person.site}{room}seal/")
    person.look(picture)
    if page.locator("[name=confirm_open_items]").count():
        page.locator("[name=confirm_open_items]").check()
    person.press(person.say("Versiegeln und abgeben", "Seal and hand in"))
    expect(page).to_have_url(f"{person.site}{room}")
    mark = page.locator(".messages, .fingerprint").get_by_text(
        re.compile(r"[0-9a-f]{4} [0-9a-f]{4}")
    )
    found = re.search(r"[0-9a-f]{4} [0-9a-f]{4}", mark.first.inner_text())
    assert found
    return found[0]


def open_together(first: Person, second: Person, room: str, *, picture: str = "") -> None:
    """Both press; the one who pressed first is led to the result without doing anything."""
    for person in (first, second):
        person.go(f"{room}open/", picture if person is first else "")
        person.press(person.say("Gemeinsam öffnen", "Open together"))
    for person in (second, first):
        expect(person.page).to_have_url(re.compile(r"/result/$"), timeout=20_000)


def prepared_room(language: str = "en") -> tuple[str, str]:
    """Make Anna's room with Clara invited, without a browser; return its path and Clara's link."""
    from apps.rooms.cast import FRAME
    from mutualist.apps.core.actor import Actor
    from mutualist.apps.identity.models import Organisation, User
    from mutualist.apps.identity.queries import actor_of
    from mutualist.apps.rooms import actions
    from mutualist.apps.rooms.values import PartySpec

    anna: Actor = actor_of(User.objects.get(email=account("Anna", "Nordwerk Pumpen AG", language)))
    room = actions.create_room(
        actor=anna,
        mode="two_sided",
        host=Organisation.objects.get(name="Nordwerk Pumpen AG"),
        frame=FRAME,
        parties=[
            PartySpec("Nordwerk Pumpen AG"),
            PartySpec("Tauwerk Sensorik GmbH", "clara@tauwerk.example", "Clara", language),
        ],
    )
    return f"/rooms/{room.uid}/", link_of(mail_to("clara@tauwerk.example"))
