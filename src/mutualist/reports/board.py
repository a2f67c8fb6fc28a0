"""The one page for the board."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from mutualist.domain.assess.findings import Finding
from mutualist.reports import sections
from mutualist.reports.material import Material
from mutualist.reports.words import say

POINTS: Final = 3
LONGEST_NAME: Final = 34


def board_data(m: Material) -> dict[str, Any]:
    """Return what the board paper shows, in words.

    Parameters
    ----------
    m : Material
        The opened round.
    """
    return _with_short_names(
        m,
        {
            "lang": m.lang,
            "timestamp": sections.timestamp(m),
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
        },
    )


def short_names(parties: Mapping[str, str]) -> dict[str, str]:
    """Return names that fit into a line of a column, told apart by their id where cutting made them equal.

    Examples
    --------
    >>> short_names({"A": "Tauwerk", "B": "Verein zur Förderung der regionalen Wärmewende e. V."})
    {'A': 'Tauwerk', 'B': 'Verein zur Förderung der …'}
    """
    cut = {}
    for party, name in parties.items():
        if len(name) <= LONGEST_NAME:
            cut[party] = name
            continue
        words = name[:LONGEST_NAME].rsplit(" ", 1)[0].rstrip(" ,&-–")
        cut[party] = (
            f"{words} …" if len(words) > LONGEST_NAME // 2 else f"{name[: LONGEST_NAME - 4]}…"
        )
    seen = list(cut.values())
    return {p: f"{n} ({p})" if seen.count(n) > 1 else n for p, n in cut.items()}


def _with_short_names(m: Material, data: dict[str, Any]) -> dict[str, Any]:
    """Use the short names everywhere: what a finding says must not be lost to a long name."""
    short = short_names(m.parties)
    long_first = sorted(
        (p for p in m.parties if m.parties[p] != short[p]), key=lambda p: -len(m.parties[p])
    )

    def change(value: Any) -> Any:
        if isinstance(value, str):
            for party in long_first:
                value = value.replace(m.parties[party], short[party])
            return value
        if isinstance(value, dict):
            return {key: change(part) for key, part in value.items()}
        return [change(part) for part in value] if isinstance(value, list) else value

    return {**change(data), "title": data["title"], "room": data["room"]} if long_first else data


def _points(m: Material) -> dict[str, Any]:
    """Return the red points; without any, the heaviest conflicts."""
    found = conflicts_once(m)
    red = [finding for finding in found if finding.red]
    first = red or found[:POINTS]
    others = [finding for finding in found if finding not in first[:POINTS]]
    title = say("Red points: settle these first", m.lang)
    if not red:
        one = len(found) == 1
        title = say(
            "No red point. The one conflict" if one else "No red point. The heaviest conflicts",
            m.lang,
        )
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
    red = f" ({say('red', m.lang)})"
    names = " · ".join(finding.title[m.lang] + (red if finding.red else "") for finding in others)
    one = len(others) == 1
    return say(
        "{n} more conflict: {names}" if one else "{n} more conflicts: {names}",
        m.lang,
        n=len(others),
        names=names,
    )
