"""What stands beside the kind: roles, runner-up, distance, evidence, rules fired, gaps (instrument 5.4 and 5.7)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mutualist.domain.assess.engine import Engine, Figures, Group
from mutualist.domain.assess.model import Rule, Source

SCORES = ("P", "S", "D", "L")
PARTNERSHIPS = ("true_partnership", "possible", "in_the_making")


@dataclass(frozen=True, slots=True)
class Fired:
    """A rule that fired: for an ordered pair (X, Y) by index, or for the room."""

    rule: str
    pair: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class OpenGap:
    """A gap or note: which case, on whom, and what it is about (a kind of promise, a row)."""

    gap: str
    case: int
    parties: tuple[int, ...]
    about: Any


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """A line of the evidence meter: a measure or a rule, its points, and whether it is proven."""

    id: str
    points: float
    proven: bool


def fired_rules(figures: Figures) -> tuple[Fired, ...]:
    """Return the rules of every strongest ordered pair and those of L."""
    found = []
    for score, at in (("S", 1), ("D", 3)):
        for pair in figures.strongest[score]:
            found += [Fired(rule, pair) for rule in figures.group.ordered[pair][at]]
    return (*found, *(Fired(rule, None) for rule in figures.fired_logo))


def roles(figures: Figures, engine: Engine) -> dict[str, str | None]:
    """Return the roles of a supplier or distribution relationship, by the id of the party or None."""
    kind = engine.ruleset.kinds[figures.kind]
    if kind.roles is None:
        return {}
    pairs = figures.strongest[kind.score]
    return {
        role: figures.group.ids[pairs[0][at]] if len({pair[at] for pair in pairs}) == 1 else None
        for at, role in enumerate(kind.roles)
    }


def runner_up(figures: Figures, engine: Engine) -> str | None:
    """Return the highest score that is not that of the kind, if it is high enough."""
    own = engine.ruleset.kinds[figures.kind].score
    best = max((name for name in SCORES if name != own), key=figures.scores.__getitem__)
    return best if figures.scores[best] >= engine.ruleset.thresholds.runner_up else None


def distance(figures: Figures, engine: Engine) -> float:
    """Return how far the scores are from another kind."""
    limits, scores = engine.ruleset.thresholds, figures.scores
    own = engine.ruleset.kinds[figures.kind].score
    if figures.kind in {"true_partnership", "possible"}:
        found = scores["P"] - max(limits.partnership, figures.worst)
    elif figures.kind == "in_the_making":
        found = max(0, limits.partnership - scores["P"])
    elif figures.kind == "still_open":
        found = limits.named - figures.worst
        if scores["P"] < limits.making:
            found = min(found, limits.making - scores["P"])
    else:
        rivals = [limits.named, *(scores[name] for name in ("S", "D", "L") if name != own)]
        if all(met is True for met in figures.gates.values()) and scores["P"] >= limits.partnership:
            rivals.append(scores["P"])
        found = scores[own] - max(rivals)
    return round(found, 9)


# -------------------------------------------------------------------------------------------------------------- evidence


def _proof(engine: Engine, group: Group, party: int, item: str) -> int:
    """Return the proof level of an item; of rows the lowest."""
    facts = group.bases[party].__dict__
    spec = engine.ruleset.items[item]
    if spec.type == "level":
        return int(facts[spec.name] or 0)
    if spec.type == "rows":
        index = tuple(spec.fields).index("proof")
        rows = facts[spec.name]
        return min([row[index] for row in rows], default=0) if rows else 0
    return int(facts[f"{spec.name}_proof"])


def evidence_lines(
    figures: Figures, engine: Engine, fired: Sequence[Fired]
) -> tuple[EvidenceLine, ...]:
    """Return the lines of the evidence meter: all measures, and every rule fired in S, D and L, once each."""
    group, least = figures.group, engine.ruleset.thresholds.proven
    everyone = range(len(group.ids))

    def proven(sources: Sequence[Source], pair: tuple[int, int] | None) -> bool:
        if not sources:
            return False
        return all(
            _proof(engine, group, party, source.item) >= least
            for source in sources
            for party in (everyone if pair is None else (pair[source.other],))
        )

    lines = [
        EvidenceLine(
            measure.id,
            measure.weight,
            value is not None
            and proven([Source(item, other=False) for item in measure.proof], None),
        )
        for measure, value in zip(engine.ruleset.measures, figures.measures, strict=True)
    ]
    where: dict[str, list[tuple[int, int] | None]] = {}
    for one in fired:
        where.setdefault(one.rule, []).append(one.pair)
    by_id: Mapping[str, Rule] = engine.rules
    lines += [
        EvidenceLine(
            rule, by_id[rule].points, all(proven(by_id[rule].proof, pair) for pair in pairs)
        )
        for rule, pairs in where.items()
    ]
    return tuple(lines)


def evidence(lines: Sequence[EvidenceLine]) -> float:
    """Return the proven share of all lines, in per cent."""
    whole = sum(line.points for line in lines)
    return (
        round(100 * sum(line.points for line in lines if line.proven) / whole, 9) if whole else 0.0
    )


# ------------------------------------------------------------------------------------------------------------------ gaps


def gaps(figures: Figures, engine: Engine) -> tuple[OpenGap, ...]:
    """Return all gaps and notes of the room."""
    group, programs = figures.group, engine.programs
    frame, count = group.frame, range(len(group.ids))
    found = [
        OpenGap(gap, case, (), about)
        for gap, case, about in programs.room_gaps(group.bases, (), frame, group)
    ]
    for i in count:
        base = group.bases[i]
        met: list[bool] = []
        for j in count:
            if i == j:
                continue
            view, other = group.views[i][j], group.views[j][i]
            found += [
                OpenGap(gap, case, (i, j), about)
                for gap, case, about in programs.ordered_gaps(view, other, frame)
            ]
            here = programs.party_gaps(view, other, frame)
            met = [a or b for a, b in zip(met, here, strict=True)] if met else list(here)
        found += [
            OpenGap(*place, (i,), None)
            for place, is_met in zip(programs.party_cases, met, strict=True)
            if is_met
        ]
        found += [
            OpenGap(gap, case, (i,), about) for gap, case, about in programs.row_gaps(base, frame)
        ]
    return tuple(found)


def gap_code(gap: OpenGap, ids: Sequence[str]) -> str:
    """Return how the result file names a gap: ``H1:A>B``, ``H4:A``, ``H2``."""
    return f"{gap.gap}:{'>'.join(ids[index] for index in gap.parties)}" if gap.parties else gap.gap


def fired_code(fired: Fired, ids: Sequence[str]) -> str:
    """Return how the result file names a rule: ``S1:B>A``, ``L1``."""
    return (
        fired.rule
        if fired.pair is None
        else f"{fired.rule}:{ids[fired.pair[0]]}>{ids[fired.pair[1]]}"
    )


def conflict_roles(figures: Figures, engine: Engine) -> dict[str, list[str]]:
    """Return, for conflicts with a direction, every ordered pair that reaches their severity."""
    group = figures.group
    found: dict[str, list[str]] = {}
    for at, index in enumerate(engine.scopes["ordered"]):
        worst = figures.severities[index]
        if worst:
            found[engine.ruleset.conflicts[index].id] = sorted(
                f"{group.ids[i]}>{group.ids[j]}"
                for (i, j), values in group.ordered_severities.items()
                if values[at] == worst
            )
    return found
