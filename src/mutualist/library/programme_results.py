"""Scores of partners as JSON, a table, and text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

from mutualist.domain.programme.rules.model import RuleSet
from mutualist.domain.programme.rules.trees import Value
from mutualist.domain.programme.scoring.explaining import Line, explain
from mutualist.domain.programme.scoring.numbers import shown
from mutualist.domain.programme.scoring.result import MetricScore, Score
from mutualist.domain.programme.scoring.wording import Wording
from mutualist.library.tables import Table
from mutualist.library.words import N_, text

SCHEMA = "score/1"
#: More ids than this nobody reads in a line; --json has all.
MOST_FACTS = 6


def as_number(value: Fraction | None) -> int | float | None:
    """Return a number for JSON: whole where it is whole, else the nearest one there is."""
    if value is None:
        return None
    return value.numerator if value.denominator == 1 else float(value)


def as_exact(value: Fraction | None) -> str | None:
    """Return a number exactly: ``40/3``."""
    return None if value is None else str(value)


def scores_document(
    scores: Iterable[Score], rules: RuleSet, language: str, *, full: bool = False
) -> dict[str, Any]:
    """Return ``score/1``.

    Parameters
    ----------
    scores
        Scored with explanation.
    full
        Whether every sentence is wanted, with the facts it rests on; else those about metrics and levels.
    """
    listed = list(scores)
    return {
        "schema": SCHEMA,
        "rules": {"id": rules.id, "version": rules.version},
        "as_of": listed[0].as_of.isoformat() if listed else None,
        "partners": [_partner(score, rules, language, full=full) for score in listed],
    }


def _partner(score: Score, rules: RuleSet, language: str, *, full: bool) -> dict[str, Any]:
    return {
        "id": score.partner,
        "level": score.level,
        "qualified": score.qualified,
        "total": as_number(score.total),
        "total_exact": as_exact(score.total),
        "track": score.track,
        "region": score.region,
        "metrics": {name: _metric(one) for name, one in score.metrics.items()},
        "measures": {name: _plain(value) for name, value in score.measures.items()},
        "reasons": [
            _line(line, full=full)
            for line in explain(score, rules, language)
            if full or line.kind in {"score", "track", "metric", "level", "requirement"}
        ],
    }


def _metric(one: MetricScore) -> dict[str, Any]:
    return {
        "value": as_number(one.value),
        "value_exact": as_exact(one.value),
        "threshold": as_number(one.threshold),
        "points": as_number(one.points),
        "points_exact": as_exact(one.points),
        "max": as_number(one.most),
        "applies": one.applies,
        "reason": one.reason.code,
        "missing": list(one.missing),
    }


def _plain(value: Value) -> Any:
    if isinstance(value, Fraction):
        return as_number(value)
    return value if value is None or isinstance(value, bool | str) else value.isoformat()


def _line(line: Line, *, full: bool) -> dict[str, Any]:
    said: dict[str, Any] = {
        "kind": line.kind,
        "key": line.key,
        "code": line.code,
        "met": line.met,
        "text": line.text,
    }
    if full:
        said |= {"depth": line.depth, "evidence": list(line.evidence)}
    return said


def scores_table(
    scores: Sequence[Score], rules: RuleSet, names: Sequence[str], language: str
) -> Table:
    """Return one row a partner: level, total, and what the next level still asks."""
    wording = Wording(rules, language)
    heads = [text(one, language) for one in _HEADS]
    rows = []
    for score, name in zip(scores, names, strict=True):
        level = wording.level(score.level) if score.level else "–"
        total = shown(score.total, language) if rules.total.way != "none" else "–"
        rows.append(
            dict(zip(heads, (name, level, total, next_step(score, rules, language)), strict=True))
        )
    return Table(heads, rows)


_HEADS = (N_("Partner"), N_("Level"), N_("Points"), N_("Open for the next level"))


def next_step(score: Score, rules: RuleSet, language: str) -> str:
    """Return what the next level still asks; empty on the highest."""
    names = [level.name for level in rules.levels]
    place = names.index(score.level) + 1 if score.level else 0
    return open_for(score, rules, names[place], language) if place < len(names) else ""


def open_for(score: Score, rules: RuleSet, level: str, language: str) -> str:
    """Return what a level still asks; empty where it is met."""
    lines = explain(score, rules, language)
    start = next(at for at, one in enumerate(lines) if (one.kind, one.key) == ("level", level))
    found = []
    for line in lines[start + 1 :]:
        if line.kind == "level":
            break
        if line.depth == lines[start].depth + 1 and line.met is False:
            found.append(line.text.removesuffix("."))
    return "; ".join(found)


def scores_text(
    scores: Sequence[Score], rules: RuleSet, names: Sequence[str], language: str
) -> str:
    """Return every sentence about every partner, indented."""
    blocks = []
    for score, name in zip(scores, names, strict=True):
        first, *rest = explain(score, rules, language)
        lines = [f"{name}: {first.text}"]
        lines += [f"{'  ' * line.depth}{_mark(line)}{line.text}{_facts(line)}" for line in rest]
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks)


def _mark(line: Line) -> str:
    if line.kind not in {"level", "requirement"}:
        return ""
    return "✓ " if line.met else "✗ "


def _facts(line: Line) -> str:
    """Return the ids of the facts a measure rests on, the first few of them."""
    if line.kind != "measure" or not line.evidence:
        return ""
    more = len(line.evidence) - MOST_FACTS
    shown_ids = ", ".join(line.evidence[:MOST_FACTS])
    return f" [{shown_ids}{f', … +{more}' if more > 0 else ''}]"


def table_text(table: Table) -> str:
    """Return a table as aligned lines."""
    rows = [table.columns, *([str(row[name]) for name in table.columns] for row in table)]
    widths = [max(len(row[at]) for row in rows) for at in range(len(table.columns))]
    lines = []
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=True)]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)
