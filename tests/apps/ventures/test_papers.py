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
    assert [cell.value for cell in figures["A"]][1:] == [
        "Nordwerk Pumpen AG",
        "Tauwerk Sensorik GmbH",
        "sum",
    ]
    assert figures["B4"].value == "=SUM(B2:B3)"
    assert book["Dots"].max_row == 1 + 100
    assert {"drivers", "lines", "terms"} <= set(book.sheetnames)
