"""The JSON API of ventures: the same queries and actions as the pages."""

from __future__ import annotations

import json
import re
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from ninja import Router, Status

from mutualist.apps.core.actor import Actor
from mutualist.apps.core.errors import Conflict, NotAllowed
from mutualist.apps.core.schemas import REFUSED
from mutualist.apps.identity.queries import organisations_of
from mutualist.apps.ventures import actions, computing, queries
from mutualist.apps.ventures import schemas as s
from mutualist.apps.ventures.described import templates
from mutualist.apps.ventures.words import language

router = Router(tags=["ventures"])
TAG = re.compile(r'"venture-(\d{1,9})"|"figures-(\d{1,18})"')
#: No version is this great: whatever stands there now was not the one that was read.
NO_VERSION = 10**9


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.auth  # type: ignore[attr-defined]
    return actor


def _seen(request: HttpRequest, otherwise: int | None) -> tuple[int | None, bool]:
    """Return which version ``If-Match`` names, and whether it names any."""
    header = request.headers.get("If-Match")
    if header is None:
        return otherwise, False
    if header.strip() == "*":
        return None, True
    found = TAG.search(header) if not header.strip().startswith("W/") else None
    return (int(found[1] or found[2]) if found else NO_VERSION), True


def _shown(
    request: HttpRequest, venture: UUID, response: HttpResponse, number: int | None = None
) -> s.VentureOut:
    place = queries.get_venture(_actor(request), venture)
    saved = queries.version_of(place, number)
    response["ETag"] = f'"venture-{saved.number}"'
    return s.VentureOut.of(place, saved)


@router.get(
    "/venture-templates",
    response={200: list[s.TemplateOut], **REFUSED},
    summary="Contracts to begin with",
)
def list_templates(request: HttpRequest) -> Any:  # noqa: ARG001 - the shape the framework calls
    """Return the templates, each as a venture of two parties A and B to be filled in."""
    both = {"A": "A", "B": "B"}
    return [
        s.TemplateOut(
            template=one.id,
            title=one.title(language()),
            about=one.about(language()),
            description=one.begun(name=one.title(language()), currency="EUR", parties=both),
        )
        for one in templates().values()
    ]


@router.get("/ventures", response={200: list[s.VentureCardOut], **REFUSED}, summary="Your ventures")
def list_ventures(request: HttpRequest) -> Any:
    """Return up to 100 ventures you may see, newest first."""
    return list(queries.ventures_of(_actor(request)))


@router.post("/ventures", response={201: s.VentureOut, **REFUSED}, summary="Describe a venture")
def describe_venture(request: HttpRequest, body: s.VentureIn, response: HttpResponse) -> Any:
    """Describe a venture of an opened room, for all its parties, or of your organisation alone."""
    actor = _actor(request)
    given: dict[str, Any] = {"template": body.template, "description": body.description}
    if body.room is not None:
        made = actions.describe_for_room(actor=actor, room=body.room, **given)
    else:
        allowed = organisations_of(actor).filter(pk__in=actor.organisations("owner", "member"))
        own = next((o for o in allowed if body.organisation in (None, o.uid)), None)
        if own is None:
            raise NotAllowed
        made = actions.describe_for_organisation(actor=actor, organisation=own.uid, **given)
    response["Location"] = reverse("api:get_venture", args=[made.uid])
    return Status(201, _shown(request, made.uid, response))


@router.get("/ventures/{venture}", response={200: s.VentureOut, **REFUSED}, summary="A venture")
def get_venture(
    request: HttpRequest, venture: UUID, response: HttpResponse, version: s.Number | None = None
) -> Any:
    """Return a venture as it was saved last, or a version by its number."""
    return _shown(request, venture, response, version)


@router.put(
    "/ventures/{venture}", response={200: s.VentureOut, **REFUSED}, summary="Save a new version"
)
def save_venture(
    request: HttpRequest, venture: UUID, body: s.VersionIn, response: HttpResponse
) -> Any:
    """Save a new version; 409 with both descriptions when somebody saved one in the meantime.

    `If-Match` with the tag of the venture takes the place of `version`; the refusal is then 412.
    """
    seen, by_tag = _seen(request, body.version)
    if seen is None:
        seen = queries.latest(queries.get_venture(_actor(request), venture)).number
    try:
        actions.save_version(
            actor=_actor(request),
            venture=venture,
            description=body.description,
            seen=seen,
            note=body.note,
        )
    except Conflict as error:
        error.status = 412 if by_tag else error.status
        error.mine = body.description
        error.theirs = json.loads(error.theirs or "null")
        error.etag = f'"venture-{error.version}"'
        raise
    return _shown(request, venture, response)


@router.delete("/ventures/{venture}", response={204: None, **REFUSED}, summary="Delete a venture")
def delete_venture(request: HttpRequest, venture: UUID) -> Any:
    """Delete a venture of your organisation with all its versions; one of a room belongs to all its parties."""
    seen, _by_tag = _seen(request, None)
    actions.delete_venture(actor=_actor(request), venture=venture, seen=seen)
    return Status(204, None)


@router.get(
    "/ventures/{venture}/versions",
    response={200: list[s.VersionOut], **REFUSED},
    summary="Its versions",
)
def list_versions(request: HttpRequest, venture: UUID) -> Any:
    """Return all versions, newest first."""
    return list(queries.versions_of(queries.get_venture(_actor(request), venture)))


@router.get(
    "/ventures/{venture}/figures",
    response={200: s.FiguresOut, **REFUSED},
    summary="Your private figures",
)
def get_figures(request: HttpRequest, venture: UUID, response: HttpResponse) -> Any:
    """Return what your party keeps to itself: no other party is shown it."""
    place = queries.get_venture(_actor(request), venture)
    if not place.keeps_figures:
        raise NotAllowed
    kept, number = queries.own_figures_as_kept(place)
    response["ETag"] = f'"figures-{number}"'
    return s.FiguresOut(**kept)


@router.put(
    "/ventures/{venture}/figures",
    response={200: s.FiguresOut, **REFUSED},
    summary="Keep private figures",
)
def keep_figures(
    request: HttpRequest, venture: UUID, body: s.FiguresIn, response: HttpResponse
) -> Any:
    """Keep your party's private figures; what is left out is taken back.

    They are encrypted. Results of the other parties may be computed from them: see the page on ventures.
    """
    seen, by_tag = _seen(request, None)
    figures = {key: value for key, value in body.dict().items() if value is not None}
    try:
        actions.keep_figures(actor=_actor(request), venture=venture, figures=figures, seen=seen)
    except Conflict as error:
        error.status = 412 if by_tag else error.status
        error.etag = f'"figures-{error.version}"'
        raise
    return get_figures(request, venture, response)


@router.get(
    "/ventures/{venture}/outcomes",
    response={200: dict[str, Any], **REFUSED},
    summary="Simulate",
)
def simulate_venture(
    request: HttpRequest,
    venture: UUID,
    version: s.Number | None = None,
    n: s.Scenarios = 10_000,
    seed: s.Seed = 42,
) -> Any:
    """Return what many futures bring to each party (`simulation/1`), your private figures included."""
    place = queries.get_venture(_actor(request), venture)
    return computing.futures(place, version, n, seed).to_dict()


@router.get(
    "/ventures/{venture}/split", response={200: dict[str, Any], **REFUSED}, summary="Split fairly"
)
def split_venture(
    request: HttpRequest,
    venture: UUID,
    version: s.Number | None = None,
    rule: str = "",
    seed: s.Seed = 42,
) -> Any:
    """Return splits by several rules, one recommended (`split-comparison/1`); `rule` names some, with commas."""
    place = queries.get_venture(_actor(request), venture)
    rules = [one for one in rule.split(",") if one]
    return computing.splits(place, version, rules, seed).to_dict(language())
