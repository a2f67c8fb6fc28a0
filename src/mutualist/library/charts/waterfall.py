"""Where a score comes from: one bar a rule or measure, each starting where the last one ended."""

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
    number,
    row_axis,
    row_label,
)
from mutualist.library.charts.words import word


@dataclass(frozen=True, slots=True)
class Portion:
    """One contribution to a score: its key (S1, J1), its short words and its points."""

    key: str
    words: str
    points: float


def waterfall(
    portions: Sequence[Portion],
    score: float,
    lang: Language,
    palette: Palette = PAPER,
    *,
    of_measures: bool = False,
) -> Chart:
    """Draw the portions of a score, in the order given, and their sum.

    A sum above the score (logo points without a public claim stop at 45) gets one more bar
    that leads back to it.
    """
    values = _rows(portions, score, lang)
    description = word("why_measures" if of_measures else "why_description", lang, score=score)
    x = {"type": "quantitative", "scale": {"domain": [0, 108], "nice": False}, "axis": None}
    bar: Spec = {"type": "bar", "height": 14, "yOffset": 9, "cornerRadius": 2}
    colour = {
        "condition": [
            {"test": "datum.part === 'sum'", "value": palette.ink},
            {"test": "datum.part === 'cap'", "value": palette.strong},
        ],
        "value": palette.accent,
    }
    spec = base_spec(palette, rows=len(values), step=46, description=description) | {
        "data": {"values": values},
        "encoding": {"y": row_axis()},
        "layer": [
            {
                "mark": bar,
                "encoding": {"x": {"field": "from", **x}, "x2": {"field": "to"}, "color": colour},
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
                "encoding": {"x": {"field": "end", **x}, "text": {"field": "text"}},
            },
            row_label(palette),
        ],
    }
    table = Table(
        (word("rule", lang), word("finding", lang), word("points", lang), word("sum", lang)),
        tuple((str(r["key"]), str(r["words"]), str(r["text"]), str(r["sum"])) for r in values),
    )
    return Chart("why", spec, table, word("why", lang, score=score), description)


def _rows(portions: Sequence[Portion], score: float, lang: Language) -> list[Spec]:
    """Return the bars from left to right, the sum last."""
    rows: list[Spec] = []
    reached = 0.0
    parts = [(p.key, p.words, p.points, "rule") for p in portions]
    total = sum(p.points for p in portions)
    if total > score + 0.5:
        parts.append(("", word("capped", lang), score - total, "cap"))
    for key, words, points, part in parts:
        start, reached = reached, reached + points
        digits = 0 if float(points).is_integer() else 1
        text = ("+" if points >= 0 else "−") + number(abs(points), lang, digits)
        rows.append(
            {
                "row": len(rows),
                "key": key,
                "words": words,
                "label": f"{key}  {words}".strip(),
                "from": round(start, 6),
                "to": round(reached, 6),
                "end": round(max(start, reached), 6),
                "text": text,
                "sum": number(reached, lang, 0 if float(reached).is_integer() else 1),
                "part": part,
            }
        )
    total_row = {
        "row": len(rows),
        "key": "",
        "words": word("total", lang),
        "label": word("total", lang),
        "from": 0,
        "to": score,
        "end": score,
        "text": number(score, lang),
        "sum": number(score, lang),
        "part": "sum",
    }
    return [*rows, total_row]
