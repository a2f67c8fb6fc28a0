"""Every read of commissions; each begins with what the reader may see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet, Sum

from mutualist.apps.commissions import books
from mutualist.apps.commissions.kept import stored
from mutualist.apps.commissions.models import (
    BankAccount,
    Earning,
    Entry,
    Invoice,
    Line,
    PaymentRun,
    RuleVersion,
    Statement,
)
from mutualist.apps.commissions.partners import partners_of
from mutualist.apps.core.clock import today
from mutualist.apps.core.errors import NotAllowed
from mutualist.apps.programme.public import Standing
from mutualist.domain.programme.commission import CommissionRules
from mutualist.domain.programme.commission.statement import Statement as Told
from mutualist.domain.programme.commission.statement import statement


@dataclass(frozen=True, slots=True)
class Balance:
    """Where one partner stands in one currency, in cents; what is owed to it is above 0."""

    relation: int
    partner: str
    uid: UUID
    currency: str
    accrued: int
    payable: int
    paid: int
    last4: str


def balances(standing: Standing) -> list[Balance]:
    """Return where the partners stand that a person may see, by name and currency."""
    lines = Line.objects.visible_to(standing)
    totals = (
        lines.order_by().values_list("relation_id", "currency", "account").annotate(Sum("amount"))
    )
    found: dict[tuple[int, str], dict[str, int]] = {}
    for relation, currency, account, total in totals:
        found.setdefault((relation, currency), {})[account] = -total
    partners = partners_of(standing)
    accounts = last_four(standing)
    rows = [
        Balance(
            relation, partners[relation].name, partners[relation].uid, currency,
            sums.get("accrued", 0), sums.get("payable", 0), sums.get("paid", 0), accounts.get(relation, ""),
        )
        for (relation, currency), sums in found.items()
        if relation in partners
    ]  # fmt: skip
    return sorted(rows, key=lambda one: (one.partner.casefold(), one.currency))


def last_four(standing: Standing) -> Mapping[int, str]:
    """Return the last four signs of the partners' accounts that are known."""
    rows = BankAccount.objects.filter(programme=standing.programme, relation__isnull=False)
    if standing.side == "partner":
        rows = rows.filter(relation=standing.relation)
    return {row.relation_id: row.last4 for row in rows if row.relation_id is not None}


def payer_last4(standing: Standing) -> str:
    """Return the last four signs of the account the vendor pays from; nothing for a partner."""
    if standing.side != "vendor":
        return ""
    row = BankAccount.objects.filter(programme=standing.programme, relation__isnull=True).first()
    return row.last4 if row else ""


def totals(rows: Sequence[Balance]) -> list[dict[str, Any]]:
    """Add up balances by currency; currencies are never added to each other."""
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        one = found.setdefault(
            row.currency, {"currency": row.currency, "accrued": 0, "payable": 0, "paid": 0}
        )
        for name in ("accrued", "payable", "paid"):
            one[name] += getattr(row, name)
    return [found[currency] for currency in sorted(found)]


def waiting(standing: Standing) -> QuerySet[Earning]:
    """Return earnings that have something to approve, oldest first, each with ``open``."""
    open_ones = (
        Line.objects.visible_to(standing)
        .filter(account="accrued", entry__earning__isnull=False)
        .order_by()
        .values("entry__earning")
        .annotate(total=Sum("amount"))
        .filter(total__lt=0)
        .values("entry__earning")
    )
    found: QuerySet[Earning] = (
        Earning.objects.visible_to(standing)
        .filter(pk__in=open_ones)
        .select_related("invoice")
        .annotate(open=-Sum("entries__lines__amount", filter=Q(entries__lines__account="accrued")))
        .order_by("invoice__day", "pk")
    )
    return found


def adjustments(standing: Standing, relation: int) -> QuerySet[Entry]:
    """Return what was given to a partner or taken from it by hand, oldest first."""
    found: QuerySet[Entry] = Entry.objects.visible_to(standing).adjusting(relation)
    return found


def invoices(standing: Standing, search: str = "", state: str = "") -> QuerySet[Invoice]:
    """Return invoices, newest first."""
    found = Invoice.objects.visible_to(standing).select_related("rules")
    found = found.prefetch_related("earnings", "cancellations")
    if search:
        named = Q(number__icontains=search) | Q(customer__icontains=search)
        found = found.filter(named | Q(product__icontains=search) | Q(subscription=search))
    if state == "void":
        found = found.filter(voided_at__isnull=False)
    elif state == "cancelled":
        found = found.filter(cancellations__isnull=False).distinct()
    elif state == "booked":
        found = found.filter(voided_at__isnull=True, cancellations__isnull=True)
    return found


def invoice(standing: Standing, uid: UUID) -> Invoice:
    """Return an invoice a person may see."""
    found: Invoice | None = (
        Invoice.objects.visible_to(standing).filter(uid=uid).select_related("rules").first()
    )
    if found is None:
        raise NotAllowed
    return found


def earnings_of(standing: Standing, of: Invoice) -> list[Earning]:
    """Return what partners earn by an invoice: all for the vendor, one's own for a partner."""
    rows = Earning.objects.visible_to(standing).filter(invoice=of)
    return list(rows.select_related("invoice__rules").prefetch_related("parts"))


def earnings(standing: Standing, most: int = 200) -> list[Earning]:
    """Return what a partner has earned, newest invoice first."""
    rows = Earning.objects.visible_to(standing).select_related("invoice__rules")
    rows = rows.prefetch_related("parts")
    return list(rows.order_by("-invoice__day", "-pk")[:most])


def versions(standing: Standing) -> QuerySet[RuleVersion]:
    """Return the versions of the rules, newest first."""
    return RuleVersion.objects.visible_to(standing).order_by("-first")


def rules_now(standing: Standing, day: date | None = None) -> CommissionRules | None:
    """Return the rules in force on a day, if there are any."""
    asked = day or today()
    for version in versions(standing):
        if version.first <= asked and (version.last is None or asked <= version.last):
            return stored(version)
    return None


def entries(standing: Standing) -> QuerySet[Entry]:
    """Return the journal, oldest first."""
    return Entry.objects.visible_to(standing).order_by("number")


def told_statement(
    standing: Standing, relation: int, currency: str, first: date, last: date
) -> Told:
    """Return a partner's statement of a period from the journal as it is now."""
    if standing.side == "partner" and relation != standing.relation:
        raise NotAllowed
    if relation not in partners_of(standing):
        raise NotAllowed
    rows = Entry.objects.visible_to(standing).filter(lines__relation=relation).distinct()
    told = books.told_entries(rows.order_by("number"))
    return statement(told, str(relation), currency, first, last)


def statements(standing: Standing, relation: int | None = None) -> QuerySet[Statement]:
    """Return issued statements, newest first."""
    rows = Statement.objects.visible_to(standing)
    return rows.filter(relation=relation) if relation is not None else rows


def issued(standing: Standing, uid: UUID) -> Statement:
    """Return an issued statement a person may see."""
    found: Statement | None = Statement.objects.visible_to(standing).filter(uid=uid).first()
    if found is None:
        raise NotAllowed
    return found


def runs(standing: Standing) -> QuerySet[PaymentRun]:
    """Return payment runs, newest first; a partner sees none."""
    return PaymentRun.objects.visible_to(standing).prefetch_related("payments")


def sources_of(told: Told) -> Mapping[str, Entry]:
    """Return the stored entries of a statement's movements, by their id."""
    ids = [UUID(one.entry) for one in told.movements]
    rows = Entry.objects.filter(uid__in=ids).select_related(
        "earning__invoice__rules", "payment__run"
    )
    return {str(row.uid): row for row in rows}
