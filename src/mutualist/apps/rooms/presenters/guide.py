"""The talk after the opening, made from the findings: agreement first, differences second."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from mutualist.apps.rooms.presenters.change import ladder_steps, notes_of
from mutualist.apps.rooms.presenters.findings import of_group
from mutualist.apps.rooms.presenters.given import Given
from mutualist.apps.rooms.presenters.lines import Comparison, comparisons
from mutualist.apps.rooms.presenters.texts import load
from mutualist.apps.rooms.presenters.views import Guide, GuidePart, GuidePoint, GuideQuestion
from mutualist.domain.assess.findings import Finding
from mutualist.domain.assess.wording import listed as listing

SHORTEST, LONGEST = 60, 90
#: Answers closer than this are no matter for the talk.
WORTH_A_WORD = 0.25
MOST = {"differ": 5, "conflicts": 4, "proof": 6, "change": 8}
STEP = 5
#: Parts that give way so that the talk stays between sixty and ninety minutes; red points keep their time.
FLEXIBLE = ("agree", "differ", "conflicts", "proof", "change")
#: Parts that are left out when there is nothing in them.
OPTIONAL = ("red", "conflicts", "proof")


def guide_view(given: Given) -> Guide:
    """Return the guide for the talk."""
    texts, lang = load("guide"), given.lang
    points = {key: make(given) for key, make in PARTS.items()}
    kept = [key for key in PARTS if points[key] or key not in OPTIONAL]
    minutes = fitted(
        {key: wanted(texts["parts"][key]["minutes"], len(points[key])) for key in kept}
    )
    parts = []
    start = 0
    for key in kept:
        parts.append(_part(key, texts["parts"][key], points[key], minutes[key], start, lang))
        start += minutes[key]
    return Guide(
        title=texts["title"][lang],
        minutes=start,
        rules=tuple(rule[lang] for rule in texts["rules"]["list"]),
        rules_heading=texts["rules"]["heading"][lang],
        roles=texts["roles"][lang],
        parts=tuple(parts),
        after=texts["after"][lang],
    )


def wanted(spec: Mapping[str, int], count: int) -> int:
    """Return the minutes a part would like to have, in steps of five.

    Examples
    --------
    >>> wanted({"each": 4, "at_most": 10}, 2), wanted({"each": 10, "at_most": 30}, 4)
    (10, 30)
    """
    if "fixed" in spec:
        return spec["fixed"]
    minutes = max(spec.get("at_least", 0), min(spec["at_most"], spec["each"] * count))
    return math.ceil(minutes / STEP) * STEP


def fitted(minutes: Mapping[str, int]) -> dict[str, int]:
    """Shorten the longest flexible part, or lengthen the shortest, until the talk takes 60 to 90 minutes.

    Examples
    --------
    >>> fitted({"agree": 10, "red": 30, "differ": 15, "proof": 10, "change": 30, "next": 10})["change"]
    15
    >>> fitted({"agree": 10, "next": 10})["agree"]
    50
    """
    found = dict(minutes)
    flexible = [key for key in found if key in FLEXIBLE]
    while sum(found.values()) > LONGEST:
        found[max(flexible, key=found.__getitem__)] -= STEP
    while sum(found.values()) < SHORTEST:
        found[min(flexible, key=found.__getitem__)] += STEP
    return found


def _part(
    key: str,
    spec: Mapping[str, Any],
    points: Sequence[GuidePoint],
    minutes: int,
    start: int,
    lang: str,
) -> GuidePart:
    empty = not points and "none" in spec
    return GuidePart(
        key=key,
        title=spec["title"][lang],
        minutes=minutes,
        start=start,
        aim=spec["none" if empty else "aim"][lang],
        points=tuple(points),
        questions=() if empty else tuple(question[lang] for question in spec.get("questions", ())),
        notes=key in {"red", "differ", "next"},
    )


def _arrive(given: Given) -> list[GuidePoint]:
    sentences = {p: given.sheets.value("1.1", p) for p in given.parties}
    return [
        GuidePoint(given.parties[p], f"„{s}“" if given.lang == "de" else f"“{s}”")
        for p, s in sentences.items()
        if s
    ]


def _agree(given: Given) -> list[GuidePoint]:
    lang, verdict = given.lang, given.verdict
    found = []
    goals = [entry.text[lang] for entry in verdict.interests.common]
    if goals:
        found.append(GuidePoint(_("What all want"), " · ".join(goals)))
    met = [detail.words[lang] for detail in verdict.gate_details if detail.met is True]
    if met:
        found.append(
            GuidePoint(_("Conditions of a true partnership that are met"), " · ".join(met))
        )
    pledges = [f"{key} ({given.ruleset.pledge(key).short[lang]})" for key in verdict.mutual]
    if pledges:
        found.append(GuidePoint(_("What all would sign"), " · ".join(pledges)))
    return found


def _red(given: Given) -> list[GuidePoint]:
    return [
        _conflict(given, finding) for finding in of_group(given.verdict, "conflict") if finding.red
    ]


def _conflicts(given: Given) -> list[GuidePoint]:
    serious = [
        f for f in of_group(given.verdict, "conflict") if not f.red and (f.severity or 0) >= 2
    ]
    return [_conflict(given, finding) for finding in serious[: MOST["conflicts"]]]


def _conflict(given: Given, finding: Finding) -> GuidePoint:
    lang = given.lang
    names = {"X": given.parties[finding.parties[0]], "Y": given.parties[finding.parties[1]]}
    everybody = _("Everybody")
    questions = tuple(
        GuideQuestion(names.get(question["ask"], everybody), question[lang].format(**names))
        for question in load("guide")["conflicts"].get(finding.rule, ())
    )
    return GuidePoint(
        title=finding.title[lang],
        words=finding.text[lang],
        questions=questions,
        way_out=finding.way_out[lang] if finding.way_out else "",
    )


def _differ(given: Given) -> list[GuidePoint]:
    apart = [c for c in comparisons(given.sheets) if c.distance >= WORTH_A_WORD]
    apart.sort(key=lambda comparison: -comparison.distance)
    return [_difference(given, c, turn) for turn, c in enumerate(apart[: MOST["differ"]])]


def _difference(given: Given, comparison: Comparison, turn: int) -> GuidePoint:
    line = comparison.line
    answers = " · ".join(f"{given.parties[p]}: {text}" for p, text in line.texts.items())
    order = list(comparison.outliers)
    if len(order) == 2 and turn % 2:
        # Two are equally far from each other; they take turns in speaking first.
        order.reverse()
    speak = load("guide")["speak"][given.lang].format(
        first=given.parties[order[0]],
        then=listing([given.parties[p] for p in order[1:]], given.lang),
    )
    note = f" ({line.note})" if line.note else ""
    return GuidePoint(title=line.label, words=answers + note, speak=speak)


def _proof(given: Given) -> list[GuidePoint]:
    found = of_group(given.verdict, "gap", "note")
    return [GuidePoint(f.title[given.lang], f.text[given.lang]) for f in found[: MOST["proof"]]]


def _change(given: Given) -> list[GuidePoint]:
    found = []
    for step in ladder_steps(given)[: MOST["change"]]:
        words = step.move.words[given.lang]
        found.append(GuidePoint(words[:1].upper() + words[1:], notes_of(step, given.lang)))
    return found


def _next(_given: Given) -> list[GuidePoint]:
    return []


PARTS: Mapping[str, Callable[[Given], list[GuidePoint]]] = {
    "arrive": _arrive,
    "agree": _agree,
    "red": _red,
    "differ": _differ,
    "conflicts": _conflicts,
    "proof": _proof,
    "change": _change,
    "next": _next,
}
