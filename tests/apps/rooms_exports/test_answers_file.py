"""Answering in a workbook: look first, take over then, nothing lost and nothing half done."""

from __future__ import annotations

import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from apps.rooms.cast import fill, fill_and_seal, sheets, stored
from mutualist.apps.rooms import actions
from mutualist.apps.rooms.models import Draft
from mutualist.apps.rooms.queries import draft_sheet
from mutualist.library.workbook import answers_workbook


def page_of(room):
    return reverse("rooms:answers_workbook", args=[room.uid])


def filled(answers, party="B"):
    return answers_workbook(
        {"A": "Nordwerk Pumpen AG", "B": "Tauwerk Sensorik GmbH"},
        party,
        ruleset="2026.2",
        answers=answers,
    )


def upload(client, room, content, name="answers.xlsx", **more):
    file = SimpleUploadedFile(name, content)
    return client.post(page_of(room), {"step": "upload", "file": file, **more})


def hidden(answer, name):
    """Return the value of a hidden field of the page, as the browser would send it back."""
    import html

    found = re.search(rf'name="{name}" value="([^"]*)"', answer.content.decode())
    return html.unescape(found[1])


def confirm(client, room, answer):
    return client.post(
        page_of(room),
        {
            "step": "confirm",
            "payload": hidden(answer, "payload"),
            "versions": hidden(answer, "versions"),
        },
    )


def broken(answers):
    """Return a workbook in which the first hundred points do not add up."""
    book = load_workbook(io.BytesIO(filled(answers)))
    sheet = book.worksheets[2]
    for row in sheet.iter_rows(min_row=3):
        if str(row[0].value).startswith("1.2/") and isinstance(row[5].value, int):
            row[5].value = 999
            break
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def test_download_blank_and_with_own_answers(browser, cast, answering):
    fill(cast.clara, answering, {"1.1": "Bis 2028 verkaufen wir Daten."})
    client = browser("Clara")
    texts = {}
    for what in ("blank", "mine"):
        answer = client.get(page_of(answering) + f"?download={what}")
        assert answer.status_code == 200
        assert answer["Content-Disposition"].endswith('-answers.xlsx"')
        book = load_workbook(io.BytesIO(answer.content))
        texts[what] = {c.value for s in book.worksheets for row in s.iter_rows() for c in row}
    assert "Bis 2028 verkaufen wir Daten." in texts["mine"]
    assert "Bis 2028 verkaufen wir Daten." not in texts["blank"]


def test_an_upload_shows_changes_and_stores_nothing(browser, cast, answering):
    answer = upload(browser("Clara"), answering, filled(sheets()["B"]))
    assert answer.status_code == 200
    assert "answers would change" in answer.content.decode()
    assert not [draft for draft in stored(Draft) if draft.seat.key == "B"]


def test_confirmed_changes_are_saved(browser, cast, answering):
    client = browser("Clara")
    answer = confirm(client, answering, upload(client, answering, filled(sheets()["B"])))
    assert answer.status_code == 302
    saved = draft_sheet(cast.clara, answering).answers
    assert saved["1.2"] == sheets()["B"]["1.2"]
    assert saved["4.5"] == sheets()["B"]["4.5"]
    assert not draft_sheet(cast.clara, answering).open_items
    again = upload(client, answering, filled(sheets()["B"]))
    assert "Nothing changes" in again.content.decode()


def test_broken_cells_are_named_and_come_back_annotated(browser, answering):
    client = browser("Clara", "de")
    answer = upload(client, answering, broken(sheets()["B"]))
    assert answer.status_code == 422
    assert "Zellen, die eine Korrektur brauchen" in answer.content.decode()
    original = hidden(answer, "original")
    copy = client.post(page_of(answering), {"step": "annotated", "original": original})
    assert copy.status_code == 200
    book = load_workbook(io.BytesIO(copy.content))
    assert any(c.comment for s in book.worksheets for row in s.iter_rows() for c in row)
    assert not [draft for draft in stored(Draft) if draft.seat.key == "B"]


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04", b"no workbook", b"\xd0\xcf\x11\xe0" * 10, b"x" * 1_000_001]
)
def test_what_is_no_workbook_gets_a_clear_word(browser, answering, content):
    answer = upload(browser("Clara"), answering, content)
    assert answer.status_code == 422
    assert "This file cannot be used" in answer.content.decode()


def test_no_file_and_forged_steps_get_a_clear_word(browser, answering):
    client = browser("Clara")
    page = page_of(answering)
    for data in (
        {"step": "upload"},
        {"step": "confirm"},
        {"step": "confirm", "payload": "[1]", "versions": "{}"},
        {"step": "confirm", "payload": '{"1.2": {"x": 1}}', "versions": '{"1.2": "many"}'},
        {"step": "annotated", "original": "!"},
        {"step": "nonsense"},
    ):
        answer = client.post(page, data)
        assert answer.status_code == 422, data


def test_forged_answers_are_checked_by_the_action(browser, cast, answering):
    client = browser("Clara")
    payload = '{"1.2": {"new_offer": 7}, "1.4": "gt3", "9.9": 1}'
    answer = client.post(
        page_of(answering), {"step": "confirm", "payload": payload, "versions": "{}"}
    )
    assert answer.status_code == 422
    assert "1.2" not in draft_sheet(cast.clara, answering).answers


def test_answers_changed_meanwhile_are_not_overwritten(browser, cast, answering):
    client = browser("Clara")
    looked = upload(client, answering, filled({"1.4": "gt3", "5.6": "shared"}))
    fill(cast.clara, answering, {"1.4": "1to3"})
    answer = confirm(client, answering, looked)
    assert answer.status_code == 409
    assert "Changed by somebody else" in answer.content.decode()
    assert draft_sheet(cast.clara, answering).answers == {"1.4": "1to3", "5.6": "shared"}


def test_a_sealed_sheet_stays_as_it_is(browser, cast, answering):
    fill_and_seal(cast.clara, answering, sheets()["B"])
    client = browser("Clara")
    assert client.get(page_of(answering)).status_code == 200
    answer = upload(client, answering, filled({"1.4": "gt3"}))
    assert answer.status_code == 422
    assert "sealed" in answer.content.decode()


def test_a_workbook_of_the_other_party_is_refused(browser, answering):
    answer = upload(browser("Clara"), answering, filled(sheets()["A"], party="A"))
    assert answer.status_code == 422


def test_self_check_takes_both_seats(browser, cast):
    from apps.rooms.cast import FRAME
    from mutualist.apps.rooms.values import PartySpec

    parties = [PartySpec("Nordwerk Pumpen AG"), PartySpec("Tauwerk Sensorik GmbH")]
    room = actions.create_room(actor=cast.anna, mode="alone", frame=FRAME, parties=parties)
    client = browser("Anna")
    looked = upload(client, room, filled({"1.4": "gt3"}), seat="B")
    assert hidden(looked, "seat") == "B"
    done = client.post(
        page_of(room),
        {
            "step": "confirm",
            "seat": "B",
            "payload": hidden(looked, "payload"),
            "versions": hidden(looked, "versions"),
        },
    )
    assert done.status_code == 302
    assert draft_sheet(cast.anna, room, "B").answers["1.4"] == "gt3"
    assert "1.4" not in draft_sheet(cast.anna, room, "A").answers
