"""Look ahead for every partner, so that the list can be asked who is at risk without computing anything."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import F, Q

from mutualist.apps.core.clock import today
from mutualist.apps.programme.managers import RelationQuerySet
from mutualist.apps.programme.models import Programme, Relation
from mutualist.apps.programme.queries.rules import all_rules
from mutualist.apps.programme.queries.week import AHEAD, endings, week_of
from mutualist.domain.programme.rules.model import RuleSet

#: So many partners are looked at in one run; the others in the next.
MOST = 5_000
#: So many are looked at once their facts have changed; the others by the clock.
AT_ONCE = 40


def look_ahead_all() -> int:
    """Look ahead for the partners of all programmes, for the clock."""
    left = MOST
    for programme in Programme.objects.order_by("pk").values_list("pk", flat=True):
        left -= look_ahead(programme, most=left)
        if left <= 0:
            break
    return MOST - left


def look_ahead(programme: int, *, day: date | None = None, most: int = MOST) -> int:
    """Note for partners not looked at today when their level is in danger and what runs out.

    Whoever was never looked at, or has changed since, comes first. Nothing is decided here: the levels
    themselves change by the rules and by people.
    """
    when = day or today()
    due = (
        _taking_part(programme)
        .filter(Q(looked_on=None) | Q(looked_on__lt=when))
        .order_by(F("looked_on").asc(nulls_first=True), "pk")[:most]
    )
    return _look_at(list(due), when, programme)


def _taking_part(programme: int) -> RelationQuerySet:
    return Relation.objects.filter(
        programme=programme, state__in=(Relation.State.ACTIVE, Relation.State.ONBOARDING)
    )


def _look_at(found: list[Relation], day: date, programme: int) -> int:
    versions = all_rules(programme) if found else []
    for relation in found:
        _look(relation, day, versions)
    return len(found)


def _look(relation: Relation, day: date, versions: list[RuleSet]) -> None:
    week = week_of(relation, day, versions)
    falling = week.falling if week else []
    until = day + timedelta(days=AHEAD)
    ending = endings([relation.pk], week.rules, day, until, "en") if week else []
    Relation.objects.filter(pk=relation.pk).update(
        looked_on=day,
        falls_on=falling[0].day if falling else None,
        ends_on=ending[0].day if ending else None,
        endings=len(ending),
    )


def look_again(programme: int, relations: Iterable[int] | None = None) -> None:
    """Look ahead anew once facts or rules have changed: at once for few, by the clock for many.

    Of many, none is looked at while somebody waits: some of them would be as good as others, and cost a second.
    Of few, those and no others that still wait from an import of thousands.
    """
    changed = Relation.objects.filter(programme=programme)
    if relations is not None:
        changed = changed.filter(pk__in=list(relations))
    changed.update(looked_on=None)
    few = list((changed & _taking_part(programme)).order_by("pk")[: AT_ONCE + 1])
    if len(few) <= AT_ONCE:
        _look_at(few, today(), programme)
