"""100 points of each party, goal by goal: two wings for two parties, rows of bars for more."""

from __future__ import annotations

from collections.abc import Mapping

from mutualist.library.charts.dumbbell import party_colours
from mutualist.library.charts.model import (
    PAPER,
    Chart,
    Language,
    Palette,
    Spec,
    Table,
    base_spec,
    row_axis,
)
from mutualist.library.charts.words import word


def butterfly(
    points: Mapping[str, Mapping[str, float]],
    goals: Mapping[str, str],
    parties: Mapping[str, str],
    lang: Language,
    palette: Palette = PAPER,
    *,
    name: str,
    title: str,
) -> Chart:
    """Draw who gave how many of 100 points to which goal; goals without points are left out.

    Parameters
    ----------
    points
        Party id -> goal key -> points; a party without an answer is missing.
    goals, parties
        Key or id -> name, in the order of the rule file and of the room.
    name
        Key of the chart, unique on a page.
    """
    used = [g for g in goals if any(points[p].get(g, 0) for p in points)]
    used.sort(key=lambda g: -sum(points[p].get(g, 0) for p in points))
    description = word("butterfly_description", lang)
    draw = _wings if len(parties) == 2 else _rows
    spec = draw(points, {g: goals[g] for g in used}, parties, palette, description)
    missing = word("not_answered", lang)
    table = Table(
        (word("goal", lang), *parties.values()),
        tuple(
            (
                goals[g],
                *(f"{points[p].get(g, 0):g}" if p in points else missing for p in parties),
            )
            for g in used
        ),
    )
    return Chart(name, spec, table, title, description)


def _values(
    points: Mapping[str, Mapping[str, float]],
    goals: Mapping[str, str],
    parties: Mapping[str, str],
) -> list[Spec]:
    return [
        {
            "row": row,
            "order": order,
            "label": goals[goal],
            "party": parties[party],
            "points": points[party].get(goal, 0),
            "text": _figure(points[party].get(goal, 0), parties[party], many=len(parties) > 2),
        }
        for row, goal in enumerate(goals)
        for order, party in enumerate(p for p in parties if p in points)
    ]


def _figure(points: float, party: str, *, many: bool) -> str:
    """Return the figure at a bar; with three parties or more the name stands beside it."""
    if not points:
        return ""
    return f"{points:g}  {party}" if many else f"{points:g}"


def _labels(goals: Mapping[str, str]) -> list[Spec]:
    """Return each label once: a text drawn once a party would look bold."""
    return [{"row": row, "label": words} for row, words in enumerate(goals.values())]


def _party_scale(parties: Mapping[str, str], palette: Palette) -> Spec:
    names = list(parties.values())
    colours = [palette.strong, *party_colours(palette, len(names))[1:]]
    return {"field": "party", "type": "nominal", "scale": {"domain": names, "range": colours}}


def _wings(
    points: Mapping[str, Mapping[str, float]],
    goals: Mapping[str, str],
    parties: Mapping[str, str],
    palette: Palette,
    description: str,
) -> Spec:
    values = _values(points, goals, parties)
    left = next(iter(parties.values()))
    for value in values:
        side = -1 if value["party"] == left else 1
        value["signed"] = side * value["points"]
    most = max((v["points"] for v in values), default=100) * 1.18
    x = {
        "field": "signed",
        "type": "quantitative",
        "axis": None,
        "scale": {"domain": [-most, most], "nice": False},
        "stack": None,
    }
    label = {
        "data": {"values": _labels(goals)},
        "mark": {"type": "text", "align": "center", "dy": -12, "color": palette.ink},
        "encoding": {"x": {"datum": 0, "type": "quantitative"}, "text": {"field": "label"}},
    }
    return base_spec(palette, rows=len(goals), step=44, description=description) | {
        "data": {"values": values},
        "encoding": {"y": row_axis()},
        "layer": [
            {
                "mark": {"type": "bar", "height": 14, "yOffset": 7, "cornerRadiusEnd": 2},
                "encoding": {"x": x, "color": _party_scale(parties, palette)},
            },
            *(
                {
                    "transform": [{"filter": f"datum.signed {sign} 0"}],
                    "mark": {
                        "type": "text",
                        "align": align,
                        "dx": dx,
                        "dy": 8,
                        "fontSize": 12,
                        "color": palette.ink,
                    },
                    "encoding": {"x": x, "text": {"field": "text"}},
                }
                for sign, align, dx in (("<", "right", -5), (">", "left", 5))
            ),
            {
                "mark": {
                    "type": "tick",
                    "orient": "vertical",
                    "height": 20,
                    "thickness": 1.5,
                    "yOffset": 7,
                    "color": palette.ink,
                },
                "encoding": {"x": {"datum": 0, "type": "quantitative"}},
            },
            label,
        ],
    }


def _rows(
    points: Mapping[str, Mapping[str, float]],
    goals: Mapping[str, str],
    parties: Mapping[str, str],
    palette: Palette,
    description: str,
) -> Spec:
    values = _values(points, goals, parties)
    count = max(1, len(parties))
    most = max((v["points"] for v in values), default=100) * 1.5
    x = {
        "field": "points",
        "type": "quantitative",
        "axis": None,
        "scale": {"domain": [0, most], "nice": False},
        "stack": None,
    }
    layers: list[Spec] = [
        {
            "data": {"values": _labels(goals)},
            "mark": {"type": "text", "align": "left", "dy": -(count * 8 + 2), "color": palette.ink},
            "encoding": {"x": {"value": 0}, "text": {"field": "label"}},
        }
    ]
    for order in range(count):
        offset = 16 * order - 8 * (count - 1) + 9
        here = {"transform": [{"filter": f"datum.order === {order}"}]}
        layers += [
            here
            | {
                "mark": {"type": "bar", "height": 12, "yOffset": offset, "cornerRadiusEnd": 2},
                "encoding": {"x": x, "color": _party_scale(parties, palette)},
            },
            here
            | {
                "mark": {
                    "type": "text",
                    "align": "left",
                    "dx": 5,
                    "dy": offset + 1,
                    "fontSize": 12,
                    "color": palette.ink,
                },
                "encoding": {"x": x, "text": {"field": "text"}},
            },
        ]
    return base_spec(palette, rows=len(goals), step=30 + 16 * count, description=description) | {
        "data": {"values": values},
        "encoding": {"y": row_axis()},
        "layer": layers,
    }
