"""From what happens to what a program hears: what is told, to whom, how it is signed."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path

import pytest
from django.db import transaction

from apps.delivery.receiver import Receiver
from apps.delivery.steps import add, happen, states, work
from apps.rooms.cast import Cast, come_in, invite_clara, open_two_sided, seal_short
from mutualist.apps.core.audit import timeline
from mutualist.apps.core.errors import ActionError, NotAllowed
from mutualist.apps.core.models import AuditEntry
from mutualist.apps.delivery import actions
from mutualist.apps.delivery.events import TOLD, kinds_to_hear
from mutualist.apps.delivery.models import Delivery, Endpoint, Event
from mutualist.apps.identity import actions as identity
from mutualist.apps.rooms import actions as rooms
from mutualist.library.webhooks import SignatureError, sign, verify

pytestmark = pytest.mark.django_db
DOCS = Path(__file__).resolve().parents[3] / "docs"


def test_a_program_hears_what_happened_and_can_check_it(cast: Cast, receiver: Receiver) -> None:
    _, secret = add(cast, receiver.address, ("identity.organisation.renamed",))
    happen(cast)
    assert receiver.requests == [], "nothing is sent while somebody waits for a page"
    assert work().delivered == 1
    (headers, body), (event,) = receiver.requests[0], receiver.events
    assert verify(headers, body, secret, now=time.time()) == event["id"] == headers["webhook-id"]
    assert event["type"] == "identity.organisation.renamed"
    assert event["source"] == f"organisation:{cast.nordwerk.uid}"
    assert event["sequence"] == AuditEntry.objects.get(action=event["type"]).seq
    assert headers["Content-Type"] == "application/json; charset=utf-8"
    assert states() == ["delivered"]


def test_an_event_stands_or_falls_with_its_action(cast: Cast, receiver: Receiver) -> None:
    add(cast, receiver.address, ("identity.organisation.renamed",))
    with transaction.atomic():
        happen(cast)
        assert Event.objects.count() == 1
        transaction.set_rollback(True)
    assert not Event.objects.exists()
    happen(cast)
    event, entry = Event.objects.get(), AuditEntry.objects.latest("pk")
    assert (event.chain, event.seq) == (entry.chain, entry.seq)


def test_no_name_of_a_person_leaves_the_house(cast: Cast, receiver: Receiver) -> None:
    add(cast, receiver.address)
    identity.invite_member(
        cast.nordwerk.uid, email="eva@secret.example", role="member", language="de", actor=cast.anna
    )
    room = open_two_sided(cast)
    guest = come_in(invite_clara(cast, room), cast.clara)
    seal_short(room, cast.anna)
    seal_short(room, guest)
    bodies = "".join(Event.objects.values_list("body", flat=True))
    assert len(Event.objects.values("kind").distinct()) >= 4
    for word in ("eva@", "Anna", "Clara", "clara@", "PumpenPuls", "Tauwerk"):
        assert word not in bodies, word
    for body in Event.objects.values_list("body", flat=True):
        assert set(json.loads(body)["data"]) <= set(TOLD)


def test_only_who_sees_it_in_the_timeline_hears_it(cast: Cast, receiver: Receiver) -> None:
    """Each event of an endpoint stands in the timeline of its organisation, and the other way."""
    heard = {}
    for name, owner in (("nordwerk", cast.anna), ("tauwerk", cast.clara), ("grauwerk", cast.dora)):
        heard[name], _ = actions.add_endpoint(
            getattr(cast, name).uid, address=receiver.address + name, actor=owner
        )
    room = open_two_sided(cast)
    guest = come_in(invite_clara(cast, room), cast.clara)
    rooms.claim_seat(actor=guest, room=room, organisation=cast.tauwerk)
    rooms.add_colleague(
        actor=cast.anna, room=room, name="Jonas", email="j@nordwerk.example", language="de"
    )
    seal_short(room, cast.anna)
    seal_short(room, guest)

    def sources(name: str) -> set[tuple[str, str]]:
        found = Delivery.objects.filter(endpoint=heard[name]).select_related("event")
        return {(one.event.kind, json.loads(one.event.body)["source"]) for one in found}

    own = f"room:{room.uid}"
    assert ("rooms.answers.sealed", own) in sources("nordwerk") & sources("tauwerk")
    assert ("rooms.colleague.invited", f"{own}:A") in sources("nordwerk")
    assert not any(source == f"{own}:A" for _, source in sources("tauwerk"))
    assert not any(source.startswith("room:") for _, source in sources("grauwerk"))
    assert not any(kind == "rooms.answers.saved" for kind, _ in sources("nordwerk"))
    shown = {e.action for e in timeline(f"room:{room.pk}", audiences=["room", "host"], limit=99)}
    assert {kind for kind, source in sources("nordwerk") if source == own} <= shown


def test_kinds_nobody_may_see_cannot_be_asked_for(cast: Cast, receiver: Receiver) -> None:
    assert "rooms.answers.saved" not in kinds_to_hear()
    for kind in ("rooms.answers.saved", "no.such.kind"):
        with pytest.raises(ActionError, match="kind"):
            add(cast, receiver.address, (kind,))


def test_an_old_secret_holds_for_a_day(cast: Cast, receiver: Receiver, clock) -> None:
    endpoint, old = add(cast, receiver.address, ("identity.organisation.renamed",))
    found, new = actions.rotate_secret(cast.nordwerk.uid, endpoint.uid, actor=cast.anna)
    assert old != new
    happen(cast)
    work()
    assert receiver.checked(old) == receiver.checked(new)
    clock.forward(hours=25)
    happen(cast, start=5)
    work()
    headers, body = receiver.requests[-1]
    now = float(headers["webhook-timestamp"])
    assert verify(headers, body, new, now=now)
    with pytest.raises(SignatureError):
        verify(headers, body, old, now=now)
    assert old.encode() not in bytes(found.old_secret), "it is kept encrypted"


def test_a_signature_covers_id_time_and_body() -> None:
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    good = {
        "Webhook-Id": "evt-1",
        "Webhook-Timestamp": "1000000",
        "Webhook-Signature": "v1,AAAA " + sign(secret, "evt-1", 1_000_000, b"{}"),
    }
    assert verify(good, b"{}", secret, now=1_000_299.0) == "evt-1"
    wrong = [
        (good, b"{} ", 1_000_000),
        ({**good, "Webhook-Id": "evt-2"}, b"{}", 1_000_000),
        ({**good, "Webhook-Timestamp": "1000001"}, b"{}", 1_000_000),
        (good, b"{}", 1_000_301),
        (good, b"{}", 999_699),
        ({**good, "Webhook-Signature": "v1,ÄÖÜ"}, b"{}", 1_000_000),
        ({**good, "Webhook-Signature": ""}, b"{}", 1_000_000),
        ({**good, "Webhook-Timestamp": "²"}, b"{}", 1_000_000),
        ({}, b"{}", 1_000_000),
    ]
    for headers, body, now in wrong:
        with pytest.raises(SignatureError):
            verify(headers, body, secret, now=now)
    with pytest.raises(SignatureError):
        verify(good, b"{}", "whsec_" + "A" * 32, now=1_000_000)


def test_others_cannot_know_of_a_webhook(cast: Cast, receiver: Receiver) -> None:
    endpoint, _ = add(cast, receiver.address)
    uid = cast.nordwerk.uid
    for actor in (cast.ben, cast.clara, cast.dora, *cast.strangers):
        for act in (
            actions.rotate_secret,
            actions.pause_endpoint,
            actions.resume_endpoint,
            actions.remove_endpoint,
            actions.send_test,
            actions.resend,
            actions.discard,
            actions.change_endpoint,
        ):
            with pytest.raises(NotAllowed):
                act(uid, endpoint.uid, actor=actor)
        with pytest.raises(NotAllowed):
            actions.add_endpoint(uid, address=receiver.address, actor=actor)
    # An owner of another organisation reaches it by the own one's address neither.
    with pytest.raises(NotAllowed):
        actions.rotate_secret(cast.grauwerk.uid, endpoint.uid, actor=cast.dora)
    assert Endpoint.objects.count() == 1


def test_every_change_is_recorded_without_the_path(cast: Cast, receiver: Receiver) -> None:
    endpoint, _ = add(cast, receiver.address)
    uid = cast.nordwerk.uid
    actions.change_endpoint(uid, endpoint.uid, kinds=["rooms.room.opened"], actor=cast.anna)
    actions.rotate_secret(uid, endpoint.uid, actor=cast.anna)
    actions.send_test(uid, endpoint.uid, actor=cast.anna)
    actions.pause_endpoint(uid, endpoint.uid, actor=cast.anna)
    actions.resume_endpoint(uid, endpoint.uid, actor=cast.anna)
    actions.remove_endpoint(uid, endpoint.uid, actor=cast.anna)
    entries = AuditEntry.objects.filter(action__startswith="delivery.").order_by("seq")
    assert [e.action.rpartition(".")[2] for e in entries] == [
        *("added", "changed", "rotated", "tested", "paused", "resumed", "removed")
    ]
    assert all(entry.body["data"]["host"] == "127.0.0.1" for entry in entries)
    assert "/hook" not in json.dumps([entry.body for entry in entries])
    sentences = timeline(entries[0].chain, audiences=["organisation"])
    assert any("added a webhook to 127.0.0.1" in entry.sentence for entry in sentences)


def test_an_organisation_has_ten_at_most_and_none_twice(cast: Cast, receiver: Receiver) -> None:
    for number in range(10):
        add(cast, f"{receiver.address}&n={number}")
    with pytest.raises(ActionError, match="too_many"):
        add(cast, receiver.address)
    one = Endpoint.objects.first()
    actions.remove_endpoint(cast.nordwerk.uid, one.uid, actor=cast.anna)
    with pytest.raises(ActionError, match="address"):
        add(cast, f"{receiver.address}&n=5")


@pytest.mark.parametrize("lang", ["de", "en"])
def test_the_program_on_the_page_does_what_it_says(
    cast: Cast, receiver: Receiver, lang: str, capsys
) -> None:
    page = (DOCS / lang / "api.md").read_text(encoding="utf-8")
    names: dict = {}
    exec(re.search(r"```python\n(.*?)```", page, re.DOTALL)[1], names)
    _, secret = add(cast, receiver.address, ("identity.organisation.renamed",))
    happen(cast)
    work()
    headers, body = receiver.requests[0]
    assert names["receive"](headers, body, secret) == 204
    said = f"identity.organisation.renamed organisation:{cast.nordwerk.uid}\n"
    assert capsys.readouterr().out == said
    assert names["receive"](headers, body, secret) == 204
    assert capsys.readouterr().out == "", "a second copy has no second effect"
    assert names["receive"](headers, body + b" ", secret) == 401
    shown = json.loads(re.search(r"```json\n(\{\"id\".*?)```", page, re.DOTALL)[1])
    assert list(shown) == list(json.loads(body))
