"""What a chart consists of: a Vega-Lite specification and the table that says the same."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, Literal

Language = Literal["de", "en"]
Spec = dict[str, Any]

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
FONT = "Instrument Sans, Liberation Sans, Arial, sans-serif"
WIDTH = 560


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours by the part they play, so that one chart serves paper and both colour schemes."""

    ink: str
    soft: str
    line: str
    strong: str
    accent: str
    accent_line: str
    accent_soft: str
    caution: str
    bad: str
    surface: str


#: For documents: the light scheme in figures.
PAPER = Palette(
    ink="#14211e",
    soft="#4b5b57",
    line="#d9e1de",
    strong="#74847f",
    accent="#0b5c50",
    accent_line="#97c5ba",
    accent_soft="#e0efeb",
    caution="#7a4b00",
    bad="#a3281f",
    surface="#ffffff",
)

#: For pages: the names of the style sheet, so a chart follows the colour scheme without being redrawn.
PAGE = Palette(
    ink="var(--ink)",
    soft="var(--ink-soft)",
    line="var(--line)",
    strong="var(--line-strong)",
    accent="var(--accent)",
    accent_line="var(--accent-line)",
    accent_soft="var(--accent-soft)",
    caution="var(--caution)",
    bad="var(--bad)",
    surface="var(--surface)",
)

assert {f.name for f in fields(Palette)} == set(PAPER.__slots__)


@dataclass(frozen=True, slots=True)
class Table:
    """The chart in words and figures, for screen readers, print and spreadsheets."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart and its twin.

    Attributes
    ----------
    name
        Stable English key, unique on a page.
    spec
        Vega-Lite specification; drawn by the browser, or by `mutualist.reports.svg.svg`.
    table
        The same content as a table.
    title, description
        Heading, and one sentence that says what is to be seen, in the chart's language.
    """

    name: str
    spec: Spec
    table: Table
    title: str
    description: str

    def svg(self, *, width: int | None = None) -> str:
        """Draw the chart; only for charts in the colours of documents."""
        from mutualist.reports.svg import svg

        return svg(self.spec, width=width)


def base_spec(palette: Palette, *, rows: int, step: int, description: str) -> Spec:
    """Return what all charts share: size, font and quiet axes."""
    text = {"font": FONT, "fontSize": 13, "color": palette.ink, "fill": palette.ink}
    return {
        "$schema": SCHEMA,
        "description": description,
        "width": WIDTH,
        "height": rows * step,
        "autosize": {"type": "fit-x", "contains": "padding"},
        "background": None,
        "padding": {"left": 2, "right": 2, "top": 4, "bottom": 4},
        "config": {
            "font": FONT,
            "view": {"stroke": None},
            "text": text,
            "axis": {
                "labelColor": palette.soft,
                "titleColor": palette.soft,
                "labelFontSize": 12,
                "titleFontSize": 12,
                "titleFontWeight": "normal",
                "gridColor": palette.line,
                "domainColor": palette.line,
                "tickColor": palette.line,
            },
            "legend": {
                "orient": "top",
                "direction": "horizontal",
                "title": None,
                "labelColor": palette.ink,
                "labelFontSize": 13,
                "symbolStrokeWidth": 2,
                "columns": 2,
            },
        },
    }


def row_axis(field: str = "row") -> Spec:
    """Return a vertical channel of rows that carry their label inside the chart.

    Labels above the bars leave a phone the whole width for both.
    """
    return {"field": field, "type": "ordinal", "axis": None, "scale": {"padding": 0}}


def row_label(palette: Palette, *, field: str = "label", weight: str = "normal") -> Spec:
    """Return a layer that writes the label of each row above its bar."""
    return {
        "mark": {
            "type": "text",
            "align": "left",
            "baseline": "middle",
            "dy": -11,
            "fontWeight": weight,
            "color": palette.ink,
            "limit": {"expr": "width"},
        },
        "encoding": {"x": {"value": 0}, "text": {"field": field}},
    }


def number(value: float, lang: Language, digits: int = 0) -> str:
    """Write a number as people of the language do, rounded half up.

    Examples
    --------
    >>> number(0.125, "de", 2), number(4000, "de"), number(4000, "en")
    ('0,13', '4.000', '4,000')
    """
    from decimal import ROUND_HALF_UP, Decimal

    rounded = Decimal(repr(value)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    text = f"{rounded:,f}"
    return text.translate(str.maketrans(",.", ".,")) if lang == "de" else text
