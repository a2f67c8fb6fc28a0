"""Two people at once: money is paid once, approved once, booked once, and the journal stays one chain."""

from __future__ import annotations

import pytest

from apps.commissions.steps import accounts, book, earning, given, make_world
from apps.rooms.test_races import at_once
from mutualist.apps.commissions import books, queries
from mutualist.apps.commissions.actions.booking import book_invoice
from mutualist.apps.commissions.actions.paying import make_run, reverse_run
from mutualist.apps.commissions.actions.settling import approve, cancel_invoice
from mutualist.apps.commissions.models import Entry, Invoice, PaymentRun
from mutualist.apps.core.clock import today
from mutualist.apps.core.errors import ActionError

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(settings):
    settings.EMAIL_BACKEND = "mutualist.apps.core.outbox.OutboxBackend"
    return make_world()


def _codes(answers):
    assert not [
        one for one in answers if isinstance(one, Exception) and not isinstance(one, ActionError)
    ], answers
    return sorted(one.code for one in answers if isinstance(one, ActionError))


def test_everything_at_once(world):
    made = book(world)
    assert (
        _codes(
            at_once(
                *[
                    lambda: book_invoice(
                        standing=world.anna, given=given(world, "R-2"), source="api"
                    )
                ]
                * 4
            )
        )
        == []
    )
    assert Invoice.objects.count() == 2
    both = [one.uid for one in queries.waiting(world.anna)]
    assert sorted(at_once(*[lambda: approve(standing=world.anna, earnings=both)] * 4)) == [
        0,
        0,
        0,
        2,
    ]
    accounts(world)
    pay = {"standing": world.anna, "currency": "EUR", "execute_on": today(), "total": 300_00}
    assert _codes(at_once(*[lambda: make_run(**pay)] * 4)) == ["nothing_due"] * 3
    run = PaymentRun.objects.get()
    back = at_once(*[lambda: reverse_run(standing=world.anna, run=run.uid, reason="refused")] * 4)
    assert _codes(back) == ["run_reversed"] * 3
    cancel = {
        "standing": world.anna,
        "invoice": made.uid,
        "amount": 600_00,
        "day": today(),
        "reason": "credit",
    }
    assert _codes(at_once(*[lambda: cancel_invoice(**cancel)] * 3)) == ["commission"] * 2
    assert earning(made).amount == 150_00
    assert {one.payable for one in queries.balances(world.anna)} == {210_00}
    assert [one.number for one in Entry.objects.order_by("number")] == list(
        range(1, Entry.objects.count() + 1)
    )
    assert books.check_journal(world.programme.pk).is_sound
