"""Why a result is what it is: rules, conflicts, interests and gaps with the answers behind them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from mutualist.domain.assess.findings import Finding
from mutualist.domain.assess.interests import Interest
from mutualist.reports.material import Material
from mutualist.reports.words import say

Data = dict[str, Any]
SENTENCES: Final = 12


def of_group(m: Material, *groups: str) -> list[Finding]:
    """Return the findings of some groups, in the verdict's order."""
    return [finding for finding in m.verdict.findings if finding.group in groups]


def _sources(m: Material, items: Iterable[str]) -> list[Data]:
    """Return the answers a finding comes from, as far as every party may see them."""
    rows = []
    for code in items:
        item, _, party = code.partition(":")
        hidden = m.rules.items[item].shown in {"finding", "mutual", "never"}
        if hidden:
            answer = say("not shown: only the finding is", m.lang)
        else:
            answer = m.words.write(item, m.answers[party].get(item)).replace("\n", "; ")
        rows.append({"item": item, "party": m.parties[party], "answer": answer})
    return rows


def _same(found: Iterable[Finding]) -> list[list[Finding]]:
    """Gather what the same rule found for several parties: a reader wants each rule once."""
    groups: dict[str, list[Finding]] = {}
    for finding in found:
        groups.setdefault(finding.rule, []).append(finding)
    return list(groups.values())


def _texts(m: Material, group: list[Finding]) -> list[str]:
    texts = list(dict.fromkeys(finding.text[m.lang] for finding in group))
    if len(texts) <= SENTENCES:
        return texts
    return [*texts[:SENTENCES], say("… and {n} more", m.lang, n=len(texts) - SENTENCES)]


def _group_sources(m: Material, group: list[Finding]) -> list[Data]:
    return _sources(m, dict.fromkeys(item for finding in group for item in finding.items))


def rules(m: Material) -> Data:
    """Return every rule that fired, by score, with the answers of each side."""
    groups = []
    for score in ("S", "D", "L"):
        found = [f for f in of_group(m, "rule") if f.rule.startswith(score)]
        if found:
            title = f"{m.rules.scores[score][m.lang]}: {m.verdict.scores[score]}"
            groups.append({"title": title, "rows": [_rule(m, one) for one in _same(found)]})
    return {
        "title": say("Rules that apply, and the answers behind them", m.lang),
        "lead": say(
            "Each rule adds points to one kind. What turns it around stands below it.", m.lang
        ),
        "undo": say("To turn it around:", m.lang),
        "groups": groups,
    }


def _rule(m: Material, group: list[Finding]) -> Data:
    first = group[0]
    undo = list(dict.fromkeys(f.undo[m.lang] for f in group if f.undo))
    return {
        "key": first.rule,
        "texts": _texts(m, group),
        "points": f"+{first.points:g}",
        "undo": "; ".join(undo[:SENTENCES]),
        "answers": _group_sources(m, group),
    }


def conflicts(m: Material) -> Data:
    """Return the conflicts, red ones first, with their ways out."""
    lang = m.lang
    lead = say(
        "Severity 1 to 3. Red points come first: with one of them it is no true partnership.", lang
    )
    rows = []
    for group in _same(of_group(m, "conflict")):
        first = group[0]
        rows.append(
            {
                "key": first.rule,
                "name": first.title[lang],
                "severity": first.severity,
                "red": first.red,
                "label": say("severity {n} of 3", lang, n=first.severity),
                "texts": _texts(m, group),
                "way": first.way_out[lang] if first.way_out else "",
                "answers": _group_sources(m, group),
            }
        )
    return {
        "title": say("Goal conflicts and ways out", lang),
        "lead": lead,
        "red": say("red", lang),
        "way": say("Way out:", lang),
        "rows": rows,
    }


def interests(m: Material) -> Data:
    """Return the three columns."""
    lang = m.lang
    columns = []
    for name in ("common", "complementary", "opposed"):
        entries = getattr(m.verdict.interests, name)
        together = len(m.parties) > 2
        rows = _gathered(m, entries) if together else [entry.text[lang] for entry in entries]
        title = m.rules.interests.words[name][lang]
        columns.append({"title": title, "rows": rows, "none": say("Nothing here.", lang)})
    return {"title": say("Interests", lang), "columns": columns}


def _gathered(m: Material, entries: Iterable[Interest]) -> list[str]:
    """Write each capability and each clash once, with all parties on either side."""
    sides: dict[tuple[str, ...], tuple[dict[str, None], dict[str, None]]] = {}
    rows: dict[tuple[str, ...], str] = {}
    for entry in entries:
        key = (entry.about, *entry.keys)
        rows.setdefault(key, entry.text[m.lang])
        if entry.about in {"capability", "clash"}:
            first, second = sides.setdefault(key, ({}, {}))
            first[m.parties[entry.parties[0]]] = None
            second[m.parties[entry.parties[1]]] = None
    for key, (first, second) in sides.items():
        values = {"x": ", ".join(first), "y": ", ".join(second)}
        if key[0] == "capability":
            what = m.rules.label("capabilities", key[1], m.lang)
            rows[key] = say("{what}: needed by {x}, brought in by {y}", m.lang, what=what, **values)
        else:
            one, other = (m.rules.label("goals", goal, m.lang) for goal in key[1:])
            rows[key] = say("{one} ({x}) – {other} ({y})", m.lang, one=one, other=other, **values)
    return list(rows.values())


def gaps(m: Material) -> Data:
    """Return gaps between word and proof, and notes."""
    found = sorted(of_group(m, "gap", "note"), key=lambda one: one.rule)
    rows = [
        {
            "key": group[0].rule,
            "name": group[0].title[m.lang],
            "texts": _texts(m, group),
            "answers": _group_sources(m, group),
        }
        for group in _same(found)
    ]
    lead = say("A gap is no reproach: it says where a word does not yet have its proof.", m.lang)
    return {"title": say("Word and proof", m.lang), "lead": lead, "rows": rows}
