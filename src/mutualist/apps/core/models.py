from __future__ import annotations

import json
import uuid
from datetime import UTC
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from mutualist.apps.core.clock import now
from mutualist.apps.core.vault import Vault
from mutualist.domain.shared import Head


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
    """A mail on its way, written with the action that causes it and deleted once it is handed over.

    What it says is encrypted: its links let somebody in, and the database alone must not.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        KEPT = "kept"
        FAILED = "failed"

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    to = models.CharField(max_length=320, db_index=True)
    #: Wrapped key, and subject, text and form under it.
    key = models.BinaryField()
    content = models.BinaryField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.KEPT)
    created = models.DateTimeField(default=now)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    lease = models.CharField(max_length=32, blank=True)
    error = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-created", "-pk"]
        indexes = [
            models.Index(fields=["next_at"], name="mail_due", condition=Q(state="waiting")),
        ]

    @property
    def letter(self) -> dict[str, Any]:
        """What the mail says, decrypted."""
        place = f"mail:{self.uid}".encode()
        vault = Vault(bytes(self.key), place)
        letter: dict[str, Any] = json.loads(vault.decrypt(bytes(self.content), aad=place))
        return letter

    @property
    def subject(self) -> str:
        """The subject, in the clear."""
        said: str = self.letter["subject"]
        return said

    @property
    def text(self) -> str:
        """The text, in the clear."""
        said: str = self.letter["text"]
        return said

    @property
    def html(self) -> str:
        """The form with pictures and buttons, in the clear; empty when there is none."""
        said: str = self.letter["html"]
        return said


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

    def head(self, key: str) -> Head:
        """Return the head as it was signed; `key` is the public key of this installation."""
        moment = self.created.astimezone(UTC).isoformat(timespec="seconds")
        return Head(self.chain, self.seq, self.hash, moment, key, self.signature)


class KeyInUse(models.Model):
    """A key-encryption key this database was used with: its id, never the key. One is in use at a time."""

    id = models.CharField(max_length=16, primary_key=True)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)


class SigningKeyInUse(models.Model):
    """A key heads and receipts of this database were signed with: its public half. One is in use at a time.

    Of a key no longer in use, the one that came after it says by its signature that it was: a row somebody slips in
    counts for nothing.
    """

    public = models.CharField(max_length=64, primary_key=True)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    vouched = models.CharField(max_length=128, blank=True)
