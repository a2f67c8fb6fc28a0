"""Programs read what their people may read: exact amounts as text, 404 for everybody else."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from apps.commissions.steps import accounts, book, earning
from apps.writes.scenarios import program
from mutualist.apps.commissions.actions.settling import approve
from mutualist.apps.core.clock import today

PERIOD = {"first": "2026-01-01", "last": f"{today():%Y-%m-%d}"}


@pytest.fixture
def asks(world):
    def ask(actor, name, *args, **query):
        headers = {"authorization": f"Bearer {program(actor)}"}
        return Client().get(reverse(f"api:{name}", args=args), query, headers=headers)

    return ask


def test_what_each_side_reads(world, asks):
    made = book(world, amount=1234_56)
    approve(standing=world.anna, earnings=[earning(made).uid])
    accounts(world)
    uid, own = world.programme.uid, world.tauwerk.uid
    vendor = [
        ("list_commission_rules", (uid,)),
        ("list_commission_invoices", (uid,)),
        ("get_commission_invoice", (uid, made.uid)),
        ("list_waiting_commissions", (uid,)),
        ("list_commission_balances", (uid,)),
        ("get_partner_statement", (uid, own)),
        ("list_commission_entries", (uid,)),
        ("list_payment_runs", (uid,)),
    ]
    partner = [
        ("list_own_balances", (own,)),
        ("list_own_earnings", (own,)),
        ("get_own_statement", (own,)),
    ]
    for names, allowed, others in (
        (vendor, world.cast.anna, (world.cast.clara, world.cast.dora)),
        (partner, world.cast.clara, (world.cast.anna, world.cast.dora)),
    ):
        for name, args in names:
            query = PERIOD if "statement" in name else {}
            assert asks(allowed, name, *args, **query).status_code == 200, name
            for other in others:
                assert asks(other, name, *args, **query).status_code == 404, name
    statement = asks(world.cast.clara, "get_own_statement", own, **PERIOD).json()
    assert (statement["opening"], statement["closing"]) == ("0.00", "185.18")
    assert [one["amount"] for one in statement["movements"]] == ["185.18"]
    lines = [
        line
        for one in asks(world.cast.anna, "list_commission_entries", uid).json()
        for line in one["lines"]
    ]
    assert sorted(line["amount"] for line in lines if line["account"] == "accrued") == [
        "-185.18",
        "185.18",
    ]
    assert asks(world.cast.clara, "list_own_earnings", own).json()[0]["steps"] == [
        "Licence, Silver: 15 %."
    ]
