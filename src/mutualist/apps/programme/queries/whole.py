"""What all partners of a programme are worth by the rules, at once; nothing of it is stored."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast

from mutualist.apps.programme.models import FactRow, Relation
from mutualist.apps.programme.queries.facts import facts_of
from mutualist.apps.programme.standing import Standing
from mutualist.domain.programme.batch.values import NotInOneQueryError
from mutualist.domain.programme.rules.model import RuleSet
from mutualist.domain.programme.scoring.population import score_all
from mutualist.domain.programme.scoring.score import Cutoffs
from mutualist.library.errors import FileError
from mutualist.library.programme_runs import score_in_duckdb
from mutualist.library.programme_stored import Stored, tables_of_stored

#: Fewer facts than this are scored sooner one by one than a query is written.
FEW = 20_000


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a partner comes to: the level, whether it qualifies, and the total."""

    level: str | None
    qualified: bool
    total: Fraction


def outcomes(
    standing: Standing, rules: RuleSet, day: date, *, few: int = FEW
) -> Mapping[int, Outcome]:
    """Return what every partner that somebody may know of comes to, by relation.

    Rules about the best of all partners compare these partners with each other.

    Parameters
    ----------
    rules
        Whether they are in force on the day is not asked, so that a draft can be tried on real partners.
    few
        Up to so many facts partners are scored one by one; both ways give the same.
    """
    relations = list(Relation.objects.visible_to(standing))
    if _facts(relations, rules).count() <= few:
        return _one_by_one(relations, rules, day)
    try:
        return _at_once(relations, rules, day)
    except (NotInOneQueryError, FileError):
        return _one_by_one(relations, rules, day)


def levels_on(
    relations: list[Relation],
    rules: Callable[[date], RuleSet],
    days: Iterable[date],
    cutoffs: Cutoffs,
    *,
    few: int = FEW,
) -> dict[date, dict[int, str | None]]:
    """Return the levels that facts give partners on each day, all at once; empty where it is better, or only possible, one by one.

    Parameters
    ----------
    relations
        Partners of one programme.
    rules
        Say by which rules a day is scored.
    cutoffs
        What the last of the best has, for rules that compare partners.
    """
    found: dict[date, dict[int, str | None]] = {}
    tables: dict[int, Mapping[str, Any]] = {}
    for day in days:
        asked = rules(day)
        if not found and _facts(relations, asked).count() <= few:
            return {}
        try:
            if id(asked) not in tables:
                tables[id(asked)] = _tables(relations, asked)
            scores = score_in_duckdb(asked, tables[id(asked)], day, cutoffs=cutoffs)
        except (NotInOneQueryError, FileError):
            return {}
        places, levels = scores.columns["partner"], scores.columns["level"]
        found[day] = {relations[at].pk: level for at, level in zip(places, levels, strict=True)}
    return found


def _facts(relations: list[Relation], rules: RuleSet) -> QuerySet[FactRow]:
    programmes = {one.programme_id for one in relations}
    return FactRow.objects.filter(relation__programme__in=programmes, table__in=list(rules.tables))


def _one_by_one(relations: list[Relation], rules: RuleSet, day: date) -> dict[int, Outcome]:
    facts = facts_of(relations, rules)
    scores = score_all([facts[one.pk] for one in relations], rules, day)
    return {
        relation.pk: Outcome(one.level, one.qualified, one.total)
        for relation, one in zip(relations, scores, strict=True)
    }


def _at_once(relations: list[Relation], rules: RuleSet, day: date) -> dict[int, Outcome]:
    scores = score_in_duckdb(rules, _tables(relations, rules), day)
    return {
        relation.pk: Outcome(one.level, one.qualified, one.total)
        for relation, one in zip(relations, scores, strict=True)
    }


def _tables(relations: list[Relation], rules: RuleSet) -> Mapping[str, Any]:
    number = {one.pk: place for place, one in enumerate(relations)}
    known = facts_of(relations, rules, stored_too=False)
    partners = [known[one.pk] for one in relations]
    return tables_of_stored(rules, partners, _stored(relations, rules, number))


def _stored(
    relations: list[Relation], rules: RuleSet, number: Mapping[int, int]
) -> Iterator[Stored]:
    rows = _facts(relations, rules).annotate(document=Cast("values", TextField())).order_by()
    for relation, table, external, document in rows.values_list(
        "relation_id", "table", "external_id", "document"
    ).iterator(chunk_size=20_000):
        if relation in number:
            yield number[relation], table, external, document
