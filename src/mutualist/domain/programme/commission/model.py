"""Commission rules as frozen values, and what they are applied to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Final, Literal

#: What a level is called where the partner has none.
NO_LEVEL: Final = "none"
#: The product that stands for all that have no rule of their own.
OTHER: Final = "other"

Per = Literal["subscription", "customer", "partner", "invoice"]
Each = Literal["month", "year", "ever"]
Words = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Tier:
    """A rate from an amount upwards; the bound itself still belongs to the tier below."""

    above: Fraction
    rate: Fraction


@dataclass(frozen=True, slots=True)
class Rate:
    """What is paid for a product: a share by level, a share by amount, or a fixed amount.

    Attributes
    ----------
    by_level : mapping
        Share by level; the level :data:`NO_LEVEL` is who holds none.
    tiers : tuple of Tier
        Rates by amount, ascending.
    counted : {"invoice", "year"}
        Whether tiers look at the single invoice or at the partner's turnover of the calendar year.
    whole : bool
        Whether the tier reached counts for the whole amount or each slice has its own rate.
    flat : mapping
        Fixed amount by currency, in smallest units.
    each_unit : bool
        Whether the fixed amount is paid per unit instead of per invoice.
    """

    by_level: Mapping[str, Fraction] = field(default_factory=dict)
    tiers: tuple[Tier, ...] = ()
    counted: Literal["invoice", "year"] = "invoice"
    whole: bool = False
    flat: Mapping[str, int] = field(default_factory=dict)
    each_unit: bool = False


@dataclass(frozen=True, slots=True)
class Cap:
    """The most that is paid within a period, by currency in smallest units."""

    id: str
    per: Per
    each: Each
    amounts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a commission is earned: at once, in equal parts over time, or by milestones."""

    parts: int = 1
    every: Literal["", "month", "quarter", "year"] = ""
    milestones: tuple[tuple[str, Fraction], ...] = ()
    words: Mapping[str, Words] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Clawback:
    """What is taken back when a customer cancels: all or the unused months, and until how many months after the invoice."""

    within: int | None = None
    part: Literal["whole", "unused"] = "whole"


@dataclass(frozen=True, slots=True)
class Product:
    """A product and what is paid for it.

    ``kind`` says whether the rate is a commission on what the customer paid, or a margin by which the partner buys below
    list price.
    """

    id: str
    words: Words
    kind: Literal["commission", "margin"]
    rate: Rate
    caps: tuple[Cap, ...]
    schedule: Schedule
    clawback: Clawback


@dataclass(frozen=True, slots=True)
class Extra:
    """Something on top of the rate: added to it, or a promotion that multiplies the outcome."""

    id: str
    words: Words
    rate: Fraction
    products: frozenset[str] = frozenset()
    levels: frozenset[str] = frozenset()
    mark: str = ""
    first: date | None = None
    last: date | None = None

    def applies(self, *, product: str, level: str, day: date, marks: frozenset[str]) -> bool:
        """Say whether it counts for an invoice of a partner."""
        return (
            (not self.products or product in self.products)
            and (not self.levels or level in self.levels)
            and (not self.mark or self.mark in marks)
            and (self.first is None or self.first <= day)
            and (self.last is None or day <= self.last)
        )


@dataclass(frozen=True, slots=True)
class Exchange:
    """One unit of a currency in the currency of the rules, from a day on."""

    currency: str
    since: date
    rate: Fraction


@dataclass(frozen=True, slots=True)
class CommissionRules:
    """One version of a programme's commission rules."""

    id: str
    version: str
    words: Words
    first: date
    last: date | None
    currency: str
    payout: str
    levels: tuple[str, ...]
    products: Mapping[str, Product]
    additions: tuple[Extra, ...]
    promotions: tuple[Extra, ...]
    exchange: tuple[Exchange, ...]
    minimum: Mapping[str, int]

    def holds(self, day: date) -> bool:
        """Say whether the version is in force on a day; the last day counts."""
        return self.first <= day and (self.last is None or day <= self.last)

    def product(self, name: str) -> Product | None:
        """Return the rule for a product, or that of all others."""
        return self.products.get(name) or self.products.get(OTHER)

    def product_called(self, name: str, language: str) -> str:
        """Return what a product is called; one that falls under all others keeps its own name."""
        own = self.products.get(name)
        return own.words[language] if own else name


@dataclass(frozen=True, slots=True)
class Invoice:
    """What a customer was charged.

    Attributes
    ----------
    amount : int
        Net amount in smallest units.
    months : int
        How many months it pays for, from the month of ``covers_from`` (or of ``day``) on; caps by month look at each.
    units : Fraction
        How many units were sold, for fixed amounts per unit.
    marks : frozenset of str
        What additions and promotions ask for, such as ``new customer``.
    """

    id: str
    day: date
    amount: int
    currency: str
    product: str
    subscription: str = ""
    customer: str = ""
    months: int = 1
    covers_from: date | None = None
    units: Fraction = Fraction(1)
    marks: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Credit:
    """A partner credited for an invoice: its part of it, and the level it held on the day of the invoice."""

    partner: str
    share: Fraction = Fraction(1)
    level: str = NO_LEVEL


@dataclass(frozen=True, slots=True)
class Step:
    """One sentence of the explanation: a code and what it quotes."""

    code: str
    values: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class CapKey:
    """What a cap counts: the cap, whom it is for, in which period, in which currency."""

    cap: str
    whose: str
    period: str
    currency: str


@dataclass(frozen=True, slots=True)
class Earned:
    """What one partner earns by an invoice.

    Attributes
    ----------
    base : int
        The partner's part of the invoice.
    gross, amount : int
        Commission before and after caps, in smallest units of ``currency``.
    months : tuple of (date, int)
        The commission by month the invoice pays for.
    """

    partner: str
    level: str
    base: int
    gross: int
    amount: int
    currency: str
    months: tuple[tuple[date, int], ...]
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Earnings:
    """What all credited partners earn by an invoice, and what of the caps it used."""

    invoice: Invoice
    version: str
    parts: tuple[Earned, ...]
    usage: Mapping[CapKey, int]

    @property
    def amount(self) -> int:
        """Return the sum over all partners."""
        return sum(part.amount for part in self.parts)
