"""Who earns and spends what, in expectation: the figures the economic nature is judged by."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from mutualist.domain.venture.flows import OUTSIDE
from mutualist.domain.venture.model import LINE_KINDS
from mutualist.domain.venture.recorders import discount_factors
from mutualist.domain.venture.simulation import Simulated
from mutualist.domain.venture.tail import Array

#: Terms whose payments do not depend on how the business goes, but for what is delivered.
FIXED_TERMS: Final = frozenset({"fixed", "hourly", "per_unit"})


@dataclass(frozen=True, slots=True)
class Entry:
    """Expected money of one party, one kind and one other side, shape (periods,), never below zero."""

    kind: str
    other: str
    incoming: bool
    amounts: Array


@dataclass(frozen=True, slots=True)
class Account:
    """What a party earns and spends, as expected present values.

    Attributes
    ----------
    income : float
        Everything that comes in but reimbursements.
    outlay : float
        Everything that goes out but shares passed on, net of reimbursements.
    invested : float
        The outlay up to the period in which the expected cumulative flow stays at 0 or above.
    fixed : dict
        Fixed, hourly and per-unit income per payer.
    resale : float
        Income from buying and reselling.
    value_added : bool
        Whether the party has a line or contribution besides buying and reselling.
    """

    income: float
    outlay: float
    invested: float
    fixed: dict[str, float]
    resale: float
    value_added: bool

    @property
    def flows(self) -> float:
        """Everything that comes in and goes out."""
        return self.income + self.outlay


def entries(run: Simulated, party: str) -> Iterator[Entry]:
    """Yield the expected payments of a party; a negative one goes the other way."""
    for (item, payer, payee), means in run.means.items():
        if payer == payee:
            yield from _stakes(run, party, payer, means)
        elif party in {payer, payee}:
            kind = run.kinds[item]
            other = payer if payee == party else payee
            yield from _both_ways(kind, other, means, incoming=payee == party)


def _stakes(run: Simulated, party: str, pool: str, means: Array) -> Iterator[Entry]:
    for term in run.description.terms.values():
        if term.payer == pool and party in term.stakes:
            yield from _both_ways("equity", pool, term.stakes[party] * means, incoming=True)


def _both_ways(kind: str, other: str, means: Array, *, incoming: bool) -> Iterator[Entry]:
    for way, part in ((incoming, np.maximum(means, 0)), (not incoming, np.maximum(-means, 0))):
        if part.any():
            yield Entry(kind, other, way, part)


def account(run: Simulated, party: str) -> Account:
    """Return what a party earns and spends in expectation.

    Parameters
    ----------
    run
        A simulation.
    party
        Id of the party.
    """
    described = run.description
    rate, per_year = described.parties[party].discount, described.periods.per_year
    factors = discount_factors(rate, run.periods, per_year)
    listed = list(entries(run, party))
    paid_back = _sum(listed, run, lambda e: e.incoming and e.kind == "reimbursement")
    income = _sum(listed, run, lambda e: e.incoming and e.kind != "reimbursement")
    spent = _sum(listed, run, lambda e: not e.incoming)
    passed_on = _sum(listed, run, lambda e: not e.incoming and e.kind == "share")
    net_outlay = np.maximum(spent - passed_on - paid_back, 0)
    fixed: dict[str, float] = {}
    for entry in listed:
        if entry.incoming and entry.kind in FIXED_TERMS and entry.other != OUTSIDE:
            fixed[entry.other] = fixed.get(entry.other, 0.0) + float(entry.amounts @ factors)
    resale = sum(float(e.amounts @ factors) for e in listed if e.incoming and e.kind == "resale")
    return Account(
        income=float(income @ factors),
        outlay=float(net_outlay @ factors),
        invested=_invested(income + paid_back - spent, net_outlay, factors),
        fixed=fixed,
        resale=resale,
        value_added=_adds_value(run, party, listed),
    )


def _sum(listed: list[Entry], run: Simulated, wanted: Callable[[Entry], bool]) -> Array:
    total = np.zeros(len(run.periods))
    for entry in listed:
        if wanted(entry):
            total = total + entry.amounts
    return total


def _invested(net: Array, outlay: Array, factors: Array) -> float:
    """Return the outlay up to payback: 0 for a party that never is in advance."""
    below = np.flatnonzero(np.cumsum(net) < -1e-9 * (np.abs(net).max() + 1e-300))
    if not len(below):
        return 0.0
    until = int(below[-1]) + 2
    return float((outlay * factors)[:until].sum())


def _adds_value(run: Simulated, party: str, listed: list[Entry]) -> bool:
    own = any(e.other == OUTSIDE and LINE_KINDS.get(e.kind, (0, False))[1] for e in listed)
    brings = any(one.party == party for one in run.description.contributions)
    return own or brings or any(e.kind == "equity" for e in listed)
