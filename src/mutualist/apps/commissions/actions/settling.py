"""After the booking: approving, milestones, cancelling, voiding, adjusting, reversing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from mutualist.apps.commissions import books
from mutualist.apps.commissions.actions.booking import accrue
from mutualist.apps.commissions.books import Book, refused
from mutualist.apps.commissions.kept import stored
from mutualist.apps.commissions.models import (
    NAME_LENGTH,
    Cancellation,
    CapUse,
    Earning,
    Entry,
    Invoice,
    Part,
)
from mutualist.apps.commissions.partners import require_partners
from mutualist.apps.core.clock import now, today
from mutualist.apps.core.errors import ActionError, NotAllowed
from mutualist.apps.programme.public import Standing
from mutualist.domain.programme.commission import CommissionError
from mutualist.domain.programme.commission.journal import mirror, move, take_back
from mutualist.domain.programme.commission.model import Product
from mutualist.domain.programme.commission.money import said
from mutualist.domain.programme.commission.taking_back import Cancellation as Cancelled
from mutualist.domain.programme.commission.taking_back import taken_back


def _require_vendor(standing: Standing, *, manages: bool = False) -> None:
    if standing.side != "vendor" or not (standing.manages if manages else standing.writes):
        raise NotAllowed


def _reason(text: str) -> str:
    said = " ".join(text.split())
    if not said or len(said) > NAME_LENGTH:
        raise ActionError(
            "reason",
            _("Give a reason of 1 to {most} characters; the partner reads it."),
            most=NAME_LENGTH,
        )
    return said


@transaction.atomic
def approve(*, standing: Standing, earnings: Iterable[UUID]) -> int:
    """Approve what earnings have accrued: it becomes payable. Returns how many had something to approve."""
    _require_vendor(standing)
    book = books.opened(standing)
    wanted = set(earnings)
    found = list(Earning.objects.visible_to(standing).filter(uid__in=wanted).order_by("pk"))
    if len(found) < len(wanted):
        raise NotAllowed
    count = 0
    for earning in found:
        partner, currency = str(earning.relation_id), earning.currency
        accrued = -books.of_earning(earning).get(("accrued", partner, currency), 0)
        if accrued > 0:
            book.post(
                "approval", today(), move("approval", partner, currency, accrued), earning=earning
            )
            count += 1
    if count:
        book.record("commissions.earnings.approved", found[-1], count=count)
    return count


@transaction.atomic
def confirm_milestone(*, standing: Standing, earning: UUID, key: str) -> Earning:
    """Confirm that a milestone is reached: its part is booked. Confirming it twice changes nothing."""
    _require_vendor(standing)
    book = books.opened(standing)
    found = _earning(standing, earning)
    part = Part.objects.filter(earning=found, key=key, due__isnull=True).first()
    if part is None:
        raise NotAllowed
    if accrue(book, found, part):
        book.record(
            "commissions.milestone.confirmed", found, milestone=key, number=found.invoice.number
        )
    return found


@transaction.atomic
def cancel_invoice(
    *,
    standing: Standing,
    invoice: UUID,
    amount: int,
    day: date,
    reason: str,
    seen: str | None = None,
) -> Invoice:
    """Cancel an invoice or a part of it: by the clawback rule of its version partners give commission back.

    What is not booked yet is taken off first, from the last part on; the rest is a clawback entry.

    Parameters
    ----------
    seen
        How many cancellations the person has read; none where any will do.
    """
    _require_vendor(standing)
    why = _reason(reason)
    book = books.opened(standing)
    found = _invoice(standing, invoice)
    product = stored(found.rules).product(found.product)
    assert product is not None  # it was booked by these rules
    if day > today():
        raise ActionError(
            "future",
            _("The day {day} is in the future. Book the cancellation when it has come."),
            day=day.isoformat(),
        )
    booked = list(found.cancellations.all())
    if booked and seen not in {None, str(len(booked))}:
        last = booked[-1]
        raise ActionError(
            "cancelled_meanwhile",
            _(
                "Meanwhile {amount} of the invoice {number} was cancelled ({reason}). "
                "If more of it is to be cancelled, book it once more."
            ),
            status=409,
            amount=said(last.amount, found.currency, books.language()),
            number=found.number,
            reason=last.reason,
        )
    earlier = [Cancelled(one.day, one.amount) for one in booked]
    freed: list[tuple[int, date, int]] = []
    for earning in found.earnings.order_by("pk"):
        months = [(date.fromisoformat(month), cents) for month, cents in earning.months]
        try:
            back = taken_back(
                months,
                product.clawback,
                invoiced_on=found.day,
                invoiced=found.amount,
                currency=found.currency,
                earlier=earlier,
                now=Cancelled(day, amount),
            )
        except CommissionError as error:
            raise refused(error) from error
        _give_back(book, earning, sum(cents for _month, cents in back), why)
        freed += [(earning.relation_id, month, cents) for month, cents in back]
    _free_caps(found, product, freed)
    Cancellation.objects.create(invoice=found, day=day, amount=amount, reason=why)
    book.record("commissions.invoice.cancelled", found, number=found.number)
    return found


def _give_back(book: Book, earning: Earning, amount: int, why: str) -> None:
    for part in earning.parts.filter(entry__isnull=True).order_by("-pk"):
        off = min(amount, part.amount - part.dropped)
        if off:
            part.dropped += off
            part.save(update_fields=["dropped"])
            amount -= off
    if amount:
        partner, currency = str(earning.relation_id), earning.currency
        accrued = -books.of_earning(earning).get(("accrued", partner, currency), 0)
        lines = take_back(partner, currency, amount, accrued=accrued)
        book.post("clawback", today(), lines, earning=earning, reason=why)


def _free_caps(invoice: Invoice, product: Product, freed: list[tuple[int, date, int]]) -> None:
    """Give back to the caps what a cancellation has taken back, month by month."""
    per = {one.id: one.per for one in product.caps}
    keys = invoice.cap_uses.values_list("cap", "whose", "period", "currency").distinct()
    for cap, whose, period, currency in keys:
        back = sum(
            cents
            for relation, month, cents in freed
            if month.isoformat().startswith(period)
            and (per.get(cap) != "partner" or whose == str(relation))
        )
        if back:
            CapUse.objects.create(
                invoice=invoice,
                cap=cap,
                whose=whose,
                period=period,
                currency=currency,
                amount=-back,
            )


@transaction.atomic
def void_invoice(*, standing: Standing, invoice: UUID, reason: str) -> Invoice:
    """Take back an invoice that was booked by mistake: every entry of it is reversed, and caps are free again."""
    _require_vendor(standing)
    why = _reason(reason)
    book = books.opened(standing)
    found = _invoice(standing, invoice)
    if found.cancellations.exists():
        raise ActionError(
            "cancelled_already",
            _(
                "The invoice {number} has a cancellation; what is left of it is cancelled as well, not voided."
            ),
            number=found.number,
        )
    for earning in found.earnings.order_by("pk"):
        for part in earning.parts.filter(entry__isnull=True):
            part.dropped = part.amount
            part.save(update_fields=["dropped"])
        entries = earning.entries.filter(reverses__isnull=True, reversed_by__isnull=True)
        for entry in entries.order_by("-number"):
            _reverse(book, entry, why)
    CapUse.objects.filter(invoice=found).delete()
    found.voided_at = now()
    found.save(update_fields=["voided_at"])
    book.record("commissions.invoice.voided", found, number=found.number)
    return found


@transaction.atomic
def reverse_entry(*, standing: Standing, entry: UUID, reason: str) -> Entry:
    """Reverse an approval or an adjustment; invoices are voided or cancelled, payments reversed as a run."""
    _require_vendor(standing, manages=True)
    why = _reason(reason)
    book = books.opened(standing)
    found = Entry.objects.visible_to(standing).filter(uid=entry).first()
    if found is None:
        raise NotAllowed
    if found.kind not in {"approval", "adjustment", "reversal"}:
        raise ActionError(
            "other_way",
            _(
                "The entry {number} is taken back another way: void or cancel its invoice, or reverse its payment run."
            ),
            number=found.number,
        )
    before = Entry.objects.filter(reverses=found).first()
    if before is not None:
        raise ActionError(
            "reversed_already",
            _("The entry {number} is reversed already, with entry {by}."),
            status=409,
            number=found.number,
            by=before.number,
        )
    made = _reverse(book, found, why)
    book.record("commissions.entry.reversed", made, number=found.number)
    return made


def _reverse(book: Book, entry: Entry, why: str) -> Entry:
    told = next(iter(books.told_entries(Entry.objects.filter(pk=entry.pk))))
    return book.post(
        "reversal", today(), mirror(told), earning=entry.earning, reverses=entry, reason=why
    )


@transaction.atomic
def adjust(
    *,
    standing: Standing,
    relation: int,
    currency: str,
    amount: int,
    reason: str,
    seen: str | None = None,
) -> Entry:
    """Give a partner something by hand, or take something off (below 0); with a reason the partner reads.

    Parameters
    ----------
    seen
        How many adjustments of the partner the person has read of; none where any will do.
    """
    _require_vendor(standing, manages=True)
    why = _reason(reason)
    if not amount:
        raise ActionError("nothing", _("An adjustment of 0 changes nothing."))
    require_partners(standing, [relation])
    book = books.opened(standing)
    _require_read(Entry.objects.visible_to(standing).adjusting(relation), seen)
    lines = move("adjustment", str(relation), currency, amount)
    made = book.post("adjustment", today(), lines, reason=why)
    book.record("commissions.adjusted", made, relation=relation, number=made.number)
    return made


def _require_read(booked: QuerySet[Entry], seen: str | None) -> None:
    """Refuse an adjustment of somebody who does not know the one before: it may be the same, sent again."""
    last = booked.last()
    if last is None or seen in {None, str(booked.count())}:
        return
    line = last.lines.get(account="payable")
    raise ActionError(
        "adjusted_meanwhile",
        _(
            "Meanwhile an adjustment of {amount} was booked with entry {number} ({reason}). "
            "If one more is meant, book it once more."
        ),
        status=409,
        amount=said(-line.amount, line.currency, books.language()),
        number=last.number,
        reason=last.reason,
    )


def _earning(standing: Standing, uid: UUID) -> Earning:
    found: Earning | None = (
        Earning.objects.visible_to(standing)
        .filter(uid=uid, invoice__voided_at__isnull=True)
        .select_related("invoice")
        .first()
    )
    if found is None:
        raise NotAllowed
    return found


def _invoice(standing: Standing, uid: UUID) -> Invoice:
    found: Invoice | None = (
        Invoice.objects.visible_to(standing).filter(uid=uid).select_related("rules").first()
    )
    if found is None:
        raise NotAllowed
    if found.voided_at is not None:
        raise ActionError(
            "voided", _("The invoice {number} is voided already."), status=409, number=found.number
        )
    return found
