"""How well the abilities of two parties fit together: what they cover as one, against what they could."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mutualist.domain.venture.problems import refuse


@dataclass(frozen=True, slots=True)
class Fit:
    """Coverage of two parties over the same abilities, each from 0 to 1.

    Attributes
    ----------
    first, second, both : float
        Sum of levels of the one, the other, and of the better of the two per ability.
    index : float or None
        What the stronger gains by the other, of what it lacks; None when it lacks nothing.
    overlap : float
        What both have, of what they cover together.
    """

    first: float
    second: float
    both: float
    index: float | None
    overlap: float


def complementarity(first: Sequence[float], second: Sequence[float]) -> Fit:
    """Return how two parties complement each other.

    Parameters
    ----------
    first, second
        Levels from 0 to 1 of the same abilities.

    Raises
    ------
    VentureError
        When the lists have different lengths.

    Examples
    --------
    >>> fit = complementarity([1, 0.8, 0, 0], [0, 0.2, 1, 0.5])
    >>> round(fit.index, 4), round(fit.overlap, 4)
    (0.6818, 0.0606)
    """
    if len(first) != len(second):
        raise refuse("second", "states_shape", wanted=len(first), found=len(second))
    both = sum(map(max, first, second))
    stronger = max(sum(first), sum(second))
    lacking = len(first) - stronger
    return Fit(
        first=sum(first),
        second=sum(second),
        both=both,
        index=(both - stronger) / lacking if lacking > 0 else None,
        overlap=sum(map(min, first, second)) / both if both else 0.0,
    )
