"""Tables of enquiries: how a programme takes them in, what customers ask, who was asked to serve them."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from mutualist.apps.core.clock import now
from mutualist.apps.enquiries.managers import EnquiryQuerySet, OfferQuerySet

TEXT_LENGTH = 2000
NAME_LENGTH = 120


class Intake(models.Model):
    """How a programme hands enquiries out, and where its finder may be shown."""

    programme = models.OneToOneField(
        "programme.Programme", on_delete=models.CASCADE, related_name="+", primary_key=True
    )
    #: Hours a partner has for its answer.
    answer_hours = models.PositiveSmallIntegerField(default=48)
    #: After so many partners the vendor is asked.
    attempts = models.PositiveSmallIntegerField(default=3)
    #: Days after which what nobody takes is closed; it can be opened again.
    open_days = models.PositiveSmallIntegerField(default=60)
    #: Whether strangers see the finder.
    finder = models.BooleanField(default=True)
    #: Sites that may show the finder in a frame, such as https://www.nordwerk.example.
    origins = models.JSONField(default=list)


class Enquiry(models.Model):
    """What a customer asks a programme for."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    programme = models.ForeignKey("programme.Programme", on_delete=models.CASCADE, related_name="+")
    #: Where it came in: finder, hand, api, file.
    source = models.CharField(max_length=10)
    external_id = models.CharField(max_length=80, blank=True)
    company = models.CharField(max_length=NAME_LENGTH, blank=True)
    person = models.CharField(max_length=NAME_LENGTH, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    country = models.CharField(max_length=2)
    postal_code = models.CharField(max_length=10)
    text = models.CharField(max_length=TEXT_LENGTH, blank=True)
    abilities = models.JSONField(default=list)
    certificate = models.CharField(max_length=80, blank=True)
    language = models.CharField(max_length=5, blank=True)
    level = models.CharField(max_length=60, blank=True)
    #: The partner the customer chose in the finder; asked first.
    wanted = models.ForeignKey(
        "programme.Relation", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    status = models.CharField(max_length=10, default="received")
    #: The partner who is asked or has accepted.
    relation = models.ForeignKey(
        "programme.Relation", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    #: Why nobody is asked at present: conditions and how many partners fail each first.
    nobody = models.JSONField(default=dict)
    escalated_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=20, blank=True)
    note = models.CharField(max_length=TEXT_LENGTH, blank=True)
    #: When the customer agreed that a partner may be told and may write.
    consent_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=now)
    moved_at = models.DateTimeField(default=now)
    version = models.PositiveIntegerField(default=1)

    objects = EnquiryQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["programme", "status", "moved_at"])]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "external_id"],
                condition=~Q(external_id=""),
                name="enquiry_external_id_once",
            )
        ]


class Offer(models.Model):
    """An enquiry handed to a partner for a time."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    enquiry = models.ForeignKey(Enquiry, on_delete=models.CASCADE, related_name="offers")
    relation = models.ForeignKey("programme.Relation", on_delete=models.CASCADE, related_name="+")
    number = models.PositiveSmallIntegerField()
    offered_at = models.DateTimeField(default=now)
    due_at = models.DateTimeField()
    #: open, accepted, declined, lapsed, withdrawn, returned.
    state = models.CharField(max_length=10, default="open")
    answered_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=20, blank=True)
    note = models.CharField(max_length=TEXT_LENGTH, blank=True)
    #: Why this partner: score, parts, distance, and what kept the next ones back, as of then.
    why = models.JSONField(default=dict)

    objects = OfferQuerySet.as_manager()

    class Meta:
        ordering = ["-offered_at", "-pk"]
        indexes = [models.Index(fields=["relation", "offered_at"])]
        constraints = [
            models.UniqueConstraint(fields=["enquiry", "number"], name="offer_number_once"),
            models.UniqueConstraint(
                fields=["enquiry"], condition=Q(state="open"), name="offer_open_once"
            ),
        ]
