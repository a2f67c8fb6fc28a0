"""The journal: money is never created or lost, whatever happens in whatever order."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from mutualist.domain.programme.commission.journal import (
    Entry,
    Journal,
    Line,
    digest,
    mirror,
    move,
    take_back,
)
from mutualist.domain.programme.commission.model import Clawback, Schedule
from mutualist.domain.programme.commission.problems import CommissionError
from mutualist.domain.programme.commission.spreading import instalments
from mutualist.domain.programme.commission.statement import payouts, statement
from mutualist.domain.programme.commission.taking_back import Cancellation, taken_back

DAY = date(2026, 3, 1)


def _accrual(name="1", amount=5000, partner="tauwerk", source="R-1"):
    return Entry(name, "accrual", DAY, move("accrual", partner, "EUR", amount), source)


def _code(journal, entry):
    before = journal.balances()
    with pytest.raises(CommissionError) as caught:
        journal.post(entry)
    assert journal.balances() == before
    assert (
        entry.id not in {one.id for one in journal.entries}
        or caught.value.problems[0].code == "same_entry"
    )
    assert caught.value.message("de") != caught.value.message("en")
    return caught.value.problems[0].code


def test_from_earning_to_payment():
    journal = Journal([_accrual()])
    journal.post(Entry("2", "approval", DAY, move("approval", "tauwerk", "EUR", 5000), "R-1"))
    journal.post(Entry("3", "payment", DAY, move("payment", "tauwerk", "EUR", 5000)))
    assert {key[0]: amount for key, amount in journal.balances().items()} == {
        "expense": 5000, "accrued": 0, "payable": 0, "paid": -5000,
    }  # fmt: skip


def test_what_is_refused_changes_nothing():
    journal = Journal([_accrual()])
    eur = lambda account, amount: Line(account, "tauwerk", "EUR", amount)  # noqa: E731
    assert _code(journal, _accrual()) == "same_entry"
    assert _code(journal, Entry("2", "adjustment", DAY, ())) == "empty_entry"
    assert _code(journal, Entry("2", "adjustment", DAY, (eur("expense", 0),))) == "zero_line"
    uneven = (eur("expense", 5), eur("payable", -4))
    assert _code(journal, Entry("2", "adjustment", DAY, uneven)) == "unbalanced"
    mixed = (eur("expense", 5), Line("payable", "tauwerk", "USD", -5))
    assert _code(journal, Entry("2", "adjustment", DAY, mixed)) == "unbalanced", (
        "never two currencies"
    )
    more = Entry("2", "approval", DAY, move("approval", "tauwerk", "EUR", 5001), "R-1")
    assert _code(journal, more) == "accrued_short"
    other = Entry("2", "approval", DAY, move("approval", "tauwerk", "EUR", 5000), "R-2")
    assert _code(journal, other) == "accrued_short", "one earning is not approved out of another"
    assert (
        _code(journal, Entry("2", "payment", DAY, move("payment", "tauwerk", "EUR", 1)))
        == "payable_short"
    )
    back = Entry("2", "payment", DAY, move("payment", "tauwerk", "EUR", -1))
    assert _code(journal, back) == "paid_short"


def test_a_reversal_mirrors_its_entry_once():
    journal = Journal([_accrual()])
    first = journal.entries[0]
    reversal = Entry("2", "reversal", DAY, mirror(first), "R-1", "1")
    assert _code(journal, Entry("2", "reversal", DAY, mirror(first), "R-1", "9")) == "unknown_entry"
    half = Entry("2", "reversal", DAY, move("accrual", "tauwerk", "EUR", -2500), "R-1", "1")
    assert _code(journal, half) == "not_mirrored"
    journal.post(reversal)
    assert not any(journal.balances().values())
    assert (
        _code(journal, Entry("3", "reversal", DAY, mirror(first), "R-1", "1")) == "reversed_already"
    )
    again = Entry("3", "reversal", DAY, mirror(reversal), "R-1", "2")
    assert _code(journal, again) == "reversal_of_reversal"


def test_an_approved_accrual_is_reversed_from_its_end():
    journal = Journal([_accrual()])
    approval = Entry("2", "approval", DAY, move("approval", "tauwerk", "EUR", 5000), "R-1")
    journal.post(approval)
    backwards = Entry("3", "reversal", DAY, mirror(journal.entries[0]), "R-1", "1")
    assert _code(journal, backwards) == "accrued_short"
    journal.post(Entry("3", "reversal", DAY, mirror(approval), "R-1", "2"))
    journal.post(Entry("4", "reversal", DAY, mirror(journal.entries[0]), "R-1", "1"))
    assert not any(journal.balances().values())


def test_every_change_of_the_past_changes_the_digest():
    first, second = _accrual(), _accrual("2", 4999)
    chain = digest(second, digest(first, ""))
    assert len(chain) == 64
    others = [
        digest(second, digest(_accrual(amount=5001), "")),
        digest(second, digest(_accrual(partner="grauwerk"), "")),
        digest(second, digest(_accrual(source="R-9"), "")),
        digest(second, ""),
        digest(first, digest(second, "")),
    ]
    assert len({chain, *others}) == 6


def test_statements_tell_the_journal_of_a_period():
    later = DAY + timedelta(days=31)
    journal = Journal([_accrual(), _accrual("2", 700, source="R-2")])
    journal.post(Entry("3", "approval", DAY, move("approval", "tauwerk", "EUR", 5000), "R-1"))
    journal.post(Entry("4", "payment", later, move("payment", "tauwerk", "EUR", 5000)))
    journal.post(Entry("5", "adjustment", later, move("adjustment", "tauwerk", "EUR", -120)))
    march = statement(journal.entries, "tauwerk", "EUR", DAY, date(2026, 3, 31))
    assert (march.opening, march.closing, march.accrued) == (0, 5000, 700)
    april = statement(journal.entries, "tauwerk", "EUR", date(2026, 4, 1), date(2026, 4, 30))
    assert (april.opening, april.closing) == (5000, -120)
    assert april.sums() == {"adjustment": -120, "payment": -5000}
    assert [one.entry for one in april.movements] == ["4", "5"]
    assert statement(journal.entries, "grauwerk", "EUR", DAY, later).movements == ()
    assert statement(journal.entries, "tauwerk", "USD", DAY, later).closing == 0


def test_small_balances_wait_and_debts_are_not_paid():
    balances = {("payable", "a", "EUR"): -2499, ("payable", "b", "EUR"): -2500, ("payable", "c", "EUR"): 100,
                ("accrued", "d", "EUR"): -9999, ("payable", "e", "USD"): -9999}  # fmt: skip
    assert [one.partner for one in payouts(balances, {"EUR": 2500}, "EUR")] == ["b"]
    assert [one.partner for one in payouts(balances, {}, "USD")] == ["e"]


def test_partial_cancellations_take_back_exactly_the_whole():
    back, earlier = [], []
    for _ in range(3):
        now = Cancellation(DAY, 100)
        terms = {"invoiced_on": DAY, "invoiced": 300, "currency": "EUR"}
        back += [
            cents
            for _month, cents in taken_back(
                [(DAY, 1000)], Clawback(), **terms, earlier=earlier, now=now
            )
        ]
        earlier.append(now)
    assert back == [333, 334, 333]
    with pytest.raises(CommissionError, match="more than the invoice had"):
        taken_back([(DAY, 1000)], Clawback(), **terms, earlier=earlier, now=Cancellation(DAY, 1))
    with pytest.raises(CommissionError, match="above 0"):
        taken_back([(DAY, 1000)], Clawback(), **terms, earlier=[], now=Cancellation(DAY, 0))
    with pytest.raises(CommissionError, match="before the invoice"):
        taken_back(
            [(DAY, 1)], Clawback(), **terms, earlier=[], now=Cancellation(date(2026, 2, 1), 9)
        )


def test_only_unused_months_within_the_time_limit_are_taken_back():
    months = [(date(2026, at, 1), 100) for at in range(1, 7)]
    terms = {"invoiced_on": date(2026, 1, 1), "invoiced": 6000, "currency": "EUR", "earlier": []}
    now = Cancellation(date(2026, 4, 10), 6000)
    unused = taken_back(months, Clawback(part="unused"), **terms, now=now)
    assert unused == ((date(2026, 5, 1), 100), (date(2026, 6, 1), 100))
    assert len(taken_back(months, Clawback(within=4), **terms, now=now)) == 6
    assert taken_back(months, Clawback(within=3), **terms, now=now) == ()


def test_parts_over_time_and_by_milestones_add_up():
    yearly = instalments(1000_01, Schedule(parts=6, every="year"), date(2024, 2, 29))
    assert sum(one.amount for one in yearly) == 1000_01
    assert [one.due for one in yearly][:2] == [date(2024, 2, 29), date(2025, 2, 28)]
    from fractions import Fraction

    stones = Schedule(milestones=(("signed", Fraction(1, 3)), ("live", Fraction(2, 3))))
    parts = instalments(100, stones, DAY)
    assert [(one.key, one.due, one.amount) for one in parts] == [
        ("signed", None, 33),
        ("live", None, 67),
    ]
    assert instalments(100, Schedule(), DAY)[0].due == DAY


class Bookkeeping(RuleBasedStateMachine):
    """A journal under random hands, beside a bookkeeper who only counts what each partner got, by currency."""

    def __init__(self):
        super().__init__()
        self.journal = Journal()
        self.number = 0
        self.earned = defaultdict(int)
        self.approved = defaultdict(int)
        self.paid = defaultdict(int)
        self.given = defaultdict(int)
        self.chain = [""]
        self.today = DAY

    def _post(self, kind, lines, source="", reverses=""):
        self.number += 1
        entry = Entry(str(self.number), kind, self.today, lines, source, reverses)
        self.journal.post(entry)
        self.chain.append(digest(entry, self.chain[-1]))
        return entry

    @rule(
        partner=st.sampled_from("ab"),
        currency=st.sampled_from(["EUR", "CHF"]),
        amount=st.integers(1, 10_000),
    )
    def accrue(self, partner, currency, amount):
        source = f"R-{self.number}"
        self._post("accrual", move("accrual", partner, currency, amount), source)
        self.earned[partner, currency, source] = amount
        self.given[partner, currency] += amount

    @precondition(lambda self: any(self.earned.values()))
    @rule(data=st.data(), days=st.integers(0, 20))
    def approve(self, data, days):
        key = data.draw(st.sampled_from([key for key, amount in self.earned.items() if amount]))
        self.today += timedelta(days=days)
        partner, currency, source = key
        self._post("approval", move("approval", partner, currency, self.earned[key]), source)
        self.approved[partner, currency] += self.earned[key]
        self.earned[key] = 0

    @precondition(lambda self: self.earned)
    @rule(data=st.data(), amount=st.integers(1, 4000))
    def claw_back(self, data, amount):
        key = data.draw(st.sampled_from(sorted(self.earned)))
        partner, currency, source = key
        accrued = self.earned[key]
        self._post("clawback", take_back(partner, currency, amount, accrued=accrued), source)
        self.earned[key] -= min(amount, accrued)
        self.approved[partner, currency] -= amount - min(amount, accrued)
        self.given[partner, currency] -= amount

    @rule(currency=st.sampled_from(["EUR", "CHF"]), least=st.integers(0, 5000))
    def pay(self, currency, least):
        for payout in payouts(self.journal.balances(), {currency: least}, currency):
            self._post("payment", move("payment", payout.partner, currency, payout.amount))
            self.paid[payout.partner, currency] += payout.amount
            assert payout.amount == self.approved[payout.partner, currency] >= max(least, 1)
            self.approved[payout.partner, currency] = 0

    @precondition(lambda self: self.number)
    @rule(data=st.data())
    def reverse(self, data):
        entry = data.draw(st.sampled_from(self.journal.entries))
        gone = entry.reverses or any(one.reverses == entry.id for one in self.journal.entries)
        before = self.journal.balances()
        try:
            self._post("reversal", mirror(entry), entry.source, entry.id)
        except CommissionError as error:
            assert self.journal.balances() == before
            code = error.problems[0].code
            assert (code in {"reversed_already", "reversal_of_reversal"}) == bool(gone)
            self.number -= 1
            return
        assert not gone
        for line in entry.lines:
            account = (line.partner, line.currency)
            if line.account == "expense":
                self.given[account] -= line.amount
            elif line.account == "accrued":
                self.earned[(*account, entry.source)] += line.amount
            elif line.account == "payable":
                self.approved[account] += line.amount
            else:
                self.paid[account] += line.amount

    @invariant()
    def nothing_is_made_or_lost(self):
        sums = defaultdict(int)
        for (_account, _partner, currency), amount in self.journal.balances().items():
            sums[currency] += amount
        assert not any(sums.values())

    @invariant()
    def statements_and_the_plain_count_agree(self):
        for partner in "ab":
            for currency in ("EUR", "CHF"):
                told = statement(self.journal.entries, partner, currency, DAY, self.today)
                balance = self.journal.balance
                assert told.closing == -balance("payable", partner, currency)
                assert told.closing == self.approved[partner, currency]
                waiting = sum(
                    n for (p, c, _s), n in self.earned.items() if (p, c) == (partner, currency)
                )
                assert told.accrued == waiting == -balance("accrued", partner, currency)
                assert balance("expense", partner, currency) == self.given[partner, currency]
                assert -balance("paid", partner, currency) == self.paid[partner, currency] >= 0
                assert (
                    told.closing + told.accrued + self.paid[partner, currency]
                    == self.given[partner, currency]
                )

    @invariant()
    def a_replay_gives_the_same_books(self):
        again = Journal(self.journal.entries)
        assert again.balances() == self.journal.balances()
        chain = ""
        for entry in self.journal.entries:
            chain = digest(entry, chain)
        assert chain == self.chain[-1]


TestBookkeeping = Bookkeeping.TestCase
TestBookkeeping.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
