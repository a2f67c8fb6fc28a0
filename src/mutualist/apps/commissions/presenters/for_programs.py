"""Commissions as programs read them: amounts as exact text, ids as they are given out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from mutualist.apps.commissions import queries
from mutualist.apps.commissions import schemas as s
from mutualist.apps.commissions.models import Earning, Entry, Invoice, PaymentRun
from mutualist.apps.commissions.partners import partners_of
from mutualist.apps.commissions.presenters.levels import level_words
from mutualist.apps.commissions.presenters.telling import product_said, rows_of, why
from mutualist.apps.programme.public import Standing
from mutualist.domain.programme.commission.money import plain


def earning_out(one: Earning, partner: UUID, levels: Mapping[str, str]) -> s.EarningOut:
    """Return what a partner earns, with levels called as the reader knows them."""
    return s.EarningOut(
        uid=one.uid,
        invoice=one.invoice.number,
        day=one.invoice.day,
        partner=partner,
        share=one.share,
        level=one.level,
        base=plain(one.base, one.invoice.currency),
        amount=plain(one.amount, one.currency),
        currency=one.currency,
        steps=why(one, levels),
        parts=[
            s.PartOut(
                key=part.key,
                due=part.due,
                amount=plain(part.amount - part.dropped, one.currency),
                booked=part.entry_id is not None,
            )
            for part in one.parts.all()
        ],
    )


def invoice_out(standing: Standing, one: Invoice) -> s.InvoiceOut:
    """Return an invoice with what it earned, as far as the reader may see it."""
    partners, levels = partners_of(standing), level_words(standing)
    state = "void" if one.voided_at else "cancelled" if one.cancellations.all() else "booked"
    return s.InvoiceOut(
        uid=one.uid,
        number=one.number,
        day=one.day,
        amount=plain(one.amount, one.currency),
        currency=one.currency,
        product=one.product,
        product_name=product_said(one),
        subscription=one.subscription,
        customer=one.customer,
        rules=one.rules.version,
        state=state,
        earnings=[
            earning_out(earning, partners[earning.relation_id].uid, levels)
            for earning in queries.earnings_of(standing, one)
        ],
    )


def balances_out(standing: Standing) -> list[s.BalanceOut]:
    """Return where partners stand."""
    return [
        s.BalanceOut(
            partner=one.uid,
            name=one.partner,
            currency=one.currency,
            accrued=plain(one.accrued, one.currency),
            payable=plain(one.payable, one.currency),
            paid=plain(one.paid, one.currency),
        )
        for one in queries.balances(standing)
    ]


def statement_out(
    standing: Standing, relation: int, currency: str, first: date, last: date
) -> s.StatementOut:
    """Return a partner's statement of a period."""
    told = queries.told_statement(standing, relation, currency, first, last)
    return s.StatementOut(
        partner=partners_of(standing)[relation].uid,
        currency=currency,
        first=first,
        last=last,
        opening=plain(told.opening, currency),
        movements=[
            s.MovementOut(
                entry=row.number,
                day=row.day,
                text=row.text,
                note=row.note,
                amount=plain(row.amount, currency),
            )
            for row in rows_of(told, queries.sources_of(told))
        ],
        closing=plain(told.closing, currency),
        accrued=plain(told.accrued, currency),
    )


def entry_out(one: Entry, partners: Mapping[int, UUID]) -> s.JournalEntryOut:
    """Return an entry of the journal."""
    return s.JournalEntryOut(
        uid=one.uid,
        number=one.number,
        kind=one.kind,
        day=one.day,
        invoice=one.earning.invoice.number if one.earning else None,
        reverses=one.reverses.number if one.reverses else None,
        reason=one.reason,
        digest=one.digest,
        lines=[
            s.LineOut(
                account=line.account,
                partner=partners[line.relation_id],
                currency=line.currency,
                amount=plain(line.amount, line.currency),
            )
            for line in one.lines.all()
        ],
    )


def run_out(one: PaymentRun) -> s.RunOut:
    """Return a payment run."""
    rows = list(one.payments.all())
    return s.RunOut(
        uid=one.uid,
        number=one.number,
        message=one.message,
        currency=one.currency,
        execute_on=one.execute_on,
        made_at=one.made_at,
        reversed_at=one.reversed_at,
        total=plain(sum(row.amount for row in rows), one.currency),
        payments=len(rows),
    )
