"""`mutualist route`, as people see it."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from mutualist.library.schemas import route_schema

FOLDER = Path(__file__).resolve().parents[2] / "examples" / "routing"
PARTNERS = """id,name,country,postal_code,abilities,languages,certificates,capacity
S,Stuttgart GmbH,DE,70173,iot|ai,de,iso:2027-03-31,5
H,Hamburg AG,DE,20095,iot,de,,5
B,Bregenz KG,AT,6900,iot,de,,5
"""
ENQUIRIES = """id,country,postal_code,abilities,language
E1,DE,88131,iot,de
E2,DE,20095,ai,de
E3,DE,10115,robots,de
"""


@pytest.fixture
def tables(tmp_path):
    def write(partners=PARTNERS, enquiries=ENQUIRIES):
        (tmp_path / "p.csv").write_text(partners, encoding="utf-8")
        (tmp_path / "e.csv").write_text(enquiries, encoding="utf-8")
        return ["--partners", str(tmp_path / "p.csv"), "--enquiries", str(tmp_path / "e.csv")]

    return write


def test_each_enquiry_has_its_partner_and_the_reason(call, tables):
    lines = call("route", *tables()).out.splitlines()
    assert lines[0].startswith("E1 → Bregenz KG: 79 of 100 points: nearness 42 (")
    assert "    H: 39.6 points behind Bregenz KG, above all: nearness" in lines
    assert any(line.startswith("E2 → Stuttgart GmbH") for line in lines)
    assert "E3 → –: Nobody can: ability missing (3)." in lines
    german = call("--lang", "de", "route", *tables()).out
    assert "Niemand kann: Fähigkeit fehlt (3)." in german
    assert "39,6 Punkte hinter Bregenz KG, vor allem: Nähe" in german


def test_as_json_with_fairness(call, tables):
    found = json.loads(call("route", *tables(), "--json").out)
    assert found["schema"] == "route/1"
    assert [one["partner"] for one in found["assignments"]] == ["B", "S", None]
    assert found["fairness"]["served"] == 2
    assert all(one["reason"] for one in found["assignments"])
    jsonschema.validate(found, route_schema())
    assert json.loads(call("schema", "route").out) == route_schema()


def test_the_trade_off_of_distance_and_load_is_told(call, tables):
    near = "\n".join(f"N{number},DE,70173,iot,de" for number in range(12))
    partners = PARTNERS.replace(",5\n", ",\n")
    more = tables(partners, f"id,country,postal_code,abilities,language\n{near}\n")
    curve = json.loads(call("route", *more, "--json").out)["trade_off"]
    assert [one["bound"] for one in curve] == [1.2, 1.5, 2.0, 3.0, 5.0]
    assert [one["spread"]["most"] for one in curve] == [4, 6, 8, 12, 12]
    far = [one["spread"]["far_km"] for one in curve]
    assert far == sorted(far, reverse=True)
    assert far[0] > far[-1]
    told = call("--lang", "de", "route", *more).out
    assert "  1,2-mal: höchstens 4 je Partner" in told


def test_the_example_runs(call):
    tables = ("--partners", FOLDER / "partners.csv", "--enquiries", FOLDER / "enquiries.csv")
    assert call("route", *tables).code == 0


@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        (
            {"enquiries": "id,country,postal_code\nE1,DE,88132\n"},
            "e.csv, Zeile 2, postal_code: Eine Postleitzahl 88132 gibt es in DE nicht. In der Nähe: 88131",
        ),
        (
            {"enquiries": "id,country,postal_code\nE1,FR,75001\n"},
            "Postleitzahlen von FR sind nicht bekannt",
        ),
        ({"partners": "id,capacity\nS,many\n"}, "p.csv, Zeile 2, capacity: many ist keine"),
        ({"partners": "id,certificates\nS,iso:31.3.27\n"}, "iso:31.3.27"),
        ({"partners": "id\nS\nS\n"}, "p.csv, Zeile 3, id: Die id S steht schon in Zeile 2."),
        ({"partners": "name\nS\n"}, "p.csv, Zeile 1, id: Die Spalte fehlt."),
        ({"partners": "id,colour\nS,red\n"}, "colour: Diese Spalte gibt es nicht."),
    ],
)
def test_mistakes_are_named_with_row_value_and_remedy(call, tables, change, wanted):
    done = call("--lang", "de", "route", *tables(**change))
    assert done.code == 1
    assert wanted in done.err


def test_partners_without_a_row_are_told_and_a_large_table_is_read(call, tables, monkeypatch):
    none = call("route", *tables(PARTNERS.splitlines()[0] + "\n"))
    assert (none.code, "There is no partner in it." in none.err) == (1, True)
    far = "".join(f"P{number},,AT,1010,,,,\n" for number in range(20))
    monkeypatch.setattr("mutualist.library.files.MAX_TEXT", 100)
    assert call("route", *tables(PARTNERS + far)).out.startswith("E1 → Bregenz KG")
    monkeypatch.setattr("mutualist.library.routing_tables.MAX_TABLE", 400)
    assert "larger than such a file can be" in call("route", *tables(PARTNERS + far)).err


@pytest.mark.parametrize("row", ['X,"Firma,DE,70173', "X," + "y" * 200_000 + ",DE,70173"])
def test_rows_that_no_table_has_are_told_with_their_line(call, tables, row):
    done = call("route", *tables(PARTNERS + row + "\n"))
    assert done.code == 1
    assert "The CSV file cannot be read: check the quotes in line 5." in done.err
