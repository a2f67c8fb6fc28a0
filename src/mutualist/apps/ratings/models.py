"""Tables of ratings: rounds of half a year, and what each side said in them."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from mutualist.apps.core.clock import now
from mutualist.apps.ratings.managers import RatingQuerySet, RoundQuerySet
from mutualist.domain.programme.rating.publishing import MAX_COMMENT


class Round(models.Model):
    """A half-year of one partner; whoever rates locks this row first, so that both come one after the other."""

    relation = models.ForeignKey("programme.Relation", on_delete=models.CASCADE, related_name="+")
    period = models.CharField(max_length=10)
    opens = models.DateField()
    closes = models.DateField()

    objects = RoundQuerySet.as_manager()

    class Meta:
        ordering = ["-opens"]
        constraints = [
            models.UniqueConstraint(fields=["relation", "period"], name="rating_round_once")
        ]


class Rating(models.Model):
    """What one side says about the other in a round."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="ratings")
    side = models.CharField(max_length=8)
    stars = models.JSONField()
    comment = models.TextField(blank=True, max_length=MAX_COMMENT)
    given_on = models.DateField()
    given_at = models.DateTimeField(default=now)

    objects = RatingQuerySet.as_manager()

    class Meta:
        ordering = ["round", "side"]
        constraints = [
            models.UniqueConstraint(fields=["round", "side"], name="rating_side_once"),
            models.CheckConstraint(
                condition=Q(side__in=["vendor", "partner"]), name="rating_side_known"
            ),
        ]


class Promise(models.Model):
    """What one side of a programme promised the other: a number a period, or a time limit. It ends, it is never changed."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    programme = models.ForeignKey("programme.Programme", on_delete=models.CASCADE, related_name="+")
    #: What is counted or timed; it says whose promise it is.
    about = models.CharField(max_length=12)
    every = models.CharField(max_length=10)
    at_least = models.PositiveIntegerField(null=True)
    hours = models.PositiveIntegerField(null=True)
    #: Which part has to be in time, in per cent.
    share = models.PositiveSmallIntegerField(default=100)
    first = models.DateField()
    last = models.DateField(null=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    saved_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["about", "-first", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(at_least=None) ^ Q(hours=None), name="promise_number_or_time"
            ),
            models.CheckConstraint(
                condition=Q(last=None) | Q(last__gte=F("first")), name="promise_days_in_order"
            ),
            models.UniqueConstraint(
                fields=["programme", "about"], condition=Q(last=None), name="promise_open_once"
            ),
        ]
