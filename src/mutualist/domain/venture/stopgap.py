"""The stopgap: one party may build the piece itself one day; what that leaves of the other's income. In closed form."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from mutualist.domain.venture.stopgap_texts import StopgapError, require, require_part, said

#: Years after which an exit no longer counts as one that happens.
_LONGEST = 1000.0
# With less volatility than this there is nothing uncertain.
_STILL = 1e-9
# Below this the exponent is 1 up to rounding, and the trigger is out of reach.
_NEVER = 1e-12
# So many standard deviations away the normal tail is written by its first term, right to a thousandth.
_FAR = -30.0


@dataclass(frozen=True, slots=True)
class Stopgap:
    """What an own-build option leaves of the other side's income.

    Attributes
    ----------
    beta
        Exponent of the option's value; larger means that waiting is worth less.
    trigger
        Value of the own build at which it is started, in units of money; None if never.
    now
        Expected discount factor of the exit, ``E[exp(-r tau)]``.
    kept
        Share of the other side's perpetuity that is left, ``1 - now``.
    probability
        Likelihood that the trigger is ever reached.
    median_years
        Years until half of the futures have seen the exit; None if that is never so.
    income
        Present value of the other side's margin without the option; None without a margin.
    break_fee
        Payment at the exit that makes the other side whole; None without a margin.
    notice_years
        Notice period that does the same; None without a margin, or if none is long enough.
    minimum_volume
        Part of the margin to be paid on after the exit that does the same; None without a margin.
    warnings
        Codes of what has to be said.
    """

    beta: float
    trigger: float | None
    now: float
    kept: float
    probability: float
    median_years: float | None
    income: float | None = None
    break_fee: float | None = None
    notice_years: float | None = None
    minimum_volume: float | None = None
    warnings: tuple[str, ...] = ()

    def sentences(self, lang: str = "en") -> tuple[str, ...]:
        """Return what has to be said, in ``de`` or ``en``."""
        return tuple(said("warnings", code, lang) for code in self.warnings)


def beta_of(r: float, delta: float, sigma: float) -> float:
    """Return the positive root above 1 of ``sigma^2 b (b-1) / 2 + (r - delta) b = r``.

    Examples
    --------
    >>> round(beta_of(0.04, 0.04, 0.3), 4)
    1.5672
    """
    return 1.0 + _above_one(r, delta, sigma)


def _above_one(r: float, delta: float, sigma: float) -> float:
    """Return ``beta - 1``, also where it is near 0: the positive root of ``s c^2 / 2 + (s / 2 + r - delta) c = delta``, s = sigma^2."""
    square = sigma**2
    middle = square / 2 + r - delta
    root = math.hypot(middle, sigma * math.sqrt(2 * delta))
    # Of two near figures the quotient is taken instead of the difference.
    return 2 * delta / (middle + root) if middle > 0 else (root - middle) / square


def stopgap(
    *,
    r: float,
    delta: float,
    sigma: float,
    cost: float,
    value: float,
    margin: float | None = None,
    investment: float | None = None,
) -> Stopgap:
    """Return when a party would rationally build the piece itself, and what makes the other side whole.

    The own build is worth ``V``, a geometric Brownian motion with drift ``r - delta`` and volatility ``sigma``, and costs
    ``K``. It is started when ``V`` first reaches ``V* = beta / (beta - 1) K``; then ``E[exp(-r tau)] = (V0 / V*)^beta``.
    The other side earns a margin for ever until then, so it keeps ``1 - (V0 / V*)^beta`` of the perpetuity.

    Parameters
    ----------
    r
        Interest rate a year, above 0.
    delta
        What the own build would yield a year, as a part of its value; 0 or more.
    sigma
        Volatility a year, above 0.
    cost
        What the own build costs, above 0.
    value
        What it is worth today, above 0.
    margin
        What the other side earns a year while it lasts.
    investment
        What the other side must get back; its whole perpetuity if not given.

    Returns
    -------
    Stopgap
        ``break_fee`` is ``(I - PV) / E[exp(-r tau)]``, at least 0; the notice period ``n`` solves
        ``margin (1 - exp(-r n)) / r = fee``; the minimum volume is ``r fee / margin``.

    Raises
    ------
    StopgapError
        When a figure can't be computed with.

    References
    ----------
    R. McDonald, D. Siegel, "The Value of Waiting to Invest", Quarterly Journal of Economics 101, 1986; A. K. Dixit,
    R. S. Pindyck, "Investment under Uncertainty", 1994, chapter 5.

    Examples
    --------
    >>> found = stopgap(r=0.04, delta=0.04, sigma=0.2, cost=1, value=0.5)
    >>> round(found.beta, 9), round(found.trigger, 9), round(found.kept, 9)
    (2.0, 2.0, 0.9375)
    """
    for name, figure in (("r", r), ("sigma", sigma), ("cost", cost), ("value", value)):
        require(name, figure, positive=True)
    require("delta", delta, positive=False)
    if sigma < _STILL:
        raise StopgapError("too_still", "sigma", value=sigma, allowed=_STILL)
    if margin is None and investment is not None:
        raise StopgapError("needs_margin", "investment", value=investment)
    above = _above_one(r, delta, sigma)
    beta = 1.0 + above
    if above <= _NEVER:
        reached: dict[str, Any] = {"trigger": None, "now": 0.0, "probability": 0.0}
        reached |= {"median_years": None, "warnings": ("never_exits",)}
    else:
        reached = _reached(above, r - delta, sigma, cost, value)
    return _made_whole(beta, reached, r, margin, investment)


def _reached(above: float, drift: float, sigma: float, cost: float, value: float) -> dict[str, Any]:
    trigger = (1.0 + 1.0 / above) * cost
    if value >= trigger:
        at_once = {"trigger": trigger, "now": 1.0, "probability": 1.0}
        return at_once | {"median_years": 0.0, "warnings": ("exits_now",)}
    distance, lean = math.log(trigger / value), drift - sigma**2 / 2
    likely = 1.0 if lean >= 0 else math.exp(2 * lean * distance / sigma**2)
    return {
        "trigger": trigger,
        "now": (value / trigger) ** (1.0 + above),
        "probability": likely,
        "median_years": _median(distance, lean, sigma),
        "warnings": (),
    }


def reached_by(years: float, distance: float, lean: float, sigma: float) -> float:
    """Return how likely a Brownian motion with a lean has gone a distance by some time.

    ``Phi((lean t - d) / (sigma sqrt t)) + exp(2 lean d / sigma^2) Phi((-lean t - d) / (sigma sqrt t))``.

    References
    ----------
    J. M. Harrison, "Brownian Motion and Stochastic Flow Systems", 1985, section 1.8.

    Examples
    --------
    >>> round(reached_by(10.0, 1.0, 0.0, 0.2), 4)
    0.1138
    """
    spread = sigma * math.sqrt(years)
    ahead, behind = (lean * years - distance) / spread, (-lean * years - distance) / spread
    if behind > _FAR:
        return _phi(ahead) + math.exp(2 * lean * distance / sigma**2) * _phi(behind)
    # Far out both factors leave the range of numbers; their product is the normal density over the distance (Mills 1926).
    return _phi(ahead) + math.exp(-(ahead**2) / 2) / (-behind * math.sqrt(2 * math.pi))


def _phi(x: float) -> float:
    return 0.5 * math.erfc(-x / math.sqrt(2))


def _median(distance: float, lean: float, sigma: float) -> float | None:
    if reached_by(_LONGEST, distance, lean, sigma) < 0.5:
        return None
    low, high = 1e-9, _LONGEST
    for _ in range(200):
        middle = (low + high) / 2
        if reached_by(middle, distance, lean, sigma) < 0.5:
            low = middle
        else:
            high = middle
    return high


def _made_whole(
    beta: float,
    reached: dict[str, Any],
    r: float,
    margin: float | None,
    investment: float | None,
) -> Stopgap:
    """Add what makes the other side whole, if its margin is known."""
    now = float(reached["now"])
    if margin is None:
        return Stopgap(beta=beta, kept=1.0 - now, **reached)
    require("margin", margin, positive=True)
    income = margin / r
    wanted = income if investment is None else require("investment", investment, positive=False)
    warnings = tuple(reached.pop("warnings"))
    missing = max(0.0, wanted - (1.0 - now) * income)
    fee = missing / now if now > 0 else 0.0
    part = min(r * fee / margin, 1.0)
    notice = -math.log1p(-part) / r if part < 1.0 - 1e-12 else None
    if wanted > income * (1 + 1e-12):
        warnings = (*warnings, "never_whole")
    elif notice is None:
        warnings = (*warnings, "no_notice")
    whole: dict[str, Any] = {
        "income": income,
        "break_fee": fee,
        "notice_years": notice,
        "minimum_volume": part,
    }
    return Stopgap(beta=beta, kept=1.0 - now, warnings=warnings, **reached, **whole)


def income_at_risk(margin: float, r: float, hazard: float) -> float:
    """Return the present value of a margin that is paid at the end of each year and may stop in any of them.

    ``margin (1 - h) / (r + h)``: the sum of ``margin ((1 - h) / (1 + r))^t``.

    Parameters
    ----------
    margin
        What is earned a year.
    r
        Interest rate a year, above 0.
    hazard
        Likelihood of the end in each year, from 0 to 1.

    Examples
    --------
    >>> round(income_at_risk(100, 0.08, 0.05), 2)
    730.77
    """
    require("r", r, positive=True)
    require_part("hazard", hazard)
    return margin * (1 - hazard) / (r + hazard)
