"""The score over time: what it was each month, and each day on which it will change by itself."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import Any

from mutualist.apps.programme.presenters.bars import asked_total, percent
from mutualist.apps.programme.presenters.scorecard import level_of, next_level
from mutualist.apps.programme.presenters.words import shown
from mutualist.apps.programme.queries.levels import Outlook
from mutualist.domain.programme.ahead.falling import falling, staying, words_of
from mutualist.domain.programme.rules.model import RuleSet
from mutualist.domain.programme.status.model import Held

ZERO = Fraction(0)
#: The drawing is so high; below is room for nothing, the labels are text.
HIGH, TOP = 120, 10


def losses(found: Outlook, language: str) -> list[dict[str, Any]]:
    """Return the levels in danger, from when on, and why."""
    rules, words = found.scored.rules, _words(found, language)
    return [
        {
            "day": one.day,
            "level": words.get(one.level, one.level),
            "then": words.get(one.then or "", "–"),
            "why": one.reasons(rules, language),
            "is_gone": isinstance(one.cause, Held),
            "is_undecided": one.is_undecided,
            "falls_on": one.falls_on,
        }
        for one in falling(found.ahead)
    ]


def staying_text(found: Outlook, language: str) -> str:
    """Return what keeps a level that facts do not give today; empty where they give it."""
    kept = staying(found.ahead)
    return kept.message(language, _words(found, language)) if kept else ""


def _words(found: Outlook, language: str) -> dict[str, str]:
    return words_of(language, *found.case.versions, found.scored.rules)


def chart(found: Outlook, language: str) -> dict[str, Any] | None:
    """Return the steps of the total from the first month known to a year ahead; None without points."""
    rules, result = found.scored.rules, found.scored.score
    if rules.total.way == "none":
        return None
    today, until = result.as_of, found.ahead.until
    known = [*found.past, (today, result.total)]
    coming = [(step.day, step.after) for step in found.ahead.steps if step.day > today]
    first = known[0][0]
    lines = _lines(rules, found, language)
    top = max([total for _day, total in (*known, *coming)] + [one["total"] for one in lines])
    frame = _Frame(first, until, top or Fraction(1))
    return {
        "lines": [{**one, "y": frame.height(one["total"])} for one in lines],
        "runs": [
            *frame.runs(known, today, "past"),
            *frame.runs([known[-1], *coming], until, "ahead"),
        ],
        "today": frame.place(today),
        "first": first,
        "until": until,
        "day": today,
        "rows": [
            *({"day": day, "total": shown(total, language), "why": []} for day, total in known),
            *_coming(found, rules, language),
        ],
        "lowest": shown(min([result.total, *(total for _day, total in coming)]), language),
        "now": shown(result.total, language),
        "changes": bool(coming),
    }


def _lines(rules: RuleSet, found: Outlook, language: str) -> list[dict[str, Any]]:
    """Return the points that the level of the day and the one above ask for."""
    result = found.scored.score
    levels = (level_of(rules, result.level), next_level(rules, result))
    asked = [(level, asked_total(level)) for level in levels if level is not None]
    return [
        {
            "label": level.words.of(language),
            "text": shown(total, language),
            "total": total,
        }
        for level, total in asked
        if total is not None
    ]


def _coming(found: Outlook, rules: RuleSet, language: str) -> list[dict[str, Any]]:
    return [
        {
            "day": step.day,
            "total": shown(step.after, language),
            "why": list(dict.fromkeys(cause.message(rules, language) for cause in step.causes)),
        }
        for step in found.ahead.steps
        if step.day > found.scored.score.as_of
    ]


class _Frame:
    """Where days and totals lie in the drawing."""

    def __init__(self, first: dt.date, last: dt.date, top: Fraction) -> None:
        self.first, self.days, self.top = first, (last - first).days, top

    def place(self, day: dt.date) -> str:
        """Return the place of a day from the left."""
        return percent(Fraction((day - self.first).days), Fraction(self.days))

    def height(self, total: Fraction) -> str:
        """Return the place of a total from the top."""
        share = max(ZERO, total) / self.top
        return f"{float(HIGH - share * (HIGH - TOP)):.2f}"

    def runs(
        self, points: list[tuple[dt.date, Fraction]], until: dt.date, kind: str
    ) -> list[dict[str, Any]]:
        """Return a level stretch from each point to the next, with the step that leads to it."""
        ends = [day for day, _total in points[1:]] + [until]
        found, before = [], points[0][1]
        for (day, total), end in zip(points, ends, strict=True):
            found.append(
                {
                    "kind": kind,
                    "x": self.place(day),
                    "end": self.place(end),
                    "y": self.height(total),
                    "before": self.height(before),
                }
            )
            before = total
        return found
