"""How evenly enquiries were spread, and what that costs in kilometres."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mutualist.domain.programme.routing.field import Field
from mutualist.domain.programme.routing.many import assign
from mutualist.domain.programme.routing.model import Candidate, Enquiry


@dataclass(frozen=True, slots=True)
class Fairness:
    """The spread of a load.

    Attributes
    ----------
    mean, most, none
        Enquiries per partner on average and at most, and how many partners got none.
    times_mean
        The largest load over the mean.
    gini
        0 if everybody has the same, towards 1 if one has all.
    median_km, far_km
        Half, and nine of ten, of the enquiries with a known distance are no farther; None without any.
    served, unserved
        How many enquiries found a partner, and how many did not.
    """

    mean: float
    most: int
    none: int
    times_mean: float
    gini: float
    median_km: float | None
    far_km: float | None
    served: int
    unserved: int


def fairness(chosen: Sequence[Candidate | None], partners: Sequence[str]) -> Fairness:
    """Return how a load is spread over all partners, those without any included."""
    loads = dict.fromkeys(partners, 0)
    for one in chosen:
        if one is not None:
            loads[one.partner] += 1
    counts = np.sort(np.array(list(loads.values()), dtype=float))
    km = [one.km for one in chosen if one is not None and one.km is not None]
    total, count = counts.sum(), len(counts)
    mean = float(total / count) if count else 0.0
    gini = 0.0
    if total:
        places = np.arange(1, count + 1)
        gini = float((2 * (places * counts).sum()) / (count * total) - (count + 1) / count)
    served = sum(one is not None for one in chosen)
    return Fairness(
        mean,
        int(counts[-1]) if count else 0,
        int((counts == 0).sum()),
        float(counts[-1] / mean) if mean else 0.0,
        gini,
        float(np.median(km)) if km else None,
        float(np.quantile(km, 0.9)) if km else None,
        served,
        len(chosen) - served,
    )


def trade_off(
    field: Field, enquiries: Sequence[Enquiry], times: Sequence[float]
) -> list[tuple[float, Fairness]]:
    """Return the spread for several bounds on the load: the more even, the farther."""
    ids = [one.id for one in field.partners]
    return [
        (bound, fairness(assign(field, enquiries, most_times_mean=bound).chosen, ids))
        for bound in times
    ]
