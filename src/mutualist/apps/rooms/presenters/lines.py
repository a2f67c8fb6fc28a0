"""Answers that lie on a line: how far apart they are, and who is furthest from the others."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from mutualist.apps.rooms.presenters.answers import Sheets
from mutualist.apps.rooms.presenters.texts import load
from mutualist.library.charts import Line, number

Place = tuple[float, str]
Scale = Callable[[Mapping[str, Any], Sheets, dict[str, Any]], dict[str, Place]]


@dataclass(frozen=True, slots=True)
class Comparison:
    """One question on a line, ready to be drawn or talked about."""

    item: str
    line: Line

    @property
    def distance(self) -> float:
        """Return the largest distance between two answers, 0 to 1."""
        places = self.line.places.values()
        return max(places) - min(places) if len(self.line.places) > 1 else 0.0

    @property
    def outliers(self) -> tuple[str, ...]:
        """Return the parties in the order they should speak: furthest from the others first."""
        places = self.line.places
        away = {p: sum(abs(places[p] - other) for other in places.values()) for p in places}
        return tuple(sorted(places, key=lambda p: -round(away[p], 9)))


def comparisons(sheets: Sheets) -> tuple[Comparison, ...]:
    """Return the lines on which at least two parties have a place."""
    found = []
    for spec in load("lines")["lines"]:
        places = _places(spec, sheets)
        if len(places) < 2:
            continue
        line = Line(
            label=spec[sheets.lang],
            places={party: place for party, (place, _) in places.items()},
            texts={party: text for party, (_, text) in places.items()},
            note=_note(spec, sheets, places),
        )
        found.append(Comparison(spec["item"], line))
    return tuple(found)


def mean_distance(found: tuple[Comparison, ...]) -> float:
    """Return how far apart a room is over all lines, 0 to 1."""
    return sum(c.distance for c in found) / len(found) if found else 0.0


def _places(spec: Mapping[str, Any], sheets: Sheets) -> dict[str, Place]:
    field = spec.get("field", "")
    values = {p: sheets.value(spec["item"], p, field) for p in sheets.parties}
    known = {p: v for p, v in values.items() if v is not None}
    scales: dict[str, Scale] = {"options": _options, "owner": _owner}
    scale = scales.get(spec["scale"], _figures)
    return scale(spec, sheets, known)


def _options(spec: Mapping[str, Any], sheets: Sheets, known: dict[str, Any]) -> dict[str, Place]:
    item = sheets.ruleset.items[spec["item"]]
    options = item.fields[spec["field"]].options if "field" in spec else item.options
    order = spec.get("order") or [option.key for option in options]
    labels = {option.key: option.words[sheets.lang] for option in options}
    return {
        party: (order.index(str(value)) / (len(order) - 1), labels[str(value)])
        for party, value in known.items()
        if str(value) in order
    }


def _figures(spec: Mapping[str, Any], sheets: Sheets, known: dict[str, Any]) -> dict[str, Place]:
    units = {"percent": "percent", "money": "money", "months": ""}
    highest = max((float(v) for v in known.values()), default=0.0)
    top = float(spec.get("top") or (100 if spec["scale"] == "percent" else highest) or 1)
    low = min(0.0, *(float(v) for v in known.values())) if known else 0.0
    return {
        party: (
            (float(value) - low) / ((top - low) or 1),
            sheets.words.amount(value, units.get(spec["scale"], "")),
        )
        for party, value in known.items()
    }


def _owner(_spec: Mapping[str, Any], sheets: Sheets, known: dict[str, Any]) -> dict[str, Place]:
    """Place owners between one party alone and the other alone; other answers have no place."""
    if len(sheets.parties) != 2:
        return {}
    words = load("lines")["owner"]
    ends = list(sheets.parties)
    found: dict[str, Place] = {}
    for party, value in known.items():
        other = ends[1 - ends.index(party)]
        owner = {"us": party, "them": other}.get(str(value), str(value))
        if owner == "both":
            found[party] = (0.5, words["both"][sheets.lang])
        elif owner in ends:
            name = sheets.parties[owner]
            found[party] = (
                float(ends.index(owner)),
                words["alone"][sheets.lang].format(party=name),
            )
    return found


def _note(spec: Mapping[str, Any], sheets: Sheets, places: Mapping[str, Place]) -> str:
    notes = load("lines")["notes"]
    lang: Any = sheets.lang
    field = spec.get("field", "")
    wanted = spec.get("note", "none")
    if wanted == "together" and len(places) == len(sheets.parties):
        total = sum(float(sheets.value(spec["item"], p, field)) for p in places)
        return str(notes["together"][lang].format(sum=number(total, lang)))
    if len({place for place, _ in places.values()}) == 1:
        return str(notes["same"][lang])
    if wanted == "gap":
        values = [float(sheets.value(spec["item"], p, field)) for p in places]
        gap = max(abs(a - b) for a, b in combinations(values, 2))
        digits = 0 if gap.is_integer() else 1
        return str(notes["gap"][lang].format(gap=number(gap, lang, digits)))
    return ""
