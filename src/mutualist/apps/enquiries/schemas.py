"""What the JSON API of enquiries takes and gives."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Field, Schema

from mutualist.apps.core.schemas import In

VendorMove = Literal["hand", "route", "win", "lose", "close", "reopen"]
PartnerMove = Literal["accept", "decline", "give_back", "win", "lose"]
Short = Annotated[str, Field(max_length=120)]


class EnquiryIn(In):
    """An enquiry; the same `external_id` sent again changes nothing."""

    country: str = Field(max_length=2, description="DE, AT, CH or LI.")
    postal_code: str = Field(max_length=10)
    abilities: list[Short] = Field(default_factory=list, max_length=20)
    certificate: str = Field("", max_length=80)
    language: str = Field("", max_length=5)
    level: str = Field("", max_length=60)
    text: str = Field("", max_length=2000)
    company: Short = ""
    person: Short = ""
    email: str = Field("", max_length=254)
    phone: str = Field("", max_length=40)
    external_id: str = Field("", max_length=80)
    consent: bool = Field(
        description="Whether the customer agreed that the enquiry is passed on to partners."
    )


class OfferOut(Schema):
    """A partner who was asked, and why."""

    partner: UUID
    state: str = Field(description="open, accepted, declined, lapsed, withdrawn or returned.")
    offered_at: datetime
    due_at: datetime
    reason: str
    why: dict[str, Any] = Field(
        description="Version of the weights, points by part, distance, and what kept the next ones back."
    )


class EnquiryOut(Schema):
    """An enquiry with everybody who was asked."""

    uid: UUID
    external_id: str
    status: str = Field(description="received, pending, accepted, won, lost, declined or expired.")
    country: str
    postal_code: str
    abilities: list[str]
    ability_names: dict[str, str] = Field(
        description="What they are called in your language, by key."
    )
    company: str
    created_at: datetime
    partner: UUID | None
    nobody: str = Field(description="Why nobody is asked at present; empty where somebody is.")
    offers: list[OfferOut]


class EnquiryMoveIn(In):
    """What a move needs besides its name."""

    partner: UUID | None = Field(None, description="For `hand`: the relation to hand it to.")
    reason: str = Field(
        "", max_length=20, description="For `lose`, `close`, `decline`, `give_back`."
    )
    note: str = Field("", max_length=2000)


class OwnOfferOut(Schema):
    """An enquiry as the partner who is asked reads it: who asks stays back until it has accepted."""

    uid: UUID
    state: str = Field(description="open, accepted, declined, lapsed, withdrawn or returned.")
    offered_at: datetime
    due_at: datetime
    status: str = Field(description="Of the enquiry, once accepted; else empty.")
    country: str
    postal_code: str
    abilities: list[str]
    ability_names: dict[str, str] = Field(
        description="What they are called in your language, by key."
    )
    certificate: str
    language: str
    level: str
    text: str
    km: float | None
    company: str
    person: str
    email: str
    phone: str
