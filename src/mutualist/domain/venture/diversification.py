"""Returns add, risks don't: business alone, venture alone, both together.

Equal shares of n risks with correlation rho have sqrt(rho + (1 - rho) / n) of the standard deviation of one; no number of
partners gets below sqrt(rho) (Markowitz 1952, J. Finance 7, 77-91).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from math import sqrt
from typing import Any

import numpy as np

from mutualist.domain.venture.recorders import discount_factors
from mutualist.domain.venture.simulation import Simulated
from mutualist.domain.venture.tail import LEVEL, Array, inner, shortfall


@dataclass(frozen=True, slots=True)
class Together:
    """What two risks are worth apart and together, as ES at 95 % (a loss is positive).

    Attributes
    ----------
    business, venture, apart, together : float
        ES of the business alone, of the venture alone, their sum, and of both at once.
    saved : float
        apart - together: never below 0 but for rounding.
    saved_share : float or None
        saved as part of the two deviations (ES above the mean result) apart: means add up and are no risk. None when
        nothing is uncertain.
    correlation : float
        Of the normal scores of the two in the scenarios.
    common_shock : bool
        Whether less than a twentieth is saved: what hits the one hits the other.
    """

    business: float
    venture: float
    apart: float
    together: float
    saved: float
    saved_share: float | None
    correlation: float
    common_shock: bool

    def to_dict(self) -> dict[str, Any]:
        """Return plain values."""
        return asdict(self)


def equal_shares_factor(count: int, correlation: float) -> float:
    """Return the standard deviation of equal shares of ``count`` risks, as part of that of one.

    Examples
    --------
    >>> round(equal_shares_factor(4, 0.3), 4)
    0.6892
    """
    return sqrt(correlation + (1 - correlation) / count)


def sharing_floor(correlation: float) -> float:
    """Return what no number of equal partners gets below: sqrt(rho).

    Examples
    --------
    >>> round(sharing_floor(0.3), 4)
    0.5477
    """
    return sqrt(max(correlation, 0.0))


def business_values(run: Simulated, party: str, scores: Array | None = None) -> Array:
    """Return the present value of a party's own business over the horizon, shape (scenarios,).

    A good or bad year is taken to be like all years of its scenario: mean and standard deviation of a year are multiplied by
    the same annuity.

    Parameters
    ----------
    run
        A simulation.
    party
        Id of a party whose business is described.
    scores
        Normal scores to use instead of the simulated ones.
    """
    described = run.description
    owner = described.parties[party]
    assert owner.business is not None
    per_year = described.periods.per_year
    periods = range(1, described.periods.count + 1)
    annuity = float(discount_factors(owner.discount, periods, per_year).sum()) / per_year
    drawn = run.business[party].astype(np.float64) if scores is None else scores
    values: Array = annuity * (owner.business.mean + owner.business.sd * drawn)
    return values


def normal_scores(values: Array) -> Array:
    """Return the normal scores of the ranks of values, same shape; equal values keep their order."""
    from scipy.special import ndtri

    ranks = np.empty(len(values))
    ranks[np.argsort(values, kind="stable")] = np.arange(len(values))
    scores: Array = ndtri((ranks + 0.5) / len(values))
    return scores


def compare_together(run: Simulated, party: str, correlation: float | None = None) -> Together:
    """Return what a party's business and its share of the venture risk apart and together.

    Parameters
    ----------
    run
        A simulation.
    party
        Id of a party whose business is described.
    correlation
        Of the normal scores of business and venture; as described if left out.

    Examples
    --------
    >>> from mutualist.domain.venture import read_description
    >>> from mutualist.domain.venture.simulation import simulate
    >>> run = simulate(read_description({
    ...     "periods": {"unit": "year", "count": 1},
    ...     "parties": {"A": {"discount": 0, "business": {"mean": 0, "sd": 10}}},
    ...     "drivers": {"result": {"unit": "money", "family": "normal", "mean": 0, "sd": 10}},
    ...     "lines": {"sales": {"party": "A", "amount": "result"}},
    ... }), 20_000)
    >>> [round(abs(compare_together(run, "A", rho).saved_share), 1) for rho in (0.0, 1.0)]
    [0.3, 0.0]
    """
    row = list(run.description.parties).index(party)
    venture = run.values[row].astype(np.float64)
    target = normal_scores(venture)
    scores = run.business[party].astype(np.float64)
    if correlation is not None:
        scores = _with_correlation(scores, target, correlation)
    found = _compare(business_values(run, party, scores), venture)
    return replace(found, correlation=_correlation(scores, target))


def _with_correlation(scores: Array, target: Array, correlation: float) -> Array:
    """Replace what scores have in common with a target by a given correlation."""
    size = inner(target, target)
    own = scores - target * (inner(scores, target) / size if size else 0.0)
    own /= own.std() or 1.0
    mixed: Array = correlation * target + sqrt(max(1 - correlation**2, 0.0)) * own
    return mixed


def _compare(first: Array, second: Array) -> Together:
    alone, other = shortfall(-first).es, shortfall(-second).es
    both = shortfall(-(first + second), LEVEL).es
    apart = alone + other
    saved = apart - both
    deviation = apart + float(first.mean() + second.mean())
    moves = deviation > 1e-9 * (abs(alone) + abs(other))
    share = saved / deviation if moves else None
    return Together(
        business=alone,
        venture=other,
        apart=apart,
        together=both,
        saved=saved,
        saved_share=share,
        correlation=0.0,
        common_shock=share is not None and share < 0.05,
    )


def _correlation(first: Array, second: Array) -> float:
    one, other = first - first.mean(), second - second.mean()
    size = sqrt(inner(one, one) * inner(other, other))
    return inner(one, other) / size if size else 0.0


@dataclass(frozen=True, slots=True)
class Pooled:
    """ES of the parties' shares of the venture, one by one and as a whole."""

    stand_alone: tuple[float, ...]
    apart: float
    together: float
    gain: float | None


def pool_risks(stand_alone: Sequence[float], together: float) -> Pooled:
    """Return what carrying the venture together saves against everybody's worst 5 % apart.

    Parameters
    ----------
    stand_alone
        ES of each party's share of the venture.
    together
        ES of the joint result.

    Examples
    --------
    >>> pool_risks([30.0, 10.0], 20.0).gain
    0.5
    """
    apart = sum(stand_alone)
    gain = 1 - together / apart if apart > 0 else None
    return Pooled(tuple(stand_alone), apart, together, gain)
