"""The long report: everything the parties may see, in the order in which a reader asks for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from mutualist.domain.assess.explaining import open_items_text
from mutualist.domain.assess.wording import listed
from mutualist.reports import compared, reasons, sections
from mutualist.reports.answers import UNKNOWN
from mutualist.reports.material import Material
from mutualist.reports.words import say

Data = dict[str, Any]
FRAME: Final = ("offer", "horizon", "relation", "public_since")


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
        "timestamp": sections.timestamp(m),
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
            "head": [
                say("Condition", lang),
                say("Value", lang),
                say("Needed", lang),
                say("Result", lang),
            ],
        },
        "scores": sections.scores(m),
        "waterfall": _waterfall(m),
        "rules": reasons.rules(m),
        "conflicts": reasons.conflicts(m),
        "interests": reasons.interests(m),
        "gaps": reasons.gaps(m),
        "open": _open(m),
        "ladder": _ladder(m),
        "clauses": _clauses(m),
        "pairs": compared.pairs(m),
        "path": compared.path(m),
        "lines": compared.lines(m),
        "points": compared.points(m),
        "figures": [{"title": f.title, "alt": f.alt, "svg": f.svg} for f in m.figures],
        "figures_title": say("Charts", lang),
        "answers": compared.answers(m),
        "method": _method(m),
        "seals": _seals(m),
        "footer": f"{m.name} · {say('Not binding', lang)}",
        "page": say("Page {page} of {total}", lang, page="{page}", total="{total}"),
    }


def _facts(m: Material) -> list[Data]:
    """Return the frame and who answered with which mandate."""
    facts = []
    for key in FRAME:
        field, value = m.rules.frame[key], m.frame.get(key)
        if value not in (None, "", UNKNOWN):
            facts.append({"name": field.words[m.lang], "value": m.words.field(field, value)})
    for party, name in m.parties.items():
        value = " · ".join([name, *_header(m, party)])
        facts.append({"name": say("Party {key}", m.lang, key=party), "value": value})
    return facts


def _header(m: Material, party: str) -> list[str]:
    """Return role and mandate of whoever answered for a party."""
    header = m.visible.get(party, {}).get("header")
    header = header if isinstance(header, Mapping) else {}
    known = {key: v for key, v in header.items() if v not in (None, "", UNKNOWN)}
    found = [m.words.field(m.rules.header["role"], known["role"])] if "role" in known else []
    if "mandate" in known:
        answer = m.words.field(m.rules.header["mandate"], known["mandate"])
        if "limit" in known:
            answer += f" ({m.words.field(m.rules.header['limit'], known['limit'])})"
        found.append(say("may decide: {answer}", m.lang, answer=answer))
    return found


def _reasons(m: Material) -> Data:
    """Return in a few sentences why it is this kind and how firm that is."""
    v, lang = m.verdict, m.lang
    rows = list(v.holding_back(lang))
    own = m.rules.kinds[v.kind].score
    if own:
        rows.append(
            say(
                "{score}: {points} of 100 points.",
                lang,
                score=m.rules.scores[own][lang],
                points=v.scores[own],
            )
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
        rows.append(
            say(
                "Conflict load: {n} of 100 (0 = none; a true partnership has at most {most}).",
                lang,
                n=v.load,
                most=most,
            )
        )
    return {"title": say("The result and how firm it is", lang), "lead": "", "rows": rows}


def _waterfall(m: Material) -> Data:
    """Return the rules or measures that make up the score of the kind shown."""
    v, lang = m.verdict, m.lang
    own = m.rules.kinds[v.kind].score or max("SDL", key=lambda s: v.exact[s] or 0)
    parts = _measures(m) if own == "P" else _fired(m, own)
    rows, reached = [], 0.0
    for key, words, points in parts:
        rows.append(
            _bar(
                key,
                words,
                reached,
                reached + points,
                f"+{points:g}" if points == int(points) else f"+{m.words.amount(points, '')}",
            )
        )
        reached += points
    score = v.exact[own] or 0
    if own == "L" and round(reached, 6) > score:
        rows.append(
            _bar(
                "",
                say("no public claim: at most {n}", lang, n=f"{score:g}"),
                score,
                reached,
                f"−{reached - score:g}",
            )
        )
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
    found = [f for f in reasons.of_group(m, "rule") if f.rule.startswith(score)]
    first = found[0].parties if found else ()
    return [(f.rule, f.text[m.lang], f.points or 0) for f in found if f.parties == first]


def _open(m: Material) -> Data:
    text = open_items_text(m.verdict, m.lang)
    lead = say(
        "An open answer costs no points. It lowers what is proven, and while it is open the result is not called a true partnership.",
        m.lang,
    )
    return {"title": say("Open items", m.lang), "lead": lead, "rows": [text] if text else []}


def _ladder(m: Material) -> Data:
    lead = say(
        "Single steps, the most helpful first. Good one by one, not proven to be the shortest way.",
        m.lang,
    )
    columns = ["", say("Step", m.lang), say("Partnership", m.lang), "", say("Load", m.lang)]
    return {**sections.ladder(m), "lead": lead, "columns": columns}


def _clauses(m: Material) -> Data:
    names = listed(list(m.parties.values()), m.lang)
    rows = [
        {
            "key": key,
            "name": m.rules.pledge(key).words[m.lang],
            "text": m.rules.pledge(key).clause[m.lang].format(parties=names),
        }
        for key in m.verdict.mutual
    ]
    title = say(
        "What all would sign, as draft clauses"
        if len(m.parties) > 2
        else "What both would sign, as draft clauses",
        m.lang,
    )
    lead = m.rules.texts["caution"][m.lang] if rows else say("No pledge is mutual yet.", m.lang)
    return {"title": title, "lead": lead, "rows": rows}


def _method(m: Material) -> Data:
    lang = m.lang
    rows = [
        say(
            "The result is computed from the answers by the rule file {version}; no person and no language model takes part. The same answers always give the same result.",
            lang,
            version=m.rules.version,
        ),
        *(
            f"{one.id} {one.words[lang]} ({one.weight:g}): {one.how[lang]}"
            for one in m.rules.measures
        ),
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
        "lead": say(
            "Whoever noted the fingerprint at sealing sees here that the sheet is the one that was sealed.",
            lang,
        ),
        "head": [say("Party", lang), say("Fingerprint", lang)],
        "rows": rows,
    }
