"""The main way through the product: two firms from the invitation to the second round."""

from __future__ import annotations

import io
import json
import os
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from journeys.filling import Filler, golden
from journeys.person import Person
from journeys.steps import (
    account,
    answer_all,
    found_organisation,
    link_of,
    log_in,
    log_out,
    mail_to,
    open_room,
    open_together,
    seal,
    sign_up,
    take_seat,
)

WAYS = [("de", 390), ("en", 1280)]
if os.environ.get("MUTUALIST_SCREENSHOTS") == "1":
    WAYS += [("de", 1280), ("en", 390)]
ANNA, CLARA = "anna@nordwerk.example", "clara@tauwerk.example"


@pytest.mark.parametrize(("language", "width"), WAYS, ids=str)
def test_two_firms_from_the_invitation_to_the_second_round(
    person: Callable[..., Person], language: str, width: int
) -> None:
    dora = person("Dora", language, width)
    log_in(dora, account("Dora", "Grauwerk Messtechnik GmbH", language))
    anna = person("Anna", language, width)
    sign_up(anna, ANNA)
    log_out(anna)
    log_in(anna, ANNA)
    found_organisation(anna, "Nordwerk Pumpen AG")
    room = open_room(anna, "Tauwerk Sensorik GmbH", CLARA)
    clara = person("Clara", language, width)
    take_seat(clara, link_of(mail_to(CLARA)))

    see_autosave(clara, room)
    answer_all(clara, room, "B", 1)
    see_room_page(anna, room)
    answer_all(anna, room, "A", 1, pictures=True)
    nothing_for_the_rival(dora, room)
    marks = [seal(clara, room), seal(anna, room, picture="seal")]
    anna.go(room, "room")
    for mark in marks:
        expect(anna.page.locator(".seats")).to_contain_text(mark)
    open_together(anna, clara, room, picture="open")
    for one in (anna, clara):
        read_first_result(one, pictures=one is anna)
    evening = person("Anna in the evening", language, width, dark=True)
    evening.context.add_cookies(anna.context.cookies())
    evening.go(f"{room}result/")
    try_the_ladder(anna)
    read_guide_and_pledges(anna, room)
    take_papers_along(anna, room)
    nothing_for_the_rival(dora, room)

    begin_second_round(anna, room)
    for one, party in ((anna, "A"), (clara, "B")):
        answer_all(one, room, party, 2)
        seal(one, room)
    open_together(anna, clara, room)
    for one in (anna, clara):
        read_second_result(one)
    nothing_for_the_rival(dora, room)


def see_autosave(clara: Person, room: str) -> None:
    """What is typed is kept without pressing anything."""
    page = clara.page
    page.goto(f"{clara.site}{room}answer/1/?later")
    Filler(clara, golden(1), "B").fill_item("1.1")
    saved = re.compile(clara.say(r"gespeichert \d\d:\d\d", r"saved \d\d:\d\d"))
    expect(page.locator("#saved-at")).to_have_text(saved)
    page.goto(f"{clara.site}{room}answer/1/?later")
    expect(page.locator("[name='1.1.value']")).to_have_value(re.compile("Zustandsdaten als Dienst"))


def see_room_page(anna: Person, room: str) -> None:
    """The host sees six segments of the other side and no word of it."""
    anna.go(room)
    expect(anna.page.locator("body")).not_to_contain_text("Zustandsdaten")
    anna.go(f"{room}people/")
    anna.go(f"{room}visibility/")


def headline(one: Person) -> Any:
    return one.page.locator(".verdict-kind")


def read_first_result(one: Person, *, pictures: bool) -> None:
    page = one.page
    expect(headline(one)).to_have_text(one.say("Lieferbeziehung", "Supplier relationship"))
    if pictures:
        every_chart_is_drawn(one)
    one.look("result" if pictures else "")
    figures = page.locator("#what-if .figures")
    expect(figures.locator("dd").filter(has_text=re.compile(r"^47$"))).to_have_count(1)
    expect(figures.locator("dd").filter(has_text=re.compile(r"^85$"))).to_have_count(1)


def every_chart_is_drawn(one: Person) -> None:
    frames = one.page.locator("[data-chart]")
    assert frames.count() >= 3
    for at in range(frames.count()):
        frame = frames.nth(at)
        if frame.is_visible():
            frame.scroll_into_view_if_needed()
            expect(frame.locator("[data-place] svg")).to_be_attached()
    one.page.evaluate("scrollTo(0, 0)")


def try_the_ladder(one: Person) -> None:
    """Tick what is possible: the result is computed again beside it, nothing is stored."""
    page = one.page
    steps = page.locator("#change fieldset").first.locator("input[name=move]")
    assert steps.count() >= 4
    for at in range(steps.count()):
        with page.expect_response(re.compile("/result/compute/")):
            steps.nth(at).locator("xpath=ancestor::label[1]").click()
    expect(page.locator("#what-if")).to_contain_text("47 →")
    kind = page.locator("#what-if .what-if-kind")
    expect(kind).not_to_have_text(one.say("Lieferbeziehung", "Supplier relationship"))
    one.look()
    page.reload()
    expect(headline(one)).to_have_text(one.say("Lieferbeziehung", "Supplier relationship"))


def read_guide_and_pledges(one: Person, room: str) -> None:
    one.go(f"{room}result/guide/", "guide")
    expect(one.page.locator(".talk")).not_to_have_count(0)
    one.go(f"{room}result/pledges/", "pledges")
    expect(one.page.locator("#clauses li, .clauses li")).to_have_count(3)
    one.go(f"{room}result/part/")
    one.go(f"{room}result/round/")


def take_papers_along(one: Person, room: str) -> None:
    one.go(f"{room}result/")
    board = one.download(one.say("PDF, eine Seite", "PDF, one page"))
    assert board.startswith(b"%PDF")
    assert len(PdfReader(io.BytesIO(board)).pages) == 1
    report = one.download(one.say("Bericht", "Report"))
    assert report.startswith(b"%PDF")
    assert len(PdfReader(io.BytesIO(report)).pages) >= 4
    book = one.download("Excel")
    assert book.startswith(b"PK")
    from openpyxl import load_workbook

    assert len(load_workbook(io.BytesIO(book), read_only=True).sheetnames) >= 2
    result = json.loads(one.download("JSON"))
    assert (result["schema"], result["kind"]) == ("verdict/1", "supplier")
    assert (result["scores"]["P"], result["scores"]["S"]) == (47, 85)


def begin_second_round(anna: Person, room: str) -> None:
    anna.go(f"{room}result/round/")
    anna.press(anna.say("Die zweite Runde öffnen", "Open the second round"))
    expect(anna.page).to_have_url(f"{anna.site}{room}")
    anna.look()


def read_second_result(one: Person) -> None:
    page = one.page
    expect(headline(one)).to_have_text(one.say("Wahre Partnerschaft", "True partnership"))
    one.look()
    expect(page.locator(".rounds a")).to_have_count(2)
    marked = page.get_by_text(one.say("geändert", "changed"), exact=True)
    assert marked.count() >= 3
    page.locator(".rounds a").first.click()
    expect(headline(one)).to_have_text(one.say("Lieferbeziehung", "Supplier relationship"))


def nothing_for_the_rival(dora: Person, room: str) -> None:
    """Whoever has no seat is told that there is no such room, at every address."""
    uid = room.split("/")[2]
    from guards.routes import addresses_of_room

    for path in addresses_of_room(uid):
        assert dora.status(path) in {404, 405}, path
        assert dora.status(path, "POST") == 404 or dora.status(path) == 404, path
