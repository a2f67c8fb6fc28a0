"""What the JSON API of webhooks takes and gives."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal, cast
from uuid import UUID

from ninja import Field, Schema

from mutualist.apps.core.schemas import In
from mutualist.apps.delivery.models import Delivery, Endpoint

State = Literal["pending", "delivered", "dead"]
Why = Literal["", "owner", "failing", "gone"]


class WebhookIn(In):
    """A new webhook; without kinds it hears everything the organisation may see."""

    address: str = Field(min_length=1, max_length=500)
    kinds: list[str] = Field(default_factory=list, max_length=100)


class WebhookChangeIn(In):
    """What is to change; what is not named stays."""

    address: str | None = Field(None, min_length=1, max_length=500)
    kinds: list[str] | None = Field(None, max_length=100)


class PausedIn(In):
    """Whether nothing is to be sent for now."""

    paused: bool = Field(strict=True)


class WebhookOut(Schema):
    """A webhook, how it fares, and what waits for it."""

    uid: UUID
    address: str
    kinds: list[str]
    paused: Why
    failing_since: datetime | None
    created: datetime
    waiting: int
    dead: int

    @staticmethod
    def of(endpoint: Any) -> WebhookOut:
        """Return what a program is told of an endpoint; never a secret."""
        one: Endpoint = endpoint
        return WebhookOut(
            uid=one.uid,
            address=one.address,
            kinds=one.kinds,
            paused=cast("Why", one.paused),
            failing_since=one.failing_since,
            created=one.created,
            waiting=getattr(one, "waiting", 0),
            dead=getattr(one, "dead", 0),
        )


class NewWebhookOut(WebhookOut):
    """A webhook with its secret, which is given this once."""

    secret: str


class DeliveryOut(Schema):
    """An event on its way to a webhook, and what came of the last try."""

    uid: UUID
    event: UUID
    kind: str
    sequence: int
    state: State
    attempts: int
    next_at: datetime | None
    status: int | None
    reason: str
    detail: str
    excerpt: str
    created: datetime

    @staticmethod
    def of(delivery: Delivery) -> DeliveryOut:
        """Return what a program is told of a delivery."""
        return DeliveryOut(
            uid=delivery.uid,
            event=delivery.event.uid,
            kind=delivery.event.kind,
            sequence=delivery.seq,
            state=cast("State", delivery.state),
            attempts=delivery.attempts,
            next_at=delivery.next_at if delivery.state == Delivery.State.PENDING else None,
            status=delivery.status,
            reason=delivery.reason,
            detail=delivery.detail,
            excerpt=delivery.excerpt,
            created=delivery.created,
        )


class CountOut(Schema):
    """How many events it concerned."""

    count: int
