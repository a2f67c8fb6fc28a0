"""The JSON API of programmes: the same queries and actions as the pages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Status

from mutualist.apps.core.actor import Actor
from mutualist.apps.core.clock import today
from mutualist.apps.core.errors import NotAllowed
from mutualist.apps.core.schemas import REFUSED
from mutualist.apps.programme import schemas as s
from mutualist.apps.programme.actions.fact_imports import take_back
from mutualist.apps.programme.actions.facts import import_facts
from mutualist.apps.programme.actions.partners import add_partner
from mutualist.apps.programme.models import Relation
from mutualist.apps.programme.queries.ability_names import names_for_reader
from mutualist.apps.programme.queries.fact_imports import imports_of
from mutualist.apps.programme.queries.partners import PartnerCard, partner_cards, relation_for
from mutualist.apps.programme.queries.programmes import programmes_of
from mutualist.apps.programme.queries.scores import Scored, scored
from mutualist.apps.programme.standing import Standing, partner_standing, vendor_standing

router = Router(tags=["programmes"])
#: So many rows come with one answer.
MOST = 500


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.auth  # type: ignore[attr-defined]
    return actor


def _vendor(request: HttpRequest, programme: UUID) -> Standing:
    return vendor_standing(_actor(request), programme)


@router.get(
    "/programmes", response={200: list[s.ProgrammeOut], **REFUSED}, summary="Programmes you run"
)
def list_programmes(request: HttpRequest) -> Any:
    """Return the programmes of your organisations."""
    return [
        s.ProgrammeOut(
            uid=one.uid, name=one.name, slug=one.slug, vendor=one.vendor, partners=one.partners
        )
        for one in programmes_of(_actor(request))
    ]


@router.get(
    "/programmes/{programme}/partners",
    response={200: list[s.PartnerOut], **REFUSED},
    summary="Partners",
)
def list_partners(request: HttpRequest, programme: UUID, after: str = "") -> Any:
    """Return up to 500 partners by name, and those called like the last; `after` is the name of the last one you have."""
    here = _vendor(request, programme)
    names = names_for_reader(here.programme)
    cards = sorted(
        (one for one in partner_cards(here) if one.name > after), key=lambda one: one.name
    )
    last = cards[:MOST][-1].name if cards else ""
    return [_partner(one, names) for one in cards if one.name <= last]


@router.post(
    "/programmes/{programme}/partners",
    response={201: s.PartnerOut, **REFUSED},
    summary="Add a partner",
)
def create_partner(request: HttpRequest, programme: UUID, body: s.PartnerIn) -> Any:
    """Add a partner firm."""
    standing = _vendor(request, programme)
    fields = body.dict()
    made = add_partner(standing=standing, name=fields.pop("name"), **fields)
    (card,) = partner_cards(standing, ids=[made.pk])
    return Status(201, _partner(card, names_for_reader(standing.programme)))


@router.post(
    "/programmes/{programme}/facts",
    response={200: s.FactsOut, **REFUSED},
    summary="Store facts",
)
def store_facts(request: HttpRequest, programme: UUID, body: s.FactsIn) -> Any:
    """Store rows of a table, all or none; a row whose id is known replaces the one before."""
    found = import_facts(
        standing=_vendor(request, programme), table=body.table, rows=list(enumerate(body.rows, 1))
    )
    return s.FactsOut(
        uid=found.import_uid,
        rows=found.rows,
        new=found.new,
        changed=found.changed,
        warnings=list(found.warnings),
    )


@router.get(
    "/programmes/{programme}/facts/imports",
    response={200: list[s.FactImportOut], **REFUSED},
    summary="Imports of facts",
)
def list_fact_imports(request: HttpRequest, programme: UUID) -> Any:
    """Return the last 30 imports of facts, the newest first."""
    return [
        s.FactImportOut(
            uid=one.uid,
            table=one.table,
            file=one.file_name,
            state=one.state,
            rows=one.rows,
            new=one.added,
            changed=one.changed,
            at=one.at,
        )
        for one in imports_of(_vendor(request, programme))
    ]


@router.post(
    "/programmes/{programme}/facts/imports/{stored}/take-back",
    response={204: None, **REFUSED},
    summary="Take an import of facts back",
)
def take_facts_back(request: HttpRequest, programme: UUID, stored: UUID) -> Any:
    """Take the last import of a table back: what it added goes, what it replaced counts again."""
    take_back(standing=_vendor(request, programme), stored=stored)
    return Status(204, None)


@router.get(
    "/programmes/{programme}/partners/{relation}/score",
    response={200: s.ScoreOut, **REFUSED},
    summary="Score of a partner",
)
def get_partner_score(
    request: HttpRequest, programme: UUID, relation: UUID, as_of: date | None = None
) -> Any:
    """Return what a partner is worth by the rules on a day; today, where none is named."""
    standing = _vendor(request, programme)
    return _score(relation_for(standing, relation), as_of)


@router.get(
    "/relations/{relation}/score", response={200: s.ScoreOut, **REFUSED}, summary="Your own score"
)
def get_own_score(request: HttpRequest, relation: UUID, as_of: date | None = None) -> Any:
    """Return the same for the own firm: a partner sees what the vendor sees."""
    standing = partner_standing(_actor(request), relation)
    return _score(relation_for(standing, relation), as_of)


def _partner(card: PartnerCard, names: Mapping[str, str]) -> s.PartnerOut:
    return s.PartnerOut(
        uid=card.uid,
        external_id=card.external_id,
        name=card.name,
        state=card.state,
        country=card.country,
        postal_code=card.postal_code,
        place=card.place,
        abilities=list(card.abilities),
        ability_names={key: names.get(key, key) for key in card.abilities},
        languages=list(card.languages),
        level=card.level,
        level_since=card.level_since,
        capacity=card.capacity,
    )


def _score(relation: Relation, as_of: date | None) -> s.ScoreOut:
    found = scored(relation, as_of or today())
    if found is None:
        raise NotAllowed
    return _told(relation, found)


def _told(relation: Relation, found: Scored) -> s.ScoreOut:
    return s.ScoreOut(
        partner=relation.uid,
        rules=found.score.rules,
        version=found.version.number,
        as_of=found.score.as_of,
        level=found.score.level,
        qualified=found.score.qualified,
        total=str(found.score.total),
        metrics={
            name: s.MetricOut(
                value=_exact(one.value),
                threshold=_exact(one.threshold),
                points=_exact(one.points),
                most=_exact(one.most),
                missing=list(one.missing),
            )
            for name, one in found.score.metrics.items()
        },
    )


def _exact(value: Fraction | None) -> str | None:
    return None if value is None else str(value)
