"""What partners agree to."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from mutualist.apps.core.clock import now
from mutualist.apps.programme.models.programmes import NAME_LENGTH, Programme, Relation


class AgreementVersion(models.Model):
    """The partner agreement of a programme in one version; never changed once it is there."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="agreements")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=NAME_LENGTH)
    text = models.TextField()
    since = models.DateField()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "number"], name="agreement_number_once")
        ]


class Acceptance(models.Model):
    """Who accepted which version of the agreement for a partner, and when."""

    relation = models.ForeignKey(Relation, on_delete=models.CASCADE, related_name="acceptances")
    agreement = models.ForeignKey(AgreementVersion, on_delete=models.PROTECT, related_name="+")
    #: Who it was; empty once the person is erased: that the firm accepted, and when, stays.
    name = models.CharField(max_length=NAME_LENGTH, null=True)
    email = models.EmailField(null=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    accepted_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["-accepted_at"]
        constraints = [
            models.UniqueConstraint(fields=["relation", "agreement"], name="acceptance_once")
        ]
