"""The result of a room, and how to get it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from mutualist.domain.assess import summary
from mutualist.domain.assess.engine import Engine, Figures, engine
from mutualist.domain.assess.rooms import Room

if TYPE_CHECKING:
    from mutualist.domain.assess.explaining import GateDetail
    from mutualist.domain.assess.findings import Finding
    from mutualist.domain.assess.interests import Interests
    from mutualist.domain.assess.ladder import Step
    from mutualist.domain.assess.model import Ruleset
    from mutualist.domain.assess.summary import EvidenceLine

SCHEMA = "verdict/1"
_SIX = Decimal("0.000001")


def whole(value: float) -> int:
    """Round half up to a whole number.

    Examples
    --------
    >>> whole(46.5), whole(68.333333333)
    (47, 68)
    """
    return int(value + 0.5) if value >= 0 else -int(-value + 0.5)


def six(value: float | None) -> float | None:
    """Round half up to six decimals; unknown stays unknown."""
    if value is None:
        return None
    return float(Decimal(repr(value)).quantize(_SIX, ROUND_HALF_UP))


@dataclass(frozen=True, slots=True)
class PairResult:
    """The result of two parties of a larger room (5.11)."""

    pair: str
    parties: tuple[str, str]
    kind: str
    scores: Mapping[str, int]
    load: int
    red: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the pair as it stands in ``verdict/1``."""
        return {"pair": self.pair, **self.figures()}

    def figures(self) -> dict[str, Any]:
        """Return the pair as it stands in the result file."""
        return {"kind": self.kind, **self.scores, "load": self.load, "red": list(self.red)}


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Verdict:
    """What the answers of a room amount to. Immutable; texts are made when they are asked for.

    Attributes
    ----------
    kind : str
        Key of the kind: true_partnership, possible, in_the_making, supplier, distributor, logo, still_open.
    roles : mapping
        ``{"supplier": "B", "buyer": "A"}`` or ``{"seller": ..., "maker": ...}``, ids or None; empty for other kinds.
    scores : mapping
        P, S, D, L as printed.
    exact : mapping
        P, S, D, L, load, distance and evidence, and the measures, rounded to nine decimals.
    gates : mapping
        goal, investment, risk: True (met), False (not met) or None (open).
    measures : mapping
        J1 to J6 with six decimals, None if unknown.
    load : int
        Conflict load as printed, 0 to 100.
    red, mutual, fired, gaps, open_items : tuple of str
        As in the result file.
    conflicts : mapping
        Conflict to severity, only above 0.
    conflict_roles : mapping
        Conflict with a direction to ``["A>B"]``.
    runner_up : str or None
        The next highest score.
    distance, evidence : int
        As printed.
    pairs : tuple of PairResult
        The matrix of pairs; empty for two parties.
    points_known : float
        How many of the 100 points of P rest on answers.
    """

    room: Room
    kind: str
    roles: Mapping[str, str | None]
    scores: Mapping[str, int]
    exact: Mapping[str, float | None]
    gates: Mapping[str, bool | None]
    measures: Mapping[str, float | None]
    load: int
    red: tuple[str, ...]
    conflicts: Mapping[str, int]
    conflict_roles: Mapping[str, tuple[str, ...]]
    gaps: tuple[str, ...]
    mutual: tuple[str, ...]
    fired: tuple[str, ...]
    open_items: tuple[str, ...]
    runner_up: str | None
    distance: int
    evidence: int
    evidence_lines: tuple[EvidenceLine, ...]
    pairs: tuple[PairResult, ...]
    points_known: float
    figures: Figures = field(repr=False)
    open_gaps: tuple[summary.OpenGap, ...] = field(repr=False)
    fired_rules: tuple[summary.Fired, ...] = field(repr=False)
    _cache: dict[str, Any] = field(default_factory=dict, repr=False)

    @property
    def ruleset(self) -> Ruleset:
        """The rule file of the result."""
        return self.room.ruleset

    @property
    def red_points(self) -> tuple[str, ...]:
        """The same as ``red``."""
        return self.red

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Everything that was found, in words: rules, conflicts, gaps, notes and gates."""
        from mutualist.domain.assess.findings import findings

        return self._once("findings", lambda: findings(self))  # type: ignore[no-any-return]

    @property
    def reasons(self) -> tuple[Finding, ...]:
        """The rules behind the kind: those of its own score, else those of the highest of S, D and L; each once."""
        score = self.ruleset.kinds[self.kind].score
        if score not in {"S", "D", "L"}:
            score = max(("S", "D", "L"), key=self.figures.scores.__getitem__)
        kind = next(key for key, one in self.ruleset.kinds.items() if one.score == score)
        rules = {rule.id for rule in self.ruleset.rules if rule.kind == kind}
        found: dict[str, Finding] = {}
        for finding in self.findings:
            if finding.rule in rules:
                found.setdefault(finding.rule, finding)
        return tuple(found.values())

    @property
    def interests(self) -> Interests:
        """Common, complementary and opposed interests."""
        from mutualist.domain.assess.interests import interests

        return self._once("interests", lambda: interests(self))  # type: ignore[no-any-return]

    @property
    def gate_details(self) -> tuple[GateDetail, ...]:
        """The three gates with value, what is needed, and why they are not met."""
        from mutualist.domain.assess.explaining import gate_details

        return self._once("gates", lambda: gate_details(self))  # type: ignore[no-any-return]

    def headline(self, lang: str = "en") -> str:
        """Return the name of the kind, with the roles if it has any."""
        from mutualist.domain.assess.explaining import headline

        return headline(self, lang)

    def sentence(self, lang: str = "en") -> str:
        """Return headline and reading in one or two sentences."""
        from mutualist.domain.assess.explaining import sentence

        return sentence(self, lang)

    def holding_back(self, lang: str = "en") -> tuple[str, ...]:
        """Return what keeps a possible partnership from being a true one; empty for other kinds."""
        from mutualist.domain.assess.explaining import holding_back

        return holding_back(self, lang)

    def changes(self, max_steps: int = 20, target: str | None = None) -> tuple[Step, ...]:
        """Return the ladder, see :func:`mutualist.domain.assess.changes`."""
        from mutualist.domain.assess.ladder import changes

        return changes(self.room, max_steps, target)

    def to_dict(self) -> dict[str, Any]:
        """Return the stable JSON ``verdict/1``."""
        return {
            "schema": SCHEMA,
            "ruleset": self.ruleset.version,
            "kind": self.kind,
            "roles": dict(self.roles),
            "scores": dict(self.scores),
            "gates": dict(self.gates),
            "measures": dict(self.measures),
            "load": self.load,
            "red": list(self.red),
            "conflicts": dict(self.conflicts),
            "gaps": list(self.gaps),
            "mutual": list(self.mutual),
            "fired": list(self.fired),
            "evidence": self.evidence,
            "findings": [finding.to_dict() for finding in self.findings],
            "pairs": [pair.to_dict() for pair in self.pairs],
            "open_items": list(self.open_items),
            "runner_up": self.runner_up,
            "distance": self.distance,
            "conflict_roles": {key: list(value) for key, value in self.conflict_roles.items()},
            "interests": self.interests.to_dict(),
        }

    def result_file(self) -> dict[str, Any]:
        """Return the result as the worked examples write it: no texts, pairs as a mapping."""
        keys = (
            "kind",
            "roles",
            "scores",
            "gates",
            "measures",
            "load",
            "red",
            "conflicts",
            "conflict_roles",
        )
        more = ("gaps", "mutual", "fired", "open_items", "runner_up", "distance", "evidence")
        found = {key: _plain(getattr(self, key)) for key in (*keys, *more)}
        if self.pairs:
            found["pairs"] = {pair.pair: pair.figures() for pair in self.pairs}
        return found

    def __repr__(self) -> str:
        """Return one line: kind, scores, load."""
        scores = " ".join(f"{name} {value}" for name, value in self.scores.items())
        red = f", red {' '.join(self.red)}" if self.red else ""
        return f"<Verdict {self.kind}: {scores}, load {self.load}{red}>"

    def _once(self, key: str, make: Any) -> Any:
        if key not in self._cache:
            self._cache[key] = make()
        return self._cache[key]

    def __eq__(self, other: object) -> bool:
        """Results are equal if their rooms are."""
        return isinstance(other, Verdict) and self.room == other.room

    def __hash__(self) -> int:
        """Hash the room."""
        return hash(self.room)

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle as the room; the result is computed again."""
        return assess, (self.room,)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(entry) for key, entry in value.items()}
    return list(value) if isinstance(value, tuple) else value


def assess(room: Room) -> Verdict:
    """Compute the result of a room.

    Parameters
    ----------
    room
        Two or more parties with their answers.

    Returns
    -------
    Verdict
        Kind, scores, conflicts, gaps and all reasons. The same room always gives the same result; no clock is read.

    References
    ----------
    Instrument 2026.2, sections 5.3 to 5.11.

    Examples
    --------
    >>> room = Room.from_dict({"ruleset": "2026.2", "parties": {"A": "Nordwerk", "B": "Tauwerk"}})
    >>> assess(room).kind
    'still_open'
    """
    judge = engine(room.ruleset)
    group = judge.group(room)
    figures = judge.figures(group)
    fired = summary.fired_rules(figures)
    lines = summary.evidence_lines(figures, judge, fired)
    gaps = summary.gaps(figures, judge)
    ids, ruleset = group.ids, room.ruleset
    distance, evidence = summary.distance(figures, judge), summary.evidence(lines)
    measures = dict(zip(judge.measure_index, figures.measures, strict=True))
    exact = {
        **figures.scores,
        "load": figures.load,
        **measures,
        "distance": distance,
        "evidence": evidence,
    }
    return Verdict(
        room=room,
        kind=figures.kind,
        roles=MappingProxyType(summary.roles(figures, judge)),
        scores=MappingProxyType({name: whole(figures.scores[name]) for name in summary.SCORES}),
        exact=MappingProxyType(exact),
        gates=MappingProxyType(figures.gates),
        measures=MappingProxyType({name: six(value) for name, value in measures.items()}),
        load=whole(figures.load),
        red=figures.red,
        conflicts=MappingProxyType(
            {c.id: s for c, s in zip(ruleset.conflicts, figures.severities, strict=True) if s}
        ),
        conflict_roles=MappingProxyType(
            {key: tuple(value) for key, value in summary.conflict_roles(figures, judge).items()}
        ),
        gaps=tuple(sorted([summary.gap_code(gap, ids) for gap in gaps])),
        mutual=group.mutual() or (),
        fired=tuple(sorted([summary.fired_code(rule, ids) for rule in fired])),
        open_items=figures.open_items,
        runner_up=summary.runner_up(figures, judge),
        distance=whole(distance),
        evidence=whole(evidence),
        evidence_lines=lines,
        pairs=_pairs(figures, judge) if len(ids) > 2 else (),
        points_known=figures.known_weight,
        figures=figures,
        open_gaps=gaps,
        fired_rules=fired,
    )


def _pairs(figures: Figures, judge: Engine) -> tuple[PairResult, ...]:
    group = figures.group
    ids = group.ids
    room_severities = judge.room_severities(figures)
    places = sorted(
        (
            tuple(sorted((i, j), key=lambda at: ids[at]))
            for i in range(len(ids))
            for j in range(i + 1, len(ids))
        ),
        key=lambda pair: (ids[pair[0]], ids[pair[1]]),
    )
    found = []
    for i, j in places:
        part = judge.part(group, min(i, j), max(i, j))
        pair = judge.figures(part, room_severities)
        found.append(
            PairResult(
                f"{ids[i]}-{ids[j]}",
                (ids[i], ids[j]),
                pair.kind,
                MappingProxyType({name: whole(pair.scores[name]) for name in summary.SCORES}),
                whole(pair.load),
                pair.red,
            )
        )
    return tuple(found)
