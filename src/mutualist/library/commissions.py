"""What partners earn by a list of invoices: rules as YAML, invoices and levels as tables; no database, no journal."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

from mutualist.domain.programme.commission import (
    CapKey,
    CommissionError,
    CommissionRules,
    Credit,
    Earned,
    Earnings,
    Invoice,
    check_versions,
    earn,
    read_commission_rules,
    rules_on,
)
from mutualist.domain.programme.commission.explaining import plain_steps, sentences
from mutualist.domain.programme.commission.money import (
    major,
    plain,
)
from mutualist.domain.programme.commission.spreading import Instalment, instalments
from mutualist.domain.programme.commission.versions import convert
from mutualist.domain.shared.nesting import is_too_deep
from mutualist.library.commission_files import read_invoice_rows
from mutualist.library.commission_tables import (
    Levels,
    RowError,
    RowMistake,
    RowsError,
    bytes_of,
    invoice_of,
    read_levels,
)
from mutualist.library.errors import FileError
from mutualist.library.files import name_of, read_text
from mutualist.library.words import N_
from mutualist.library.yamlfile import load

SCHEMA: Final = "commission-statement/1"


@dataclass(frozen=True, slots=True)
class Due:
    """What a partner has earned in a currency: all of it, and what of it has fallen due by a day."""

    partner: str
    currency: str
    invoices: int
    earned: int
    due: int

    @property
    def later(self) -> int:
        """What falls due later, or with a milestone."""
        return self.earned - self.due


@dataclass(frozen=True, slots=True)
class Computed:
    """What all invoices earn, in the order of their days."""

    rules: tuple[CommissionRules, ...]
    until: dt.date
    earnings: tuple[tuple[Earnings, CommissionRules], ...]
    partner: str = ""

    def only(self, partner: str) -> Computed:
        """Return what one partner earns; what others were credited for has counted for caps and shares."""
        return replace(self, partner=partner)

    def parts(self) -> Iterable[tuple[Earnings, Earned, tuple[Instalment, ...]]]:
        """Yield what each partner earns by each invoice, and when."""
        for earnings, rules in self.earnings:
            product = rules.product(earnings.invoice.product)
            assert product is not None  # earn() has looked it up
            for one in earnings.parts:
                if self.partner in {"", one.partner}:
                    when = instalments(one.amount, product.schedule, earnings.invoice.day)
                    yield earnings, one, when

    def milestones(self, lang: str) -> Mapping[tuple[str, str], str]:
        """Return the words for the milestones of each invoice."""
        return {
            (earnings.invoice.id, key): words[lang]
            for earnings, rules in self.earnings
            if (product := rules.product(earnings.invoice.product))
            for key, words in product.schedule.words.items()
        }

    def sums(self) -> list[Due]:
        """Return the sums of each partner and currency, by name."""
        totals: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0, 0])
        for _earnings, one, when in self.parts():
            total = totals[one.partner, one.currency]
            total[0] += 1
            total[1] += one.amount
            total[2] += sum(x.amount for x in when if x.due is not None and x.due <= self.until)
        return [Due(*key, *total) for key, total in sorted(totals.items())]

    def to_dict(self, lang: str = "en") -> dict[str, Any]:
        """Return the document ``commission-statement/1``; amounts are texts with a point."""
        return {
            "schema": SCHEMA,
            "rules": [{"id": one.id, "version": one.version} for one in self.rules],
            "until": self.until.isoformat(),
            "partners": [
                {
                    "partner": one.partner,
                    "currency": one.currency,
                    "invoices": one.invoices,
                    "earned": plain(one.earned, one.currency),
                    "due": plain(one.due, one.currency),
                    "later": plain(one.later, one.currency),
                }
                for one in self.sums()
            ],
            "earnings": [_told(*found, lang) for found in self.parts()],
        }


def _told(earnings: Earnings, one: Earned, when: Sequence[Instalment], lang: str) -> dict[str, Any]:
    invoice = earnings.invoice
    return {
        "invoice": invoice.id,
        "day": invoice.day.isoformat(),
        "product": invoice.product,
        "partner": one.partner,
        "level": one.level,
        "version": earnings.version,
        "base": plain(one.base, invoice.currency),
        "base_currency": invoice.currency,
        "before_caps": plain(one.gross, one.currency),
        "amount": plain(one.amount, one.currency),
        "currency": one.currency,
        "parts": [
            {
                "key": part.key,
                "due": part.due.isoformat() if part.due else None,
                "amount": plain(part.amount, one.currency),
            }
            for part in when
        ],
        "reasons": reasons(one, lang),
    }


def reasons(one: Earned, lang: str) -> list[str]:
    """Return the sentences by which an amount came about."""
    return sentences(plain_steps(one.steps), lang)


def read_commission_file(source: str | Path) -> CommissionRules:
    """Read commission rules from a YAML or JSON file; ``-`` is standard input.

    Raises
    ------
    CommissionError
        If the rules are wrong, with every mistake.
    FileError
        If it cannot be read at all.
    """
    document = load(read_text(source), file=name_of(source))
    if is_too_deep(document):
        raise FileError(N_("The file is nested too deeply."), file=name_of(source))
    return read_commission_rules(document)


def compute_files(
    rules: Sequence[str], invoices: str, levels: str | None, until: dt.date
) -> Computed:
    """Compute what the invoices of a file earn, by the version in force and the level held on their days.

    Raises
    ------
    CommissionError
        If the rules are wrong or two versions are in force on one day.
    RowsError
        With every row that cannot be computed.
    FileError
        If a file cannot be read at all.
    """
    versions = tuple(read_commission_file(one) for one in rules)
    check_versions(versions)
    held = read_levels(levels) if levels else Levels()
    file = name_of(invoices)
    data = bytes_of(invoices)
    try:
        rows = read_invoice_rows(data, file)
    except FileError as error:
        raise FileError(error.reason, file=file, **error.values) from None
    return Computed(versions, until, _all(versions, rows, held, file))


def _all(
    versions: Sequence[CommissionRules],
    rows: Iterable[tuple[int, Mapping[str, str]]],
    levels: Levels,
    file: str,
) -> tuple[tuple[Earnings, CommissionRules], ...]:
    mistakes: list[RowMistake] = []
    read: list[tuple[Invoice, tuple[tuple[str, Fraction], ...], int]] = []
    seen: dict[str, int] = {}
    for at, row in rows:
        try:
            invoice, credited = invoice_of(row)
        except RowError as error:
            mistakes.append(RowMistake(file, at, error.said, error.values))
            continue
        except CommissionError as error:
            mistakes.append(RowMistake(file, at, "", error=error))
            continue
        if invoice.id in seen:
            said = N_("The invoice {number} stands in row {first} already.")
            mistakes.append(
                RowMistake(file, at, said, {"number": invoice.id, "first": seen[invoice.id]})
            )
        seen.setdefault(invoice.id, at)
        read.append((invoice, credited, at))
    books = _Books()
    for invoice, credited, at in sorted(read, key=lambda one: (one[0].day, one[2])):
        try:
            books.add(versions, invoice, credited, levels)
        except CommissionError as error:
            mistakes.append(RowMistake(file, at, "", error=error))
    if mistakes:
        raise RowsError(sorted(mistakes, key=lambda one: one.row))
    return tuple(books.earned)


class _Books:
    """What was earned so far: what of the caps is used, and what each partner has sold in a year."""

    def __init__(self) -> None:
        self.earned: list[tuple[Earnings, CommissionRules]] = []
        self._used: dict[CapKey, int] = defaultdict(int)
        self._sold: list[tuple[str, Invoice, int]] = []

    def add(
        self,
        versions: Sequence[CommissionRules],
        invoice: Invoice,
        credited: Iterable[tuple[str, Fraction]],
        levels: Levels,
    ) -> None:
        rules = rules_on(versions, invoice.day)
        parts = [Credit(name, share, levels.on(name, invoice.day)) for name, share in credited]
        turnover = {one.partner: self._turnover(one.partner, invoice, rules) for one in parts}
        found = earn(invoice, rules, parts, used=self._used, turnover=turnover)
        for key, amount in found.usage.items():
            self._used[key] += amount
        self._sold += [(one.partner, invoice, one.base) for one in found.parts]
        self.earned.append((found, rules))

    def _turnover(self, partner: str, invoice: Invoice, rules: CommissionRules) -> Fraction:
        product = rules.product(invoice.product)
        if product is None or product.rate.counted != "year":
            return Fraction(0)
        return sum(
            (
                convert(major(base, one.currency), one.currency, rules.currency, one.day, rules)
                for name, one, base in self._sold
                if (name, one.product, one.day.year) == (partner, invoice.product, invoice.day.year)
            ),
            Fraction(0),
        )
