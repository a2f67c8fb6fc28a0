"""Results and charts of the design system; ``{% load design %}`` brings them along."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django import template

from mutualist.apps.core import figures

register = template.Library()


def with_text(entry: Any) -> Any:
    """Leave a mapping or object with a text as it is; make plain words one."""
    known = isinstance(entry, Mapping) or hasattr(entry, "text")
    return entry if known else {"text": entry}


def _partial(name: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    return register.inclusion_tag(f"core/components/{name}.html", name=name)


@_partial("gates")
def gates(items: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Three conditions: items with ``label``, ``state`` (met, not_met, open), ``value`` (text), ``detail``."""
    return {"items": items}


@_partial("interests")
def interests(
    common: Sequence[Any], complementary: Sequence[Any], opposed: Sequence[Any], load: Any = None
) -> dict[str, Any]:
    """Interests in three columns: texts, or mappings with ``text``, ``detail`` and (opposed) ``severity`` 1–3."""

    def entries(column: Sequence[Any]) -> list[Any]:
        return [with_text(entry) for entry in column]

    return {
        "common": entries(common),
        "complementary": entries(complementary),
        "opposed": entries(opposed),
        "load": load,
    }


@_partial("ladder")
def ladder(steps: Sequence[Mapping[str, Any]], name: str = "step") -> dict[str, Any]:
    """Fewest changes with a checkbox each: steps with ``value``, ``label``, ``gain`` (text), ``reason``, ``checked``."""
    return {"steps": steps, "name": name}


@_partial("dumbbells")
def dumbbells(
    rows: Sequence[Mapping[str, Any]], parties: Sequence[str], title: str = "", note: str = ""
) -> dict[str, Any]:
    """Answers of the parties on a line each; see :func:`figures.dumbbell_rows`."""
    return {
        "rows": figures.dumbbell_rows(rows, parties),
        "legend": figures.legend(parties),
        "title": title,
        "note": note,
    }


@_partial("butterfly")
def butterfly(
    rows: Sequence[Mapping[str, Any]], left: str, right: str, title: str = "", note: str = ""
) -> dict[str, Any]:
    """100 points of two parties back to back; see :func:`figures.butterfly_rows`."""
    return {
        "rows": figures.butterfly_rows(rows),
        "left": left,
        "right": right,
        "title": title,
        "note": note,
    }


@_partial("bars")
def bars(
    rows: Sequence[Mapping[str, Any]], title: str = "", note: str = "", top: float = 100
) -> dict[str, Any]:
    """Horizontal bars with threshold ticks; see :func:`figures.bar_rows`."""
    return {"rows": figures.bar_rows(rows, top), "title": title, "note": note}


@_partial("waterfall")
def waterfall(
    rows: Sequence[Mapping[str, Any]], total: Any, title: str = "", note: str = ""
) -> dict[str, Any]:
    """Each rule from where the last one ended; see :func:`figures.waterfall_rows`."""
    placed = figures.waterfall_rows(rows)
    return {
        "rows": placed,
        "total": total,
        "total_width": placed[-1]["end"] if placed else "0%",
        "title": title,
        "note": note,
    }


@_partial("step_line")
def step_line(
    points: Sequence[Mapping[str, Any]],
    threshold: float | None = None,
    title: str = "",
    note: str = "",
) -> dict[str, Any]:
    """Score after each change; see :func:`figures.step_points`."""
    return {**figures.step_points(points, threshold), "title": title, "note": note}
