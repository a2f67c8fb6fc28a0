"""What may be read of webhooks: an organisation's owners see theirs, nobody else does."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Count, Q, QuerySet

from mutualist.apps.core.actor import Actor
from mutualist.apps.core.errors import NotAllowed
from mutualist.apps.delivery.models import Delivery, Endpoint
from mutualist.apps.identity.models import Organisation
from mutualist.apps.identity.queries import organisation_for

SHOWN = 50


def owned_organisation(actor: Actor, uid: UUID) -> Organisation:
    """Load an organisation the actor owns."""
    return organisation_for(actor, uid, "owner")


def endpoints_of(actor: Actor, uid: UUID) -> QuerySet[Endpoint]:
    """Return the endpoints of an organisation the actor owns, with what waits and what is dead."""
    organisation = owned_organisation(actor, uid)
    state = Delivery.State
    return (
        Endpoint.objects.filter(organisation=organisation)
        .select_related("organisation")
        .annotate(
            waiting=Count("deliveries", filter=Q(deliveries__state=state.PENDING)),
            dead=Count("deliveries", filter=Q(deliveries__state=state.DEAD)),
        )
        .order_by("pk")
    )


def endpoint_for(actor: Actor, uid: UUID, endpoint: UUID) -> Endpoint:
    """Load one endpoint of an organisation the actor owns."""
    found = endpoints_of(actor, uid).filter(uid=endpoint).first()
    if found is None:
        raise NotAllowed
    return found


def deliveries_of(endpoint: Endpoint, state: str = "") -> QuerySet[Delivery]:
    """Return what was sent to an endpoint, or waits for it, newest first."""
    found = Delivery.objects.filter(endpoint=endpoint).select_related("event")
    return (found.filter(state=state) if state else found)[:SHOWN]


def dead_letters(actor: Actor, uid: UUID) -> QuerySet[Delivery]:
    """Return all events of an organisation that could not be delivered, newest first."""
    found = Delivery.objects.filter(
        endpoint__organisation=owned_organisation(actor, uid), state=Delivery.State.DEAD
    )
    return found.select_related("event", "endpoint")
