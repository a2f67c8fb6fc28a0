"""The long report: complete, in both languages, and silent about what stays covered."""

from __future__ import annotations

import json
import re
from itertools import pairwise

import pytest

from mutualist.reports import Figure, board_data, board_pdf, report_data, report_pdf
from reports.conftest import crowd, material_of, pages, pumpenpuls, second_round

CANARY = 7_654_321
PRIVATE = {
    "4.5": {"plan": "other_partner", "yield": CANARY},
    "5.4": {"worst": CANARY, "limit": CANARY},
    "2.3": {"plan": "running", "what": ["rival_product"]},
    "6.3": {"decision": 7, "financed": 987},
}


def test_everything_is_in_it(lang):
    text = " ".join(pages(report_pdf(report_data(second_round(lang)))))
    expected = {
        "de": [
            "Drei Bedingungen einer wahren Partnerschaft",
            "Warum Partnerschaft 86?",
            "Zielkonflikte und Auswege",
            "Schwere 2 von 3",
            "Öffentlich: 2. Gemeinsam belegt: 1.",
            "Der Weg zwischen den Runden",
            "als Klauselentwurf",
            "sagen einander für zwölf Monate",
            "(geändert)",
            "Vorhaben zum Ersetzen (2.3)",
            "kein Sprachmodell",
            "Noch kein Test mit Menschen.",
            "7f3a 91c2",
            "Leiter Produktbereich Service",
            "bis zu einem Betrag (250.000",
        ],
        "en": [
            "Three conditions of a true partnership",
            "Goal conflicts and ways out",
            "severity 2 of 3",
            "Public: 2. Proven by all: 1.",
            "The path between the rounds",
            "as draft clauses",
            "(changed)",
            "no language model",
            "Fingerprints of the sealed sheets",
        ],
    }[lang]
    for words in expected:
        assert words in text.replace("\u00a0", " "), words


def test_first_round_has_rules_with_answers_and_what_undoes_them():
    data = report_data(material_of(pumpenpuls(), "en"))
    supplier = data["rules"]["groups"][0]
    assert supplier["title"] == "Supplier relationship: 85"
    first = supplier["rows"][0]
    assert (first["key"], first["points"]) == ("S1", "+30")
    assert first["answers"] == [
        {
            "item": "5.1",
            "party": "Tauwerk Sensorik GmbH",
            "answer": "Fixed price or hours · 100% · paid by Nordwerk Pumpen AG · E4",
        }
    ]
    steps = data["waterfall"]["rows"]
    assert [row["label"] for row in steps] == ["+30", "+15", "+10", "+15", "+15", "85"]
    assert all(row["from"] == before["to"] for before, row in pairwise(steps[:-1]))
    assert [row["severity"] for row in data["conflicts"]["rows"]][:3] == [3, 3, 3]
    assert data["pairs"]["rows"] == []
    assert data["path"]["changed"] == []


@pytest.mark.parametrize("round_", [1, 2])
def test_private_answers_are_in_no_paper(round_, lang):
    data = pumpenpuls(round_)
    for sheet in data["answers"].values():
        sheet.update(PRIVATE)
        sheet["6.4"] = {f"P{n}": "if" for n in range(1, 10)}
    material = material_of(data, lang)
    long, short = report_data(material), board_data(material)
    written = json.dumps([long, short], ensure_ascii=False)
    text = " ".join(pages(report_pdf(long)) + pages(board_pdf(short)))
    pledge = material.rules.label("pledge_answers", "if", lang)
    leave = material.rules.label("alternatives", "other_partner", lang)
    secrets = [r"7[.,]?654", r"(?<![\d.,])987(?!\d)", re.escape(pledge), re.escape(leave)]
    for secret in secrets:
        assert not re.search(secret, written), secret
        assert not re.search(secret, text.replace("\u00a0", " ")), secret


def test_markup_and_emoji_of_people_are_text(lang):
    data = pumpenpuls()
    data["answers"]["A"]["1.1"] = '#panic("no") $x^2$ *b* @label <x> 😀'
    data["frame"]["name"] = "*Room* #1 \\ [x]"
    text = " ".join(pages(report_pdf(report_data(material_of(data, lang)))))
    assert '#panic("no") $x^2$ *b* @label <x> □' in text
    assert "*Room* #1 \\ [x]" in text


@pytest.mark.parametrize("count", [3, 4, 8])
def test_more_parties_have_a_matrix_and_each_rule_once(count):
    data = report_data(material_of(crowd(count, "Firma", "Text "), "de"))
    assert len(data["pairs"]["rows"]) == count * (count - 1) // 2
    keys = [row["key"] for row in data["conflicts"]["rows"]]
    assert len(keys) == len(set(keys))
    assert all(len(row["texts"]) <= 13 for row in data["conflicts"]["rows"])
    text = pages(report_pdf(data))
    assert "Paar für Paar" in " ".join(text)


def test_nearly_nothing_answered_is_a_report_too(lang):
    data = {"ruleset": "2026.2", "frame": {}, "parties": {"A": "N", "B": "T"}, "answers": {}}
    material = material_of(data, lang)
    words = {"de": "Noch offen", "en": "Still open"}[lang]
    assert words in pages(board_pdf(board_data(material)))[0]
    assert words in pages(report_pdf(report_data(material)))[0]


def test_drawn_charts_carry_their_text():
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="20"><rect width="9" height="9"/></svg>'
    material = material_of(pumpenpuls(), figures=(Figure("Jahre im Plan", "2 und 5 Jahre", svg),))
    pdf = report_pdf(report_data(material))
    assert any("Jahre im Plan" in page for page in pages(pdf))


def test_logo_points_without_a_claim_stop_at_the_cap():
    data = pumpenpuls()
    for sheet in data["answers"].values():
        sheet.update({"4.6": {"public": [], "exists": []}, "3.2": "nothing", "6.1": []})
        sheet.update({"3.4": "both", "6.2": "both", "2.1": {"visibility": 100}})
        sheet["5.1"] = [{"source": "joint_share", "percent": 100, "payer": "customer"}]
    found = report_data(material_of(data, "en"))["waterfall"]
    assert found["title"] == "Why Logo only 45?"
    assert [row["label"] for row in found["rows"]][-2:] == ["−35", "45"]


class Line:
    """A question on a line, as the charts of the library have it."""

    label = "Years in the own plan"
    places = {"A": 0.2, "B": 0.5, "C": 0.51}
    texts = {"A": "2", "B": "5", "C": "5"}
    note = "gap 3"


def test_lines_and_wings_are_drawn_with_their_figures_as_text():
    material = material_of(pumpenpuls(), "en", lines=(Line(),))
    data = report_data(material)
    marks = data["lines"]["rows"][0]["marks"]
    assert [mark["text"] for mark in marks] == ["A", "B C"]
    assert "Years in the own plan: A: 2 · B: 5" in data["lines"]["alt"]
    assert [chart["rows"][0]["values"] for chart in data["points"]] == [[40, 55], [0, 45]]
    text = " ".join(pages(report_pdf(data)))
    assert "How far apart the answers are" in text
    assert "gap 3" in text


def test_a_chart_of_many_rows_goes_on_overleaf():
    material = material_of(pumpenpuls(), "en", lines=(Line(),) * 120)
    text = pages(report_pdf(report_data(material)))
    assert sum(page.count("gap 3") for page in text) == 120
