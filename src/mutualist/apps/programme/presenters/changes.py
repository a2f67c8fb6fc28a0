"""Why a level changed, in words: metric by metric what moved, on which day, by which facts or rules."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.utils.translation import gettext as _

from mutualist.apps.programme.queries.changes import Explained
from mutualist.domain.programme.ahead.differences import Part, Step
from mutualist.domain.programme.scoring.numbers import shown
from mutualist.domain.programme.scoring.plan import plan_of
from mutualist.library.programme_ahead import Telling

#: So many lines are told of a metric, the latest; the others are counted.
MOST = 8


def change_told(explained: Explained, language: str) -> dict[str, Any]:
    """Return what the page says of a change."""
    telling = Telling(explained.case, language)
    change, found = explained.change, explained.found
    rules = explained.case.rules(change.day)
    before = explained.before.level if explained.before else ""
    points = rules.total.way != "none"
    return {
        "day": change.day,
        "since": found.first,
        "before": telling.level(before or None, rules),
        "after": telling.level(change.level or None, rules),
        "same": before == change.level,
        "sentence": _sentence(change.cause),
        "reason": change.reason,
        "total": _total(explained, telling) if points else None,
        "earned": "" if explained.shows else telling.level(found.level_after, rules),
        "metrics": _metrics(explained, telling) if points else [],
        "others": _others(explained, telling, every=not points),
        "versions": explained.versions,
    }


def _sentence(cause: str) -> str:
    said = {
        "risen": _("What the level asks for was met, so it was given by itself."),
        "renewed": _("What the level asks for was met, so it was given by itself."),
        "made_good": _("What the level asks for was met again in time."),
        "fallen": _(
            "When levels were looked at, what this one asks for was no longer met; the vendor agreed."
        ),
        "grace_over": _("The days of grace were over; the vendor agreed."),
        "term_over": _("The time the level was granted for was over; the vendor agreed."),
        "override": _("The vendor kept the level although facts no longer gave it."),
    }
    return said.get(cause, "")


def _total(explained: Explained, telling: Telling) -> dict[str, str]:
    found = explained.found
    return {
        "before": shown(found.before, telling.language),
        "after": shown(found.after, telling.language),
        "change": telling.points(found.change),
    }


def _metrics(explained: Explained, telling: Telling) -> list[dict[str, Any]]:
    """Return the metrics whose points are others, with what did it; the largest change first."""
    net = explained.found.by_metric()
    lines: dict[str, list[dict[str, Any]]] = defaultdict(list)
    labels: dict[str, str] = {}
    for step in explained.found.steps:
        for part in step.parts:
            key = part.key if part.kind == "metric" else f"{part.kind}:{part.key}"
            labels[key] = telling.part(part, telling.rules(step))
            lines[key].append(
                {
                    "day": step.day,
                    "points": telling.points(part.points),
                    "why": _why(explained, telling, step, part),
                }
            )
    moved = sorted((key for key in net if net[key]), key=lambda key: (-abs(net[key]), key))
    return [
        {
            "label": labels[key],
            "points": telling.points(net[key]),
            "up": net[key] > 0,
            "lines": lines[key][-MOST:],
            "more": max(0, len(lines[key]) - MOST),
        }
        for key in moved
    ]


def _why(explained: Explained, telling: Telling, step: Step, part: Part) -> list[str]:
    """Return the sentences of a step that are about a metric."""
    if step.why == "rules":
        return [_version(explained, step)]
    rules = telling.rules(step)
    measures = set()
    if part.kind == "metric" and part.key in rules.metrics:
        measures = set(plan_of(rules).metrics[part.key].measures)
    said = [
        one.message(rules, telling.language)
        for one in step.causes
        if not measures or one.measure in measures
    ]
    return list(dict.fromkeys(said))


def _version(explained: Explained, step: Step) -> str:
    for one in explained.versions:
        if one.since == step.day:
            return _("New rules, version {number}.").format(number=one.number)
    return _("New rules.")


def _others(explained: Explained, telling: Telling, *, every: bool) -> list[dict[str, Any]]:
    """Return the days on which the level earned changed without points, or all where rules have none."""
    found = []
    for step in explained.found.steps:
        if step.parts and not every:
            continue
        rules = telling.rules(step)
        said = [one.message(rules, telling.language) for one in step.causes]
        found.append(
            {
                "day": step.day,
                "levels": [
                    telling.level(one, rules) for one in (step.level_before, step.level_after)
                ],
                "why": [_version(explained, step)]
                if step.why == "rules"
                else list(dict.fromkeys(said)),
            }
        )
    return found[-MOST:]
