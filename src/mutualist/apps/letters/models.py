"""Tables of letters: what was sent to whom, who wants none, what lies ahead of partners, addresses of calendars."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from mutualist.apps.core.clock import now


class Post(models.Model):
    """Which mails a programme sends by itself."""

    programme = models.OneToOneField(
        "programme.Programme", on_delete=models.CASCADE, related_name="+", primary_key=True
    )
    #: The weekly mail to partners, and that to the vendor's people.
    partners = models.BooleanField(default=True)
    vendor = models.BooleanField(default=True)


class Person(models.Model):
    """Somebody who is written to: a partner's contact, or a person of the vendor."""

    programme = models.ForeignKey("programme.Programme", on_delete=models.CASCADE, related_name="+")
    contact = models.ForeignKey(
        "programme.Contact", null=True, on_delete=models.CASCADE, related_name="+"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+"
    )

    class Meta:
        abstract = True


class Quiet(Person):
    """Somebody who does not want the weekly mail of a programme any more."""

    since = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "contact"], condition=~Q(contact=None), name="quiet_contact"
            ),
            models.UniqueConstraint(
                fields=["programme", "user"], condition=~Q(user=None), name="quiet_user"
            ),
        ]


class Sent(Person):
    """A mail that was written; its key is there once, so the mail is as well.

    The row is stored in the transaction that stores the mail: whoever is killed between the two leaves neither.
    """

    key = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=12)
    #: Of a weekly mail: figures as they were, to be compared a week later.
    figures = models.JSONField(default=dict)
    #: Whether there was something to say.
    went = models.BooleanField(default=True)
    sent_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["-sent_at", "-pk"]
        indexes = [models.Index(fields=["contact", "kind", "sent_at"])]


class Outlook(models.Model):
    """A level that a partner loses on a day if nothing happens, as of the last look."""

    relation = models.ForeignKey("programme.Relation", on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    level = models.CharField(max_length=60)
    then = models.CharField(max_length=60, blank=True)
    #: The day the level itself falls, by the rules about time.
    falls_on = models.DateField(null=True)

    class Meta:
        ordering = ["day", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["relation", "level", "day"], name="outlook_once")
        ]


class Feed(Person):
    """A secret address of a calendar; only its digest is stored."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    relation = models.ForeignKey(
        "programme.Relation", null=True, on_delete=models.CASCADE, related_name="+"
    )
    digest = models.CharField(max_length=64, unique=True)
    language = models.CharField(max_length=2, choices=settings.LANGUAGES, default="de")
    made_at = models.DateTimeField(default=now)
    read_on = models.DateField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-made_at", "-pk"]
