"""From facts to figures: measures, scores, gates, conflicts, kind. No words here.

Every measure, score and load is rounded to nine decimals once it is complete, and compared and printed from that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from mutualist.domain.assess.facts import Facts, FactsMaker, facts_maker
from mutualist.domain.assess.model import Item, Ruleset
from mutualist.domain.assess.rooms import Room

SIGNED = ("yes", "if")
NAMED_KINDS = (("supplier", "S"), ("distributor", "D"), ("logo", "L"))


@dataclass(slots=True)
class Group:
    """The parties that are looked at together: the whole room, or one pair of it.

    ``bases`` are facts without direction, ``views[i][j]`` those of party i towards party j.
    """

    ids: tuple[str, ...]
    bases: list[Facts]
    views: list[list[Facts]]
    frame: Facts
    ordered: dict[tuple[int, int], tuple[Any, ...]]
    pair_severities: dict[tuple[int, int], tuple[int, ...]]
    ordered_severities: dict[tuple[int, int], tuple[int, ...]]
    part_of_room: bool = False

    def loss_balance(self) -> float | None:
        """Return n × the smallest mean loss share ÷ 100 (5.2).

        A pair out of a larger room has its two means scaled to a sum of 100; both 0 give 0.
        """
        shares = [base.loss_today for base in self.bases]  # type: ignore[attr-defined]
        if None in shares:
            return None
        count = len(shares)
        means: list[float] = [
            sum([share.get(party, 0) for share in shares]) / count for party in self.ids
        ]
        if self.part_of_room:
            whole = sum(means)
            return count * min(means) / whole if whole else 0.0
        return count * min(means) / 100

    def completion(self) -> float | None:
        """Return the weakest direction of need × brought-in level ÷ need (3.1); who needs nothing counts 0."""
        brought = []
        for base in self.bases:
            have, bring = base.skills_have, base.skills_bring  # type: ignore[attr-defined]
            if have is None or bring is None or base.skills_need is None:  # type: ignore[attr-defined]
                return None
            brought.append({key: have[key] for key in bring})
        weakest = 1.0
        for index, base in enumerate(self.bases):
            needed = covered = 0
            others = [levels for other, levels in enumerate(brought) if other != index]
            for key, need in base.skills_need.items():  # type: ignore[attr-defined]
                if need:
                    needed += need
                    covered += need * max([levels.get(key, 0) for levels in others])
            weakest = min(weakest, covered / 4 / needed if needed else 0.0)
        return weakest

    def mutual_pledges(self) -> int | None:
        """Return the number of mutual pledges (6.4), unknown if one answer towards anybody is."""
        found = self.mutual()
        return None if found is None else len(found)

    def mutual(self) -> tuple[str, ...] | None:
        """Return the pledges that every party would sign towards every other, None if an answer is unknown."""
        sheets = self.pledge_sheets()
        if None in sheets:
            return None
        first, *others = sheets
        return tuple(
            key
            for key, answer in first.items()  # type: ignore[union-attr]
            if answer in SIGNED and all(sheet[key] in SIGNED for sheet in others)  # type: ignore[index]
        )

    def is_mutual(self, pledge: str) -> bool | None:
        """Tell whether a pledge is mutual; one "no" settles it."""
        answers = [
            None if sheet is None else sheet[pledge] in SIGNED for sheet in self.pledge_sheets()
        ]
        if False in answers:
            return False
        return None if None in answers else True

    def pledge_sheets(self) -> list[dict[str, str] | None]:
        """Return the pledges of each party towards each other."""
        count = range(len(self.ids))
        return [self.views[i][j].pledges for i in count for j in count if i != j]  # type: ignore[attr-defined]


@dataclass(slots=True)
class Figures:
    """What is computed about a group: exact figures, in the order of the rule file."""

    kind: str
    scores: dict[str, float]
    measures: tuple[float | None, ...]
    known_weight: float
    gates: dict[str, bool | None]
    severities: tuple[int, ...]
    load: float
    red: tuple[str, ...]
    open_items: tuple[str, ...]
    strongest: dict[str, tuple[tuple[int, int], ...]]
    fired_logo: list[str]
    group: Group

    @property
    def worst(self) -> float:
        """The highest of S, D and L."""
        return max(self.scores["S"], self.scores["D"], self.scores["L"])


class Engine:
    """Computes figures with one rule file."""

    def __init__(self, ruleset: Ruleset) -> None:
        self.ruleset = ruleset
        self.programs = ruleset.programs
        self.maker: FactsMaker = facts_maker(ruleset)
        self.weights = tuple(measure.weight for measure in ruleset.measures)
        self.measure_index = {measure.id: index for index, measure in enumerate(ruleset.measures)}
        self.measure_slots = tuple(
            _slots([ruleset.items[number] for number in measure.items])
            for measure in ruleset.measures
        )
        self.rules = {rule.id: rule for rule in ruleset.rules}
        self.points = {rule.id: rule.points for rule in ruleset.rules}
        self.conflict_weights = tuple(conflict.weight for conflict in ruleset.conflicts)
        self.red_ids = tuple((index, c.id) for index, c in enumerate(ruleset.conflicts) if c.red)
        self.scopes = {
            scope: tuple(
                index for index, conflict in enumerate(ruleset.conflicts) if conflict.scope == scope
            )
            for scope in ("ordered", "pair", "room")
        }
        core = [item for item in ruleset.items.values() if item.is_core]
        self.core_slots = tuple(
            (item.number, tuple(f"{item.name}_{key}" if key else item.name for key in item.core))
            for item in core
        )
        self.all_core = tuple(slot for _, slots in self.core_slots for slot in slots)

    # -------------------------------------------------------------------------------------------------------- groups

    def group(self, room: Room) -> Group:
        """Make the facts of a room; a room keeps the facts of its sheets, they never change."""
        ids = room.ids
        sheets = [room.answers[party] for party in ids]
        return self.group_of(ids, sheets, self.bases(room), self.maker.frame(room.frame))

    def bases(self, room: Room) -> list[Facts]:
        """Return the facts of each party."""
        kept = room.facts
        for party in room.ids:
            if party not in kept:
                kept[party] = self.maker.base(room.answers[party], party)
        return [kept[party] for party in room.ids]

    def group_of(
        self,
        ids: tuple[str, ...],
        sheets: Sequence[Mapping[str, Any]],
        bases: list[Facts],
        frame: Facts,
    ) -> Group:
        """Make a group of facts that are there already."""
        towards = self.maker.towards
        views = [
            [base if other == base.id else towards(base, sheet, other, ids) for other in ids]
            for base, sheet in zip(bases, sheets, strict=True)
        ]
        return Group(ids, bases, views, frame, {}, {}, {})

    def part(self, group: Group, first: int, second: int) -> Group:
        """Return two parties of a room as a group of their own; what is known of the pair already is kept."""
        views, ordered, pair = group.views, group.ordered, group.pair_severities
        return Group(
            (group.ids[first], group.ids[second]),
            [group.bases[first], group.bases[second]],
            [
                [group.bases[first], views[first][second]],
                [views[second][first], group.bases[second]],
            ],
            group.frame,
            {(0, 1): ordered[first, second], (1, 0): ordered[second, first]},
            {(0, 1): pair[first, second]},
            {
                (0, 1): group.ordered_severities[first, second],
                (1, 0): group.ordered_severities[second, first],
            },
            part_of_room=True,
        )

    # ------------------------------------------------------------------------------------------------------- figures

    def figures(self, group: Group, room_severities: tuple[int, ...] | None = None) -> Figures:
        """Compute everything about a group.

        ``room_severities`` are those of the whole room for the conflicts that sum over all parties, if the group is a pair.
        """
        ruleset = self.ruleset
        bases, frame = group.bases, group.frame
        count = len(bases)
        pairs = [(i, j) for i in range(count) for j in range(i + 1, count)]
        base_pairs = [(bases[i], bases[j]) for i, j in pairs]
        measures = self._measures(group, base_pairs)
        known_weight = total = 0.0
        for weight, value in zip(self.weights, measures, strict=True):
            if value is not None:
                known_weight += weight
                total += weight * value
        scores = {"P": round(100 * total / known_weight, 9) if known_weight else 0.0}
        strongest = self._ordered_scores(group, pairs, scores)
        fired_logo = self.programs.room_rules(bases, base_pairs, frame, group)
        scores["L"] = self._logo_score(fired_logo)
        severities = self._severities(group, pairs, base_pairs, room_severities)
        load = round(
            sum([w * s for w, s in zip(self.conflict_weights, severities, strict=True)]) / 3, 9
        )
        red = tuple([name for index, name in self.red_ids if severities[index] == 3])
        gates = {gate.id: self._gate(gate, measures, group) for gate in ruleset.gates}
        open_items = self._open_items(group)
        kind = self._kind(scores, gates, load, red, open_items)
        return Figures(
            kind,
            scores,
            measures,
            known_weight,
            gates,
            severities,
            load,
            red,
            open_items,
            strongest,
            fired_logo,
            group,
        )

    def _measures(
        self, group: Group, base_pairs: Sequence[tuple[Facts, Facts]]
    ) -> tuple[float | None, ...]:
        """Return the measures; one is unknown as soon as one of its items is for one party."""
        facts = [base.__dict__ for base in group.bases]
        found = self.programs.measures(group.bases, base_pairs, group.frame, group)
        return tuple(
            [
                None
                if value is None or None in [values[slot] for values in facts for slot in slots]
                else round(value, 9)
                for value, slots in zip(found, self.measure_slots, strict=True)
            ]
        )

    def _ordered_scores(
        self, group: Group, pairs: Sequence[tuple[int, int]], scores: dict[str, float]
    ) -> dict[str, tuple[tuple[int, int], ...]]:
        views, frame, found = group.views, group.frame, group.ordered
        run = self.programs.ordered_rules
        for i, j in pairs:
            if (i, j) not in found:
                found[i, j] = run(views[i][j], views[j][i], frame)
                found[j, i] = run(views[j][i], views[i][j], frame)
        strongest = {}
        for name, at in (("S", 0), ("D", 2)):
            best = max([result[at] for result in found.values()])
            scores[name] = round(best, 9)
            strongest[name] = tuple([pair for pair, result in found.items() if result[at] == best])
        return strongest

    def _logo_score(self, fired: Sequence[str]) -> float:
        limits = self.ruleset.thresholds
        score = sum([self.points[rule] for rule in fired])
        if limits.cap_unless in fired and any(rule in fired for rule in limits.cap_with_any):
            return round(score, 9)
        return round(min(score, limits.cap), 9)

    def _severities(
        self,
        group: Group,
        pairs: Sequence[tuple[int, int]],
        base_pairs: Sequence[tuple[Facts, Facts]],
        room_severities: tuple[int, ...] | None,
    ) -> tuple[int, ...]:
        views, frame, programs = group.views, group.frame, self.programs
        ordered, symmetric = group.ordered_severities, group.pair_severities
        for i, j in pairs:
            if (i, j) not in symmetric:
                first, second = views[i][j], views[j][i]
                symmetric[i, j] = programs.pair_conflicts(first, second, frame)
                ordered[i, j] = programs.ordered_conflicts(first, second, frame)
                ordered[j, i] = programs.ordered_conflicts(second, first, frame)
        if room_severities is None:
            room_severities = programs.room_conflicts(group.bases, base_pairs, frame, group)
        found = [0] * len(self.conflict_weights)
        for scope, worst in (
            ("ordered", map(max, zip(*ordered.values(), strict=True))),
            ("pair", map(max, zip(*symmetric.values(), strict=True))),
            ("room", iter(room_severities)),
        ):
            for index, value in zip(self.scopes[scope], worst, strict=True):
                found[index] = value
        return tuple(found)

    def room_severities(self, figures: Figures) -> tuple[int, ...]:
        """Return the severities of the conflicts that sum over all parties."""
        return tuple(figures.severities[index] for index in self.scopes["room"])

    def _gate(self, gate: Any, measures: Sequence[float | None], group: Group) -> bool | None:
        value = measures[self.measure_index[gate.measure]]
        met = None if value is None else value >= gate.at_least
        if met is False or not gate.pledge:
            return met
        mutual = group.is_mutual(gate.pledge)
        if mutual is False:
            return False
        return None if met is None or mutual is None else True

    def _open_items(self, group: Group) -> tuple[str, ...]:
        found = []
        for i, party in enumerate(group.ids):
            missing: set[str] = set()
            for j, view in enumerate(group.views[i]):
                if i == j:
                    continue
                values = view.__dict__
                if None in [values[slot] for slot in self.all_core]:
                    missing.update(
                        number
                        for number, slots in self.core_slots
                        if None in [values[slot] for slot in slots]
                    )
            found += [f"{number}:{party}" for number in missing]
        return tuple(sorted(found))

    def _kind(
        self,
        scores: Mapping[str, float],
        gates: Mapping[str, bool | None],
        load: float,
        red: Sequence[str],
        open_items: Sequence[str],
    ) -> str:
        limits = self.ruleset.thresholds
        worst = max(scores["S"], scores["D"], scores["L"])
        if (
            all(met is True for met in gates.values())
            and scores["P"] >= limits.partnership
            and scores["P"] > worst
        ):
            settled = not red and load <= limits.max_load and not open_items
            return "true_partnership" if settled else "possible"
        if worst >= limits.named:
            return next(kind for kind, score in NAMED_KINDS if scores[score] == worst)
        if gates[limits.making_gate] is True and scores["P"] >= limits.making:
            return "in_the_making"
        return "still_open"


def _slots(items: Sequence[Item]) -> tuple[str, ...]:
    """Return the facts that must be known for items; those per counterpart are looked at where they are used."""
    return tuple(
        f"{item.name}_{key}" if key else item.name
        for item in items
        if not item.counterpart
        for key in item.core or ((item.short,) if item.type == "fields" else ("",))
    )


@lru_cache(maxsize=16)
def engine(ruleset: Ruleset) -> Engine:
    """Return the engine of a rule file; it is made once."""
    return Engine(ruleset)
