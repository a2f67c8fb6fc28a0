"""Programmes, as their vendor, their partners and strangers may see them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Q

from mutualist.apps.core.actor import Actor
from mutualist.apps.programme.models import Programme, Relation
from mutualist.apps.programme.standing import READING, Standing


@dataclass(frozen=True, slots=True)
class ProgrammeCard:
    """A programme in a list."""

    id: int
    uid: UUID
    name: str
    slug: str
    vendor: str
    language: str
    partners: int = 0
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class RelationCard:
    """A programme that one takes part in."""

    id: int
    uid: UUID
    programme: str
    vendor: str
    partner: str
    level: str
    state: str


def programmes_of(actor: Actor) -> list[ProgrammeCard]:
    """Return the programmes that the actor's organisations run."""
    active = Count("relations", filter=Q(relations__state=Relation.State.ACTIVE))
    waiting = Count("relations", filter=Q(relations__state=Relation.State.APPLIED))
    found: Any = (
        Programme.objects.visible_to(actor)
        .select_related("organisation")
        .annotate(partners=active, waiting=waiting)
        .order_by("name", "pk")
    )
    return [
        ProgrammeCard(
            one.pk,
            one.uid,
            one.name,
            one.slug,
            one.organisation.name,
            one.language,
            one.partners,
            one.waiting,
        )
        for one in found
    ]


def has_any(actor: Actor) -> bool:
    """Whether the actor's organisations run a programme or take part in one: asked at once."""
    own = actor.organisations()
    run = Programme.objects.visible_to(actor).order_by().values_list("pk")
    part = Relation.objects.filter(organisation__in=own, state__in=READING).order_by()
    return bool(own) and bool(run.union(part.values_list("pk"), all=True)[:1])


def relations_of(actor: Actor) -> list[RelationCard]:
    """Return the programmes that the actor's organisations take part in."""
    found = Relation.objects.filter(
        organisation__in=actor.organisations(), state__in=READING
    ).select_related("programme__organisation")
    return [
        RelationCard(
            one.pk,
            one.uid,
            one.programme.name,
            one.programme.organisation.name,
            one.name,
            one.level,
            one.state,
        )
        for one in found
    ]


def programme_by_slug(slug: str) -> ProgrammeCard | None:
    """Return a programme for the pages that strangers see."""
    one = Programme.objects.select_related("organisation").filter(slug=slug).first()
    if one is None:
        return None
    return ProgrammeCard(one.pk, one.uid, one.name, one.slug, one.organisation.name, one.language)


def slug_of(standing: Standing) -> str:
    """Return how strangers' addresses name a programme."""
    return Programme.objects.get(pk=standing.programme).slug
