"""Programs read and write what the pages do; a rival's program finds nothing."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from mutualist.apps.core.clock import today
from mutualist.apps.identity import actions as identity
from mutualist.apps.programme.models import FactRow, Relation


class Program:
    """Calls the API in somebody's name."""

    def __init__(self, actor) -> None:
        self.token = identity.create_api_token("test", actor=actor)

    def call(self, method: str, path: str, body=None):
        return Client().generic(
            method,
            f"/api/v1{path}",
            json.dumps(body) if body is not None else "",
            content_type="application/json",
            headers={"Authorization": f"Bearer {self.token}"},
        )


@pytest.fixture
def home(channel) -> str:
    return f"/programmes/{channel.programme.uid}"


def rows(amount: str = "60000"):
    day = today().isoformat()
    return [{"partner": "P-1", "id": "S-1", "day": day, "customer": "A", "amount": amount}]


def test_facts_come_in_and_the_score_comes_out_for_both_sides(channel, home):
    anna, clara = Program(channel.cast.anna), Program(channel.cast.clara)
    stored = anna.call("POST", f"{home}/facts", {"table": "sales", "rows": rows()})
    (listed,) = anna.call("GET", f"{home}/facts/imports").json()
    told = {"uid": listed["uid"], "rows": 1, "new": 1, "changed": 0, "warnings": []}
    assert stored.json() == told
    vendor = anna.call("GET", f"{home}/partners/{channel.tauwerk.uid}/score").json()
    assert (vendor["level"], vendor["total"], vendor["metrics"]["revenue"]["points"]) == (
        "silver",
        "60",
        "60",
    )
    assert clara.call("GET", f"/relations/{channel.tauwerk.uid}/score").json() == vendor


def test_wrong_facts_are_told_and_none_is_stored(channel, home):
    bad = [*rows(), {**rows()[0], "id": "S-2", "amount": "much"}]
    answer = Program(channel.cast.anna).call(
        "POST", f"{home}/facts", {"table": "sales", "rows": bad}
    )
    assert answer.status_code == 422
    assert "much" in answer.json()["message"]
    assert not FactRow.objects.exists()


def test_partners_are_listed_and_added(channel, home):
    anna = Program(channel.cast.anna)
    made = anna.call("POST", f"{home}/partners", {"name": "Eiswerk", "abilities": ["iot"]})
    assert made.status_code == 201
    names = [one["name"] for one in anna.call("GET", f"{home}/partners").json()]
    assert names == ["Eiswerk", "Grauwerk AG", "Tauwerk GmbH"]
    after = anna.call("GET", f"{home}/partners?after=Grauwerk%20AG").json()
    assert [one["name"] for one in after] == ["Tauwerk GmbH"]
    assert [one["name"] for one in anna.call("GET", "/programmes").json()] == ["Nordwerk Partner"]


def test_a_country_that_is_none_is_said_in_the_readers_language(channel, home):
    anna = Program(channel.cast.anna)
    answer = anna.call("POST", f"{home}/partners", {"name": "Eiswerk", "country": "XX"})
    assert (answer.status_code, answer.json()["code"]) == (422, "partner_country")
    assert "“XX” is no country" in answer.json()["message"]
    assert not Relation.objects.filter(name="Eiswerk").exists()
    abroad = {"name": "Eiswerk", "country": "FR", "postal_code": "75001"}
    assert anna.call("POST", f"{home}/partners", abroad).status_code == 201


def test_no_partner_is_lost_between_two_pages(channel, home, monkeypatch):
    monkeypatch.setattr("mutualist.apps.programme.api.MOST", 2)
    anna = Program(channel.cast.anna)
    for number, name in enumerate(("Adler", "eiswerk", "Eiswerk", "Ärztehaus", "Eiswerk", "Zeta")):
        body = {"name": name, "external_id": f"E-{number}"}
        assert anna.call("POST", f"{home}/partners", body).status_code == 201
    seen: list[str] = []
    while page := anna.call("GET", f"{home}/partners?after={seen[-1] if seen else ''}").json():
        seen += [one["name"] for one in page]
    assert sorted(seen) == sorted(Relation.objects.values_list("name", flat=True))


def test_others_find_nothing(channel, home):
    dora = Program(channel.cast.dora)
    tauwerk = channel.tauwerk.uid
    for method, path, body in (
        ("GET", f"{home}/partners", None),
        ("POST", f"{home}/partners", {"name": "Eiswerk"}),
        ("POST", f"{home}/facts", {"table": "sales", "rows": rows()}),
        ("GET", f"{home}/partners/{tauwerk}/score", None),
        ("GET", f"/relations/{tauwerk}/score", None),
    ):
        assert dora.call(method, path, body).status_code == 404, path
    assert dora.call("GET", "/programmes").json() == []
    assert Relation.objects.count() == 2
