"""Addresses of programs, what happened, and how far telling them has come."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from mutualist.apps.core.clock import now


class Endpoint(models.Model):
    """The address of an organisation's program that wants to hear what happens."""

    class Paused(models.TextChoices):
        """Why nothing is sent."""

        NO = ""
        OWNER = "owner"
        FAILING = "failing"
        GONE = "gone"

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(
        "identity.Organisation", on_delete=models.CASCADE, related_name="+"
    )
    address = models.CharField(max_length=500)
    #: Names of audit kinds; empty means all that the organisation may see.
    kinds = models.JSONField(default=list)
    key = models.BinaryField()
    secret = models.BinaryField()
    old_secret = models.BinaryField(default=b"")
    old_until = models.DateTimeField(null=True)
    paused = models.CharField(max_length=8, choices=Paused.choices, default="", blank=True)
    failing_since = models.DateTimeField(null=True)
    created = models.DateTimeField(default=now)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "address"], name="endpoint_once_per_organisation"
            )
        ]

    @property
    def place(self) -> bytes:
        """What its key and secrets are bound to."""
        return f"endpoint:{self.uid}".encode()


class Event(models.Model):
    """Something that happened, in the words programs are told; fixed when it is written."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    chain = models.CharField(max_length=80)
    seq = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=80)
    body = models.TextField()
    created = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["chain", "seq"], name="event_once_per_entry")
        ]


class Delivery(models.Model):
    """An event on its way to an endpoint."""

    class State(models.TextChoices):
        PENDING = "pending"
        DELIVERED = "delivered"
        DEAD = "dead"

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    endpoint = models.ForeignKey(Endpoint, on_delete=models.CASCADE, related_name="deliveries")
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="+")
    #: Those of the event: within a chain an endpoint hears one after the other.
    chain = models.CharField(max_length=80)
    seq = models.PositiveBigIntegerField()
    state = models.CharField(max_length=9, choices=State.choices, default=State.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(default=now)
    lease = models.CharField(max_length=32, blank=True)
    lease_until = models.DateTimeField(null=True)
    status = models.PositiveSmallIntegerField(null=True)
    reason = models.CharField(max_length=20, blank=True)
    detail = models.CharField(max_length=200, blank=True)
    excerpt = models.CharField(max_length=200, blank=True)
    created = models.DateTimeField(default=now)
    done_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["next_at"], name="delivery_due", condition=Q(state="pending")),
            models.Index(
                fields=["endpoint", "chain", "seq"],
                name="delivery_in_order",
                condition=Q(state="pending"),
            ),
            models.Index(fields=["endpoint", "state", "-id"], name="delivery_of_endpoint"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["endpoint", "event"], name="delivery_once"),
            models.CheckConstraint(
                condition=Q(state__in=["pending", "delivered", "dead"]),
                name="delivery_state_known",
            ),
            models.CheckConstraint(
                condition=Q(state="pending") | Q(lease=""), name="delivery_leased_while_pending"
            ),
        ]


class TaskRun(models.Model):
    """When a task of the clock last ran, and what came of it."""

    name = models.CharField(max_length=80, primary_key=True)
    started = models.DateTimeField(null=True)
    ended = models.DateTimeField(null=True)
    succeeded = models.DateTimeField(null=True)
    count = models.PositiveIntegerField(default=0)
    failures = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=200, blank=True)
    lease_until = models.DateTimeField(null=True)
