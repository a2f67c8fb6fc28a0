"""Gates, headline and what keeps a result from the next one, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mutualist.domain.assess.model import Gate, Words
from mutualist.domain.assess.wording import below_threshold, beside_threshold, both, listed, number

if TYPE_CHECKING:
    from mutualist.domain.assess.findings import Finding
    from mutualist.domain.assess.verdict import Verdict

_NOT_MUTUAL = Words("{pledge} nicht gegenseitig", "{pledge} not mutual")
_MUTUAL = Words("{pledge} gegenseitig", "{pledge} mutual")
_OPEN = Words("noch nicht beantwortet", "not yet answered")
_NEEDED = Words("{value} – nötig {least}", "{value} – {least} needed")
_UNANSWERED = Words("Noch nicht beantwortet: {items}", "Not yet answered: {items}")
_TOO_HIGH = Words(
    "Konfliktlast {value} – höchstens {most}", "Conflict load {value} – at most {most}"
)
_RED = Words("Roter Punkt {id}: {name}", "Red point {id}: {name}")
_FROM = Words("{value} (aus {known} von {all} Punkten)", "{value} (from {known} of {all} points)")


@dataclass(frozen=True, slots=True)
class Condition:
    """One of the conditions of a gate: the measure, or the pledge.

    ``met`` is True, False or None (open).
    """

    about: str
    met: bool | None
    value: float | None
    needed: float | None
    text: Words


@dataclass(frozen=True, slots=True)
class GateDetail:
    """A gate with its reasons."""

    id: str
    words: Words
    met: bool | None
    measure: str
    value: float | None
    needed: float
    conditions: tuple[Condition, ...]
    text: Words

    def to_dict(self) -> dict[str, Any]:
        """Return the gate as plain data."""
        return {
            "id": self.id,
            "met": self.met,
            "value": self.value,
            "needed": self.needed,
            "text": {"de": self.text.de, "en": self.text.en},
        }


def gate_details(verdict: Verdict) -> tuple[GateDetail, ...]:
    """Return the gates in the order of the rule file."""
    return tuple(_gate(verdict, gate) for gate in verdict.ruleset.gates)


def _gate(verdict: Verdict, gate: Gate) -> GateDetail:
    value = verdict.exact[gate.measure]
    conditions = [
        Condition(
            gate.measure,
            _met(value, gate.at_least),
            value,
            gate.at_least,
            _measure_text(value, gate),
        )
    ]
    if gate.pledge:
        mutual = verdict.figures.group.is_mutual(gate.pledge)
        text = _OPEN if mutual is None else _MUTUAL if mutual else _NOT_MUTUAL
        conditions.append(
            Condition(gate.pledge, mutual, None, None, _filled(text, pledge=gate.pledge))
        )
    reasons = [c.text for c in conditions if c.about == gate.measure or c.met is not True]
    return GateDetail(
        gate.id,
        gate.words,
        verdict.gates[gate.id],
        gate.measure,
        value,
        gate.at_least,
        tuple(conditions),
        both(lambda lang: f"{gate.words[lang]}: {', '.join(reason[lang] for reason in reasons)}"),
    )


def _met(value: float | None, least: float) -> bool | None:
    return None if value is None else value >= least


def _measure_text(value: float | None, gate: Gate) -> Words:
    if value is None:
        return _OPEN

    def write(lang: str) -> str:
        shown, least = beside_threshold(value, gate.at_least, lang, 2)
        return _NEEDED[lang].format(value=shown, least=least)

    return both(write)


def _filled(words: Words, **values: str) -> Words:
    return both(lambda lang: words[lang].format(**values))


def gate_findings(verdict: Verdict) -> list[Finding]:
    """Return the gates that are not met or open, as findings."""
    from mutualist.domain.assess.findings import Finding

    found = []
    for detail in verdict.gate_details:
        if detail.met is True:
            continue
        measure = next(m for m in verdict.ruleset.measures if m.id == detail.measure)
        items = [*measure.items, *(["6.4"] if len(detail.conditions) > 1 else [])]
        found.append(
            Finding(
                id=detail.id,
                rule=detail.id,
                group="gate",
                points=None,
                severity=None,
                weight=None,
                red=False,
                parties=verdict.room.ids,
                items=tuple(f"{item}:{party}" for item in items for party in verdict.room.ids),
                title=detail.words,
                text=detail.text,
            )
        )
    return found


def score_text(verdict: Verdict, score: str, lang: str = "en") -> str:
    """Return a score as printed: one decimal more if it would seem to meet a threshold that it misses."""
    limits = verdict.ruleset.thresholds
    value = verdict.exact[score] or 0.0
    steps = (limits.partnership, limits.making) if score == "P" else (limits.named,)
    texts = [beside_threshold(value, step, lang, 0)[0] for step in steps]
    return max(texts, key=len)


def points_text(verdict: Verdict, lang: str = "en") -> str:
    """Return P as printed, with the number of points it rests on if that is not all."""
    everything = sum(measure.weight for measure in verdict.ruleset.measures)
    value = score_text(verdict, "P", lang)
    if verdict.points_known == everything:
        return value
    known = number(verdict.points_known, lang)
    return _FROM[lang].format(value=value, known=known, all=number(everything, lang))


def load_text(verdict: Verdict, lang: str = "en") -> str:
    """Return the conflict load as printed."""
    return below_threshold(verdict.exact["load"] or 0.0, verdict.ruleset.thresholds.max_load, lang)[
        0
    ]


def headline(verdict: Verdict, lang: str) -> str:
    """Return the name of the kind, and who is who."""
    kind = verdict.ruleset.kinds[verdict.kind]
    if kind.roles is None:
        return kind.words[lang]
    names = {role: verdict.room.name(party) for role, party in verdict.roles.items() if party}
    first, second = (role in names for role in kind.roles)
    if first and second:
        text = kind.sentences["sentence"]
    elif first or second:
        text = kind.sentences["first" if first else "second"]
    else:
        text = kind.sentences["both" if len(verdict.room.ids) == 2 else "several"]
    return f"{kind.words[lang]} – {text[lang].format(**names)}"


def sentence(verdict: Verdict, lang: str) -> str:
    """Return the headline and how to read it."""
    head = headline(verdict, lang)
    end = "" if head.endswith(".") else "."
    return f"{head}{end} {verdict.ruleset.kinds[verdict.kind].reading[lang]}"


def open_items_text(verdict: Verdict, lang: str) -> str:
    """Return "Not yet answered: 3.4 (Nordwerk)", or nothing."""
    if not verdict.open_items:
        return ""
    by_item: dict[str, list[str]] = {}
    for code in verdict.open_items:
        number_, _, party = code.partition(":")
        by_item.setdefault(number_, []).append(verdict.room.name(party))
    parts = [f"{item} ({listed(names, lang)})" for item, names in by_item.items()]
    return _UNANSWERED[lang].format(items=", ".join(parts))


def holding_back(verdict: Verdict, lang: str) -> tuple[str, ...]:
    """Return what keeps a possible partnership from being true, or one in the making from being possible."""
    if verdict.kind == "in_the_making":
        return tuple(detail.text[lang] for detail in verdict.gate_details if detail.met is not True)
    if verdict.kind != "possible":
        return ()
    rules = verdict.ruleset
    found = [_RED[lang].format(id=red, name=rules.conflict(red).words[lang]) for red in verdict.red]
    load = verdict.exact["load"] or 0.0
    if load > rules.thresholds.max_load:
        value, most = below_threshold(load, rules.thresholds.max_load, lang)
        found.append(_TOO_HIGH[lang].format(value=value, most=most))
    if verdict.open_items:
        found.append(open_items_text(verdict, lang))
    return tuple(found)
