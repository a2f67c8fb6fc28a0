"""Tables of commissions: rules, invoices and what they earned, the journal, payments, statements.

Amounts are whole cents. Nothing here is edited once it is booked: what was wrong is taken back by another row.
"""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q

from mutualist.apps.commissions.managers import (
    EarningQuerySet,
    EntryQuerySet,
    InvoiceQuerySet,
    LineQuerySet,
    OfProgramme,
    PaymentQuerySet,
    RuleQuerySet,
    StatementQuerySet,
)
from mutualist.apps.core.clock import now

NAME_LENGTH = 120
KEY_LENGTH = 80


class Ledger(models.Model):
    """The end of a programme's journal; whoever writes locks this row first, so writes come one after the other."""

    programme = models.OneToOneField(
        "programme.Programme", on_delete=models.CASCADE, related_name="+", primary_key=True
    )
    entries = models.PositiveIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True)
    runs = models.PositiveIntegerField(default=0)
    statements = models.PositiveIntegerField(default=0)


class RuleVersion(models.Model):
    """A version of the commission rules, as it was written."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    programme = models.ForeignKey("programme.Programme", on_delete=models.CASCADE, related_name="+")
    version = models.CharField(max_length=KEY_LENGTH)
    first = models.DateField()
    last = models.DateField(null=True)
    content = models.TextField()
    saved_at = models.DateTimeField(default=now)

    objects = RuleQuerySet.as_manager()

    class Meta:
        ordering = ["-first"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "version"], name="commission_version_once"
            ),
            models.CheckConstraint(
                condition=Q(last__isnull=True) | Q(last__gte=F("first")),
                name="commission_version_ends_after_its_start",
            ),
        ]


class Invoice(models.Model):
    """What a customer was charged, and for which partners it counts."""

    class Source(models.TextChoices):
        """Where it came from."""

        FORM = "form"
        FILE = "file"
        API = "api"
        PROJECT = "project"

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    programme = models.ForeignKey("programme.Programme", on_delete=models.CASCADE, related_name="+")
    #: The vendor's own number: sent twice, it is stored once.
    number = models.CharField(max_length=KEY_LENGTH)
    day = models.DateField()
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    product = models.CharField(max_length=KEY_LENGTH)
    subscription = models.CharField(max_length=KEY_LENGTH, blank=True)
    customer = models.CharField(max_length=NAME_LENGTH, blank=True)
    months = models.PositiveSmallIntegerField(default=1)
    covers_from = models.DateField(null=True)
    units = models.DecimalField(max_digits=18, decimal_places=6, default=1)
    marks = models.JSONField(default=list)
    source = models.CharField(max_length=8, choices=Source.choices)
    rules = models.ForeignKey(RuleVersion, on_delete=models.RESTRICT, related_name="+")
    booked_at = models.DateTimeField(default=now)
    voided_at = models.DateTimeField(null=True)

    objects = InvoiceQuerySet.as_manager()

    class Meta:
        ordering = ["-day", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "number"],
                condition=Q(voided_at__isnull=True),
                name="commission_invoice_once",
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="commission_invoice_positive"),
        ]


class Earning(models.Model):
    """What one partner earns by an invoice, with every step that led to it."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    invoice = models.ForeignKey(Invoice, on_delete=models.CASCADE, related_name="earnings")
    relation = models.ForeignKey("programme.Relation", on_delete=models.CASCADE, related_name="+")
    #: The part of the invoice, as an exact fraction.
    share = models.CharField(max_length=40)
    level = models.CharField(max_length=KEY_LENGTH)
    base = models.BigIntegerField()
    gross = models.BigIntegerField()
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    #: Commission by month the invoice pays for: [["2026-03-01", 1000], ...].
    months = models.JSONField()
    steps = models.JSONField()

    objects = EarningQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["invoice", "relation"], name="commission_earning_once_per_partner"
            )
        ]


class Part(models.Model):
    """A part of an earning that is booked on a day or when a milestone is confirmed."""

    earning = models.ForeignKey(Earning, on_delete=models.CASCADE, related_name="parts")
    key = models.CharField(max_length=KEY_LENGTH)
    due = models.DateField(null=True)
    amount = models.BigIntegerField()
    #: What a cancellation has taken off before it was booked.
    dropped = models.BigIntegerField(default=0)
    entry = models.OneToOneField(
        "commissions.Entry", null=True, on_delete=models.CASCADE, related_name="+"
    )

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["earning", "key"], name="commission_part_once")
        ]


class CapUse(models.Model):
    """What an invoice used of a cap; a voided one gives it back."""

    invoice = models.ForeignKey(Invoice, on_delete=models.CASCADE, related_name="cap_uses")
    cap = models.CharField(max_length=KEY_LENGTH)
    whose = models.CharField(max_length=NAME_LENGTH)
    period = models.CharField(max_length=7, blank=True)
    currency = models.CharField(max_length=3)
    amount = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["cap", "whose", "period", "currency"])]


class Cancellation(models.Model):
    """A credit note or the end of a contract: how much of an invoice is cancelled."""

    invoice = models.ForeignKey(Invoice, on_delete=models.CASCADE, related_name="cancellations")
    day = models.DateField()
    amount = models.BigIntegerField()
    reason = models.CharField(max_length=NAME_LENGTH)
    booked_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["pk"]


class PaymentRun(models.Model):
    """Payments of one currency that go to the bank together."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    programme = models.ForeignKey("programme.Programme", on_delete=models.CASCADE, related_name="+")
    number = models.PositiveIntegerField()
    message = models.CharField(max_length=35)
    currency = models.CharField(max_length=3)
    execute_on = models.DateField()
    made_at = models.DateTimeField(default=now)
    reversed_at = models.DateTimeField(null=True)
    #: The payer's account at that time, encrypted.
    key = models.BinaryField()
    ciphertext = models.BinaryField()
    last4 = models.CharField(max_length=4)

    objects = OfProgramme.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "number"], name="payment_run_number_once")
        ]


class Entry(models.Model):
    """One booking of the journal. Its digest covers the one before: nothing can be changed in between unnoticed."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    programme = models.ForeignKey("programme.Programme", on_delete=models.CASCADE, related_name="+")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=12)
    day = models.DateField()
    earning = models.ForeignKey(
        Earning, null=True, on_delete=models.CASCADE, related_name="entries"
    )
    reverses = models.OneToOneField(
        "self", null=True, on_delete=models.CASCADE, related_name="reversed_by"
    )
    reason = models.CharField(max_length=NAME_LENGTH, blank=True)
    digest = models.CharField(max_length=64)
    booked_at = models.DateTimeField(default=now)

    objects = EntryQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "number"], name="entry_number_once")
        ]


class Line(models.Model):
    """An amount on an account of a partner: debit above 0, credit below."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="lines")
    relation = models.ForeignKey("programme.Relation", on_delete=models.CASCADE, related_name="+")
    account = models.CharField(max_length=8)
    currency = models.CharField(max_length=3)
    amount = models.BigIntegerField()

    objects = LineQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["relation", "account", "currency"])]
        constraints = [
            models.CheckConstraint(condition=~Q(amount=0), name="line_moves_something"),
            models.CheckConstraint(
                condition=Q(account__in=["expense", "accrued", "payable", "paid"]),
                name="line_of_a_known_account",
            ),
        ]


class Payment(models.Model):
    """What a run pays to one partner, and to which account, encrypted."""

    run = models.ForeignKey(PaymentRun, on_delete=models.CASCADE, related_name="payments")
    relation = models.ForeignKey("programme.Relation", on_delete=models.CASCADE, related_name="+")
    amount = models.BigIntegerField()
    reference = models.CharField(max_length=35)
    entry = models.OneToOneField(Entry, on_delete=models.CASCADE, related_name="payment")
    key = models.BinaryField()
    ciphertext = models.BinaryField()
    last4 = models.CharField(max_length=4)

    objects = PaymentQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["run", "relation"], name="payment_once_per_partner")
        ]


class BankAccount(models.Model):
    """Where a partner is paid, or from where a vendor pays: encrypted, only the last four signs in plain."""

    programme = models.ForeignKey("programme.Programme", on_delete=models.CASCADE, related_name="+")
    #: None: the vendor's own account, from which the programme pays.
    relation = models.OneToOneField(
        "programme.Relation", null=True, on_delete=models.CASCADE, related_name="+"
    )
    key = models.BinaryField()
    ciphertext = models.BinaryField()
    last4 = models.CharField(max_length=4)
    changed_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["programme"],
                condition=Q(relation__isnull=True),
                name="payer_account_once",
            )
        ]


class Statement(models.Model):
    """A statement as it was sent: its figures are those of the journal of that day, for good."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    programme = models.ForeignKey("programme.Programme", on_delete=models.CASCADE, related_name="+")
    relation = models.ForeignKey("programme.Relation", on_delete=models.CASCADE, related_name="+")
    number = models.PositiveIntegerField()
    currency = models.CharField(max_length=3)
    first = models.DateField()
    last = models.DateField()
    opening = models.BigIntegerField()
    closing = models.BigIntegerField()
    accrued = models.BigIntegerField()
    #: The journal it was taken from: number and digest of its last entry.
    entries = models.PositiveIntegerField()
    digest = models.CharField(max_length=64, blank=True)
    issued_at = models.DateTimeField(default=now)

    objects = StatementQuerySet.as_manager()

    class Meta:
        ordering = ["-last", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["relation", "currency", "first", "last"], name="statement_once_per_period"
            ),
            models.UniqueConstraint(fields=["programme", "number"], name="statement_number_once"),
        ]
