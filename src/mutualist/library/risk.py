"""Risk measures for figures of your own: expected shortfall, who contributes what, what sharing saves.

>>> from mutualist import risk
>>> risk.allocate_states([0.04, 0.96], [[100, 0]]).es
80.0
"""

from __future__ import annotations

from typing import Any

from mutualist.domain.venture.complementarity import Fit, complementarity
from mutualist.domain.venture.diversification import equal_shares_factor, sharing_floor
from mutualist.domain.venture.measures import break_even_rate
from mutualist.domain.venture.tail import (
    Allocation,
    Shortfall,
    allocate_normal,
    allocate_states,
    euler,
    shortfall,
)

__all__ = [
    "Allocation",
    "Fit",
    "Shortfall",
    "allocate_normal",
    "allocate_states",
    "break_even_rate",
    "complementarity",
    "document",
    "equal_shares_factor",
    "euler",
    "sharing_floor",
    "shortfall",
]


def document(found: Allocation) -> dict[str, Any]:
    """Return ``es/1``.

    Examples
    --------
    >>> document(allocate_states([0.04, 0.96], [[100, 0]]))["var"]
    0.0
    """
    return {
        "schema": "es/1",
        "var": found.var,
        "es": found.es,
        "contributions": list(found.contributions),
        "stand_alone": list(found.stand_alone),
        "gain": found.gain,
    }
