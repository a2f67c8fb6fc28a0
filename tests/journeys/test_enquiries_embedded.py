"""The partner finder within a page of somebody else's: only of named sites, and nothing but the finder."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from playwright.sync_api import expect

from apps.programme.cast import make_channel
from apps.rooms.cast import make_cast
from journeys.person import Person
from mutualist.apps.enquiries import actions
from mutualist.apps.enquiries.models import Enquiry

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

PAGE = """<!doctype html><html lang="{language}"><title>Nordwerk</title><link rel="icon" href="data:,">
<h1>Nordwerk</h1><iframe src="{address}" title="Finder" width="100%" height="900"></iframe></html>"""


class Foreign(BaseHTTPRequestHandler):
    """A site that shows one address in a frame, whatever is asked of it."""

    def __init__(self, shown: dict[str, str], *args: Any) -> None:
        self.shown = shown
        super().__init__(*args)

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(PAGE.format(**self.shown).encode())

    def log_message(self, *_said: Any) -> None:
        """Say nothing."""


@pytest.fixture
def shown() -> dict[str, str]:
    return {"language": "en", "address": ""}


@pytest.fixture
def foreign(shown: dict[str, str]) -> Iterator[str]:
    """A site of another origin, and of another host than the one of the product."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Foreign, shown))
    runs = threading.Thread(target=server.serve_forever, daemon=True)
    runs.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    runs.join()


@pytest.mark.parametrize(
    ("language", "width", "script"), [("de", 390, True), ("en", 1280, True), ("en", 390, False)]
)
def test_search_and_contact_within_a_foreign_page(
    person: Callable[..., Person],
    foreign: str,
    shown: dict[str, str],
    language: str,
    width: int,
    script: bool,
) -> None:
    channel = make_channel(make_cast())
    actions.save_intake(standing=channel.anna, origins=[foreign], finder=True)
    petra = person("Petra", language=language, width=width, script=script)
    finder = f"/finder/{channel.programme.slug}/embed/"
    petra.go(finder, "embedded")
    shown |= {"language": language, "address": petra.site + finder}
    petra.hosts.add(foreign.removeprefix("http://"))
    petra.page.goto(foreign)
    frame = petra.page.frame_locator("iframe")
    frame.locator("[name=postal_code]").fill("20095")
    frame.get_by_role("button", name=petra.say("Suchen", "Search")).click()
    expect(frame.locator("article h3").first).to_have_text("Grauwerk AG")
    frame.get_by_role("link", name="Tauwerk GmbH").click()
    expect(frame.get_by_text(petra.say("An Tauwerk GmbH", "To Tauwerk GmbH"))).to_be_visible()
    frame.locator("[name=person]").fill("Petra Lang")
    frame.locator("[name=email]").fill("petra@mueller.example")
    frame.locator("[name=text]").fill("40 Pumpen")
    frame.locator("[name=consent]").check()
    frame.get_by_role("button", name=petra.say("Senden", "Send"), exact=True).click()
    expect(
        frame.get_by_text(petra.say("Ihre Anfrage ist angekommen", "Your enquiry has arrived"))
    ).to_be_visible()
    # The foreign page stayed where it was, and the chosen partner has the enquiry.
    assert petra.page.url.rstrip("/") == foreign
    assert Enquiry.objects.get().relation == channel.tauwerk


def test_nothing_else_and_nobody_else(
    browser: Any, site: str, foreign: str, shown: dict[str, str]
) -> None:
    channel = make_channel(make_cast())
    home = f"/finder/{channel.programme.slug}/"

    def framed(path: str) -> bool:
        """Tell whether the foreign page may show an address."""
        shown["address"] = site + path
        page = browser.new_page()
        page.goto(foreign)
        inner = page.frames[1]
        inner.wait_for_load_state()
        found = not inner.url.startswith("chrome-error:")
        page.close()
        return bool(found)

    assert not framed(f"{home}embed/"), "no site is named yet"
    actions.save_intake(standing=channel.anna, origins=["https://a.example"], finder=True)
    assert not framed(f"{home}embed/"), "another site is named"
    actions.save_intake(standing=channel.anna, origins=[foreign], finder=True)
    assert framed(f"{home}embed/")
    for path in (home, f"{home}ask/", "/", "/accounts/login/", channel.link()):
        assert not framed(path), path
