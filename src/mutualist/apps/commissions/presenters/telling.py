"""Words for entries, statements and their tables, the same on page, paper and in files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from mutualist.apps.commissions.books import language
from mutualist.apps.commissions.kept import stored
from mutualist.apps.commissions.models import Earning, Entry, Invoice
from mutualist.apps.programme.public import Standing
from mutualist.domain.programme.commission.explaining import sentences
from mutualist.domain.programme.commission.money import digits, said
from mutualist.domain.programme.commission.statement import Statement

KINDS = {
    "accrual": gettext_lazy("Accrued"),
    "approval": gettext_lazy("Approved"),
    "payment": gettext_lazy("Paid out"),
    "clawback": gettext_lazy("Taken back after a cancellation"),
    "adjustment": gettext_lazy("Adjusted by hand"),
    "reversal": gettext_lazy("Reversed"),
}
ACCOUNTS = {
    "expense": gettext_lazy("expense"),
    "accrued": gettext_lazy("accrued"),
    "payable": gettext_lazy("payable"),
    "paid": gettext_lazy("paid"),
}


def day_said(day: date | datetime) -> str:
    """Return a day as the reader writes it."""
    return date_format(day, "SHORT_DATE_FORMAT")


def decimal(amount: int, currency: str) -> Decimal:
    """Return cents as a number of whole units, for tables."""
    return Decimal(amount).scaleb(-digits(currency))


@dataclass(frozen=True, slots=True)
class Row:
    """One movement of a statement."""

    number: int
    day: date
    text: str
    note: str
    amount: int


def rows_of(told: Statement, entries: Mapping[str, Entry]) -> list[Row]:
    """Return the movements of a statement with what they are about."""
    found = []
    for one in told.movements:
        entry = entries[one.entry]
        about = ""
        if entry.earning is not None:
            about = _("invoice %(number)s") % {"number": entry.earning.invoice.number}
        kind = str(KINDS[one.kind])
        text = f"{kind}: {about}" if about else kind
        found.append(Row(entry.number, one.day, text, note_of(entry), one.amount))
    return found


def sums_of(told: Statement) -> list[tuple[str, int]]:
    """Return the sums of a statement: opening, each kind of movement."""
    kinds = [(str(KINDS[kind]), amount) for kind, amount in told.sums().items()]
    return [(_("Opening balance"), told.opening), *kinds]


def why(earning: Earning, levels: Mapping[str, str]) -> list[str]:
    """Return the sentences by which a commission came about."""
    return sentences(earning.steps, language(), levels)


def product_said(invoice: Invoice) -> str:
    """Return what the product of an invoice is called in the rules it was booked by."""
    return stored(invoice.rules).product_called(invoice.product, language())


def _called(earning: Earning, key: str) -> str:
    product = stored(earning.invoice.rules).product(earning.invoice.product)
    words = product.schedule.words if product else {}
    return words[key][language()] if key in words else key


def parts_of(earning: Earning) -> list[Any]:
    """Return the parts of an earning, milestones with the name the rules give them."""
    parts = list(earning.parts.all())
    for part in parts:
        part.name = _called(earning, part.key)  # type: ignore[attr-defined] # for the template
    return parts


def note_of(entry: Entry) -> str:
    """Return the note of an entry; that of an accrual is a milestone, by the name the rules give it."""
    if entry.kind == "accrual" and entry.reason and entry.earning is not None:
        return _called(entry.earning, entry.reason)
    return entry.reason


def statement_table(
    told: Statement, rows: Sequence[Row]
) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Return a statement as a table."""
    heads = [_("Entry"), _("Day"), _("What"), _("Note"), pgettext("money", "Amount"), _("Currency")]
    body: list[tuple[Any, ...]] = [
        (
            "",
            told.first,
            _("Opening balance"),
            "",
            decimal(told.opening, told.currency),
            told.currency,
        )
    ]
    body += [
        (row.number, row.day, row.text, row.note, decimal(row.amount, told.currency), told.currency)
        for row in rows
    ]
    closing = decimal(told.closing, told.currency)
    return heads, [*body, ("", told.last, _("Closing balance"), "", closing, told.currency)]


def paper(
    standing: Standing,
    told: Statement,
    rows: Sequence[Row],
    *,
    partner: str,
    number: str,
    made: datetime,
    last4: str,
    upto: int,
) -> dict[str, Any]:
    """Return a statement as its paper shows it."""
    lang, currency = language(), told.currency
    note = _("No bank account is known yet. Enter it on your page.")
    if told.closing <= 0:
        note = _("A balance below 0 is taken off what comes next.") if told.closing < 0 else ""
    elif last4:
        note = _("To the account ending in %(last4)s") % {"last4": last4}
    notes = [
        _(
            "Taken from the journal up to entry %(number)s; entries are never changed, only reversed."
        )
        % {"number": upto}
    ]
    if told.accrued:
        accrued = said(told.accrued, currency, lang)
        notes.append(
            _("Earned and not yet approved, not part of the balance: %(amount)s.")
            % {"amount": accrued}
        )
    return {
        "lang": lang,
        "title": _("Commission statement"),
        "from_name": standing.programme_name,
        "to_name": partner,
        "number": number,
        "issued": day_said(made),
        "period": _("%(first)s to %(last)s")
        % {"first": day_said(told.first), "last": day_said(told.last)},
        "due_label": _("Closing balance"),
        "due_note": note,
        "due": said(told.closing, currency, lang),
        "closing_label": _("Closing balance"),
        "sums": [[label, said(amount, currency, lang)] for label, amount in sums_of(told)],
        "movements_title": _("Entries"),
        "heads": [_("No."), _("Day"), _("What"), pgettext("money", "Amount")],
        "rows": [
            {
                "number": str(row.number),
                "day": day_said(row.day),
                "text": row.text,
                "note": row.note,
                "amount": said(row.amount, currency, lang),
            }
            for row in rows
        ],
        "none": _("No entries in this period."),
        "notes": notes,
        "footer": standing.programme_name,
        "timestamp": int(made.timestamp()),
    }
