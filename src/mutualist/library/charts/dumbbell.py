"""Answers to one question on a line: two or more signs, the further apart the more to talk about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

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

#: One sign a party, in the order of the parties: told apart without colour.
SHAPES = ("circle", "diamond", "square", "triangle-up", "cross", "triangle-down")


@dataclass(frozen=True, slots=True)
class Line:
    """One question.

    Attributes
    ----------
    label
        The question in few words.
    places
        Party id -> place between 0 and 1 on the line; a party without an answer is missing.
    texts
        Party id -> the answer in words.
    note
        What the distance means: "Abstand 3", "zusammen 130 %".
    """

    label: str
    places: Mapping[str, float]
    texts: Mapping[str, str]
    note: str


def dumbbells(
    lines: Sequence[Line],
    parties: Mapping[str, str],
    lang: Language,
    palette: Palette = PAPER,
) -> Chart:
    """Draw one line a question with a sign for each party.

    Parameters
    ----------
    parties
        Party id -> name, in the order of the room.
    """
    spans, dots, texts = _layers(lines, parties)
    description = word("dumbbells_description", lang)
    x = {"type": "quantitative", "scale": {"domain": [-0.02, 1.02], "nice": False}, "axis": None}
    names = list(parties.values())
    colours = party_colours(palette, len(names))
    scale = {"domain": names, "range": list(SHAPES[: len(names)])}
    line_y = 8
    spec = base_spec(palette, rows=len(lines), step=64, description=description) | {
        "encoding": {"y": row_axis()},
        "layer": [
            {
                "data": {"values": spans},
                "layer": [
                    {
                        "mark": {
                            "type": "rule",
                            "color": palette.line,
                            "strokeWidth": 2,
                            "yOffset": line_y,
                        },
                        "encoding": {"x": {"datum": 0, **x}, "x2": {"datum": 1}},
                    },
                    {
                        "mark": {
                            "type": "rule",
                            "color": palette.strong,
                            "strokeWidth": 4,
                            "yOffset": line_y,
                        },
                        "encoding": {"x": {"field": "low", **x}, "x2": {"field": "high"}},
                    },
                    _label_and_note(palette),
                    {
                        "mark": {
                            "type": "text",
                            "align": "right",
                            "dy": -13,
                            "fontSize": 12,
                            "color": palette.soft,
                        },
                        "encoding": {"x": {"value": {"expr": "width"}}, "text": {"field": "note"}},
                    },
                ],
            },
            {
                "data": {"values": dots},
                "mark": {"type": "point", "opacity": 1, "yOffset": line_y},
                "encoding": {
                    "x": {"field": "place", **x},
                    "shape": {"field": "party", "type": "nominal", "scale": scale},
                    "fill": _colour(names, [palette.surface, *colours[1:]]),
                    "stroke": _colour(names, colours),
                    "strokeWidth": {"value": 2.5},
                    "size": {
                        "field": "size",
                        "type": "quantitative",
                        "scale": None,
                        "legend": None,
                    },
                },
            },
            {
                "data": {"values": texts},
                "layer": [
                    {
                        "transform": [{"filter": f"datum.align === '{align}'"}],
                        "mark": {
                            "type": "text",
                            "align": align,
                            "dx": 0,
                            "dy": 27,
                            "fontSize": 12,
                            "color": palette.ink,
                            # On a phone long words must leave room for those of the other sign.
                            "limit": {"expr": "width * 0.43"},
                        },
                        "encoding": {"x": {"field": "place", **x}, "text": {"field": "text"}},
                    }
                    for align in ("left", "center", "right")
                ],
            },
        ],
    }
    columns = (word("question", lang), *names, word("difference", lang))
    missing = word("not_answered", lang)
    table = Table(
        columns,
        tuple((n.label, *(n.texts.get(p, missing) for p in parties), n.note) for n in lines),
    )
    return Chart("dumbbells", spec, table, word("dumbbells", lang), description)


def _label_and_note(palette: Palette) -> Spec:
    label = row_label(palette)
    label["mark"] |= {"dy": -13, "limit": {"expr": "width - 110"}}
    return label


def _colour(names: Sequence[str], colours: Sequence[str]) -> Spec:
    """Return a colour channel whose legend is merged with that of the signs."""
    return {
        "field": "party",
        "type": "nominal",
        "scale": {"domain": list(names), "range": list(colours)},
    }


def party_colours(palette: Palette, count: int) -> list[str]:
    """Return one colour a party; the signs differ in shape, too."""
    wheel = [
        palette.ink,
        palette.accent,
        palette.caution,
        palette.bad,
        palette.soft,
        palette.strong,
    ]
    return [wheel[i % len(wheel)] for i in range(count)]


def _layers(
    lines: Sequence[Line], parties: Mapping[str, str]
) -> tuple[list[Spec], list[Spec], list[Spec]]:
    """Return the spans, the signs and the words under the outer signs."""
    spans: list[Spec] = []
    dots: list[Spec] = []
    texts: list[Spec] = []
    for row, line in enumerate(lines):
        places = {p: line.places[p] for p in parties if p in line.places}
        low, high = (min(places.values()), max(places.values())) if places else (0.0, 0.0)
        spans.append({"row": row, "label": line.label, "note": line.note, "low": low, "high": high})
        for order, party in enumerate(places):
            # A sign that covers another one is drawn smaller, so that both are seen.
            size = 170 if order == 0 else 90
            dots.append({"row": row, "party": parties[party], "place": places[party], "size": size})
        for place in sorted(set(places.values())):
            if place not in {low, high}:
                continue
            who = next(p for p in places if places[p] == place)
            align = _align(place, low=low, high=high)
            texts.append({"row": row, "place": place, "text": line.texts[who], "align": align})
    return spans, dots, texts


def _align(place: float, *, low: float, high: float) -> str:
    """Return on which side of its sign a text stands: away from the other sign, but never outside."""
    if place < 0.15:
        return "left"
    if place > 0.85:
        return "right"
    if low == high or (place == low and place < 0.3) or (place == high and place > 0.7):
        return "center"
    return "right" if place == low else "left"
