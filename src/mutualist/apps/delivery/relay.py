"""How deliveries are taken, sent and settled: nothing is lost, and order is kept.

A delivery is taken by a lease: whoever holds it calls the endpoint, and settles what came of it
only while the lease is still theirs. A worker that is killed leaves its lease behind; when that
has run out, the next one takes the delivery over. So each event arrives at least once; programs
tell a second copy by its id. Of one chain an endpoint has never more than one event under way,
the eldest, so the events of a room arrive in their order.
"""

from __future__ import annotations

import logging
import random
import uuid
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Exists, F, Min, OuterRef, Q, QuerySet

from mutualist.apps.core import clock
from mutualist.apps.core.actor import Actor
from mutualist.apps.core.audit import record
from mutualist.apps.core.vault import VaultError
from mutualist.apps.delivery.addresses import host_of
from mutualist.apps.delivery.models import Delivery, Endpoint, Event
from mutualist.apps.delivery.notices import tell_owners
from mutualist.apps.delivery.secrets import signatures
from mutualist.apps.delivery.sending import Outcome, call

logger = logging.getLogger(__name__)
#: How long one call may take at most, name look-up included, before another worker takes over.
LEASE = timedelta(minutes=2)
#: Seconds between the tries: eight in about a day and a half, the first of them soon.
WAITS = (30, 300, 1800, 7200, 18000, 36000, 64800)
#: What an endpoint may ask us to wait at most.
LONGEST = 86400
#: An endpoint that took nothing for so long is paused when it costs an event.
PATIENCE = timedelta(hours=24)
KEPT = timedelta(days=30)
_random = random.SystemRandom()


def ready(moment: datetime) -> QuerySet[Delivery]:
    """Return the deliveries that may be tried now: due, not held, and the eldest of their chain.

    What lies further ahead than it ever can was written by a clock that has since been set back.
    """
    far = moment + timedelta(seconds=LONGEST)
    due = Q(next_at__lte=moment) | Q(next_at__gt=far)
    free = Q(lease="") | Q(lease_until__lte=moment) | Q(lease_until__gt=moment + LEASE)
    elder = Delivery.objects.filter(
        endpoint=OuterRef("endpoint"),
        chain=OuterRef("chain"),
        seq__lt=OuterRef("seq"),
        state=Delivery.State.PENDING,
    )
    pending = Delivery.objects.filter(state=Delivery.State.PENDING, endpoint__paused="")
    return pending.filter(due, free).exclude(Exists(elder))


def claim(limit: int) -> list[Delivery]:
    """Take deliveries to call now, one for each endpoint: a backlog or a slow one holds up nobody else."""
    moment, lease = clock.now(), uuid.uuid4().hex
    until = moment + LEASE
    wanted = _eldest_of_each(moment, limit)
    if not wanted:
        # Asked every second: nothing is locked where nothing is due.
        return []
    with transaction.atomic():
        rows = Delivery.objects.filter(pk__in=wanted)
        if connection.features.has_select_for_update_skip_locked:
            rows = rows.select_for_update(skip_locked=True)
        held = [
            delivery.pk
            for delivery in rows
            # Asked again in the statement that takes it: another worker may just have been quicker.
            if ready(moment)
            .filter(pk=delivery.pk)
            .update(lease=lease, lease_until=until, attempts=F("attempts") + 1)
        ]
    return list(
        Delivery.objects.filter(pk__in=held, lease=lease).select_related("event", "endpoint")
    )


def _eldest_of_each(moment: datetime, limit: int) -> list[int]:
    """Return one delivery for each endpoint that is not being called just now, longest due first."""
    called = Delivery.objects.filter(
        endpoint=OuterRef("endpoint"), lease_until__gt=moment, lease_until__lte=moment + LEASE
    )
    due = ready(moment).exclude(Exists(called))
    endpoints = due.order_by().values("endpoint").annotate(first=Min("next_at"))
    found = []
    for endpoint in endpoints.order_by("first").values_list("endpoint", flat=True)[:limit]:
        own = due.filter(endpoint=endpoint).order_by("next_at", "pk")
        found += list(own.values_list("pk", flat=True)[:1])
    return found


def deliver(delivery: Delivery) -> Outcome:
    """Call the endpoint; touches no table, so that many can be under way at a time."""
    event, endpoint = delivery.event, delivery.endpoint
    body, stamp = event.body.encode(), int(clock.now().timestamp())
    try:
        signed = signatures(endpoint, str(event.uid), stamp, body)
    except VaultError:
        return Outcome("key")
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "Mutualist-Webhook/1",
        "webhook-id": str(event.uid),
        "webhook-timestamp": str(stamp),
        "webhook-signature": signed,
    }
    return call(endpoint.address, headers, body)


def wait_after(attempts: int, outcome: Outcome) -> float:
    """Return the seconds until the next try: growing, spread by a fifth, and what was asked for."""
    wait = WAITS[min(attempts, len(WAITS)) - 1] * _random.uniform(0.8, 1.2)
    return min(max(wait, outcome.wait or 0), LONGEST)


@transaction.atomic
def settle(delivery: Delivery, outcome: Outcome) -> bool:
    """Note what came of a call; return False when the delivery was no longer ours to settle."""
    moment = clock.now()
    mine = Delivery.objects.filter(
        pk=delivery.pk, lease=delivery.lease, state=Delivery.State.PENDING
    )
    dead = not outcome.arrived and (outcome.reason == "gone" or delivery.attempts > len(WAITS))
    state = Delivery.State.DELIVERED if outcome.arrived else Delivery.State.PENDING
    changed = mine.update(
        state=Delivery.State.DEAD if dead else state,
        lease="",
        lease_until=None,
        next_at=moment + timedelta(seconds=0 if dead else wait_after(delivery.attempts, outcome)),
        status=outcome.status,
        reason=outcome.reason,
        detail=outcome.detail,
        excerpt=outcome.excerpt,
        done_at=moment if outcome.arrived or dead else None,
    )
    if not changed:
        return False
    if outcome.arrived:
        Endpoint.objects.filter(pk=delivery.endpoint_id).exclude(failing_since=None).update(
            failing_since=None
        )
    else:
        _failed(delivery, outcome, moment, dead=dead)
    return True


def _failed(delivery: Delivery, outcome: Outcome, moment: datetime, *, dead: bool) -> None:
    endpoints = Endpoint.objects.filter(pk=delivery.endpoint_id)
    endpoints.filter(failing_since=None).update(failing_since=moment)
    logger.warning(
        "delivery %s to %s, attempt %d: %s %s",
        delivery.uid,
        host_of(delivery.endpoint.address),
        delivery.attempts,
        outcome.reason,
        outcome.status or "",
    )
    if not dead:
        return
    endpoint = endpoints.select_for_update().get()
    since = endpoint.failing_since or moment
    if outcome.reason == "gone":
        _stop(endpoint, Endpoint.Paused.GONE, since)
    elif since <= moment - PATIENCE:
        _stop(endpoint, Endpoint.Paused.FAILING, since)


def _stop(endpoint: Endpoint, why: str, since: datetime) -> None:
    """Pause an endpoint that takes nothing, and tell those who can mend it."""
    if endpoint.paused:
        return
    endpoint.paused = why
    endpoint.save(update_fields=["paused"])
    record(
        "delivery.webhook.stopped",
        actor=Actor.system(),
        obj=endpoint,
        chain=f"organisation:{endpoint.organisation_id}",
        data={"host": host_of(endpoint.address)},
    )
    tell_owners(endpoint, since)


def forget_old() -> int:
    """Delete what was delivered or given up long ago; give up what waits for a paused endpoint."""
    limit = clock.now() - KEPT
    waiting = Delivery.objects.filter(state=Delivery.State.PENDING, created__lt=limit)
    waiting.exclude(endpoint__paused="").update(
        state=Delivery.State.DEAD, reason="paused", lease="", lease_until=None, done_at=clock.now()
    )
    done = Delivery.objects.filter(done_at__lt=limit).delete()[0]
    told = Exists(Delivery.objects.filter(event=OuterRef("pk")))
    Event.objects.filter(~told, created__lt=limit).delete()
    return done
