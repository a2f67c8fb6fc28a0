"""Geometry of the charts the server draws: numbers in, positions in per cent out.

Positions are strings with a decimal point ("37.5%"), so that no number format of a language gets into an SVG attribute.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Row = Mapping[str, Any]
MARKS = 6


def percent(value: float, low: float, high: float) -> str:
    """Place a value on a line from low to high.

    Examples
    --------
    >>> percent(3, 0, 12)
    '25%'
    >>> percent(20, 0, 10)
    '100%'
    """
    if high <= low:
        return "0%"
    share = min(1.0, max(0.0, (value - low) / (high - low)))
    return f"{round(share * 100, 3):g}%"


def width(value: float, low: float, high: float) -> str:
    """Length of a piece of the line from low to high."""
    return percent(abs(value), 0, high - low)


def legend(parties: Sequence[str]) -> list[dict[str, Any]]:
    """Give each party a mark: shape and fill differ, not only the colour."""
    return [{"name": name, "mark": index % MARKS} for index, name in enumerate(parties)]


def dumbbell_rows(rows: Sequence[Row], parties: Sequence[str]) -> list[dict[str, Any]]:
    """Place the answers of all parties to one question on one line.

    Each row has ``label``, ``values`` (one per party, ``None`` = not answered) and may have
    ``texts`` (the values in words), ``low``, ``high``, ``note`` and ``apart`` (worth a look).
    """
    return [_dumbbell_row(row, parties) for row in rows]


def _dumbbell_row(row: Row, parties: Sequence[str]) -> dict[str, Any]:
    values = list(row["values"])
    known = [value for value in values if value is not None]
    low = row.get("low", min(0, *known, 0))
    high = row.get("high", max(known, default=1))
    texts = row.get("texts") or values
    return {
        "label": row["label"],
        "note": row.get("note", ""),
        "apart": row.get("apart", False),
        "start": percent(min(known), low, high) if known else "",
        "end": percent(max(known), low, high) if known else "",
        "marks": [
            {"x": percent(value, low, high), "mark": index % MARKS}
            for index, value in enumerate(values)
            if value is not None
        ],
        "answers": [
            {"party": party, "text": "–" if value is None else text, "mark": index % MARKS}
            for index, (party, value, text) in enumerate(zip(parties, values, texts, strict=True))
        ],
    }


def butterfly_rows(rows: Sequence[Row], top: float | None = None) -> list[dict[str, Any]]:
    """Set the points of two parties back to back; rows have ``label``, ``left``, ``right``."""
    highest = top or max((max(row["left"], row["right"]) for row in rows), default=1) or 1
    return [
        {
            **row,
            "left_width": percent(row["left"], 0, highest),
            "left_start": percent(highest - row["left"], 0, highest),
            "right_width": percent(row["right"], 0, highest),
        }
        for row in rows
    ]


def bar_rows(rows: Sequence[Row], top: float = 100) -> list[dict[str, Any]]:
    """Place bars and thresholds; rows have ``label``, ``value`` and may have ``threshold``, ``text``, ``note``, ``strong``."""
    return [
        {
            **row,
            "width": percent(row["value"], 0, top),
            "tick": None if row.get("threshold") is None else percent(row["threshold"], 0, top),
        }
        for row in rows
    ]


def waterfall_rows(rows: Sequence[Row], top: float | None = None) -> list[dict[str, Any]]:
    """Let each bar begin where the last one ended; rows have ``label``, ``points`` and may have ``code``, ``url``."""
    highest = top or max(1, sum(max(0, row["points"]) for row in rows))
    placed, reached = [], 0.0
    for row in rows:
        after = reached + row["points"]
        placed.append(
            {
                **row,
                "x": percent(min(reached, after), 0, highest),
                "end": percent(after, 0, highest),
                "width": width(row["points"], 0, highest),
                "negative": row["points"] < 0,
            }
        )
        reached = after
    return placed


def step_points(points: Sequence[Row], threshold: float | None = None) -> dict[str, Any]:
    """Place a score after each change; points have ``label`` (short) and ``value``.

    The drawing is 100 % wide and 160 units high; the upper 36 units are for the numbers, the lower 28 for the labels.
    """
    values = [point["value"] for point in points]
    shown = [*values, threshold] if threshold is not None else values
    low, high = min(shown, default=0), max(shown, default=1)
    spread = (high - low) or 1
    cell = 100 / max(1, len(values))

    def height(value: float) -> float:
        return round(132 - 96 * (value - low) / spread, 2)

    def place(x: float) -> str:
        return f"{round(x, 3):g}%"

    steps = []
    for index, point in enumerate(points):
        y = height(point["value"])
        before = height(values[index - 1]) if index else y
        steps.append(
            {
                **point,
                "start": place(index * cell),
                "middle": place((index + 0.5) * cell),
                "end": place((index + 1) * cell),
                "y": f"{y:g}",
                "before": f"{before:g}",
                "above": f"{y - 10:g}",
            }
        )
    level = None if threshold is None else f"{height(threshold):g}"
    return {"steps": steps, "threshold_y": level, "threshold": threshold}


def segment_states(states: Sequence[str | float]) -> list[str]:
    """Turn the answered shares of the questions into words.

    Examples
    --------
    >>> segment_states([1.0, 0.5, 0, "done"])
    ['done', 'part', 'open', 'done']
    """
    return [_state(state) for state in states]


def _state(state: str | float) -> str:
    if isinstance(state, str):
        return state
    if state >= 1:
        return "done"
    return "part" if state > 0 else "open"


def segment_cells(states: Sequence[str]) -> list[dict[str, Any]]:
    """Place the segments of a progress bar, one per question; states are ``done``, ``part``, ``open``."""
    size = 100 / max(1, len(states))
    return [
        {
            "state": state,
            "x": f"{round(index * size + 0.6, 3):g}%",
            "width": f"{round(size - 1.8, 3):g}%",
            "half": f"{round((size - 1.8) / 2, 3):g}%",
        }
        for index, state in enumerate(states)
    ]
