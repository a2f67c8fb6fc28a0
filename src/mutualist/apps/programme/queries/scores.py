"""What partners are worth by the rules, computed on a day; nothing of it is stored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from mutualist.apps.programme.models import Relation, RuleSetVersion
from mutualist.apps.programme.queries.facts import facts_of
from mutualist.apps.programme.queries.rules import rules_of, version_on
from mutualist.domain.programme.rules.model import RuleSet
from mutualist.domain.programme.scoring.facts import Facts
from mutualist.domain.programme.scoring.population import cutoffs_of
from mutualist.domain.programme.scoring.result import Score
from mutualist.domain.programme.scoring.score import Cutoffs, score


@dataclass(frozen=True, slots=True)
class Scored:
    """A partner's score with the rules and facts it came from."""

    score: Score
    rules: RuleSet
    version: RuleSetVersion
    facts: Facts


def scored(relation: Relation, day: date) -> Scored | None:
    """Score a partner the caller may know of; None where no rules are in force on the day."""
    version = version_on(relation.programme_id, day)
    if version is None:
        return None
    rules = rules_of(version)
    facts = facts_of([relation], rules)[relation.pk]
    found = score(facts, rules, day, cutoffs=cutoffs_on(relation.programme_id, rules, day))
    return Scored(found, rules, version, facts)


def scores_of(relations: list[Relation], rules: RuleSet, day: date) -> list[Score]:
    """Score partners the caller may know of, with explanation, in their order; all others are compared with."""
    if not relations:
        return []
    facts = facts_of(relations, rules)
    cutoffs = cutoffs_on(relations[0].programme_id, rules, day)
    return [score(facts[one.pk], rules, day, cutoffs=cutoffs) for one in relations]


def cutoffs_on(programme: int, rules: RuleSet, day: date) -> Cutoffs:
    """Return what the last of the best has, where rules compare all partners of a programme."""
    if not rules.relative:
        return {}
    everybody = Relation.objects.filter(programme=programme).exclude(
        state__in=(Relation.State.APPLIED, Relation.State.REFUSED)
    )
    return cutoffs_of(facts_of(everybody, rules).values(), rules, day)
