"""Fifty dots instead of a density: each is one of fifty equally likely futures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mutualist.apps.core.figures import percent
from mutualist.apps.ventures.words import money

COUNT = 50
COLUMNS = 26
#: Height of a dot in the drawing, and its radius.
ROW, RADIUS = 13, 5.5


@dataclass(frozen=True, slots=True)
class Plot:
    """Dots of one party on an axis shared by all plots."""

    name: str
    losses: int
    dots: Sequence[Mapping[str, Any]]
    zero: str
    height: int
    low: str
    high: str
    is_mine: bool = False


def plots(
    rows: Iterable[Mapping[str, Any]], names: Mapping[str, str], currency: str, mine: str | None
) -> list[Plot]:
    """Return one plot per party, all on one axis."""
    values: dict[str, list[float]] = {party: [] for party in names}
    for row in rows:
        values[row["party"]].append(row["value"])
    low, high = _axis([value for found in values.values() for value in found])
    return [
        _plot(names[party], found, low, high, currency, is_mine=party == mine)
        for party, found in values.items()
    ]


def _axis(values: Sequence[float]) -> tuple[float, float]:
    low, high = min(0.0, *values), max(0.0, *values)
    margin = (high - low or 1.0) / COLUMNS
    return low - margin, high + margin


def _plot(
    name: str, values: Sequence[float], low: float, high: float, currency: str, *, is_mine: bool
) -> Plot:
    width = (high - low) / COLUMNS
    stacked: Counter[int] = Counter()
    placed = []
    for value in sorted(values):
        column = min(COLUMNS - 1, int((value - low) / width))
        stacked[column] += 1
        placed.append((column, stacked[column], value < 0))
    height = ROW * max(6, *stacked.values())
    dots = [
        {
            "x": percent(column + 0.5, 0, COLUMNS),
            "y": f"{height - ROW * (level - 0.5):g}",
            "loss": loss,
            "column": column,
            "level": level,
        }
        for column, level, loss in placed
    ]
    return Plot(
        name=name,
        losses=sum(value < 0 for value in values),
        dots=dots,
        zero=percent(0, low, high),
        height=height,
        low=money(low, currency),
        high=money(high, currency),
        is_mine=is_mine,
    )
