"""The head of the scorecard: level, points against what the next level asks for, and what is missing."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mutualist.apps.programme.presenters.bars import asked_total, stack, weights
from mutualist.apps.programme.presenters.words import shown
from mutualist.apps.programme.queries.scores import Scored
from mutualist.domain.programme.ahead.counted import base_of, bounds_of
from mutualist.domain.programme.rules.model import Level, RuleSet
from mutualist.domain.programme.scoring.explaining import Sentences
from mutualist.domain.programme.scoring.result import Node, Score
from mutualist.domain.programme.status.rhythm import any_day_window

HUNDRED = Fraction(100)
#: Kinds of windows that have a first day of their own.
DATED = {"last", "closed", "this", "since"}


def scorecard(found: Scored, language: str) -> dict[str, Any]:
    """Return what the head of a partner's card shows.

    Parameters
    ----------
    language
        ``de`` or ``en``.
    """
    result, rules = found.score, found.rules
    level, above = level_of(rules, result.level), next_level(rules, result)
    asked = asked_total(above)
    return {
        "day": result.as_of,
        "version": found.version,
        "level": level.words.of(language) if level else "",
        "benefits": [one.of(language) for one in level.benefits] if level else [],
        "stack": stack(rules, result, asked, language),
        "others": _others(rules, result, language),
        "next": above.words.of(language) if above else "",
        "missing": _missing(result, above, asked, language),
        "asked": asked_of(rules, result, above, language) if above else [],
        "window": _window(found),
        "months": _months(rules, result.as_of),
    }


def level_of(rules: RuleSet, name: str | None) -> Level | None:
    """Return a level by its name; None if there is none of it."""
    return next((one for one in rules.levels if one.name == name), None)


def next_level(rules: RuleSet, result: Score) -> Level | None:
    """Return the level above the one that is earned; None above the highest."""
    names = [one.name for one in rules.levels]
    place = names.index(result.level) + 1 if result.level in names else 0
    return rules.levels[place] if place < len(rules.levels) else None


def _missing(
    result: Score, above: Level | None, asked: Fraction | None, language: str
) -> tuple[str, str] | None:
    """Return what stands between the partner and the next level: how many, and of what."""
    if above is None:
        return None
    if asked is not None and asked > result.total:
        gap = asked - result.total
        words = ngettext("point missing", "points missing", 1 if gap == 1 else 2)
        return shown(gap, language, Fraction(0)), words
    count = sum(1 for child in _node(result, above).children if not child.met)
    if not count:
        return "0", _("all its requirements are met, but not those of a level below")
    return str(count), ngettext("requirement open", "requirements open", count)


def _others(rules: RuleSet, result: Score, language: str) -> list[dict[str, Any]]:
    """Return a bar for each metric that is shown beside the total: without points, or in no sum."""
    track = rules.tracks.get(result.track or "")
    summed = weights(rules, result)
    rows: list[dict[str, Any]] = []
    for name, metric in rules.metrics.items():
        found = result.metrics[name]
        if not found.applies or (track is not None and name not in track.metrics):
            continue
        if name in summed and found.points is not None:
            continue
        part, whole = found.points, found.most
        if part is None:
            part, whole = found.value, found.threshold
        width = min(HUNDRED, part * HUNDRED / whole) if part is not None and whole else Fraction(0)
        of = f" / {shown(whole, language)}" if whole is not None else ""
        rows.append(
            {
                "label": metric.words.of(language),
                "value": float(max(Fraction(0), width)),
                "text": f"{shown(part, language, whole)}{of}",
                "note": ", ".join(found.missing[:6]),
            }
        )
    return rows


def _node(result: Score, level: Level) -> Node:
    return next(
        one for one in result.reasons.children if one.kind == "level" and one.key == level.name
    )


def asked_of(rules: RuleSet, result: Score, level: Level, language: str) -> list[dict[str, Any]]:
    """Return what a level asks for, and which of it is met."""
    node, say = _node(result, level), Sentences(rules, language)
    return [_gate(child, say, node, place, language) for place, child in enumerate(node.children)]


def _gate(node: Node, say: Sentences, above: Node, place: int, language: str) -> dict[str, Any]:
    words, value = say.asked(above, place), ""
    tree = node.reason.params.get("condition") if node.reason else None
    label = node.key
    if words:
        label = words.of(language)
    elif tree is not None:
        label = say.wording.tree(tree)
    if node.threshold is not None:
        value = f"{shown(node.value, language, node.threshold)} / {shown(node.threshold, language)}"
    return {"label": label, "state": "met" if node.met else "not_met", "value": value}


def _window(found: Scored) -> tuple[dt.date, dt.date] | None:
    """Return the first and last day that measures look at; None where all look at the day itself."""
    bounds = []
    for measure in found.rules.measures.values():
        source = base_of(found.rules, measure.source)
        if source.window.kind in DATED and source.window.ago is None:
            bounds.append(bounds_of(found.rules, found.facts, source, found.score.as_of))
    known = [one for one in bounds if one is not None]
    if not known:
        return None
    return min(first for first, _last in known), max(last for _first, last in known)


def _months(rules: RuleSet, day: dt.date) -> dt.date | None:
    """Return the first day of the months of which any day is enough; None where only the day itself counts."""
    count = rules.status.any_day_in
    return any_day_window(day, count)[0] if count else None
