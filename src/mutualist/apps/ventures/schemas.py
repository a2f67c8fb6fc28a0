"""What the JSON API of ventures takes and gives."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from ninja import Field, Schema

from mutualist.apps.core.schemas import In, Whole

Scenarios = Annotated[int, Field(ge=100, le=100_000)]
Seed = Annotated[int, Field(ge=0, le=2**63 - 1)]
Number = Annotated[int, Field(ge=1, le=1_000_000)]


class VentureIn(In):
    """A new venture: of an opened room, or of an organisation alone."""

    room: UUID | None = Field(None, description="The opened room whose parties it is about.")
    organisation: UUID | None = Field(
        None, description="Whose it is where no room is named; default: your first."
    )
    template: str = Field("", max_length=40, description="Gives drivers and terms their names.")
    description: dict[str, Any] = Field(description="A venture file, `venture/1`.")


class VersionIn(In):
    """A new version of a venture."""

    description: dict[str, Any] = Field(description="A venture file, `venture/1`.")
    note: str = Field("", max_length=120)
    version: Whole = Field(0, ge=0, le=1_000_000, description="The version you last read.")


class FiguresIn(In):
    """What your party keeps to itself; what is left out is taken back."""

    best_alternative: float | None = None
    pain_limit: float | None = None
    risk_tolerance: float | None = None
    business: dict[str, Any] | None = None


class FiguresOut(Schema):
    """What your party keeps to itself."""

    best_alternative: float | None = None
    pain_limit: float | None = None
    risk_tolerance: float | None = None
    business: dict[str, Any] | None = None


class VentureCardOut(Schema):
    """A venture in the list."""

    uid: UUID
    name: str
    template: str
    owner: str
    version: int
    saved_at: datetime


class VersionOut(Schema):
    """A version without its description."""

    number: int
    note: str
    party: str
    saved_at: datetime


class VentureOut(Schema):
    """A venture as it was saved, and what you may do."""

    uid: UUID
    name: str
    template: str
    owner: str
    room: UUID | None
    my_party: str | None
    version: int
    note: str
    saved_at: datetime
    may: list[str]
    description: dict[str, Any]

    @staticmethod
    def of(place: Any, saved: Any) -> VentureOut:
        """Bring a version and the reader's place into this form."""
        own = place.room is None and place.writes
        rights = {"save": place.writes, "keep_figures": place.keeps_figures, "delete": own}
        return VentureOut(
            uid=place.venture.uid,
            name=place.venture.name,
            template=place.venture.template,
            owner=place.owner,
            room=place.room.uid if place.room else None,
            my_party=place.mine,
            version=saved.number,
            note=saved.note,
            saved_at=saved.saved_at,
            may=[right for right, given in rights.items() if given],
            description=dict(saved.description),
        )


class TemplateOut(Schema):
    """A contract to begin with."""

    template: str
    title: str
    about: str
    description: dict[str, Any]
