"""Tables of registered projects: what a partner registers, what it withholds, what was found, what happened."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from mutualist.apps.core.clock import now
from mutualist.apps.core.fences import Command, PrivateModel
from mutualist.apps.core.isolation import Scope
from mutualist.apps.projects import fences
from mutualist.domain.programme.registration import Customer, State

NAME_LENGTH = 200
TITLE_LENGTH = 120
TEXT_LENGTH = 2000
HELD = Q(claim__isnull=False)
#: The keys by which candidates are found: columns of a registration.
BLOCKS = ("vat", "register", "domain", "name", "place", "sound")


class Protection(models.Model):
    """How a programme protects projects, as of a version; both sides may read it."""

    programme = models.ForeignKey("programme.Programme", on_delete=models.CASCADE, related_name="+")
    number = models.PositiveIntegerField()
    content = models.JSONField()
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    saved_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "number"], name="protection_number_once")
        ]


class Registration(PrivateModel):
    """A customer's project that a partner registered.

    ``claim`` stands where a registration is ahead of those that come later; of one customer, one registration of a
    programme has it, and the database holds to that.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    programme = models.ForeignKey("programme.Programme", on_delete=models.CASCADE, related_name="+")
    relation = models.ForeignKey("programme.Relation", on_delete=models.CASCADE, related_name="+")
    #: The id the project has in the partner's own system.
    external_id = models.CharField(max_length=80, blank=True)
    state = models.CharField(max_length=16, default=State.DRAFT.value)
    version = models.PositiveIntegerField(default=1)

    customer = models.CharField(max_length=NAME_LENGTH)
    country = models.CharField(max_length=2)
    postal_code = models.CharField(max_length=20, blank=True)
    domain = models.CharField(max_length=253, blank=True)
    vat = models.CharField(max_length=20, blank=True)
    register = models.CharField(max_length=120, blank=True)

    title = models.CharField(max_length=TITLE_LENGTH)
    need = models.CharField(max_length=TEXT_LENGTH, blank=True)
    expected_on = models.DateField(null=True)

    key_vat = models.CharField(max_length=20, blank=True)
    key_register = models.CharField(max_length=120, blank=True)
    key_domain = models.CharField(max_length=253, blank=True)
    key_name = models.CharField(max_length=NAME_LENGTH + 100, blank=True)
    key_place = models.CharField(max_length=40, blank=True)
    key_sound = models.CharField(max_length=NAME_LENGTH, blank=True)
    claim = models.CharField(max_length=2 * NAME_LENGTH, null=True)

    created_at = models.DateTimeField(default=now)
    submitted_at = models.DateTimeField(null=True)
    answer_by = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    disclosed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    protected_until = models.DateField(null=True)
    extensions = models.PositiveSmallIntegerField(default=0)
    #: What the partner gets of the terms, in per cent: a second registrant less.
    share = models.PositiveSmallIntegerField(default=100)
    #: The version of the rules, and the rules themselves: a later change is not for what was promised.
    rules = models.JSONField(default=dict)
    reason = models.CharField(max_length=30, blank=True)
    #: What the vendor says to the partner.
    answer = models.CharField(max_length=TEXT_LENGTH, blank=True)
    appeal = models.CharField(max_length=TEXT_LENGTH, blank=True)
    appealed_at = models.DateTimeField(null=True)
    #: When whom was written to last: vendor of a new one, vendor of a late one, partner of an end.
    told_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(null=True)
    extension_asked_at = models.DateTimeField(null=True)

    class Meta(PrivateModel.Meta):
        ordering = ["-created_at", "-pk"]
        indexes = [
            *(
                models.Index(
                    fields=["programme", f"key_{key}"], name=f"project_{key}", condition=HELD
                )
                for key in BLOCKS
            ),
            models.Index(fields=["programme", "state", "submitted_at"], name="project_queue"),
            models.Index(fields=["relation", "created_at"], name="project_of_partner"),
            models.Index(
                fields=["programme", "protected_until"], name="project_end", condition=HELD
            ),
        ]
        constraints = [
            # What composite references of other tables point at.
            models.UniqueConstraint(
                fields=["programme", "relation", "id"], name="project_of_its_partner"
            ),
            # Of one customer one registration is ahead; many may be without.
            models.UniqueConstraint(fields=["programme", "claim"], name="project_ahead_once"),
            models.UniqueConstraint(
                fields=["relation", "external_id"],
                condition=~Q(external_id=""),
                name="project_external_id_once",
            ),
            models.CheckConstraint(
                condition=Q(share__gte=0) & Q(share__lte=100), name="project_share_per_cent"
            ),
        ]

    @classmethod
    def fence(cls, scope: Scope, command: Command) -> Q:
        """Return which rows a scope reaches."""
        return fences.of_project(scope, command)

    def admitted(self, scope: Scope) -> bool:
        """Whether a scope may store this row."""
        return fences.admits(scope, self.relation_id)

    @property
    def reference(self) -> str:
        """What people call it on the telephone: it tells nothing about others."""
        return self.uid.hex[:8].upper()

    @property
    def who(self) -> Customer:
        """The customer, in normal forms."""
        return Customer(
            self.customer, self.country, self.postal_code, self.domain, self.vat, self.register
        )


class _Part(PrivateModel):
    """What belongs to one registration."""

    programme = models.ForeignKey("programme.Programme", on_delete=models.CASCADE, related_name="+")
    relation = models.ForeignKey("programme.Relation", on_delete=models.CASCADE, related_name="+")

    class Meta(PrivateModel.Meta):
        abstract = True


class Withheld(_Part):
    """Names of persons and amounts: encrypted, and not for the vendor before acceptance."""

    registration = models.OneToOneField(Registration, on_delete=models.CASCADE, related_name="+")
    key = models.BinaryField()
    ciphertext = models.BinaryField()

    class Meta(_Part.Meta):
        pass

    @classmethod
    def fence(cls, scope: Scope, command: Command) -> Q:
        """Return which rows a scope reaches."""
        return fences.of_withheld(scope, command)

    def admitted(self, scope: Scope) -> bool:
        """Whether a scope may store this row."""
        return fences.admits(scope, self.relation_id)


class Check(_Part):
    """What a registration met when it was submitted: for the vendor alone, also where it met nothing."""

    registration = models.OneToOneField(Registration, on_delete=models.CASCADE, related_name="+")
    #: Met registrations, the strongest first: number, uid, partner, decision, points, reasons.
    hits = models.JSONField(default=list)
    #: Of the points.
    points_version = models.CharField(max_length=40)
    checked_at = models.DateTimeField(default=now)
    #: What the vendor said about it: none, distinct, second, customer.
    ruling = models.CharField(max_length=12, blank=True)
    note = models.CharField(max_length=TEXT_LENGTH, blank=True)
    ruled_at = models.DateTimeField(null=True)

    class Meta(_Part.Meta):
        pass

    @classmethod
    def fence(cls, scope: Scope, command: Command) -> Q:
        """Return which rows a scope reaches."""
        return fences.of_check(scope, command)

    def admitted(self, scope: Scope) -> bool:
        """Whether a scope may store this row."""
        return fences.admits_vendor(scope, self.programme_id)


class Step(_Part):
    """What happened with a registration, with the time; never changed."""

    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(default=now)
    move = models.CharField(max_length=20)
    side = models.CharField(max_length=8)
    state = models.CharField(max_length=16)
    reason = models.CharField(max_length=30, blank=True)
    note = models.CharField(max_length=TEXT_LENGTH, blank=True)

    class Meta(_Part.Meta):
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["registration", "at"], name="project_history")]

    @classmethod
    def fence(cls, scope: Scope, command: Command) -> Q:
        """Return which rows a scope reaches."""
        return fences.of_step(scope, command)

    def admitted(self, scope: Scope) -> bool:
        """Whether a scope may store this row."""
        own = fences.admits(scope, self.relation_id)
        return own or fences.admits_vendor(scope, self.programme_id)


def values_of(row: Registration) -> dict[str, Any]:
    """Return what a partner wrote about customer and project, as it is kept."""
    names = ("customer", "country", "postal_code", "domain", "vat", "register", "title", "need")
    return {name: getattr(row, name) for name in names} | {"expected_on": row.expected_on}
