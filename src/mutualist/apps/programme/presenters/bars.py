"""Points as one bar: a segment a category, the mark where the next level begins, and a small bar for each part."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from mutualist.apps.programme.presenters.words import shown
from mutualist.domain.programme.rules import trees
from mutualist.domain.programme.rules.model import Level, RuleSet
from mutualist.domain.programme.rules.trees import Tree
from mutualist.domain.programme.scoring.result import Score

ZERO = Fraction(0)
#: So many colours there are; further segments begin again.
TONES = 6


@dataclass
class Part:
    """A category or a metric of the total: what it has, and what it can have at most."""

    label: str
    points: Fraction = ZERO
    most: Fraction | None = ZERO


def asked_total(level: Level | None) -> Fraction | None:
    """Return the points that a level asks for, where one of its requirements says so directly."""
    found = (
        [number for one in level.requires for number in _totals(one.condition.tree)]
        if level
        else []
    )
    return max(found, default=None)


def _totals(tree: Tree) -> list[Fraction]:
    if isinstance(tree, trees.Compare) and tree.op in {">", ">=", "="}:
        right = tree.right.value if isinstance(tree.right, trees.Const) else None
        if isinstance(tree.left, trees.TotalOf) and isinstance(right, Fraction):
            return [right]
    joined = isinstance(tree, trees.Junction) and tree.op == "and"
    if joined or (isinstance(tree, trees.Apply) and tree.function == "all"):
        return [one for part in trees.parts_of(tree) for one in _totals(part)]
    return []


def weights(rules: RuleSet, result: Score) -> Mapping[str, Fraction]:
    """Return the metrics that the total adds up, with their weights; none where it comes about otherwise."""
    total = rules.total
    if total.way == "weighted":
        return total.weights
    if total.way == "sum":
        return dict.fromkeys(rules.metrics, Fraction(1))
    if total.way == "best" and result.track is not None:
        return dict.fromkeys(rules.tracks[result.track].metrics, Fraction(1))
    return {}


def parts_of(rules: RuleSet, result: Score, language: str) -> list[Part]:
    """Return what the total is made of: by category where the rules have some, else by metric."""
    found: dict[str, Part] = {}
    for name, weight in weights(rules, result).items():
        metric, score = rules.metrics[name], result.metrics[name]
        if not score.applies or score.points is None:
            continue
        words = rules.categories.get(metric.category, metric.words)
        key = metric.category if metric.category in rules.categories else f"metric:{name}"
        part = found.setdefault(key, Part(words.of(language)))
        part.points += weight * score.points
        if part.most is not None:
            part.most = None if score.most is None else part.most + weight * score.most
    return list(found.values())


def stack(
    rules: RuleSet, result: Score, asked: Fraction | None, language: str
) -> dict[str, Any] | None:
    """Return the bar of the total; None for programmes that count no points.

    Parameters
    ----------
    asked
        Points that the next level asks for.
    """
    if rules.total.way == "none":
        return None
    parts = parts_of(rules, result, language)
    if not parts:
        parts = [Part("", result.total, rules.total.cap)]
    whole = [one.most for one in parts if one.most is not None]
    cap = rules.total.cap or (sum(whole, ZERO) if len(whole) == len(parts) else ZERO)
    top = max(cap, asked or ZERO, result.total, sum((max(ZERO, one.points) for one in parts), ZERO))
    segments, start = [], ZERO
    for place, part in enumerate(parts):
        width = max(ZERO, part.points)
        segments.append(
            {
                "tone": place % TONES,
                "x": percent(start, top),
                "width": percent(width, top),
                "label": part.label,
                "text": _of(part, language),
                "share": percent(width, part.most) if part.most else "",
            }
        )
        start += width
    return {
        "segments": segments,
        "parts": [one for one in segments if one["label"]],
        "tick": percent(asked, top) if asked is not None and top else "",
        "asked": shown(asked, language) if asked is not None else "",
        "top": shown(top, language),
        "total": shown(result.total, language, asked),
    }


def percent(part: Fraction, whole: Fraction) -> str:
    """Return a length for a drawing, between nothing and all of it."""
    share = part * 100 / whole if whole else ZERO
    return f"{float(min(Fraction(100), max(ZERO, share))):.3f}".rstrip("0").rstrip(".") + "%"


def _of(part: Part, language: str) -> str:
    points = shown(part.points, language, part.most)
    return points if part.most is None else f"{points} / {shown(part.most, language)}"
