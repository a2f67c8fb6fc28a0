"""When a party would rationally leave, scenario by scenario, found by least-squares Monte Carlo."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mutualist.domain.venture.stopgap_texts import StopgapError, require, require_part

Floats = NDArray[np.float64]
#: A regression on fewer scenarios says nothing.
_FEWEST = 30


@dataclass(frozen=True, eq=False)
class Exits:
    """Rational exits.

    Attributes
    ----------
    period
        Period of the exit in each scenario, -1 for none; shape ``(scenarios,)``.
    value
        What the right to leave is worth today.
    error
        Standard error of this value.
    """

    period: NDArray[np.intp]
    value: float
    error: float

    @property
    def probability(self) -> float:
        """Return the part of the scenarios with an exit."""
        return float((self.period >= 0).mean())

    @property
    def median(self) -> int | None:
        """Return the period by which half of all scenarios have seen the exit, or None."""
        left = np.sort(np.where(self.period < 0, np.iinfo(np.intp).max, self.period))
        middle = int(left[(len(left) - 1) // 2])
        return middle if middle < np.iinfo(np.intp).max else None


def rational_exit(gains: Floats, states: Floats, discount: float, *, first: int = 0) -> Exits:
    """Return when leaving is worth more than waiting, scenario by scenario.

    From the last period back, what is gained by leaving now and what is gained by leaving later are both regressed on the
    states (a polynomial of degree 3); where leaving now is expected to be worth more, and more than nothing, the exit
    moves to this period. Decisions use expectations only, never the scenario's own future.

    Parameters
    ----------
    gains
        What leaving in a period is worth in that period's money, from what happens later in the scenario (or known then);
        shape ``(scenarios, periods)``.
    states
        What is known in each period, shape ``(scenarios, periods)`` or ``(scenarios, periods, k)``.
    discount
        Factor by which money of the next period counts today.
    first
        First period in which leaving is possible.

    Raises
    ------
    StopgapError
        When shapes don't fit or the option starts after the end.

    References
    ----------
    F. A. Longstaff, E. S. Schwartz, "Valuing American Options by Simulation: A Simple Least-Squares Approach", Review of
    Financial Studies 14, 2001.

    Examples
    --------
    >>> gains = np.array([[-1.0, 2.0], [-1.0, -3.0]])
    >>> rational_exit(gains, gains, 0.9).period.tolist()
    [1, -1]
    """
    known = states[..., None] if states.ndim == 2 else states
    if gains.ndim != 2 or known.shape[:2] != gains.shape:
        raise StopgapError("shapes", "states", value=str(states.shape), allowed=str(gains.shape))
    scenarios, periods = gains.shape
    if not 0 <= first < periods:
        raise StopgapError("first_period", "first", value=first, allowed=periods - 1)
    period = np.full(scenarios, -1, dtype=np.intp)
    later = np.zeros(scenarios)
    for t in range(periods - 1, first - 1, -1):
        later *= discount
        now = gains[:, t]
        expected_now, expected_later = _expected(known[:, t], now, later)
        if t == periods - 1:
            expected_later = np.zeros(scenarios)
        leave = (expected_now > expected_later) & (expected_now > 0)
        later = np.where(leave, now, later)
        period = np.where(leave, t, period)
    worth = later * discount**first
    error = float(worth.std(ddof=1) / np.sqrt(scenarios)) if scenarios > 1 else 0.0
    return Exits(period, float(worth.mean()), error)


def _expected(state: Floats, now: Floats, later: Floats) -> tuple[Floats, Floats]:
    """Return what is expected of both, given the state, by a polynomial through the scenarios."""
    if len(now) < _FEWEST:
        return now, later
    spread = state.std(axis=0)
    moving = spread > 1e-12 * np.maximum(1.0, np.abs(state).max(axis=0))
    scaled = (state[:, moving] - state[:, moving].mean(axis=0)) / spread[moving]
    columns = [
        np.ones(len(now)),
        *(scaled[:, k] ** p for k in range(scaled.shape[1]) for p in (1, 2, 3)),
    ]
    if scaled.shape[1] == 2:
        columns.append(scaled[:, 0] * scaled[:, 1])
    basis = np.column_stack(columns)
    both = basis @ np.linalg.lstsq(basis, np.column_stack([now, later]), rcond=None)[0]
    return both[:, 0], both[:, 1]


@dataclass(frozen=True, slots=True)
class Clauses:
    """What exits leave of the other side's income, and which clauses make it whole.

    Attributes
    ----------
    probability
        Part of the scenarios with an exit within the horizon.
    median_period
        Period by which half of all scenarios have seen the exit; None if fewer than half do.
    kept
        Part of the expected present value that is left.
    income
        Expected present value without exits.
    break_fee
        Payment at the exit that makes the other side whole.
    notice_periods
        Periods of notice that do the same; None if none is long enough.
    minimum_volume
        Part of the income to be paid on after the exit that does the same, at most 1.
    option_value, option_error
        What the right to leave is worth to the party that has it, and the standard error of this figure.
    """

    probability: float
    median_period: int | None
    kept: float
    income: float
    break_fee: float
    notice_periods: int | None
    minimum_volume: float
    option_value: float
    option_error: float


def clauses(
    exits: Exits,
    income: Floats,
    discount: float,
    *,
    investment: float | None = None,
    notice: int = 0,
) -> Clauses:
    """Return what the other side loses by exits, and what would make it whole.

    Parameters
    ----------
    exits
        From `rational_exit`.
    income
        What the other side earns from what would end, shape ``(scenarios, periods)``, without exits.
    discount
        Factor by which the other side discounts a period.
    investment
        What it must get back; all of its expected income if not given.
    notice
        Periods of notice that are agreed already.

    Examples
    --------
    >>> exits = Exits(np.array([1, -1]), 0.0, 0.0)
    >>> found = clauses(exits, np.full((2, 4), 100.0), 1.0)
    >>> found.kept, found.break_fee, found.minimum_volume
    (0.625, 300.0, 1.0)
    """
    require_part("discount", discount)
    periods = income.shape[1]
    factors = discount ** np.arange(periods)
    worth = income * factors
    whole = float(worth.sum(axis=1).mean())
    wanted = whole if investment is None else require("investment", investment, positive=False)
    end = np.where(exits.period < 0, periods, np.minimum(exits.period + notice, periods))
    gone = np.arange(periods) >= end[:, None]
    lost = float((worth * gone).sum(axis=1).mean())
    paid = float((np.where(exits.period < 0, 0.0, discount ** np.maximum(exits.period, 0))).mean())
    missing = max(0.0, wanted - (whole - lost))
    return Clauses(
        probability=exits.probability,
        median_period=exits.median,
        kept=(whole - lost) / whole if whole else 1.0,
        income=whole,
        break_fee=missing / paid if paid else 0.0,
        notice_periods=_notice(worth, exits.period, min(wanted, whole)),
        minimum_volume=min(missing / lost, 1.0) if lost > 0 else 0.0,
        option_value=exits.value,
        option_error=exits.error,
    )


def _notice(worth: Floats, period: NDArray[np.intp], wanted: float) -> int | None:
    """Return the shortest notice with which the expected income reaches what is wanted."""
    periods = worth.shape[1]
    whole = np.concatenate([np.zeros((len(worth), 1)), worth.cumsum(axis=1)], axis=1)
    rows = np.arange(len(worth))
    slack = 1e-9 * max(1.0, abs(wanted))
    for notice in range(periods + 1):
        end = np.where(period < 0, periods, np.minimum(period + notice, periods))
        if float(whole[rows, end].mean()) >= wanted - slack:
            return notice if notice < periods or wanted <= 0 else None
    return None
