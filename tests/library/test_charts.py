"""Charts: the drawing and its table say the same, in both languages and on paper."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from mutualist.library.charts import (
    PAGE,
    PAPER,
    Abilities,
    Chart,
    Line,
    Portion,
    Step,
    bars_of_kinds,
    butterfly,
    dumbbells,
    heat_strip,
    ladder,
    number,
    waterfall,
)
from mutualist.library.charts.words import WORDS
from mutualist.reports.svg import UnresolvedColourError, svg

PARTIES = {"A": "Nordwerk Pumpen AG", "B": "Tauwerk Sensorik GmbH"}
THREE = {**PARTIES, "C": "Systemhaus Süd"}
GOALS = {"new_offer": "Neues gemeinsames Angebot", "bridge": "Lücke überbrücken", "learn": "Lernen"}
POINTS = {"A": {"new_offer": 40, "bridge": 60}, "B": {"new_offer": 100}}
CAPABILITIES = {"devices": "Geräte", "software": "Software"}
ABLE = {
    "A": Abilities({"devices": 4}, {"software": 3}, ["devices"]),
    "B": Abilities({"software": 4}, {}, []),
}
ROUND_1 = {"P": 47, "S": 85, "D": 10, "L": 40}
SUPPLIER = [
    Portion("S1", "bezahlt wie ein Lieferant", 30),
    Portion("S2", "Geld fließt nur in eine Richtung", 15),
    Portion("S3", "entscheidet allein", 10),
    Portion("S5", "sucht Preis", 15),
    Portion("S6", "am Erfolg nicht beteiligt", 15),
]
YEARS = Line("Jahre im Plan", {"A": 0.2, "B": 0.5}, {"A": "2", "B": "5"}, "Abstand 3")


def all_charts(lang: str, palette=PAPER) -> list[Chart]:
    start = Step("", 47, 85, 68, "Lieferbeziehung")
    return [
        bars_of_kinds(ROUND_1, "supplier", lang, palette),
        waterfall(SUPPLIER, 85, lang, palette),
        dumbbells([YEARS], PARTIES, lang, palette),
        butterfly(POINTS, GOALS, PARTIES, lang, palette, name="joint", title="1.2"),
        butterfly(POINTS, GOALS, THREE, lang, palette, name="own", title="2.1"),
        heat_strip(ABLE, CAPABILITIES, PARTIES, lang, palette),
        ladder(start, [Step("Ziel angleichen", 57, 85, 68, "Lieferbeziehung")], lang, palette),
    ]


def texts(drawing: str) -> str:
    return " ".join(ET.fromstring(drawing).itertext())


def cells(chart: Chart) -> set[str]:
    return {cell for row in chart.table.rows for cell in row}


@pytest.mark.parametrize("lang", ["de", "en"])
@pytest.mark.parametrize("index", range(7))
def test_every_chart_has_a_table_of_its_own_width(lang, index):
    chart = all_charts(lang)[index]
    assert chart.title
    assert chart.spec["description"] == chart.description
    assert chart.table.rows
    assert {len(row) for row in chart.table.rows} == {len(chart.table.columns)}


@pytest.mark.parametrize("index", range(7))
def test_every_chart_is_drawn_for_documents(index):
    chart = all_charts("de")[index]
    drawing = chart.svg(width=420)
    assert drawing.startswith("<svg")
    assert "NaN" not in drawing
    assert "undefined" not in drawing
    assert not re.search(r"https?://(?!www\.w3\.org)", drawing)


def test_a_specification_is_plain_json_and_deterministic():
    for first, second in zip(all_charts("de"), all_charts("de"), strict=True):
        assert json.dumps(first.spec) == json.dumps(second.spec)


def test_the_colours_of_a_page_are_names_and_never_reach_a_document():
    for paper, page in zip(all_charts("de"), all_charts("de", PAGE), strict=True):
        figures = re.findall(r'"#[0-9a-f]{6}"', json.dumps(page.spec))
        assert not figures, page.name
        assert "var(" not in json.dumps(paper.spec)
        with pytest.raises(UnresolvedColourError):
            svg(page.spec)


def test_both_palettes_have_the_same_structure():
    for paper, page in zip(all_charts("en"), all_charts("en", PAGE), strict=True):
        assert paper.table == page.table
        assert set(paper.spec) == set(page.spec)


def test_bars_name_the_points_and_where_each_kind_begins():
    chart = bars_of_kinds(ROUND_1, "supplier", "de")
    assert chart.table.rows[0] == ("Lieferbeziehung", "85", "50", "ja")
    assert ("Partnerschaft", "47", "60", "nein") in chart.table.rows
    assert [row[1] for row in chart.table.rows] == ["85", "47", "40", "10"]
    drawn = texts(chart.svg())
    for text in ("Lieferbeziehung", "85", "nötig 60"):
        assert text in drawn


def test_the_bar_of_the_result_comes_first_even_if_another_is_longer():
    chart = bars_of_kinds({"P": 76, "S": 30, "D": 70, "L": 0}, "distributor", "en")
    assert [row[0] for row in chart.table.rows][:2] == ["Distribution relationship", "Partnership"]


def test_still_open_fills_no_bar():
    chart = bars_of_kinds({"P": 50, "S": 0, "D": 0, "L": 45}, "still_open", "en")
    assert not any(row["shown"] for row in chart.spec["data"]["values"])


def test_a_waterfall_starts_each_bar_where_the_last_one_ended():
    rows = waterfall(SUPPLIER, 85, "de").spec["data"]["values"]
    assert [(r["from"], r["to"]) for r in rows] == [
        (0, 30), (30, 45), (45, 55), (55, 70), (70, 85), (0, 85),
    ]  # fmt: skip
    assert rows[-1]["text"] == "85"


def test_capped_logo_points_lead_back_to_the_score():
    parts = [
        Portion("L2", "nobody approved", 25),
        Portion("L3", "nothing to show", 20),
        Portion("L5", "no date", 20),
    ]
    rows = waterfall(parts, 45, "en").table.rows
    assert rows[-2] == ("", "Limited, because nothing is claimed in public", "−20", "45")
    assert rows[-1][3] == "45"


def test_measures_keep_a_decimal_in_the_way_of_the_language():
    parts = [Portion("J1", "Ziel", 9.876), Portion("J2", "Einsatz", 10)]
    assert waterfall(parts, 20, "de", of_measures=True).table.rows[0][2] == "+9,9"
    assert waterfall(parts, 20, "en", of_measures=True).table.rows[0][2] == "+9.9"


def test_a_dumbbell_shows_each_party_by_a_sign_of_its_own():
    chart = dumbbells([YEARS], PARTIES, "de")
    assert chart.table.rows == (("Jahre im Plan", "2", "5", "Abstand 3"),)
    shapes = chart.spec["layer"][1]["encoding"]["shape"]["scale"]["range"]
    assert len(set(shapes)) == 2
    assert "Abstand 3" in texts(chart.svg())


def test_an_unanswered_question_says_so_instead_of_drawing_a_place():
    line = replace(YEARS, places={"A": 0.2}, texts={"A": "2"}, note="")
    chart = dumbbells([line], PARTIES, "de")
    assert chart.table.rows[0][2] == "nicht beantwortet"
    assert len(chart.spec["layer"][1]["data"]["values"]) == 1


def test_equal_answers_stay_both_visible():
    line = Line("Ende", {"A": 0.5, "B": 0.5}, {"A": "offen", "B": "offen"}, "gleich")
    dots = dumbbells([line], PARTIES, "de").spec["layer"][1]["data"]["values"]
    assert dots[0]["size"] > dots[1]["size"]


@pytest.mark.parametrize(
    ("places", "sides"),
    [
        ((0.0, 0.5), ["left", "left"]),
        ((0.5, 1.0), ["right", "right"]),
        ((0.4, 0.6), ["right", "left"]),
        ((0.5, 0.5), ["center"]),
    ],
)
def test_words_stand_away_from_the_other_sign_and_never_outside(places, sides):
    line = Line(
        "Frage", dict(zip("AB", places, strict=True)), {"A": "viele Worte", "B": "andere Worte"}, ""
    )
    texts = dumbbells([line], PARTIES, "de").spec["layer"][2]["data"]["values"]
    assert [text["align"] for text in texts] == sides


def test_a_butterfly_leaves_out_goals_nobody_gave_points():
    chart = butterfly(POINTS, GOALS, PARTIES, "de", name="joint", title="1.2")
    assert chart.table.rows == (
        ("Neues gemeinsames Angebot", "40", "100"),
        ("Lücke überbrücken", "60", "0"),
    )


def test_wings_go_to_both_sides_and_three_parties_get_rows_with_names():
    two = butterfly(POINTS, GOALS, PARTIES, "de", name="j", title="t").spec["data"]["values"]
    assert {v["party"]: v["signed"] > 0 for v in two if v["points"]} == {
        PARTIES["A"]: False,
        PARTIES["B"]: True,
    }
    three = butterfly({**POINTS, "C": {"learn": 100}}, GOALS, THREE, "de", name="j", title="t")
    assert "100  Systemhaus Süd" in texts(three.svg())


def test_a_party_without_points_is_named_as_unanswered():
    chart = butterfly({"A": {"learn": 100}}, GOALS, PARTIES, "en", name="j", title="t")
    assert chart.table.rows == (("Lernen", "100", "not answered"),)


def test_the_heat_strip_says_in_words_what_is_brought_in():
    chart = heat_strip(ABLE, CAPABILITIES, PARTIES, "de")
    assert chart.table.columns[1] == "Nordwerk Pumpen AG kann"
    assert chart.table.rows[0][1] == "4, fest eingebracht"
    assert "4 ✓" in texts(chart.svg())


def test_the_ladder_lists_today_and_each_step():
    steps = [
        Step("Ziel angleichen", 57, 85, 68, "Lieferbeziehung"),
        Step("P3", 64, 25, 68, "möglich"),
    ]
    chart = ladder(Step("", 47, 85, 68, "Lieferbeziehung"), steps, "de")
    assert [row[0] for row in chart.table.rows] == ["heute", "1", "2"]
    assert [row[2] for row in chart.table.rows] == ["47", "57", "64"]
    drawn = texts(chart.svg())
    for figure in ("47", "57", "64", "heute"):
        assert figure in drawn


def test_a_party_name_with_quotes_breaks_nothing():
    odd = {"A": 'O\'Neill "Pumps" Ltd', "B": "Ü & Söhne <GmbH>"}
    for chart in (
        dumbbells([YEARS], odd, "en"),
        butterfly(POINTS, GOALS, odd, "en", name="j", title="t"),
        heat_strip(ABLE, CAPABILITIES, odd, "en"),
    ):
        assert chart.svg().startswith("<svg")


def test_both_languages_have_the_same_words():
    assert WORDS["de"].keys() == WORDS["en"].keys()
    gaps = {
        k: (re.findall(r"{\w+}", WORDS["de"][k]), re.findall(r"{\w+}", WORDS["en"][k]))
        for k in WORDS["de"]
    }
    assert all(de == en for de, en in gaps.values())


@pytest.mark.parametrize(
    ("value", "digits", "de", "en"),
    [
        (0.125, 2, "0,13", "0.13"),
        (4000, 0, "4.000", "4,000"),
        (-0.5, 1, "-0,5", "-0.5"),
        (2.5, 0, "3", "3"),
    ],
)
def test_numbers_are_written_half_up_and_as_people_do(value, digits, de, en):
    assert number(value, "de", digits) == de
    assert number(value, "en", digits) == en
