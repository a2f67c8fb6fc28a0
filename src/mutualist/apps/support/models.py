from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from mutualist.apps.core.clock import now


class SupportSession(models.Model):
    """An operator looks into a problem of one organisation or one person, for a limited time."""

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    operator = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="support_sessions"
    )
    organisation = models.ForeignKey(
        "identity.Organisation", null=True, on_delete=models.CASCADE, related_name="+"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+"
    )
    reason = models.CharField(max_length=300)
    begun = models.DateTimeField()
    ends = models.DateTimeField()
    ended = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-begun"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(organisation__isnull=True) ^ models.Q(person__isnull=True),
                name="support_about_one",
            )
        ]

    @property
    def is_open(self) -> bool:
        """Neither ended nor over."""
        return self.ended is None and now() < self.ends

    @property
    def about(self) -> str:
        """Whom it is about."""
        return str(self.organisation or self.person)

    @property
    def chain(self) -> str:
        """The log in which it stands."""
        if self.organisation_id is not None:
            return f"organisation:{self.organisation_id}"
        return f"person:{self.person_id}"
