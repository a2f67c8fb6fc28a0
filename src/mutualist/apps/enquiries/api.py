"""The JSON API of enquiries: the same queries and actions as the pages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from ninja import Router, Status

from mutualist.apps.core.errors import Conflict
from mutualist.apps.core.schemas import REFUSED
from mutualist.apps.enquiries import actions, queries
from mutualist.apps.enquiries import schemas as s
from mutualist.apps.enquiries.actions.steps import nobody_words
from mutualist.apps.enquiries.models import Enquiry, Offer
from mutualist.apps.programme.public import (
    Standing,
    names_for_reader,
    partner_standing,
    vendor_standing,
)

router = Router(tags=["enquiries"])
HOME = "/programmes/{programme}/enquiries"
#: So many come with one answer.
MOST = 200
TAG = re.compile(r'"enquiry-(\d{1,9})"')
#: No version is this great: whatever stands there now was not the one that was read.
NO_VERSION = 10**9
#: Which of the words of a move an action takes, and what they are called there.
_WORDS = {
    "lose": {"reason": "reason", "words": "note"},
    "close": {"reason": "reason", "words": "note"},
    "decline": {"reason": "reason", "words": "note"},
    "give_back": {"reason": "reason", "words": "note"},
    "win": {"words": "note"},
}
_NAMES = {"hand": "hand_to", "route": "route_again"}


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


def _told(row: Enquiry, response: HttpResponse) -> s.EnquiryOut:
    response["ETag"] = f'"enquiry-{row.version}"'
    return _out(row)


def _out(row: Enquiry, names: Mapping[str, str] | None = None) -> s.EnquiryOut:
    names = names_for_reader(row.programme_id) if names is None else names
    waits = row.status == "received" and row.nobody
    offers = [
        s.OfferOut(
            partner=one.relation.uid,
            state=one.state,
            offered_at=one.offered_at,
            due_at=one.due_at,
            reason=one.reason,
            why=one.why,
        )
        for one in row.offers.select_related("relation")
    ]
    return s.EnquiryOut(
        uid=row.uid,
        external_id=row.external_id,
        status=row.status,
        country=row.country,
        postal_code=row.postal_code,
        abilities=row.abilities,
        ability_names={key: names.get(key, key) for key in row.abilities},
        company=row.company,
        created_at=row.created_at,
        partner=row.relation.uid if row.relation else None,
        nobody=nobody_words(row, (get_language() or "en")[:2]) if waits else "",
        offers=offers,
    )


@router.get(HOME, response={200: list[s.EnquiryOut], **REFUSED}, summary="Enquiries")
def list_enquiries(request: HttpRequest, programme: UUID, status: str = "") -> Any:
    """Return up to 200 enquiries, newest first; those with one status if it is named."""
    here = _vendor(request, programme)
    found, names = queries.board(here), names_for_reader(here.programme)
    return [_out(row, names) for row in (found.filter(status=status) if status else found)[:MOST]]


@router.post(HOME, response={201: s.EnquiryOut, **REFUSED}, summary="Take in an enquiry")
def create_enquiry(
    request: HttpRequest, programme: UUID, body: s.EnquiryIn, response: HttpResponse
) -> Any:
    """Take an enquiry in and offer it to the able, near and free partner at once."""
    data = body.model_dump()
    consent = data.pop("consent")
    wish = actions.Wish(**data | {"abilities": tuple(data["abilities"])})
    standing = _vendor(request, programme)
    made = actions.enter(standing=standing, wish=wish, source="api", consent=consent)
    response["Location"] = reverse("api:get_enquiry", args=[standing.programme_uid, made.uid])
    return Status(201, _out(made))


@router.get(HOME + "/{enquiry}", response={200: s.EnquiryOut, **REFUSED}, summary="An enquiry")
def get_enquiry(
    request: HttpRequest, programme: UUID, enquiry: UUID, response: HttpResponse
) -> Any:
    """Return an enquiry with who was asked and why; the tag stands in `ETag`."""
    return _told(queries.enquiry_for(_vendor(request, programme), enquiry), response)


@router.post(
    HOME + "/{uuid:enquiry}/{move}",
    response={200: s.EnquiryOut, **REFUSED},
    summary="Decide about an enquiry",
)
def decide_enquiry(
    request: HttpRequest,
    programme: UUID,
    enquiry: UUID,
    move: s.VendorMove,
    body: s.EnquiryMoveIn,
    response: HttpResponse,
) -> Any:
    """Hand to a partner, ask the next, win, lose, close or reopen; with `If-Match` only what you have read."""
    here = _vendor(request, programme)
    words: dict[str, Any] = {
        name: getattr(body, field) for name, field in _WORDS.get(move, {}).items()
    }
    if move == "hand":
        words["relation"] = body.partner or ""
    try:
        getattr(actions, _NAMES.get(move, move))(
            standing=here, enquiry=enquiry, seen=_seen(request), **words
        )
    except Conflict as error:
        error.status, error.etag = 412, f'"enquiry-{error.version}"'
        raise
    return _told(queries.enquiry_for(here, enquiry), response)


OWN = "/relations/{relation}/enquiries"


def _own(held: Offer, names: Mapping[str, str]) -> s.OwnOfferOut:
    row, known = held.enquiry, queries.sees_person(held)
    asked = ("country", "postal_code", "abilities", "certificate", "language", "level", "text")
    told: dict[str, Any] = {
        name: getattr(held, name) for name in ("uid", "state", "offered_at", "due_at")
    }
    told |= {name: getattr(row, name) for name in asked}
    for name in ("company", "person", "email", "phone", "status"):
        told[name] = getattr(row, name) if known else ""
    told["ability_names"] = {key: names.get(key, key) for key in row.abilities}
    return s.OwnOfferOut(**told, km=held.why.get("km"))


@router.get(OWN, response={200: list[s.OwnOfferOut], **REFUSED}, summary="Your enquiries")
def list_own_enquiries(request: HttpRequest, relation: UUID, state: str = "") -> Any:
    """Return up to 200 enquiries offered to your firm, newest first; those with one state if it is named."""
    here = _partner(request, relation)
    names = names_for_reader(here.programme)
    return [_own(one, names) for one in queries.own_offers(here, state)[:MOST]]


@router.get(
    OWN + "/{offer}", response={200: s.OwnOfferOut, **REFUSED}, summary="One of your enquiries"
)
def get_own_enquiry(request: HttpRequest, relation: UUID, offer: UUID) -> Any:
    """Return an enquiry offered to your firm; who asks, once you have accepted it."""
    here = _partner(request, relation)
    return _own(queries.offer_for(here, offer), names_for_reader(here.programme))


@router.post(
    OWN + "/{uuid:offer}/{move}",
    response={200: s.OwnOfferOut, **REFUSED},
    summary="Answer an enquiry",
)
def move_own_enquiry(
    request: HttpRequest, relation: UUID, offer: UUID, move: s.PartnerMove, body: s.EnquiryMoveIn
) -> Any:
    """Accept, decline, give back, win or lose; after the limit the answer is 409."""
    here = _partner(request, relation)
    words = {name: getattr(body, field) for name, field in _WORDS.get(move, {}).items()}
    getattr(actions, move)(standing=here, offer=offer, **words)
    return _own(queries.offer_for(here, offer), names_for_reader(here.programme))
