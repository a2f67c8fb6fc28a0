"""Parties, pairs and rounds beside each other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from mutualist.reports.answers import public_answers
from mutualist.reports.material import Material
from mutualist.reports.words import say

Data = dict[str, Any]
TOO_CLOSE: Final = 0.045
SCORES: Final = ("P", "S", "D", "L")


def pairs(m: Material) -> Data:
    """Return the matrix of pairs of a larger room."""
    lang = m.lang
    rows = [
        {
            "pair": " – ".join(m.parties[party] for party in pair.parties),
            "kind": m.rules.kinds[pair.kind].words[lang],
            "scores": [str(pair.scores[score]) for score in SCORES],
            "load": str(pair.load),
            "red": ", ".join(pair.red) or "–",
        }
        for pair in m.verdict.pairs
    ]
    head = [say("Pair", lang), say("Result", lang), *SCORES, say("Load", lang), say("Red", lang)]
    lead = say("Every two parties, computed as a room of their own.", lang)
    return {"title": say("Pair by pair", lang), "lead": lead, "head": head, "rows": rows}


def path(m: Material) -> Data:
    """Return the results of all rounds and what changed since the last one."""
    lang = m.lang
    rounds = [(one.number, one.verdict) for one in m.earlier] + [(m.round, m.verdict)]
    rows = [
        {
            "round": say("Round {round}", lang, round=number),
            "kind": m.rules.kinds[verdict.kind].words[lang],
            "scores": [*(str(verdict.scores[s]) for s in SCORES), str(verdict.load)],
        }
        for number, verdict in rounds
    ]
    return {
        "title": say("The path between the rounds", lang),
        "head": [say("Round", lang), say("Result", lang), *SCORES, say("Load", lang)],
        "rows": rows,
        "changed_title": say("Answers that changed since the round before", lang),
        "changed_head": [
            say("No.", lang),
            say("Party", lang),
            say("Before", lang),
            say("Now", lang),
        ],
        "changed": _changed(m),
    }


def _changed(m: Material) -> list[Data]:
    if not m.earlier:
        return []
    last = m.earlier[-1].visible
    rows: list[Data] = []
    for party, name in m.parties.items():
        before = public_answers(last.get(party, {}), m.rules.items)
        now = m.answers[party]
        rows += [
            {
                "item": item,
                "party": name,
                "before": m.words.write(item, before.get(item)),
                "after": m.words.write(item, now.get(item)),
            }
            for item in m.rules.items
            if before.get(item) != now.get(item)
        ]
    return sorted(rows, key=lambda row: row["item"])


def lines(m: Material) -> Data:
    """Return the answers that lie on a line; parties at one place share a mark."""
    rows = [
        {
            "label": line.label,
            "note": line.note,
            "marks": _marks(line.places),
            "said": " · ".join(
                f"{key}: {line.texts[key]}" for key in m.parties if key in line.texts
            ),
        }
        for line in m.lines
    ]
    said = "; ".join(f"{row['label']}: {row['said']}" for row in rows)
    return {
        "title": say("How far apart the answers are", m.lang),
        "lead": " · ".join(f"{key} = {name}" for key, name in m.parties.items()),
        "alt": said,
        "first_party": next(iter(m.parties)),
        "rows": rows,
    }


def _marks(places: Mapping[str, float]) -> list[Data]:
    """Return marks from left to right; those too close to be told apart are one."""
    marks: list[Data] = []
    for party, place in sorted(places.items(), key=lambda pair: pair[1]):
        if marks and place - marks[-1]["place"] < TOO_CLOSE:
            marks[-1]["text"] += f" {party}"
        else:
            marks.append({"place": place, "text": party})
    return marks


def points(m: Material) -> list[Data]:
    """Return the hundred points of 1.2 and 2.1 as two wings; more than two parties have the table."""
    if len(m.parties) != 2:
        return []
    found = []
    for item in ("1.2", "2.1"):
        given = [m.answers[party].get(item) for party in m.parties]
        shares = [dict(share) for share in given if isinstance(share, Mapping)]
        if len(shares) < len(given):
            continue
        goals = [goal for goal in m.rules.lists["goals"] if any(s.get(goal.key) for s in shares)]
        goals.sort(key=lambda goal: -sum(share.get(goal.key, 0) for share in shares))
        rows = [
            {"goal": goal.words[m.lang], "values": [share.get(goal.key, 0) for share in shares]}
            for goal in goals
        ]
        names = list(m.parties.values())
        said = "; ".join(f"{r['goal']}: {r['values'][0]:g}, {r['values'][1]:g}" for r in rows)
        found.append(
            {
                "title": f"{item}  {m.rules.items[item].words[m.lang]}",
                "names": names,
                "alt": f"{names[0]}, {names[1]}: {said}",
                "top": max(max(row["values"]) for row in rows),
                "rows": rows,
            }
        )
    return found


def answers(m: Material) -> Data:
    """Return the answers side by side, question by question."""
    changed = {(row["item"], row["party"]) for row in _changed(m)}
    groups = []
    for question in m.rules.questions:
        rows = []
        for item in question.items:
            if all(item.number not in m.answers[party] for party in m.parties):
                continue
            values = [
                {
                    "text": m.words.write(item.number, m.answers[party].get(item.number)),
                    "changed": (item.number, name) in changed,
                }
                for party, name in m.parties.items()
            ]
            rows.append({"item": item.number, "question": item.words[m.lang], "values": values})
        if rows:
            groups.append({"title": f"{question.number}  {question.words[m.lang]}", "rows": rows})
    lang = m.lang
    lead = say(
        "Only what all parties see after the opening. Plans to replace the other side (2.3), alternatives (4.5), pain limits (5.4), single pledges (6.4) and how long the effort is financed (6.3) are not shown.",
        lang,
    )
    return {
        "title": say("Answers side by side", lang),
        "lead": lead,
        "question": say("Question", lang),
        "party": say("Party", lang),
        "answer": say("Answer", lang),
        "mark": say("(changed)", lang),
        "parties": list(m.parties.values()),
        "groups": groups,
    }
