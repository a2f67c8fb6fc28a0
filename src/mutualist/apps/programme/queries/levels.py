"""Levels over time: what a partner holds, what the rules give, what is proposed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction

from django.db.models import Q, QuerySet

from mutualist.apps.programme.models import LevelChange, LevelProposal, Relation
from mutualist.apps.programme.queries.facts import facts_of
from mutualist.apps.programme.queries.rules import all_rules, version_on
from mutualist.apps.programme.queries.scores import Scored, cutoffs_on
from mutualist.apps.programme.standing import Standing
from mutualist.domain.programme.ahead.forecasting import Forecast, forecast
from mutualist.domain.programme.ahead.timeline import Case, attained, in_force
from mutualist.domain.programme.rules.model import FactTable, RuleSet
from mutualist.domain.programme.rules.windows import add_months
from mutualist.domain.programme.scoring.score import Cutoffs
from mutualist.domain.programme.status.course import Course
from mutualist.domain.programme.status.model import FALLS, Held

#: So far back and so far ahead the scorecard looks.
MONTHS = 12


def open_proposals(standing: Standing, text: str = "", level: str = "") -> QuerySet[LevelProposal]:
    """Return what the vendor has to decide, by day and name.

    Parameters
    ----------
    text
        What stands in the name, place or number of the partner; empty: anything.
    level
        The level that is to fall; empty: any.
    """
    found = LevelProposal.objects.filter(
        relation__in=Relation.objects.visible_to(standing), state="open"
    )
    if level:
        found = found.filter(before=level)
    if text:
        asked = Q()
        # SQLite knows upper and lower case of ASCII letters only.
        for spelt in {text, text.lower(), text.upper(), text.title()}:
            for name in ("name", "place", "external_id"):
                asked |= Q(**{f"relation__{name}__icontains": spelt})
        found = found.filter(asked)
    return found.select_related("relation", "rules")


def changes_of(relation: int) -> list[LevelChange]:
    """Return the levels a partner held, newest first."""
    return list(LevelChange.objects.filter(relation=relation).select_related("rules"))


def kept_of(relation: int) -> list[LevelProposal]:
    """Return the levels that were to fall and that somebody of the vendor kept, newest first."""
    kept = LevelProposal.objects.filter(relation=relation, state=LevelProposal.State.KEPT)
    return list(kept.order_by("-decided_at"))


def case_of(
    relation: Relation, versions: list[RuleSet], day: date, cutoffs: Cutoffs | None = None
) -> Case:
    """Return a partner's facts under all versions of the rules, beside those of the others on a day.

    Parameters
    ----------
    cutoffs
        What the last of the best has, where it is known already.
    """
    facts = facts_of([relation], reading_all(versions))[relation.pk]
    if cutoffs is None:
        cutoffs = cutoffs_on(relation.programme_id, in_force(versions, day), day)
    return Case(facts, versions, cutoffs=cutoffs)


def reading_all(versions: list[RuleSet]) -> RuleSet:
    """Return the latest rules, reading all tables and fields that any version names.

    What a new version no longer asks for still counts until it begins.
    """
    latest = versions[-1]
    if len(versions) == 1:
        return latest
    tables: dict[str, FactTable] = {}
    for one in versions:
        for name, table in one.tables.items():
            known = tables[name].fields if name in tables else {}
            tables[name] = replace(table, fields={**known, **table.fields})
    partner = {name: field for one in versions for name, field in one.partner.items()}
    return replace(latest, tables=tables, partner=partner)


def held_now(
    relation: Relation, versions: list[RuleSet], day: date, case: Case | None = None
) -> Held:
    """Return what a partner holds on a day if the rules alone decide, since the last change on record.

    Parameters
    ----------
    case
        The partner's, where it is known already.
    """
    return steadily_held(relation, versions, day, case or case_of(relation, versions, day))[0]


def steadily_held(
    relation: Relation, versions: list[RuleSet], day: date, case: Case
) -> tuple[Held, bool]:
    """Return what a partner holds, and whether it is steady: as long as facts give it, it stays what it is."""
    rules = case.rules(day)
    last = LevelChange.objects.filter(relation=relation, day__lte=day).first()
    first = last.day if last else min(relation.joined or day, day)
    level = (last.level or None) if last else None
    levels = list(dict.fromkeys(one.name for each in versions for one in each.levels))
    # Rules that look back at any day of some months have to know what was earned then.
    back = first - timedelta(days=31 * rules.status.any_day_in)
    run = Course(rules.status, levels, rules.fiscal_start, attained(case, back, day))
    granted = last is not None and last.cause not in FALLS
    start = (
        _granted(first, level, versions, rules) if granted else Held(first, level, level, "start")
    )
    held = run.run(start, day)[-1]
    since = last is not None or (relation.joined is not None and relation.joined <= day)
    # A level given for a time is renewed as long as it is earned.
    return held, since and held.grace_until is None and run.earned(day) == run.places[held.level]


def _granted(day: date, level: str | None, versions: list[RuleSet], rules: RuleSet) -> Held:
    """Return what is held from the day a level was given or kept: for a time, where the rules give levels for a time.

    Where those of that day did not yet, the time begins with the rules that do.
    """
    span = rules.status.held
    if level is None or span is None:
        return Held(day, level, level, "start")
    since = day if in_force(versions, day).status.held else max(day, rules.since)
    return Held(day, level, level, "start", term_from=since, term_until=span.after(since))


@dataclass(frozen=True, slots=True)
class Outlook:
    """A partner's score on a day, what led to it, and what comes by itself.

    Attributes
    ----------
    past
        The total on the first of each month before the day, as the facts known today give it.
    """

    scored: Scored
    case: Case
    ahead: Forecast
    past: tuple[tuple[date, Fraction], ...]


def outlook(relation: Relation, day: date) -> Outlook | None:
    """Return all that the scorecard of a partner shows, from one reading of its facts; None without rules in force."""
    version = version_on(relation.programme_id, day)
    if version is None:
        return None
    versions = all_rules(relation.programme_id)
    case = case_of(relation, versions, day)
    held = held_now(relation, versions, day, case)
    found = Scored(case.score(day, explain=True), case.rules(day), version, case.facts)
    until, level = add_months(day, MONTHS), relation.level or None
    ahead = forecast(case, day, until, held=held, recorded=level)
    return Outlook(found, case, ahead, _past(case, min(one.since for one in versions), day))


def _past(case: Case, first: date, day: date) -> tuple[tuple[date, Fraction], ...]:
    months = (add_months(day.replace(day=1), -back) for back in range(MONTHS, -1, -1))
    return tuple((one, case.score(one).total) for one in months if first <= one < day)
