"""Partners of a programme, as both sides and the other parts may see them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from types import MappingProxyType
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast

from mutualist.apps.core.errors import NotAllowed
from mutualist.apps.programme.models import Contact, FactRow, LevelChange, Relation
from mutualist.apps.programme.standing import Standing


@dataclass(frozen=True, slots=True)
class PartnerCard:
    """A partner, as routing, lists and the finder need it.

    Attributes
    ----------
    certificates
        Last day each certificate is valid, by name; None: without end.
    """

    id: int
    uid: UUID
    name: str
    state: str
    country: str
    postal_code: str
    place: str
    website: str
    languages: tuple[str, ...]
    abilities: tuple[str, ...]
    areas: tuple[str, ...]
    level: str
    level_since: date | None
    capacity: int | None
    in_finder: bool
    external_id: str = ""
    certificates: Mapping[str, date | None] = field(default_factory=lambda: MappingProxyType({}))


class PartnerName(NamedTuple):
    """A partner where only its name and its address are needed."""

    id: int
    uid: UUID
    name: str


#: As a card has them; read as they are, for whole rows of thousands take twice as long.
_FIELDS = (
    "id",
    "uid",
    "name",
    "state",
    "country",
    "postal_code",
    "place",
    "website",
    "languages",
    "abilities",
    "areas",
    "level",
    "level_since",
    "capacity",
    "in_finder",
    "external_id",
)
_LISTS = ("languages", "abilities", "areas")


#: Lists come as they are written: thousands of partners share few of them, and each is read once.
_COLUMNS = tuple(Cast(name, TextField()) if name in _LISTS else name for name in _FIELDS)


@lru_cache(maxsize=2000)
def _list(written: str) -> tuple[str, ...]:
    return tuple(json.loads(written))


def _card(row: tuple[Any, ...], certificates: Mapping[str, date | None]) -> PartnerCard:
    values: dict[str, Any] = dict(zip(_FIELDS, row, strict=True))
    for name in _LISTS:
        values[name] = _list(values[name])
    return PartnerCard(**values, certificates=certificates)


def partner_cards(
    standing: Standing, *, active: bool = False, ids: Iterable[int] | None = None
) -> tuple[PartnerCard, ...]:
    """Return the partners somebody may know of, by name.

    Parameters
    ----------
    active
        Only those that take part at present.
    ids
        Only these relations.
    """
    found = Relation.objects.visible_to(standing)
    return _cards(found, active=active, ids=ids)


def partner_names(standing: Standing, *, active: bool = False) -> dict[int, PartnerName]:
    """Return the partners somebody may know of, by id: of thousands, whole cards take half a second."""
    found = Relation.objects.visible_to(standing)
    if active:
        found = found.filter(state=Relation.State.ACTIVE)
    rows = found.values_list("pk", "uid", "name")
    return {pk: PartnerName(pk, uid, name) for pk, uid, name in rows}


def active_partners(standing: Standing) -> QuerySet[Relation, int]:
    """Return the ids of the partners that take part at present, as a query within others: thousands need no list."""
    found = Relation.objects.visible_to(standing).filter(state=Relation.State.ACTIVE)
    return found.values_list("pk", flat=True)


def programmes_with(relations: Iterable[int]) -> frozenset[int]:
    """Return the programmes that partners, by id or by a query of ids, take part in."""
    found = Relation.objects.filter(pk__in=relations).order_by()
    return frozenset(found.values_list("programme", flat=True).distinct())


def abilities_in_use(standing: Standing) -> set[str]:
    """Return what active partners can do, by key."""
    found = Relation.objects.visible_to(standing).filter(state=Relation.State.ACTIVE)
    lists = found.order_by().values_list("abilities", flat=True).distinct()
    return {key for one in lists for key in one}


class PartnerPlace(NamedTuple):
    """A partner to be chosen from a short list."""

    uid: UUID
    name: str
    country: str
    postal_code: str


class Found(NamedTuple):
    """Partners to choose from: those listed, how many fit, and how many there are at all."""

    listed: tuple[PartnerPlace, ...]
    fitting: int
    every: int


def partners_found(standing: Standing, search: str, *, near: tuple[str, str], most: int) -> Found:
    """Return active partners that a search means, by name.

    Parameters
    ----------
    search
        Parts of the name, the place, the postal code, or the vendor's own number. Without any: all if they are few,
        else those near.
    near
        Country and postal code; the first two digits of it count.
    most
        So many are listed.
    """
    there = Relation.objects.visible_to(standing).filter(state=Relation.State.ACTIVE)
    every, words, found = there.count(), search.split(), there
    for word in words:
        found = found.filter(
            Q(name__icontains=word)
            | Q(place__icontains=word)
            | Q(postal_code__startswith=word)
            | Q(external_id__iexact=word)
        )
    if not words and every > most:
        found = found.filter(country=near[0], postal_code__startswith=near[1][:2])
    rows = found.order_by("name", "pk").values_list("uid", "name", "country", "postal_code")
    return Found(tuple(PartnerPlace(*row) for row in rows[:most]), found.count(), every)


def cards_of_programme(programme: int, *, finder: bool = False) -> tuple[PartnerCard, ...]:
    """Return the active partners of a programme for what runs by itself: routing and the finder."""
    found = Relation.objects.filter(programme=programme)
    return _cards(found.filter(in_finder=True) if finder else found, active=True)


def _cards(
    found: Any, *, active: bool, ids: Iterable[int] | None = None
) -> tuple[PartnerCard, ...]:
    if active:
        found = found.filter(state=Relation.State.ACTIVE)
    if ids is not None:
        found = found.filter(pk__in=list(ids))
    certificates = _certificates(found)
    return tuple(_card(row, certificates.get(row[0], {})) for row in found.values_list(*_COLUMNS))


def _certificates(found: Any) -> dict[int, dict[str, date | None]]:
    held: dict[int, dict[str, date | None]] = {}
    rows = FactRow.objects.filter(table="certificates", relation__in=found.values("pk"))
    for relation, values in rows.values_list("relation_id", "values"):
        name, until = values.get("name"), values.get("expires")
        if name:
            ends = date.fromisoformat(until) if until else None
            mine = held.setdefault(relation, {})
            # The longest counts: without an end, or the latest.
            if name not in mine or ends is None or (mine[name] and ends > mine[name]):  # type: ignore[operator]
                mine[name] = ends
    return held


def relation_for(standing: Standing, uid: UUID | str) -> Relation:
    """Return a partner somebody may know of, as a row for an action."""
    try:
        wanted = UUID(str(uid))
    except ValueError:
        raise NotAllowed from None
    found = Relation.objects.visible_to(standing).filter(uid=wanted).first()
    if found is None:
        raise NotAllowed
    return found


def relation_named(standing: Standing, relation: int) -> Relation:
    """Return a partner somebody may know of, by the id of its row."""
    found = Relation.objects.visible_to(standing).filter(pk=relation).first()
    if found is None:
        raise NotAllowed
    return found


def contacts_of(relation: int, topic: str = "") -> list[Contact]:
    """Return the people of a partner to be written to about something; all where none has the topic."""
    everybody = list(Contact.objects.filter(relation=relation))
    wanted = [one for one in everybody if topic in one.topics]
    return wanted or everybody


def level_on(relation: int, day: date) -> str:
    """Return the level a partner held on a day; empty if none."""
    change = LevelChange.objects.filter(relation=relation, day__lte=day).first()
    return change.level if change else ""
