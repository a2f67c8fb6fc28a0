"""Ratings and promises by programs: sealed until both have rated, one's own only."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from mutualist.apps.core.clock import stopped_at
from mutualist.apps.identity.actions import create_api_token
from mutualist.apps.ratings.models import Promise, Rating

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def day():
    with stopped_at(NOON):
        yield


def program(actor):
    token = create_api_token(actor=actor, name="test")
    return Client(headers={"authorization": f"Bearer {token}"})


def put(client, path, body):
    return client.put(path, body, content_type="application/json")


def test_both_sides_rate_by_program_and_read_each_other_once_both_have(channel):
    anna, clara, dora = (program(getattr(channel.cast, one)) for one in ("anna", "clara", "dora"))
    vendor = f"/api/v1/programmes/{channel.programme.uid}/partners/{channel.tauwerk.uid}/ratings"
    own = f"/api/v1/relations/{channel.tauwerk.uid}/ratings"
    assert put(clara, own, {"stars": {"fairness": 1}, "comment": "Slow."}).status_code == 200
    (seen,) = anna.get(vendor).json()
    assert (seen["given"], seen["public"], seen["partner"]) == (["partner"], False, None)
    assert put(anna, vendor, {"stars": {"fairness": 4}}).status_code == 200
    (seen,) = anna.get(vendor).json()
    assert seen["partner"] == {"stars": {"fairness": 1}, "comment": "Slow."}
    refused = put(clara, own, {"stars": {"fairness": 5}})
    assert 400 <= refused.status_code < 500
    assert Rating.objects.get(side="partner").stars == {"fairness": 1}
    for path in (vendor, own):
        assert dora.get(path).status_code == 404
        assert put(dora, path, {"stars": {"fairness": 5}}).status_code == 404


def test_promises_by_program(channel):
    anna, clara = program(channel.cast.anna), program(channel.cast.clara)
    dora = program(channel.cast.dora)
    path = f"/api/v1/programmes/{channel.programme.uid}/promises"
    body = {"about": "enquiry", "every": "quarter", "amount": 2, "first": "2026-07-01"}
    made = anna.post(path, body, content_type="application/json")
    assert made.status_code == 201
    assert made.json()["at_least"] == 2
    own = clara.get(f"/api/v1/relations/{channel.tauwerk.uid}/promises").json()
    assert own[0]["promise"]["uid"] == made.json()["uid"]
    assert dora.get(path).status_code == 404
    assert dora.get(f"/api/v1/relations/{channel.tauwerk.uid}/promises").status_code == 404
    assert dora.post(path, body, content_type="application/json").status_code == 404
    ended = anna.post(f"{path}/{made.json()['uid']}/end")
    assert ended.status_code == 204
    assert Promise.objects.get().last == NOON.date()
