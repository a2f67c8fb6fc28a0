"""Statements and payments: the journal of one partner, told for a period."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from mutualist.domain.programme.commission.journal import Entry

#: The lines of a statement, in the order in which it sums them up.
GROUPS: Final = ("approval", "adjustment", "clawback", "reversal", "payment")


@dataclass(frozen=True, slots=True)
class Movement:
    """A line of a statement: what an entry did to what the partner gets."""

    entry: str
    day: date
    kind: str
    source: str
    reverses: str
    amount: int


@dataclass(frozen=True, slots=True)
class Statement:
    """What a partner had to get, what came and went, and what it has to get; in smallest units.

    Attributes
    ----------
    opening, closing : int
        What is approved and not yet paid, before and after. Below zero the partner owes it, and it is taken off what
        comes next.
    accrued : int
        What is earned and not approved at the end; it is not part of the closing balance.
    """

    partner: str
    currency: str
    first: date
    last: date
    opening: int
    movements: tuple[Movement, ...]
    closing: int
    accrued: int

    def sums(self) -> Mapping[str, int]:
        """Return the sum of each kind of movement."""
        return {
            kind: sum(one.amount for one in self.movements if one.kind == kind)
            for kind in GROUPS
            if any(one.kind == kind for one in self.movements)
        }


def statement(
    entries: Iterable[Entry], partner: str, currency: str, first: date, last: date
) -> Statement:
    """Return the statement of a partner for a period, both days included.

    Notes
    -----
    The closing balance is counted from all entries up to the last day, and not from the movements shown; that both agree
    is checked, so that a statement can never differ from the journal.
    """
    opening = closing = accrued = 0
    movements = []
    for entry in entries:
        if entry.day > last:
            continue
        change = _sum(entry, "payable", partner, currency)
        accrued += _sum(entry, "accrued", partner, currency)
        closing += change
        if entry.day < first:
            opening += change
        elif change:
            movements.append(
                Movement(entry.id, entry.day, entry.kind, entry.source, entry.reverses, change)
            )
    movements.sort(key=lambda one: one.day)
    assert opening + sum(one.amount for one in movements) == closing
    return Statement(partner, currency, first, last, opening, tuple(movements), closing, accrued)


def _sum(entry: Entry, account: str, partner: str, currency: str) -> int:
    """Return by how much an entry raises what the partner gets: a credit of the vendor's books is a plus here."""
    return -sum(
        line.amount
        for line in entry.lines
        if (line.account, line.partner, line.currency) == (account, partner, currency)
    )


@dataclass(frozen=True, slots=True)
class Payout:
    """What a payment run pays to a partner."""

    partner: str
    currency: str
    amount: int


def payouts(
    balances: Mapping[tuple[str, str, str], int], minimum: Mapping[str, int], currency: str
) -> tuple[Payout, ...]:
    """Return what is to be paid in a currency: everything payable that reaches the smallest amount paid out.

    Examples
    --------
    >>> payouts({("payable", "tauwerk", "EUR"): -5000, ("payable", "grauwerk", "EUR"): 300}, {"EUR": 2500}, "EUR")
    (Payout(partner='tauwerk', currency='EUR', amount=5000),)
    """
    least = max(minimum.get(currency, 0), 1)
    return tuple(
        Payout(partner, currency, -amount)
        for (account, partner, name), amount in sorted(balances.items())
        if account == "payable" and name == currency and -amount >= least
    )
