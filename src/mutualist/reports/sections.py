"""The parts that board paper and report share: result, gates, scores, ladder, pledges, next step."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, time
from typing import Any, Final

from mutualist.domain.assess.explaining import load_text, points_text, score_text
from mutualist.domain.assess.wording import beside_threshold, listed
from mutualist.reports.dates import add_months
from mutualist.reports.material import Material
from mutualist.reports.words import day, say

Data = dict[str, Any]
GATE_STATES: Final = {True: "met", False: "missed", None: "open"}


def timestamp(m: Material) -> int:
    """Return the day of the opening in seconds: a paper is dated by its result, not by its printing."""
    return int(datetime.combine(m.opened_on, time(), tzinfo=UTC).timestamp())


def meta_line(m: Material) -> str:
    """Return what result this is, of which day, by which rules."""
    parts = [
        say("Result of round {round}", m.lang, round=m.round),
        day(m.opened_on, m.lang),
        say("Rules {version}", m.lang, version=m.rules.version),
    ]
    if m.self_check:
        parts[0] = say("Self-check of one side", m.lang)
    return " · ".join(parts)


def headline(m: Material) -> str:
    """Return the kind and who is who."""
    return m.verdict.headline(m.lang)


def reading(m: Material) -> str:
    """Return how to read the kind; a possible one says what keeps it there."""
    text = m.rules.kinds[m.verdict.kind].reading[m.lang]
    return " ".join([text, *(f"{reason}." for reason in m.verdict.holding_back(m.lang))])


def subline(m: Material) -> str:
    """Return the reading for the top of a paper, without the red points that stand below."""
    text = m.rules.kinds[m.verdict.kind].reading[m.lang]
    held = (
        m.verdict.holding_back(m.lang)[len(m.verdict.red) :] if m.verdict.kind == "possible" else ()
    )
    return " ".join([text, *(f"{reason}." for reason in held)])


def gates(m: Material) -> Data:
    """Return the three conditions with value, what is needed and whether it is met."""
    words = {
        "met": say("met", m.lang),
        "missed": say("not met", m.lang),
        "open": say("open", m.lang),
    }
    rows = []
    for detail in m.verdict.gate_details:
        state = GATE_STATES[detail.met]
        value, least = "–", beside_threshold(detail.needed, detail.needed, m.lang, 2)[1]
        if detail.value is not None:
            value, least = beside_threshold(detail.value, detail.needed, m.lang, 2)
        needed = say("needed {least}", m.lang, least=least)
        pledge = next((c for c in detail.conditions if c.about != detail.measure), None)
        if pledge is not None:
            if pledge.met is False:
                needed += f"; {pledge.text[m.lang]}"
            else:
                needed += " " + say("and {pledge} mutual", m.lang, pledge=pledge.about)
        measure = next(one for one in m.rules.measures if one.id == detail.measure)
        rows.append(
            {
                "name": detail.words[m.lang],
                "state": state,
                "measure": GATE_STATES[detail.conditions[0].met],
                "word": words[state],
                "value": value,
                "needed": needed,
                "formula": measure.how[m.lang],
            }
        )
    return {"title": say("Three conditions of a true partnership", m.lang), "rows": rows}


def scores(m: Material) -> Data:
    """Return the four scores, the one of the result first, then by size."""
    limits = m.rules.thresholds
    own = m.rules.kinds[m.verdict.kind].score
    order = sorted(m.rules.scores, key=lambda s: (s != own, -(m.verdict.exact[s] or 0)))
    rows = []
    for score in order:
        least = limits.partnership if score == "P" else limits.named
        rows.append(
            {
                "name": m.rules.scores[score][m.lang],
                "value": m.verdict.exact[score] or 0,
                "threshold": least,
                "label": score_text(m.verdict, score, m.lang),
                "shown": score == own,
            }
        )
    said = [f"{row['name']} {row['label']} ({row['threshold']:g})" for row in rows]
    note = say("0 to 100. The tick marks where a kind begins.", m.lang)
    if m.verdict.points_known < sum(measure.weight for measure in m.rules.measures):
        note += " " + say("Partnership: {points}.", m.lang, points=points_text(m.verdict, m.lang))
    return {
        "title": say("How near to which kind?", m.lang),
        "alt": say("Bars: {rows}. In brackets: from here on.", m.lang, rows=", ".join(said)),
        "note": note,
        "rows": rows,
    }


def meters(m: Material) -> list[Data]:
    """Return evidence and, where it means something, the conflict load."""
    found = [
        {
            "name": say("Proven (E2 or better)", m.lang),
            "value": m.verdict.evidence,
            "label": m.words.amount(m.verdict.evidence, "percent"),
            "heavy": False,
        }
    ]
    if not m.rules.kinds[m.verdict.kind].no_load:
        found.append(
            {
                "name": say("Conflict load (0 = none)", m.lang),
                "value": m.verdict.exact["load"] or 0,
                "label": say("{n} of 100", m.lang, n=load_text(m.verdict, m.lang)),
                "heavy": (m.verdict.exact["load"] or 0) > m.rules.thresholds.max_load,
            }
        )
    return found


def ladder(m: Material) -> Data:
    """Return today and every step towards a true partnership, with what each changes."""
    today = {
        "n": "",
        "move": say("Today", m.lang),
        "effect": m.rules.kinds[m.verdict.kind].words[m.lang],
        "value": m.verdict.exact["P"] or 0,
        "label": score_text(m.verdict, "P", m.lang),
        "load": load_text(m.verdict, m.lang),
        "arrives": False,
    }
    rows = [today]
    before: Any = m.verdict
    for step in m.steps:
        words = step.move.words[m.lang]
        rows.append(
            {
                "n": str(step.number),
                "move": words[:1].upper() + words[1:],
                "effect": _effect(m, before, step),
                "value": step.scores["P"],
                "label": str(step.scores["P"]),
                "load": str(step.load),
                "arrives": step.kind == "true_partnership",
            }
        )
        before = step
    least = m.rules.thresholds.partnership
    needed = say("Partnership, {least} needed", m.lang, least=f"{least:g}")
    reached = m.verdict.kind == "true_partnership"
    return {
        "title": say("What would have to change?", m.lang),
        "head": [say("Step", m.lang), needed],
        "threshold": least,
        "rows": rows,
        "end": ""
        if len(rows) < 2 or rows[-1]["arrives"]
        else say("No single step helps beyond this.", m.lang),
        "none": say(
            "Nothing: this is a true partnership."
            if reached
            else "No single move helps from here.",
            m.lang,
        ),
    }


def _effect(m: Material, before: Any, after: Any) -> str:
    """Say what a step changes: the kind first, then a condition, then red points."""
    if after.kind != before.kind:
        return f"→ {m.rules.kinds[after.kind].words[m.lang]}"
    found = [
        say("{gate}: met", m.lang, gate=gate.words[m.lang])
        for gate in m.rules.gates
        if after.gates[gate.id] is True and before.gates[gate.id] is not True
    ]
    found += [
        say("{conflict} no longer red", m.lang, conflict=m.rules.conflict(red).words[m.lang])
        for red in before.red
        if red not in after.red
    ]
    if not found and after.load < before.load:
        found = [
            say("Conflict load {before} → {after}", m.lang, before=before.load, after=after.load)
        ]
    return "; ".join(found)


def pledges(m: Material) -> Data:
    """Return what all would sign."""
    rows = [
        {
            "key": key,
            "name": m.rules.pledge(key).words[m.lang],
            "short": m.rules.pledge(key).short[m.lang],
        }
        for key in m.verdict.mutual
    ]
    return {
        "title": say("All would sign" if len(m.parties) > 2 else "Both would sign", m.lang),
        "rows": rows,
        "none": say("No pledge is mutual yet.", m.lang),
    }


def next_step(m: Material) -> Data:
    """Return the earliest milestone that names a person."""
    found = [
        (row["due_months"], party, row)
        for party in m.parties
        for row in _rows(m.answers[party].get("6.1"))
        if str(row.get("who") or "").strip().lower() not in m.rules.nobody
    ]
    if not found:
        text = say("No milestone names a person yet. Agree on one with a date.", m.lang)
        return {"title": say("Next step", m.lang), "what": "", "who": "", "none": text}
    months, party, row = min(found, key=lambda entry: entry[0])
    due = add_months(m.opened_on, months)
    return {
        "title": say("Next step", m.lang),
        "what": str(row.get("what") or "").strip() or say("Milestone", m.lang),
        "who": say(
            "By {day}: {who}, {party}",
            m.lang,
            who=str(row["who"]).strip(),
            party=m.parties[party],
            day=day(due, m.lang),
        ),
        "none": "",
    }


def _rows(answer: Any) -> list[Mapping[str, Any]]:
    return list(answer) if isinstance(answer, list | tuple) else []


def notices(m: Material) -> str:
    """Return what every paper says about itself."""
    parts = [
        say("Not binding: the result describes answers, not people.", m.lang),
        say("The weights of the rules are judgement, not fitted to outcomes.", m.lang),
        m.rules.texts["caution"][m.lang],
    ]
    if m.self_check:
        parts.insert(0, say("Answered by one side, including guesses about the other.", m.lang))
    return " ".join(parts)


def party_line(m: Material) -> str:
    """Return the names of the parties; from five on the rest is counted."""
    names = list(m.parties.values())
    if len(names) > 4:
        return listed([*names[:3], say("{n} more", m.lang, n=len(names) - 3)], m.lang)
    return " · ".join(names)
