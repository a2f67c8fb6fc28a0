"""`mutualist programme lint` and `... score` as people and programs call them."""

from __future__ import annotations

import json

import jsonschema
import pytest
import yaml

from domain.programme.rules.building import mapping
from mutualist.domain.programme.presets import presets
from mutualist.library.programme_files import read_rule_file
from mutualist.library.schemas import programme_schema, score_schema
from mutualist.library.yamlfile import load

AS_OF = ("--as-of", "2026-03-31")
PARTNERS = "id;name;staff;country\ntauwerk;Tauwerk;12;DE\ngrauwerk;Grauwerk;3;AT\n"
SALES = (
    "partner;day;amount;customer\ntauwerk;01.01.2026;1.000,00;Müller\ngrauwerk;2026-02-01;500;k\n"
)
EXAMS = "partner;passed;person;name\n" + "".join(
    f"tauwerk;2026-01-01;{person};B2\n" for person in ("p", "q", "r")
)


@pytest.fixture
def rules(tmp_path):
    def write(name="rules.yaml", **changes):
        path = tmp_path / name
        path.write_text(yaml.safe_dump(mapping(**changes), allow_unicode=True), encoding="utf-8")
        return path

    return write


@pytest.fixture
def folder(tmp_path):
    home = tmp_path / "facts"
    home.mkdir()
    (home / "partners.csv").write_text(PARTNERS, encoding="utf-8")
    (home / "sales.csv").write_bytes(SALES.encode("cp1252"))
    (home / "exams.csv").write_text(EXAMS.replace(";", ","), encoding="utf-8-sig")
    return home


def score(call, rules, facts, *more, **changes):
    return call("programme", "score", "--rules", rules(**changes), "--facts", facts, *AS_OF, *more)


def test_a_folder_of_csv_files_as_json(call, rules, folder):
    done = score(call, rules, folder, "--json")
    assert done.code == 0, done.err
    found = json.loads(done.out)
    jsonschema.validate(found, score_schema())
    assert (found["schema"], found["rules"], found["as_of"]) == (
        "score/1",
        {"id": "small", "version": "1"},
        "2026-03-31",
    )
    first, second = found["partners"]
    assert {name: first[name] for name in ("id", "level", "qualified", "total")} == {
        "id": "tauwerk",
        "level": "gold",
        "qualified": True,
        "total": 90,
    }
    assert first["metrics"]["skill"] == {
        "value": 3,
        "value_exact": "3",
        "threshold": 4,
        "points": 30,
        "points_exact": "30",
        "max": 40,
        "applies": True,
        "reason": "partial",
        "missing": [],
    }
    assert (second["level"], second["total"]) == ("member", 30)
    assert {one["kind"] for one in first["reasons"]} == {"score", "metric", "level", "requirement"}
    assert "evidence" not in first["reasons"][0]


def test_every_reason_with_its_facts(call, rules, folder):
    done = score(call, rules, folder, "--explain", "--json", "--partner", "tauwerk")
    found = json.loads(done.out)
    jsonschema.validate(found, score_schema())
    (partner,) = found["partners"]
    by_key = {one["key"]: one for one in partner["reasons"] if one["kind"] == "measure"}
    assert by_key["people"]["evidence"] == ["exams-2", "exams-3", "exams-4"]
    german = score(call, rules, folder, "--explain", "--json", "--lang", "de")
    jsonschema.validate(json.loads(german.out), score_schema())
    assert json.loads(german.out)["partners"][0]["reasons"][0]["text"] == "90 Punkte, Stufe Gold."


def test_a_table_to_read(call, rules, folder):
    done = score(call, rules, folder)
    assert done.code == 0
    assert done.out.splitlines() == [
        "Partner   Level   Points  Open for the next level",
        "Tauwerk   Gold    90",
        (
            "Grauwerk  Member  30      70 points: 30 of 70, 40 to go; "
            "more than zero points in every metric: without points are Skill"
        ),
    ]
    assert "--explain" in done.err
    german = score(call, rules, folder, "--lang", "de").out
    assert "Offen für die nächste Stufe" in german
    assert "70 Punkte: 30 von 70, noch 40" in german


def test_reasons_to_read(call, rules, folder):
    out = score(call, rules, folder, "--explain").out
    assert "Tauwerk: 90 points, level Gold." in out
    assert "  Revenue: 1000 EUR, full 60 points." in out
    assert "    People: 3. [exams-2, exams-3, exams-4]" in out
    assert "    ✓ 70 points: met with 90." in out
    assert "  ✗ Gold: 2 of 2 requirements open." in out


def test_of_many_facts_the_first_few_are_named(call, rules, folder):
    more = "".join(f"tauwerk;2026-01-01;1;k{number}\n" for number in range(10))
    (folder / "sales.csv").write_text(SALES + more, encoding="utf-8")
    out = score(call, rules, folder, "--explain").out
    assert "Sales: 1010. [sales-2, sales-4, sales-5, sales-6, sales-7, sales-8, … +5]" in out


def document():
    return {
        "partners": [
            {"id": "tauwerk", "facts": {"sales": [{"day": "2026-01-01", "amount": 1.234}]}},
            {"id": "grauwerk"},
        ],
        "facts": {"sales": [{"partner": "grauwerk", "day": "2026-01-01", "amount": "7,50"}]},
    }


def test_one_json_file(call, rules, tmp_path):
    told = document()
    told["partners"][0]["facts"]["sales"][0]["amount"] = 1.25
    path = tmp_path / "facts.json"
    path.write_text(json.dumps(told), encoding="utf-8")
    done = score(call, rules, path, "--json")
    found = [one["measures"]["sold"] for one in json.loads(done.out)["partners"]]
    assert found == [1.25, 7.5]
    piped = call(
        "programme", "score", "--rules", rules(), "--facts", "-", *AS_OF, "--json", stdin=json.dumps(told)
    )  # fmt: skip
    assert piped.out == done.out


def test_numbers_of_json_are_taken_as_written(call, rules, tmp_path):
    path = tmp_path / "facts.json"
    path.write_text(json.dumps(document()), encoding="utf-8")
    done = score(call, rules, path)
    assert done.code == 1
    assert "facts.json: sales, row 1, amount: 1.234 has too many decimals; at most 2" in done.err


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "This is not valid JSON"),
        ("[]", 'The file needs a list of partners: {"partners": [{"id": ...}]}.'),
        ('{"partners": {}}', "The file needs a list of partners"),
        (
            '{"partners": [1]}',
            'partners[1]: a list of rows belongs here, each as {"column": value}.',
        ),
        ('{"partners": [{"id": "a", "facts": []}]}', "no partner"),
        ('{"partners": [{"id": "a", "facts": {"sales": {}}}]}', "partners[1].facts.sales: a list"),
        ('{"partners": [], "facts": [1]}', "facts: a list of rows"),
        ('{"partners": []}', "There is no partner in it"),
        ("[" * 100 + "]" * 100, "nested too deeply"),
    ],
)
def test_json_that_holds_no_facts(call, rules, tmp_path, content, said):
    path = tmp_path / "facts.json"
    path.write_text(content, encoding="utf-8")
    done = score(call, rules, path)
    if said == "no partner":
        assert done.code == 0
        return
    assert (done.code, done.out) == (1, "")
    assert said in done.err
    german = score(call, rules, path, "--lang", "de")
    assert german.err != done.err


def test_every_mistake_in_the_facts_is_named(call, rules, folder):
    (folder / "sales.csv").write_text(
        "partner,day,amount,colour\ntauwrk,2026-01-01,5,red\ntauwerk,soon,5,red\n", encoding="utf-8"
    )
    done = score(call, rules, folder)
    assert (done.code, done.out) == (1, "")
    for said in (
        "sales, colour: The rules know no column colour here.",
        "sales, row 2, partner: There is no partner tauwrk; similar is tauwerk.",
        "sales, row 3, day: soon is no day.",
    ):
        assert said in done.err
    assert "Zeile 3, day: soon ist kein Tag" in score(call, rules, folder, "--lang", "de").err


def test_what_follows_from_rows_is_said_and_the_rest_is_computed(call, rules, folder):
    (folder / "exams.csv").unlink()
    (folder / "sales.csv").write_text(SALES + "tauwerk;2026-12-01;1;k\n", encoding="utf-8")
    done = score(call, rules, folder)
    assert done.code == 0
    assert "row 4, day: 2026-12-01 lies after the day 2026-03-31" in done.err
    assert "exams: There is no row of this table; without data stay: skill." in done.err


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("partners.csv", None, "The folder has no partners.csv"),
        ("sales.csv", b"partner,day,day\n", "names a column twice: day"),
        ("sales.csv", b'partner,day\n"a,b\n', "check the quotes in line"),
        ("sales.csv", b"partner\x00", "no CSV file"),
        ("lotto.csv", b"partner,day\n", "The rules know no table lotto"),
        ("partners.csv", b"", "There is no partner in it"),
    ],
)
def test_folders_that_cannot_be_read(call, rules, folder, name, content, said):
    (folder / "exams.csv").unlink()
    (folder / "sales.csv").unlink()
    if content is None:
        (folder / name).unlink()
    else:
        (folder / name).write_bytes(content)
    done = score(call, rules, folder)
    assert (done.code, done.out) == (1, "")
    assert said in done.err


def test_a_file_that_is_too_large(call, rules, folder, monkeypatch):
    monkeypatch.setattr("mutualist.library.programme_files.MAX_TABLE", 10)
    assert "larger than" in score(call, rules, folder).err


def test_options_that_make_no_sense(call, rules, folder):
    assert (
        score(call, rules, folder, "--partner", "nordwerk")
        .err.strip()
        .endswith("There is no partner nordwerk in the facts.")
    )
    wrong = call("programme", "score", "--rules", rules(), "--facts", folder, "--as-of", "today")
    assert (wrong.code, wrong.out) == (2, "")
    assert "--as-of today: write a day as 2026-11-22." in wrong.err
    unknown = call("programme", "score", "--rules", "preset:lotto", "--facts", folder)
    assert unknown.code == 1
    assert "Possible are:" in unknown.err
    missing = call("programme", "score", "--rules", rules(), "--facts", folder / "none.json")
    assert (missing.code, missing.out) == (1, "")
    assert "none.json: There is no such file or folder." in missing.err
    table = call("programme", "score", "--rules", rules(), "--facts", folder / "sales.csv")
    assert (table.code, table.out) == (1, "")
    assert "sales.csv: Facts are a JSON file, or a folder with partners.csv" in table.err
    swapped = call("programme", "score", "--rules", folder / "partners.csv", "--facts", folder)
    assert (swapped.code, swapped.out) == (1, "")
    assert "This is no rule file; it begins with the line: schema: programme/1." in swapped.err


def test_without_a_day_it_is_today(call, rules, folder):
    done = call("programme", "score", "--rules", rules(), "--facts", folder, "--json")
    assert json.loads(done.out)["as_of"] >= "2026-01-01"


def test_rules_that_are_not_in_force_are_said(call, rules, folder):
    before = score(call, rules, folder, effective={"from": "2026-04-01"})
    assert before.code == 0
    assert "not in force on 2026-03-31 (from 2026-04-01, until …)" in before.err
    after = score(call, rules, folder, effective={"from": "2026-01-01", "until": "2026-03-30"})
    assert "until 2026-03-30" in after.err
    assert "not in force" not in score(call, rules, folder).err


def test_a_result_goes_to_a_file(call, rules, folder, tmp_path):
    out = tmp_path / "scores.json"
    assert score(call, rules, folder, "--json", "-o", out).code == 0
    assert json.loads(out.read_text("utf-8"))["schema"] == "score/1"
    assert score(call, rules, folder, "--json", "-o", out).code == 1
    assert score(call, rules, folder, "--json", "-o", out, "--force").code == 0


def test_presets_by_name_and_by_version():
    assert read_rule_file("preset:odoo").version == "2023-05"
    assert read_rule_file("preset:odoo-2018-01").version == "2018-01"


def test_rules_as_json(call, tmp_path):
    path = tmp_path / "rules.json"
    path.write_text(json.dumps(mapping()), encoding="utf-8")
    assert call("programme", "lint", path).code == 0


def test_lint_of_good_rules(call, rules):
    done = call("programme", "lint", rules())
    assert done.code == 0
    assert "rules.yaml: facts.links: links is not used anywhere." in done.out
    assert "the rules can be used" in done.err
    assert json.loads(call("programme", "lint", rules(), "--json").out)["ok"] is True


def test_lint_names_every_mistake(call, rules):
    bad = rules(metrics__skill__value="poeple", measures__sold__during="lately")
    done = call("programme", "lint", bad)
    assert done.code == 1
    assert "metrics.skill.value: There is no name 'poeple' here. Do you mean 'people'?" in done.out
    assert "measures.sold.during: There is no such period: lately." in done.out
    assert "Mistakes: 2." in done.err
    german = call("programme", "lint", bad, "--lang", "de").out
    assert "Meinen Sie „people“?" in german
    entries = json.loads(call("programme", "lint", bad, "--json").out)
    assert (entries["ok"], len(entries["problems"])) == (False, 2)
    assert {one["code"] for one in entries["problems"]} == {"formula", "not_window"}


def test_lint_of_levels_nobody_reaches_and_of_circles(call, rules):
    done = call("programme", "lint", rules(cap=60))
    assert done.code == 1
    assert "Nobody can reach the level gold: total >= 70." in done.out
    circle = call("programme", "lint", rules(metrics__skill__value="skill + 1"))
    assert circle.code == 1
    assert "This goes round in a circle" in circle.out


def test_lint_of_versions(call, rules):
    old = rules("old.yaml", version="0", effective={"from": "2025-01-01"})
    new = rules("new.yaml")
    done = call("programme", "lint", old, new)
    assert done.code == 1
    assert "The versions 0 and 1 are both in force on 2026-01-01." in done.out
    ended = rules("old.yaml", version="0", effective={"from": "2025-01-01", "until": "2025-12-31"})
    assert call("programme", "lint", ended, new).code == 0


def test_lint_of_what_is_no_yaml(call, tmp_path):
    path = tmp_path / "rules.yaml"
    path.write_text("a: [", encoding="utf-8")
    done = call("programme", "lint", path)
    assert done.code == 1
    assert f"{path}: Line 2, column 1 is not valid YAML" in done.out
    assert call("programme", "lint", tmp_path / "none.yaml").code == 1


def test_the_schema_of_rules_accepts_what_can_be_read(call):
    printed = json.loads(call("schema", "programme").out)
    assert printed == programme_schema()
    jsonschema.Draft202012Validator.check_schema(printed)
    checker = jsonschema.Draft202012Validator(printed)
    for preset in presets():
        assert [one.message for one in checker.iter_errors(load(preset.text))] == [], preset.name
    checker.validate(mapping())
    for wrong in (
        mapping(levles=[]),
        mapping(levels=[]),
        mapping(metrics__skill__value=None),
        mapping(id="A b"),
    ):
        assert list(checker.iter_errors(wrong))


def test_the_schema_of_scores_is_printed(call):
    assert json.loads(call("schema", "score").out) == score_schema()
