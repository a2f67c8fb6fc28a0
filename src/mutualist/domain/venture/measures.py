"""What a run says about each party and about all together."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np

from mutualist.domain.venture.simulation import Simulated
from mutualist.domain.venture.tail import LEVEL, Array, Shortfall, inner, tail_weights

#: Quantiles that are reported.
QUANTILES: Final = (0.05, 0.5, 0.95)
#: From so many scenarios on threads are worth their start.
MANY: Final = 100_000


@dataclass(frozen=True, slots=True)
class Measures:
    """Figures of one party, or of all together; money as present value in the venture's currency.

    Attributes
    ----------
    mean, sd, standard_error : float
        Of the present value; the standard error is that of the mean.
    p5, p50, p95 : float
        Quantiles.
    probability_of_loss : float
        Share of scenarios with a present value below 0.
    var95, es95 : float
        Of the loss (positive is bad); VaR is for display only.
    outlay_mean, outlay_p95 : float
        Deepest cumulative outlay, undiscounted.
    payback : int or None
        Period from which on the cumulative flow stays at 0 or above, in the middle of all scenarios; None when it never does.
    never_pays_back : float
        Share of scenarios in which it never does.
    """

    mean: float
    sd: float
    standard_error: float
    p5: float
    p50: float
    p95: float
    probability_of_loss: float
    var95: float
    es95: float
    outlay_mean: float
    outlay_p95: float
    payback: int | None
    never_pays_back: float

    def to_dict(self) -> dict[str, Any]:
        """Return plain values."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Shares:
    """Who carries what; shares may lie outside 0..1, and are None where there is nothing to share.

    Attributes
    ----------
    exposure : float or None
        Cov(x_i, X) / Var(X); adds up to 1.
    risk : float or None
        Part of the joint ES; adds up to 1.
    return_ : float or None
        E[x_i] / E[X]; adds up to 1.
    es_contribution : float
        Mean loss in the worst 5 % of the joint result; adds up to the joint ES.
    """

    exposure: float | None
    risk: float | None
    return_: float | None
    es_contribution: float


def measure_all(run: Simulated, joint: Array, workers: int = 1) -> list[Measures]:
    """Return the measures of every party and, last, of all together.

    Parameters
    ----------
    run
        A simulation.
    joint
        Value of all together, shape (scenarios,).
    workers
        Threads; they change no figure.
    """
    last = run.description.periods.count
    rows = [*zip(run.values, run.outlay, run.payback, strict=True)]
    rows.append((joint, run.joint_outlay, run.joint_payback))

    def measured(row: tuple[Array, Array, Array]) -> Measures:
        return measure_values(*row, last)

    if workers == 1 or run.count < MANY:
        return [measured(row) for row in rows]
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(measured, rows))


def measure_values(values: Array, outlay: Array, payback: Array, last: int) -> Measures:
    """Return the measures of one row of results.

    Parameters
    ----------
    values, outlay, payback
        Shape (scenarios,).
    last
        Number of the last period.
    """
    ordered = np.sort(values)
    count = len(ordered)
    mean = float(ordered.mean(dtype=np.float64))
    centred = ordered.astype(np.float64)
    centred -= mean
    sd = float(np.sqrt(inner(centred, centred) / max(count - 1, 1)))
    p5, p50, p95 = (float(quantile(ordered, share)) for share in QUANTILES)
    tail = sorted_shortfall(ordered)
    middle, never = _payback(payback, last)
    deep = np.partition(outlay, (at := min(int(0.95 * count), count - 1)))
    return Measures(
        mean=mean,
        sd=sd,
        standard_error=sd / count**0.5,
        p5=p5,
        p50=p50,
        p95=p95,
        probability_of_loss=float(np.searchsorted(ordered, ordered.dtype.type(0))) / count,
        var95=tail.var,
        es95=tail.es,
        outlay_mean=float(outlay.mean(dtype=np.float64)),
        outlay_p95=float(deep[at]),
        payback=middle,
        never_pays_back=never,
    )


def quantile(ordered: Array, share: float) -> Any:
    """Return a quantile of sorted values, between neighbours by their distance."""
    position = share * (len(ordered) - 1)
    below = int(position)
    above = min(below + 1, len(ordered) - 1)
    low, high = float(ordered[below]), float(ordered[above])
    return low + (high - low) * (position - below)


def sorted_shortfall(ordered: Array, level: float = LEVEL) -> Shortfall:
    """Return VaR and ES of the losses that belong to present values in rising order."""
    size = round(len(ordered) * (1 - level), 9)
    whole = int(size)
    edge = -float(ordered[min(whole, len(ordered) - 1)])
    above = -float(ordered[:whole].sum(dtype=np.float64))
    return Shortfall(edge, (above + edge * (size - whole)) / size)


def _payback(payback: Array, last: int) -> tuple[int | None, float]:
    half = (len(payback) - 1) // 2
    middle = int(np.partition(payback, half)[half])
    never = int(np.count_nonzero(payback > last))
    return (None if middle > last else middle), never / len(payback)


def joint_values(run: Simulated) -> Array:
    """Return the present value of all together, shape (scenarios,), float64."""
    total: Array = run.values.sum(axis=0, dtype=np.float64)
    return total


def share_all(values: Array, joint: Array) -> tuple[tuple[Shares, ...], float]:
    """Return exposure, risk share and return share of every party, and the joint ES.

    Parameters
    ----------
    values
        Present values, shape (parties, scenarios).
    joint
        Their sum, shape (scenarios,).
    """
    chosen, weights, _quantile = tail_weights(-joint)
    parts = [-inner(row[chosen].astype(np.float64), weights) for row in values]
    es = sum(parts)
    mean = float(joint.mean())
    centred = joint - mean
    variance = inner(centred, centred)
    means = values.mean(axis=1, dtype=np.float64)
    scale = max(abs(mean), float(np.abs(means).max()), 1e-300)
    moving = variance > (1e-6 * scale) ** 2 * len(joint)
    found = []
    for row, own, part in zip(values, means, parts, strict=True):
        together = inner(row.astype(np.float64), centred)
        found.append(
            Shares(
                exposure=together / variance if moving else None,
                risk=part / es if es > 1e-9 * scale else None,
                return_=float(own) / mean if mean > 1e-9 * scale else None,
                es_contribution=part,
            )
        )
    return tuple(found), es


def balance(shares: Sequence[Shares]) -> float | None:
    """Return 1 - half the sum of |risk share - return share|; None where one of them is.

    1 means that everybody carries as much of the downside as of the upside; below 0 somebody carries far more.
    """
    gaps = [abs(s.risk - s.return_) for s in shares if s.risk is not None and s.return_ is not None]
    return 1 - sum(gaps) / 2 if len(gaps) == len(shares) else None


def break_even_rate(flows: Sequence[float]) -> float | None:
    """Return the rate per period at which flows are worth nothing; None when there is no single one.

    Parameters
    ----------
    flows
        One per period, beginning with period 0.

    Examples
    --------
    >>> round(break_even_rate([-1000, 400, 400, 400]), 6)
    0.09701
    """
    from scipy.optimize import brentq

    flow = np.asarray(flows, dtype=float)
    signs = np.sign(flow[flow != 0])
    if np.count_nonzero(np.diff(signs)) != 1:
        return None
    times = np.arange(len(flow))

    def worth(rate: float) -> float:
        return float((flow * (1 + rate) ** -times).sum())

    if worth(-0.99) * worth(100.0) > 0:
        return None
    return float(brentq(worth, -0.99, 100.0, xtol=1e-13))
