"""Distributions of a driver, fitted to the three values a person can state.

Every family is written as a function of a normal score z, so that a Gaussian copula joins any of them.

Sources: PERT as in Malcolm et al. (1959), Oper. Res. 7, 646-669, with weight 4 on the most likely value; three quantiles of
a shifted lognormal as in Johnson (1949), Biometrika 36, 149-176 (system SL).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from math import exp, inf, log, log1p, sqrt
from typing import Any, Final

#: Normal score of the 90 % quantile.
Z90: Final = 1.2815515655446004
#: How far apart the halves of a symmetric family may be, as part of the whole range.
SYMMETRY: Final = 0.02


class FitError(ValueError):
    """Three values that the family cannot take; ``code`` and ``values`` say why."""

    def __init__(self, code: str, **values: Any) -> None:
        super().__init__(code)
        self.code = code
        self.values = values


@dataclass(frozen=True, slots=True)
class Fitted:
    """A fitted distribution.

    ``shape`` is ``constant`` (value), ``normal`` (mean, sd), ``lognormal`` (shift, sign, mu, sigma), ``uniform`` (low,
    high), ``triangular`` or ``pert`` (low, mode, high).
    """

    shape: str
    parameters: tuple[float, ...]


@lru_cache(maxsize=1024)
def fit(family: str, given: str, points: tuple[float, ...]) -> Fitted:
    """Fit a family to what a person stated.

    Parameters
    ----------
    family
        ``pert``, ``triangular``, ``normal``, ``lognormal``, ``uniform`` or ``constant``.
    given
        ``quantiles``, ``range``, ``moments`` or ``value``.
    points
        P10, P50, P90; or least, most likely, most; or mean and standard deviation; or one value.

    Returns
    -------
    Fitted
        Its 10 %, 50 % and 90 % quantiles are the points, where these were given.

    Raises
    ------
    FitError
        When the values are out of order, or too lopsided for the family.

    Examples
    --------
    >>> fit("uniform", "quantiles", (90.0, 100.0, 110.0)).parameters
    (87.5, 112.5)
    """
    if given == "value" or (len(set(points)) == 1 and given != "moments"):
        return Fitted("constant", points[:1])
    if given == "moments":
        return _moments(family, *points)
    low, likely, high = points
    if low > high:
        raise FitError("low_above_high", low=low, high=high)
    if not low <= likely <= high:
        raise FitError("likely_outside", low=low, likely=likely, high=high)
    if given == "range":
        return _range(family, low, likely, high)
    return _quantiles(family, low, likely, high)


def _moments(family: str, mean: float, sd: float) -> Fitted:
    if sd < 0:
        raise FitError("negative_sd", value=sd)
    if sd == 0:
        return Fitted("constant", (mean,))
    match family:
        case "normal":
            return Fitted("normal", (mean, sd))
        case "uniform":
            return Fitted("uniform", (mean - sqrt(3) * sd, mean + sqrt(3) * sd))
        case "lognormal":
            if mean <= 0:
                raise FitError("lognormal_mean", value=mean)
            variance = log1p((sd / mean) ** 2)
            return Fitted("lognormal", (0.0, 1.0, log(mean) - variance / 2, sqrt(variance)))
    raise FitError("family_points", family=family, needs="low, likely, high")


def _range(family: str, low: float, likely: float, high: float) -> Fitted:
    if family in {"pert", "triangular"}:
        return Fitted(family, (low, likely, high))
    if family == "uniform":
        return Fitted("uniform", (low, high))
    raise FitError("family_range", family=family)


def _quantiles(family: str, low: float, likely: float, high: float) -> Fitted:
    if family in {"normal", "uniform"}:
        middle = (low + high) / 2
        if abs(likely - middle) > SYMMETRY * (high - low):
            raise FitError("not_symmetric", family=family, likely=likely, middle=middle)
        if family == "normal":
            return Fitted("normal", (middle, (high - low) / (2 * Z90)))
        half = (high - low) / 1.6
        return Fitted("uniform", (middle - half, middle + half))
    if family == "lognormal":
        return _shifted_lognormal(low, likely, high)
    return _bounded(family, low, likely, high)


def _shifted_lognormal(low: float, likely: float, high: float) -> Fitted:
    """Match three quantiles exactly; a longer lower side is the mirror image of a longer upper one."""
    below, above = likely - low, high - likely
    if below == 0 or above == 0:
        raise FitError("no_spread", low=low, likely=likely, high=high)
    if abs(above - below) <= 1e-9 * (high - low):
        return Fitted("normal", (likely, (high - low) / (2 * Z90)))
    sign = 1.0 if above > below else -1.0
    short, long = (below, above) if sign > 0 else (above, below)
    sigma = log(long / short) / Z90
    scale = short / (1 - exp(-sigma * Z90))
    return Fitted("lognormal", (likely - sign * scale, sign, log(scale), sigma))


def _bounded(family: str, low: float, likely: float, high: float) -> Fitted:
    """Find least, mode and most of a bounded family with these three quantiles, by the ratio of their distances."""
    quantiles = _pert_quantiles if family == "pert" else _triangular_quantiles
    below, above = likely - low, high - likely
    wanted = above / below if below > 0 else inf

    def ratio(mode: float) -> float:
        first, middle, last = quantiles(mode)
        return (last - middle) / (middle - first)

    least, most = ratio(1.0), ratio(0.0)
    if not least <= wanted <= most:
        raise FitError(
            "too_lopsided", family=family, ratio=wanted, least=least, most=most, instead="lognormal"
        )
    mode = _root(lambda at: ratio(at) - wanted)
    first, middle, last = quantiles(mode)
    width = (high - low) / (last - first)
    start = likely - middle * width
    return Fitted(family, (start, start + mode * width, start + width))


def _root(falling: Callable[[float], float]) -> float:
    from scipy.optimize import brentq

    return float(brentq(falling, 0.0, 1.0, xtol=1e-13, rtol=1e-13))


def _pert_quantiles(mode: float) -> tuple[float, float, float]:
    from scipy.special import betaincinv

    a, b = 1 + 4 * mode, 5 - 4 * mode
    first, middle, last = betaincinv(a, b, (0.1, 0.5, 0.9)).tolist()
    return first, middle, last


def _triangular_quantiles(mode: float) -> tuple[float, float, float]:
    def at(share: float) -> float:
        return sqrt(share * mode) if share <= mode else 1 - sqrt((1 - share) * (1 - mode))

    return at(0.1), at(0.5), at(0.9)


@lru_cache(maxsize=512)
def score_table(fitted: Fitted, edge: float, cells: int) -> Any:
    """Return quantiles at equal steps of the normal score from -edge to edge, shape (cells + 1,), float32."""
    import numpy as np
    from scipy.special import ndtr

    table = inverse(fitted, ndtr(np.linspace(-edge, edge, cells + 1))).astype(np.float32)
    table.flags.writeable = False
    return table


def inverse(fitted: Fitted, probability: Any) -> Any:
    """Return the quantiles of a bounded distribution.

    Parameters
    ----------
    fitted
        Of shape ``uniform``, ``triangular`` or ``pert``.
    probability
        Array of probabilities, any shape.

    Returns
    -------
    numpy.ndarray
        Same shape, in the unit of the driver.

    Examples
    --------
    >>> import numpy as np
    >>> inverse(Fitted("triangular", (0.0, 1.0, 2.0)), np.array([0.0, 0.5, 1.0]))
    array([0., 1., 2.])
    """
    import numpy as np
    from scipy.special import betaincinv

    low, high = fitted.parameters[0], fitted.parameters[-1]
    if fitted.shape == "uniform":
        return low + (high - low) * probability
    mode = (fitted.parameters[1] - low) / (high - low)
    if fitted.shape == "pert":
        return low + (high - low) * betaincinv(1 + 4 * mode, 5 - 4 * mode, probability)
    rising = np.sqrt(probability * mode)
    falling = 1 - np.sqrt((1 - probability) * (1 - mode))
    return low + (high - low) * np.where(probability <= mode, rising, falling)
