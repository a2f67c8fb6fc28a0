"""What a neutral host learns of results it may not see: sums over five rooms each."""

from __future__ import annotations

from django.db import models


class HostTally(models.Model):
    """The results of five opened rooms of a host, added up when the fifth was opened.

    A tally never changes afterwards, whatever becomes of its rooms: figures that moved when one of
    them is erased or shown to the host would give that one away, as a difference.
    """

    host = models.ForeignKey("identity.Organisation", on_delete=models.CASCADE, related_name="+")
    rooms = models.PositiveSmallIntegerField()
    kinds = models.JSONField()
    load = models.PositiveIntegerField()
    conflicts = models.JSONField()

    class Meta:
        ordering = ["pk"]
