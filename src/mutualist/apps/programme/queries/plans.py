"""Ways to the next level, and the plan that a partner follows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from mutualist.apps.programme.models import Plan, PlanStep, Relation
from mutualist.apps.programme.queries.levels import case_of
from mutualist.apps.programme.queries.rules import all_rules, version_on
from mutualist.domain.programme.ahead.paths import Paths, cheapest_paths
from mutualist.domain.programme.ahead.timeline import Case
from mutualist.domain.programme.rules.model import RuleSet

#: A page waits so long for one search at most, and asks so often; nearly always it takes a few hundredths of a second.
SECONDS, TRIES = 2.0, 12


@dataclass(frozen=True, slots=True)
class Ways:
    """Ways to a level, with the case and the rules they were found under."""

    paths: Paths
    case: Case
    rules: RuleSet


def ways_of(relation: Relation, day: date, hour: Fraction) -> Ways | None:
    """Return the cheapest ways of a partner to the level above; None without rules in force.

    Parameters
    ----------
    hour
        What an hour is worth in the currency of the rules.
    """
    if version_on(relation.programme_id, day) is None:
        return None
    case = case_of(relation, all_rules(relation.programme_id), day)
    paths = cheapest_paths(case, day, hour=hour, seconds=SECONDS, tries=TRIES)
    return Ways(paths, case, case.rules(day))


def open_plan(relation: int) -> Plan | None:
    """Return the plan that a partner follows; None if there is none."""
    return Plan.objects.filter(relation=relation, ended=None).first()


def steps_of_plan(plan: Plan) -> list[PlanStep]:
    """Return the steps of a plan in their order."""
    return list(PlanStep.objects.filter(plan=plan).select_related("contact"))
