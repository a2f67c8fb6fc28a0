"""Propose terms for a venture: which rates bring a target split, under what each party could have elsewhere."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from mutualist.domain.venture.model import Description, Term
from mutualist.domain.venture.simulation import simulate
from mutualist.domain.venture.split.problems import SplitError
from mutualist.domain.venture.tail import euler
from mutualist.domain.venture.terms_proposal import Floats, Proposal, Wanted, propose

#: Scenarios per simulation; the same ones for all rates, so that differences are those of the rates.
COUNT: Final = 4096
AIMS: Final = ("mean", "risk")


@dataclass(frozen=True, slots=True)
class Change:
    """One term's rate today and as proposed, and what the change does by itself to each party's expected result."""

    term: str
    today: float
    proposed: float
    effects: tuple[float, ...]


@dataclass(frozen=True, eq=False)
class TermsProposal:
    """Proposed terms.

    Attributes
    ----------
    parties
        Ids, in the order of all figures.
    aim
        ``mean`` or ``risk``.
    target
        Wanted expected results, or wanted parts of the joint risk.
    changes
        The terms whose rate changes.
    means_today, means
        Expected result of each party, today and achieved.
    risk_today, risk
        Part of the joint expected shortfall of each party, today and achieved; NaN if there is none.
    proposal
        The bare result.
    described
        The venture with the proposed rates.
    """

    parties: tuple[str, ...]
    aim: str
    target: Floats
    changes: tuple[Change, ...]
    means_today: Floats
    means: Floats
    risk_today: Floats
    risk: Floats
    proposal: Proposal
    described: Description

    @property
    def possible(self) -> bool:
        """Whether nobody falls below its best alternative."""
        return self.proposal.possible


def free_terms(description: Description) -> dict[str, float]:
    """Return the terms whose rate is a number, with this number; stakes are no rates."""
    found = {}
    for term in description.terms.values():
        rate = _number(term)
        if rate is not None:
            found[term.id] = rate
    return found


def _number(term: Term) -> float | None:
    if term.type == "equity" or term.tiers:
        return None
    try:
        return float(term.rate)
    except ValueError:
        return None


def propose_terms(
    description: Description,
    target: Floats,
    *,
    aim: str = "mean",
    bounds: Mapping[str, tuple[float, float]] | None = None,
    fixed: Collection[str] = (),
    most_changes: int | None = None,
    count: int = COUNT,
    seed: int = 0,
) -> TermsProposal:
    """Return the terms that come closest to a target split.

    Parameters
    ----------
    description
        The venture.
    target
        Wanted expected result of each party, or, with ``aim="risk"``, its wanted part of the joint expected shortfall;
        shape ``(parties,)``.
    aim
        ``mean`` or ``risk``.
    bounds
        Least and most per term; else 0 to 1 for shares, and 0 to twice today's rate (at least 1) for others.
    fixed
        Terms that stay as they are.
    most_changes
        How many terms may change; as few as suffice if not given.
    count, seed
        Scenarios, and the start of their random numbers.

    Returns
    -------
    TermsProposal
        All figures are simulated with the proposed rates. Nobody shall get less in expectation than its best alternative,
        where the venture states one.

    Raises
    ------
    SplitError
        When a term is unknown, none is free, or bounds are the wrong way round.
    VentureError
        When the venture can't be simulated.
    """
    if aim not in AIMS:
        raise SplitError("unknown_aim", value=aim, allowed=", ".join(AIMS))
    wanted_figures, floors = _wanted(description, target, aim)
    rates = free_terms(description)
    for term in (*fixed, *(bounds or {})):
        if term not in rates:
            raise SplitError("unknown_term", value=term, allowed=", ".join(rates))
    terms = tuple(rates)
    today = np.array([rates[term] for term in terms])
    low, high = _bounds(description, rates, bounds or {}, fixed)

    def figures(chosen: Floats) -> Floats:
        return _figures(with_rates(description, dict(zip(terms, chosen, strict=True))), count, seed)

    parties = tuple(description.parties)
    n = len(parties)
    before = figures(today)
    if aim == "risk" and np.isnan(before[n:]).any():
        raise SplitError("no_risk")
    # Parts of the risk count as amounts of the size of the results, so that both fit one programme.
    units = np.where(np.arange(2 * n) < n, 1.0, float(np.abs(before[:n]).max()) or 1.0)
    wanted = Wanted(wanted_figures * units, floors, low, high, most_changes)
    found = propose(lambda chosen: np.nan_to_num(figures(chosen)) * units, today, wanted)
    after = figures(found.rates)
    changes = tuple(
        Change(term, float(today[k]), float(found.rates[k]), tuple(found.effects[k][:n].tolist()))
        for k, term in enumerate(terms)
        if found.rates[k] != today[k]
    )
    described = with_rates(description, dict(zip(terms, found.rates.tolist(), strict=True)))
    return TermsProposal(
        parties,
        aim,
        target,
        changes,
        before[:n],
        after[:n],
        before[n:],
        after[n:],
        found,
        described,
    )


def with_rates(description: Description, rates: Mapping[str, float]) -> Description:
    """Return a venture with other rates."""
    changed = {
        term.id: replace(term, rate=float(rates[term.id])) if term.id in rates else term
        for term in description.terms.values()
    }
    return replace(description, terms=changed)


def _figures(description: Description, count: int, seed: int) -> Floats:
    """Return expected results, then parts of the joint expected shortfall."""
    values = simulate(description, count, seed).values
    means = values.mean(axis=1, dtype=np.float64)
    shortfall, parts = euler(-values)
    risks = parts / shortfall if shortfall > 0 else np.full(len(parts), np.nan)
    return np.concatenate([means, risks])


def _wanted(description: Description, target: Floats, aim: str) -> tuple[Floats, Floats]:
    """Return targets and floors of expected results, then of parts of the risk."""
    count = len(description.parties)
    if len(target) != count:
        raise SplitError("wrong_count", "target", value=len(target), allowed=count)
    if not np.isfinite(target).all():
        raise SplitError("not_finite", "target", value=float(target[~np.isfinite(target)][0]))
    nothing = np.full(count, np.nan)
    alternatives = [
        -np.inf if one.best_alternative is None else one.best_alternative
        for one in description.parties.values()
    ]
    floors = np.concatenate([np.array(alternatives), np.full(count, -np.inf)])
    wanted = (target, nothing) if aim == "mean" else (nothing, target)
    return np.concatenate(wanted), floors


def _bounds(
    description: Description,
    rates: Mapping[str, float],
    bounds: Mapping[str, tuple[float, float]],
    fixed: Collection[str],
) -> tuple[Floats, Floats]:
    low, high = [], []
    for term, rate in rates.items():
        if term in fixed:
            least, most = rate, rate
        elif term in bounds:
            least, most = bounds[term]
        elif description.terms[term].type in {"share", "reimbursement"}:
            least, most = 0.0, 1.0
        else:
            least, most = 0.0, 2 * rate or 1.0
        low.append(min(least, rate) if term not in bounds else least)
        high.append(max(most, rate) if term not in bounds else most)
    return np.array(low), np.array(high)
