"""Which uncertain quantity moves the result most: a tornado with the drivers' names.

Sources: standardised rank regression, Saltelli and Marivoet (1990), Reliability Engineering & System Safety 28, 229-253;
variance of conditional means (first-order index), Saltelli et al. (2008), "Global Sensitivity Analysis", ch. 1 and 4.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from mutualist.domain.venture.problems import refuse
from mutualist.domain.venture.simulation import Simulated
from mutualist.domain.venture.tail import Array

_BINS: Final = 20
METHODS: Final = ("rank", "variance")


@dataclass(frozen=True, slots=True)
class Influence:
    """How a quantity moves a result.

    Attributes
    ----------
    name : str
        Driver, event or column of a scenario table.
    strength : float
        ``rank``: standardised rank regression coefficient, -1 to 1. ``variance``: part of the variance it explains alone.
    low, high : float
        Mean result where the quantity is in its lowest and highest tenth; for an event, where it fails to happen and happens.
    """

    name: str
    strength: float
    low: float
    high: float


def tornado(run: Simulated, party: str = "", method: str = "rank") -> tuple[Influence, ...]:
    """Return all uncertain quantities, the most influential first.

    Parameters
    ----------
    run
        A simulation.
    party
        Whose present value; empty for the joint one.
    method
        ``rank`` or ``variance``.

    Returns
    -------
    tuple of Influence
        Empty when nothing is uncertain.
    """
    if method not in METHODS:
        raise refuse("method", "unknown_value", value=method, known=METHODS)
    if not run.drivers:
        return ()
    size = len(next(iter(run.drivers.values())))
    rows = list(run.description.parties)
    whole = run.values[:, :size] if not party else run.values[[rows.index(party)], :size]
    result: Array = whole.sum(axis=0, dtype=np.float64)
    names = list(run.drivers)
    inputs = np.array([run.drivers[name] for name in names], dtype=np.float64)
    strengths = _ranked(inputs, result) if method == "rank" else _explained(inputs, result)
    found = [
        Influence(name, float(strength), *_ends(values, result))
        for name, strength, values in zip(names, strengths, inputs, strict=True)
    ]
    return tuple(sorted(found, key=lambda one: (-abs(one.strength), one.name)))


def _ranks(values: Array) -> Array:
    """Return mean ranks (equal values share theirs), centred and with standard deviation 1; zeros if all are equal."""
    _distinct, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    ranks: Array = (ends - (counts - 1) / 2)[inverse]
    spread = ranks.std()
    centred: Array = ranks - ranks.mean()
    return centred / spread if spread else centred


def _ranked(inputs: Array, result: Array) -> Array:
    matrix = np.array([_ranks(values) for values in inputs]).T
    products = np.einsum("ni,nj->ij", matrix, matrix)
    strengths: Array = np.linalg.pinv(products) @ np.einsum("ni,n->i", matrix, _ranks(result))
    return strengths


def _explained(inputs: Array, result: Array) -> Any:
    variance = result.var()
    if not variance:
        return np.zeros(len(inputs))
    return [_between(values, result) / variance for values in inputs]


def _between(values: Array, result: Array) -> float:
    """Return the variance of the means in bins, less what chance puts there."""
    distinct = np.unique(values)
    if len(distinct) <= _BINS:
        groups = np.searchsorted(distinct, values)
        bins = len(distinct)
    else:
        order = np.argsort(values, kind="stable")
        groups = np.empty(len(values), dtype=int)
        groups[order] = np.arange(len(values)) * _BINS // len(values)
        bins = _BINS
    counts = np.bincount(groups, minlength=bins)
    means = np.bincount(groups, result, bins) / counts
    squares = np.bincount(groups, result**2, bins) / counts - means**2
    by_chance = float((squares / counts * counts).sum() / len(values))
    between = float((counts * (means - result.mean()) ** 2).sum() / len(values))
    return max(between - by_chance, 0.0)


def _ends(values: Array, result: Array) -> tuple[float, float]:
    low, high = np.quantile(values, (0.1, 0.9))
    if low == high:
        low, high = values.min(), values.max()
    return float(result[values <= low].mean()), float(result[values >= high].mean())
