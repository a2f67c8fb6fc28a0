"""Programs read and save rules, read scores as the command line gives them, and decide about levels."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from django.test import Client

from apps.programme.cast import RULES
from apps.programme.test_api import Program
from apps.programme.test_levels import gold, sale, settled
from mutualist.apps.core.clock import today
from mutualist.apps.programme.models import LevelProposal, RuleSetVersion
from mutualist.domain.programme.rules.reading import read_rules
from mutualist.library.programme_files import read_facts
from mutualist.library.programme_results import scores_document

__all__ = ["gold"]

#: The same rules with a name for each ability of a partner: nothing about them is doubted.
NAMED = f'{RULES}\nabilities: {{iot: {{de: "IoT", en: "IoT"}}, ai: {{de: "KI", en: "AI"}}}}\n'


@pytest.fixture
def home(channel) -> str:
    return f"/programmes/{channel.programme.uid}"


def put(channel, home: str, tag: str = "", rules: str = RULES, days: int = 1):
    body = {"rules": rules, "since": (today() + timedelta(days=days)).isoformat(), "note": "Later"}
    token = Program(channel.cast.anna).token
    headers = {"Authorization": f"Bearer {token}", **({"If-Match": tag} if tag else {})}
    return Client().put(
        f"/api/v1{home}/rules", json.dumps(body), content_type="application/json", headers=headers
    )


def test_versions_are_listed_read_and_saved(channel, home):
    anna = Program(channel.cast.anna)
    listed = anna.call("GET", f"{home}/rules")
    assert (listed["ETag"], [one["number"] for one in listed.json()]) == ('"rules-1"', [1])
    made = put(channel, home, listed["ETag"])
    assert (made.status_code, made["ETag"], made.json()["number"]) == (201, '"rules-2"', 2)
    first = anna.call("GET", f"{home}/rules/1").json()
    assert first["rules"] == RULES
    assert first["until"] == today().isoformat()
    assert anna.call("GET", f"{home}/rules/3").status_code == 404


@pytest.mark.parametrize("tag", ['"rules-1"', 'W/"rules-2"', '"else"', '"rules-3"'])
def test_who_read_an_older_version_overwrites_nothing(channel, home, tag):
    assert put(channel, home, '"rules-1"').status_code == 201
    refused = put(channel, home, tag, days=9)
    assert (refused.status_code, refused["ETag"]) == (412, '"rules-2"')
    assert RuleSetVersion.objects.count() == 2
    assert put(channel, home, '"rules-2"', days=9).status_code == 201


def test_rules_are_checked_with_the_line(channel, home):
    anna = Program(channel.cast.anna)
    fine = anna.call("POST", f"{home}/rules/lint", {"rules": NAMED}).json()
    assert fine == {"usable": True, "problems": []}
    doubted = anna.call("POST", f"{home}/rules/lint", {"rules": RULES}).json()
    assert [one["message"][:45] for one in doubted["problems"]] == [
        "abilities: Partners have the ability ai, but ",
        "abilities: Partners have the ability iot, but",
    ]
    wrong = RULES.replace("from: sales", "from: nothing")
    told = anna.call("POST", f"{home}/rules/lint", {"rules": wrong}).json()
    assert (told["usable"], told["problems"][0]["severity"]) == (False, "error")
    line = next(at for at, one in enumerate(wrong.split("\n"), 1) if "nothing" in one)
    assert (told["problems"][0]["line"], "nothing" in told["problems"][0]["message"]) == (
        line,
        True,
    )
    assert RuleSetVersion.objects.count() == 1


def test_doubts_about_rules_are_told_as_such(channel, home):
    unused = '  other: {words: {de: "A", en: "B"}, from: sales, take: count}\nmetrics:'
    text = NAMED.replace("metrics:", unused)
    told = Program(channel.cast.anna).call("POST", f"{home}/rules/lint", {"rules": text}).json()
    assert told["usable"]
    assert [(one["severity"], one["place"]) for one in told["problems"]] == [
        ("warning", "measures.other")
    ]


def test_scores_are_those_of_the_command_line(channel, home, tmp_path):
    import yaml

    from mutualist.domain.programme.scoring.score import score

    sale(channel, today().isoformat(), "60000")
    (tmp_path / "partners.csv").write_text(
        "id,name\nP-2,Grauwerk AG\nP-1,Tauwerk GmbH\n", encoding="utf-8"
    )
    row = f"P-1,S-1,{today().isoformat()},A,60000\n"
    (tmp_path / "sales.csv").write_text(f"partner,id,day,customer,amount\n{row}", encoding="utf-8")
    rules = read_rules(yaml.safe_load(RULES))
    facts = read_facts(str(tmp_path), rules, today()).facts
    by_command = scores_document([score(one, rules, today()) for one in facts], rules, "en")
    found = Program(channel.cast.anna).call("GET", f"{home}/scores").json()
    assert found["schema"] == "score/1"
    assert found == json.loads(json.dumps(by_command))
    after = Program(channel.cast.anna).call("GET", f"{home}/scores?after=Grauwerk%20AG").json()
    assert [one["id"] for one in after["partners"]] == ["P-1"]


def test_levels_and_forecast_are_the_same_for_both_sides(gold, home):
    anna, clara = Program(gold.cast.anna), Program(gold.cast.clara)
    vendor = anna.call("GET", f"{home}/partners/{gold.tauwerk.uid}/levels").json()
    assert [(one["day"], one["level"], one["version"]) for one in vendor] == [
        ("2026-03-01", "gold", 1)
    ]
    assert clara.call("GET", f"/relations/{gold.tauwerk.uid}/levels").json() == vendor
    ahead = anna.call("GET", f"{home}/partners/{gold.tauwerk.uid}/forecast").json()
    assert (ahead["schema"], ahead["partners"][0]["id"]) == ("forecast/1", "P-1")
    assert clara.call("GET", f"/relations/{gold.tauwerk.uid}/forecast").json() == ahead


def test_a_program_decides_about_a_level(gold, home):
    settled(gold, "2028-01-02")
    anna = Program(gold.cast.anna)
    waiting = anna.call("GET", f"{home}/reviews").json()
    assert [(one["name"], one["before"], one["after"]) for one in waiting] == [
        ("Tauwerk GmbH", "gold", "partner")
    ]
    assert waiting[0]["day"] == date(2028, 1, 1).isoformat()
    one = f"{home}/reviews/{waiting[0]['id']}"
    assert anna.call("POST", one, {"keep": True}).status_code == 422
    assert anna.call("POST", one, {"keep": True, "reason": "An order."}).json()["state"] == "kept"
    assert anna.call("POST", one, {"keep": False}).status_code == 409


def test_others_find_nothing(gold, home):
    settled(gold, "2028-01-02")
    proposal = LevelProposal.objects.get().pk
    text = {"rules": RULES, "since": "2030-01-01"}
    tries = [
        ("GET", f"{home}/rules", None),
        ("GET", f"{home}/rules/1", None),
        ("PUT", f"{home}/rules", text),
        ("POST", f"{home}/rules/lint", {"rules": RULES}),
        ("GET", f"{home}/scores", None),
        ("GET", f"{home}/reviews", None),
        ("POST", f"{home}/reviews", None),
        ("POST", f"{home}/reviews/{proposal}", {"keep": False}),
        *[
            ("GET", f"{start}/{gold.tauwerk.uid}/{what}", None)
            for start in (f"{home}/partners", "/relations")
            for what in ("levels", "forecast")
        ],
    ]
    dora = Program(gold.cast.dora)
    for method, path, body in tries:
        assert dora.call(method, path, body).status_code == 404, path
    ben = Program(gold.cast.ben)
    for method, path, body in (tries[2], tries[6], tries[7]):
        assert ben.call(method, path, body).status_code == 404, path
