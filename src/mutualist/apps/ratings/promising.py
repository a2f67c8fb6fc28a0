"""Promises beside what happened: stored ones as the rules read them, and what became of them for each partner."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from typing import Any, Final, Literal

from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from mutualist.apps.core.clock import now
from mutualist.apps.programme.public import Standing, memberships, programmes_with, promise_events
from mutualist.apps.ratings.models import Promise
from mutualist.domain.programme import rating as rules
from mutualist.domain.programme.rules.model import RuleSet
from mutualist.domain.programme.scoring.facts import Row

TABLE = "promises"
COLUMNS = frozenset({"side", "promise", "kept"})
Kind = Literal["number", "time"]


@dataclass(frozen=True, slots=True)
class About:
    """What promises may be about: who makes them, whether they are a number or a time limit."""

    side: rules.Side
    kind: Kind
    words: Any


ABOUT: Final[Mapping[str, About]] = {
    "enquiry": About("vendor", "number", _("Enquiries handed to a partner")),
    "decision": About("vendor", "time", _("Answer to a registered project")),
    "payout": About("vendor", "time", _("Payment of an approved commission")),
    "answer": About("partner", "time", _("Answer to an enquiry")),
    "project": About("partner", "number", _("Registered projects")),
}


@dataclass(frozen=True, slots=True)
class Kept:
    """A promise and what became of it for one partner, the running period last."""

    row: Promise
    about: About
    realities: tuple[rules.Reality, ...]

    @property
    def last(self) -> rules.Reality | None:
        """The last period that is over and had an occasion."""
        over = [one for one in self.realities if one.decided and one.kept is not None]
        return over[-1] if over else None

    @property
    def running(self) -> rules.Reality | None:
        """The period that is not over."""
        return next((one for one in self.realities if not one.decided), None)


def promises_of(programme: int) -> list[Promise]:
    """Return the promises of a programme, also those that ended."""
    return list(Promise.objects.filter(programme=programme))


def as_rule(row: Promise, since: date) -> rules.Promise:
    """Return a stored promise as the rules know it, for a partner that takes part since a day."""
    return rules.Promise(
        id=str(row.uid),
        side=ABOUT[row.about].side,
        about=row.about,
        every=row.every,  # type: ignore[arg-type] # checked when it was stored
        first=max(row.first, since),
        last=row.last,
        at_least=Fraction(row.at_least) if row.at_least is not None else None,
        within=timedelta(hours=row.hours) if row.hours is not None else None,
        share=Fraction(row.share, 100),
    )


def realities_of(relations: Iterable[int], promises: list[Promise]) -> dict[int, list[Kept]]:
    """Return what became of promises, by partner; a promise counts from the day a partner takes part.

    Parameters
    ----------
    relations
        A list of ids, or the query that finds them.
    """
    if not promises:
        return {}
    events, moment, rule = _events_of(relations), localtime(now()), cache(as_rule)

    def became(row: Promise, since: date, own: Iterable[rules.Event]) -> tuple[rules.Reality, ...]:
        if row.last is not None and since > row.last:
            return ()
        return rules.realities(rule(row, since), own, moment)

    # Of ten thousand partners most had no occasion: for them a promise is the same since the same day.
    quiet = cache(lambda row, since: became(row, since, ()))

    def kept(row: Promise, relation: int, since: date) -> Kept:
        own = events.get((relation, row.about))
        return Kept(row, ABOUT[row.about], became(row, since, own) if own else quiet(row, since))

    return {
        relation: [
            kept(row, relation, member.since)
            for row in promises
            if row.programme_id == member.programme
        ]
        for relation, member in memberships(relations).items()
    }


def _events_of(relations: Iterable[int]) -> Mapping[tuple[int, str], list[rules.Event]]:
    """Return what happened, by partner and what it is about."""
    events: dict[tuple[int, str], list[rules.Event]] = defaultdict(list)
    for source in promise_events:
        for relation, found in source(relations).items():
            for one in found:
                events[relation, one.about].append(one)
    return events


def kept_for(standing: Standing, relation: int) -> list[Kept]:
    """Return the promises of a programme beside what one partner got; both sides read the same."""
    found = realities_of([relation], promises_of(standing.programme)).get(relation, [])
    return [one for one in found if one.row.last is None or one.realities]


def promise_rows(
    relations: Iterable[int], ruleset: RuleSet
) -> Mapping[int, Mapping[str, list[Row]]]:
    """Return kept and broken promises as facts, for rule sets that have a table ``promises`` of this form.

    Parameters
    ----------
    relations
        Partners the caller may know of.
    """
    table = ruleset.tables.get(TABLE)
    if table is None or not table.fields.keys() >= COLUMNS:
        return {}
    wanted = list(relations)
    promises = list(Promise.objects.filter(programme__in=programmes_with(wanted)))
    found: dict[int, dict[str, list[Row]]] = {}
    for relation, kept in realities_of(wanted, promises).items():
        rows = [
            Row(
                str(fact["id"]),
                {name: fact[name] for name in COLUMNS} | {table.date: fact["due"]},
            )
            for one in kept
            for fact in rules.promise_facts(one.realities)
        ]
        if rows:
            found[relation] = {TABLE: rows}
    return found
