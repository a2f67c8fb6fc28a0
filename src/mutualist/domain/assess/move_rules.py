"""Single moves: what one party, or all together, could do differently (instrument 5.12).

A move sets answers and nothing else. It is not checked against the format, so points need not be whole.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from mutualist.domain.assess.facts import UNKNOWN, Facts, per_counterpart
from mutualist.domain.assess.model import MoveRule, Ruleset, Words
from mutualist.domain.assess.rooms import Room
from mutualist.domain.assess.wording import both
from mutualist.domain.shared.errors import MutualistError

Sheet = Mapping[str, Any]
Changed = dict[int, dict[str, Any]]


class MoveError(MutualistError):
    """A move that the rule file does not have, or a party that the room does not have."""


@dataclass(frozen=True, slots=True)
class Position:
    """Where a room stands: ids, sheets and facts of its parties."""

    ids: tuple[str, ...]
    sheets: Sequence[Sheet]
    bases: Sequence[Facts]
    ruleset: Ruleset

    @property
    def count(self) -> int:
        """Number of parties."""
        return len(self.ids)

    def facts(self, name: str) -> list[Any]:
        """Return a fact of all parties."""
        return [base.__dict__[name] for base in self.bases]


@dataclass(frozen=True, slots=True)
class Move:
    """A single move that would change something.

    ``id`` is ``"goal"`` for a move of all and ``"share:B"`` for one of party B.
    """

    id: str
    rule: str
    party: str | None
    words: Words

    def to_dict(self, lang: str | None = None) -> dict[str, Any]:
        """Return the move as plain data, with its words in one language or both."""
        text: Any = self.words[lang] if lang else {"de": self.words.de, "en": self.words.en}
        return {"id": self.id, "rule": self.rule, "party": self.party, "text": text}


def move_words(rule: MoveRule, name: str | None) -> Words:
    """Return the words of a move with the name of its party."""
    return both(
        lambda lang: rule.words[lang].format(X=name) if name is not None else rule.words[lang]
    )


def move_id(rule: MoveRule, party: str | None) -> str:
    """Return the id of a move."""
    return rule.id if party is None else f"{rule.id}:{party}"


# ------------------------------------------------------------------------------------------------------------ what it does


def with_field(raw: Any, short: str, field: str, value: Any) -> Any:
    """Set one field of an answer; the others stay as they are."""
    if isinstance(raw, dict):
        return {**raw, field: value}
    if field == short:
        return value
    return {field: value} if raw is None or raw == UNKNOWN else {short: raw, field: value}


def _towards_all(position: Position, index: int, number: str, change: Callable[[Any], Any]) -> Any:
    """Change an answer towards everybody, also where it is given per counterpart."""
    raw = position.sheets[index].get(number)
    others = [party for party in position.ids if party != position.ids[index]]
    if isinstance(raw, dict) and per_counterpart(raw, others):
        return {other: change(raw.get(other)) for other in others}
    return change(raw)


def _set(position: Position, rule: MoveRule, index: int) -> dict[str, Any]:
    item = position.ruleset.items[rule.item]
    if not rule.field:
        return {rule.item: rule.value}
    return {
        rule.item: _towards_all(
            position,
            index,
            rule.item,
            lambda raw: with_field(raw, item.short, rule.field, rule.value),
        )
    }


def _at_least(position: Position, rule: MoveRule, index: int) -> dict[str, Any]:
    item = position.ruleset.items[rule.item]
    now = position.bases[index].__dict__[f"{item.name}_{rule.field}"]
    value = rule.value if now is None else max(now, rule.value)
    return {
        rule.item: with_field(position.sheets[index].get(rule.item), item.short, rule.field, value)
    }


def _tick(position: Position, rule: MoveRule, index: int) -> dict[str, Any]:
    item = position.ruleset.items[rule.item]
    ticked = position.bases[index].__dict__[f"{item.name}_{rule.field}"] or frozenset()
    if rule.value in ticked:
        return {}
    value = [*_in_order(ticked, item.fields[rule.field].keys), rule.value]
    return {
        rule.item: with_field(position.sheets[index].get(rule.item), item.short, rule.field, value)
    }


def _in_order(ticked: frozenset[str], keys: Sequence[str]) -> list[str]:
    return [key for key in keys if key in ticked]


def _sign(position: Position, rule: MoveRule, index: int) -> dict[str, Any]:
    def sign(raw: Any) -> Any:
        return {**(raw if isinstance(raw, dict) else {}), rule.pledge: "yes"}

    number = position.ruleset.by_name["pledges"].number
    return {number: _towards_all(position, index, number, sign)}


def _share(position: Position, rule: MoveRule, index: int) -> dict[str, Any]:
    del rule
    item = position.ruleset.by_name["income"]
    source = tuple(item.fields).index("source")
    trade = {
        option.key for option in position.ruleset.lists["income_sources"] if "trade" in option.flags
    }
    rows = position.bases[index].__dict__["income"]
    if not rows or not any(row[source] in trade for row in rows):
        return {}
    return {item.number: [{"source": "joint_share", "percent": 100, "payer": "customer"}]}


def _bring(position: Position, rule: MoveRule, index: int) -> dict[str, Any]:
    item = position.ruleset.by_name["skills"]
    own = position.bases[index].__dict__
    if own["skills_have"] is None:
        return {}
    needs = [base.__dict__["skills_need"] for at, base in enumerate(position.bases) if at != index]
    brought = own["skills_bring"] or frozenset()
    more = {
        key
        for key, level in own["skills_have"].items()
        if level >= rule.have and any(need is not None and need[key] >= rule.need for need in needs)
    }
    if more <= brought:
        return {}
    value = _in_order(frozenset(brought | more), item.fields["bring"].keys)
    return {item.number: with_field(position.sheets[index].get(item.number), "", "bring", value)}


def _name_date(position: Position, rule: MoveRule, index: int) -> dict[str, Any]:
    number = position.ruleset.by_name["milestones"].number
    raw = position.sheets[index].get(number)
    rows = raw if isinstance(raw, list | tuple) else []
    person = rule.person.en if rule.person else "named person"
    return {number: [*rows[:3], {"due_months": rule.due_months, "who": person}]}


def _decide(position: Position, rule: MoveRule, index: int) -> dict[str, Any]:
    del rule
    item = position.ruleset.by_name["pace"]
    own = position.bases[index].__dict__["pace_decision"]
    financed = [months for at, months in enumerate(position.facts("pace_financed")) if at != index]
    if own is None or None in financed:
        return {}
    value = min(own, int(min(financed) // 2))
    return {item.number: with_field(position.sheets[index].get(item.number), "", "decision", value)}


def _align_goals(position: Position, rule: MoveRule) -> Changed:
    del rule
    goals, yardstick = (
        position.ruleset.by_name["joint_goals"],
        position.ruleset.by_name["yardstick"],
    )
    known = [share for share in position.facts("joint_goals") if share is not None]
    mean = (
        {key: sum(share[key] for share in known) / len(known) for key in goals.keys}
        if known
        else None
    )
    measure = next((m for m in position.facts("yardstick_measure") if m is not None), "revenue")
    changed: Changed = {}
    for index, sheet in enumerate(position.sheets):
        changed[index] = {
            yardstick.number: with_field(sheet.get(yardstick.number), "measure", "measure", measure)
        }
        if mean is not None and position.bases[index].__dict__["joint_goals"] != mean:
            changed[index][goals.number] = mean
    return changed


def _equal_loss(position: Position, rule: MoveRule) -> Changed:
    del rule
    part = 100 / position.count
    stake, today = (
        position.ruleset.by_name["stake"].number,
        position.ruleset.by_name["loss_today"].number,
    )
    return {
        index: {
            today: dict.fromkeys(position.ids, part),
            stake: with_field(position.sheets[index].get(stake), "", "loss", part),
        }
        for index in range(position.count)
    }


def _scale_gain(position: Position, rule: MoveRule) -> Changed:
    del rule
    gains = position.facts("stake_gain")
    if None in gains or sum(gains) <= 0:
        return {}
    number, whole = position.ruleset.by_name["stake"].number, sum(gains)
    return {
        index: {
            number: with_field(position.sheets[index].get(number), "", "gain", gain * 100 / whole)
        }
        for index, gain in enumerate(gains)
    }


_ONE: Mapping[str, Callable[[Position, MoveRule, int], dict[str, Any]]] = {
    "set": _set,
    "at_least": _at_least,
    "tick": _tick,
    "sign": _sign,
    "share": _share,
    "bring": _bring,
    "name_date": _name_date,
    "decide": _decide,
}
_ALL: Mapping[str, Callable[[Position, MoveRule], Changed]] = {
    "align_goals": _align_goals,
    "equal_loss": _equal_loss,
    "scale_gain": _scale_gain,
}
OPERATIONS = frozenset({*_ONE, *_ALL})


def effect(position: Position, rule: MoveRule, index: int | None) -> Changed:
    """Return the answers that a move sets, by the index of the party; empty if it changes nothing."""
    if index is not None:
        changed = {index: _ONE[rule.do](position, rule, index)}
    elif rule.do in _ALL:
        changed = _ALL[rule.do](position, rule)
    else:
        changed = {at: _ONE[rule.do](position, rule, at) for at in range(position.count)}
    kept = {
        at: {
            number: value
            for number, value in items.items()
            if position.sheets[at].get(number) != value
        }
        for at, items in changed.items()
    }
    return {at: items for at, items in kept.items() if items}


@lru_cache(maxsize=64)
def candidates(ruleset: Ruleset, count: int) -> tuple[tuple[MoveRule, int | None], ...]:
    """Return all single moves in the order of the table."""
    return tuple(
        (rule, index)
        for rule in ruleset.moves
        for index in (range(count) if rule.per_party else (None,))
    )


def find(ruleset: Ruleset, ids: Sequence[str], name: str) -> tuple[MoveRule, int | None]:
    """Return a move by its id."""
    rule_id, _, party = name.partition(":")
    for rule in ruleset.moves:
        if rule.id == rule_id and rule.per_party == bool(party) and (not party or party in ids):
            return rule, list(ids).index(party) if party else None
    raise MoveError(f"There is no move {name!r} in this room.")


def position_of(room: Room, bases: Sequence[Facts]) -> Position:
    """Return where a room stands."""
    return Position(room.ids, [room.answers[party] for party in room.ids], bases, room.ruleset)
