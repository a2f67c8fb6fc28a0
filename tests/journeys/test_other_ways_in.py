"""Alone in one sitting, convened for others, and into an account without a password."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

from openpyxl import load_workbook
from playwright.sync_api import expect

from journeys.filling import Filler, golden
from journeys.person import Person
from journeys.steps import (
    QUESTIONS,
    account,
    be,
    fill_frame,
    link_of,
    mail_to,
    next_page,
    path_of,
    take_seat,
)

CELLS = re.compile(r"\b[A-Z]+2\b")


def test_alone_to_a_result_in_one_sitting(person: Callable[..., Person]) -> None:
    """In the dark scheme from the first page to the last."""
    anna = person("Anna", "en", 1280, dark=True)
    be(anna, account("Anna", "Nordwerk Pumpen AG"))
    anna.go("/")
    anna.go("/rooms/new/?mode=alone")
    fill_frame(anna, [("Tauwerk Sensorik GmbH", "", "")])
    anna.look()
    anna.press("Open the room")
    expect(anna.page.get_by_role("heading", level=1)).to_contain_text("PumpenPuls")
    room = path_of(anna)
    answer_some(anna, room, "A", {1, 3, 5})
    anna.press("Now guess the other side’s answers")
    answer_some(anna, room, "B", {2, 5})
    anna.press("Seal and hand in")
    anna.look()
    anna.page.locator("[name=confirm_open_items]").check()
    anna.press("Seal and hand in")
    expect(anna.page).to_have_url(f"{anna.site}{room}result/")
    expect(anna.page.locator("main")).to_contain_text("A self-check")
    anna.look()


def answer_some(anna: Person, room: str, party: str, questions: set[int]) -> None:
    page, filler = anna.page, Filler(anna, golden(1), party)
    page.goto(f"{anna.site}{room}answer/1/?later{'&seat=B' if party == 'B' else ''}")
    for question in QUESTIONS:
        expect(page).to_have_url(re.compile(rf"/answer/{question}/"))
        if question in questions:
            filler.fill(question)
        anna.look()
        next_page(anna)
    expect(page).to_have_url(re.compile(r"/preview/"))
    anna.look()


def test_a_convener_sees_progress_and_not_a_single_answer(person: Callable[..., Person]) -> None:
    greta = person("Greta", "de", 1280)
    be(greta, account("Greta", "Clusterbüro", "de"))
    greta.go("/convene/")
    empty = greta.download("Leere Arbeitsmappe")
    greta.page.locator("[name=workbook]").set_input_files(workbook(empty, broken=True))
    with greta.refused(422):
        greta.press("Räume anlegen")
        problems = greta.page.locator(".notice li")
        expect(problems).to_have_count(3)
    greta.look()
    said = " ".join(problems.all_inner_texts())
    assert set(CELLS.findall(said)) == {"C2", "F2", "K2"}, said
    assert "kein Datum" in said
    assert greta.page.locator("tbody a").count() == 0, "all rooms or none"
    greta.page.locator("[name=workbook]").set_input_files(workbook(empty, broken=False))
    greta.press("Räume anlegen")
    expect(greta.page.locator("tbody a")).to_have_count(2)
    greta.look()

    ida = person("Ida", "de", 390)
    take_seat(ida, link_of(mail_to("ida@hallwerk.example")))
    ida.page.goto(ida.page.url + "answer/1/?later")
    Filler(ida, golden(1), "A").fill(1)
    next_page(ida)
    expect(ida.page).to_have_url(re.compile(r"/answer/2/"))

    greta.go("/convene/")
    greta.press("Prüfstand")
    expect(greta.page.locator(".seats")).to_contain_text("antwortet gerade")
    greta.look()
    for path in (path_of(greta), path_of(greta) + "people/", "/convene/", "/rooms/"):
        greta.go(path)
        expect(greta.page.locator("body")).not_to_contain_text("vorausschauende Wartung")
    for page in ("answer/1/", "preview/", "result/", "board.pdf"):
        room = ida.page.url.removeprefix(ida.site).split("answer")[0]
        assert greta.status(room + page) in {404, 409}, page


def workbook(empty: bytes, *, broken: bool) -> dict[str, object]:
    """Fill the convener's workbook: two rooms, the first with three broken cells if wanted."""
    book = load_workbook(io.BytesIO(empty))
    sheet = book.worksheets[0]
    mail = "ida at hallwerk" if broken else "ida@hallwerk.example"
    language = "französisch" if broken else "de"
    day = "am Freitag" if broken else "2031-11-28"
    first = f"Prüfstand|Prüfstand für Gussteile|{day}|Hallwerk Guss AG|Ida|{mail}|de|"
    first += f"Optikum GmbH|Paul|paul@optikum.example|{language}"
    second = "Netzblick|Leitstelle für Wärmenetze||Brenner KG|Eva|eva@brenner.example|de|"
    second += "Faden GmbH|Udo|udo@faden.example|en"
    for row in (first, second):
        sheet.append(row.split("|"))
    stream = io.BytesIO()
    book.save(stream)
    return {
        "name": "rooms.xlsx",
        "mimeType": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "buffer": stream.getvalue(),
    }


def test_log_in_with_a_code_by_mail(person: Callable[..., Person]) -> None:
    email = account("Clara", "Tauwerk Sensorik GmbH", "de")
    clara = person("Clara", "de", 390)
    clara.go("/accounts/login/")
    clara.press("Code per E-Mail senden")
    clara.look()
    clara.page.locator("[name=email]").fill(email)
    clara.press("Code senden")
    expect(clara.page.locator("[name=code]")).to_be_visible()
    clara.look()
    mail = mail_to(email)
    code = re.search(r"^\s*([A-Z0-9]{3,}-?[A-Z0-9]{3,})\s*$", mail.text, re.MULTILINE)
    assert code, mail.text
    clara.page.locator("[name=code]").fill("AAAA-AAAA")
    clara.press("Anmelden")
    expect(clara.page.locator("[name=code]")).to_have_attribute("aria-invalid", "true")
    clara.look()
    clara.page.locator("[name=code]").fill(code[1])
    clara.press("Anmelden")
    expect(clara.page.locator(".avatar")).to_be_attached()
    clara.look()
