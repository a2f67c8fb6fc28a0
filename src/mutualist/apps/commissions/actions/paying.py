"""Paying: accounts at the bank, payment runs, and taking a run back that the bank has refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mutualist.apps.commissions import books
from mutualist.apps.commissions.actions.booking import rules_for
from mutualist.apps.commissions.actions.settling import _reason, _require_vendor, _reverse
from mutualist.apps.commissions.models import BankAccount, Payment, PaymentRun
from mutualist.apps.commissions.sealing import (
    opened,
    place_of_account,
    place_of_payment,
    place_of_run,
    sealed,
)
from mutualist.apps.core.clock import now, today
from mutualist.apps.core.errors import ActionError, NotAllowed
from mutualist.apps.programme.public import Standing
from mutualist.domain.programme.commission.journal import move
from mutualist.domain.programme.commission.money import is_currency, plain, said
from mutualist.domain.programme.commission.statement import Payout, payouts
from mutualist.library import payments
from mutualist.library.bank_accounts import LENGTHS, iban_fault, is_bic, normal_iban

#: What is wrong with an IBAN, as a person is told.
FAULTS = {
    "shape": _(
        "An IBAN begins with two letters and two digits, such as DE89 3704 0044 0532 0130 00."
    ),
    "country": _(
        "There is no IBAN from this country in the SEPA area or beside it. Check the first two letters."
    ),
    "length": _("The IBAN has {length} signs; one from this country has {right}."),
    "letters": _("After its first two letters an IBAN of this country has digits only."),
    "check": _("The check digits of the IBAN do not fit: two digits are swapped, or one is wrong."),
}
NAME = 70
#: A payment may be ordered so long before.
MOST_AHEAD = timedelta(days=366)


def read_account(name: str, iban: str, bic: str) -> payments.BankAccount:
    """Return a bank account as it can be used, or refuse it with what is wrong."""
    holder, number, bank = " ".join(name.split()), normal_iban(iban), "".join(bic.split()).upper()
    if not holder or len(holder) > NAME:
        raise ActionError(
            "account_holder",
            _("Give the account holder’s name, up to {most} characters."),
            most=NAME,
        )
    fault = iban_fault(number)
    if fault:
        raise ActionError(
            "iban", FAULTS[fault], length=len(number), right=LENGTHS.get(number[:2], 0)
        )
    if bank and not is_bic(bank):
        raise ActionError(
            "bic", _("A BIC has 8 or 11 signs, such as COBADEFFXXX. It may be left empty.")
        )
    return payments.BankAccount(holder, number, bank)


@transaction.atomic
def keep_account(*, standing: Standing, name: str, iban: str, bic: str = "") -> BankAccount:
    """Keep where one is paid (a partner), or from where one pays (the vendor's owner), encrypted.

    Who sees it afterwards: whoever may pay; everybody else its last four signs.
    """
    if not (standing.writes if standing.side == "partner" else standing.manages):
        raise NotAllowed
    account = read_account(name, iban, bic)
    book = books.opened(standing)
    relation = standing.relation if standing.side == "partner" else None
    values = sealed(account, place_of_account(standing.programme, relation))
    made, _new = BankAccount.objects.update_or_create(
        programme_id=standing.programme,
        relation_id=relation,  # type: ignore[misc] # none is the vendor's own
        defaults={**values, "changed_at": now()},
    )
    kind = "commissions.account.kept" if relation else "commissions.payer.kept"
    book.record(kind, made, relation=relation, last4=made.last4)
    return made


@dataclass(frozen=True, slots=True)
class Due:
    """What a run would pay: who can be paid, and who waits for an account."""

    currency: str
    payable: tuple[Payout, ...]
    waiting: tuple[Payout, ...]

    @property
    def total(self) -> int:
        """Return the sum that would be paid."""
        return sum(one.amount for one in self.payable)


def due(standing: Standing, currency: str) -> Due:
    """Return what is to be paid in a currency now."""
    _require_vendor(standing)
    found = payouts(books.of_programme(standing.programme), _minimum(standing), currency)
    there = set(_accounts(standing))
    return Due(
        currency,
        tuple(one for one in found if int(one.partner) in there),
        tuple(one for one in found if int(one.partner) not in there),
    )


def _minimum(standing: Standing) -> Mapping[str, int]:
    try:
        return rules_for(standing, today())[1].minimum
    except ActionError:
        return {}


def _accounts(standing: Standing) -> dict[int, BankAccount]:
    rows = BankAccount.objects.filter(programme=standing.programme, relation__isnull=False)
    return {row.relation_id: row for row in rows if row.relation_id is not None}


@transaction.atomic
def make_run(*, standing: Standing, currency: str, execute_on: date, total: int) -> PaymentRun:
    """Pay everything that is payable in a currency and whose account is known: one entry for each partner.

    Parameters
    ----------
    total
        The sum the person has seen; if it has changed in the meantime, nothing is paid.
    """
    _require_vendor(standing, manages=True)
    if not is_currency(currency):
        raise ActionError("currency", _("{currency} is no currency."), currency=currency[:20])
    if execute_on < today():
        raise ActionError(
            "execute_on",
            _("The bank cannot carry it out on {day}, which is over."),
            day=execute_on.isoformat(),
        )
    if execute_on > today() + MOST_AHEAD:
        raise ActionError(
            "execute_on",
            _("{day} is too far off: a bank takes orders for a year ahead at most."),
            day=execute_on.isoformat(),
        )
    book = books.opened(standing)
    payer = BankAccount.objects.filter(programme=standing.programme, relation__isnull=True).first()
    if payer is None:
        raise ActionError("no_payer", _("Enter the account you pay from first."))
    found = due(standing, currency)
    if not found.payable:
        raise ActionError(
            "nothing_due",
            _("There is nothing to pay in {currency}."),
            status=409,
            currency=currency,
        )
    if found.total != total:
        raise ActionError(
            "total_changed",
            _(
                "In the meantime it has become {now} instead of {seen}. Look at the list again, then decide."
            ),
            status=409,
            now=said(found.total, currency, books.language()),
            seen=said(total, currency, books.language()),
        )
    ledger = book.ledger
    ledger.runs += 1
    ledger.save(update_fields=["runs"])
    run = PaymentRun(
        programme_id=standing.programme,
        number=ledger.runs,
        currency=currency,
        execute_on=execute_on,
    )
    run.message = f"MU-{run.uid.hex[:16].upper()}"
    own = opened(payer, place_of_account(standing.programme, None))
    for name, value in sealed(own, place_of_run(standing.programme, run.number)).items():
        setattr(run, name, value)
    run.save()
    accounts = _accounts(standing)
    for at, payout in enumerate(found.payable, 1):
        relation = int(payout.partner)
        entry = book.post(
            "payment", today(), move("payment", payout.partner, currency, payout.amount)
        )
        reference = f"{run.message}-{at}"
        to = opened(accounts[relation], place_of_account(standing.programme, relation))
        Payment.objects.create(
            run=run, relation_id=relation, amount=payout.amount, reference=reference, entry=entry,
            **sealed(to, place_of_payment(reference)),
        )  # fmt: skip
    book.record(
        "commissions.run.made", run, number=run.number, count=len(found.payable), currency=currency,
        total=plain(found.total, currency),
    )  # fmt: skip
    return run


@transaction.atomic
def reverse_run(*, standing: Standing, run: UUID, reason: str) -> PaymentRun:
    """Take a run back that the bank has not carried out: everything becomes payable again. Only once."""
    _require_vendor(standing, manages=True)
    why = _reason(reason)
    book = books.opened(standing)
    found = run_of(standing, run)
    if found.reversed_at is not None:
        raise ActionError(
            "run_reversed",
            _("The payment run {number} is taken back already."),
            status=409,
            number=found.number,
        )
    for payment in found.payments.select_related("entry"):
        _reverse(book, payment.entry, why)
    found.reversed_at = now()
    found.save(update_fields=["reversed_at"])
    book.record("commissions.run.reversed", found, number=found.number)
    return found


def run_of(standing: Standing, uid: UUID) -> PaymentRun:
    """Return a payment run of the own programme."""
    found: PaymentRun | None = PaymentRun.objects.visible_to(standing).filter(uid=uid).first()
    if found is None:
        raise NotAllowed
    return found


@transaction.atomic
def payment_file(*, standing: Standing, run: UUID, purpose: str) -> payments.PaymentFile:
    """Return a run as a file for the bank; that it was taken is recorded.

    Parameters
    ----------
    purpose
        What receivers read, such as ``Commission Nordwerk Partner``.
    """
    _require_vendor(standing, manages=True)
    found = run_of(standing, run)
    if found.reversed_at is not None:
        raise ActionError(
            "run_reversed",
            _("The payment run {number} is taken back already."),
            status=409,
            number=found.number,
        )
    transfers = [
        payments.Transfer(
            opened(one, place_of_payment(one.reference)), one.amount, one.reference, purpose
        )
        for one in found.payments.all()
    ]
    book = books.opened(standing)
    book.record("commissions.run.downloaded", found, number=found.number)
    return payments.PaymentFile(
        message=found.message,
        created=found.made_at.replace(microsecond=0),
        execute_on=found.execute_on,
        payer=opened(found, place_of_run(standing.programme, found.number)),
        transfers=transfers,
        currency=found.currency,
    )
