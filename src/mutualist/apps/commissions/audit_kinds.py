"""What commissions record, and the sentences for it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mutualist.apps.core.audit import ActionKind, register

_KINDS = {
    "rules.saved": _(
        "{actor} saved version {version} of the commission rules, in force from {first}."
    ),
    "invoice.booked": _("{actor} booked the invoice {number}."),
    "invoices.booked": _("{actor} booked {count} invoices."),
    "invoice.cancelled": _("{actor} cancelled the invoice {number} or a part of it."),
    "invoice.voided": _("{actor} voided the invoice {number}."),
    "earnings.approved": _("{actor} approved {count} commissions."),
    "milestone.confirmed": _(
        "{actor} confirmed the milestone {milestone} of the invoice {number}."
    ),
    "parts.booked": _("{count} parts of commissions have fallen due."),
    "entry.reversed": _("{actor} reversed the entry {number}."),
    "payer.kept": _("{actor} entered the account to pay from, ending in {last4}."),
    "run.made": _("{actor} made payment run {number}: {count} payments, {total} {currency}."),
    "run.downloaded": _("{actor} downloaded payment run {number} for the bank."),
    "run.reversed": _("{actor} took payment run {number} back."),
    "statements.issued": _("{actor} issued {count} statements for {first} to {last}."),
}
#: What is about one partner stands on the chain of the two, and both see it; the rest is the vendor's.
_SHARED = {
    "adjusted": _("{actor} adjusted a commission by hand, entry {number}."),
    "account.kept": _("{actor} entered the bank account ending in {last4}."),
    "statement.issued": _("Statement {number} was issued; it closes with {closing} {currency}."),
}
register(*(ActionKind(f"commissions.{name}", said, "host") for name, said in _KINDS.items()))
register(*(ActionKind(f"commissions.{name}", said) for name, said in _SHARED.items()))
