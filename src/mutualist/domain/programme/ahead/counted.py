"""Which facts count for a measure on a day, and why each of the others does not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from mutualist.domain.programme.rules import trees
from mutualist.domain.programme.rules.model import RuleSet, Source
from mutualist.domain.programme.scoring.facts import Facts, Row

Why = Literal["counts", "later", "expired", "outside", "retired", "unlisted", "other"]


@dataclass(frozen=True, slots=True)
class Looked:
    """A fact that a measure looks at.

    Attributes
    ----------
    why
        ``counts``; or why not: ``later``: it begins after the day; ``expired``: its last day is over; ``outside``: by
        its date it lies outside of the time looked at; ``retired``: ``item`` no longer counts, or not yet;
        ``unlisted``: ``item`` is none of what counts here; ``other``: another part of the condition does not hold.
    item
        The entry that is retired or unlisted.
    day
        The day it ended, or since which the item no longer counts, where that is known.
    """

    row: Row
    table: str
    why: Why
    item: str = ""
    day: dt.date | None = None


def base_of(rules: RuleSet, source: Source) -> Source:
    """Return the source over a table that a measure reads in the end, through its groups."""
    while source.is_group:
        source = rules.groups[source.name].source
    return source


def bounds_of(
    rules: RuleSet, facts: Facts, source: Source, day: dt.date
) -> tuple[dt.date, dt.date] | None:
    """Return the first and last day that a source looks at; None where the partner lacks the date it begins with."""
    since = facts.partner.get(source.window.since) if source.window.since else None
    known = since if isinstance(since, dt.date) else None
    return source.window.bounds(day, rules.fiscal_start, known)


def looked_at(
    facts: Facts, rules: RuleSet, day: dt.date, measure: str, evidence: Sequence[str]
) -> tuple[Looked, ...]:
    """Return all facts of the table that a measure reads, each with whether and why it counts.

    Parameters
    ----------
    day
        The day that is scored.
    evidence
        Ids of the facts that the measure rests on, from the tree of the score.
    """
    source = base_of(rules, rules.measures[measure].source)
    counting = set(evidence)
    return tuple(
        Looked(row, source.name, "counts")
        if row.id in counting
        else _left_out(facts, rules, day, source, row)
        for row in facts.rows.get(source.name, ())
    )


def _left_out(facts: Facts, rules: RuleSet, day: dt.date, source: Source, row: Row) -> Looked:
    table, window = rules.tables[source.name], source.window
    begun, ended = row.values.get(table.date), row.values.get(table.until)
    if isinstance(begun, dt.date) and begun > day:
        return Looked(row, source.name, "later", day=begun)
    bounds = bounds_of(rules, facts, source, day)
    if bounds is None:
        return Looked(row, source.name, "outside")
    spans = window.kind == "valid" or window.touching
    if spans and isinstance(ended, dt.date) and ended < bounds[0]:
        return Looked(row, source.name, "expired", day=ended)
    if isinstance(begun, dt.date) and ((begun < bounds[0] and not spans) or begun > bounds[1]):
        return Looked(row, source.name, "outside")
    return _by_lists(rules, window.day(day), source, row)


def _by_lists(rules: RuleSet, day: dt.date, source: Source, row: Row) -> Looked:
    """Look for an entry that does not count, in the lists that the condition asks about."""
    for tree in _asked(source.where.tree) if source.where else ():
        if not isinstance(tree, trees.ValidIn | trees.InList):
            continue
        if not isinstance(tree.item, trees.FieldOf):
            continue
        value, listing = row.values.get(tree.item.name), rules.lists[tree.listing]
        if not isinstance(value, str):
            continue
        if value not in listing.items:
            return Looked(row, source.name, "unlisted", value)
        if isinstance(tree, trees.ValidIn) and value not in listing.counting(day):
            return Looked(row, source.name, "retired", value, listing.items[value].counts_until)
    return Looked(row, source.name, "other")


def _asked(tree: trees.Tree) -> Iterable[trees.Tree]:
    """Yield the conditions that all have to hold."""
    if isinstance(tree, trees.Junction) and tree.op == "and":
        for part in tree.parts:
            yield from _asked(part)
    else:
        yield tree
