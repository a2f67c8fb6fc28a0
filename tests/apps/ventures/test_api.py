"""Ventures for programs: the same rights as the pages, versions that nobody overwrites unseen."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from apps.rooms.cast import Cast, stored
from apps.ventures.steps import described, of_organisation, of_room
from mutualist.apps.core.actor import Actor
from mutualist.apps.identity import actions as identity
from mutualist.apps.rooms.models import Room
from mutualist.apps.ventures.models import PrivateFigures, Venture, Version

NOBODY = UUID("00000000-0000-4000-8000-000000000000")
OPERATIONS = {
    "get_venture": ("GET", None),
    "save_venture": ("PUT", {"description": {}, "version": 1}),
    "delete_venture": ("DELETE", None),
    "list_versions": ("GET", None),
    "get_figures": ("GET", None),
    "keep_figures": ("PUT", {"best_alternative": 5}),
    "simulate_venture": ("GET", None),
    "split_venture": ("GET", None),
}


class Program:
    """Somebody's program."""

    def __init__(self, actor: Actor) -> None:
        self.token = identity.create_api_token("test", actor=actor)

    def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        return Client().generic(
            method,
            path,
            json.dumps(body) if body is not None else "",
            content_type="application/json",
            headers={"Authorization": f"Bearer {self.token}", **headers},
        )


def at(name: str, venture: Any, **more: Any) -> str:
    query = "&".join(f"{key}={value}" for key, value in more.items())
    return reverse(f"api:{name}", args=[getattr(venture, "uid", venture)]) + f"?{query}"


def test_a_venture_from_a_template_to_its_split(cast: Cast, room: Room) -> None:
    anna = Program(cast.anna)
    begun = {one["template"]: one for one in anna("GET", reverse("api:list_templates")).json()}
    assert len(begun) == 6
    resale = begun["resale"]
    body = {"room": str(room.uid), "template": "resale", "description": resale["description"]}
    made = anna("POST", reverse("api:describe_venture"), body)
    assert made.status_code == 201, made.content
    assert made.headers["ETag"] == '"venture-1"'
    shown = anna("GET", made.headers["Location"])
    assert shown.json()["description"] == resale["description"]
    assert shown.json()["may"] == ["save", "keep_figures"]
    assert shown.json()["my_party"] == "A"
    (card,) = Program(cast.clara)("GET", reverse("api:list_ventures")).json()
    assert (card["uid"], card["version"]) == (shown.json()["uid"], 1)
    outcomes = anna("GET", at("simulate_venture", card["uid"], n=4096, seed=7)).json()
    assert (outcomes["schema"], outcomes["scenarios"], outcomes["seed"]) == (
        "simulation/1",
        4096,
        7,
    )
    split = anna("GET", at("split_venture", card["uid"], rule="shapley,nash")).json()
    rules = {one["rule"] for one in split["splits"]}
    assert {"shapley", "nash", split["recommended"]["rule"]} == rules


def test_an_organisations_own_venture(cast: Cast) -> None:
    anna = Program(cast.anna)
    given = {"description": described(name="Ours")}
    made = anna("POST", reverse("api:describe_venture"), given)
    assert made.status_code == 201, made.content
    assert made.json()["may"] == ["save", "delete"]
    uid = made.json()["uid"]
    stale = anna("DELETE", at("delete_venture", uid), **{"If-Match": '"venture-9"'})
    assert stale.status_code == 412
    fresh = anna("DELETE", at("delete_venture", uid), **{"If-Match": made.headers["ETag"]})
    assert fresh.status_code == 204
    assert not Venture.objects.exists()
    foreign = {**given, "organisation": str(cast.tauwerk.uid)}
    assert anna("POST", reverse("api:describe_venture"), foreign).status_code == 404
    assert Program(cast.ben)("POST", reverse("api:describe_venture"), given).status_code == 404


def test_whoever_has_nothing_to_do_with_it_finds_nothing(cast: Cast, room: Room) -> None:
    shared, own = of_room(cast.anna, room), of_organisation(cast)
    dora, clara = Program(cast.dora), Program(cast.clara)
    for name, (method, body) in OPERATIONS.items():
        nothing = dora(method, at(name, NOBODY), body)
        assert nothing.status_code == 404, name
        for asks, venture in ((dora, shared), (dora, own), (clara, own)):
            answer = asks(method, at(name, venture), body)
            assert (answer.status_code, answer.content) == (404, nothing.content), name
    assert dora("GET", reverse("api:list_ventures")).json() == []
    into = {"room": str(room.uid), "description": described()}
    assert dora("POST", reverse("api:describe_venture"), into).status_code == 404
    assert Version.objects.count() == 2


def test_a_reader_reads(cast: Cast, room: Room) -> None:
    made, ben = of_room(cast.anna, room), Program(cast.ben)
    for name, (method, body) in OPERATIONS.items():
        wanted = 404 if method != "GET" or name == "get_figures" else 200
        assert ben(method, at(name, made), body).status_code == wanted, name


def test_two_versions_at_once_and_nothing_is_lost(cast: Cast, room: Room) -> None:
    made = of_room(cast.anna, room)
    anna, clara = Program(cast.anna), Program(cast.clara)
    tag = anna("GET", at("get_venture", made)).headers["ETag"]
    hers = {"description": described(name="Hers"), "version": 1, "note": "dearer"}
    assert clara("PUT", at("save_venture", made), hers).json()["version"] == 2
    ours = {"description": described(name="Ours")}
    late = anna("PUT", at("save_venture", made), ours, **{"If-Match": tag})
    assert late.status_code == 412
    said = late.json()
    assert (said["mine"]["name"], said["theirs"]["name"], said["version"]) == ("Ours", "Hers", 2)
    assert late.headers["ETag"] == '"venture-2"'
    assert anna("PUT", at("save_venture", made), {**ours, "version": 1}).status_code == 409
    again = anna("PUT", at("save_venture", made), ours, **{"If-Match": late.headers["ETag"]})
    assert again.json()["version"] == 3
    assert anna("PUT", at("save_venture", made), ours, **{"If-Match": "*"}).status_code == 200
    names = [one["note"] for one in anna("GET", at("list_versions", made)).json()]
    assert names == ["", "dearer", ""]
    assert anna("GET", at("get_venture", made, version=1)).json()["name"] == "Ours"
    assert anna("GET", at("get_venture", made, version=9)).status_code == 404
    known = {"If-None-Match": '"venture-3"'}
    assert anna("GET", at("get_venture", made), **known).status_code == 304


def test_a_repeated_request_has_one_effect(cast: Cast, room: Room) -> None:
    body = {"room": str(room.uid), "description": described()}
    anna, key = Program(cast.anna), {"Idempotency-Key": "once"}
    answers = [anna("POST", reverse("api:describe_venture"), body, **key) for _twice in range(2)]
    assert answers[0].content == answers[1].content
    assert answers[1].headers["Idempotency-Replayed"] == "true"
    assert Venture.objects.count() == 1


def test_private_figures_are_the_own_partys(cast: Cast, room: Room) -> None:
    made = of_room(cast.anna, room)
    anna, clara = Program(cast.anna), Program(cast.clara)
    kept = {"best_alternative": 765432, "business": {"mean": 5e6, "sd": 1e6}}
    first = anna("PUT", at("keep_figures", made), kept, **{"If-Match": '"figures-0"'})
    assert first.status_code == 200, first.content
    shown = anna("GET", at("get_figures", made))
    assert shown.json() == {**kept, "pain_limit": None, "risk_tolerance": None}
    nothing = dict.fromkeys(shown.json())
    assert clara("GET", at("get_figures", made)).json() == nothing
    late = anna("PUT", at("keep_figures", made), {"pain_limit": 9}, **{"If-Match": '"figures-0"'})
    assert late.status_code == 412
    assert late.json()["theirs"] == kept
    for name in ("get_venture", "list_versions", "get_figures", "simulate_venture"):
        assert b"765432" not in clara("GET", at(name, made)).content
    own = anna("GET", at("simulate_venture", made)).json()["parties"][0]["diversification"]
    assert own is not None
    hers = clara("GET", at("simulate_venture", made)).json()["parties"][0]["diversification"]
    assert hers is None
    assert anna("PUT", at("keep_figures", made), {}).json() == nothing
    assert not stored(PrivateFigures)


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"name": " "}, "venture_name"),
        ({"parties": {"A": {"discount": 0.1}, "Z": {"discount": 0.1}}}, "venture_parties"),
        ({"parties": {"A": {"discount": 0.1, "pain_limit": 5}}}, "venture_private"),
        ({"drivers": {"pumps": {"low": 9, "likely": 5, "high": 2}}}, "venture"),
        ({"periods": {"unit": "month", "count": 10_000}}, "venture"),
        ({"lines": "x" * 250_000}, "venture_size"),
    ],
)
def test_what_cannot_be_is_refused_in_words(
    cast: Cast, room: Room, change: dict[str, Any], code: str, language: str
) -> None:
    body = {"room": str(room.uid), "template": "resale", "description": described(**change)}
    answer = Program(cast.anna)(
        "POST", reverse("api:describe_venture"), body, **{"Accept-Language": language}
    )
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert len(answer.json()["message"]) > 20
    assert not Venture.objects.exists()


@pytest.mark.parametrize(
    "query",
    ["n=0", "n=1000000", "n=x", "seed=-1", "seed=99999999999999999999", "version=0", "n=1e308"],
)
def test_nonsense_asked_for_is_refused(cast: Cast, room: Room, query: str) -> None:
    made = of_room(cast.anna, room)
    answer = Program(cast.anna)(
        "GET", reverse("api:simulate_venture", args=[made.uid]) + f"?{query}"
    )
    assert answer.status_code == 422


def test_there_is_no_such_rule(cast: Cast, room: Room) -> None:
    made = of_room(cast.anna, room)
    answer = Program(cast.anna)("GET", at("split_venture", made, rule="bread"))
    assert answer.status_code == 422
    assert "bread" in answer.json()["message"]
