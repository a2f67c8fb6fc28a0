"""From a fair split to terms: rates that bring each party's result closest to a target, changing as few as possible."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from mutualist.domain.venture.problems import refuse

Floats = NDArray[np.float64]
#: What rates bring to each party: rates, shape (terms,), to figures, shape (parties,).
Figures = Callable[[Floats], Floats]
#: Rounds of linear programme and simulation; linear terms need one, others a few.
ROUNDS: Final = 6
#: How much farther from the target a proposal with fewer changes may be, as part of the distance covered.
_FEWER: Final = 0.01


@dataclass(frozen=True, eq=False)
class Wanted:
    """What a proposal has to respect.

    Parameters
    ----------
    target
        Figure wanted for each party, shape ``(parties,)``.
    floors
        Figure below which a party does not take part; minus infinity for none.
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
        Figures per party under today's rates and under the proposal, both simulated.
    distance_today, distance
        Sum of absolute differences from the target, today and achieved.
    effects
        What each rate's change does by itself to each party, simulated, shape ``(terms, parties)``.
    possible
        Whether everybody stays at or above the floor.
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
    nobody below its floor; a second one, mixed-integer, the smallest number of changed rates that comes as near, and among
    these the smallest changes. What is found is simulated, and the step is repeated from there as long as it gains, which
    is what terms with caps, guarantees and tiers need. All figures reported are simulated ones.

    Parameters
    ----------
    figures
        What rates bring to each party; the same scenarios at every call.
    today
        Today's rates, shape ``(terms,)``.
    wanted
        Target, floors, bounds.

    Returns
    -------
    Proposal
        ``possible`` is False if no rates found keep everybody at or above the floor; then the proposal comes as near to
        that as it can before it looks at the target.

    Raises
    ------
    VentureError
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
    scale = max(float(np.abs(at_first).max()), float(np.abs(wanted.target).max()), 1e-9)
    best, best_figures = today, at_first
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
        distance_today=float(np.abs(at_first - wanted.target).sum()),
        distance=float(np.abs(best_figures - wanted.target).sum()),
        effects=_effects(figures, today, best, at_first),
        possible=bool((best_figures >= wanted.floors - 1e-6 * scale).all()),
    )


def _check(today: Floats, wanted: Wanted) -> None:
    if not len(today) or not (wanted.high > wanted.low).any():
        raise refuse("terms", "no_free_term")
    for low, high in zip(wanted.low, wanted.high, strict=True):
        if low > high:
            raise refuse("bounds", "low_above_high", low=float(low), high=float(high))


def _score(reached: Floats, wanted: Wanted, scale: float) -> float:
    """Return how bad figures are: what is missing to floors counts a hundredfold."""
    missing = np.maximum(wanted.floors - reached, 0.0)
    return float((np.abs(reached - wanted.target) + 100.0 * missing).sum()) / scale


def _changed(rates: Floats, today: Floats) -> int:
    return int((np.abs(rates - today) > 1e-9 * np.maximum(1.0, np.abs(today))).sum())


def _width(wanted: Wanted) -> Floats:
    return np.asarray(wanted.high - wanted.low)


def _slopes(figures: Figures, rates: Floats, here: Floats, wanted: Wanted) -> Floats:
    """Return how each figure moves with each rate, shape ``(parties, terms)``."""
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
    """Solve both programmes around the rates at hand.

    Variables: rates; absolute differences per party; what is missing to floors; absolute changes; and whether a rate
    changes at all.
    """
    from scipy.optimize import LinearConstraint, milp

    terms, parties = len(rates), len(here)
    layout = _Layout(terms, parties)
    width = np.where(_width(wanted) > 0, _width(wanted), 1.0)
    low = np.maximum(wanted.low, rates - reach * width)
    high = np.minimum(wanted.high, rates + reach * width)
    low, high = np.minimum(low, today), np.maximum(high, today)
    fixed = _width(wanted) <= 0
    low, high = np.where(fixed, today, low), np.where(fixed, today, high)
    rows, least = _rows(layout, slopes / scale, (here - slopes @ rates) / scale, today, width, wanted, scale)
    bounds = layout.bounds(low, high)
    count = layout.blank()
    count[layout.switch] = 1.0
    limit = terms if wanted.most_changes is None else wanted.most_changes
    kinds = np.zeros(layout.size)
    kinds[layout.switch] = 1
    aim = layout.blank()
    aim[layout.off] = 1.0
    aim[layout.missing] = 100.0
    at_most = LinearConstraint(count, -np.inf, limit)
    first = milp(aim, constraints=[LinearConstraint(rows, least), at_most], bounds=bounds, integrality=kinds)
    if first.x is None:
        return rates
    # Nearly as near, with as few and as small changes as possible.
    slack = _FEWER * max(_score(here, wanted, scale) - first.fun, 0.0) + 1e-9
    second_aim = count.copy()
    second_aim[layout.change] = 0.01 / terms
    near = LinearConstraint(aim, -np.inf, first.fun + (slack if wanted.most_changes is None else 1e-9))
    second = milp(
        second_aim,
        constraints=[LinearConstraint(rows, least), at_most, near],
        bounds=bounds,
        integrality=kinds,
    )
    found = first.x if second.x is None else second.x
    proposed = np.asarray(found[layout.rates])
    same = np.abs(proposed - today) <= 1e-7 * width
    return np.asarray(np.where(same, today, np.clip(proposed, low, high)))


class _Layout:
    """Where the variables of the programme stand."""

    def __init__(self, terms: int, parties: int) -> None:
        ends = np.cumsum([0, terms, parties, parties, terms, terms])
        self.size = int(ends[-1])
        pieces = [slice(int(a), int(b)) for a, b in zip(ends[:-1], ends[1:], strict=True)]
        self.rates, self.off, self.missing, self.change, self.switch = pieces

    def blank(self) -> Floats:
        """Return a row of zeros."""
        return np.zeros(self.size)

    def bounds(self, low: Floats, high: Floats) -> Any:
        """Return the bounds of all variables."""
        from scipy.optimize import Bounds

        least, most = self.blank(), np.full(self.size, np.inf)
        least[self.rates], most[self.rates] = low, high
        most[self.switch] = 1.0
        return Bounds(least, most)


def _rows(
    layout: _Layout,
    slopes: Floats,
    base: Floats,
    today: Floats,
    width: Floats,
    wanted: Wanted,
    scale: float,
) -> tuple[Floats, Floats]:
    """Return the conditions as rows that have to be at least something."""
    rows, least = [], []

    def add(bound: float, **parts: Any) -> None:
        row = layout.blank()
        for name, (at, factor) in parts.items():
            row[getattr(layout, name)][at] = factor
        rows.append(row)
        least.append(bound)

    everything = slice(None)
    for i, (target, floor) in enumerate(zip(wanted.target / scale, wanted.floors / scale, strict=True)):
        add(base[i] - target, rates=(everything, -slopes[i]), off=(i, 1.0))
        add(target - base[i], rates=(everything, slopes[i]), off=(i, 1.0))
        if np.isfinite(floor):
            add(floor - base[i], rates=(everything, slopes[i]), missing=(i, 1.0))
    for k, now in enumerate(today):
        add(-now / width[k], rates=(k, -1.0 / width[k]), change=(k, 1.0))
        add(now / width[k], rates=(k, 1.0 / width[k]), change=(k, 1.0))
        # A rate changes by its whole width at most, and only if its switch is on.
        add(0.0, change=(k, -1.0), switch=(k, 1.0))
    return np.array(rows), np.array(least)


def _effects(figures: Figures, today: Floats, rates: Floats, before: Floats) -> Floats:
    """Return what each changed rate does by itself."""
    effects = np.zeros((len(rates), len(before)))
    for k in range(len(rates)):
        if rates[k] != today[k]:
            alone = today.copy()
            alone[k] = rates[k]
            effects[k] = figures(alone) - before
    return effects
