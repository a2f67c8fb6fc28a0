"""Findings of a verdict with the answers they come from."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _lazy

from mutualist.apps.rooms.presenters.given import Given
from mutualist.apps.rooms.presenters.views import ConflictRow, GapRow, Gate, Source
from mutualist.domain.assess import Verdict
from mutualist.domain.assess.findings import Finding
from mutualist.domain.assess.wording import beside_threshold
from mutualist.library.charts import Language

#: What a condition asks, for people who have never heard of it.
ASKS = {
    "goal": _lazy("Do all want the same thing, and measure it the same way?"),
    "investment": _lazy("Have all approved people or money for year one?"),
    "risk": _lazy("Do all carry part of a loss, and earn by joint success?"),
}
#: How the design system names the state of a condition.
GATE_STATES = {True: "met", False: "not_met", None: "open"}


def sources(given: Given, finding: Finding) -> tuple[Source, ...]:
    """Return each item a finding comes from once, with the answers of the parties it names."""
    items = dict.fromkeys(code.partition(":")[0] for code in finding.items)
    parties = [party for party in given.parties if party in finding.parties]
    return tuple(given.sheets.source(item, parties) for item in items)


def of_group(verdict: Verdict, *groups: str) -> list[Finding]:
    """Return the findings of some groups, in the order of the verdict."""
    return [finding for finding in verdict.findings if finding.group in groups]


def conflicts(given: Given) -> tuple[ConflictRow, ...]:
    """Return the goal conflicts, red ones first."""
    lang = given.lang
    rows = []
    seen: set[str] = set()
    for finding in of_group(given.verdict, "conflict"):
        anchor = finding.rule
        if anchor in seen:
            anchor = f"{finding.rule}-{'-'.join(finding.parties)}"
        seen.add(finding.rule)
        rows.append(
            ConflictRow(
                anchor=anchor,
                id=finding.rule,
                title=finding.title[lang],
                severity=finding.severity or 1,
                red=finding.red,
                words=finding.text[lang],
                way_out=finding.way_out[lang] if finding.way_out else "",
                pledges=finding.pledges,
                caution=finding.caution
                or any(given.ruleset.pledge(p).caution for p in finding.pledges),
                sources=sources(given, finding),
                between=_between(given, finding),
            )
        )
    return tuple(rows)


def _between(given: Given, finding: Finding) -> str:
    """Return whom a conflict concerns, where a room has more than these."""
    names = [name for party, name in given.parties.items() if party in finding.parties]
    return " – ".join(names) if len(names) < len(given.parties) else ""


def gaps(given: Given, group: str) -> tuple[GapRow, ...]:
    """Return the gaps between word and proof, or the notes."""
    return tuple(
        GapRow(
            id=finding.rule,
            title=finding.title[given.lang],
            words=finding.text[given.lang],
            is_note=group == "note",
            sources=sources(given, finding),
        )
        for finding in of_group(given.verdict, group)
    )


def gates(verdict: Verdict, lang: Language, *, explain: bool = False) -> tuple[Gate, ...]:
    """Return the three conditions with what they reach and need, and, if wanted, what they ask."""
    rows = []
    for detail in verdict.gate_details:
        value, needed = "–", ""
        reasons = [c.text[lang] for c in detail.conditions[1:] if c.met is not True]
        if detail.value is None:
            reasons.insert(0, detail.conditions[0].text[lang])
        else:
            value, needed = beside_threshold(detail.value, detail.needed, lang, 2)
            reasons.insert(0, _needed(needed, lang))
        asks = f"{ASKS[detail.id]} " if explain and detail.id in ASKS else ""
        text = f"{asks}({' · '.join(reasons)})" if asks else " · ".join(reasons)
        rows.append(Gate(detail.words[lang], GATE_STATES[detail.met], value, text))
    return tuple(rows)


def _needed(value: str, lang: Language) -> str:
    return f"nötig {value}" if lang == "de" else f"{value} needed"


def titles(verdict: Verdict, conflict_ids: Iterable[str], lang: Language) -> tuple[str, ...]:
    """Return the names of some conflicts."""
    return tuple(verdict.ruleset.conflict(key).words[lang] for key in conflict_ids)
