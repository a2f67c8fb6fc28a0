"""The JSON API of a partner's life: its state, its people, notes about it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Router, Schema, Status

from mutualist.apps.core.schemas import REFUSED, In
from mutualist.apps.programme.actions.life import move, remove_contact, revoke_links, send_link
from mutualist.apps.programme.actions.notes import LONGEST_NOTE, add_note, remove_note
from mutualist.apps.programme.actions.partners import add_contact
from mutualist.apps.programme.models import Contact, PartnerNote, Relation
from mutualist.apps.programme.queries.notes import notes_of
from mutualist.apps.programme.queries.partners import relation_for
from mutualist.apps.programme.queries.people import people_of
from mutualist.apps.programme.standing import Standing, either_standing, vendor_standing

router = Router(tags=["programmes"])
STATE = "/relations/{relation}/state"
PEOPLE = "/relations/{relation}/people"
NOTES = "/programmes/{programme}/partners/{relation}/notes"
#: No row has a greater id; one that the database cannot hold names nothing.
MOST = 2**63 - 1


class PartnerStateOut(Schema):
    """Where a partner stands towards the programme."""

    state: str = Field(
        description="applied, onboarding, active, suspended, ended or refused.",
    )
    since: date | None
    reason: str


class PartnerStateIn(In):
    """A step of a partner's life; the people of the partner are told by mail."""

    step: Literal["suspend", "resume", "end", "return"]
    reason: str = Field("", max_length=300, description="Needed to suspend and to end.")


class PartnerPersonOut(Schema):
    """A person of a partner firm, who comes by mailed links."""

    id: int
    name: str
    email: str
    language: str
    links: int = Field(description="How many mailed links of theirs work.")
    last_used: datetime | None


class PartnerPersonIn(In):
    """A person to be written to."""

    name: str = Field(min_length=1, max_length=120)
    email: str = Field(max_length=254)
    language: Literal["de", "en"] = "de"


class PartnerNoteOut(Schema):
    """A note about a partner, which the partner never reads."""

    id: int
    text: str
    author: str
    written_at: datetime


class PartnerNoteIn(In):
    """A note to be left."""

    text: str = Field(min_length=1, max_length=LONGEST_NOTE)


def _place(request: HttpRequest, relation: UUID) -> tuple[Standing, Relation]:
    standing = either_standing(request.auth, relation)  # type: ignore[attr-defined]
    return standing, relation_for(standing, relation)


def _vendor(request: HttpRequest, programme: UUID, relation: UUID) -> tuple[Standing, Relation]:
    standing = vendor_standing(request.auth, programme)  # type: ignore[attr-defined]
    return standing, relation_for(standing, relation)


def _state(relation: Relation) -> PartnerStateOut:
    return PartnerStateOut(
        state=relation.state, since=relation.state_since, reason=relation.state_reason
    )


@router.get(STATE, response={200: PartnerStateOut, **REFUSED}, summary="State of a partner")
def get_partner_state(request: HttpRequest, relation: UUID) -> Any:
    """Return where a partner stands, since when and why, for either side."""
    return _state(_place(request, relation)[1])


@router.post(
    STATE, response={200: PartnerStateOut, **REFUSED}, summary="Suspend, resume or end a partner"
)
def move_partner(request: HttpRequest, relation: UUID, body: PartnerStateIn) -> Any:
    """Take a step of a partner's life, as the vendor; what does not lead from the present state is 409."""
    standing, found = _place(request, relation)
    return _state(move(standing=standing, relation=found, step=body.step, reason=body.reason))


def _person(one: Contact) -> PartnerPersonOut:
    return PartnerPersonOut(
        id=one.pk,
        name=one.name,
        email=one.email,
        language=one.language,
        links=getattr(one, "live", 0),
        last_used=getattr(one, "last_used", None),
    )


@router.get(
    PEOPLE, response={200: list[PartnerPersonOut], **REFUSED}, summary="People of a partner"
)
def list_partner_people(request: HttpRequest, relation: UUID) -> Any:
    """Return who of a partner is written to, for either side."""
    return [_person(one) for one in people_of(_place(request, relation)[1].pk)]


@router.post(PEOPLE, response={201: PartnerPersonOut, **REFUSED}, summary="Add a person")
def add_partner_person(request: HttpRequest, relation: UUID, body: PartnerPersonIn) -> Any:
    """Add a person of a partner, on either side."""
    standing, found = _place(request, relation)
    return Status(201, _person(add_contact(standing=standing, relation=found, **body.dict())))


@router.delete(PEOPLE + "/{int:person}", response={204: None, **REFUSED}, summary="Remove a person")
def remove_partner_person(request: HttpRequest, relation: UUID, person: int) -> Any:
    """Remove a person; their links no longer work. The last one cannot be removed."""
    standing, found = _place(request, relation)
    remove_contact(standing=standing, relation=found, contact=min(person, MOST))
    return Status(204, None)


@router.post(
    PEOPLE + "/{int:person}/links", response={204: None, **REFUSED}, summary="Mail a new link"
)
def send_partner_link(request: HttpRequest, relation: UUID, person: int) -> Any:
    """Mail a person a new link to the partner's page."""
    standing, found = _place(request, relation)
    send_link(standing=standing, relation=found, contact=min(person, MOST))
    return Status(204, None)


@router.delete(
    PEOPLE + "/{int:person}/links", response={204: None, **REFUSED}, summary="Take links back"
)
def revoke_partner_links(request: HttpRequest, relation: UUID, person: int) -> Any:
    """Take back every mailed link of a person; the next mail brings a new one."""
    standing, found = _place(request, relation)
    revoke_links(standing=standing, relation=found, contact=min(person, MOST))
    return Status(204, None)


def _note(one: PartnerNote) -> PartnerNoteOut:
    return PartnerNoteOut(
        id=one.pk,
        text=one.text,
        author=one.author.name if one.author else "",
        written_at=one.written_at,
    )


@router.get(NOTES, response={200: list[PartnerNoteOut], **REFUSED}, summary="Notes about a partner")
def list_partner_notes(request: HttpRequest, programme: UUID, relation: UUID) -> Any:
    """Return what your colleagues noted about a partner, newest first."""
    standing, found = _vendor(request, programme, relation)
    return [_note(one) for one in notes_of(standing, found.pk)]


@router.post(NOTES, response={201: PartnerNoteOut, **REFUSED}, summary="Note something")
def add_partner_note(
    request: HttpRequest, programme: UUID, relation: UUID, body: PartnerNoteIn
) -> Any:
    """Note something about a partner for your colleagues."""
    standing, found = _vendor(request, programme, relation)
    return Status(201, _note(add_note(standing=standing, relation=found, text=body.text)))


@router.delete(NOTES + "/{int:note}", response={204: None, **REFUSED}, summary="Remove a note")
def remove_partner_note(request: HttpRequest, programme: UUID, relation: UUID, note: int) -> Any:
    """Remove a note."""
    standing, found = _vendor(request, programme, relation)
    remove_note(standing=standing, relation=found, note=min(note, MOST))
    return Status(204, None)
