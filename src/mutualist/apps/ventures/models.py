"""Tables of ventures: a venture, and its versions as they were saved."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from mutualist.apps.core.clock import now
from mutualist.apps.ventures.managers import VentureQuerySet
from mutualist.apps.ventures.private import PrivateFigures  # noqa: F401  (a table of this app)

NAME_LENGTH = 120


class Venture(models.Model):
    """A planned venture: of the parties of an opened room, or of one organisation."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=NAME_LENGTH)
    #: The template it began with: its words name drivers and terms.
    template = models.CharField(max_length=40)
    room = models.ForeignKey("rooms.Room", null=True, on_delete=models.CASCADE, related_name="+")
    organisation = models.ForeignKey(
        "identity.Organisation", null=True, on_delete=models.CASCADE, related_name="+"
    )
    created_at = models.DateTimeField(default=now)

    objects = VentureQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            # What composite references of other tables point at.
            models.UniqueConstraint(fields=["room", "id"], name="venture_of_its_room"),
            models.CheckConstraint(
                condition=Q(room__isnull=True) ^ Q(organisation__isnull=True),
                name="venture_of_a_room_or_an_organisation",
            ),
        ]


class Version(models.Model):
    """A venture as it was described at some time: the whole file."""

    venture = models.ForeignKey(Venture, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    #: The description file as text: PostgreSQL does not keep the order of the keys of an object.
    content = models.TextField()
    note = models.CharField(max_length=NAME_LENGTH, blank=True)
    #: The firm for which it was saved; people are named to their own side only.
    party = models.CharField(max_length=NAME_LENGTH)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    saved_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["venture", "number"], name="version_number_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="version_from_one"),
        ]
