"""The vendor's list of partners: found by what one knows of them, sorted, and cut into pages by the database."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import (
    Case,
    F,
    IntegerField,
    OrderBy,
    Q,
    QuerySet,
    Sum,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast

from mutualist.apps.programme.models import Relation
from mutualist.apps.programme.standing import Standing

#: What happens within so many days is at risk now.
SOON = timedelta(days=90)
#: So many different sets of abilities are looked through for the choice of one.
SETS = 2_000
RISKS = ("level", "ending")
SORTS = ("name", "level", "since", "place", "falls", "ends")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of the list; empty: everything.

    Attributes
    ----------
    region
        The beginning of a postal code.
    risk
        ``level``: the level is in danger within 90 days; ``ending``: a fact runs out within them.
    sort
        One of :data:`SORTS`, with a dash before it for the other way round.
    """

    text: str = ""
    level: str = ""
    country: str = ""
    region: str = ""
    ability: str = ""
    state: str = ""
    risk: str = ""
    sort: str = "name"

    def query(self, **changed: str) -> dict[str, str]:
        """Return what an address says to ask for the same, with something changed."""
        names = ("text", "level", "country", "region", "ability", "state", "risk", "sort")
        kept = {("q" if name == "text" else name): getattr(self, name) for name in names}
        kept.update(changed)
        return {
            name: value
            for name, value in kept.items()
            if value and (name, value) != ("sort", "name")
        }


def at_risk(day: date) -> Q:
    """Return the condition for partners whose level is in danger soon."""
    return Q(state=Relation.State.ACTIVE, falls_on__lte=day + SOON)


def running_out(day: date) -> Q:
    """Return the condition for partners of whom a fact runs out soon."""
    there = (Relation.State.ACTIVE, Relation.State.ONBOARDING)
    return Q(state__in=there, ends_on__gte=day, ends_on__lte=day + SOON)


def listed(
    standing: Standing, wanted: Wanted, day: date, levels: Mapping[str, str]
) -> QuerySet[Relation]:
    """Return the partners that are wanted, in order.

    Parameters
    ----------
    levels
        Words for the levels, lowest first.
    """
    found: QuerySet[Relation] = Relation.objects.visible_to(standing)
    if wanted.state:
        found = found.filter(state=wanted.state)
    else:
        found = found.exclude(state__in=(Relation.State.APPLIED, Relation.State.REFUSED))
    for condition in _conditions(wanted, day, levels):
        found = found.filter(condition)
    if wanted.ability:
        found = _able(found, wanted.ability)
    return found.order_by(*_order(wanted.sort, list(levels)))


def _conditions(wanted: Wanted, day: date, levels: Mapping[str, str]) -> list[Q]:
    found = []
    if wanted.text:
        found.append(_text(wanted.text, levels))
    if wanted.level:
        found.append(Q(level="" if wanted.level == "-" else wanted.level))
    if wanted.country:
        found.append(Q(country=wanted.country))
    if wanted.region:
        found.append(Q(postal_code__startswith=wanted.region))
    if wanted.risk:
        found.append(at_risk(day) if wanted.risk == "level" else running_out(day))
    return found


def _text(text: str, levels: Mapping[str, str]) -> Q:
    # SQLite knows upper and lower case of ASCII letters only.
    found = Q(
        level__in=[name for name, word in levels.items() if text.casefold() in word.casefold()]
    )
    for spelt in {text, text.lower(), text.upper(), text.title()}:
        for name in ("name", "place", "postal_code", "external_id"):
            found |= Q(**{f"{name}__icontains": spelt})
    return found


def _able(found: QuerySet[Relation], ability: str) -> QuerySet[Relation]:
    # One database keeps ü as it is, the other as \u00fc.
    spelt = {json.dumps(ability), json.dumps(ability, ensure_ascii=False)}
    condition = Q()
    for one in spelt:
        condition |= Q(abilities_text__icontains=one)
    return found.annotate(abilities_text=Cast("abilities", TextField())).filter(condition)


def _order(sort: str, levels: list[str]) -> list[Any]:
    name, down = sort.removeprefix("-"), sort.startswith("-")
    rank = Case(
        *(When(level=level, then=Value(at)) for at, level in enumerate(levels, 1)),
        default=Value(0),
        output_field=IntegerField(),
    )
    keys: dict[str, tuple[Any, ...]] = {
        "level": (rank if levels else F("level"),),
        "since": (F("level_since"),),
        "place": (F("country"), F("postal_code")),
        "falls": (F("falls_on"),),
        "ends": (F("ends_on"),),
    }
    first = [OrderBy(key, descending=down, nulls_last=True) for key in keys.get(name, (F("name"),))]
    return [*first, "name", "pk"]


def abilities_listed(standing: Standing, names: Mapping[str, str]) -> dict[str, str]:
    """Return what the abilities that partners have are called, by key, for the choice of one."""
    sets = Relation.objects.visible_to(standing).order_by().values_list("abilities", flat=True)
    keys = {one for some in sets.distinct()[:SETS] for one in some}
    return dict(sorted(((key, names.get(key, key)) for key in keys), key=_by_word))


def _by_word(pair: tuple[str, str]) -> str:
    return pair[1].casefold()


def countries_listed(standing: Standing) -> list[str]:
    """Return the countries that partners are in."""
    found = Relation.objects.visible_to(standing).order_by("country")
    return list(found.values_list("country", flat=True).distinct())


def risks_of(standing: Standing, day: date) -> tuple[int, int]:
    """Return how many levels are in danger and how many facts run out, within 90 days."""
    found = Relation.objects.visible_to(standing)
    ending = found.filter(running_out(day)).aggregate(count=Sum("endings"))["count"]
    return found.filter(at_risk(day)).count(), ending or 0


def first_at_risk(standing: Standing, day: date, most: int) -> list[Relation]:
    """Return the partners whose level is in danger first."""
    return list(
        Relation.objects.visible_to(standing)
        .filter(at_risk(day))
        .order_by("falls_on", "name")[:most]
    )
