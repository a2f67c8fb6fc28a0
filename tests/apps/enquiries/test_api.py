"""Enquiries for programs: taken in once, told with the reason, nobody else's."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from mutualist.apps.delivery import actions as hooks
from mutualist.apps.delivery.models import Delivery
from mutualist.apps.enquiries import actions
from mutualist.apps.enquiries.actions import Wish
from mutualist.apps.enquiries.models import Enquiry
from mutualist.apps.identity import actions as identity

BODY = {
    "country": "DE",
    "postal_code": "89073",
    "abilities": ["iot"],
    "external_id": "CRM-1",
    "consent": True,
}


def program(actor: Any) -> Client:
    secret = identity.create_api_token("program", actor=actor)
    return Client(HTTP_AUTHORIZATION=f"Bearer {secret}", HTTP_ACCEPT_LANGUAGE="en")


@pytest.fixture
def home(channel) -> str:
    return f"/api/v1/programmes/{channel.programme.uid}/enquiries"


def test_taken_in_once_and_told_with_the_reason(channel, home):
    anna = program(channel.cast.anna)
    first = anna.post(home, BODY, content_type="application/json")
    again = anna.post(home, BODY, content_type="application/json")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    told = anna.get(first["Location"]).json()
    assert told["partner"] == str(channel.tauwerk.uid)
    assert told["offers"][0]["why"]["parts"]["nearness"] > 0
    assert [one["uid"] for one in anna.get(home).json()] == [told["uid"]]
    assert anna.get(home, {"status": "won"}).json() == []


@pytest.mark.parametrize(
    ("change", "code"),
    [({"consent": False}, "enquiry_consent"), ({"postal_code": "89074"}, "enquiry_place")],
)
def test_what_cannot_be_is_refused(channel, home, change, code):
    answer = program(channel.cast.anna).post(home, BODY | change, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert not Enquiry.objects.exists()


def test_rivals_and_readers_get_nowhere(channel, home):
    made = program(channel.cast.anna).post(home, BODY, content_type="application/json")
    for actor in (channel.cast.clara, channel.cast.dora):
        other = program(actor)
        assert other.get(home).status_code == 404
        assert other.get(made["Location"]).status_code == 404
        assert other.post(home, BODY, content_type="application/json").status_code == 404
    ben = program(channel.cast.ben)
    assert ben.get(home).status_code == 200
    assert ben.post(home, BODY, content_type="application/json").status_code == 404


def _sent(client: Client, address: str, body: Any = None, **headers: str) -> Any:
    return client.post(address, body or {}, content_type="application/json", headers=headers)


def test_a_partner_answers_and_the_vendor_decides(channel, home):
    anna, clara = program(channel.cast.anna), program(channel.cast.clara)
    dora = program(channel.cast.dora)
    asked = BODY | {"person": "Petra Lang", "text": "40 pumps"}
    made = anna.post(home, asked, content_type="application/json")
    own = f"/api/v1/relations/{channel.tauwerk.uid}/enquiries"
    (offered,) = clara.get(own).json()
    # Who asks stays back until the partner has accepted.
    assert (offered["text"], offered["person"], offered["state"]) == ("40 pumps", "", "open")
    address = f"{own}/{offered['uid']}"
    refused = _sent(clara, f"{address}/decline", {"reason": "bored"})
    assert (refused.status_code, refused.json()["code"]) == (422, "enquiry_reason")
    # The rival finds nothing, neither by the partner's address nor by its own.
    theirs = f"/api/v1/relations/{channel.grauwerk.uid}/enquiries/{offered['uid']}"
    for one in (address, theirs):
        assert dora.get(one).status_code == 404
        assert _sent(dora, f"{one}/accept").status_code == 404
    assert dora.get(own).status_code == 404
    assert anna.get(own).status_code == 404
    assert _sent(clara, f"{made['Location']}/close", {"reason": "spam"}).status_code == 404
    taken = _sent(clara, f"{address}/accept").json()
    assert (taken["person"], taken["status"]) == ("Petra Lang", "accepted")
    assert _sent(clara, f"{address}/accept").status_code == 409
    assert clara.get(own, {"state": "open"}).json() == []

    tag = anna.get(made["Location"])["ETag"]
    to = {"partner": str(channel.grauwerk.uid)}
    stale = _sent(anna, f"{made['Location']}/hand", to, If_Match='"enquiry-1"')
    assert (stale.status_code, stale["ETag"]) == (412, tag)
    handed = _sent(anna, f"{made['Location']}/hand", to, If_Match=tag).json()
    assert (handed["status"], handed["partner"]) == ("pending", str(channel.grauwerk.uid))
    # What was taken back is no longer Tauwerk's to read.
    assert clara.get(address).json()["person"] == ""
    ben = program(channel.cast.ben)
    assert _sent(ben, f"{made['Location']}/close", {"reason": "spam"}).status_code == 404
    nobody = _sent(anna, f"{made['Location']}/hand")
    assert (nobody.status_code, nobody.json()["code"]) == (422, "enquiry_partner")
    closed = _sent(anna, f"{made['Location']}/close", {"reason": "spam"}).json()
    assert (closed["status"], closed["partner"]) == ("declined", None)
    assert _sent(anna, f"{made['Location']}/fly").status_code in {404, 422}


def test_programs_of_both_sides_hear_of_it_and_the_rival_does_not(channel):
    for actor, firm in (
        (channel.cast.anna, channel.cast.nordwerk),
        (channel.cast.clara, channel.cast.tauwerk),
        (channel.cast.dora, channel.cast.grauwerk),
    ):
        hooks.add_endpoint(firm.uid, address="https://hook.example/x", actor=actor)
    made = actions.enter(standing=channel.anna, wish=Wish("DE", "89073", person="Petra Lang"))
    offered = made.offers.get()
    actions.accept(standing=channel.clara, offer=offered.uid)
    told = {
        name: [
            one.event
            for one in Delivery.objects.filter(
                endpoint__organisation=getattr(channel.cast, name)
            ).order_by("pk")
        ]
        for name in ("nordwerk", "tauwerk", "grauwerk")
    }
    kinds = {name: [one.kind for one in events] for name, events in told.items()}
    heard = ["enquiries.offer.made", "enquiries.offer.accepted"]
    assert [one for one in kinds["nordwerk"] if one.startswith("enq")] == [
        "enquiries.enquiry.received",
        *heard,
    ]
    assert [one for one in kinds["tauwerk"] if one.startswith("enq")] == heard
    assert not [one for one in kinds["grauwerk"] if one.startswith("enq")]
    first = json.loads(next(one.body for one in told["tauwerk"] if one.kind == heard[0]))
    assert first["data"] == {"enquiry": str(made.uid), "offer": str(offered.uid)}
    assert not any("Petra" in one.body for events in told.values() for one in events)
