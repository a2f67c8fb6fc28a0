"""The result as a workbook: keys for programs, headings for people, nothing that runs."""

from __future__ import annotations

import io
import re
from datetime import date

import pytest
from openpyxl import load_workbook

from mutualist.library.result_workbook import HEADER_ROW, KEY_ROW, result_workbook
from reports.conftest import crowd, material_of, pumpenpuls

SHEETS = [
    "result",
    "gates",
    "rules",
    "conflicts",
    "gaps",
    "interests",
    "ladder",
    "milestones",
    "answers",
]


def open_book(material):
    return load_workbook(io.BytesIO(result_workbook(material)))


def table(sheet):
    """Return a sheet as mappings from stable key to value."""
    keys = [cell.value for cell in sheet[KEY_ROW]]
    rows = sheet.iter_rows(min_row=HEADER_ROW + 1, values_only=True)
    return [dict(zip(keys, row, strict=True)) for row in rows]


def by_key(book):
    return {sheet.cell(KEY_ROW, 1).value.partition(".")[0]: sheet for sheet in book.worksheets}


def test_sheets_have_stable_keys_and_translated_headings():
    german, english = (open_book(material_of(pumpenpuls(), lang)) for lang in ("de", "en"))
    assert list(by_key(german)) == list(by_key(english)) == SHEETS
    assert german.sheetnames[0] == "Ergebnis"
    assert english.sheetnames[0] == "Result"
    for one, other in zip(german.worksheets, english.worksheets, strict=True):
        assert [c.value for c in one[KEY_ROW]] == [c.value for c in other[KEY_ROW]]
        assert one.row_dimensions[KEY_ROW].hidden
        assert one.freeze_panes == "B3"
        assert all(6 < dimension.width <= 90 for dimension in one.column_dimensions.values())
    assert by_key(german)["conflicts"].cell(HEADER_ROW, 4).value == "Schwere"


def test_figures_are_figures_and_days_are_days():
    book = by_key(open_book(material_of(pumpenpuls(), "en")))
    result = {row["result.key"]: row["result.value"] for row in table(book["result"])}
    assert result["kind"] == "supplier"
    assert result["score.S"] == 85
    assert result["load"] == 68
    assert result["J1"] == pytest.approx(0.4949, abs=0.01)
    assert result["opened_on"].date() == date(2026, 11, 28)
    assert result["role.supplier"] == "Tauwerk Sensorik GmbH"
    steps = table(book["ladder"])
    assert [row["ladder.P"] for row in steps] == [57, 63, 64, 66, 66, 74]
    gates = table(book["gates"])
    assert [row["gates.state"] for row in gates] == ["missed", "met", "missed"]
    milestones = table(book["milestones"])
    assert milestones[0]["milestones.day"].date() == date(2027, 2, 28)
    answers = {row["answers.item"]: row for row in table(book["answers"])}
    assert answers["4.4"]["answers.A"] == 250
    assert "2.3" not in answers
    assert "6.4" not in answers


def test_text_of_people_never_runs():
    data = pumpenpuls()
    data["frame"]["name"] = "=HYPERLINK(1)"
    data["parties"]["A"] = "+cmd|' /C calc'!A0"
    data["answers"]["A"]["1.1"] = "=1+1"
    data["answers"]["A"]["6.1"] = [{"what": "@SUM(A1)", "due_months": 1, "who": "-2+3"}]
    book = open_book(material_of(data, "en"))
    texts = []
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f", cell.coordinate
                if isinstance(cell.value, str):
                    texts.append(cell.value)
    assert "'=HYPERLINK(1)" in texts
    assert "'=1+1" in texts
    assert not [text for text in texts if re.match(r"[=+@]|-\d", text)]


def test_pairs_have_a_sheet_when_there_are_more_than_two():
    book = by_key(open_book(material_of(crowd(4, "Open items", "Text "), "de")))
    rows = table(book["pairs"])
    assert len(rows) == 6
    assert {row["pairs.pair"] for row in rows} >= {"A-B", "C-D"}
    # A party called like one of our headings keeps its name.
    assert book["answers"].cell(HEADER_ROW, 3).value == "Open items A"


def test_private_answers_are_not_in_it():
    data = pumpenpuls()
    for sheet in data["answers"].values():
        sheet["4.5"] = {"plan": "buy", "yield": 7654321}
        sheet["5.4"] = {"worst": 7654321, "limit": 7654321}
        sheet["6.3"] = {"decision": 7, "financed": 987}
    book = open_book(material_of(data, "en"))
    values = [c.value for sheet in book.worksheets for row in sheet.iter_rows() for c in row]
    assert not [v for v in values if re.search(r"7,?654|987", str(v))]
