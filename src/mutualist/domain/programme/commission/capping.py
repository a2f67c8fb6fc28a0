"""Caps: the most that is paid for a subscription, customer, partner or invoice within a month or a year."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from mutualist.domain.programme.commission.model import Cap, CapKey, CommissionRules, Invoice, Step
from mutualist.domain.programme.commission.money import allocate, major, minor
from mutualist.domain.programme.commission.versions import convert

#: Commission in smallest units by partner (its position) and month.
Cells = dict[tuple[int, date], int]


def cap(
    cells: Cells,
    invoice: Invoice,
    caps: Sequence[Cap],
    partners: Sequence[str],
    currency: str,
    rules: CommissionRules,
    used: Mapping[CapKey, int],
) -> tuple[Cells, Mapping[CapKey, int], list[list[Step]]]:
    """Cut a commission down to what its caps leave.

    Caps are applied in the order of the rules, each to what the ones before have left. Where one cap holds for several
    partners or months of the invoice, what is left of it is shared in proportion to what each would have got.

    Returns
    -------
    tuple
        The cells that remain, what they use of each cap, and the sentences for each partner.
    """
    said: list[list[Step]] = [[] for _ in partners]
    for one in caps:
        limit = _limit(one, currency, invoice.day, rules)
        for key, members in _groups(one, cells, invoice, partners, currency).items():
            left = max(limit - used.get(key, 0), 0)
            before = [cells[member] for member in members]
            if sum(before) <= left:
                continue
            for member, part in zip(members, allocate(left, before), strict=True):
                cells[member] = part
            values = {
                "cap": (limit, currency), "per": one.per, "each": one.each, "period": key.period,
                "used": (used.get(key, 0), currency), "cut": (sum(before) - left, currency),
            }  # fmt: skip
            for at in sorted({at for at, _month in members}):
                said[at].append(Step("cap", values))
    usage: dict[CapKey, int] = defaultdict(int)
    for one in caps:
        for key, members in _groups(one, cells, invoice, partners, currency).items():
            usage[key] += sum(cells[member] for member in members)
    return cells, {key: cents for key, cents in usage.items() if cents}, said


def _limit(one: Cap, currency: str, day: date, rules: CommissionRules) -> int:
    """Return the cap in a currency: as it is written for it, else converted from the first one by the dated rate."""
    if currency in one.amounts:
        return one.amounts[currency]
    source, amount = next(iter(one.amounts.items()))
    return minor(convert(major(amount, source), source, currency, day, rules), currency)


def _groups(
    one: Cap, cells: Cells, invoice: Invoice, partners: Sequence[str], currency: str
) -> Mapping[CapKey, list[tuple[int, date]]]:
    groups: dict[CapKey, list[tuple[int, date]]] = defaultdict(list)
    for at, month in cells:
        whose = {
            "subscription": invoice.subscription,
            "customer": invoice.customer,
            "invoice": invoice.id,
            "partner": partners[at],
        }[one.per]
        period = {"month": f"{month:%Y-%m}", "year": f"{month:%Y}", "ever": ""}[one.each]
        groups[CapKey(one.id, whose, period, currency)].append((at, month))
    return groups
