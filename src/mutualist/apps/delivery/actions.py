"""Every write to webhooks by people; only an organisation's owners may."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from mutualist.apps.core import clock
from mutualist.apps.core.actor import Actor
from mutualist.apps.core.audit import record
from mutualist.apps.core.errors import ActionError, NotAllowed
from mutualist.apps.delivery.addresses import check, host_of
from mutualist.apps.delivery.events import kinds_to_hear, test_event
from mutualist.apps.delivery.models import Delivery, Endpoint
from mutualist.apps.delivery.queries import owned_organisation
from mutualist.apps.delivery.secrets import give_secret
from mutualist.apps.identity.models import Organisation

MOST = 10
#: How long requests carry a signature of the old secret as well.
OVERLAP = timedelta(hours=24)


def _note(action: str, endpoint: Endpoint, actor: Actor, **data: object) -> None:
    record(
        action,
        actor=actor,
        obj=endpoint,
        chain=f"organisation:{endpoint.organisation_id}",
        data={"host": host_of(endpoint.address), **data},
    )


def _mine(actor: Actor, uid: UUID, endpoint: UUID) -> Endpoint:
    organisation = owned_organisation(actor, uid)
    found = (
        Endpoint.objects.select_for_update().filter(organisation=organisation, uid=endpoint).first()
    )
    if found is None:
        raise NotAllowed
    return found


def _clean_kinds(kinds: Iterable[str]) -> list[str]:
    wanted, known = sorted(set(kinds)), kinds_to_hear()
    for kind in wanted:
        if kind not in known:
            raise ActionError("kind", _("There is no event “{kind}”."), kind=kind[:80])
    return wanted


def _require_new(organisation: Organisation, address: str, but: int = 0) -> None:
    same = Endpoint.objects.filter(organisation=organisation, address=address).exclude(pk=but)
    if same.exists():
        raise ActionError("address", _("There is a webhook to this address already."))


@transaction.atomic
def add_endpoint(
    uid: UUID, *, address: str, kinds: Iterable[str] = (), actor: Actor
) -> tuple[Endpoint, str]:
    """Add a webhook; return it with its secret, which is shown this once.

    Parameters
    ----------
    kinds
        Names of what the program wants to hear; none means everything the organisation may see.
    """
    organisation = owned_organisation(actor, uid)
    # Two requests at a time must not both find room for one more.
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    if Endpoint.objects.filter(organisation=organisation).count() >= MOST:
        raise ActionError(
            "too_many", _("An organisation may have {most} webhooks. Remove one first."), most=MOST
        )
    address = check(address)
    _require_new(organisation, address)
    endpoint = Endpoint(organisation=organisation, address=address, kinds=_clean_kinds(kinds))
    secret = give_secret(endpoint)
    endpoint.save()
    _note("delivery.webhook.added", endpoint, actor)
    return endpoint, secret


@transaction.atomic
def change_endpoint(
    uid: UUID,
    endpoint: UUID,
    *,
    address: str | None = None,
    kinds: Iterable[str] | None = None,
    actor: Actor,
) -> Endpoint:
    """Change where a webhook goes or what it tells; what is not given stays."""
    found = _mine(actor, uid, endpoint)
    if address is not None and address.strip() != found.address:
        found.address = check(address)
        _require_new(found.organisation, found.address, found.pk)
        found.failing_since = None
    if kinds is not None:
        found.kinds = _clean_kinds(kinds)
    found.save(update_fields=["address", "kinds", "failing_since"])
    _note("delivery.webhook.changed", found, actor)
    return found


@transaction.atomic
def rotate_secret(uid: UUID, endpoint: UUID, *, actor: Actor) -> tuple[Endpoint, str]:
    """Give a webhook a new secret; for a day, requests are signed with the old one as well."""
    found = _mine(actor, uid, endpoint)
    found.old_secret, found.old_until = found.secret, clock.now() + OVERLAP
    secret = give_secret(found)
    found.save(update_fields=["secret", "old_secret", "old_until"])
    _note("delivery.webhook.rotated", found, actor)
    return found, secret


@transaction.atomic
def pause_endpoint(uid: UUID, endpoint: UUID, *, actor: Actor) -> Endpoint:
    """Send nothing for now; what happens meanwhile waits."""
    found = _mine(actor, uid, endpoint)
    if found.paused:
        return found
    found.paused = Endpoint.Paused.OWNER
    found.save(update_fields=["paused"])
    _note("delivery.webhook.paused", found, actor)
    return found


@transaction.atomic
def resume_endpoint(uid: UUID, endpoint: UUID, *, actor: Actor) -> Endpoint:
    """Go on; what waited is sent now, in its order."""
    found = _mine(actor, uid, endpoint)
    if not found.paused:
        return found
    found.paused, found.failing_since = Endpoint.Paused.NO, None
    found.save(update_fields=["paused", "failing_since"])
    waiting = Delivery.objects.filter(endpoint=found, state=Delivery.State.PENDING)
    waiting.update(next_at=clock.now(), attempts=0)
    _note("delivery.webhook.resumed", found, actor)
    return found


@transaction.atomic
def remove_endpoint(uid: UUID, endpoint: UUID, *, actor: Actor) -> None:
    """Remove a webhook with everything that waits for it."""
    found = _mine(actor, uid, endpoint)
    _note("delivery.webhook.removed", found, actor)
    found.delete()


@transaction.atomic
def send_test(uid: UUID, endpoint: UUID, *, actor: Actor) -> Delivery:
    """Send an event that only says that this works; one at a time."""
    found = _mine(actor, uid, endpoint)
    if found.paused:
        raise ActionError("paused", _("This webhook is paused. Resume it first."))
    chain = f"endpoint:{found.uid}"
    pending = Delivery.objects.filter(
        endpoint=found, chain=chain, state=Delivery.State.PENDING
    ).first()
    if pending is not None:
        # The last test still waits for its next try: that try is made now.
        Delivery.objects.filter(pk=pending.pk, lease="").update(next_at=clock.now(), attempts=0)
        return pending
    made = test_event(found)
    _note("delivery.webhook.tested", found, actor)
    return made


def _letters(found: Endpoint, delivery: UUID | None) -> QuerySet[Delivery]:
    dead = Delivery.objects.filter(endpoint=found, state=Delivery.State.DEAD)
    if delivery is None:
        return dead
    if not dead.filter(uid=delivery).exists():
        raise NotAllowed
    return dead.filter(uid=delivery)


@transaction.atomic
def resend(uid: UUID, endpoint: UUID, delivery: UUID | None = None, *, actor: Actor) -> int:
    """Send one undelivered event again, or all of them; they keep their ids and their order."""
    found = _mine(actor, uid, endpoint)
    moment = clock.now()
    count = _letters(found, delivery).update(
        state=Delivery.State.PENDING,
        attempts=0,
        next_at=moment,
        created=moment,
        done_at=None,
        lease="",
        lease_until=None,
    )
    if count:
        _note("delivery.letters.resent", found, actor, count=count)
    return count


@transaction.atomic
def discard(uid: UUID, endpoint: UUID, delivery: UUID | None = None, *, actor: Actor) -> int:
    """Throw one undelivered event away, or all of them."""
    found = _mine(actor, uid, endpoint)
    count, _rows = _letters(found, delivery).delete()
    if count:
        _note("delivery.letters.discarded", found, actor, count=count)
    return count
