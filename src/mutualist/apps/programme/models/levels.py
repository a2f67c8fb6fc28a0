"""Which level a partner holds from when on, and which are to fall."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from mutualist.apps.core.clock import now
from mutualist.apps.programme.models.programmes import Relation, RuleSetVersion


class LevelChange(models.Model):
    """From which day on a partner holds a level, and why."""

    relation = models.ForeignKey(Relation, on_delete=models.CASCADE, related_name="level_changes")
    day = models.DateField()
    level = models.CharField(max_length=60, blank=True)
    rules = models.ForeignKey(
        RuleSetVersion, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    #: rise, review, override, rules, start.
    cause = models.CharField(max_length=20)
    reason = models.CharField(max_length=300, blank=True)
    recorded_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["-day", "-pk"]
        indexes = [models.Index(fields=["relation", "day"])]


class LevelProposal(models.Model):
    """A level that is to fall, until somebody of the vendor says yes or keeps it with a reason."""

    class State(models.TextChoices):
        """What became of it."""

        OPEN = "open"
        APPLIED = "applied"
        KEPT = "kept"
        #: Facts have changed so that it no longer holds.
        GONE = "gone"

    relation = models.ForeignKey(Relation, on_delete=models.CASCADE, related_name="proposals")
    day = models.DateField()
    before = models.CharField(max_length=60, blank=True)
    after = models.CharField(max_length=60, blank=True)
    why = models.CharField(max_length=20)
    rules = models.ForeignKey(
        RuleSetVersion, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    reason = models.CharField(max_length=300, blank=True)
    proposed_at = models.DateTimeField(default=now)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["day", "relation__name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["relation"], condition=Q(state="open"), name="proposal_open_once"
            )
        ]
