"""The long report: everything the parties may see, in the order in which a reader asks for it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from mutualist.domain.assess.explaining import open_items_text
from mutualist.domain.assess.findings import Finding
from mutualist.reports import sections
from mutualist.reports.answers import UNKNOWN
from mutualist.reports.material import Material
from mutualist.reports.words import say

Data = dict[str, Any]
FRAME: Final = ("offer", "horizon", "relation", "public_since")
SCORES: Final = ("P", "S", "D", "L")


def report_data(m: Material) -> Data:
    """Return what the report shows, in words.

    Parameters
    ----------
    m : Material
        The opened round, with earlier rounds for the path between them.
    """
    lang = m.lang
    return {
        "lang": lang,
        "title": say("{room}: report of round {round}", lang, room=m.name, round=m.round),
        "room": m.name,
        "kind": m.rules.kinds[m.verdict.kind].words[lang],
        "meta": sections.meta_line(m),
        "headline": sections.headline(m),
        "subline": m.rules.kinds[m.verdict.kind].reading[lang],
        "facts": _facts(m),
        "reasons": _reasons(m),
        "gates": {
            **sections.gates(m),
            "head": [say(h, lang) for h in ("Condition", "Value", "Needed", "Result")],
        },
        "scores": sections.scores(m),
        "waterfall": _waterfall(m),
        "rules": _rules(m),
        "conflicts": _conflicts(m),
        "interests": _interests(m),
        "gaps": _gaps(m),
        "open": _open(m),
        "ladder": _ladder(m),
        "clauses": _clauses(m),
        "pairs": _pairs(m),
        "path": _path(m),
        "figures": [{"title": f.title, "alt": f.alt, "svg": f.svg} for f in m.figures],
        "figures_title": say("Answers side by side, drawn", lang),
        "answers": _answers(m),
        "method": _method(m),
        "seals": _seals(m),
        "footer": f"{m.name} · {say('Not binding', lang)}",
        "page": say("Page {page} of {total}", lang, page="{page}", total="{total}"),
    }


# ----------------------------------------------------------------------------------------- result


def _facts(m: Material) -> list[Data]:
    """Return the frame and who answered with which mandate."""
    facts = []
    for key in FRAME:
        field, value = m.rules.frame[key], m.frame.get(key)
        if value not in (None, "", UNKNOWN):
            facts.append({"name": field.words[m.lang], "value": m.words.field(field, value)})
    for party, name in m.parties.items():
        facts.append({"name": say("Party {key}", m.lang, key=party), "value": name})
    return facts


def _reasons(m: Material) -> Data:
    """Return in a few sentences why it is this kind and how firm that is."""
    v, lang = m.verdict, m.lang
    rows = list(v.holding_back(lang))
    own = m.rules.kinds[v.kind].score
    if own:
        rows.append(
            say("{score}: {points} of 100 points.", lang, score=m.rules.scores[own][lang], points=v.scores[own])
        )
    if v.runner_up:
        rows.append(
            say(
                "Next comes: {score} with {points} points.",
                lang,
                score=m.rules.scores[v.runner_up][lang],
                points=v.scores[v.runner_up],
            )
        )
    rows.append(say("Distance to another kind: {n} points.", lang, n=v.distance))
    rows.append(say("Proven at {n}% (E2 or better).", lang, n=v.evidence))
    if not m.rules.kinds[v.kind].no_load:
        most = f"{m.rules.thresholds.max_load:g}"
        rows.append(say("Conflict load: {n} of 100 (0 = none; a true partnership has at most {most}).", lang, n=v.load, most=most))
    return {"title": say("The result and how firm it is", lang), "lead": "", "rows": rows}


def _waterfall(m: Material) -> Data:
    """Return the rules or measures that make up the score of the kind shown."""
    v, lang = m.verdict, m.lang
    own = m.rules.kinds[v.kind].score or max("SDL", key=lambda s: v.exact[s] or 0)
    parts = _measures(m) if own == "P" else _fired(m, own)
    rows, reached = [], 0.0
    for key, words, points in parts:
        rows.append(_bar(key, words, reached, reached + points, f"+{points:g}" if points == int(points) else f"+{m.words.amount(points, '')}"))
        reached += points
    score = v.exact[own] or 0
    if round(reached, 6) > score:
        rows.append(_bar("", say("no public claim: at most {n}", lang, n=f"{score:g}"), score, reached, f"−{reached - score:g}"))
    if rows:
        rows.append({**_bar("", say("Sum", lang), 0, score, str(v.scores[own])), "sum": True})
    name = m.rules.scores[own][lang]
    said = ", ".join(f"{row['words']} {row['label']}" for row in rows)
    return {
        "title": say("Why {score} {points}?", lang, score=name, points=v.scores[own]),
        "alt": say("Points added up: {rows}", lang, rows=said),
        "rows": rows,
    }


def _bar(key: str, words: str, start: float, end: float, label: str) -> Data:
    return {"key": key, "words": words, "from": start, "to": end, "label": label, "sum": False}


def _measures(m: Material) -> list[tuple[str, str, float]]:
    known = m.verdict.points_known or 1
    return [
        (one.id, one.words[m.lang], round(100 / known * one.weight * value, 1))
        for one in m.rules.measures
        if (value := m.verdict.exact[one.id]) is not None
    ]


def _fired(m: Material, score: str) -> list[tuple[str, str, float]]:
    """Return the rules of one score; of several equally strong pairs the first one's."""
    found = [f for f in _of(m, "rule") if f.rule.startswith(score)]
    first = found[0].parties if found else ()
    return [(f.rule, f.text[m.lang], f.points or 0) for f in found if f.parties == first]


# ----------------------------------------------------------------------------- rules and conflicts


def _of(m: Material, *groups: str) -> list[Finding]:
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


def _rules(m: Material) -> Data:
    groups = []
    for score in ("S", "D", "L"):
        found = [f for f in _of(m, "rule") if f.rule.startswith(score)]
        if found:
            title = f"{m.rules.scores[score][m.lang]}: {m.verdict.scores[score]}"
            groups.append({"title": title, "rows": [_rule(m, f) for f in found]})
    return {
        "title": say("Rules that apply, and the answers behind them", m.lang),
        "lead": say("Each rule adds points to one kind. What turns it around stands below it.", m.lang),
        "undo": say("To turn it around:", m.lang),
        "groups": groups,
    }


def _rule(m: Material, f: Finding) -> Data:
    return {
        "key": f.rule,
        "words": f.text[m.lang],
        "points": f"+{f.points:g}",
        "undo": f.undo[m.lang] if f.undo else "",
        "answers": _sources(m, f.items),
    }


def _conflicts(m: Material) -> Data:
    lang = m.lang
    lead = say("Severity 1 to 3. Red points come first: with one of them it is no true partnership.", lang)
    rows = [
        {
            "key": f.rule,
            "name": f.title[lang],
            "severity": f.severity,
            "red": f.red,
            "label": say("severity {n} of 3", lang, n=f.severity),
            "finding": f.text[lang],
            "way": f.way_out[lang] if f.way_out else "",
            "answers": _sources(m, f.items),
        }
        for f in _of(m, "conflict")
    ]
    return {
        "title": say("Goal conflicts and ways out", lang),
        "lead": lead,
        "red": say("red", lang),
        "way": say("Way out:", lang),
        "rows": rows,
    }


def _interests(m: Material) -> Data:
    lang = m.lang
    columns = []
    for name in ("common", "complementary", "opposed"):
        rows = [entry.text[lang] for entry in getattr(m.verdict.interests, name)]
        title = m.rules.interests.words[name][lang]
        columns.append({"title": title, "rows": rows, "none": say("Nothing here.", lang)})
    return {"title": say("Interests", lang), "columns": columns}


def _gaps(m: Material) -> Data:
    rows = [
        {"key": f.rule, "words": f.text[m.lang], "answers": _sources(m, f.items)}
        for f in _of(m, "gap", "note")
    ]
    lead = say("A gap is no reproach: it says where a word does not yet have its proof.", m.lang)
    return {"title": say("Word and proof", m.lang), "lead": lead, "rows": rows}


def _open(m: Material) -> Data:
    text = open_items_text(m.verdict, m.lang)
    lead = say("An open answer costs no points. It lowers what is proven, and while it is open the result is not called a true partnership.", m.lang)
    return {"title": say("Open items", m.lang), "lead": lead, "rows": [text] if text else []}


def _ladder(m: Material) -> Data:
    lead = say("Single steps, the most helpful first. Good one by one, not proven to be the shortest way.", m.lang)
    columns = ["", say("Step", m.lang), say("Partnership", m.lang), "", say("Load", m.lang)]
    return {**sections.ladder(m), "lead": lead, "columns": columns}


def _clauses(m: Material) -> Data:
    names = _names(m)
    rows = [
        {
            "key": key,
            "name": m.rules.pledge(key).words[m.lang],
            "text": m.rules.pledge(key).clause[m.lang].format(parties=names),
        }
        for key in m.verdict.mutual
    ]
    title = say("What all would sign, as draft clauses" if len(m.parties) > 2 else "What both would sign, as draft clauses", m.lang)
    lead = m.rules.texts["caution"][m.lang] if rows else say("No pledge is mutual yet.", m.lang)
    return {"title": title, "lead": lead, "rows": rows}


def _names(m: Material) -> str:
    from mutualist.domain.assess.wording import listed

    return listed(list(m.parties.values()), m.lang)


# ------------------------------------------------------------------------------- pairs and rounds


def _pairs(m: Material) -> Data:
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


def _path(m: Material) -> Data:
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
        "changed_head": [say(h, lang) for h in ("No.", "Party", "Before", "Now")],
        "changed": _changed(m),
    }


def _changed(m: Material) -> list[Data]:
    if not m.earlier:
        return []
    from mutualist.reports.answers import public_answers

    last = m.earlier[-1].visible
    rows = []
    for party, name in m.parties.items():
        before = public_answers(last.get(party, {}), m.rules.items)
        now = m.answers[party]
        for item in m.rules.items:
            if before.get(item) != now.get(item):
                rows.append(
                    {
                        "item": item,
                        "party": name,
                        "before": m.words.write(item, before.get(item)),
                        "after": m.words.write(item, now.get(item)),
                    }
                )
    return sorted(rows, key=lambda row: row["item"])


# ---------------------------------------------------------------------- answers, method, seals


def _answers(m: Material) -> Data:
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
    lead = say("Only what all parties see after the opening. Plans to replace the other side (2.3), alternatives (4.5), pain limits (5.4), single pledges (6.4) and how long the effort is financed (6.3) are not shown.", lang)
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


def _method(m: Material) -> Data:
    lang = m.lang
    rows = [
        say("The result is computed from the answers by the rule file {version}; no person and no language model takes part. The same answers always give the same result.", lang, version=m.rules.version),
        *(f"{one.id} {one.words[lang]} ({one.weight:g}): {one.how[lang]}" for one in m.rules.measures),
        *(words[lang] for words in m.rules.weaknesses),
        sections.notices(m),
    ]
    return {"title": say("Method and limits", lang), "rows": rows}


def _seals(m: Material) -> Data:
    lang = m.lang
    rows = [
        {"party": m.parties[party], "fingerprint": mark}
        for party, mark in m.fingerprints.items()
        if mark and party in m.parties
    ]
    return {
        "title": say("Fingerprints of the sealed sheets", lang),
        "lead": say("Whoever noted the fingerprint at sealing sees here that the sheet is the one that was sealed.", lang),
        "head": [say("Party", lang), say("Fingerprint", lang)],
        "rows": rows,
    }


