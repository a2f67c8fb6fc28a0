"""Declared tiers beside earned ones: a naive reading of the published sentence agrees, and bad tables are named."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import json
import shutil
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import mutualist as mu
from mutualist.domain.programme.scoring.score import score
from mutualist.library.errors import FileError
from mutualist.library.tiers import TIERS, evaluate_tiers, release_facts, release_rules

FOLDER = Path(__file__).resolve().parents[2] / "examples" / "quality_scale"


def read(name):
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def naive(tiers, answers):
    """All rules of the tier and of those below are done, or exempt with a comment."""
    earned = ""
    good = {
        one["rule"]
        for one in answers
        if one["status"] == "done" or (one["status"] == "exempt" and one["comment"].strip())
    }
    for tier in TIERS:
        if not {rule for rule, own in tiers.items() if own == tier} <= good:
            break
        earned = tier
    return earned


def test_the_examples_declare_what_they_earn_except_those_that_declare_less():
    found = evaluate_tiers(FOLDER)
    first, second = found.releases
    assert [one.domain for one in second.lower] == ["backblaze_b2", "sftp_storage", "tilt_pi"]
    assert [(one.declared, one.earned) for one in second.lower] == [
        ("bronze", "silver"),
        ("silver", "platinum"),
        ("bronze", "silver"),
    ]
    assert (second.compared, second.equal, second.higher) == (8, 5, ())
    assert [(one.domain, one.earned) for one in second.undeclared] == [("palazzetti", "bronze")]
    assert [(one.domain, one.declared, one.earned) for one in second.special] == [
        ("russound_rnet", "legacy", "")
    ]
    assert second.without_reason == (
        "google_weather: dynamic-devices",
        "google_weather: stale-devices",
    )
    assert dict(second.rules) == {"bronze": 18, "silver": 10, "gold": 21, "platinum": 3}
    assert second.not_in_force == ("docs-conditions", "docs-triggers")
    assert second.declared == {"": 3, "bronze": 4, "gold": 1, "internal": 1, "legacy": 1} | {
        "platinum": 1,
        "silver": 2,
    }
    assert (second.integrations, second.answering) == (13, 11)
    assert [(one.domain, one.earned) for one in first.undeclared] == [("lamarzocco", "platinum")]
    assert "Apache License 2.0" in found.origin


def test_every_example_earns_what_the_published_sentence_says():
    tiers = {row["rule"]: row["tier"] for row in read("rules.csv")}
    rows = read("rule_status.csv")
    by_part = {}
    for row in rows:
        by_part.setdefault((row["version"], row["domain"]), []).append(row)
    found = evaluate_tiers(FOLDER)
    told = {
        (release.version, one.domain): one.earned
        for release in found.releases
        for one in (*release.lower, *release.higher, *release.undeclared)
    }
    assert len(told) == 5
    # Those that are not told earn what they declare.
    for row in read("integrations.csv"):
        if row["quality_scale"] in TIERS:
            told.setdefault((row["version"], row["domain"]), row["quality_scale"])
    assert len(told) == 10
    for key, earned in told.items():
        asked = {row["rule"] for row in rows if row["version"] == key[0]}
        in_force = {rule: tier for rule, tier in tiers.items() if rule in asked}
        assert (key, earned) == (key, naive(in_force, by_part[key]))


def changed(tmp_path, name, change):
    shutil.copytree(FOLDER, tmp_path / "data")
    path = tmp_path / "data" / name
    path.write_text(change(path.read_text("utf-8")), encoding="utf-8")
    return tmp_path / "data"


def test_a_tier_above_the_answers_is_told_with_what_is_missing(tmp_path):
    line = "2025.12.4,tilt_pi,log-when-unavailable,"
    folder = changed(
        tmp_path,
        "integrations.csv",
        lambda text: text.replace("tilt_pi,Tilt Pi,bronze", "tilt_pi,Tilt Pi,gold"),
    )
    assert line in (folder / "rule_status.csv").read_text("utf-8")
    (higher,) = evaluate_tiers(folder).releases[1].higher
    assert (higher.domain, higher.declared, higher.earned) == ("tilt_pi", "gold", "silver")
    assert "devices" in higher.missing or len(higher.missing) > 0
    assert set(higher.missing) <= {
        row["rule"] for row in read("rules.csv") if row["tier"] == "gold"
    }


def test_nobody_who_looks_after_it_means_bronze(tmp_path):
    folder = changed(
        tmp_path,
        "integrations.csv",
        lambda text: "\n".join(
            line.rpartition(",")[0] + ",0" if line.startswith("2025.12.4,sftp_storage,") else line
            for line in text.splitlines()
        ),
    )
    (higher,) = evaluate_tiers(folder).releases[1].higher
    assert (higher.domain, higher.declared, higher.earned) == ("sftp_storage", "silver", "bronze")
    assert higher.missing == ()


def test_a_tier_without_any_answer_is_told(tmp_path):
    folder = changed(tmp_path, "integrations.csv", lambda text: text + "2025.12.4,new,New,gold,1\n")
    assert evaluate_tiers(folder).releases[1].unanswered == ("new",)


def test_tables_may_be_packed(tmp_path):
    shutil.copytree(FOLDER, tmp_path / "data")
    for name in ("rule_status.csv", "integrations.csv"):
        path = tmp_path / "data" / name
        with gzip.open(f"{path}.gz", "wt", encoding="utf-8") as file:
            file.write(path.read_text("utf-8"))
        path.unlink()
    assert evaluate_tiers(tmp_path / "data") == evaluate_tiers(FOLDER)


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        ("rules.csv", lambda text: text.replace("brands,bronze", "brands,tin"), "no tier tin"),
        ("rules.csv", lambda text: text.replace("brands,bronze\n", ""), "rule brands is not in"),
        ("rules.csv", lambda text: text.replace("rule,tier", "rule,level"), "field tier"),
        ("rule_status.csv", lambda text: text.replace(",brands,done", ",brands,good"), "status good"),
        ("rule_status.csv", lambda text: text + text.splitlines()[1] + "\n", "answered twice"),
        ("rule_status.csv", lambda text: text.replace("2025.12.4", "newest"), "newest is not named"),
        ("rule_status.csv", lambda text: text.replace("2025.12.4", "2025.13.4"), "2025.13.4 is not"),
        ("rule_status.csv", lambda text: text.splitlines()[0] + "\n", "No release"),
    ],
)  # fmt: skip
def test_what_cannot_be_compared_is_named(tmp_path, name, change, said):
    with pytest.raises(FileError) as refused:
        evaluate_tiers(changed(tmp_path, name, change))
    assert said in refused.value.message("en")
    assert refused.value.message("de") != refused.value.message("en")


def test_a_folder_without_tables_is_named(tmp_path):
    with pytest.raises(FileError, match=r"rules\.csv: There is no such file"):
        evaluate_tiers(tmp_path)


def test_the_document_keeps_its_schema():
    document = json.loads(json.dumps(evaluate_tiers(FOLDER).to_dict()))
    jsonschema.validate(document, mu.tiers_schema())
    assert document["schema"] == "tiers-evaluation/1"
    document["releases"][0]["lower"] = [{"domain": "x"}]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(document, mu.tiers_schema())


RULES = {row["rule"]: row["tier"] for row in read("rules.csv")}
SMALL = {rule: tier for rule, tier in RULES.items() if rule[0] in "abdei"}
ANSWER = st.sampled_from(["done"] * 12 + ["exempt"] * 3 + ["blank", "todo", "none"])


@settings(max_examples=60, deadline=None)
@given(st.lists(ANSWER, min_size=len(SMALL), max_size=len(SMALL)))
def test_any_answers_earn_what_the_published_sentence_says(given_answers):
    day = dt.date(2026, 1, 1)
    answers = [
        {
            "rule": rule,
            "status": "exempt" if answer == "blank" else answer,
            "comment": "no devices" if answer == "exempt" else " ",
        }
        for rule, answer in zip(SMALL, given_answers, strict=True)
        if answer != "none"
    ]
    part = {"domain": "d", "name": "D", "quality_scale": "", "n_codeowners": "1"}
    rules = release_rules(RULES, SMALL)
    earned = score(release_facts(part, answers, day), rules, day).level or ""
    assert earned == naive(SMALL, answers)
