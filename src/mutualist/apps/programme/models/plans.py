"""Ways to a level that vendor and partner walk."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from mutualist.apps.programme.models.programmes import Contact, Relation


class Plan(models.Model):
    """A way to a level that vendor and partner have agreed to walk: a checklist both see and tick off."""

    relation = models.ForeignKey(Relation, on_delete=models.CASCADE, related_name="plans")
    #: Id of the level, and what it is called in each language.
    level = models.CharField(max_length=60)
    words = models.JSONField(default=dict)
    begun = models.DateField()
    #: The day it was given up or another one took its place.
    ended = models.DateField(null=True)

    class Meta:
        ordering = ["-begun", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["relation"], condition=Q(ended=None), name="plan_open_once"
            )
        ]


class PlanStep(models.Model):
    """Something to do of a plan: by when, by whom, and when it was done."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="steps")
    number = models.PositiveIntegerField()
    #: Id of the action in the rules, and what it is called in each language.
    action = models.CharField(max_length=60)
    words = models.JSONField(default=dict)
    due = models.DateField()
    contact = models.ForeignKey(Contact, null=True, on_delete=models.SET_NULL, related_name="+")
    done = models.DateField(null=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="plan_step_number_once")
        ]
