"""Tables of people's rights: who was erased (as a digest), and which ends were announced."""

from __future__ import annotations

from django.db import models

from mutualist.apps.core.clock import now


class ErasedPerson(models.Model):
    """A mail address that was erased, as a keyed digest: a backup that is put back brings it back."""

    digest = models.CharField(max_length=64, unique=True)
    erased_at = models.DateTimeField(default=now)
    #: Tables whose files still hold what was deleted; none once they were wiped.
    unwiped = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ["erased_at"]


class OrganisationDeletion(models.Model):
    """An organisation that ends on a day everybody concerned was told."""

    organisation = models.OneToOneField(
        "identity.Organisation", on_delete=models.CASCADE, related_name="+"
    )
    requested_at = models.DateTimeField(default=now)
    due_on = models.DateField()


class RetentionNotice(models.Model):
    """A room whose parties were told that its time is over on a day."""

    class Kind(models.TextChoices):
        IDLE = "idle"
        CLOSED = "closed"

    room = models.ForeignKey("rooms.Room", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    due_on = models.DateField()
    sent_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["room", "kind"], name="retention_notice_once")
        ]
