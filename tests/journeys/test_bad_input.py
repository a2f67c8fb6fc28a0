"""What bad input gets: a clear sentence in the person's language, the right status, nothing by halves."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

from journeys.filling import Filler, golden
from journeys.person import Person
from journeys.steps import be, next_page, prepared_room, take_seat

LANGUAGES = pytest.mark.parametrize("language", ["de", "en"])
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@LANGUAGES
def test_links_that_no_longer_open(person: Callable[..., Person], language: str) -> None:
    from mutualist.apps.core.clock import now
    from mutualist.apps.rooms.models import SeatLink

    room, link = prepared_room(language)
    clara = person("Clara", language, 390)
    refuse_link(clara, "/s/no-such-token/", 404)
    SeatLink.objects.update(expires_at=now())
    refuse_link(clara, link, 410, clara.say("abgelaufen", "expired"))
    SeatLink.objects.update(expires_at=now().replace(year=2099), revoked_at=now())
    refuse_link(clara, link, 410, clara.say("zurückgenommen", "withdrawn|taken back|revoked"))
    SeatLink.objects.update(revoked_at=None)
    take_seat(clara, link)
    # Whoever holds a seat by account cannot take the other side's by its link.
    anna = person("Anna", language, 1280)
    be(anna, "anna@example.org")
    refuse_link(anna, link, 422)
    assert anna.status(room) == 200


def refuse_link(one: Person, link: str, status: int, words: str = ".") -> None:
    """A dead link says so at once; one that is not for this person, when it is taken."""
    with one.refused(status):
        if one.go(link).status == 200:
            one.press(one.say("Platz nehmen", "Take your seat"))
        title = one.say("Dieser Link öffnet nicht", "This link does not open")
        expect(one.page.get_by_role("heading", level=1)).to_have_text(title)
    expect(one.page.locator("main .lead")).to_have_text(re.compile(words))
    one.look()


@pytest.mark.parametrize("language", ["en"])
def test_points_that_do_not_add_up(person: Callable[..., Person], language: str) -> None:
    room, link = prepared_room(language)
    clara = person("Clara", language, 390)
    take_seat(clara, link)
    page = clara.page
    clara.go(f"{room}answer/1/?later")
    with clara.refused(422):
        page.locator("[name='1.2.new_offer']").fill("80")
        page.locator("[name='1.2.bridge']").fill("30")
        page.locator("[name='1.2.bridge']").blur()
        next_page(clara)
        expect(page.locator(".error-summary")).to_contain_text("110")
    clara.look()
    expect(page.locator("[name='1.2.new_offer']")).to_have_value("80")
    clara.go(f"{room}answer/1/?later")
    expect(page.locator("[name='1.2.new_offer']")).to_have_value("")


@LANGUAGES
def test_sealing_is_asked_twice_and_happens_once(
    person: Callable[..., Person], language: str
) -> None:
    room, link = prepared_room(language)
    clara = person("Clara", language, 1280)
    take_seat(clara, link)
    clara.go(f"{room}answer/1/?later")
    Filler(clara, golden(1), "B").fill_item("1.4")
    next_page(clara)
    expect(clara.page).to_have_url(re.compile("/answer/2/"))
    clara.go(f"{room}seal/")
    seal_words = clara.say("Versiegeln und abgeben", "Seal and hand in")
    with clara.refused(422):
        clara.press(seal_words)
        expect(clara.page.locator(".notice.bad")).to_contain_text("35")
    clara.look()
    # The same form in two tabs: the second press finds the seal and changes nothing.
    other = clara.context.new_page()
    other.goto(f"{clara.site}{room}seal/")
    for page in (clara.page, other):
        page.locator("[name=confirm_open_items]").check()
    clara.press(seal_words)
    expect(clara.page).to_have_url(f"{clara.site}{room}")
    with other.expect_response(re.compile("/seal/")) as waiting:
        other.get_by_role("button", name=seal_words).click()
    assert waiting.value.status == 409
    words = clara.say("(schon|bereits) versiegelt", "sealed already")
    expect(other.locator("main")).to_contain_text(re.compile(words))
    # Not everybody has sealed: pressing "open" is refused, too.
    assert clara.status(f"{room}open/", "POST") == 422
    assert clara.status(f"{room}result/") == 404


@LANGUAGES
def test_a_workbook_with_broken_cells_comes_back(
    person: Callable[..., Person], language: str
) -> None:
    room, link = prepared_room(language)
    clara = person("Clara", language, 1280)
    take_seat(clara, link)
    clara.go(f"{room}answers-workbook/")
    page = clara.page
    page.locator("[type=file]").set_input_files(
        {"name": "answers.xlsx", "mimeType": XLSX, "buffer": b"no workbook at all"}
    )
    with clara.refused(422):
        page.locator("main form:has([type=file]) button[type=submit]").click()
        expect(page.locator(".notice.bad")).to_be_visible()
    clara.look()
    with page.expect_download() as waiting:
        page.locator("a[href*='download=blank']").click()
    page.locator("[type=file]").set_input_files(
        {"name": "answers.xlsx", "mimeType": XLSX, "buffer": spoilt(read(waiting))}
    )
    with clara.refused(422):
        page.locator("main form:has([type=file]) button[type=submit]").click()
        expect(page.locator(".notice.bad li")).to_have_count(3)
    clara.look()
    with page.expect_download() as waiting:
        page.locator("form:has([value=annotated]) button").click()
    book = load_workbook(io.BytesIO(read(waiting)))
    notes = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.comment]
    assert len(notes) == 3


def read(waiting: Any) -> bytes:
    return Path(waiting.value.path()).read_bytes()


def spoilt(content: bytes) -> bytes:
    """Write words where numbers belong; the first column holds each line's key."""
    book = load_workbook(io.BytesIO(content))
    for sheet in book:
        for row in sheet.iter_rows(min_col=1):
            if row[0].value in {"1.2/new_offer", "3.2/fte", "6.1/1/due_months"}:
                row[-1].value = "lots"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
