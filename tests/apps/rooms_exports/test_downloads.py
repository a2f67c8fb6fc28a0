"""Downloads: the right file for those who may, 404 for strangers, a clear word before the opening."""

from __future__ import annotations

import io
import json
from uuid import uuid4

import pytest
from django.urls import reverse
from icalendar import Calendar
from openpyxl import load_workbook
from pypdf import PdfReader

from apps.rooms.cast import fill_and_seal, fresh, sheets
from mutualist.apps.rooms import actions

PDF = "application/pdf"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
OF_RESULT = {
    "board_pdf": (PDF, b"%PDF-", "-board.pdf"),
    "report_pdf": (PDF, b"%PDF-", "-report.pdf"),
    "workbook": (XLSX, b"PK", "-result.xlsx"),
    "json": ("application/json", b"{", "-result.json"),
}
ALWAYS = {
    "room_file": ("application/yaml; charset=utf-8", b"ruleset", "-room.yaml"),
    "calendar": ("text/calendar; charset=utf-8", b"BEGIN:VCALENDAR", "-calendar.ics"),
}
EVERY = [*OF_RESULT, *ALWAYS, "answers_workbook"]


def url(name, room, query=""):
    return reverse(f"rooms:{name}", args=[room.uid]) + query


@pytest.mark.parametrize("name", [*OF_RESULT, *ALWAYS])
@pytest.mark.parametrize("who", ["Anna", "Ben", "Clara"])
def test_parties_get_the_file(browser, opened, name, who):
    kind, start, ending = {**OF_RESULT, **ALWAYS}[name]
    answer = browser(who).get(url(name, opened))
    assert answer.status_code == 200
    assert answer["Content-Type"] == kind
    assert answer.content.startswith(start)
    assert answer["Content-Disposition"].startswith('attachment; filename="PumpenPuls-20')
    assert answer["Content-Disposition"].endswith(f'{ending}"')
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("name", EVERY)
def test_a_rival_sees_404_and_strangers_log_in(browser, opened, name):
    assert browser("Dora").get(url(name, opened)).status_code == 404
    unknown = reverse(f"rooms:{name}", args=[uuid4()])
    assert browser("Dora").get(unknown).status_code == 404
    answer = browser().get(url(name, opened))
    assert answer.status_code == 302
    assert "/login" in answer["Location"]


@pytest.mark.parametrize("name", OF_RESULT)
def test_before_the_opening_there_is_a_clear_word(browser, cast, answering, name):
    fill_and_seal(cast.anna, answering, sheets()["A"])
    answer = browser("Clara", "de").get(url(name, answering))
    assert answer.status_code == 409
    assert "Es gibt noch kein Ergebnis" in answer.content.decode()


def test_rounds_can_be_chosen_and_unknown_ones_are_not_there(browser, opened):
    client = browser("Anna")
    assert client.get(url("board_pdf", opened, "?round=1")).status_code == 200
    for wrong in ("2", "x", "-1", "99999999999999999999"):
        answer = client.get(url("board_pdf", opened, f"?round={wrong}"))
        assert answer.status_code == 404


def test_the_paper_is_in_the_wanted_language(browser, opened):
    client = browser("Anna", "en")
    for query, words in (
        ("", "Supplier relationship"),
        ("?lang=de", "Lieferbeziehung"),
        ("?lang=xx", "Supplier"),
    ):
        page = PdfReader(io.BytesIO(client.get(url("board_pdf", opened, query)).content)).pages[0]
        assert words in page.extract_text()


def test_second_round_shows_the_path_and_keeps_the_first(browser, cast, opened):
    actions.start_round(actor=cast.anna, room=opened)
    room = fresh(opened)
    fill_and_seal(cast.anna, room, sheets(2)["A"])
    fill_and_seal(cast.clara, room, sheets(2)["B"])
    actions.press_open(actor=cast.anna, room=fresh(room))
    actions.press_open(actor=cast.clara, room=fresh(room))
    client = browser("Clara")
    report = PdfReader(io.BytesIO(client.get(url("report_pdf", room)).content))
    text = " ".join(" ".join(page.extract_text().split()) for page in report.pages)
    assert "The path between the rounds" in text
    assert "True partnership" in text
    first = client.get(url("json", room, "?round=1")).json()
    assert (first["schema"], first["kind"]) == ("verdict/1", "supplier")
    assert client.get(url("json", room)).json()["kind"] == "true_partnership"


def test_the_room_file_holds_own_answers_and_what_is_shown(browser, opened):
    from mutualist.library.yamlfile import load

    content = load(browser("Clara").get(url("room_file", opened)).content.decode())
    own, other = content["answers"]["B"], content["answers"]["A"]
    assert own["4.5"] == sheets()["B"]["4.5"]
    assert {"2.3", "4.5", "5.4", "6.4"}.isdisjoint(other)
    assert set(other["6.3"]) == {"decision"}


def test_nothing_covered_of_the_other_side_is_in_any_file(browser, cast, answering):
    """Unique figures in covered answers of one side turn up in no download of the other."""
    canary = 7_654_321
    secret = {
        "4.5": {"plan": "buy", "yield": canary},
        "5.4": {"worst": canary, "limit": canary},
        "6.3": {"decision": 7, "financed": 9_871},
    }
    fill_and_seal(cast.anna, answering, {**sheets()["A"], **secret})
    fill_and_seal(cast.clara, answering, sheets()["B"])
    actions.press_open(actor=cast.anna, room=answering)
    actions.press_open(actor=cast.clara, room=answering)
    client = browser("Clara")
    for name in [*OF_RESULT, *ALWAYS]:
        plain = readable(client.get(url(name, answering)))
        for mark in ("7654", "7,654", "7.654", "9871", "9,871"):
            assert mark not in plain, (name, mark)


def readable(answer) -> str:
    """Return the text of a download whatever its format."""
    kind = answer["Content-Type"]
    if kind == PDF:
        return " ".join(p.extract_text() for p in PdfReader(io.BytesIO(answer.content)).pages)
    if kind == XLSX:
        book = load_workbook(io.BytesIO(answer.content))
        cells = [c.value for sheet in book.worksheets for row in sheet.iter_rows() for c in row]
        return json.dumps(cells, default=str)
    return answer.content.decode()


def test_milestones_enter_the_calendar_only_after_the_opening(browser, cast, answering):
    fill_and_seal(cast.anna, answering, sheets()["A"])
    before = Calendar.from_ical(browser("Clara").get(url("calendar", answering)).content)
    assert not before.walk("VEVENT")
    fill_and_seal(cast.clara, answering, sheets()["B"])
    actions.press_open(actor=cast.anna, room=answering)
    actions.press_open(actor=cast.clara, room=answering)
    after = Calendar.from_ical(browser("Clara").get(url("calendar", answering)).content)
    titles = [str(event["summary"]) for event in after.walk("VEVENT")]
    assert titles[0] == "PumpenPuls: Schnittstelle fertig"
    assert len(titles) == 4


def test_names_of_rooms_cannot_break_the_header(browser, cast, opened):
    opened.frame = {**opened.frame, "name": 'a"\r\nSet-Cookie: x=1; "../../Ärger 漢字 😀'}
    opened.save()
    answer = browser("Anna").get(url("json", opened))
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer
    assert "/" not in answer["Content-Disposition"].removeprefix("attachment; filename*=utf-8''")
    assert "\n" not in answer["Content-Disposition"]


def test_a_neutral_host_needs_the_parties_consent(browser, cast):
    from apps.rooms.cast import convened_room, seal_short

    room, ida, paul = convened_room(cast)
    seal_short(room, ida, paul)
    for guest in (ida, paul):
        actions.press_open(actor=guest, room=fresh(room))
    client = browser("Greta")
    for name in OF_RESULT:
        assert client.get(url(name, room)).status_code == 404
    for guest in (ida, paul):
        actions.share_result(actor=guest, room=fresh(room), share=True)
    assert client.get(url("board_pdf", room)).status_code == 200
