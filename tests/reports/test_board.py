"""The board paper: one page whatever the room is like, with what a board asks for."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfReader

from mutualist.reports import board_data, board_pdf
from mutualist.reports.board import short_names
from reports.conftest import DAY, crowd, material_of, pages, pumpenpuls, second_round

LONG = "Überlandzentralenverwaltungsgesellschaft für Fernwärme und Speicher mbH"
MARKUP = '#import "x" $a$ *b* @c 😀 العربية'


def test_first_round_in_german():
    data = board_data(material_of(pumpenpuls()))
    (page,) = pages(board_pdf(data))
    for words in (
        "Lieferbeziehung – Tauwerk Sensorik GmbH liefert an Nordwerk Pumpen AG.",
        "28. November 2026",
        "Regeln 2026.2",
        "Das ist in Ordnung. Nur heißt es dann auch so.",
        "0,49",
        "nötig 0,40; P3 nicht gegenseitig",
        "Überbrückung gegen langfristigen Umsatz",
        "Rechte an Ergebnissen",
        "Niemand trägt den Rest",
        "Wahre Partnerschaft",
        "Schnittstelle fertig",
        "Bis 28. Februar 2027: CTO, Tauwerk Sensorik GmbH",
        "Wir kündigen mit mindestens sechs Monaten Frist.",
        "68 von 100",
        "Unverbindlich",
        "Die Gewichte der Regeln sind Urteil",
    ):
        assert " ".join(words.split()) in page.replace("\u00a0", " "), words
    assert [row["label"] for row in data["scores"]["rows"]] == ["85", "47", "40", "10"]
    assert [row["label"] for row in data["ladder"]["rows"]] == [
        "47",
        "57",
        "63",
        "64",
        "66",
        "66",
        "74",
    ]


def test_second_round_in_english():
    (page,) = pages(board_pdf(board_data(second_round("en"))))
    for words in (
        "True partnership",
        "Result of round 2",
        "0.94",
        "No red point. The heaviest conflicts",
        "Nothing: this is a true partnership.",
        "We give at least six months' notice.",
        "19 of 100",
        "Not binding",
    ):
        assert words in page, words


@pytest.mark.parametrize(
    ("count", "name", "text"),
    [(2, LONG, LONG + " "), (8, LONG, LONG + " "), (4, "W" * 110, "W" * 50), (3, MARKUP, MARKUP)],
)
def test_it_is_one_page_however_much_there_is_to_say(count, name, text):
    material = material_of(crowd(count, name, text) | {}, "de")
    data = board_data(material)
    assert len(pages(board_pdf(data))) == 1
    assert len(pages(board_pdf(data | {"room": LONG * 3, "headline": LONG * 4}))) == 1


def test_text_that_fits_nowhere_is_scaled_not_lost(lang):
    data = board_data(material_of(pumpenpuls(), lang))
    data["gates"]["rows"] = [row | {"needed": "word " * 400} for row in data["gates"]["rows"]]
    (page,) = pages(board_pdf(data))
    assert page.count("word") == 1200


def test_it_is_tagged_and_says_its_language(lang):
    reader = PdfReader(io.BytesIO(board_pdf(board_data(material_of(pumpenpuls(), lang)))))
    root = reader.trailer["/Root"]
    assert root["/Lang"] == lang
    assert root["/MarkInfo"]["/Marked"]
    assert root["/StructTreeRoot"]
    assert reader.metadata.title.startswith("PumpenPuls:")
    assert reader.metadata.creation_date.date() == DAY
    assert alternative_texts(root["/StructTreeRoot"])


def alternative_texts(node) -> list[str]:
    """Return the alternative texts in a structure tree."""
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        return [text for child in node for text in alternative_texts(child)]
    if not isinstance(node, dict):
        return []
    own = [str(node["/Alt"])] if "/Alt" in node else []
    return own + (alternative_texts(node["/K"]) if "/K" in node else [])


def test_a_self_check_says_so(lang):
    (page,) = pages(board_pdf(board_data(material_of(pumpenpuls(), lang, self_check=True))))
    said = {"de": "Selbsttest einer Seite", "en": "Self-check of one side"}[lang]
    assert said in page


def test_a_step_needs_a_person_and_the_earliest_counts(lang):
    data = pumpenpuls()
    data["answers"]["B"]["6.1"] = [
        {"what": "Kick-off", "due_months": 1, "who": " Das Team "},
        {"what": "Pilot", "due_months": 4, "who": "Frau Kurz"},
    ]
    found = board_data(material_of(data, lang))["next"]
    assert found["what"] == "Pilot"
    assert "Frau Kurz" in found["who"]
    data["answers"]["A"]["6.1"] = data["answers"]["B"]["6.1"] = "dont_know"
    assert board_data(material_of(data, lang))["next"]["what"] == ""


def test_an_open_gate_and_a_missed_threshold_are_shown_as_such():
    data = pumpenpuls()
    data["answers"]["A"]["3.2"] = "dont_know"
    rows = {row["name"]: row for row in board_data(material_of(data, "en"))["gates"]["rows"]}
    assert rows["Joint investment"]["state"] == "open"
    assert rows["Joint investment"]["value"] == "–"


def test_short_names_are_told_apart():
    names = short_names({"A": "x" * 50 + "a", "B": "x" * 50 + "b", "C": "Tauwerk"})
    assert names["A"] != names["B"]
    assert names["C"] == "Tauwerk"
