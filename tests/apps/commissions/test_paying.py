"""Paying: accounts are sealed, a run pays once, and what the bank refused becomes payable again."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from xml.etree import ElementTree as ET

import pytest

from apps.commissions.steps import IBAN, OTHER_IBAN, OWN_IBAN, accounts, book, earning
from mutualist.apps.commissions import queries
from mutualist.apps.commissions.actions import paying
from mutualist.apps.commissions.actions.settling import adjust, approve
from mutualist.apps.commissions.actions.stating import issue_statements
from mutualist.apps.commissions.models import BankAccount, Entry, Payment, PaymentRun, Statement
from mutualist.apps.core.clock import now, stopped_at, today
from mutualist.apps.core.errors import ActionError, NotAllowed
from mutualist.apps.core.models import AuditEntry, OutboxMail
from mutualist.library.payments import sepa_file


def _payable(world, amount=1000_00):
    """Both partners have something to get: Tauwerk 15 %, Grauwerk 20 % of the amount."""
    both = [
        book(world, f"R-{one.pk}", amount, credited=((one.pk, Fraction(1)),))
        for one in (world.tauwerk, world.grauwerk)
    ]
    approve(standing=world.anna, earnings=[earning(one).uid for one in both])


def _run(world, total=350_00, **more):
    return paying.make_run(
        standing=world.anna, **{"currency": "EUR", "execute_on": today(), "total": total, **more}
    )


def _refused(code, action, **values):
    before = Entry.objects.count()
    with pytest.raises(ActionError) as caught:
        action(**values)
    assert caught.value.code == code
    assert Entry.objects.count() == before


def test_accounts_are_sealed_and_checked(world):
    accounts(world)
    assert BankAccount.objects.count() == 3
    for row in BankAccount.objects.all():
        for secret in (IBAN, OTHER_IBAN, OWN_IBAN):
            assert secret.encode() not in bytes(row.ciphertext) + bytes(row.key)
    assert queries.last_four(world.anna) == {world.tauwerk.pk: "3201", world.grauwerk.pk: "2957"}
    assert queries.last_four(world.clara) == {world.tauwerk.pk: "3201"}
    assert queries.payer_last4(world.anna) == "3000"
    assert queries.payer_last4(world.clara) == ""
    wrong = {"name": "Tauwerk", "iban": IBAN[:-1] + "2"}
    _refused("iban", paying.keep_account, standing=world.clara, **wrong)
    _refused("bic", paying.keep_account, standing=world.clara, name="T", iban=IBAN, bic="XX")
    _refused("account_holder", paying.keep_account, standing=world.clara, name=" ", iban=IBAN)
    assert queries.last_four(world.clara)[world.tauwerk.pk] == "3201"
    with pytest.raises(NotAllowed):
        paying.keep_account(standing=world.ben, name="Ben", iban=IBAN)
    assert not AuditEntry.objects.filter(body__icontains=IBAN).exists()


def test_someone_with_a_mailed_link_enters_the_account(world):
    paying.keep_account(standing=world.linked(), name="Tauwerk", iban=OTHER_IBAN)
    assert queries.last_four(world.clara) == {world.tauwerk.pk: "2957"}


def test_a_run_pays_each_partner_once(world):
    _payable(world)
    accounts(world)
    found = paying.due(world.anna, "EUR")
    assert found.total == 350_00
    run = _run(world)
    assert sorted(run.payments.values_list("amount", flat=True)) == [150_00, 200_00]
    assert {one.payable for one in queries.balances(world.anna)} == {0}
    assert {one.paid for one in queries.balances(world.anna)} == {150_00, 200_00}
    _refused("nothing_due", _run, world=world)
    assert PaymentRun.objects.count() == 1


def test_the_file_for_the_bank_holds_what_was_booked(world):
    _payable(world)
    accounts(world)
    run = _run(world, execute_on=today() + timedelta(days=2))
    paying.keep_account(standing=world.clara, name="Somebody else", iban=OTHER_IBAN)
    content = sepa_file(paying.payment_file(standing=world.anna, run=run.uid, purpose="Provision"))
    root = ET.fromstring(content)
    space = {"p": root.tag[1:].split("}")[0]}
    paid = {
        one.find(".//p:IBAN", space).text: one.find(".//p:InstdAmt", space).text
        for one in root.iterfind(".//p:CdtTrfTxInf", space)
    }
    assert paid == {IBAN: "150.00", OTHER_IBAN: "200.00"}, "the account of the day of the run"
    assert root.find(".//p:DbtrAcct//p:IBAN", space).text == OWN_IBAN
    assert AuditEntry.objects.filter(action="commissions.run.downloaded").count() == 1
    for standing in (world.ben, world.clara, world.dora):
        with pytest.raises(NotAllowed):
            paying.payment_file(standing=standing, run=run.uid, purpose="x")


def test_a_run_is_taken_back_once_and_can_be_made_anew(world):
    _payable(world)
    accounts(world)
    run = _run(world)
    paying.reverse_run(standing=world.anna, run=run.uid, reason="bank refused")
    assert {one.payable for one in queries.balances(world.anna)} == {150_00, 200_00}
    _refused("run_reversed", paying.reverse_run, standing=world.anna, run=run.uid, reason="again")
    _refused("run_reversed", paying.payment_file, standing=world.anna, run=run.uid, purpose="x")
    assert _run(world).number == 2


def test_what_stands_in_the_way_of_a_run(world):
    _payable(world)
    _refused("no_payer", _run, world=world)
    paying.keep_account(standing=world.anna, name="Nordwerk", iban=OWN_IBAN)
    _refused("nothing_due", _run, world=world)
    assert [one.amount for one in paying.due(world.anna, "EUR").waiting] == [150_00, 200_00]
    paying.keep_account(standing=world.clara, name="Tauwerk", iban=IBAN)
    _refused("total_changed", _run, world=world)
    _refused("execute_on", _run, world=world, total=150_00, execute_on=today() - timedelta(days=1))
    _refused("currency", _run, world=world, currency="euro")
    assert _run(world, total=150_00).payments.get().relation_id == world.tauwerk.pk
    with pytest.raises(NotAllowed):
        paying.make_run(standing=world.ben, currency="EUR", execute_on=today(), total=1)
    with pytest.raises(NotAllowed):
        paying.due(world.clara, "EUR")


def test_small_amounts_wait_and_debts_are_taken_off(world):
    accounts(world)
    adjust(
        standing=world.anna, relation=world.tauwerk.pk, currency="EUR", amount=9_99, reason="little"
    )
    adjust(
        standing=world.anna,
        relation=world.grauwerk.pk,
        currency="EUR",
        amount=-50_00,
        reason="debt",
    )
    assert paying.due(world.anna, "EUR").payable == ()
    adjust(
        standing=world.anna, relation=world.tauwerk.pk, currency="EUR", amount=1, reason="a cent"
    )
    adjust(
        standing=world.anna, relation=world.grauwerk.pk, currency="EUR", amount=70_00, reason="more"
    )
    assert sorted(one.amount for one in paying.due(world.anna, "EUR").payable) == [10_00, 20_00]


def test_statements_of_a_closed_period_stay_and_are_mailed(world):
    _payable(world)
    last = today()
    _refused("period_open", issue_statements, standing=world.anna, first=last, last=last)
    _refused(
        "period", issue_statements, standing=world.anna, first=last, last=last - timedelta(days=1)
    )
    with stopped_at(now() + timedelta(days=1)):
        made = issue_statements(standing=world.anna, first=last, last=last)
        assert issue_statements(standing=world.anna, first=last, last=last) == []
        assert sorted(one.closing for one in made) == [150_00, 200_00]
        adjust(
            standing=world.anna,
            relation=world.tauwerk.pk,
            currency="EUR",
            amount=-20_00,
            reason="later",
        )
        kept = Statement.objects.get(relation=world.tauwerk)
        told = queries.told_statement(world.clara, world.tauwerk.pk, "EUR", kept.first, kept.last)
        assert (told.opening, told.closing, told.accrued) == (
            kept.opening,
            kept.closing,
            kept.accrued,
        )
        with pytest.raises(NotAllowed):
            issue_statements(standing=world.clara, first=last, last=last)
    mails = [mail for mail in OutboxMail.objects.all() if mail.to == "tom@tauwerk.example"]
    assert len(mails) == 1


def test_partners_see_their_own_and_nothing_else(world):
    _payable(world)
    accounts(world)
    run = _run(world)
    with stopped_at(now() + timedelta(days=1)):
        issue_statements(
            standing=world.anna, first=date(2026, 1, 1), last=today() - timedelta(days=1)
        )
    for standing, own in (
        (world.clara, world.tauwerk),
        (world.linked(), world.tauwerk),
        (world.dora, world.grauwerk),
    ):
        assert {one.relation_id for one in queries.earnings(standing)} == {own.pk}
        assert {one.relation for one in queries.balances(standing)} == {own.pk}
        assert {one.relation_id for one in queries.statements(standing)} == {own.pk}
        assert {
            line.relation_id for one in queries.entries(standing) for line in one.lines.all()
        } == {own.pk}
        assert {one.relation_id for one in Payment.objects.visible_to(standing)} == {own.pk}
        assert not queries.runs(standing).exists()
        assert queries.invoices(standing).count() == 1
        other = world.grauwerk if own == world.tauwerk else world.tauwerk
        for read, values in (
            (queries.told_statement, (other.pk, "EUR", date(2026, 1, 1), today())),
            (queries.invoice, (queries.invoices(world.anna).get(earnings__relation=other).uid,)),
            (queries.issued, (Statement.objects.get(relation=other).uid,)),
            (paying.run_of, (run.uid,)),
        ):
            with pytest.raises(NotAllowed):
                read(standing, *values)
