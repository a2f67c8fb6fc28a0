"""What leaves the house on paper and as a workbook."""

from __future__ import annotations

import io

import pytest
from django.urls import reverse

from apps.rooms.cast import Cast
from apps.ventures.steps import browser, of_room
from mutualist.apps.rooms.models import Room
from mutualist.apps.ventures import actions


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_paper_says_what_the_page_says(cast: Cast, room: Room, language: str) -> None:
    from pypdf import PdfReader

    made = of_room(cast.anna, room)
    actions.keep_figures(actor=cast.clara, venture=made.uid, figures={"best_alternative": 765432})
    client = browser(cast.anna, language)
    paper = client.get(reverse("ventures:paper", args=[made.uid]))
    assert paper.headers["Content-Type"] == "application/pdf"
    text = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(paper.content)).pages)
    wanted = ("Ausgängen", "100.000") if language == "de" else ("futures", "100,000")
    for said in ("PumpenPuls", "Tauwerk Sensorik GmbH", *wanted):
        assert said in text, said
    assert "765" not in text


def test_the_workbook_counts_by_itself(cast: Cast, room: Room) -> None:
    from openpyxl import load_workbook

    made = of_room(cast.anna, room)
    found = browser(cast.clara).get(reverse("ventures:workbook", args=[made.uid]))
    book = load_workbook(io.BytesIO(found.content))
    figures = book["Figures"]
    assert [cell.value for cell in figures["A"]][1:4] == [
        "Nordwerk Pumpen AG",
        "Tauwerk Sensorik GmbH",
        "All together",
    ]
    assert figures["B4"].value == "=SUM(B2:B3)"
    assert figures["J2"].value == '=IF(B$4>0,B2/B$4,"")'
    dots = book["50 futures"]
    assert dots.max_row == 1 + 50 + 1
    assert dots["B52"].value == '=COUNTIF(B2:B51,"<0")'
    splits = book["Splits"]
    assert splits["E3"].value == "=B3-B$2", "more than by today's terms"
    assert splits["D3"].value == "=SUM(B3:C3)"
    assert book["Leaving early"]["A2"].value == "Nordwerk Pumpen AG builds the part itself"
    assert {"Uncertain figures", "Lines of money", "Payments between parties"} <= set(
        book.sheetnames
    )


def test_a_german_workbook_has_german_headings(cast: Cast, room: Room) -> None:
    from openpyxl import load_workbook

    made = of_room(cast.anna, room)
    found = browser(cast.anna, "de").get(reverse("ventures:workbook", args=[made.uid]))
    book = load_workbook(io.BytesIO(found.content))
    assert {"Zahlen", "50 Ausgänge", "Aufteilungen", "Vorzeitiger Ausstieg"} <= set(book.sheetnames)
    assert [cell.value for cell in book["Unsichere Größen"][1]][3:6] == [
        "unterer Wert",
        "mittlerer Wert",
        "oberer Wert",
    ]


def test_what_the_workbook_counts_is_what_was_simulated(cast: Cast, room: Room) -> None:
    """The formulas are worked out here by hand, from the cells they name."""
    from openpyxl import load_workbook

    made = of_room(cast.anna, room)
    found = browser(cast.anna).get(reverse("ventures:workbook", args=[made.uid]))
    figures = load_workbook(io.BytesIO(found.content))["Figures"]
    means = [figures["B2"].value, figures["B3"].value]
    carried = [figures["H2"].value, figures["H3"].value]
    page = browser(cast.anna).get(reverse("ventures:venture", args=[made.uid])).content.decode()
    for part, whole in ((means[0], sum(means)), (carried[0], sum(carried))):
        share = round(100 * part / whole)
        assert any(f"{near}%" in page for near in (share - 1, share, share + 1)), share
