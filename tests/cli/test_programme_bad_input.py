"""Bad rules and bad facts on the command line: each message names the item, the value and the remedy."""

from __future__ import annotations

import json

import pytest

from bad_rules import BAD_RULES, RULES
from mutualist.library.schemas import checklist_schema

BAD_FACTS = {
    "an unknown partner": ("X,S-1,2026-02-01,A,100", ["row 2", "partner X", "put it right"]),
    "a fact twice": ("T,S-1,2026-02-01,A,1\nT,S-1,2026-02-02,B,1", ["S-1", "row 2", "once"]),
    "another currency": ("T,S-1,2026-02-01,A,100 USD", ["row 2, amount", "100 USD", "number"]),
    "a day that is none": ("T,S-1,2026-02-31,A,100", ["row 2, day", "2026-02-31"]),
}


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("name", BAD_RULES)
def test_bad_rules_are_told_with_place_and_remedy(call, tmp_path, name, language):
    text, told = BAD_RULES[name]
    (tmp_path / "rules.yaml").write_text(text, encoding="utf-8")
    done = call("programme", "lint", tmp_path / "rules.yaml", "--lang", language)
    assert done.code == 1
    for part in told[language]:
        assert part in done.out, done.out


@pytest.mark.parametrize(("language", "remedy"), [("en", "day before"), ("de", "Tag davor")])
def test_versions_that_overlap_are_told(call, tmp_path, language, remedy):
    first, second = tmp_path / "1.yaml", tmp_path / "2.yaml"
    first.write_text(RULES, encoding="utf-8")
    second.write_text(RULES.replace('version: "1"', 'version: "2"'), encoding="utf-8")
    done = call("programme", "lint", first, second, "--lang", language)
    assert done.code == 1
    assert "2026-01-01" in done.out
    assert remedy in done.out


@pytest.mark.parametrize("name", BAD_FACTS)
def test_bad_facts_are_told_with_row_value_and_remedy(call, tmp_path, name):
    lines, told = BAD_FACTS[name]
    (tmp_path / "rules.yaml").write_text(RULES, encoding="utf-8")
    folder = tmp_path / "facts"
    folder.mkdir()
    (folder / "partners.csv").write_text("id,name\nT,Tauwerk\n", encoding="utf-8")
    rows = f"partner,id,day,customer,amount\n{lines}\n"
    (folder / "sales.csv").write_text(rows, encoding="utf-8")
    given = ("--rules", tmp_path / "rules.yaml", "--facts", folder, "--as-of", "2026-03-31")
    done = call("programme", "score", *given, "--lang", "en")
    assert done.code == 1
    for part in told:
        assert part in done.err, done.err


def test_a_fact_of_the_future_counts_for_nothing_and_is_told(call, tmp_path):
    (tmp_path / "rules.yaml").write_text(RULES, encoding="utf-8")
    folder = tmp_path / "facts"
    folder.mkdir()
    (folder / "partners.csv").write_text("id,name\nT,Tauwerk\n", encoding="utf-8")
    rows = "partner,id,day,customer,amount\nT,S-1,2029-02-01,A,100000\n"
    (folder / "sales.csv").write_text(rows, encoding="utf-8")
    given = ("--rules", tmp_path / "rules.yaml", "--facts", folder, "--as-of", "2026-03-31")
    done = call("programme", "score", *given, "--lang", "en")
    assert done.code == 0
    assert "2029-02-01" in done.err
    assert "Silver" not in done.out


CHECKLIST = """\
schema: checklist/1
steps:
  - {id: kickoff, by: vendor, words: {de: Auftakt, en: Kick-off}}
"""


@pytest.mark.parametrize(
    ("language", "told"),
    [("en", "boss is not possible here"), ("de", "boss gibt es hier nicht")],
)
def test_a_checklist_is_checked_beside_the_rules(call, tmp_path, language, told):
    rules, checklist = tmp_path / "rules.yaml", tmp_path / "checklist.yaml"
    rules.write_text(RULES, encoding="utf-8")
    checklist.write_text(CHECKLIST, encoding="utf-8")
    assert call("programme", "lint", checklist, rules).code == 0
    checklist.write_text(CHECKLIST.replace("vendor", "boss"), encoding="utf-8")
    done = call("programme", "lint", checklist, "--lang", language)
    assert done.code == 1
    assert f"{checklist}: steps[1].by: {told}" in done.out
    found = json.loads(call("programme", "lint", rules, checklist, "--json").out)
    assert [one["place"] for one in found["problems"]] == ["steps[1].by"]
    assert json.loads(call("schema", "checklist").out) == checklist_schema()


def test_a_checklist_beside_two_rule_files_hides_no_overlap(call, tmp_path):
    files = [tmp_path / f"{name}.yaml" for name in "abc"]
    files[0].write_text(RULES, encoding="utf-8")
    files[1].write_text(CHECKLIST, encoding="utf-8")
    files[2].write_text(RULES.replace('version: "1"', 'version: "2"'), encoding="utf-8")
    assert "2026-01-01" in call("programme", "lint", *files).out


@pytest.mark.parametrize(("language", "told"), [("en", "no such file"), ("de", "gibt es nicht")])
def test_a_file_that_is_missing_hides_no_mistake_of_others_and_is_told_as_json(
    call, tmp_path, language, told
):
    checklist = tmp_path / "checklist.yaml"
    checklist.write_text(CHECKLIST.replace("vendor", "boss"), encoding="utf-8")
    given = ("programme", "lint", tmp_path / "none.yaml", checklist, "--lang", language)
    done = call(*given)
    assert (done.code, done.out.count("none.yaml")) == (1, 1)
    found = json.loads(call(*given, "--json").out)
    assert [one["code"] for one in found["problems"]] == ["unreadable", "unknown_value"]
    assert told in found["problems"][0]["message"]
