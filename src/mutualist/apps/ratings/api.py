"""The JSON API of ratings and promises: the same queries and actions as the pages."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Status

from mutualist.apps.core.actor import Actor
from mutualist.apps.core.language import reading
from mutualist.apps.core.schemas import REFUSED
from mutualist.apps.programme.public import (
    Standing,
    partner_standing,
    relation_for,
    vendor_standing,
)
from mutualist.apps.ratings import schemas as s
from mutualist.apps.ratings.actions import give_rating
from mutualist.apps.ratings.models import Promise
from mutualist.apps.ratings.promises import end_promise, make_promise
from mutualist.apps.ratings.promising import ABOUT, Kept, kept_for, promises_of
from mutualist.apps.ratings.queries import RoundShown, rounds_of

router = Router(tags=["ratings"])


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.auth  # type: ignore[attr-defined]
    return actor


def _vendor(request: HttpRequest, programme: UUID) -> Standing:
    return vendor_standing(_actor(request), programme)


@router.get(
    "/programmes/{programme}/partners/{relation}/ratings",
    response={200: list[s.HalfYearOut], **REFUSED},
    summary="Ratings between you and a partner",
)
def list_ratings(request: HttpRequest, programme: UUID, relation: UUID) -> Any:
    """Return the half-years, latest first; what the partner said once both have rated or the time is over."""
    return _ratings(_vendor(request, programme), relation)


@router.put(
    "/programmes/{programme}/partners/{relation}/ratings",
    response={200: list[s.HalfYearOut], **REFUSED},
    summary="Rate a partner",
)
def rate_partner(request: HttpRequest, programme: UUID, relation: UUID, body: s.RatingIn) -> Any:
    """Rate a partner for the running half-year; until it has rated as well, you may change it."""
    return _rated(_vendor(request, programme), relation, body)


@router.get(
    "/relations/{relation}/ratings",
    response={200: list[s.HalfYearOut], **REFUSED},
    summary="Ratings between you and the vendor",
)
def list_own_ratings(request: HttpRequest, relation: UUID) -> Any:
    """Return the half-years, latest first; what the vendor said once both have rated or the time is over."""
    return _ratings(partner_standing(_actor(request), relation), relation)


@router.put(
    "/relations/{relation}/ratings",
    response={200: list[s.HalfYearOut], **REFUSED},
    summary="Rate the vendor",
)
def rate_vendor(request: HttpRequest, relation: UUID, body: s.RatingIn) -> Any:
    """Rate the vendor for the running half-year; until it has rated as well, you may change it."""
    return _rated(partner_standing(_actor(request), relation), relation, body)


@router.get(
    "/programmes/{programme}/promises",
    response={200: list[s.PromiseOut], **REFUSED},
    summary="Promises",
)
def list_promises(request: HttpRequest, programme: UUID) -> Any:
    """Return what both sides promised, also what ended."""
    return [_promise(one) for one in promises_of(_vendor(request, programme).programme)]


@router.post(
    "/programmes/{programme}/promises",
    response={201: s.PromiseOut, **REFUSED},
    summary="Make a promise",
)
def create_promise(request: HttpRequest, programme: UUID, body: s.PromiseIn) -> Any:
    """Promise something to all partners, or say what partners promised; the one before about the same ends."""
    return Status(201, _promise(make_promise(standing=_vendor(request, programme), **body.dict())))


@router.post(
    "/programmes/{programme}/promises/{promise}/end",
    response={204: None, **REFUSED},
    summary="End a promise",
)
def finish_promise(request: HttpRequest, programme: UUID, promise: UUID) -> Any:
    """End a promise today; what is decided stays."""
    end_promise(standing=_vendor(request, programme), promise=promise)
    return Status(204, None)


@router.get(
    "/programmes/{programme}/partners/{relation}/promises",
    response={200: list[s.KeptOut], **REFUSED},
    summary="Promises beside what a partner got",
)
def list_kept_promises(request: HttpRequest, programme: UUID, relation: UUID) -> Any:
    """Return each promise with what became of it, period by period."""
    standing = _vendor(request, programme)
    return _kept(standing, relation_for(standing, relation).pk)


@router.get(
    "/relations/{relation}/promises",
    response={200: list[s.KeptOut], **REFUSED},
    summary="Promises beside what you got",
)
def list_own_promises(request: HttpRequest, relation: UUID) -> Any:
    """Return the same for the own firm."""
    standing = partner_standing(_actor(request), relation)
    return _kept(standing, standing.relation or 0)


def _rated(standing: Standing, relation: UUID, body: s.RatingIn) -> list[s.HalfYearOut]:
    give_rating(standing=standing, relation=str(relation), stars=body.stars, comment=body.comment)
    return _ratings(standing, relation)


def _ratings(standing: Standing, relation: UUID) -> list[s.HalfYearOut]:
    found = relation_for(standing, relation)
    return [_half_year(one) for one in rounds_of(standing, found.pk)]


def _half_year(one: RoundShown) -> s.HalfYearOut:
    said = {
        side: s.SideOut(stars=row.stars, comment=row.comment) for side, row in one.ratings.items()
    }
    return s.HalfYearOut(
        period=one.period.id,
        opens=one.period.opens,
        closes=one.period.closes,
        given=sorted(one.given),
        public=one.public,
        vendor=said.get("vendor"),
        partner=said.get("partner"),
    )


def _promise(row: Promise) -> s.PromiseOut:
    return s.PromiseOut(
        uid=row.uid,
        side=ABOUT[row.about].side,
        about=row.about,
        every=row.every,
        at_least=row.at_least,
        hours=row.hours,
        share=row.share,
        first=row.first,
        last=row.last,
    )


def _kept(standing: Standing, relation: int) -> list[s.KeptOut]:
    language = reading()
    return [_told(one, language) for one in kept_for(standing, relation)]


def _told(one: Kept, language: str) -> s.KeptOut:
    return s.KeptOut(
        promise=_promise(one.row),
        periods=[
            s.RealityOut(
                start=part.start,
                end=part.end,
                kept=part.kept,
                decided=part.decided,
                target=str(part.target),
                actual=None if part.actual is None else str(part.actual),
                text=part.sentence(language),
            )
            for part in one.realities
        ],
    )
