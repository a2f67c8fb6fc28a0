"""The way to a partnership as a step line: points after each change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mutualist.library.charts.model import (
    PAPER,
    Chart,
    Language,
    Palette,
    Spec,
    Table,
    base_spec,
)
from mutualist.library.charts.words import word


@dataclass(frozen=True, slots=True)
class Step:
    """One state on the way: what was changed to get there and what it yields."""

    words: str
    partnership: float
    others: float
    load: float
    kind: str


def ladder(start: Step, steps: Sequence[Step], lang: Language, palette: Palette = PAPER) -> Chart:
    """Draw the points for partnership after each step and the strongest other kind, dashed."""
    states = [start, *steps]
    names = [word("P", lang), word("others", lang)]
    values = [
        {"step": i, "line": name, "points": points, "text": str(points)}
        for i, state in enumerate(states)
        for name, points in zip(names, (state.partnership, state.others), strict=True)
    ]
    description = word("ladder_description", lang)
    ticks = list(range(len(states)))
    x = {
        "field": "step",
        "type": "quantitative",
        "scale": {"domain": [-0.25, max(len(states) - 1, 1) + 0.35], "nice": False},
        "axis": {
            "title": None,
            "grid": False,
            "values": ticks,
            "labelExpr": f"datum.value === 0 ? '{word('today', lang)}' : format(datum.value, 'd')",
        },
    }
    y = {
        "field": "points",
        "type": "quantitative",
        "scale": {"domain": [0, 105], "nice": False},
        "axis": {
            "title": None,
            "values": [0, 20, 40, 60, 80, 100],
            "domain": False,
            "ticks": False,
        },
    }
    colour = {
        "field": "line",
        "type": "nominal",
        "scale": {"domain": names, "range": [palette.accent, palette.strong]},
    }
    # Without the scale of the line the points do not spoil its legend.
    first = f"datum.line === '{names[0]}'"
    dots = {"condition": {"test": first, "value": palette.accent}, "value": palette.strong}
    spec: Spec = base_spec(palette, rows=1, step=240, description=description) | {
        "data": {"values": values},
        "layer": [
            {
                "data": {"values": [{"at": 60}]},
                "mark": {"type": "rule", "color": palette.ink, "strokeDash": [2, 3]},
                "encoding": {"y": {"field": "at", "type": "quantitative"}},
            },
            {
                "mark": {"type": "line", "interpolate": "step-after", "strokeWidth": 2.5},
                "encoding": {
                    "x": x,
                    "y": y,
                    "color": colour | {"legend": {"symbolType": "stroke", "symbolSize": 300}},
                    "strokeDash": {
                        "field": "line",
                        "type": "nominal",
                        "scale": {"domain": names, "range": [[1, 0], [5, 4]]},
                    },
                },
            },
            {
                "mark": {"type": "point", "filled": True, "size": 70, "opacity": 1},
                "encoding": {"x": x, "y": y, "color": dots},
            },
            {
                "transform": [{"filter": first}],
                "mark": {"type": "text", "dy": -13, "fontWeight": "bold", "color": palette.ink},
                "encoding": {"x": x, "y": y, "text": {"field": "text"}},
            },
        ],
    }
    table = Table(
        (
            word("step", lang),
            word("finding", lang),
            word("P", lang),
            word("others", lang),
            word("load", lang),
            word("kind", lang),
        ),
        tuple(
            (
                str(i) if i else word("today", lang),
                s.words,
                f"{s.partnership:g}",
                f"{s.others:g}",
                f"{s.load:g}",
                s.kind,
            )
            for i, s in enumerate(states)
        ),
    )
    return Chart("ladder", spec, table, word("ladder", lang), description)
