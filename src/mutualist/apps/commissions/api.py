"""The JSON API of commissions: the same queries and actions as the pages."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from ninja import Router, Status

from mutualist.apps.commissions import queries
from mutualist.apps.commissions import schemas as s
from mutualist.apps.commissions.actions import booking, paying, ruling, settling
from mutualist.apps.commissions.books import refused
from mutualist.apps.commissions.partners import partners_of
from mutualist.apps.commissions.presenters.for_programs import (
    balances_out,
    earning_out,
    entry_out,
    invoice_out,
    run_out,
    statement_out,
)
from mutualist.apps.commissions.presenters.levels import level_words
from mutualist.apps.core.actor import Actor
from mutualist.apps.core.errors import ActionError, NotAllowed
from mutualist.apps.core.schemas import REFUSED
from mutualist.apps.programme.public import Standing, partner_standing, vendor_standing
from mutualist.domain.programme.commission import CommissionError
from mutualist.domain.programme.commission.money import exact, read_amount

router = Router(tags=["commissions"])
VENDOR = "/programmes/{programme}/commissions"
PARTNER = "/relations/{relation}/commissions"
#: So many rows come with one answer.
MOST = 500


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.auth  # type: ignore[attr-defined]
    return actor


def _vendor(request: HttpRequest, programme: UUID) -> Standing:
    return vendor_standing(_actor(request), programme)


def _partner(request: HttpRequest, relation: UUID) -> Standing:
    return partner_standing(_actor(request), relation)


def _cents(text: str, currency: str) -> int:
    try:
        return read_amount(text, currency, "amount")
    except CommissionError as error:
        raise refused(error, "amount") from error


@router.get(
    VENDOR + "/rules",
    response={200: list[s.RulesOut], **REFUSED},
    summary="Versions of commission rules",
)
def list_commission_rules(request: HttpRequest, programme: UUID) -> Any:
    """Return all versions, newest first."""
    rows = queries.versions(_vendor(request, programme))
    return [
        s.RulesOut(
            uid=one.uid, version=one.version, first=one.first, last=one.last, text=one.content
        )
        for one in rows
    ]


@router.post(
    VENDOR + "/rules",
    response={201: s.RulesOut, **REFUSED},
    summary="Save a version of commission rules",
)
def save_commission_rules(request: HttpRequest, programme: UUID, body: s.RulesIn) -> Any:
    """Save a new version; the one in force before ends the day before. What is booked keeps its rules."""
    made = ruling.save_rules(standing=_vendor(request, programme), text=body.text)
    return Status(
        201,
        s.RulesOut(
            uid=made.uid, version=made.version, first=made.first, last=made.last, text=made.content
        ),
    )


@router.get(VENDOR + "/invoices", response={200: list[s.InvoiceOut], **REFUSED}, summary="Invoices")
def list_commission_invoices(
    request: HttpRequest, programme: UUID, number: str = "", state: str = ""
) -> Any:
    """Return up to 500 invoices, newest first; `state` is booked, cancelled or void."""
    standing = _vendor(request, programme)
    found = queries.invoices(standing, state=state).select_related("rules")
    found = found.filter(number=number) if number else found
    return [invoice_out(standing, one) for one in found[:MOST]]


@router.post(
    VENDOR + "/invoices", response={201: s.InvoiceOut, **REFUSED}, summary="Book an invoice"
)
def book_commission_invoice(
    request: HttpRequest, programme: UUID, body: s.InvoiceIn, response: HttpResponse
) -> Any:
    """Book what an invoice earns by the rules and levels of its day. The same one sent again changes nothing."""
    standing = _vendor(request, programme)
    ids = {card.uid: pk for pk, card in partners_of(standing).items()}
    credited = []
    for one in body.partners:
        share = _share(one.share)
        if one.partner not in ids:
            raise NotAllowed
        credited.append((ids[one.partner], share))
    units = exact(body.units)
    if units is None or not 0 < units < 10**9 or (units * 10**6).denominator != 1:
        raise ActionError("units", _("{units} is no number of units."), units=body.units)
    given = booking.Given(
        body.number.strip(), body.day, _cents(body.amount, body.currency), body.currency, body.product, tuple(credited),
        body.subscription, body.customer, body.months, body.covers_from, units, frozenset(body.marks),
    )  # fmt: skip
    made = booking.book_invoice(standing=standing, given=given, source="api")
    response["Location"] = reverse(
        "api:get_commission_invoice", args=[standing.programme_uid, made.uid]
    )
    return Status(201, invoice_out(standing, made))


def _share(text: str) -> Any:
    whole, _slash, part = text.partition("/")
    number, below = exact(whole), exact(part or "1")
    if number is None or not below:
        raise ActionError("share", _("{share} is no share. Write 1, 0.6 or 1/3."), share=text)
    return number / below


@router.get(
    VENDOR + "/invoices/{invoice}", response={200: s.InvoiceOut, **REFUSED}, summary="An invoice"
)
def get_commission_invoice(request: HttpRequest, programme: UUID, invoice: UUID) -> Any:
    """Return an invoice with what it earned and why."""
    standing = _vendor(request, programme)
    return invoice_out(standing, queries.invoice(standing, invoice))


@router.post(
    VENDOR + "/invoices/{invoice}/cancel",
    response={200: s.InvoiceOut, **REFUSED},
    summary="Cancel an invoice or a part",
)
def cancel_commission_invoice(
    request: HttpRequest, programme: UUID, invoice: UUID, body: s.CancelIn
) -> Any:
    """Book a credit note: by the rules of the invoice partners give commission back."""
    standing = _vendor(request, programme)
    found = queries.invoice(standing, invoice)
    amount = _cents(body.amount, found.currency)
    settling.cancel_invoice(
        standing=standing, invoice=invoice, amount=amount, day=body.day, reason=body.reason
    )
    return invoice_out(standing, queries.invoice(standing, invoice))


@router.post(
    VENDOR + "/invoices/{invoice}/void",
    response={200: s.InvoiceOut, **REFUSED},
    summary="Void an invoice",
)
def void_commission_invoice(
    request: HttpRequest, programme: UUID, invoice: UUID, body: s.ReasonIn
) -> Any:
    """Take back an invoice that was booked by mistake; its number may be used again."""
    standing = _vendor(request, programme)
    settling.void_invoice(standing=standing, invoice=invoice, reason=body.reason)
    return invoice_out(standing, queries.invoice(standing, invoice))


@router.get(
    VENDOR + "/waiting",
    response={200: list[s.EarningOut], **REFUSED},
    summary="Commissions to be approved",
)
def list_waiting_commissions(request: HttpRequest, programme: UUID) -> Any:
    """Return up to 500 commissions that have something to approve, oldest first."""
    standing = _vendor(request, programme)
    partners = partners_of(standing)
    rows = queries.waiting(standing).prefetch_related("parts")[:MOST]
    levels = level_words(standing)
    return [earning_out(one, partners[one.relation_id].uid, levels) for one in rows]


@router.post(
    VENDOR + "/approve", response={200: s.ApproveOut, **REFUSED}, summary="Approve commissions"
)
def approve_commissions(request: HttpRequest, programme: UUID, body: s.ApproveIn) -> Any:
    """Approve what these commissions have accrued: it becomes payable."""
    return s.ApproveOut(
        approved=settling.approve(standing=_vendor(request, programme), earnings=body.earnings)
    )


@router.post(
    VENDOR + "/earnings/{earning}/milestone",
    response={200: s.EarningOut, **REFUSED},
    summary="Confirm a milestone",
)
def confirm_commission_milestone(
    request: HttpRequest, programme: UUID, earning: UUID, body: s.MilestoneIn
) -> Any:
    """Confirm that a milestone is reached: its part is booked."""
    standing = _vendor(request, programme)
    made = settling.confirm_milestone(standing=standing, earning=earning, key=body.key)
    partner = partners_of(standing)[made.relation_id].uid
    return earning_out(made, partner, level_words(standing))


@router.get(
    VENDOR + "/balances",
    response={200: list[s.BalanceOut], **REFUSED},
    summary="Where partners stand",
)
def list_commission_balances(request: HttpRequest, programme: UUID) -> Any:
    """Return what each partner has earned, has to get and has got, by currency."""
    return balances_out(_vendor(request, programme))


@router.get(
    VENDOR + "/partners/{partner}/statement",
    response={200: s.StatementOut, **REFUSED},
    summary="A partner's statement",
)
def get_partner_statement(
    request: HttpRequest,
    programme: UUID,
    partner: UUID,
    first: date,
    last: date,
    currency: s.Currency = "EUR",
) -> Any:
    """Return what came and went for a partner in a period, from the journal."""
    standing = _vendor(request, programme)
    relation = next((pk for pk, card in partners_of(standing).items() if card.uid == partner), None)
    if relation is None:
        raise NotAllowed
    return statement_out(standing, relation, currency, first, last)


@router.get(
    VENDOR + "/journal", response={200: list[s.JournalEntryOut], **REFUSED}, summary="The journal"
)
def list_commission_entries(request: HttpRequest, programme: UUID, after: int = 0) -> Any:
    """Return up to 500 entries, oldest first; `after` is the number of the last one you have."""
    standing = _vendor(request, programme)
    partners = partners_of(standing)
    rows = (
        queries.entries(standing)
        .filter(number__gt=after)
        .select_related("earning__invoice", "reverses")
    )
    return [
        entry_out(one, {pk: card.uid for pk, card in partners.items()})
        for one in rows.prefetch_related("lines")[:MOST]
    ]


@router.get(
    VENDOR + "/payment-runs", response={200: list[s.RunOut], **REFUSED}, summary="Payment runs"
)
def list_payment_runs(request: HttpRequest, programme: UUID) -> Any:
    """Return payment runs, newest first. The file for the bank is for people: it is downloaded on the page of a run."""
    return [run_out(one) for one in queries.runs(_vendor(request, programme))[:MOST]]


@router.post(
    VENDOR + "/payment-runs", response={201: s.RunOut, **REFUSED}, summary="Make a payment run"
)
def make_payment_run(request: HttpRequest, programme: UUID, body: s.RunIn) -> Any:
    """Pay everything payable in a currency whose account is known; `total` is the sum you expect. For owners."""
    made = paying.make_run(
        standing=_vendor(request, programme),
        currency=body.currency,
        execute_on=body.execute_on,
        total=_cents(body.total, body.currency),
    )
    return Status(201, run_out(made))


@router.post(
    VENDOR + "/payment-runs/{run}/reverse",
    response={200: s.RunOut, **REFUSED},
    summary="Take a payment run back",
)
def reverse_payment_run(request: HttpRequest, programme: UUID, run: UUID, body: s.ReasonIn) -> Any:
    """Take a run back that the bank has not carried out; everything in it becomes payable again. For owners."""
    return run_out(
        paying.reverse_run(standing=_vendor(request, programme), run=run, reason=body.reason)
    )


@router.get(
    PARTNER + "/balances", response={200: list[s.BalanceOut], **REFUSED}, summary="Where you stand"
)
def list_own_balances(request: HttpRequest, relation: UUID) -> Any:
    """Return what your firm has earned, has to get and has got in a programme it takes part in."""
    return balances_out(_partner(request, relation))


@router.get(
    PARTNER + "/earnings", response={200: list[s.EarningOut], **REFUSED}, summary="Your commissions"
)
def list_own_earnings(request: HttpRequest, relation: UUID) -> Any:
    """Return up to 500 commissions of your firm, newest invoice first, each with the way it came about."""
    standing = _partner(request, relation)
    rows = queries.earnings(standing, MOST)
    levels = level_words(standing)
    return [earning_out(one, relation, levels) for one in rows]


@router.get(
    PARTNER + "/statement", response={200: s.StatementOut, **REFUSED}, summary="Your statement"
)
def get_own_statement(
    request: HttpRequest, relation: UUID, first: date, last: date, currency: s.Currency = "EUR"
) -> Any:
    """Return what came and went for your firm in a period."""
    standing = _partner(request, relation)
    assert standing.relation is not None  # a partner's standing has one
    return statement_out(standing, standing.relation, currency, first, last)
