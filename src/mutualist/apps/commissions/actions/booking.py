"""Booking invoices: what they earn by the rules and the level of their day, once, however often they are sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from django.db import transaction
from django.db.models import Q, Sum
from django.utils.translation import gettext_lazy as _

from mutualist.apps.commissions import books
from mutualist.apps.commissions.books import Book, refused
from mutualist.apps.commissions.kept import stored
from mutualist.apps.commissions.models import CapUse, Earning, Invoice, Part, RuleVersion
from mutualist.apps.commissions.partners import require_partners
from mutualist.apps.core.clock import today
from mutualist.apps.core.errors import ActionError, NotAllowed
from mutualist.apps.programme.public import Standing, level_on
from mutualist.domain.programme import commission
from mutualist.domain.programme.commission import CapKey, CommissionError, CommissionRules, Credit
from mutualist.domain.programme.commission.explaining import plain_steps
from mutualist.domain.programme.commission.journal import move
from mutualist.domain.programme.commission.money import major
from mutualist.domain.programme.commission.spreading import instalments
from mutualist.domain.programme.commission.versions import convert

#: More in one file is taken in several.
MOST_ROWS = 5_000


@dataclass(frozen=True, slots=True)
class Given:
    """An invoice as it came in; ``credited`` holds partners (ids of relations) and their shares."""

    number: str
    day: date
    amount: int
    currency: str
    product: str
    credited: tuple[tuple[int, Fraction], ...]
    subscription: str = ""
    customer: str = ""
    months: int = 1
    covers_from: date | None = None
    units: Fraction = Fraction(1)
    marks: frozenset[str] = frozenset()

    def invoice(self) -> commission.Invoice:
        """Return it as the rules know it."""
        return commission.Invoice(
            self.number, self.day, self.amount, self.currency, self.product, self.subscription,
            self.customer, self.months, self.covers_from, self.units, self.marks,
        )  # fmt: skip


@transaction.atomic
def book_invoice(*, standing: Standing, given: Given, source: str) -> Invoice:
    """Book what an invoice earns; the same one sent again changes nothing.

    Raises
    ------
    ActionError
        With everything that stands in the way; or if another invoice has this number.
    """
    if standing.side != "vendor" or not standing.writes:
        raise NotAllowed
    book = books.opened(standing)
    found = booked_before(standing, given)
    if found is not None:
        return found
    made = _book(book, given, source)
    book.record("commissions.invoice.booked", made, number=made.number)
    return made


@transaction.atomic
def book_invoices(*, standing: Standing, rows: Sequence[tuple[int, Given]], source: str) -> int:
    """Book many invoices, all or none; returns how many were new.

    Parameters
    ----------
    rows
        Invoices with their row in the file.

    Raises
    ------
    ActionError
        With each row that cannot be booked and why; then nothing is stored.
    """
    if standing.side != "vendor" or not standing.writes:
        raise NotAllowed
    book = books.opened(standing)
    made: list[Invoice] = []
    wrong: list[str] = []
    for row, given in rows:
        try:
            if booked_before(standing, given) is None:
                made.append(_book(book, given, source))
        except ActionError as error:
            wrong += [
                _("Row {row}: {said}").format(row=row, said=said)
                for said in error.message.split("\n")
            ]
    if wrong:
        raise ActionError("rows", "{rows}", rows="\n".join(wrong[:100]))
    if made:
        book.record("commissions.invoices.booked", made[-1], count=len(made))
    return len(made)


def booked_before(standing: Standing, given: Given) -> Invoice | None:
    """Return the invoice of this number, if it was booked with the same content."""
    found: Invoice | None = (
        Invoice.objects.visible_to(standing)
        .filter(number=given.number, voided_at__isnull=True)
        .first()
    )
    if found is None:
        return None
    shares = sorted((one.relation_id, Fraction(one.share)) for one in found.earnings.all())
    same = as_invoice(found) == given.invoice() and shares == sorted(given.credited)
    if not same:
        raise ActionError(
            "invoice_taken",
            _(
                "The invoice {number} is booked already, with other figures. Booked invoices are never changed: "
                "void it first, or check the number."
            ),
            status=409,
            number=given.number,
        )
    return found


def as_invoice(row: Invoice) -> commission.Invoice:
    """Return a stored invoice as the rules know it."""
    return commission.Invoice(
        row.number, row.day, row.amount, row.currency, row.product, row.subscription, row.customer,
        row.months, row.covers_from, Fraction(row.units), frozenset(row.marks),
    )  # fmt: skip


def rules_for(standing: Standing, day: date) -> tuple[RuleVersion, CommissionRules]:
    """Return the version in force on a day."""
    holds = Q(first__lte=day) & (Q(last__isnull=True) | Q(last__gte=day))
    version = RuleVersion.objects.visible_to(standing).filter(holds).first()
    if version is None:
        raise refused(
            commission.CommissionError([commission.Problem("", "no_version", {"day": day})])
        )
    return version, stored(version)


def earned_by(standing: Standing, given: Given, rules: CommissionRules) -> commission.Earnings:
    """Compute what an invoice earns: levels of its day, caps and turnover as they are booked now."""
    parts = [
        Credit(str(relation), share, level_on(relation, given.day) or commission.NO_LEVEL)
        for relation, share in given.credited
    ]
    try:
        return commission.earn(
            given.invoice(),
            rules,
            parts,
            used=_used(standing, given),
            turnover=_turnover(standing, given, rules),
        )
    except CommissionError as error:
        raise refused(error) from error


def _used(standing: Standing, given: Given) -> Mapping[CapKey, int]:
    whose = [
        given.subscription,
        given.customer,
        given.number,
        *(str(pk) for pk, _share in given.credited),
    ]
    rows = (
        CapUse.objects.filter(invoice__programme=standing.programme, whose__in=whose)
        .order_by()
        .values_list("cap", "whose", "period", "currency")
        .annotate(Sum("amount"))
    )
    return {CapKey(*key): total for *key, total in rows}


def _turnover(standing: Standing, given: Given, rules: CommissionRules) -> Mapping[str, Fraction]:
    product = rules.product(given.product)
    if product is None or product.rate.counted != "year":
        return {}
    totals: dict[str, Fraction] = {}
    earlier = Earning.objects.visible_to(standing).filter(
        relation__in=[pk for pk, _share in given.credited],
        invoice__product=given.product,
        invoice__day__year=given.day.year,
        invoice__voided_at__isnull=True,
    )
    for one in earlier.select_related("invoice"):
        sold = major(one.base, one.invoice.currency)
        here = convert(sold, one.invoice.currency, rules.currency, one.invoice.day, rules)
        totals[str(one.relation_id)] = totals.get(str(one.relation_id), Fraction(0)) + here
    return totals


def _book(book: Book, given: Given, source: str) -> Invoice:
    standing = book.standing
    if given.day > today():
        raise ActionError(
            "future",
            _(
                "The invoice {number} is dated {day}, which is in the future. Book it when its day has come."
            ),
            number=given.number,
            day=given.day.isoformat(),
        )
    if not given.number.strip():
        raise ActionError("number", _("The invoice needs a number."))
    require_partners(standing, [relation for relation, _share in given.credited])
    version, rules = rules_for(standing, given.day)
    earned = earned_by(standing, given, rules)
    shares = dict(given.credited)
    invoice = Invoice.objects.create(
        programme_id=standing.programme,
        number=given.number,
        day=given.day,
        amount=given.amount,
        currency=given.currency,
        product=given.product,
        subscription=given.subscription,
        customer=given.customer,
        months=given.months,
        covers_from=given.covers_from,
        units=Decimal(given.units.numerator) / given.units.denominator,
        marks=sorted(given.marks),
        source=source,
        rules=version,
    )
    CapUse.objects.bulk_create(
        [
            CapUse(
                invoice=invoice,
                cap=key.cap,
                whose=key.whose,
                period=key.period,
                currency=key.currency,
                amount=cents,
            )
            for key, cents in earned.usage.items()
        ]
    )
    product = rules.product(given.product)
    assert product is not None  # earn() has refused what has no rule
    for part in earned.parts:
        earning = Earning.objects.create(
            invoice=invoice,
            relation_id=int(part.partner),
            share=str(shares[int(part.partner)]),
            level=part.level,
            base=part.base,
            gross=part.gross,
            amount=part.amount,
            currency=part.currency,
            months=[[month.isoformat(), cents] for month, cents in part.months],
            steps=plain_steps(part.steps),
        )
        for one in instalments(part.amount, product.schedule, given.day):
            if one.amount:
                Part.objects.create(earning=earning, key=one.key, due=one.due, amount=one.amount)
        accrue_due(book, earning)
    return invoice


def accrue_due(book: Book, earning: Earning) -> int:
    """Book the parts of an earning whose day has come; returns how many."""
    count = 0
    for part in earning.parts.filter(entry__isnull=True, due__lte=today()):
        count += accrue(book, earning, part)
    return count


def accrue(book: Book, earning: Earning, part: Part) -> int:
    """Book one part, as far as no cancellation has taken it off."""
    left = part.amount - part.dropped
    if left <= 0 or part.entry_id is not None:
        return 0
    lines = move("accrual", str(earning.relation_id), earning.currency, left)
    part.entry = book.post(
        "accrual", today(), lines, earning=earning, reason="" if part.key == "1/1" else part.key
    )
    part.save(update_fields=["entry"])
    return 1
