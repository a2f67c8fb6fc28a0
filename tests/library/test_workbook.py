"""A room survives its workbook; broken cells and strange files are named."""

from __future__ import annotations

import io
import zipfile

import pytest
from openpyxl import load_workbook

import mutualist as mu
from library.rooms import plain, public_rooms
from mutualist import workbook
from mutualist.library.workbook import places

PARTIES = {"A": "Nordwerk Pumpen AG", "B": "Tauwerk Sensorik GmbH"}


def edited(raw: bytes, *changes) -> bytes:
    """A workbook after (key, column, value) changes, as a person would make them."""
    book = load_workbook(io.BytesIO(raw))
    for key, party, value in changes:
        cell_of(book, key, party).value = value
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def cell_of(book, key, party):
    for sheet in book.worksheets:
        if sheet["A1"].value != places.MARKS[0]:
            continue
        columns = {cell.value: cell.column for cell in sheet[1]}
        for row in sheet.iter_rows(min_row=3):
            if row[0].value == key and party in columns:
                return sheet.cell(row[0].row, columns[party])
    raise LookupError(key)


@pytest.fixture(scope="module")
def round_one() -> bytes:
    return workbook.room_workbook(mu.datasets.load_pumpenpuls(1), "de")


@pytest.mark.parametrize("case", public_rooms()[::2], ids=lambda case: case["id"])
def test_public_rooms_survive(case):
    room = mu.Room.from_dict(case["room"])
    lang = "de" if int(case["id"][-1]) % 2 else "en"
    back = workbook.read_room_workbook(workbook.room_workbook(room, lang))
    assert plain(back.to_dict()) == plain(room.to_dict())
    assert mu.assess(back).to_dict() == mu.assess(room).to_dict()


@pytest.mark.parametrize("lang", ["de", "en"])
@pytest.mark.parametrize("kind", mu.datasets.ARCHETYPES)
def test_archetypes_survive_a_file(kind, lang, tmp_path):
    room = mu.datasets.load_archetype(kind)
    path = tmp_path / "room.xlsx"
    mu.write_room(room, path, lang)
    assert plain(mu.read_room(path).to_dict()) == plain(room.to_dict())


def test_unknown_and_empty_answers_are_told_apart():
    answers = {
        "1.1": "dont_know",
        "1.2": "dont_know",
        "2.2": {"years": "dont_know", "proof": 2},
        "3.1": {"have": {}, "bring": [], "need": "dont_know"},
        "4.1": [],
        "4.6": {"public": "dont_know", "exists": []},
        "6.4": "dont_know",
    }
    room = mu.Room.from_dict(
        {"ruleset": "2026.2", "parties": PARTIES, "answers": {"A": answers, "B": {}}}
    )
    back = workbook.read_room_workbook(workbook.room_workbook(room))
    assert back.to_dict()["answers"] == {"A": answers, "B": {}}


def test_headings_are_in_the_users_language(round_one):
    book = load_workbook(io.BytesIO(round_one))
    assert book.sheetnames[:3] == ["Anleitung", "Rahmen", "Frage 1"]
    sheet = book["Frage 2"]
    assert [cell.value for cell in sheet[2]][1:] == [
        "Nr.", "Frage", "Art", "Erlaubt", "Nordwerk Pumpen AG", "Tauwerk Sensorik GmbH",
    ]  # fmt: skip
    assert sheet.row_dimensions[1].hidden
    assert sheet.column_dimensions["A"].hidden
    assert cell_of(book, "2.3/plan", "A").value == "Budget oder Team bewilligt"
    assert cell_of(book, "1.3/by", "A").is_date
    assert len(sheet.data_validations.dataValidation) > 10


def test_numbers_and_dates_as_people_write_them(round_one):
    raw = edited(
        round_one,
        ("4.3/likely", "A", "1.234,5"),
        ("4.3/high", "A", "1,234.56"),
        ("1.3/by", "A", "12/2027"),
        ("2.2/proof", "B", "E3"),
        ("3.2/level", "B", "half or more"),
        ("frame/deadline", "value", "5.12.2026"),
    )
    room = workbook.read_room_workbook(raw).to_dict()
    sheet = room["answers"]["A"]
    assert (sheet["4.3"]["likely"], sheet["4.3"]["high"]) == (1234.5, 1234.56)
    assert sheet["1.3"]["by"] == "2027-12"
    assert room["answers"]["B"]["2.2"]["proof"] == 3
    assert room["answers"]["B"]["3.2"]["level"] == "half"
    assert room["frame"]["deadline"] == "2026-12-05"


def test_every_broken_cell_is_named_and_marked(round_one):
    raw = edited(
        round_one,
        ("2.2/years", "A", "fünf"),
        ("2.3/plan", "B", "vielleicht"),
        ("1.3/by", "A", "irgendwann"),
        ("4.6/public/logo", "A", "klar"),
        ("1.1", "B", "x" * 3000),
    )
    with pytest.raises(mu.WorkbookError) as caught:
        workbook.read_room_workbook(raw, "antworten.xlsx")
    problems = {(p.sheet, p.cell): p for p in caught.value.problems}
    assert len(problems) == 5
    years = next(p for p in caught.value.problems if "fünf" in p.de)
    assert years.line("de") == (
        f"Frage 2!{years.cell}: 'fünf' ist keine Zahl. Schreiben Sie 1234,5 oder 1.234,50."
    )
    assert any("wird erwogen" in p.de and "considered" in p.en for p in problems.values())

    marked = load_workbook(io.BytesIO(workbook.annotated_copy(raw, caught.value.problems, "de")))
    for (sheet, cell), problem in problems.items():
        found = marked[sheet][cell]
        assert problem.de in found.comment.text
        assert found.fill.fgColor.rgb == "FFF8CFCB"
    comments = [c for s in marked.worksheets for row in s.iter_rows() for c in row if c.comment]
    assert len(comments) == 5


def test_wrong_answers_are_marked_at_their_cells(round_one):
    raw = edited(round_one, ("1.2/new_offer", "A", 41), ("5.3/loss", "B", 120))
    with pytest.raises(mu.WorkbookError) as caught:
        workbook.read_room_workbook(raw)
    places_ = {(p.sheet, p.cell[0]) for p in caught.value.problems}
    assert places_ == {("Frage 1", "F"), ("Frage 5", "G")}
    assert any("101" in p.de for p in caught.value.problems)


def test_lines_that_were_added_or_whose_key_was_changed(round_one):
    book = load_workbook(io.BytesIO(round_one))
    sheet = book["Frage 3"]
    last = sheet.max_row + 1
    sheet.cell(last, places.FIRST_ANSWER).value = "noch etwas"
    cell_of(book, "3.3", "A").parent.cell(cell_of(book, "3.3", "A").row, 1).value = "3.9"
    file = io.BytesIO()
    book.save(file)
    with pytest.raises(mu.WorkbookError) as caught:
        workbook.read_room_workbook(file.getvalue())
    messages = " ".join(p.en for p in caught.value.problems)
    assert "not part of the template" in messages
    assert "'3.9'" in messages or "3.9" in messages


def test_formulas_without_a_value_are_named(round_one):
    raw = edited(round_one, ("2.2/years", "A", "=1+1"))
    with pytest.raises(mu.WorkbookError, match="1 cells") as caught:
        workbook.read_room_workbook(raw)
    assert "formula" in caught.value.problems[0].en


@pytest.mark.parametrize("text", ["=HYPERLINK(1)", "+49 40 1", "-5", "@SUM(A1)", "\t=1", "'quoted"])
def test_no_text_becomes_a_formula(text):
    answers = {"1.1": text, "6.1": [{"due_months": 3, "who": text}]}
    document = {"ruleset": "2026.2", "parties": {"A": text, "B": "B"}, "answers": {"A": answers}}
    room = mu.Room.from_dict(document)
    raw = workbook.room_workbook(room)
    book = load_workbook(io.BytesIO(raw))
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f"
                assert not str(cell.value or "").startswith(("=", "+", "@", "\t")), cell.coordinate
    back = workbook.read_room_workbook(raw).to_dict()
    assert back["answers"]["A"]["1.1"] == text
    assert back["answers"]["A"]["6.1"][0]["who"] == text


def test_one_partys_answers_take_the_way_by_workbook():
    answers = dict(mu.datasets.load_pumpenpuls(1).to_dict()["answers"]["B"])
    raw = workbook.answers_workbook(PARTIES, "B", ruleset="2026.2", lang="de", answers=answers)
    back = workbook.read_answers_workbook(raw, "B", ruleset="2026.2")
    assert plain(back) == plain(answers)
    with pytest.raises(mu.FileError, match="no column of party A"):
        workbook.read_answers_workbook(raw, "A", ruleset="2026.2")


def test_answers_for_another_rule_version_are_refused():
    raw = workbook.answers_workbook(PARTIES, "B", ruleset="2026.2")
    with pytest.raises(mu.FileError) as caught:
        workbook.read_answers_workbook(raw, "B", ruleset="2027.1", file="b.xlsx")
    assert "2027.1" in caught.value.message("de")
    assert caught.value.message("de").startswith(
        "b.xlsx: Die Antworten gehören zur Regelversion 2026.2"
    )

    book = load_workbook(io.BytesIO(raw))
    book[places.META_SHEET]["B2"].value = "2025.9"
    file = io.BytesIO()
    book.save(file)
    with pytest.raises(mu.FileError, match=r"rule version 2025\.9"):
        workbook.read_room_workbook(file.getvalue())


def bomb() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * 70_000_000)
    return file.getvalue()


def with_entities() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("xl/workbook.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')
    return file.getvalue()


def without_content() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("xl/workbook.xml", b"<a/>")
    return file.getvalue()


def other_workbook() -> bytes:
    from openpyxl import Workbook

    file = io.BytesIO()
    Workbook().save(file)
    return file.getvalue()


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: b"no zip at all", "no Excel workbook"),
        (lambda: b"", "no Excel workbook"),
        (lambda: b"\xd0\xcf\x11\xe0" + b"0" * 100, "password"),
        (bomb, "larger than 60 MB"),
        (with_entities, "not allowed"),
        (without_content, "damaged"),
        (other_workbook, "not made from the template"),
    ],
)
def test_files_that_are_no_workbook_of_ours(make, said):
    with pytest.raises(mu.FileError, match=said) as caught:
        workbook.read_room_workbook(make(), "x.xlsx")
    assert caught.value.message("de") != caught.value.message("en")


def test_a_cut_off_file_is_refused(round_one):
    with pytest.raises(mu.FileError, match=r"no Excel workbook|damaged"):
        workbook.read_room_workbook(round_one[: len(round_one) // 2])
