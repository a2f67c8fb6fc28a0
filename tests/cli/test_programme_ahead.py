"""`mutualist programme forecast`, `path`, `diff` and `what-if` as people and programs call them."""

from __future__ import annotations

import json

import jsonschema
import pytest
import yaml

from mutualist.library.schemas import diff_schema, forecast_schema, path_schema

RULES = {
    "schema": "programme/1",
    "id": "nordwerk",
    "version": "2026",
    "effective": {"from": "2026-01-01", "until": "2026-12-31"},
    "facts": {
        "exams": {
            "words": {"de": "Prüfungen", "en": "Exams"},
            "date": "issued",
            "until": "expires",
            "fields": {"person": "text", "name": "text"},
        }
    },
    "measures": {"people": {"from": "exams", "take": "count(distinct person)"}},
    "metrics": {
        "skill": {
            "words": {"de": "Können", "en": "Skill"},
            "value": "people",
            "points": "per_unit(value, 10, 40)",
        }
    },
    "levels": [
        {"id": "silver", "words": {"de": "Silber", "en": "Silver"}, "requires": ["total >= 20"]},
        {"id": "gold", "words": {"de": "Gold", "en": "Gold"}, "requires": ["total >= 40"]},
    ],
    "status": {"review": {"months": [7]}},
    "actions": {
        "exam": {
            "words": {"de": "eine Prüfung", "en": "an exam"},
            "adds": {"table": "exams", "row": {"person": "new", "name": "B"}},
            "cost": {"money": 100, "hours": 10},
            "at_most": 3,
            "days": 30,
        }
    },
}
EXAMS = (
    "partner;issued;expires;person;name\n"
    "tauwerk;2025-01-01;2026-05-09;Anna;B\n"
    "tauwerk;2025-01-01;;Ben;B\n"
    "grauwerk;2025-01-01;;Dora;B\n"
)
DAY = ("--as-of", "2026-03-31")


@pytest.fixture
def given(tmp_path):
    rules = tmp_path / "rules.yaml"
    rules.write_text(yaml.safe_dump(RULES, allow_unicode=True, sort_keys=False), encoding="utf-8")
    home = tmp_path / "facts"
    home.mkdir()
    partners = "id;name\ntauwerk;Tauwerk\ngrauwerk;Grauwerk\n"
    (home / "partners.csv").write_text(partners, encoding="utf-8")
    (home / "exams.csv").write_text(EXAMS, encoding="utf-8")
    return ("--rules", rules, "--facts", home)


@pytest.fixture
def ahead(call, given):
    def run(command, *more):
        return call("programme", command, *given, *more)

    return run


def document(done, schema):
    assert done.code == 0, done.err
    found = json.loads(done.out)
    jsonschema.validate(found, schema)
    return found


@pytest.mark.parametrize("language", ["de", "en"])
def test_a_forecast_names_the_day_and_the_cause(ahead, language):
    more = (*DAY, "--until", "2027-01-31", "--json", "--lang", language)
    found = document(ahead("forecast", *more), forecast_schema())
    first, second = found["partners"]
    (loss,) = first["losses"]
    assert (loss["level"], loss["day"], loss["then"]) == ("silver", "2026-05-10", None)
    said = {"de": "Abgelaufen (Prüfungen): Anna · B.", "en": "Run out (Exams): Anna · B."}
    assert loss["causes"] == [said[language]]
    assert [(one["day"], one["code"]) for one in first["held"]][1:] == [("2026-07-01", "fallen")]
    assert first["rules_known_until"] == "2027-01-01"
    assert second["losses"] == []


def test_a_forecast_for_people(ahead):
    more = (*DAY, "--until", "2027-01-31")
    german = ahead("forecast", *more, "--lang", "de").out
    assert "Silber geht am 10.05.2026 verloren." in german
    assert "Bis zum 31.01.2027 geht keine Stufe verloren." in german
    assert "01.07.2026  Bei der Prüfung war keine Stufe verdient: jetzt keine Stufe." in german
    assert "−10  Können" in german
    english = ahead("forecast", *more, "--partner", "tauwerk").out
    assert "Silver is lost on 2026-05-10." in english
    assert "Grauwerk" not in english


def test_who_leaves(ahead):
    more = (*DAY, "--until", "2026-12-31", "--leaver", "Ben=2026-04-15", "--json")
    found = document(ahead("forecast", *more), forecast_schema())
    (loss,) = found["partners"][0]["losses"]
    assert loss["day"] == "2026-04-15"
    assert loss["causes"] == ["Has left (Exams): Ben · B."]


def test_ways_up(ahead):
    found = document(ahead("path", *DAY, "--json", "--lang", "de"), path_schema())
    first, second = found["partners"]
    assert (first["target"], first["text"]) == ("gold", "2 × eine Prüfung (+20)")
    assert (second["target"], second["text"]) == ("silver", "eine Prüfung (+10)")
    (way,) = first["paths"]
    assert (way["actions"], way["money"], way["hours"]) == ({"exam": 2}, 200, 20)
    assert way["lasts"] is True
    assert first["proven"] is True


def test_ways_up_for_people(ahead):
    english = ahead("path", *DAY, "--to", "gold").out
    assert "1. 2 × an exam (+20): 200 EUR, 20 hours, 30 days" in english
    german = ahead("path", *DAY, "--to", "gold", "--lang", "de").out
    assert "1. 3 × eine Prüfung (+30): 300 EUR, 30 Stunden, 30 Tage" in german
    late = ahead("path", "--as-of", "2026-04-20").out
    assert "In 30 days, when this is done, something else will be missing." in late
    assert "Silver is reached already." in ahead("path", *DAY, "--to", "silver").out


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Gold cannot be reached. Open: points at least 40: 20 of 40, 20 to go."),
        ("de", "ist Gold nicht zu erreichen. Offen: Punkte mindestens 40: 20 von 40, noch 20."),
    ],
)
def test_no_way_up_says_what_stays_open(ahead, given, language, said):
    few = {**RULES, "actions": {"exam": {**RULES["actions"]["exam"], "at_most": 1}}}
    given[1].write_text(yaml.safe_dump(few, allow_unicode=True), encoding="utf-8")
    assert said in ahead("path", *DAY, "--to", "gold", "--lang", language).out


def test_why_a_score_changed(ahead):
    more = ("--from", "2026-03-31", "--as-of", "2026-06-30", "--json")
    found = document(ahead("diff", *more), diff_schema())
    first = found["partners"][0]
    assert (first["change_exact"], first["level"]) == ("-10", ["silver", None])
    (step,) = first["steps"]
    assert (step["day"], step["why"]) == ("2026-05-10", "time")
    assert [(one["code"], one["measure"]) for one in step["causes"]] == [("expired", "people")]
    text = ahead("diff", "--from", "2026-03-31", "--as-of", "2026-06-30", "--lang", "de").out
    assert "Grauwerk: 31.03.2026 – 30.06.2026: 10 → 10 (0)\n  Nichts hat sich geändert." in text


def test_what_was_known_before(ahead, given, tmp_path):
    before = tmp_path / "before"
    before.mkdir()
    (before / "partners.csv").write_text("id;name\ntauwerk;Tauwerk\n", encoding="utf-8")
    more = (
        "--from",
        "2026-03-31",
        *DAY,
        "--facts-before",
        before,
        "--partner",
        "tauwerk",
        "--json",
    )
    (first,) = document(ahead("diff", *more), diff_schema())["partners"]
    assert [one["why"] for one in first["steps"]] == ["facts"]
    assert first["by_metric"] == {"skill": "20"}


def test_what_if(ahead, tmp_path):
    more = tmp_path / "more"
    more.mkdir()
    (more / "partners.csv").write_text("id;name\ntauwerk;Tauwerk\n", encoding="utf-8")
    (more / "exams.csv").write_text(
        "id;partner;issued;person;name\nx1;tauwerk;2026-01-01;Clara;B\nx2;tauwerk;2026-01-01;Emil;B\n",
        encoding="utf-8",
    )
    found = document(ahead("what-if", *DAY, "--with", more, "--json"), diff_schema())
    assert found["partners"][0]["level"] == ["silver", "gold"]
    assert found["partners"][1]["steps"] == []
    gone = ahead("what-if", *DAY, "--leaver", "Ben=2026-04-01", "--until", "2026-04-30")
    assert "Has left (Exams): Ben · B." in gone.out


def test_what_if_other_rules_counted_the_same_facts(ahead, tmp_path):
    """Another rule file says how much each metric differs, in its own words."""
    metrics = {
        "skill": {**RULES["metrics"]["skill"], "points": "per_unit(value, 6, 40)"},
        "names": {
            "words": {"de": "Namen", "en": "Names"},
            "value": "people",
            "points": "per_unit(value, 1, 5)",
        },
    }
    other = tmp_path / "gentle.yaml"
    other.write_text(yaml.safe_dump(RULES | {"id": "gentle", "metrics": metrics}), encoding="utf-8")
    found = document(ahead("what-if", *DAY, "--instead", other, "--json"), diff_schema())
    (first, second) = found["partners"]
    assert first["by_metric"] == {"skill": "-8", "names": "2"}
    assert first["level"] == ["silver", None]
    assert [one["why"] for one in first["steps"]] == ["rules"]
    assert second["by_metric"] == {"skill": "-4", "names": "1"}
    said = ahead("what-if", *DAY, "--instead", other).out
    assert "−8  Skill" in said
    assert "+2  Names" in said
    assert "Silver → no level  (new rules)" in said


def test_a_leaver_nobody_knows_is_said(ahead):
    done = ahead("forecast", *DAY, "--until", "2026-04-30", "--leaver", "Bem=2026-04-01")
    assert done.code == 0
    assert "--leaver Bem: no fact names this person." in done.err
    done = ahead("forecast", *DAY, "--until", "2026-04-30", "--leaver", "Ben=2026-04-01")
    assert "no fact names" not in done.err


def test_versions_of_another_programme_are_no_versions(ahead):
    done = ahead("diff", *DAY, "--from", "2026-01-01", "--rules", "preset:odoo")
    assert done.code == 2
    assert "odoo is another programme than nordwerk" in done.err


@pytest.mark.parametrize(
    ("command", "more", "said"),
    [
        ("path", ["--ways", "0"], "--ways: A number from 1 to 20 is needed."),
        ("path", ["--ways", "21"], "--ways: A number from 1 to 20 is needed."),
        ("path", ["--ways", "many"], "--ways: A whole number is needed"),
        ("what-if", [], "Name --with, --leaver or --instead."),
        ("forecast", ["--until", "9999-12-31"], "a day of the years 1900 to 2200"),
        ("diff", ["--from", "0001-01-01"], "--from 0001-01-01: a day of the years"),
        ("forecast", ["--until", "2026-01-01"], "--until: 2026-01-01 lies before 2026-03-31"),
        ("forecast", ["--until", "soon"], "--until soon: write a day"),
        (
            "forecast",
            ["--until", "2026-12-31", "--leaver", "Ben"],
            "--leaver Ben: write the person",
        ),
        ("path", ["--to", "platinum"], "--to platinum: there are only silver, gold."),
        ("path", ["--hour", "-3"], "--hour -3: a number from zero on"),
        ("path", ["--partner", "nobody"], "There is no partner nobody"),
        ("diff", ["--from", "2026-12-31"], "--as-of: 2026-03-31 lies before 2026-12-31"),
    ],
)
def test_what_cannot_be_asked(ahead, command, more, said):
    done = ahead(command, *DAY, *more)
    assert done.code != 0
    assert said in done.err


@pytest.mark.parametrize("name", ["forecast", "path", "diff"])
def test_schemas_are_handed_out(call, name):
    assert json.loads(call("schema", name).out)["title"].endswith(f"{name}/1")
