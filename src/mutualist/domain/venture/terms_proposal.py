"""From a fair split to terms: rates that bring each party's result closest to a target, changing as few as possible."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from mutualist.domain.venture.split.problems import SplitError

Floats = NDArray[np.float64]
#: What rates bring: rates, shape (terms,), to figures, shape (k,): results, or parts of the risk, of each party.
Figures = Callable[[Floats], Floats]
#: Rounds of linear programme and simulation; linear terms need one, others a few.
ROUNDS: Final = 6
#: How much farther from the target a proposal with fewer changes may be, as part of the distance covered.
_FEWER: Final = 0.01
#: Up to so many terms, every set of them is tried.
_EVERY_SET: Final = 8


@dataclass(frozen=True, eq=False)
class Wanted:
    """What a proposal has to respect.

    Parameters
    ----------
    target
        Value wanted for each figure, shape ``(k,)``; NaN for a figure that only has a floor.
    floors
        Value that a figure has to reach, such as a party's best alternative; minus infinity for none, shape ``(k,)``.
    low, high
        Bounds of each rate, shape ``(terms,)``; equal for a term that is fixed.
    most_changes
        How many rates may change; None for any number, as few as suffice.
    """

    target: Floats
    floors: Floats
    low: Floats
    high: Floats
    most_changes: int | None = None


@dataclass(frozen=True, eq=False)
class Proposal:
    """Rates and what they achieve.

    Attributes
    ----------
    rates
        Proposed rates, shape ``(terms,)``.
    today, achieved
        Figures under today's rates and under the proposal, both simulated.
    distance_today, distance
        Sum of absolute differences from the target, today and achieved.
    effects
        What each rate's change does by itself to each figure, simulated, shape ``(terms, k)``.
    possible
        Whether every figure reaches its floor.
    """

    rates: Floats
    today: Floats
    achieved: Floats
    distance_today: float
    distance: float
    effects: Floats
    possible: bool


def propose(figures: Figures, today: Floats, wanted: Wanted) -> Proposal:
    """Return the rates that come closest to a target.

    The figures are linear in most rates. Around the rates at hand their slopes are measured by simulation; a linear
    programme (HiGHS) finds the rates with the smallest sum of absolute differences from the target, within bounds and with
    no figure below its floor; then the smallest set of terms is looked for that comes as near, and with it the smallest
    changes. What is found is simulated, and the step is repeated from there as long as it gains, which
    is what terms with caps, guarantees and tiers need. All figures reported are simulated ones.

    Parameters
    ----------
    figures
        What rates bring; the same scenarios at every call.
    today
        Today's rates, shape ``(terms,)``.
    wanted
        Target, floors, bounds.

    Returns
    -------
    Proposal
        ``possible`` is False if no rates found bring every figure to its floor; then the proposal comes as near to
        that as it can before it looks at the target.

    Raises
    ------
    SplitError
        When there is no term whose rate may change, or bounds are the wrong way round.

    References
    ----------
    Successive linear programming: R. E. Griffith, R. A. Stewart, "A Nonlinear Programming Technique for the Optimization of
    Continuous Processing Systems", Management Science 7, 1961; Q. Huangfu, J. A. J. Hall, "Parallelizing the dual revised
    simplex method", Mathematical Programming Computation 10, 2018 (HiGHS).

    Examples
    --------
    >>> def figures(rates):
    ...     return np.array([100 * (1 - rates[0]), 100 * rates[0]])
    >>> wanted = Wanted(np.array([60.0, 40.0]), np.full(2, -np.inf), np.zeros(1), np.ones(1))
    >>> propose(figures, np.array([0.5]), wanted).rates.round(6).tolist()
    [0.4]
    """
    _check(today, wanted)
    at_first = figures(today)
    scale = max(float(np.abs(at_first).max()), float(np.nanmax(np.abs(wanted.target))), 1e-9)
    # A rate outside of its bounds has to move, whether that gains or not.
    best = np.clip(today, wanted.low, wanted.high)
    best_figures = at_first if (best == today).all() else figures(best)
    reach = np.ones(len(today))
    for _ in range(ROUNDS):
        slopes = _slopes(figures, best, best_figures, wanted)
        rates = _programme(best, best_figures, slopes, today, wanted, reach, scale)
        reached = figures(rates)
        gain = _score(best_figures, wanted, scale) - _score(reached, wanted, scale)
        fewer = _changed(rates, today) < _changed(best, today) and gain > -1e-6
        if gain <= 1e-7 and not fewer:
            if reach[0] < 0.1:
                break
            reach = reach / 3
            continue
        best, best_figures = rates, reached
    return Proposal(
        rates=best,
        today=at_first,
        achieved=best_figures,
        distance_today=_distance(at_first, wanted),
        distance=_distance(best_figures, wanted),
        effects=_effects(figures, today, best, at_first),
        possible=bool((best_figures >= wanted.floors - 1e-6 * scale).all()),
    )


def _check(today: Floats, wanted: Wanted) -> None:
    if not len(today) or not (wanted.high > wanted.low).any():
        raise SplitError("no_free_term")
    for low, high in zip(wanted.low, wanted.high, strict=True):
        if not (np.isfinite(low) and np.isfinite(high)):
            worst = float(high if np.isfinite(low) else low)
            raise SplitError("not_finite", "bounds", value=worst)
        if low > high:
            raise SplitError("bounds_swapped", "bounds", value=float(low), allowed=float(high))
    if wanted.most_changes is not None and wanted.most_changes < 0:
        raise SplitError("negative", "most_changes", value=wanted.most_changes)


def _score(reached: Floats, wanted: Wanted, scale: float) -> float:
    """Return how bad figures are: what is missing to floors counts a hundredfold."""
    missing = np.maximum(wanted.floors - reached, 0.0)
    return (_distance(reached, wanted) + 100.0 * float(missing.sum())) / scale


def _distance(reached: Floats, wanted: Wanted) -> float:
    return float(np.nansum(np.abs(reached - wanted.target)))


def _changed(rates: Floats, today: Floats) -> int:
    return int((np.abs(rates - today) > 1e-9 * np.maximum(1.0, np.abs(today))).sum())


def _width(wanted: Wanted) -> Floats:
    return np.asarray(wanted.high - wanted.low)


def _slopes(figures: Figures, rates: Floats, here: Floats, wanted: Wanted) -> Floats:
    """Return how each figure moves with each rate, shape ``(k, terms)``."""
    slopes = np.zeros((len(here), len(rates)))
    for k, width in enumerate(_width(wanted)):
        if width <= 0:
            continue
        step = 0.05 * width if rates[k] + 0.05 * width <= wanted.high[k] else -0.05 * width
        moved = rates.copy()
        moved[k] += step
        slopes[:, k] = (figures(moved) - here) / step
    return slopes


def _programme(
    rates: Floats,
    here: Floats,
    slopes: Floats,
    today: Floats,
    wanted: Wanted,
    reach: Floats,
    scale: float,
) -> Floats:
    """Return the best rates around the rates at hand: near the target first, then few changes, then small ones."""
    width = np.where(wanted.high > wanted.low, wanted.high - wanted.low, 1.0)
    # Today's rates stay within reach, so that a change can be taken back.
    low = np.maximum(wanted.low, np.minimum(rates - reach * width, today))
    high = np.minimum(wanted.high, np.maximum(rates + reach * width, today))
    model = _Model(slopes / scale, (here - slopes @ rates) / scale, today, width, wanted, scale)
    must = frozenset(np.flatnonzero((today < low) | (today > high)).tolist())
    free = frozenset(np.flatnonzero(high > low).tolist()) | must
    best = model.nearest(low, high, free)
    if best is None:
        return rates
    slack = _FEWER * max(_score(here, wanted, scale) - best, 0.0) + 1e-9
    limit = len(free) if wanted.most_changes is None else max(wanted.most_changes, len(must))
    chosen = _fewest(model, (low, high), free, must, limit, best + slack)
    found = model.smallest(low, high, chosen)
    same = np.abs(found - today) <= 1e-7 * width
    return np.asarray(np.where(same, today, np.clip(found, low, high)))


def _fewest(
    model: _Model,
    ends: tuple[Floats, Floats],
    free: frozenset[int],
    must: frozenset[int],
    limit: int,
    enough: float,
) -> frozenset[int]:
    """Return the smallest set of terms that comes near enough, or the nearest within the limit.

    Up to eight terms every set is tried, beyond that terms are given up one by one, the least useful first.
    """
    if len(free) > _EVERY_SET:
        return _given_up(model, ends, free, must, limit, enough)
    nearest: tuple[float, frozenset[int]] = (np.inf, must)
    for size in range(len(must), limit + 1):
        for extra in combinations(sorted(free - must), size - len(must)):
            chosen = must | frozenset(extra)
            distance = model.nearest(*ends, chosen)
            if distance is not None and distance < nearest[0] - 1e-12:
                nearest = distance, chosen
        if nearest[0] <= enough:
            break
    return nearest[1]


def _given_up(
    model: _Model,
    ends: tuple[Floats, Floats],
    free: frozenset[int],
    must: frozenset[int],
    limit: int,
    enough: float,
) -> frozenset[int]:
    chosen = free
    while chosen - must:
        tried = {}
        for term in sorted(chosen - must):
            distance = model.nearest(*ends, chosen - {term})
            tried[term] = np.inf if distance is None else distance
        least = min(tried, key=lambda term: (tried[term], term))
        if len(chosen) <= limit and tried[least] > enough:
            break
        chosen -= {least}
    return chosen


class _Model:
    """The linear programme: rates, then absolute differences, then what is missing to floors, then absolute changes."""

    def __init__(
        self,
        slopes: Floats,
        base: Floats,
        today: Floats,
        width: Floats,
        wanted: Wanted,
        scale: float,
    ) -> None:
        figures, terms = slopes.shape
        ends = np.cumsum([0, terms, figures, figures, terms]).tolist()
        self.rates, self.off, self.missing, self.change = (slice(*pair) for pair in pairwise(ends))
        self.size, self.today = ends[-1], today
        self.aim = np.zeros(self.size)
        self.aim[self.off], self.aim[self.missing] = 1.0, 100.0
        unit = np.eye(self.size)
        blocks, least = [], []

        def at_least(wanted: NDArray[np.bool_], rates: Floats, help_: slice, bound: Floats) -> None:
            """Add rows ``rates . x + helper >= bound`` for the figures or terms that want them."""
            rows = unit[help_].copy()
            rows[:, self.rates] = rates
            blocks.append(rows[wanted])
            least.append(bound[wanted])

        target, floors = wanted.target / scale, wanted.floors / scale
        at_least(np.isfinite(target), -slopes, self.off, base - target)
        at_least(np.isfinite(target), slopes, self.off, target - base)
        at_least(np.isfinite(floors), slopes, self.missing, floors - base)
        every = np.ones(terms, dtype=bool)
        at_least(every, np.diag(-1 / width), self.change, -today / width)
        at_least(every, np.diag(1 / width), self.change, today / width)
        self.rows, self.least = np.vstack(blocks), np.concatenate(least)

    def _solve(
        self, aim: Floats, low: Floats, high: Floats, chosen: AbstractSet[int], most: float
    ) -> Any:
        from scipy.optimize import linprog

        free = np.isin(np.arange(len(low)), list(chosen))
        ends = np.zeros((self.size, 2))
        ends[:, 1] = np.inf
        ends[self.rates, 0] = np.where(free, low, self.today)
        ends[self.rates, 1] = np.where(free, high, self.today)
        rows, limits = -self.rows, -self.least
        if np.isfinite(most):
            rows, limits = np.vstack([rows, self.aim]), np.append(limits, most)
        return linprog(aim, A_ub=rows, b_ub=limits, bounds=ends)

    def nearest(self, low: Floats, high: Floats, chosen: AbstractSet[int]) -> float | None:
        """Return how near the target the chosen terms can come; None if the programme fails."""
        found = self._solve(self.aim, low, high, chosen, np.inf)
        return float(found.fun) if found.status == 0 else None

    def smallest(self, low: Floats, high: Floats, chosen: AbstractSet[int]) -> Floats:
        """Return the rates with the smallest changes that come as near as these terms can."""
        first = self._solve(self.aim, low, high, chosen, np.inf)
        aim = np.zeros(self.size)
        aim[self.change] = 1.0
        second = self._solve(aim, low, high, chosen, float(first.fun) + 1e-9)
        found = second if second.status == 0 else first
        return np.asarray(found.x[self.rates])


def _effects(figures: Figures, today: Floats, rates: Floats, before: Floats) -> Floats:
    """Return what each changed rate does by itself."""
    effects = np.zeros((len(rates), len(before)))
    for k in range(len(rates)):
        if rates[k] != today[k]:
            alone = today.copy()
            alone[k] = rates[k]
            effects[k] = figures(alone) - before
    return effects
