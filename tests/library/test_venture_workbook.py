"""Ventures as workbooks: every template goes there and back, and what is wrong is told with its cell."""

from __future__ import annotations

import dataclasses
import io
import json

import openpyxl
import pytest

import mutualist as mu
from mutualist.library.errors import FileError, WorkbookError
from mutualist.library.venture_files import dump_venture
from mutualist.library.venture_workbook import layout, read_venture_workbook, venture_workbook
from mutualist.library.workbook import annotated_copy

EVERYTHING = {
    "schema": "venture/1",
    "name": "=1+1",
    "currency": "CHF",
    "periods": {"unit": "month", "count": 24, "start": "2027-03"},
    "parties": {
        "A": {"name": "Nordwerk", "discount": 0.08, "size": 3, "revenue": 5000, "risk_tolerance": 100,
              "best_alternative": -20, "pain_limit": 40,
              "business": {"mean": 10, "sd": 2, "correlation": {"x": 0.3, "y": -0.25}}},
        "B": {"name": "Tauwerk", "discount": 0.1},
    },
    "pools": {"J": {}},
    "drivers": {
        "x": {"unit": "pieces", "low": 1, "likely": 2, "high": 3, "profile": ["p", "q"], "at_least": 0.5, "at_most": 9},
        "y": {"unit": "money", "mean": 5, "sd": 1, "family": "normal"},
        "z": {"min": 1, "mode": 2, "max": 4, "each": "period", "persistence": 0.5},
        "w": 7,
    },
    "events": {"e": {"probability": "30 %", "from": 2, "to": 5, "delay": 2, "lines": ["sales", "cost"]}},
    "tables": {"t": {"columns": {"c": "share", "d": "share"},
                     "rows": [{"name": "good", "probability": 0.25, "c": 1.5, "d": 2},
                              {"name": "bad", "probability": 0.75, "c": 0.5, "d": 1}]}},
    "profiles": {"p": {"kind": "ramp", "from": 0, "to": 1, "periods": 4}, "q": {"kind": "seasons", "factors": [1, 2.5]},
                 "g": {"kind": "growth", "rate": 0.03}},
    "correlations": [{"between": ["x", "y"], "rank": 0.4}],
    "lines": {"sales": {"party": "J", "amount": "x * 5 [money/piece] * c", "from": 2, "to": 20},
              "cost": {"party": "B", "kind": "cost", "amount": "-(-3 [money]) * 2", "at": [1, 3]},
              "margin": "sales - cost"},
    "terms": {"s": {"type": "share", "from": "J", "to": "B", "of": "sales", "over": "year", "minimum": 3,
                    "tiers": [{"up_to": 100, "share": 0.12}, {"share": 0.08}]},
              "u": {"type": "per_unit", "from": "A", "to": "B", "of": "x", "tiers": [{"up_to": 5, "price": 3}, {"price": 2.5}]},
              "h": {"type": "hourly", "from": "A", "to": "B", "rate": 90, "hours": "4 [hours]", "while": "x > 1 [pieces]"},
              "m": {"type": "milestone", "from": "A", "to": "B", "amount": 8, "when": "total(sales) > 9 [money]"},
              "f": {"type": "fixed", "from": "A", "to": "B", "amount": "y * 0.1", "cap": 3, "first": 2, "last": 4},
              "q": {"type": "equity", "pool": "J", "stakes": {"A": "60 %", "B": 0.4}}},
    "options": {"o": {"type": "stop", "party": "A", "from": 3, "cost": "y", "ends": ["u"], "starts": ["cost"],
                      "when": "x < 1 [pieces]", "notice": 2},
                "b": {"type": "buy_out", "party": "A", "to": "B", "from": 4, "cost": 5}},
    "contributions": [{"party": "A", "what": "brand", "lines": ["sales"], "buy": 9, "delay": 2},
                      {"party": "B", "what": "plant", "irreplaceable": True}],
}  # fmt: skip


def same(first, second):
    for field in dataclasses.fields(first):
        if field.name != "source":
            assert getattr(first, field.name) == getattr(second, field.name), field.name


def changed(raw, key, change):
    """Let a person change the first line of a column, found by its hidden key."""
    book = openpyxl.load_workbook(io.BytesIO(raw))
    for sheet in book.worksheets:
        for cell in sheet[layout.KEY_ROW]:
            if cell.value == key:
                sheet.cell(layout.HEADER_ROW + 1, cell.column).value = change
                file = io.BytesIO()
                book.save(file)
                return file.getvalue(), f"{sheet.title}!{cell.column_letter}3"
    raise AssertionError(key)


def problems(raw):
    with pytest.raises(WorkbookError) as caught:
        read_venture_workbook(raw)
    return caught.value.problems


@pytest.mark.parametrize("lang", ["de", "en"])
@pytest.mark.parametrize("name", [*mu.venture_templates()])
def test_every_template_goes_to_a_workbook_and_back(name, lang):
    venture = mu.Venture.from_template(name)
    same(read_venture_workbook(venture_workbook(venture.to_dict(), lang)), venture.description)


@pytest.mark.parametrize("lang", ["de", "en"])
def test_every_key_of_the_file_has_its_cell(lang):
    venture = mu.Venture.from_dict(EVERYTHING)
    same(read_venture_workbook(venture_workbook(EVERYTHING, lang)), venture.description)


def test_the_workbook_has_a_column_for_every_key_of_the_schema():
    schema = mu.venture_schema()["properties"]
    for section in layout.SECTIONS:
        if section.form == "named" and section.key != "pools":
            entry = schema[section.key]["additionalProperties"]
            entry = entry.get("anyOf", [entry])[-1]
            keys = {column.key.partition(".")[0] for column in section.columns} - {layout.ID}
            assert keys == set(entry["properties"]), section.key
        if section.form == "listed":
            keys = {column.key.partition(".")[0] for column in section.columns}
            assert keys == set(schema[section.key]["items"]["properties"]), section.key


def test_files_are_written_and_read_by_their_ending(tmp_path):
    venture = mu.Venture.from_dict(EVERYTHING)
    for ending in ("yaml", "json", "xlsx"):
        target = tmp_path / f"venture.{ending}"
        venture.write(target, "de")
        same(mu.Venture.from_file(target).description, venture.description)
    assert json.loads(dump_venture(EVERYTHING, ".json")) == EVERYTHING


def test_open_files_are_known_by_their_first_bytes(tmp_path):
    venture = mu.Venture.from_template("licence")
    for ending in ("yaml", "json", "xlsx"):
        raw = dump_venture(venture.to_dict(), f".{ending}")
        same(mu.Venture.from_file(io.BytesIO(raw)).description, venture.description)
    (tmp_path / "venture.odt").write_bytes(b"x")
    with pytest.raises(FileError, match=r"ending '\.odt' is unknown"):
        mu.Venture.from_file(tmp_path / "venture.odt")


def test_numbers_and_formulas_as_people_write_them():
    raw = venture_workbook(mu.Venture.from_template("licence").to_dict(), "de")
    raw, _cell = changed(raw, "drivers.low", "600,5")
    raw, _cell = changed(raw, "parties.discount", "7,5 %")
    raw, _cell = changed(raw, "lines.amount", "= units * price")
    found = read_venture_workbook(changed(raw, "drivers.high", "1.500")[0])
    assert found.drivers["units"].points[::2] == (600.5, 1500)
    assert found.parties["A"].discount == 0.075
    assert found.lines["sales"].amount == "units * price"


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("drivers.low", "many", "'many' is no number"),
        ("drivers.low", True, "True is no number"),
        ("events.probability", "often", "'often' is no share"),
        ("events.probability", 1.3, "There is no likelihood of 130 %"),
        ("terms.share", "40", "A share of 4000 % is more than everything"),
        ("lines.amount", "plants + fee", "can't be added or compared"),
        ("lines.party", "Z", "There is no party Z"),
        ("periods.count", None, ""),
        ("parties.id", "A b", "The name A b does not work"),
        ("contributions.irreplaceable", "maybe", "'maybe' is no tick"),
        ("drivers.id", None, "The short name of this line is missing"),
        ("parties.business.correlation", "plants", "Write name 0.3"),
        ("parties.name", "x" * 3000, "more than 2000 characters"),
    ],
)
def test_what_is_wrong_is_told_with_its_cell(key, value, said):
    source = {**mu.Venture.from_template("revenue_share").to_dict()}
    source["events"] = {"late": {"probability": 0.2, "delay": 1, "lines": [*source["lines"]][:1]}}
    raw = venture_workbook(source, "en")
    key = f"frame.{key}" if key.startswith("periods") else key
    raw, cell = changed(raw, key, value)
    found = problems(raw)
    lines = [one.line("en") for one in found]
    if said:
        assert any(said in line and cell.split("!")[0] in line for line in lines), lines
    if value is not None and key != "parties.id":
        assert any(line.startswith(f"{cell}: ") for line in lines), lines
    assert all(one.message("de") != one.message("en") for one in found)
    # The copy can be opened and says so there.
    copy = openpyxl.load_workbook(io.BytesIO(annotated_copy(raw, found, "en")))
    assert any(c.comment for sheet in copy.worksheets for row in sheet.iter_rows() for c in row)


def test_names_twice_and_foreign_workbooks_are_refused():
    source = mu.Venture.from_template("licence").to_dict()
    book = openpyxl.load_workbook(io.BytesIO(venture_workbook(source, "en")))
    sheet = next(one for one in book.worksheets if one.cell(1, 1).value == "parties.id")
    sheet["A4"].value = sheet["A3"].value
    file = io.BytesIO()
    book.save(file)
    assert "stands twice" in problems(file.getvalue())[0].en
    other = io.BytesIO()
    openpyxl.Workbook().save(other)
    with pytest.raises(FileError, match="no workbook of a venture"):
        read_venture_workbook(other.getvalue())
    with pytest.raises(FileError, match="no Excel workbook"):
        read_venture_workbook(b"not a zip")


def test_text_that_a_spreadsheet_would_run_stays_text():
    book = openpyxl.load_workbook(io.BytesIO(venture_workbook(EVERYTHING, "en")))
    assert all(
        c.data_type != "f" for sheet in book.worksheets for row in sheet.iter_rows() for c in row
    )
    frame = next(one for one in book.worksheets if one.cell(1, 1).value == "frame.name")
    assert frame["A3"].value == "'=1+1"
