"""Many enquiries at once: an assignment of the whole, not one after the other.

Taking the best partner for each enquiry in turn leaves the last ones with whoever is left. Here the sum of all scores
is made as large as possible under everybody's capacity: the assignment problem, solved exactly by the shortest
augmenting paths of Jonker and Volgenant (Computing 38, 1987, 325-340) in the form for sparse matrices.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mutualist.domain.programme.routing.field import (
    Field,
    Flags,
    Numbers,
    Places,
    kilometres,
    on_sphere,
)
from mutualist.domain.programme.routing.model import Candidate, Enquiry
from mutualist.domain.programme.routing.one import candidate_at

#: Points that leaving an enquiry to nobody costs: more than any score, so it happens only where it must.
NOBODY = 1000.0
#: Costs are rounded to this many decimals, so that ties are ties.
DECIMALS = 6


@dataclass(frozen=True, slots=True)
class Assignment:
    """What came of many enquiries, in the order they were given.

    Attributes
    ----------
    chosen
        The partner for each; None where nobody able is free.
    able
        How many partners met the conditions of each.
    most
        How many enquiries a partner without a stated capacity could be given.
    """

    chosen: tuple[Candidate | None, ...]
    able: tuple[int, ...]
    most: int


def assign(
    field: Field, enquiries: Sequence[Enquiry], *, most_times_mean: float | None = None
) -> Assignment:
    """Hand many enquiries to partners at once.

    Parameters
    ----------
    most_times_mean
        No partner gets more than this many times the mean load, rounded down, and at least one; the weights say how
        many times if nothing is said here. Stated capacities hold as well.

    Returns
    -------
    Assignment
        With the largest sum of scores. Where not all can be served, as many as possible are.
    """
    partners = len(field)
    if not enquiries or not partners:
        return Assignment((None,) * len(enquiries), (0,) * len(enquiries), 0)
    times = field.weights.most_times_mean if most_times_mean is None else most_times_mean
    mean = (len(enquiries) + int(field.loads.sum())) / partners
    most = max(1, math.floor(times * mean))
    rooms = np.minimum(field.room, np.maximum(0, most - field.loads))
    score, able = _scores(field, enquiries)
    chosen = _matched(score, able, rooms)
    found = tuple(
        None if at < 0 else candidate_at(field, enquiry, int(at))
        for enquiry, at in zip(enquiries, chosen, strict=True)
    )
    return Assignment(found, tuple(int(row.sum()) for row in able), most)


def _scores(field: Field, enquiries: Sequence[Enquiry]) -> tuple[Numbers, Flags]:
    """Return scores and who meets the conditions, both enquiries × partners."""
    here = on_sphere([one.place for one in enquiries])
    km = kilometres(here, field.points)
    score = field.nearness(km) + field.steady[np.newaxis, :]
    able = np.empty(score.shape, dtype=bool)
    for at, enquiry in enumerate(enquiries):
        able[at] = ~np.logical_or.reduce(list(field.conditions(enquiry).values()))
    return np.round(score, DECIMALS), able


def _matched(score: Numbers, able: Flags, rooms: NDArray[np.int64]) -> Places:
    """Return the column of the partner for each enquiry, -1 for nobody.

    Each partner stands in as many columns as it can take enquiries; one more column for each enquiry is nobody.
    """
    # Loaded where it is needed: it takes a tenth of a second.
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import min_weight_full_bipartite_matching

    rows, columns = np.nonzero(able)
    taken = np.minimum(rooms, np.bincount(columns, minlength=len(rooms)))
    starts = np.concatenate([[0], np.cumsum(taken)])
    copies = taken[columns]
    at = np.repeat(np.arange(len(rows)), copies)
    offset = np.arange(len(at)) - np.repeat(np.cumsum(copies) - copies, copies)
    count = len(score)
    row = np.concatenate([rows[at], np.arange(count)])
    column = np.concatenate([starts[columns[at]] + offset, starts[-1] + np.arange(count)])
    cost = np.concatenate([NOBODY - score[rows[at], columns[at]], np.full(count, 2 * NOBODY)])
    graph = csr_array((cost, (row, column)), shape=(count, int(starts[-1]) + count))
    served, where = min_weight_full_bipartite_matching(graph)
    chosen = np.full(count, -1, dtype=np.intp)
    owner = np.searchsorted(starts, where, side="right") - 1
    real = where < starts[-1]
    chosen[served[real]] = owner[real]
    return chosen
