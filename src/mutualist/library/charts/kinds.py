"""How near a room is to each kind of relationship: bars with the tick where a kind begins."""

from __future__ import annotations

from collections.abc import Mapping

from mutualist.library.charts.model import (
    PAPER,
    Chart,
    Language,
    Palette,
    Spec,
    Table,
    base_spec,
    row_axis,
    row_label,
)
from mutualist.library.charts.words import word

#: Points at which a kind begins (instrument, 5.4); partnership also needs its three gates.
THRESHOLDS = {"P": 60, "S": 50, "D": 50, "L": 50}
#: The score that each kind of result is read from; *still open* has none.
SCORE_OF_KIND = {
    "true_partnership": "P",
    "possible": "P",
    "in_the_making": "P",
    "supplier": "S",
    "distributor": "D",
    "logo": "L",
}


def bars_of_kinds(
    scores: Mapping[str, float], kind: str, lang: Language, palette: Palette = PAPER
) -> Chart:
    """Draw the four scores, the highest first.

    Parameters
    ----------
    scores
        Printed points of P, S, D, L.
    kind
        Key of the result; its bar is filled, the others are quiet.
    """
    shown = SCORE_OF_KIND.get(kind)
    order = sorted(scores, key=lambda key: (key != shown, -scores[key], "PSDL".index(key)))
    values: list[Spec] = [
        {
            "row": index,
            "label": word(key, lang),
            "score": scores[key],
            "text": str(scores[key]),
            "needed": THRESHOLDS[key],
            "mark": f"{word('needed', lang)} {THRESHOLDS[key]}",
            "shown": key == shown,
        }
        for index, key in enumerate(order)
    ]
    description = word("kinds_description", lang)
    x = {"type": "quantitative", "scale": {"domain": [0, 108], "nice": False}, "axis": None}
    colour = {
        "condition": {"test": "datum.shown", "value": palette.accent},
        "value": palette.strong,
    }
    spec = base_spec(palette, rows=len(values), step=52, description=description) | {
        "data": {"values": values},
        "encoding": {"y": row_axis()},
        "layer": [
            {
                "mark": {
                    "type": "bar",
                    "height": 14,
                    "yOffset": 9,
                    "cornerRadius": 2,
                    "color": palette.line,
                },
                "encoding": {"x": {"datum": 100, **x}},
            },
            {
                "mark": {"type": "bar", "height": 14, "yOffset": 9, "cornerRadius": 2},
                "encoding": {"x": {"field": "score", **x}, "color": colour},
            },
            {
                "mark": {
                    "type": "tick",
                    "thickness": 2,
                    "height": 24,
                    "yOffset": 9,
                    "color": palette.ink,
                },
                "encoding": {"x": {"field": "needed", **x}},
            },
            {
                "mark": {
                    "type": "text",
                    "align": "left",
                    "dx": 6,
                    "dy": 10,
                    "fontWeight": "bold",
                    "color": palette.ink,
                },
                "encoding": {"x": {"datum": 100, **x}, "text": {"field": "text"}},
            },
            {
                "mark": {
                    "type": "text",
                    "align": "right",
                    "dy": -11,
                    "fontSize": 12,
                    "color": palette.soft,
                },
                "encoding": {"x": {"value": {"expr": "width"}}, "text": {"field": "mark"}},
            },
            row_label(palette, weight="bold"),
        ],
    }
    table = Table(
        (word("kind", lang), word("points", lang), word("needed", lang), word("reached", lang)),
        tuple(
            (
                row["label"],
                row["text"],
                str(row["needed"]),
                word("yes" if row["score"] >= row["needed"] else "no", lang),
            )
            for row in values
        ),
    )
    return Chart("kinds", spec, table, word("kinds", lang), description)
