"""Twelve capabilities as a strip: what each party has, needs and firmly brings in."""

from __future__ import annotations

from collections.abc import Collection, Mapping
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
class Abilities:
    """The answer of one party to 3.1; an unknown part is empty."""

    have: Mapping[str, int]
    need: Mapping[str, int]
    bring: Collection[str]


def heat_strip(
    answers: Mapping[str, Abilities],
    capabilities: Mapping[str, str],
    parties: Mapping[str, str],
    lang: Language,
    palette: Palette = PAPER,
) -> Chart:
    """Draw levels 0 to 4 as cells; each cell carries its figure, so the shade only helps."""
    values = _cells(answers, capabilities, parties, lang)
    description = word("heat_description", lang)
    columns = [(p, side) for p in parties if p in answers for side in ("have", "need")]
    order = [f"{p}|{side}" for p, side in columns]
    spec = base_spec(palette, rows=len(capabilities), step=30, description=description) | {
        "data": {"values": values},
        "encoding": {
            "y": {
                "field": "capability",
                "type": "nominal",
                "sort": None,
                "axis": {
                    "title": None,
                    "domain": False,
                    "ticks": False,
                    "labelColor": palette.ink,
                    "labelFontSize": 13,
                    "labelLimit": 190,
                    "labelPadding": 8,
                },
            },
            "x": {
                "field": "column",
                "type": "nominal",
                "sort": order,
                "axis": {
                    "orient": "top",
                    "title": None,
                    "domain": False,
                    "ticks": False,
                    "labelAngle": 0,
                    "labelColor": palette.ink,
                    "labelLineHeight": 15,
                    "labelPadding": 22,
                    "labelExpr": _heads(parties, columns, lang),
                    "labelOverlap": False,
                    "labelLimit": 90,
                },
            },
        },
        "layer": [
            {
                "mark": {
                    "type": "rect",
                    "stroke": palette.surface,
                    "strokeWidth": 3,
                    "cornerRadius": 4,
                },
                "encoding": {
                    "color": {
                        "field": "level",
                        "type": "ordinal",
                        "legend": None,
                        "scale": {
                            "domain": [0, 1, 2, 3, 4],
                            "range": [
                                palette.surface,
                                palette.accent_soft,
                                palette.accent_soft,
                                palette.accent_line,
                                palette.accent,
                            ],
                        },
                    }
                },
            },
            {
                "mark": {"type": "text", "fontSize": 13},
                "encoding": {
                    "text": {"field": "text"},
                    "color": {
                        "condition": {"test": "datum.level === 4", "value": palette.surface},
                        "value": palette.ink,
                    },
                },
            },
        ],
    }
    table = Table(
        (
            word("capability", lang),
            *(f"{parties[p]} {word(side, lang)}" for p, side in columns),
        ),
        tuple(
            (label, *(_text(answers[p], key, side, lang, words=True) for p, side in columns))
            for key, label in capabilities.items()
        ),
    )
    return Chart("abilities", spec, table, word("heat", lang), description)


def _cells(
    answers: Mapping[str, Abilities],
    capabilities: Mapping[str, str],
    parties: Mapping[str, str],
    lang: Language,
) -> list[Spec]:
    return [
        {
            "capability": label,
            "column": f"{party}|{side}",
            "level": getattr(answers[party], side).get(key, 0),
            "text": _text(answers[party], key, side, lang, words=False),
        }
        for key, label in capabilities.items()
        for party in parties
        if party in answers
        for side in ("have", "need")
    ]


def _text(answer: Abilities, key: str, side: str, lang: Language, *, words: bool) -> str:
    level = str(getattr(answer, side).get(key, 0))
    if side == "have" and key in answer.bring:
        return f"{level}, {word('brought', lang)}" if words else f"{level} ✓"
    return level if words or level != "0" else "·"


def _heads(parties: Mapping[str, str], columns: list[tuple[str, str]], lang: Language) -> str:
    """Return an expression for two-line column heads: party above, *has* or *needs* below."""
    import json

    heads = {
        f"{party}|{side}": [parties[party].split()[0], word(side, lang)] for party, side in columns
    }
    return f"{json.dumps(heads, ensure_ascii=False)}[datum.value]"
