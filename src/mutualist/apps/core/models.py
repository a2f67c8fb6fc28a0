from __future__ import annotations

from django.conf import settings
from django.db import models


class AuditHead(models.Model):
    """The end of one hash chain; locked while an entry is added, so no two share a number."""

    chain = models.CharField(max_length=80, primary_key=True)
    seq = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="")


class AuditEntry(models.Model):
    """One thing that was done. `body` is hashed and holds no personal data."""

    chain = models.CharField(max_length=80)
    seq = models.PositiveBigIntegerField()
    action = models.CharField(max_length=80, db_index=True)
    body = models.JSONField()
    prev_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)
    created = models.DateTimeField(db_index=True)
    audience = models.CharField(max_length=16)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["chain", "seq"]
        constraints = [
            models.UniqueConstraint(fields=["chain", "seq"], name="audit_entry_once_per_chain")
        ]


class AuditPersonal(models.Model):
    """Personal data of an entry, outside the hashed body so that it can be erased."""

    entry = models.OneToOneField(
        AuditEntry, primary_key=True, on_delete=models.CASCADE, related_name="personal"
    )
    salt = models.CharField(max_length=64)
    data = models.JSONField()


class OutboxMail(models.Model):
    """A mail that was not sent: no mail server is set, or it refused."""

    class State(models.TextChoices):
        KEPT = "kept"
        FAILED = "failed"

    to = models.CharField(max_length=320)
    subject = models.CharField(max_length=300)
    text = models.TextField()
    html = models.TextField(blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.KEPT)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created", "-pk"]


class IdempotencyKey(models.Model):
    """A write that was carried out once: whoever repeats it gets the same answer, not a second effect."""

    caller = models.CharField(max_length=80)
    key = models.CharField(max_length=255)
    request_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    #: Encrypted: an answer may hold what nobody else may read.
    answer = models.BinaryField()
    created = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["caller", "key"], name="idempotency_key_once")
        ]


class AuditAnchor(models.Model):
    """A chain's head that left this server: from then on nobody can rewrite what lies before it."""

    chain = models.CharField(max_length=80)
    seq = models.PositiveBigIntegerField()
    hash = models.CharField(max_length=64)
    signature = models.CharField(max_length=128)
    created = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["chain", "seq"], name="audit_anchor_once")]
