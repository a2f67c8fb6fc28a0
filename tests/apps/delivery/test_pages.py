"""The pages and the API of webhooks, for the owner and for everybody else."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from apps.delivery.receiver import Receiver
from apps.delivery.steps import add, happen, work
from apps.rooms.cast import Cast
from guards.routes import WEBHOOKS, all_routes, api_operations
from mutualist.apps.delivery.kinds import sentence
from mutualist.apps.delivery.models import Delivery, Endpoint
from mutualist.apps.identity import actions as identity
from mutualist.apps.identity.models import User

pytestmark = pytest.mark.django_db
RENAMED = "identity.organisation.renamed"
ANY = "00000000-0000-4000-8000-000000000000"


def browser(actor: Any) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=actor.user_id))
    return client


def program(actor: Any) -> Any:
    token = identity.create_api_token("test", actor=actor)
    client = Client(headers={"Authorization": f"Bearer {token}"})

    def call(method: str, path: str, body: Any = None) -> Any:
        content = json.dumps(body) if body is not None else ""
        return client.generic(method, path, content, content_type="application/json")

    return call


def page(name: str, *args: object) -> str:
    return reverse(f"delivery:{name}", args=args)


def test_an_owner_adds_a_webhook_and_sees_its_secret_once(cast: Cast, receiver: Receiver) -> None:
    anna, own = browser(cast.anna), page("webhooks", cast.nordwerk.uid)
    assert anna.get(own).status_code == 200
    form = {"address": receiver.address, "kinds": [RENAMED]}
    answer = anna.post(own, form)
    endpoint = Endpoint.objects.get()
    secret = answer.content.decode().split("whsec_")[1].split("<")[0]
    assert len(secret) == 44
    assert secret not in anna.get(own).content.decode()
    one = page("webhook", cast.nordwerk.uid, endpoint.uid)
    assert secret not in anna.get(one).content.decode()
    happen(cast)
    work()
    assert receiver.checked("whsec_" + secret)
    assert "delivered" in anna.get(one).content.decode()
    again = anna.post(page("rotate", cast.nordwerk.uid, endpoint.uid))
    assert "whsec_" in again.content.decode()
    assert secret not in again.content.decode()


def test_a_form_sent_twice_shows_the_secret_once(cast: Cast, receiver: Receiver) -> None:
    anna, own = browser(cast.anna), page("webhooks", cast.nordwerk.uid)
    form = {"address": receiver.address, "kinds": [RENAMED], "idempotency_key": "k" * 43}
    assert "whsec_" in anna.post(own, form).content.decode()
    one = page("webhook", cast.nordwerk.uid, Endpoint.objects.get().uid)
    again = anna.post(own, form)
    assert (again.status_code, again.headers["Location"]) == (302, one)
    rotate = page("rotate", cast.nordwerk.uid, Endpoint.objects.get().uid)
    assert "whsec_" in anna.post(rotate, {"idempotency_key": "r" * 43}).content.decode()
    again = anna.post(rotate, {"idempotency_key": "r" * 43})
    assert (again.status_code, again.headers["Location"]) == (302, one)


def test_mistakes_are_said_at_the_field(cast: Cast, receiver: Receiver) -> None:
    anna, own = browser(cast.anna), page("webhooks", cast.nordwerk.uid)
    wrong = [
        ({"address": f"http://10.0.0.1:{receiver.port}/"}, "private network"),
        ({"address": "ftp://x.example/"}, "has to begin with https://"),
        ({"address": receiver.address, "kinds": ["no.such"]}, "no.such"),
        ({"address": ""}, "required"),
    ]
    for form, said in wrong:
        answer = anna.post(own, form)
        assert answer.status_code == 422, form
        assert said in answer.content.decode(), form
    german = anna.post(own, wrong[0][0], headers={"Accept-Language": "de"})
    assert (
        "privaten Netz" in german.content.decode() or "private network" in german.content.decode()
    )
    assert not Endpoint.objects.exists()


def test_the_buttons_do_what_they_say(cast: Cast, receiver: Receiver) -> None:
    anna, uid = browser(cast.anna), cast.nordwerk.uid
    endpoint, _ = add(cast, receiver.address, (RENAMED,))
    one = page("webhook", uid, endpoint.uid)
    assert anna.post(page("pause", uid, endpoint.uid)).status_code == 302
    assert "Nothing is sent" in anna.get(one).content.decode()
    assert anna.post(page("resume", uid, endpoint.uid)).status_code == 302
    anna.post(page("test", uid, endpoint.uid))
    work()
    assert receiver.events[-1]["type"] == "webhook.test"
    assert "A test: this works." in anna.get(one).content.decode()
    saved = anna.post(one, {"address": receiver.address + "2"})
    assert saved.status_code == 302
    assert Endpoint.objects.get().kinds == []
    assert anna.post(page("remove", uid, endpoint.uid)).status_code == 302
    assert not Endpoint.objects.exists()


def test_dead_letters_are_shown_with_their_reason(cast: Cast, receiver: Receiver) -> None:
    anna, uid = browser(cast.anna), cast.nordwerk.uid
    endpoint, _ = add(cast, receiver.address, (RENAMED,))
    dead = page("dead_letters", uid)
    assert "Everything arrived" in anna.get(dead).content.decode()
    happen(cast, 3)
    Delivery.objects.update(
        state="dead", reason="status", status=500, attempts=8, excerpt="<script>alert(1)</script>"
    )
    shown = anna.get(dead).content.decode()
    assert shown.count("The program answered with status 500.") == 3
    assert "<script>alert" not in shown
    first, second, _ = Delivery.objects.order_by("seq")
    assert anna.post(page("resend", uid, endpoint.uid, first.uid)).status_code == 302
    assert anna.post(page("discard", uid, endpoint.uid, second.uid)).status_code == 302
    assert Delivery.objects.filter(state="dead").count() == 1
    assert anna.post(page("resend_all", uid, endpoint.uid)).status_code == 302
    work()
    assert len(receiver.events) == 2
    happen(cast, start=9)
    Delivery.objects.filter(state="pending").update(state="dead")
    assert anna.post(page("discard_all", uid, endpoint.uid)).status_code == 302
    assert not Delivery.objects.filter(state="dead").exists()


def every_address(uid: object, endpoint: object, delivery: object) -> list[tuple[str, str]]:
    found = []
    own = {"uid": uid, "endpoint": endpoint, "webhook": endpoint, "delivery": delivery}
    operations = api_operations()
    for name in sorted(WEBHOOKS):
        wanted = {key: own[key] for key in own if re.search(rf"[<:]{key}>", all_routes()[name])}
        path = reverse(name, kwargs=wanted)
        methods = operations[name] if name.startswith("api:") else ("GET", "POST")
        found += [(method, path) for method in methods]
    return found


def test_everybody_else_is_told_there_is_no_such_page(cast: Cast, receiver: Receiver) -> None:
    endpoint, _ = add(cast, receiver.address, (RENAMED,))
    happen(cast)
    Delivery.objects.update(state="dead")
    letter = Delivery.objects.get().uid
    real = every_address(cast.nordwerk.uid, endpoint.uid, letter)
    none = every_address(ANY, ANY, ANY)
    before = list(Endpoint.objects.values()), list(Delivery.objects.values())
    body = {"address": "https://9.9.9.9/", "paused": True}
    for actor in (cast.ben, cast.clara, cast.dora, cast.greta):
        client, call = browser(actor), program(actor)
        for (method, path), (_, nothing) in zip(real, none, strict=True):
            if path.startswith("/api/"):
                sent = (
                    {"address": body["address"]}
                    if path.endswith(("webhooks", str(endpoint.uid)))
                    else None
                )
                sent = {"paused": True} if path.endswith("paused") else sent
                answers = [call(method, one, sent) for one in (path, nothing)]
            elif method == "GET":
                answers = [client.get(path), client.get(nothing)]
            else:
                answers = [
                    client.post(one, {"address": body["address"]}) for one in (path, nothing)
                ]
            assert answers[0].status_code == answers[1].status_code, (method, path)
            assert answers[0].status_code in {404, 405}, (method, path, answers[0].content)
    nobody = Client()
    for method, path in real:
        answer = nobody.generic(method, path)
        assert answer.status_code in {302, 401, 405}, (method, path)
    assert (list(Endpoint.objects.values()), list(Delivery.objects.values())) == before


def test_a_program_manages_webhooks(cast: Cast, receiver: Receiver) -> None:
    call, base = program(cast.anna), f"/api/v1/organisations/{cast.nordwerk.uid}/webhooks"
    assert RENAMED in call("GET", "/api/v1/events").json()
    made = call("POST", base, {"address": receiver.address, "kinds": [RENAMED]})
    assert made.status_code == 201
    found = made.json()
    one = f"{base}/{found['uid']}"
    assert found["secret"].startswith("whsec_")
    assert "secret" not in call("GET", one).json()
    assert [w["uid"] for w in call("GET", base).json()] == [found["uid"]]
    rotated = call("POST", f"{one}/secret").json()["secret"]
    assert rotated != found["secret"]
    assert call("POST", f"{one}/test").status_code == 202
    work()
    (sent,) = call("GET", f"{one}/deliveries?state=delivered").json()
    assert (sent["kind"], sent["status"], sent["next_at"]) == ("webhook.test", 204, None)
    assert receiver.checked(rotated) == [sent["event"]]
    changed = call("PATCH", one, {"kinds": []}).json()
    assert (changed["kinds"], changed["address"]) == ([], receiver.address)
    assert call("PUT", f"{one}/paused", {"paused": True}).json()["paused"] == "owner"
    assert call("PUT", f"{one}/paused", {"paused": "yes"}).status_code == 422
    assert call("POST", f"{one}/test").json()["code"] == "paused"
    happen(cast, 2)
    Delivery.objects.filter(state="pending").update(state="dead")
    assert call("GET", one).json()["dead"] == Delivery.objects.filter(state="dead").count() == 2
    letters = call("GET", f"{one}/deliveries?state=dead").json()
    assert call("POST", f"{one}/dead/{letters[0]['uid']}/resend").json() == {"count": 1}
    assert call("DELETE", f"{one}/dead/{letters[-1]['uid']}").json() == {"count": 1}
    left = call("GET", one).json()["dead"]
    assert call("POST", f"{one}/dead/resend").json() == {"count": left}
    assert call("DELETE", f"{one}/dead").json() == {"count": 0}
    wrong = call("POST", base, {"address": "http://127.0.0.2:1/"})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "address")
    assert call("DELETE", one).status_code == 204
    assert call("GET", one).status_code == 404


@pytest.mark.parametrize(
    ("kind", "told", "german", "english"),
    [
        (RENAMED, {}, "Jemand hat die Organisation in … umbenannt.", "Somebody renamed the organisation to …"),
        (
            "rooms.answers.sealed",
            {"seat": "B", "fingerprint": "1de8 c375"},
            "Partei B hat versiegelt: 1de8 c375.",
            "Party B sealed its answers: 1de8 c375.",
        ),
        ("rooms.answers.sealed", {}, "… hat versiegelt: …", "… sealed its answers: …"),
        (
            "rooms.deadline.moved",
            {"deadline": "2026-12-01"},
            "Jemand hat die Frist auf 1. Dezember 2026 gelegt.",
            "Somebody moved the deadline to 1 December 2026.",
        ),
        ("rooms.round.started", {"round": 2}, "Jemand hat Runde 2 begonnen.", "Somebody started round 2."),
    ],
)  # fmt: skip
def test_an_event_reads_as_a_sentence(
    kind: str, told: dict[str, Any], german: str, english: str
) -> None:
    for language, words in (("de", german), ("en", english)):
        with translation.override(language):
            assert sentence(kind, told) == words
