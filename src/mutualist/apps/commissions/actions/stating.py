"""Statements: made for a period that is over, once for each partner and currency, and sent by mail."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mutualist.apps.commissions import books
from mutualist.apps.commissions.actions.settling import _require_vendor
from mutualist.apps.commissions.mails import send_statement
from mutualist.apps.commissions.models import Entry, Statement
from mutualist.apps.core.clock import today
from mutualist.apps.core.errors import ActionError
from mutualist.apps.programme.public import Standing
from mutualist.domain.programme.commission.money import plain
from mutualist.domain.programme.commission.statement import statement


@transaction.atomic
def issue_statements(*, standing: Standing, first: date, last: date) -> list[Statement]:
    """Make the statements of a period for all partners with something in it, and send each by mail.

    A period that has been stated already stays as it is. Since everything is booked on the day it is entered, a period
    that is over never changes.
    """
    _require_vendor(standing)
    if last < first:
        raise ActionError("period", _("The period ends before it begins. Check the two days."))
    if last >= today():
        raise ActionError(
            "period_open",
            _(
                "The period is not over: {day} or later can still be booked on. Choose days before today."
            ),
            day=last.isoformat(),
        )
    book = books.opened(standing)
    rows = Entry.objects.visible_to(standing).order_by("number")
    told = list(books.told_entries(rows))
    taken = rows.filter(day__lte=last).last()
    pairs = sorted(
        {(line.partner, line.currency) for one in told if one.day <= last for line in one.lines}
    )
    made = []
    for partner, currency in pairs:
        one = statement(told, partner, currency, first, last)
        if not one.movements and not one.closing and not one.accrued:
            continue
        there = Statement.objects.visible_to(standing).filter(
            relation=int(partner), currency=currency, first__lte=last, last__gte=first
        )
        if there.exists():
            continue
        book.ledger.statements += 1
        made.append(
            Statement.objects.create(
                programme_id=standing.programme,
                relation_id=int(partner),
                currency=currency,
                number=book.ledger.statements,
                first=first,
                last=last,
                opening=one.opening,
                closing=one.closing,
                accrued=one.accrued,
                entries=taken.number if taken else 0,
                digest=taken.digest if taken else "",
            )
        )
    book.ledger.save(update_fields=["statements"])
    if made:
        book.record(
            "commissions.statements.issued",
            made[-1],
            count=len(made),
            first=first.isoformat(),
            last=last.isoformat(),
        )
    for issued in made:
        book.record(
            "commissions.statement.issued", issued, relation=issued.relation_id, number=issued.number,
            closing=plain(issued.closing, issued.currency), currency=issued.currency,
        )  # fmt: skip
        send_statement(standing, issued)
    return made
