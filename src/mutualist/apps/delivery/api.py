"""The JSON API of webhooks: for owners of an organisation, the same actions as the page."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Status

from mutualist.apps.core.asking import actor_of
from mutualist.apps.core.schemas import REFUSED
from mutualist.apps.delivery import actions, queries
from mutualist.apps.delivery import schemas as s
from mutualist.apps.delivery.events import kinds_to_hear

router = Router(tags=["webhooks"])
BASE = "/organisations/{uid}/webhooks"
ONE = BASE + "/{webhook}"


def _one(request: HttpRequest, uid: UUID, webhook: UUID) -> s.WebhookOut:
    return s.WebhookOut.of(queries.endpoint_for(actor_of(request), uid, webhook))


def _with_secret(request: HttpRequest, uid: UUID, webhook: UUID, secret: str) -> s.NewWebhookOut:
    return s.NewWebhookOut(secret=secret, **_one(request, uid, webhook).dict())


@router.get("/events", response={200: list[str], **REFUSED}, summary="Kinds of events")
def list_kinds(request: HttpRequest) -> Any:  # noqa: ARG001
    """Return the names of everything a webhook may ask for."""
    return kinds_to_hear()


@router.get(BASE, response={200: list[s.WebhookOut], **REFUSED}, summary="Webhooks")
def list_webhooks(request: HttpRequest, uid: UUID) -> Any:
    """Return the webhooks of an organisation you own."""
    return [s.WebhookOut.of(one) for one in queries.endpoints_of(actor_of(request), uid)]


@router.post(BASE, response={201: s.NewWebhookOut, **REFUSED}, summary="Add a webhook")
def add_webhook(request: HttpRequest, uid: UUID, body: s.WebhookIn) -> Any:
    """Add a webhook; its secret is in this answer and never given again."""
    made, secret = actions.add_endpoint(
        uid, address=body.address, kinds=body.kinds, actor=actor_of(request)
    )
    return Status(201, _with_secret(request, uid, made.uid, secret))


@router.get(ONE, response={200: s.WebhookOut, **REFUSED}, summary="A webhook")
def get_webhook(request: HttpRequest, uid: UUID, webhook: UUID) -> Any:
    """Return how a webhook fares."""
    return _one(request, uid, webhook)


@router.patch(ONE, response={200: s.WebhookOut, **REFUSED}, summary="Change a webhook")
def change_webhook(request: HttpRequest, uid: UUID, webhook: UUID, body: s.WebhookChangeIn) -> Any:
    """Change address or kinds."""
    actions.change_endpoint(
        uid, webhook, address=body.address, kinds=body.kinds, actor=actor_of(request)
    )
    return _one(request, uid, webhook)


@router.delete(ONE, response={204: None, **REFUSED}, summary="Remove a webhook")
def remove_webhook(request: HttpRequest, uid: UUID, webhook: UUID) -> Any:
    """Remove a webhook with everything that waits for it."""
    actions.remove_endpoint(uid, webhook, actor=actor_of(request))
    return Status(204, None)


@router.post(ONE + "/secret", response={200: s.NewWebhookOut, **REFUSED}, summary="A new secret")
def rotate_secret(request: HttpRequest, uid: UUID, webhook: UUID) -> Any:
    """Give a new secret; for 24 hours requests carry a signature of the old one as well."""
    found, secret = actions.rotate_secret(uid, webhook, actor=actor_of(request))
    return _with_secret(request, uid, found.uid, secret)


@router.put(ONE + "/paused", response={200: s.WebhookOut, **REFUSED}, summary="Pause or resume")
def pause_webhook(request: HttpRequest, uid: UUID, webhook: UUID, body: s.PausedIn) -> Any:
    """Send nothing for now, or go on with what waited."""
    act = actions.pause_endpoint if body.paused else actions.resume_endpoint
    act(uid, webhook, actor=actor_of(request))
    return _one(request, uid, webhook)


@router.post(ONE + "/test", response={202: s.DeliveryOut, **REFUSED}, summary="Send a test")
def test_webhook(request: HttpRequest, uid: UUID, webhook: UUID) -> Any:
    """Send an event that only says that this works."""
    made = actions.send_test(uid, webhook, actor=actor_of(request))
    return Status(202, s.DeliveryOut.of(made))


@router.get(ONE + "/deliveries", response={200: list[s.DeliveryOut], **REFUSED}, summary="Sent")
def list_deliveries(
    request: HttpRequest, uid: UUID, webhook: UUID, state: s.State | None = None
) -> Any:
    """Return the newest 50 events sent to a webhook, or waiting; `state` picks some."""
    endpoint = queries.endpoint_for(actor_of(request), uid, webhook)
    return [s.DeliveryOut.of(one) for one in queries.deliveries_of(endpoint, state or "")]


@router.post(
    ONE + "/dead/resend", response={200: s.CountOut, **REFUSED}, summary="Send all dead letters"
)
def resend_all(request: HttpRequest, uid: UUID, webhook: UUID) -> Any:
    """Send everything again that could not be delivered."""
    return {"count": actions.resend(uid, webhook, actor=actor_of(request))}


@router.delete(ONE + "/dead", response={200: s.CountOut, **REFUSED}, summary="Discard dead letters")
def discard_all(request: HttpRequest, uid: UUID, webhook: UUID) -> Any:
    """Throw everything away that could not be delivered."""
    return {"count": actions.discard(uid, webhook, actor=actor_of(request))}


@router.post(
    ONE + "/dead/{delivery}/resend", response={200: s.CountOut, **REFUSED}, summary="Send again"
)
def resend_one(request: HttpRequest, uid: UUID, webhook: UUID, delivery: UUID) -> Any:
    """Send one event again that could not be delivered."""
    return {"count": actions.resend(uid, webhook, delivery, actor=actor_of(request))}


@router.delete(
    ONE + "/dead/{delivery}", response={200: s.CountOut, **REFUSED}, summary="Discard one"
)
def discard_one(request: HttpRequest, uid: UUID, webhook: UUID, delivery: UUID) -> Any:
    """Throw one event away that could not be delivered."""
    return {"count": actions.discard(uid, webhook, delivery, actor=actor_of(request))}
