"""The one page for the board."""

from __future__ import annotations

from typing import Any

from mutualist.domain.assess.findings import Finding
from mutualist.reports import sections
from mutualist.reports.material import Material
from mutualist.reports.words import say

POINTS = 3


def board_data(m: Material) -> dict[str, Any]:
    """Return what the board paper shows, in words.

    Parameters
    ----------
    m : Material
        The opened round.
    """
    return {
        "lang": m.lang,
        "title": say("{room}: result of round {round}", m.lang, room=m.name, round=m.round),
        "room": m.name,
        "parties": sections.party_line(m),
        "meta": sections.meta_line(m),
        "headline": sections.headline(m),
        "subline": sections.subline(m),
        "gates": sections.gates(m),
        "scores": sections.scores(m),
        "points": _points(m),
        "ladder": sections.ladder(m),
        "next": sections.next_step(m),
        "pledges": sections.pledges(m),
        "meters": sections.meters(m),
        "more": say("… and {n} more", m.lang),
        "notice": sections.notices(m),
    }


def _points(m: Material) -> dict[str, Any]:
    """Return the red points; without any, the heaviest conflicts."""
    found = conflicts_once(m)
    red = [finding for finding in found if finding.red]
    first = red or found[:POINTS]
    others = [finding for finding in found if finding not in first[:POINTS]]
    title = say("Red points: settle these first", m.lang)
    if not red:
        title = say("No red point. The heaviest conflicts", m.lang)
    return {
        "title": title if found else say("Conflicts", m.lang),
        "way": say("Way out:", m.lang),
        "none": say("The answers hold no goal conflict.", m.lang),
        "rows": [
            {
                "name": finding.title[m.lang],
                "finding": finding.text[m.lang],
                "way": finding.way_out[m.lang] if finding.way_out else "",
                "red": finding.red,
            }
            for finding in first
        ],
        "rest": _rest(m, others),
    }


def conflicts_once(m: Material) -> list[Finding]:
    """Return the conflicts, worst first; one that several pairs have counts once."""
    found: dict[str, Finding] = {}
    for finding in m.verdict.findings:
        if finding.group == "conflict":
            found.setdefault(finding.rule, finding)
    return list(found.values())


def _rest(m: Material, others: list[Finding]) -> str:
    if not others:
        return ""
    names = " · ".join(finding.title[m.lang] for finding in others)
    one = len(others) == 1
    return say("{n} more conflict: {names}" if one else "{n} more conflicts: {names}", m.lang, n=len(others), names=names)
