"""The JSON API of projects: the same queries and actions as the pages."""

from __future__ import annotations

import re
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from ninja import Router, Status

from mutualist.apps.core.errors import Conflict
from mutualist.apps.core.schemas import REFUSED
from mutualist.apps.programme.public import Standing, partner_standing, vendor_standing
from mutualist.apps.projects import actions, queries
from mutualist.apps.projects import schemas as s

router = Router(tags=["projects"])
TAG = re.compile(r'"(?:project|protection)-(\d{1,9})"')
#: No version is this great: whatever stands there now was not the one that was read.
NO_VERSION = 10**9
VendorMove = Literal["take_up", "ask", "approve", "reject", "extend", "release"]
PartnerMove = Literal["submit", "appeal", "ask_extension", "win", "lose", "withdraw"]
#: Which of the words of a move an action takes, and what they are called there.
_WORDS = {
    "ask": {"note": "question"},
    "approve": {"note": "note", "ruling": "ruling"},
    "reject": {"reason": "reason", "note": "note"},
    "release": {"reason": "reason", "note": "note"},
    "extend": {"note": "note"},
    "appeal": {"note": "text"},
    "ask_extension": {"note": "note"},
    "lose": {"reason": "reason", "note": "note"},
}


def _vendor(request: HttpRequest, programme: UUID) -> Standing:
    return vendor_standing(request.auth, programme)  # type: ignore[attr-defined]


def _partner(request: HttpRequest, relation: UUID) -> Standing:
    return partner_standing(request.auth, relation)  # type: ignore[attr-defined]


def _seen(request: HttpRequest) -> int | None:
    """Return which version ``If-Match`` names; none where any will do."""
    header = request.headers.get("If-Match")
    if header is None or header.strip() == "*":
        return None
    found = TAG.search(header) if not header.strip().startswith("W/") else None
    return int(found[1]) if found else NO_VERSION


def _shown(here: Standing, project: UUID, response: HttpResponse) -> s.ProjectOut:
    shown = queries.project(here, project)
    met = queries.met(here, shown.check) if here.side == "vendor" else None
    return _told(shown, met, response)


def _told(
    shown: queries.Project, met: list[queries.Met] | None, response: HttpResponse
) -> s.ProjectOut:
    response["ETag"] = f'"project-{shown.row.version}"'
    return s.ProjectOut.of_project(shown, met)


def _list(here: Standing, view: str, search: str, page: int) -> s.ProjectsOut:
    found, more = queries.lines(here, view=view, search=search[:80], page=page)
    cards = [s.ProjectCardOut.of(line, vendor=here.side == "vendor") for line in found]
    return s.ProjectsOut(projects=cards, more=more)


def _move(request: HttpRequest, here: Standing, project: UUID, move: str, body: s.MoveIn) -> None:
    given = body.dict()
    words = {name: given[field] for field, name in _WORDS.get(move, {}).items()}
    try:
        getattr(actions, move)(standing=here, project=project, seen=_seen(request), **words)
    except Conflict as error:
        raise _tagged(error, "project") from None


def _tagged(error: Conflict, what: str) -> Conflict:
    error.status = 412
    error.etag = f'"{what}-{error.version}"'
    return error


@router.get(
    "/programmes/{programme}/projects",
    response={200: s.ProjectsOut, **REFUSED},
    summary="Projects registered with a programme",
)
def list_projects(
    request: HttpRequest, programme: UUID, view: s.View = "", search: str = "", page: s.Page = 1
) -> Any:
    """Return 50 projects a page; what waits comes by the time the answer is due."""
    return _list(_vendor(request, programme), view, search, page)


@router.get(
    "/programmes/{programme}/projects/{project}",
    response={200: s.ProjectOut, **REFUSED},
    summary="A registered project",
)
def get_project(
    request: HttpRequest, programme: UUID, project: UUID, response: HttpResponse
) -> Any:
    """Return a project with what the conflict search found; the tag stands in `ETag`."""
    return _shown(_vendor(request, programme), project, response)


@router.post(
    "/programmes/{programme}/projects/{uuid:project}/{move}",
    response={200: s.ProjectOut, **REFUSED},
    summary="Decide about a project",
)
def decide_project(
    request: HttpRequest,
    programme: UUID,
    project: UUID,
    move: VendorMove,
    body: s.MoveIn,
    response: HttpResponse,
) -> Any:
    """Take up, ask, approve, reject, extend or release; with `If-Match` only what you have read."""
    here = _vendor(request, programme)
    _move(request, here, project, move, body)
    return _shown(here, project, response)


@router.get(
    "/programmes/{programme}/protection",
    response={200: s.ProtectionOut, **REFUSED},
    summary="Rules of protection",
)
def get_protection(request: HttpRequest, programme: UUID, response: HttpResponse) -> Any:
    """Return the rules now in force; number 0 are the usual ones."""
    rules, number = queries.protection_of(_vendor(request, programme).programme)
    response["ETag"] = f'"protection-{number}"'
    return s.ProtectionOut(number=number, rules=rules.to_dict())


@router.put(
    "/programmes/{programme}/protection",
    response={200: s.ProtectionOut, **REFUSED},
    summary="Save rules of protection",
)
def save_protection(
    request: HttpRequest, programme: UUID, body: s.ProtectionIn, response: HttpResponse
) -> Any:
    """Save rules that hold for what is registered from now on."""
    try:
        actions.save_protection(
            standing=_vendor(request, programme), rules=body.rules, seen=_seen(request)
        )
    except Conflict as error:
        raise _tagged(error, "protection") from None
    return get_protection(request, programme, response)


@router.get(
    "/relations/{relation}/projects",
    response={200: s.ProjectsOut, **REFUSED},
    summary="Your projects in a programme",
)
def list_own_projects(
    request: HttpRequest, relation: UUID, view: s.View = "", search: str = "", page: s.Page = 1
) -> Any:
    """Return 50 of your firm's projects a page, newest first."""
    return _list(_partner(request, relation), view, search, page)


@router.post(
    "/relations/{relation}/projects",
    response={201: s.ProjectOut, **REFUSED},
    summary="Register a project",
)
def register_project(
    request: HttpRequest, relation: UUID, body: s.RegisterIn, response: HttpResponse
) -> Any:
    """Register a project; the answer is the same whether or not somebody else is ahead."""
    here = _partner(request, relation)
    shown = actions.registered(
        standing=here, content=body.content(), external_id=body.external_id, draft=body.draft
    )
    response["Location"] = reverse("api:get_own_project", args=[relation, shown.row.uid])
    return Status(201, _told(shown, None, response))


@router.get(
    "/relations/{relation}/projects/{project}",
    response={200: s.ProjectOut, **REFUSED},
    summary="One of your projects",
)
def get_own_project(
    request: HttpRequest, relation: UUID, project: UUID, response: HttpResponse
) -> Any:
    """Return one of your firm's projects; the tag stands in `ETag`."""
    return _shown(_partner(request, relation), project, response)


@router.put(
    "/relations/{relation}/projects/{project}",
    response={200: s.ProjectOut, **REFUSED},
    summary="Change a project",
)
def change_own_project(
    request: HttpRequest, relation: UUID, project: UUID, body: s.ProjectIn, response: HttpResponse
) -> Any:
    """Change a draft, or a project the vendor asked about; with `If-Match` only what you have read."""
    here = _partner(request, relation)
    try:
        actions.change(standing=here, project=project, content=body.content(), seen=_seen(request))
    except Conflict as error:
        raise _tagged(error, "project") from None
    return _shown(here, project, response)


@router.delete(
    "/relations/{relation}/projects/{project}",
    response={204: None, **REFUSED},
    summary="Delete a draft",
)
def delete_own_project(request: HttpRequest, relation: UUID, project: UUID) -> Any:
    """Delete a draft; a registered project is withdrawn instead."""
    actions.delete_draft(standing=_partner(request, relation), project=project)
    return Status(204, None)


@router.post(
    "/relations/{relation}/projects/{uuid:project}/{move}",
    response={200: s.ProjectOut, **REFUSED},
    summary="Go on with a project",
)
def move_own_project(
    request: HttpRequest,
    relation: UUID,
    project: UUID,
    move: PartnerMove,
    body: s.MoveIn,
    response: HttpResponse,
) -> Any:
    """Submit, object, ask for more time, win, lose or withdraw; with `If-Match` only what you have read."""
    here = _partner(request, relation)
    _move(request, here, project, move, body)
    return _shown(here, project, response)
