"""Programmes, their rules and partners, and who comes for a partner."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from mutualist.apps.core.clock import now
from mutualist.apps.programme.managers import ProgrammeQuerySet, RelationQuerySet

NAME_LENGTH = 120


class Programme(models.Model):
    """A vendor's partner programme."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(
        "identity.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    name = models.CharField(max_length=NAME_LENGTH)
    #: In addresses that strangers see: the partner finder and the application.
    slug = models.SlugField(max_length=60, unique=True)
    language = models.CharField(max_length=2, choices=settings.LANGUAGES, default="de")
    #: What a new partner does before it is active, by kind of partner; empty: agreement, profile, contact.
    checklist = models.JSONField(default=list)
    created_at = models.DateTimeField(default=now)

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]


class RuleSetVersion(models.Model):
    """The rules of a programme for a time; never changed once they have been in force."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="rule_sets")
    number = models.PositiveIntegerField()
    #: The rule file as it was written.
    content = models.TextField()
    #: First and last day it is in force.
    since = models.DateField()
    until = models.DateField(null=True)
    note = models.CharField(max_length=NAME_LENGTH, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    saved_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["-since", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "number"], name="rules_number_once"),
            models.UniqueConstraint(fields=["programme", "since"], name="rules_since_once"),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="rules_dates_in_order"
            ),
        ]


class Relation(models.Model):
    """A partner firm in a programme."""

    class State(models.TextChoices):
        """Where a partner stands towards the programme."""

        APPLIED = "applied"
        ONBOARDING = "onboarding"
        ACTIVE = "active"
        SUSPENDED = "suspended"
        ENDED = "ended"
        REFUSED = "refused"

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="relations")
    #: The partner's organisation here; many partners never have an account.
    organisation = models.ForeignKey(
        "identity.Organisation", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    #: The id the vendor's own systems know the partner by.
    external_id = models.CharField(max_length=80, blank=True)
    name = models.CharField(max_length=NAME_LENGTH)
    kind = models.CharField(max_length=40, blank=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.ACTIVE)
    #: Since when and why; the partner reads the reason.
    state_since = models.DateField(null=True)
    state_reason = models.CharField(max_length=300, blank=True)
    #: The firm this one belongs to, where both are partners.
    parent = models.ForeignKey(
        "self", null=True, on_delete=models.SET_NULL, related_name="children"
    )
    #: Steps of the checklist that are done, each with its day.
    steps_done = models.JSONField(default=dict)
    country = models.CharField(max_length=2, default="DE")
    postal_code = models.CharField(max_length=10, blank=True)
    place = models.CharField(max_length=NAME_LENGTH, blank=True)
    website = models.CharField(max_length=200, blank=True)
    domain = models.CharField(max_length=120, blank=True)
    vat_id = models.CharField(max_length=20, blank=True)
    register_number = models.CharField(max_length=60, blank=True)
    languages = models.JSONField(default=list)
    abilities = models.JSONField(default=list)
    #: Countries and postal code areas served besides the near ones.
    areas = models.JSONField(default=list)
    #: Enquiries a month that the partner wants at most; none: as they come.
    capacity = models.PositiveIntegerField(null=True)
    #: Whether customers may find the partner in the public finder.
    in_finder = models.BooleanField(default=False)
    #: Fields that the rules ask of partners: staff, track, enrolled …
    profile = models.JSONField(default=dict)
    level = models.CharField(max_length=60, blank=True)
    level_since = models.DateField(null=True)
    last_contact = models.DateField(null=True)
    joined = models.DateField(null=True)
    #: What was found when it was last looked ahead: the day the level is in danger, the first day a fact
    #: runs out, and how many do so soon. None: not looked at since something changed.
    looked_on = models.DateField(null=True)
    falls_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    endings = models.PositiveIntegerField(default=0)
    #: The day on which the level was last found to be what is earned, that level, and a digest of what it followed
    #: from; None: not so. Whoever is still the same need not be looked at alone.
    settled_on = models.DateField(null=True)
    settled_level = models.CharField(max_length=60, blank=True)
    settled_stamp = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(default=now)

    objects = RelationQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        indexes = [
            models.Index(fields=["programme", "state", "name"]),
            models.Index(fields=["programme", "name"]),
            models.Index(fields=["programme", "falls_on"]),
            models.Index(fields=["programme", "ends_on"]),
            models.Index(fields=["programme", "looked_on"]),
        ]
        constraints = [
            # What composite references of other tables point at.
            models.UniqueConstraint(fields=["programme", "id"], name="relation_of_its_programme"),
            models.UniqueConstraint(
                fields=["programme", "external_id"],
                condition=~Q(external_id=""),
                name="relation_external_id_once",
            ),
            models.UniqueConstraint(
                fields=["programme", "organisation"], name="relation_organisation_once"
            ),
        ]


class Contact(models.Model):
    """A person of a partner firm, who comes by mailed links."""

    relation = models.ForeignKey(Relation, on_delete=models.CASCADE, related_name="contacts")
    name = models.CharField(max_length=NAME_LENGTH)
    email = models.EmailField()
    language = models.CharField(max_length=2, choices=settings.LANGUAGES, default="de")
    #: What they are written to about: enquiries, projects, money, levels.
    topics = models.JSONField(default=list)
    created_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["relation", "email"], name="contact_mail_once")
        ]


class PartnerLink(models.Model):
    """A mailed link to a partner's page; only its digest is stored."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="links")
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    #: When it was last followed, to the hour.
    used_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]


class RelationRoom(models.Model):
    """A room that vendor and partner opened from their relation; who may enter it the room decides."""

    relation = models.ForeignKey(Relation, on_delete=models.CASCADE, related_name="rooms")
    room_uid = models.UUIDField(unique=True)
    opened_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["-pk"]


class PartnerNote(models.Model):
    """What the vendor's people note about a partner for each other; the partner never reads it."""

    relation = models.ForeignKey(Relation, on_delete=models.CASCADE, related_name="notes")
    text = models.CharField(max_length=2000)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    written_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["-written_at", "-pk"]
