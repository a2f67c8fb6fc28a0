"""What is known of partners, and what it came with."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from mutualist.apps.core.clock import now
from mutualist.apps.programme.models.programmes import NAME_LENGTH, Programme, Relation


class FactImport(models.Model):
    """Facts that came together, as a file or by a program: waiting to be looked at, stored, or taken back."""

    class State(models.TextChoices):
        """What became of them."""

        WAITING = "waiting"
        STORED = "stored"
        TAKEN_BACK = "taken_back"

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="fact_imports")
    table = models.CharField(max_length=60)
    #: Empty where a program sent the facts.
    file_name = models.CharField(max_length=NAME_LENGTH, blank=True)
    #: The file, compressed, as long as it waits.
    content = models.BinaryField(null=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    rows = models.PositiveIntegerField(default=0)
    added = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    #: When it came, and from when it is stored.
    at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["programme", "table", "state"])]


class FactRow(models.Model):
    """One fact about a partner, of one of the tables that the rules name."""

    relation = models.ForeignKey(Relation, on_delete=models.CASCADE, related_name="facts")
    table = models.CharField(max_length=60)
    #: The id the fact has where it comes from: importing it again changes it instead of doubling it.
    external_id = models.CharField(max_length=80)
    #: Day of the fact, for windows and lists.
    day = models.DateField()
    values = models.JSONField()
    imported_at = models.DateTimeField(default=now)
    #: What it came with, or was last changed by.
    source = models.ForeignKey(
        FactImport, null=True, on_delete=models.SET_NULL, related_name="facts"
    )

    class Meta:
        ordering = ["relation", "table", "day", "external_id"]
        constraints = [
            models.UniqueConstraint(
                fields=["relation", "table", "external_id"], name="fact_external_id_once"
            )
        ]


class FactBefore(models.Model):
    """What an import replaced, for as long as it can be taken back."""

    source = models.ForeignKey(FactImport, on_delete=models.CASCADE, related_name="replaced")
    fact = models.ForeignKey(FactRow, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    values = models.JSONField()
    imported_at = models.DateTimeField()
    #: What the replaced fact had come with.
    earlier = models.ForeignKey(FactImport, null=True, on_delete=models.SET_NULL, related_name="+")
