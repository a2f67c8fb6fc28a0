"""A double-entry journal of commissions: what is booked stays, what was wrong is reversed.

Five accounts for each partner and currency. Amounts are whole cents; debits are positive, credits negative, and every
entry adds up to 0 in each of its currencies:

========== =========================================== ============================
account    what it holds                               usual sign
========== =========================================== ============================
expense    what the programme costs                    debit (+)
accrued    earned, not yet approved                    credit (−)
payable    approved, to be paid                        credit (−)
paid       handed to the bank                          credit (−)
========== =========================================== ============================
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from mutualist.domain.programme.commission.money import plain
from mutualist.domain.programme.commission.problems import refuse
from mutualist.domain.shared.canonical import canonical_json

Account = Literal["expense", "accrued", "payable", "paid"]
Kind = Literal["accrual", "approval", "payment", "clawback", "adjustment", "reversal"]
ACCOUNTS: Final[tuple[Account, ...]] = ("expense", "accrued", "payable", "paid")
#: How each kind moves an amount: what is debited and what is credited.
MOVES: Final[Mapping[str, tuple[Account, Account]]] = {
    "accrual": ("expense", "accrued"),
    "approval": ("accrued", "payable"),
    "payment": ("payable", "paid"),
    "adjustment": ("expense", "payable"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """An amount on an account of a partner."""

    account: Account
    partner: str
    currency: str
    amount: int

    def mirrored(self) -> Line:
        """Return the line with the opposite sign."""
        return Line(self.account, self.partner, self.currency, -self.amount)


@dataclass(frozen=True, slots=True)
class Entry:
    """One booking. ``source`` names the earning it belongs to, ``reverses`` the entry it takes back."""

    id: str
    kind: Kind
    day: date
    lines: tuple[Line, ...]
    source: str = ""
    reverses: str = ""


def move(kind: Kind, partner: str, currency: str, amount: int) -> tuple[Line, ...]:
    """Return the two lines of a kind for an amount; a negative one goes the other way."""
    debit, credit = MOVES[kind]
    return (Line(debit, partner, currency, amount), Line(credit, partner, currency, -amount))


def take_back(partner: str, currency: str, amount: int, *, accrued: int) -> tuple[Line, ...]:
    """Return the lines of a clawback: first from what is not approved yet, the rest from what is payable.

    Examples
    --------
    >>> [(line.account, line.amount) for line in take_back("t", "EUR", 70, accrued=50)]
    [('expense', -70), ('accrued', 50), ('payable', 20)]
    """
    first = max(min(amount, accrued), 0)
    lines = [Line("expense", partner, currency, -amount)]
    if first:
        lines.append(Line("accrued", partner, currency, first))
    if amount - first:
        lines.append(Line("payable", partner, currency, amount - first))
    return tuple(lines)


def mirror(entry: Entry) -> tuple[Line, ...]:
    """Return the lines that take an entry back."""
    return tuple(line.mirrored() for line in entry.lines)


def check_balanced(lines: Iterable[Line]) -> None:
    """Refuse lines that do not add up to 0 in each currency, and lines that say nothing."""
    sums: dict[str, int] = defaultdict(int)
    for line in lines:
        if not line.amount:
            raise refuse("lines", "zero_line")
        sums[line.currency] += line.amount
    if not sums:
        raise refuse("lines", "empty_entry")
    for currency, rest in sums.items():
        if rest:
            raise refuse("lines", "unbalanced", currency=currency, rest=plain(rest, currency))


def check_reversal(entry: Entry, original: Entry | None, already: str) -> None:
    """Refuse a reversal of nothing, of a reversal, of what is reversed, or one that is not its mirror."""
    if original is None:
        raise refuse("reverses", "unknown_entry", entry=entry.reverses)
    if original.reverses:
        raise refuse("reverses", "reversal_of_reversal", entry=original.id)
    if already:
        raise refuse("reverses", "reversed_already", entry=original.id, by=already)
    if sorted(map(_sortable, entry.lines)) != sorted(map(_sortable, mirror(original))):
        raise refuse("lines", "not_mirrored", entry=original.id)


def _sortable(line: Line) -> tuple[str, str, str, int]:
    return (line.account, line.partner, line.currency, line.amount)


#: Which account must not be taken below zero by which kinds, and the sentence that says so.
_LIMITS: Final[tuple[tuple[Account, str], ...]] = (
    ("accrued", "accrued_short"),
    ("payable", "payable_short"),
    ("paid", "paid_short"),
)


def check_cover(
    entry: Entry,
    balances: Mapping[tuple[str, str, str], int],
    of_source: Mapping[tuple[str, str, str], int],
) -> None:
    """Refuse to approve what is not accrued, to pay what is not payable, to take back what is not paid.

    Accrued is what the entry's own source has accrued: one earning is never approved out of another. Payable and paid are
    the partner's as a whole.

    Only a clawback, an adjustment or a reversal may leave something to be paid back by the partner: the payable account
    turns to its favour, and the next statements take it off.
    """
    moved: dict[tuple[str, str, str], int] = defaultdict(int)
    for line in entry.lines:
        moved[line.account, line.partner, line.currency] += line.amount
    for account, code in _LIMITS:
        if account == "payable" and entry.kind != "payment":
            continue
        for (name, partner, currency), amount in moved.items():
            there_now = of_source if account == "accrued" else balances
            owed = -there_now.get((account, partner, currency), 0)
            if name == account and amount > max(owed, 0):
                there, asked = plain(max(owed, 0), currency), plain(amount, currency)
                raise refuse("amount", code, partner=partner, there=there, asked=asked)


def digest(entry: Entry, before: str) -> str:
    """Return the SHA-256 of an entry together with the digest of the one before it, as hexadecimal text.

    Whoever changes, removes or inserts an entry later would have to change every digest after it.
    """
    told = {
        "before": before,
        "day": entry.day.isoformat(),
        "id": entry.id,
        "kind": entry.kind,
        "lines": [[*_sortable(line)[:3], str(line.amount)] for line in entry.lines],
        "reverses": entry.reverses,
        "source": entry.source,
    }
    return hashlib.sha256(canonical_json(told)).hexdigest()


class Journal:
    """A journal in memory: the same checks as a stored one, for replays and tests.

    Examples
    --------
    >>> journal = Journal()
    >>> journal.post(Entry("1", "accrual", date(2026, 3, 1), move("accrual", "tauwerk", "EUR", 5000)))
    >>> journal.balance("accrued", "tauwerk", "EUR")
    -5000
    """

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self._entries: dict[str, Entry] = {}
        self._reversed: dict[str, str] = {}
        self._balances: dict[tuple[str, str, str], int] = defaultdict(int)
        self._sources: dict[str, dict[tuple[str, str, str], int]] = defaultdict(
            lambda: defaultdict(int)
        )
        for entry in entries:
            self.post(entry)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Return everything booked, in order."""
        return tuple(self._entries.values())

    def balance(self, account: Account, partner: str, currency: str) -> int:
        """Return the balance of an account of a partner."""
        return self._balances.get((account, partner, currency), 0)

    def of_source(self, source: str) -> Mapping[tuple[str, str, str], int]:
        """Return the balances of one source."""
        return dict(self._sources.get(source, {}))

    def balances(self) -> Mapping[tuple[str, str, str], int]:
        """Return all balances, by account, partner and currency."""
        return dict(self._balances)

    def post(self, entry: Entry) -> None:
        """Book an entry, or refuse it and change nothing."""
        if entry.id in self._entries:
            raise refuse("id", "same_entry", entry=entry.id)
        check_balanced(entry.lines)
        if entry.reverses:
            original = self._entries.get(entry.reverses)
            check_reversal(entry, original, self._reversed.get(entry.reverses, ""))
        check_cover(entry, self._balances, self._sources[entry.source])
        self._entries[entry.id] = entry
        if entry.reverses:
            self._reversed[entry.reverses] = entry.id
        for line in entry.lines:
            key = (line.account, line.partner, line.currency)
            self._balances[key] += line.amount
            self._sources[entry.source][key] += line.amount
