"""What each split means for two parties: one axis for each, and what lies below the own best alternative."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from mutualist.apps.core.figures import percent as place
from mutualist.apps.ventures.words import money

#: Splits nearer than this part of the axis are one mark.
NEAR = 0.05
Point = tuple[str, float, float]
Axis = tuple[float, float]


def scatter(
    points: Sequence[Point],
    names: Sequence[str],
    currency: str,
    *,
    best: str,
    limit: tuple[int, float] | None,
) -> dict[str, Any] | None:
    """Return the drawing; None unless there are two parties.

    Parameters
    ----------
    points
        Name of each split, and what each party gets.
    best
        Name of the recommended split.
    limit
        The reader’s own place among the parties and best alternative; of nobody else is it ever drawn.
    """
    if len(names) != 2 or not points:
        return None
    whole = points[0][1] + points[0][2]
    across, up = _axes(points, limit, whole)
    return {
        "marks": _marks(points, across, up, best),
        "line": _line(whole, across, up),
        "below": _below(limit, across, up),
        "axes": [
            {"name": name, "low": money(low, currency), "high": money(high, currency)}
            for name, (low, high) in zip(names, (across, up), strict=True)
        ],
        "names": list(names),
        "note": _("Grey: below your best alternative. Only your party sees it.") if limit else "",
    }


def _axes(
    points: Sequence[Point], limit: tuple[int, float] | None, whole: float
) -> tuple[Axis, Axis]:
    """Return both axes: the same length of money, around all splits."""
    both = [[x for _name, x, _y in points], [y for _name, _x, y in points]]
    if limit is not None:
        both[limit[0]].append(limit[1])
    spread = max(max(values) - min(values) for values in both)
    half = 0.6 * max(spread, abs(whole) / 4, 1.0)
    middles = [(max(values) + min(values)) / 2 for values in both]
    across, up = ((middle - half, middle + half) for middle in middles)
    return across, up


def _height(value: float, axis: Axis) -> str:
    """Place a value from below: drawings count from above."""
    return place(-value, -axis[1], -axis[0])


def _marks(points: Sequence[Point], across: Axis, up: Axis, best: str) -> list[Mapping[str, Any]]:
    """Put splits that lie on each other into one mark."""
    groups: list[list[Point]] = []
    near = NEAR * (across[1] - across[0])
    for point in sorted(points, key=lambda one: one[1]):
        _name, across_at, up_at = groups[-1][0] if groups else point
        if groups and max(abs(point[1] - across_at), abs(point[2] - up_at)) < near:
            groups[-1].append(point)
        else:
            groups.append([point])
    return [
        {
            "number": number,
            "x": place(group[0][1], *across),
            "y": _height(group[0][2], up),
            "names": [name for name, *_both in group],
            "best": any(name == best for name, *_both in group),
        }
        for number, group in enumerate(groups, 1)
    ]


def _line(whole: float, across: Axis, up: Axis) -> Mapping[str, str]:
    """Return the line of all splits of the whole: more for one is less for the other."""
    left, right = max(across[0], whole - up[1]), min(across[1], whole - up[0])
    return {
        "x1": place(left, *across),
        "y1": _height(whole - left, up),
        "x2": place(right, *across),
        "y2": _height(whole - right, up),
    }


def _below(limit: tuple[int, float] | None, across: Axis, up: Axis) -> Mapping[str, str] | None:
    if limit is None:
        return None
    at, worth = limit
    if at == 0:
        return {"y": "0%", "width": place(worth, *across), "height": "100%"}
    return {"y": _height(worth, up), "width": "100%", "height": place(worth, *up)}
