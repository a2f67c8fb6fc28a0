"""Fifty dots instead of a density: each is one of fifty equally likely futures."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.utils.translation import gettext as _

from mutualist.apps.core.figures import percent
from mutualist.apps.ventures.words import money
from mutualist.library.venture_outcomes import Outcomes

COUNT = 50
COLUMNS = 26
#: Height of a dot in the drawing, and of the highest stack: many on each other are drawn smaller.
ROW, HIGHEST = 13, 182


@dataclass(frozen=True, slots=True)
class Plot:
    """Dots of one party, or of all together, with the ends of their axis."""

    name: str
    losses: int
    dots: Sequence[Mapping[str, Any]]
    zero: str
    height: int
    radius: str
    low: str
    high: str
    is_mine: bool = False


def plots(outcomes: Outcomes, names: Mapping[str, str], mine: str | None) -> list[Plot]:
    """Return one plot per party, all on one axis."""
    values: dict[str, list[float]] = {party: [] for party in names}
    for row in outcomes.dots(COUNT):
        values[row["party"]].append(row["value"])
    low, high = _axis([value for found in values.values() for value in found])
    currency = outcomes.run.description.currency
    return [
        _plot(names[party], [(value, "") for value in found], low, high, currency, party == mine)
        for party, found in values.items()
    ]


def joint_plot(outcomes: Outcomes, names: Mapping[str, str]) -> Plot:
    """Return the plot of all together; each dot knows what its future brings to each party."""
    currency = outcomes.run.description.currency
    order = np.argsort(outcomes.joint, kind="stable")
    chosen = order[((np.arange(COUNT) + 0.5) * outcomes.n / COUNT).astype(int)]
    told = []
    for scenario in chosen:
        parts = [
            f"{name} {money(float(outcomes.present_values[row, scenario]), currency)}"
            for row, name in enumerate(names.values())
        ]
        value = float(outcomes.joint[scenario])
        said = _("%(amount)s together: %(parts)s") % {
            "amount": money(value, currency),
            "parts": ", ".join(parts),
        }
        told.append((value, said))
    low, high = _axis([value for value, _said in told])
    return _plot(_("All together"), told, low, high, currency, is_mine=False)


def _axis(values: Sequence[float]) -> tuple[float, float]:
    """Return both ends of an axis on which zero lies between two columns, never under a dot."""
    low, high = min(0.0, *values), max(0.0, *values)
    width = (high - low or 1.0) / (COLUMNS - 2)
    start = -math.ceil(-low / width) * width
    return start, start + COLUMNS * width


def _plot(
    name: str,
    told: Sequence[tuple[float, str]],
    low: float,
    high: float,
    currency: str,
    is_mine: bool,
) -> Plot:
    width = (high - low) / COLUMNS
    stacked: Counter[int] = Counter()
    placed = []
    for value, said in sorted(told):
        column = min(COLUMNS - 1, math.floor((value - low) / width + 1e-9))
        stacked[column] += 1
        placed.append((column, stacked[column], value < 0, said))
    levels = max(6, *stacked.values())
    row = min(ROW, HIGHEST / levels)
    height = round(row * levels)
    dots = [
        {
            "x": percent(column + 0.5, 0, COLUMNS),
            "y": f"{height - row * (level - 0.5):g}",
            "loss": loss,
            "column": column,
            "level": level,
            "said": said,
        }
        for column, level, loss, said in placed
    ]
    return Plot(
        name=name,
        losses=sum(value < 0 for value, _said in told),
        dots=dots,
        zero=percent(0, low, high),
        height=height,
        radius=f"{5.5 * row / ROW:.3g}",
        low=money(low, currency),
        high=money(high, currency),
        is_mine=is_mine,
    )
