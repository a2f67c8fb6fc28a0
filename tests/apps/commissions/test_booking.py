"""Invoices earn by the rules and the level of their day, once; what was wrong is taken back."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest

from apps.commissions.steps import book, earning, given, hold
from mutualist.apps.commissions import books, queries
from mutualist.apps.commissions.actions.booking import book_invoice, book_invoices
from mutualist.apps.commissions.actions.falling_due import book_due_parts
from mutualist.apps.commissions.actions.settling import (
    adjust,
    approve,
    cancel_invoice,
    confirm_milestone,
    reverse_entry,
    void_invoice,
)
from mutualist.apps.commissions.models import CapUse, Entry, Invoice, Line
from mutualist.apps.core.clock import stopped_at, today
from mutualist.apps.core.errors import ActionError, NotAllowed


def _sum(world, account, relation=None):
    lines = Line.objects.filter(account=account, relation=relation or world.tauwerk)
    return -sum(line.amount for line in lines)


def _refused(action, **values):
    before = Entry.objects.count(), Invoice.objects.count()
    with pytest.raises(ActionError) as caught:
        action(**values)
    assert (Entry.objects.count(), Invoice.objects.count()) == before
    return caught.value.code


def test_the_level_on_the_day_of_the_invoice_counts(world):
    hold(world.tauwerk, "gold", today() - timedelta(days=3))
    assert earning(book(world, "before")).amount == 150_00
    assert earning(book(world, "after", day=today() - timedelta(days=3))).amount == 200_00
    assert earning(book(world, "early", day=date(2026, 1, 1))).level == "silver"


def test_an_invoice_sent_twice_is_booked_once(world):
    first = book(world)
    assert book(world).pk == first.pk
    assert Entry.objects.count() == 1
    assert (
        _refused(book_invoice, standing=world.anna, given=given(world, amount=999), source="api")
        == "invoice_taken"
    )


def test_several_partners_share_an_invoice(world):
    half = Fraction(1, 2)
    made = book(
        world, amount=100_01, credited=((world.tauwerk.pk, half), (world.grauwerk.pk, half))
    )
    parts = {one.relation_id: one for one in made.earnings.all()}
    assert parts[world.tauwerk.pk].base + parts[world.grauwerk.pk].base == 100_01
    assert parts[world.tauwerk.pk].amount == 7_50
    assert parts[world.grauwerk.pk].amount == 10_00


def test_nobody_but_the_vendor_books_and_no_partner_of_another_programme(world):
    for standing in (world.ben, world.clara, world.dora, world.linked()):
        with pytest.raises(NotAllowed):
            book_invoice(standing=standing, given=given(world), source="form")
    strange = given(world, credited=((999_999, Fraction(1)),))
    assert _refused(book_invoice, standing=world.anna, given=strange, source="form") == "partner"


def test_what_cannot_be_booked_says_why(world):
    for more, code in (
        ({"day": today() + timedelta(days=1)}, "future"),
        ({"day": date(2025, 12, 31)}, "commission"),
        ({"product": "boat"}, "commission"),
        ({"product": "hosting"}, "commission"),
        ({"amount": 0}, "commission"),
        ({"number": " "}, "number"),
    ):
        assert (
            _refused(book_invoice, standing=world.anna, given=given(world, **more), source="form")
            == code
        )


def test_a_file_is_booked_whole_or_not_at_all(world):
    rows = [
        (2, given(world, "R-1")),
        (3, given(world, "R-2", product="boat")),
        (4, given(world, "R-3", -5)),
    ]
    with pytest.raises(ActionError) as caught:
        book_invoices(standing=world.anna, rows=rows, source="file")
    assert "Row 3" in caught.value.message
    assert "Row 4" in caught.value.message
    assert not Invoice.objects.exists()
    assert (
        book_invoices(standing=world.anna, rows=[rows[0], (3, given(world, "R-2"))], source="file")
        == 2
    )
    assert book_invoices(standing=world.anna, rows=[rows[0]], source="file") == 0


def test_caps_are_counted_over_invoices_and_freed_by_voiding_and_cancelling(world):
    more = {"product": "hosting", "subscription": "S-1", "day": today().replace(day=1)}
    first = book(world, "R-1", **more)
    assert earning(first).amount == 150_00
    assert earning(book(world, "R-2", **more)).amount == 0
    assert earning(book(world, "R-3", **{**more, "subscription": "S-2"})).amount == 150_00
    void_invoice(standing=world.anna, invoice=first.uid, reason="wrong customer")
    again = book(world, "R-1", **more)
    assert earning(again).amount == 150_00
    cancel_invoice(
        standing=world.anna, invoice=again.uid, amount=500_00, day=today(), reason="half"
    )
    assert earning(book(world, "R-4", **more)).amount == 75_00
    used = sum(row.amount for row in CapUse.objects.filter(whose="S-1", period=f"{today():%Y-%m}"))
    assert used == 150_00


def test_approving_makes_it_payable_and_only_once(world):
    made = earning(book(world))
    assert [one.open for one in queries.waiting(world.anna)] == [150_00]
    assert approve(standing=world.anna, earnings=[made.uid]) == 1
    assert approve(standing=world.anna, earnings=[made.uid]) == 0
    assert (_sum(world, "accrued"), _sum(world, "payable")) == (0, 150_00)
    assert not queries.waiting(world.anna).exists()
    for standing in (world.ben, world.clara):
        with pytest.raises(NotAllowed):
            approve(standing=standing, earnings=[made.uid])


def test_milestones_are_booked_when_they_are_confirmed(world):
    made = earning(book(world, product="project"))
    assert _sum(world, "accrued") == 0
    confirm_milestone(standing=world.anna, earning=made.uid, key="signed")
    confirm_milestone(standing=world.anna, earning=made.uid, key="signed")
    assert _sum(world, "accrued") == 40_00
    with pytest.raises(NotAllowed):
        confirm_milestone(standing=world.anna, earning=made.uid, key="nothing")
    with pytest.raises(NotAllowed):
        confirm_milestone(standing=world.clara, earning=made.uid, key="live")


def test_parts_over_years_are_booked_by_the_clock(world):
    made = earning(book(world, amount=1000_01, product="spread"))
    assert made.amount == 100_00
    assert _sum(world, "accrued") == 16_67
    from mutualist.apps.core.clock import now

    with stopped_at(now() + timedelta(days=3 * 366)):
        assert book_due_parts() == 3
        assert book_due_parts() == 0
    assert _sum(world, "accrued") == 16_67 * 4
    with stopped_at(now() + timedelta(days=9 * 366)):
        book_due_parts()
    assert _sum(world, "accrued") == 100_00


def test_a_cancelled_project_first_loses_what_is_not_booked(world):
    made = book(world, product="project")
    one = earning(made)
    confirm_milestone(standing=world.anna, earning=one.uid, key="signed")
    approve(standing=world.anna, earnings=[one.uid])
    cancel_invoice(
        standing=world.anna, invoice=made.uid, amount=800_00, day=today(), reason="stopped"
    )
    assert _sum(world, "payable") == 20_00
    confirm_milestone(standing=world.anna, earning=one.uid, key="live")
    assert _sum(world, "accrued") == 0
    assert (
        _refused(
            cancel_invoice,
            standing=world.anna,
            invoice=made.uid,
            amount=200_01,
            day=today(),
            reason="x",
        )
        == "commission"
    )


def test_cancelling_in_parts_takes_back_exactly_everything(world):
    made = book(world, amount=333_33)
    approve(standing=world.anna, earnings=[earning(made).uid])
    for amount in (100_00, 100_00, 133_33):
        cancel_invoice(
            standing=world.anna, invoice=made.uid, amount=amount, day=today(), reason="credit note"
        )
    assert {account: _sum(world, account) for account in ("expense", "accrued", "payable")} == {
        "expense": 0, "accrued": 0, "payable": 0,
    }  # fmt: skip
    assert (
        _refused(void_invoice, standing=world.anna, invoice=made.uid, reason="x")
        == "cancelled_already"
    )


def test_voiding_reverses_each_entry_once(world):
    made = book(world)
    approve(standing=world.anna, earnings=[earning(made).uid])
    void_invoice(standing=world.anna, invoice=made.uid, reason="entered twice")
    assert [one.kind for one in Entry.objects.order_by("number")] == [
        "accrual",
        "approval",
        "reversal",
        "reversal",
    ]
    assert not any(_sum(world, account) for account in ("expense", "accrued", "payable"))
    assert _refused(void_invoice, standing=world.anna, invoice=made.uid, reason="x") == "voided"
    assert book(world).pk != made.pk, "its number may be used again"


def test_owners_reverse_approvals_and_adjust_by_hand(world):
    made = earning(book(world))
    approve(standing=world.anna, earnings=[made.uid])
    accrual, approval = Entry.objects.order_by("number")
    assert (
        _refused(reverse_entry, standing=world.anna, entry=accrual.uid, reason="x") == "other_way"
    )
    reverse_entry(standing=world.anna, entry=approval.uid, reason="too early")
    assert (_sum(world, "accrued"), _sum(world, "payable")) == (150_00, 0)
    assert (
        _refused(reverse_entry, standing=world.anna, entry=approval.uid, reason="x")
        == "reversed_already"
    )
    adjust(
        standing=world.anna,
        relation=world.tauwerk.pk,
        currency="EUR",
        amount=-20_00,
        reason="goodwill",
    )
    assert _sum(world, "payable") == -20_00
    for amount, reason, code in ((0, "x", "nothing"), (5, " ", "reason"), (5, "x" * 121, "reason")):
        assert (
            _refused(
                adjust,
                standing=world.anna,
                relation=world.tauwerk.pk,
                currency="EUR",
                amount=amount,
                reason=reason,
            )
            == code
        )
    for standing in (world.ben, world.clara):
        with pytest.raises(NotAllowed):
            adjust(
                standing=standing, relation=world.tauwerk.pk, currency="EUR", amount=5, reason="x"
            )
        with pytest.raises(NotAllowed):
            reverse_entry(standing=standing, entry=approval.uid, reason="x")


def test_a_changed_journal_is_noticed(world):
    book(world)
    book(world, "R-2")
    assert books.check_journal(world.programme.pk).is_sound
    line = Line.objects.filter(account="accrued").first()
    Line.objects.filter(pk=line.pk).update(amount=line.amount - 1)
    found = books.check_journal(world.programme.pk)
    assert (found.broken_at, found.is_sound) == (1, False)
    Line.objects.filter(pk=line.pk).update(amount=line.amount)
    Entry.objects.filter(number=2).delete()
    assert books.check_journal(world.programme.pk).broken_at == 2
