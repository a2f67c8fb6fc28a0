"""Versions of rules: one is in force on a day, and it is the one of the invoice that counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from itertools import pairwise

from mutualist.domain.programme.commission.model import CommissionRules
from mutualist.domain.programme.commission.problems import CommissionError, Problem, refuse


def check_versions(versions: Iterable[CommissionRules]) -> None:
    """Refuse versions of which two are in force on one day."""
    ordered = sorted(versions, key=lambda one: (one.first, one.version))
    found = [
        Problem("effective", "versions_overlap", {"a": a.version, "b": b.version, "day": b.first})
        for a, b in pairwise(ordered)
        if a.holds(b.first)
    ]
    if found:
        raise CommissionError(found)


def rules_on(versions: Iterable[CommissionRules], day: date) -> CommissionRules:
    """Return the version in force on a day."""
    for rules in versions:
        if rules.holds(day):
            return rules
    raise refuse("", "no_version", day=day)


def convert(
    amount: Fraction, source: str, target: str, day: date, rules: CommissionRules
) -> Fraction:
    """Return an amount of whole units in another currency, by the rate that holds on a day.

    Both rates are those of the rules; between two foreign currencies the amount goes through the currency of the rules.

    Raises
    ------
    CommissionError
        If there is no dated rate: currencies are never mixed without one.
    """
    if source == target:
        return amount
    rates: Mapping[str, Fraction] = {
        one.currency: one.rate for one in rules.exchange if one.since <= day
    } | {rules.currency: Fraction(1)}
    for currency in (source, target):
        if currency not in rates:
            raise refuse("exchange", "no_rate", currency=source, target=target, day=day)
    return amount * rates[source] / rates[target]
