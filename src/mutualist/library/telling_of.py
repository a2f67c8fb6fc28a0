"""Put a result into the words of one language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mutualist.domain.assess.explaining import load_text, open_items_text, points_text
from mutualist.library.drawing import Bar, Step
from mutualist.library.telling import Gate, Reason, Rung, Telling
from mutualist.library.words import N_, text

if TYPE_CHECKING:
    from mutualist.domain.assess import Verdict as Result
    from mutualist.domain.assess.explaining import GateDetail
    from mutualist.domain.assess.findings import Finding

_STATES = {True: N_("met"), False: N_("not met"), None: N_("open")}
_COLUMNS = ("common", "complementary", "opposed")


def telling(result: Result, lang: str, *, changes: bool = False) -> Telling:
    """Return everything that is told about a result; the ladder only if it is wanted."""
    room, rules = result.room, result.ruleset
    kind = rules.kinds[result.kind]
    title, steps = _steps(result, lang)
    columns = (result.interests.common, result.interests.complementary, result.interests.opposed)
    return Telling(
        lang=lang,
        name=str(room.frame.get("name") or ""),
        parties=tuple(room.parties.values()),
        headline=result.headline(lang),
        sentence=kind.reading[lang],
        kind=result.kind,
        bars=tuple(
            Bar(words[lang], result.scores[key], key == kind.score)
            for key, words in rules.scores.items()
        ),
        facts=_facts(result, lang),
        gates=tuple(
            Gate(gate.words[lang], gate.met, _gate_detail(gate, lang))
            for gate in result.gate_details
        ),
        steps=steps,
        steps_title=title,
        reasons=reasons(result, lang),
        pledges=tuple(f"{key} {rules.pledge(key).words[lang]}" for key in result.mutual),
        interests=tuple(
            (rules.interests.words[name][lang], tuple(entry.text[lang] for entry in column))
            for name, column in zip(_COLUMNS, columns, strict=True)
        ),
        pairs=tuple(
            (
                " – ".join(room.name(party) for party in pair.parties),
                rules.kinds[pair.kind].words[lang],
                " ".join(f"{key} {value}" for key, value in pair.scores.items()),
            )
            for pair in result.pairs
        ),
        holding_back=result.holding_back(lang),
        rungs=_rungs(result, lang) if changes else (),
    )


def reasons(result: Result, lang: str) -> tuple[Reason, ...]:
    """Return every finding; the rules of the kind's own score come first."""
    own = result.ruleset.kinds[result.kind].score
    rules = [f for f in result.findings if f.group == "rule"]
    rest = [f for f in result.findings if f.group != "rule"]
    ordered = sorted(rules, key=lambda found: not found.rule.startswith(own or "-"))
    return tuple(_reason(found, lang) for found in (*ordered, *rest))


def _reason(found: Finding, lang: str) -> Reason:
    points = found.points
    if found.severity is not None and found.weight is not None:
        points = round(found.weight * found.severity / 3, 2)
    undo = found.undo or found.way_out
    words = found.text[lang]
    title = found.title[lang]
    if found.group == "conflict" and not words.startswith(title):
        words = f"{title} {words}" if title.endswith("?") else f"{title}: {words}"
    return Reason(
        rule=found.rule,
        finding=words,
        points=points,
        answers=", ".join(found.items),
        undo=undo[lang] if undo else "",
        part=found.group,
        red=found.red,
    )


def _gate_detail(gate: GateDetail, lang: str) -> str:
    conditions = ", ".join(condition.text[lang] for condition in gate.conditions)
    return f"{text(_STATES[gate.met], lang)} ({conditions})"


def _facts(result: Result, lang: str) -> tuple[tuple[str, str], ...]:
    """Return the figures beside the kind."""
    kind = result.ruleset.kinds[result.kind]
    facts = [(text(N_("Partnership points"), lang), points_text(result, lang))]
    if not kind.no_load:
        facts.append((text(N_("Conflict load"), lang), load_text(result, lang)))
    facts.append(
        (
            text(N_("Proven"), lang),
            f"{result.evidence} %" if lang == "de" else f"{result.evidence}%",
        )
    )
    facts.append((text(N_("Distance"), lang), str(result.distance)))
    if result.runner_up:
        words = result.ruleset.scores[result.runner_up][lang]
        facts.append((text(N_("Runner-up"), lang), f"{words} {result.scores[result.runner_up]}"))
    left = open_items_text(result, lang)
    if left:
        label, _colon, items = left.partition(": ")
        facts.append((label + ":", items))
    return tuple(facts)


def _steps(result: Result, lang: str) -> tuple[str, tuple[Step, ...]]:
    """Return what the kind's own score is made of: rules, or measures times their weights."""
    rules = result.ruleset
    own = rules.kinds[result.kind].score
    if own in {"S", "D", "L"}:
        fired = [
            found
            for found in result.findings
            if found.group == "rule" and found.rule.startswith(own)
        ]
        first = {found.parties for found in fired[:1]}
        steps = tuple(
            Step(f"{f.rule} {f.text[lang]}", f.points or 0) for f in fired if f.parties in first
        )
    else:
        known = result.points_known or 1
        steps = tuple(
            Step(f"{m.id} {m.words[lang]}", 100 * m.weight * (result.measures[m.id] or 0) / known)
            for m in rules.measures
            if result.measures[m.id] is not None
        )
    score = rules.scores[own or "P"][lang]
    return text(N_("What the points for “{score}” are made of"), lang, score=score), steps


def ladder_rows(
    result: Result, max_steps: int, target: str | None, lang: str
) -> list[dict[str, Any]]:
    """Return the steps of the ladder as rows."""
    return [
        {
            "step": number,
            "move": step.move.words[lang],
            "result": step.kind,
            **{key: step.scores[key] for key in ("P", "S", "D", "L")},
            "load": step.load,
            "red": " ".join(step.red),
        }
        for number, step in enumerate(result.changes(max_steps, target), 1)
    ]


def _rungs(result: Result, lang: str) -> tuple[Rung, ...]:
    kinds = result.ruleset.kinds
    start = Rung(
        text(N_("today"), lang),
        kinds[result.kind].words[lang],
        result.scores["P"],
        _highest(dict(result.scores)),
        result.load,
        " ".join(result.red),
    )
    rows = ladder_rows(result, 9, None, lang)
    return (
        start,
        *(
            Rung(
                row["move"],
                kinds[row["result"]].words[lang],
                row["P"],
                _highest(row),
                row["load"],
                row["red"],
            )
            for row in rows
        ),
    )


def _highest(scores: dict[str, Any]) -> str:
    key = max(("S", "D", "L"), key=lambda name: scores[name])
    return f"{key} {scores[key]}"
