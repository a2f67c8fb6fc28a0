"""Small inline SVG: bars of the four scores, and the points a score is made of.

No script, no fonts and no addresses, so that a result can be pasted into a notebook, a mail or a
wiki. Colours are CSS variables of the card around it and follow the reader's colour scheme.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

_WIDTH: Final = 640
_LABEL: Final = 190
_ROW: Final = 26
_STEP: Final = 42
_MAX_LABEL: Final = 88


@dataclass(frozen=True)
class Bar:
    """One bar: its words, its length and whether it is the one the result is named after."""

    label: str
    value: float
    chosen: bool = False


@dataclass(frozen=True)
class Step:
    """One step of a waterfall: a rule or measure and the points it adds."""

    label: str
    points: float


def bars(entries: Sequence[Bar], *, title: str, threshold: float | None = None) -> str:
    """Draw horizontal bars from 0 to 100.

    Parameters
    ----------
    threshold : float, optional
        A line to be reached.
    """
    span = _WIDTH - _LABEL - 50
    height = _ROW * len(entries) + 8
    parts = []
    for row, entry in enumerate(entries):
        y = row * _ROW + 4
        length = span * max(0.0, min(entry.value, 100.0)) / 100
        tone = "mu-chosen" if entry.chosen else "mu-other"
        parts.append(
            f'<text x="{_LABEL - 10}" y="{y + 15}" text-anchor="end"'
            f' class="mu-label{" mu-strong" if entry.chosen else ""}">{_clip(entry.label)}</text>'
            f'<rect x="{_LABEL}" y="{y + 3}" width="{span}" height="14" rx="3" class="mu-track"/>'
            f'<rect x="{_LABEL}" y="{y + 3}" width="{length:.1f}" height="14" rx="3" class="{tone}"/>'
            f'<text x="{_LABEL + span + 10}" y="{y + 15}" class="mu-value">{entry.value:.0f}</text>'
        )
    if threshold is not None:
        x = _LABEL + span * threshold / 100
        parts.append(f'<line x1="{x:.1f}" x2="{x:.1f}" y1="2" y2="{height - 4}" class="mu-line"/>')
    return _svg(height, title, "".join(parts))


def waterfall(steps: Sequence[Step], *, title: str, total: str) -> str:
    """Draw the points of a score one after the other, and their sum at the end."""
    span = _WIDTH - 60
    height = _STEP * (len(steps) + 1) + 4
    top = max([sum(step.points for step in steps), 100.0])
    parts = []
    start = 0.0
    for row, step in enumerate(steps):
        y = row * _STEP
        x, length = span * start / top, span * step.points / top
        parts.append(
            f'<text x="0" y="{y + 15}" class="mu-label">{_clip(step.label)}</text>'
            f'<rect x="{x:.1f}" y="{y + 22}" width="{max(length, 1):.1f}" height="12" rx="2"'
            ' class="mu-chosen"/>'
            f'<text x="{x + length + 6:.1f}" y="{y + 33}" class="mu-value">+{step.points:.0f}</text>'
        )
        start += step.points
    y, length = len(steps) * _STEP, span * start / top
    parts.append(
        f'<text x="0" y="{y + 15}" class="mu-label mu-strong">{_clip(total)}</text>'
        f'<rect x="0" y="{y + 22}" width="{length:.1f}" height="12" rx="2" class="mu-sum"/>'
        f'<text x="{length + 6:.1f}" y="{y + 33}" class="mu-value mu-strong">{start:.0f}</text>'
    )
    return _svg(height, title, "".join(parts))


def _svg(height: int, title: str, body: str) -> str:
    return (
        f'<svg viewBox="0 0 {_WIDTH} {height}" role="img" aria-label="{escape(title)}"'
        f' xmlns="http://www.w3.org/2000/svg"><title>{escape(title)}</title>{body}</svg>'
    )


def _clip(label: str) -> str:
    """Cut a label to what fits; the table beside the drawing has it in full."""
    if len(label) > _MAX_LABEL:
        label = label[: _MAX_LABEL - 1].rstrip() + "…"
    return escape(label)
