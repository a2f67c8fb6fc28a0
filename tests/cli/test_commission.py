"""`mutualist commission`, as people and programs see it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from openpyxl import Workbook

from mutualist.library.schemas import commission_schema, commission_statement_schema

FOLDER = Path(__file__).resolve().parents[2] / "examples" / "commissions"
RULES, INVOICES, LEVELS = (str(FOLDER / n) for n in ("rules.yaml", "invoices.csv", "levels.csv"))
EXAMPLE = ("--rules", RULES, "--invoices", INVOICES, "--levels", LEVELS, "--until", "2026-11-23")
HEAD = "number,day,amount,product,partner\n"


@pytest.fixture
def table(tmp_path):
    def write(content: str, name: str = "i.csv") -> str:
        file = tmp_path / name
        file.write_text(content, encoding="utf-8")
        return str(file)

    return write


def test_what_partners_earn_with_every_reason(call):
    said = call("commission", "statement", *EXAMPLE, "--explain").out
    assert "R-1001  2026-02-10  Tauwerk: 1,200.00 EUR\n    Licence, silver: 15 %." in said
    # The level of the day of the invoice, a mark, and a cap of each of three months.
    assert "Tauwerk: 2,000.00 EUR\n    Licence, gold: 20 %.\n    Growth: + 5 %" in said
    assert said.count("cut by 50.00 EUR") == 3
    assert "Signed: 800.00 EUR" in said
    assert (
        "Grauwerk: 2,500.00 EUR by 3 invoices; due by 2026-11-23: 300.00 EUR, later: 2,200.00 EUR."
        in said
    )
    german = call("--lang", "de", "commission", "statement", *EXAMPLE, "--explain").out
    assert "Unterschrieben: 800,00 EUR" in german
    assert "Tauwerk: 3.716,67 EUR durch 4 Rechnungen; fällig bis 2026-11-23: 3.716,67 EUR" in german


def test_as_a_document(call):
    found = json.loads(call("commission", "statement", *EXAMPLE, "--json").out)
    jsonschema.validate(found, commission_statement_schema())
    assert {
        (one["partner"], one["earned"], one["due"], one["later"]) for one in found["partners"]
    } == {
        ("Grauwerk", "2500.00", "300.00", "2200.00"),
        ("Tauwerk", "3716.67", "3716.67", "0.00"),
    }
    shared = [one for one in found["earnings"] if one["invoice"] == "R-1004"]
    assert [(one["base"], one["amount"]) for one in shared] == [
        ("333.33", "66.67"),
        ("666.66", "100.00"),
    ]
    for one in found["earnings"]:
        assert sum(_cents(part["amount"]) for part in one["parts"]) == _cents(one["amount"])


def _cents(text: str) -> int:
    return int(text.replace(".", ""))


def test_one_partner_and_a_workbook(call, tmp_path):
    book = Workbook()
    for line in Path(INVOICES).read_text("utf-8").splitlines():
        book.active.append(line.split(","))
    book.save(tmp_path / "won.xlsx")
    more = ["--rules", RULES, "--invoices", str(tmp_path / "won.xlsx"), "--levels", LEVELS]
    found = json.loads(call("commission", "statement", *more, "--partner", "Tauwerk", "--json").out)
    assert [one["earned"] for one in found["partners"]] == ["3716.67"]
    assert {one["partner"] for one in found["earnings"]} == {"Tauwerk"}
    nobody = call("commission", "statement", *more, "--partner", "Nobody")
    assert (nobody.code, "No invoice names the partner Nobody." in nobody.err) == (1, True)


def test_without_levels_all_partners_have_none(call, table):
    file = table(HEAD + "R-1,2026-03-01,100,licence,Tauwerk | Grauwerk\n")
    said = call("commission", "statement", "--rules", RULES, "--invoices", file).out
    assert "Tauwerk: 2.50 EUR" in said
    assert "Grauwerk: 2.50 EUR" in said


@pytest.mark.parametrize(
    ("row", "wanted"),
    [
        ("R-1,2026-13-01,100,licence,T", "row 2: “2026-13-01” is no day. Write it as"),
        ("R-1,2026-03-01,1.440,licence,T", "row 2: amount: "),
        ("R-1,2025-03-01,100,licence,T", "row 2: No commission rules are in force on 2025-03-01."),
        ("R-1,2026-03-01,100,consulting,T", "row 2: product: "),
        ("R-1,2026-03-01,100,licence,T 60 % | G", "row 2: Give each partner a share, or none"),
        ("R-1,2026-03-01,100,licence,T 60 % | G 30 %", "row 2: partners: "),
        ("R-1,2026-03-01,100,licence,T x/0 %", "row 2: "),
        ("R-1,2026-03-01,-5,licence,T", "row 2: amount: "),
        ("R-1,2026-03-01,,licence,T", "row 2: The column amount is empty."),
        (
            "R-1,2026-03-01,1,licence,T\nR-1,2026-03-02,1,licence,T",
            "row 3: The invoice R-1 stands in row 2",
        ),
    ],
)
def test_a_wrong_row_is_told_with_its_remedy(call, table, row, wanted):
    if "x/0" in row:
        row = row.replace("x/0", "1/0")
    file = table(HEAD + row + "\n")
    for lang in ("en", "de"):
        found = call(
            "--lang", lang, "commission", "statement", "--rules", RULES, "--invoices", file
        )
        assert (found.code, found.out) == (1, "")
        assert "Traceback" not in found.err
    english = call("commission", "statement", "--rules", RULES, "--invoices", file).err
    assert f"i.csv, {wanted}" in english


def test_levels_that_contradict_each_other(call, table):
    levels = table("partner,from,level\nT,2026-01-01,gold\nT,2026-01-01,silver\n,x,gold\n", "l.csv")
    more = ("--rules", RULES, "--invoices", INVOICES, "--levels", levels)
    said = call("commission", "statement", *more).err
    assert "l.csv, row 3: T has two levels from 2026-01-01 on." in said
    assert "l.csv, row 4: “x” is no day." in said
    missing = table("partner;since\n", "m.csv")
    more = (*more[:-1], missing)
    assert "lacks these columns: from, level" in call("commission", "statement", *more).err


def test_rules_are_checked_alone_and_together(call, table):
    assert call("commission", "lint", RULES).code == 0
    text = Path(RULES).read_text("utf-8")
    wrong = table(text.replace("rate: 50 %", "rate: 120 %"), "r.yaml")
    found = call("commission", "lint", wrong)
    assert (found.code, "r.yaml: products.hosting.rate: 120 %" in found.out) == (1, True)
    assert "Erlaubt ist 0 % bis 100 %" in call("--lang", "de", "commission", "lint", wrong).out
    later = table(
        text.replace("2026.1", "2026.2").replace("from: 2026-01-01", "from: 2026-07-01"), "s.yaml"
    )
    both = json.loads(call("commission", "lint", RULES, later, "--json").out)
    assert [one["code"] for one in both["problems"]] == ["versions_overlap"]


def test_versions_follow_each_other(call, table):
    text = Path(RULES).read_text("utf-8")
    first = table(
        text.replace("{from: 2026-01-01}", "{from: 2026-01-01, until: 2026-03-31}"), "a.yaml"
    )
    second = table(
        text.replace("2026.1", "2026.2")
        .replace("2026-01-01}", "2026-04-01}")
        .replace("none: 5 %", "none: 6 %"),
        "b.yaml",
    )
    file = table(HEAD + "R-1,2026-03-31,100,licence,T\nR-2,01.04.2026,100,licence,T\n")
    more = ("--rules", second, "--rules", first, "--invoices", file, "--json")
    found = json.loads(call("commission", "statement", *more).out)
    assert [(one["version"], one["amount"]) for one in found["earnings"]] == [
        ("2026.1", "5.00"),
        ("2026.2", "6.00"),
    ]


def _example() -> dict[str, Any]:
    found = yaml.safe_load(Path(RULES).read_text("utf-8"))
    found["effective"]["from"] = found["effective"]["from"].isoformat()
    return found


def test_a_file_that_cannot_be_read_is_one_mistake_among_others(call, tmp_path):
    given = ("commission", "lint", tmp_path / "none.yaml", RULES)
    assert "none.yaml: There is no such file." in call(*given).out
    found = json.loads(call(*given, "--json").out)
    assert [one["code"] for one in found["problems"]] == ["unreadable"]


def test_the_schema_takes_what_is_right_and_marks_what_is_wrong(call):
    schema = json.loads(call("schema", "commission").out)
    assert schema == commission_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(_example(), schema)
    for change in (
        lambda r: r.pop("products"),
        lambda r: r["products"]["hosting"].update(flat={"EUR": 5}),
        lambda r: r["products"]["hosting"].update(rates="5 %"),
        lambda r: r["products"]["project"]["earned"].update(spread={"parts": 2}),
        lambda r: r.update(schema="commission/2"),
    ):
        rules = _example()
        change(rules)
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(rules, schema)
