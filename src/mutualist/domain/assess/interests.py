"""Interests in three columns: common, complementary, opposed (instrument 5.6)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from mutualist.domain.assess.facts import Facts
from mutualist.domain.assess.model import Words
from mutualist.domain.assess.wording import both

if TYPE_CHECKING:
    from mutualist.domain.assess.verdict import Verdict

_NEEDS = Words(
    "{what}: {X} braucht es, {Y} bringt es ein", "{what}: {X} needs it, {Y} brings it in"
)


@dataclass(frozen=True, slots=True)
class Interest:
    """An entry of a column.

    ``about`` is goal, capability, clash or conflict; ``keys`` are goals, a capability or the id of the conflict;
    ``parties`` are those it concerns, in the order of the words.
    """

    about: Literal["goal", "capability", "clash", "conflict"]
    keys: tuple[str, ...]
    parties: tuple[str, ...]
    text: Words
    severity: int | None = None
    red: bool = False

    def to_dict(self) -> dict[str, Any]:
        """Return the entry as it stands in ``verdict/1``."""
        return {
            "about": self.about,
            "keys": list(self.keys),
            "parties": list(self.parties),
            "severity": self.severity,
            "red": self.red,
            "text": {"de": self.text.de, "en": self.text.en},
        }


@dataclass(frozen=True, slots=True)
class Interests:
    """The three columns."""

    common: tuple[Interest, ...]
    complementary: tuple[Interest, ...]
    opposed: tuple[Interest, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the columns as they stand in ``verdict/1``."""
        columns = {
            "common": self.common,
            "complementary": self.complementary,
            "opposed": self.opposed,
        }
        return {name: [entry.to_dict() for entry in column] for name, column in columns.items()}


def interests(verdict: Verdict) -> Interests:
    """Return the three columns of a result.

    Common are goals with enough points in every party's 1.2. Opposed are clashes of own goals (2.1) and conflicts of
    severity 2 or 3. Complementary are the other goals with enough points in at least one 1.2, and every capability that
    one party needs and another firmly brings in at a high enough level.
    """
    rules = verdict.ruleset.interests
    bases = verdict.figures.group.bases
    shares: list[dict[str, float] | None] = [base.__dict__["joint_goals"] for base in bases]
    goals = [option.key for option in verdict.ruleset.lists["goals"]]
    common = [
        g for g in goals if all(share is not None and share[g] >= rules.common for share in shares)
    ]
    opposed = _clashes(verdict, bases) + _conflicts(verdict)
    taken = {*common, *(key for entry in opposed if entry.about == "clash" for key in entry.keys)}
    some = [
        g
        for g in goals
        if g not in taken
        and any(share is not None and share[g] >= rules.common for share in shares)
    ]
    return Interests(
        tuple(_goal(verdict, goal) for goal in common),
        (*(_goal(verdict, goal) for goal in some), *_capabilities(verdict, bases)),
        tuple(opposed),
    )


def _label(verdict: Verdict, list_name: str, key: str) -> Words:
    return both(lambda lang: verdict.ruleset.label(list_name, key, lang))


def _goal(verdict: Verdict, goal: str) -> Interest:
    limit = verdict.ruleset.interests.common
    bases = verdict.figures.group.bases
    holders = [b.id for b in bases if (b.__dict__["joint_goals"] or {}).get(goal, 0) >= limit]
    return Interest("goal", (goal,), tuple(holders), _label(verdict, "goals", goal))


def _clashes(verdict: Verdict, bases: list[Facts]) -> list[Interest]:
    rules = verdict.ruleset.interests
    found = []
    for first, second in rules.clashes:
        for x in bases:
            for y in bases:
                mine, theirs = x.__dict__["own_goals"], y.__dict__["own_goals"]
                if x is y or mine is None or theirs is None:
                    continue
                if mine[first] >= rules.own and theirs[second] >= rules.own:
                    found.append(_clash(verdict, (first, second), (x.id, y.id)))
    return found


def _clash(verdict: Verdict, goals: tuple[str, str], parties: tuple[str, str]) -> Interest:
    labels = [_label(verdict, "goals", goal) for goal in goals]
    names = [verdict.room.name(party) for party in parties]
    text = both(lambda lang: f"{names[0]}: {labels[0][lang]} – {names[1]}: {labels[1][lang]}")
    return Interest("clash", goals, parties, text)


def _conflicts(verdict: Verdict) -> list[Interest]:
    least = verdict.ruleset.interests.severity
    found = [
        Interest(
            "conflict",
            (conflict.id,),
            verdict.room.ids,
            conflict.words,
            verdict.conflicts[conflict.id],
            conflict.id in verdict.red,
        )
        for conflict in verdict.ruleset.conflicts
        if verdict.conflicts.get(conflict.id, 0) >= least
    ]
    weights = {conflict.id: conflict.weight for conflict in verdict.ruleset.conflicts}
    return sorted(
        found, key=lambda entry: (not entry.red, -weights[entry.keys[0]] * (entry.severity or 0))
    )


def _capabilities(verdict: Verdict, bases: list[Facts]) -> list[Interest]:
    rules = verdict.ruleset.interests
    found = []
    for x in bases:
        need = x.__dict__["skills_need"]
        for y in bases:
            have, bring = y.__dict__["skills_have"], y.__dict__["skills_bring"]
            if x is y or need is None or have is None or bring is None:
                continue
            for option in verdict.ruleset.lists["capabilities"]:
                key = option.key
                if need[key] >= rules.need and key in bring and have[key] >= rules.have:
                    found.append(_capability(verdict, key, (x.id, y.id)))
    return found


def _capability(verdict: Verdict, key: str, parties: tuple[str, str]) -> Interest:
    label = _label(verdict, "capabilities", key)
    x, y = (verdict.room.name(party) for party in parties)
    return Interest(
        "capability",
        (key,),
        parties,
        both(lambda lang: _NEEDS[lang].format(X=x, Y=y, what=label[lang])),
    )
