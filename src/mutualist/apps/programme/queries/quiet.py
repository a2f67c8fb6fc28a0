"""Partners of whom it is known, without looking at each alone, that their level stays what it is.

When a partner was looked at and its level was *steady*, that is, what is held was what is earned, the day, the level
and a digest of everything it followed from are noted. The next time it is still the same

- on the same day, if the digest is the same;
- on a later day, if besides all partners scored at once (:mod:`.whole`) give this partner the same level on each day
  in between: what the best day of any window of months gives can then be neither more nor less.

Whoever is not quiet is looked at alone, as ever. Nothing is decided here.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from django.db.models import Count, Max, OuterRef, Subquery

from mutualist.apps.programme.models import FactRow, LevelChange, LevelProposal, Relation
from mutualist.apps.programme.queries.facts import facts_of
from mutualist.apps.programme.queries.levels import reading_all
from mutualist.apps.programme.queries.whole import FEW, levels_on
from mutualist.domain.programme.ahead.timeline import in_force
from mutualist.domain.programme.rules.model import RuleSet
from mutualist.domain.programme.scoring.facts import Facts
from mutualist.domain.programme.scoring.score import Cutoffs

#: Over more days than this partners are looked at one by one.
DAYS = 14
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Looking:
    """What the partners of a programme are looked at with: all versions of the rules, oldest first, on a day."""

    programme: int
    versions: list[RuleSet]
    day: date
    cutoffs: Cutoffs

    def rules(self, day: date) -> RuleSet:
        """Return the rules in force on a day."""
        return in_force(self.versions, day)


class Stamps:
    """Digests of what the levels of partners follow from.

    Facts that were imported count by how many there are and when the last one was taken in, everything else as it is.
    """

    def __init__(self, looking: Looking, relations: Sequence[Relation]) -> None:
        self.looking = looking
        self.pks = [one.pk for one in relations]
        self.joined = {one.pk: one.joined for one in relations}
        self.known = facts_of(relations, reading_all(looking.versions), stored_too=False)
        self.by_day: dict[date, str] = {}

    def of(self, relation: int, day: date) -> str:
        """Return the digest for a day: rules that begin later change nothing until then."""
        facts: Facts = self.known[relation]
        parts = (
            self.rules(day),
            self.joined[relation],
            sorted(facts.partner.items()),
            sorted(facts.rows.items()),
            self.stored.get(relation),
            self.changed.get(relation),
        )
        return _digest(parts)

    def rules(self, day: date) -> str:
        """Return the digest of what is the same for all partners."""
        if day not in self.by_day:
            versions = self.looking.versions
            begun = [replace(one, until=None) for one in versions if one.since <= day]
            levels = list(dict.fromkeys(one.name for each in versions for one in each.levels))
            cutoffs = [
                (name, sorted(one.items(), key=repr)) for name, one in self.looking.cutoffs.items()
            ]
            self.by_day[day] = _digest((begun, levels, sorted(cutoffs)))
        return self.by_day[day]

    @cached_property
    def stored(self) -> dict[int, Any]:
        """How many facts each partner has, and when the last was taken in."""
        rows = FactRow.objects.filter(relation__programme=self.looking.programme).order_by()
        found = rows.values_list("relation_id").annotate(Count("pk"), Max("imported_at"))
        return {pk: (count, last.isoformat()) for pk, count, last in found}

    @cached_property
    def changed(self) -> dict[int, int | None]:
        """The last change of each partner's level."""
        last = LevelChange.objects.filter(relation=OuterRef("pk"), day__lte=self.looking.day)
        found = Relation.objects.filter(programme=self.looking.programme).order_by()
        return dict(found.annotate(last=Subquery(last.values("pk")[:1])).values_list("pk", "last"))


def _digest(parts: object) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def quiet(
    looking: Looking, relations: Sequence[Relation], stamps: Stamps, *, few: int = FEW
) -> set[int]:
    """Return the partners whose level is known to stay what it is, and whose open proposal, if any, stays as well.

    Parameters
    ----------
    few
        Up to so many facts a programme is not scored at once.
    """
    same = {one.pk: one for one in relations if _same(looking, one, stamps)}
    if not same:
        return set()
    proposed = dict(
        LevelProposal.objects.filter(relation__programme=looking.programme, state="open")
        .order_by()
        .values_list("relation_id", "after")
    )
    names = [one.name for one in looking.versions[-1].levels]
    waiting = [one for one in same.values() if _stays(one, proposed.get(one.pk), names)]
    today = {one.pk for one in waiting if one.settled_on == looking.day}
    return today | _unmoved(looking, [one for one in waiting if one.pk not in today], few)


def _same(looking: Looking, relation: Relation, stamps: Stamps) -> bool:
    """Return whether a partner was steady not long ago, and nothing that this followed from has changed."""
    day = relation.settled_on
    if day is None or not looking.day - DAYS * ONE_DAY <= day <= looking.day:
        return False
    then, now = looking.rules(day), looking.rules(looking.day)
    if (then.status, then.fiscal_start) != (now.status, now.fiscal_start):
        return False
    return relation.settled_stamp == stamps.of(relation.pk, day)


def _stays(relation: Relation, proposed: str | None, names: list[str]) -> bool:
    """Return whether nothing is to be done about a partner as long as it holds the noted level."""
    if rank(names, relation.settled_level) >= rank(names, relation.level):
        return relation.settled_level == relation.level and proposed is None
    return proposed == relation.settled_level


def _unmoved(looking: Looking, relations: list[Relation], few: int) -> set[int]:
    """Return the partners who have the noted level on each day since it was noted."""
    if not relations or not _read_alike(looking.versions):
        return set()
    first = min(one.settled_on for one in relations if one.settled_on) + ONE_DAY
    days = [first + at * ONE_DAY for at in range((looking.day - first).days + 1)]
    found = levels_on(relations, looking.rules, days, looking.cutoffs, few=few)
    moved = defaultdict(set)
    for day, levels in found.items():
        for pk, level in levels.items():
            moved[pk].add((day, level))
    return {
        one.pk
        for one in relations
        if found
        and all(
            level == (one.settled_level or None)
            for day, level in moved[one.pk]
            if one.settled_on and day > one.settled_on
        )
    }


def _read_alike(versions: list[RuleSet]) -> bool:
    """Return whether fields mean the same in all versions: partners alone are read as the last one says."""
    merged = reading_all(versions)
    return all(
        merged.tables[name].fields[field.name] == field
        for one in versions
        for name, table in one.tables.items()
        for field in table.fields.values()
    ) and all(
        merged.partner[field.name] == field for one in versions for field in one.partner.values()
    )


def rank(names: Collection[str], level: str | None) -> int:
    """Return the place of a level, lowest first; -1 for none."""
    ordered = list(names)
    return ordered.index(level) if level in ordered else -1
