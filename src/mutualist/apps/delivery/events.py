"""From an entry of the audit log to the events programs are told, in the same transaction.

An event says that something happened, never what somebody answered: its data are cut down to the
names below, and personal data of the entry are not looked at.
"""

from __future__ import annotations

import json
import uuid
from typing import Any

from mutualist.apps.core import clock
from mutualist.apps.core.audit import Audience, kinds
from mutualist.apps.core.models import AuditEntry
from mutualist.apps.core.prepared import Prepared
from mutualist.apps.core.stream import source_of
from mutualist.apps.delivery.models import Delivery, Endpoint, Event

#: What of an entry's data leaves the house; a new name is a decision and not an accident.
TOLD = (
    *("round", "seat", "fingerprint", "as_of", "ruleset", "deadline", "count", "seats", "mode"),
    # Ids: what a program asks for next, with rights of its own.
    *("enquiry", "offer"),
)
HEARD: frozenset[Audience] = frozenset(("room", "seat", "host", "organisation"))
TEST = "webhook.test"


_any_endpoint = Prepared(lambda: Endpoint.objects.order_by().values_list("pk")[:1])


def kinds_to_hear() -> list[str]:
    """Return the names of all that an endpoint may ask for."""
    return sorted(kind.name for kind in kinds().values() if kind.audience in HEARD)


def follow(entry: AuditEntry) -> None:
    """Store an event for every endpoint that asked for it."""
    if entry.audience not in HEARD:
        return
    # Most installations have no endpoint at all: one small question, and that is it.
    if not _any_endpoint():
        return
    source = source_of(entry.chain, entry.audience)
    if source is None or not source.organisations:
        return
    wanted = [
        endpoint
        for endpoint in Endpoint.objects.filter(organisation__in=source.organisations)
        if (not endpoint.kinds or entry.action in endpoint.kinds)
        # A program need not be told what is done to its own address.
        and entry.body["object"] != ["delivery.endpoint", str(endpoint.pk)]
    ]
    if not wanted:
        return
    uid = uuid.uuid4()
    told = {name: value for name, value in entry.body["data"].items() if name in TOLD}
    event = Event.objects.create(
        uid=uid,
        chain=entry.chain,
        seq=entry.seq,
        kind=entry.action,
        body=body_of(uid, entry.action, source.name, entry.seq, entry.created.isoformat(), told),
        created=entry.created,
    )
    Delivery.objects.bulk_create(
        Delivery(endpoint=one, event=event, chain=entry.chain, seq=entry.seq, next_at=clock.now())
        for one in wanted
    )


def body_of(
    uid: uuid.UUID, kind: str, source: str, seq: int, created: str, told: dict[str, Any]
) -> str:
    """Return the JSON a program is sent."""
    said = {
        "id": str(uid),
        "type": kind,
        "timestamp": created,
        "source": source,
        "sequence": seq,
        "data": told,
    }
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


def test_event(endpoint: Endpoint) -> Delivery:
    """Store an event that only says that this works."""
    chain, moment, uid = f"endpoint:{endpoint.uid}", clock.now(), uuid.uuid4()
    seq = 1 + Event.objects.filter(chain=chain).count()
    source = f"webhook:{endpoint.uid}"
    event = Event.objects.create(
        uid=uid,
        chain=chain,
        seq=seq,
        kind=TEST,
        body=body_of(uid, TEST, source, seq, moment.isoformat(), {}),
        created=moment,
    )
    return Delivery.objects.create(
        endpoint=endpoint, event=event, chain=chain, seq=seq, next_at=moment
    )
