"""What the JSON API of programmes takes and gives. Numbers that count are texts: exact, never binary fractions."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from ninja import Field, Schema

from mutualist.apps.core.schemas import In


class ProgrammeOut(Schema):
    """A programme of an own organisation."""

    uid: UUID
    name: str
    slug: str
    vendor: str
    partners: int


class PartnerOut(Schema):
    """A partner of a programme."""

    uid: UUID
    external_id: str
    name: str
    state: str
    country: str
    postal_code: str
    place: str
    abilities: list[str]
    ability_names: dict[str, str] = Field(
        description="What they are called in your language, by key."
    )
    languages: list[str]
    level: str
    level_since: date | None
    capacity: int | None


class PartnerIn(In):
    """A firm to be added."""

    name: str = Field(min_length=1, max_length=120)
    external_id: str = Field("", max_length=80, description="Your number of the partner.")
    country: str = Field("DE", pattern="^[A-Z]{2}$")
    postal_code: str = Field("", max_length=10)
    place: str = Field("", max_length=120)
    abilities: list[str] = Field(default_factory=list, max_length=100)
    languages: list[str] = Field(default_factory=list, max_length=20)


class FactsIn(In):
    """Rows of one table of facts."""

    table: str = Field(max_length=60)
    rows: list[dict[str, Any]] = Field(
        max_length=10_000,
        description="Each with partner (your number of it), id, and the fields that the rules name.",
    )


class FactsOut(Schema):
    """What an import did, and the id by which it can be taken back."""

    uid: UUID
    rows: int
    new: int
    changed: int
    warnings: list[str]


class FactImportOut(Schema):
    """Facts that came together: `stored` or `taken_back`; `file` is empty where a program sent them."""

    uid: UUID
    table: str
    file: str
    state: str
    rows: int
    new: int
    changed: int
    at: datetime


class MetricOut(Schema):
    """A metric of a partner; numbers as exact fractions, such as 40/3."""

    value: str | None
    threshold: str | None
    points: str | None
    most: str | None
    missing: list[str]


class ScoreOut(Schema):
    """A partner's score on a day."""

    partner: UUID
    rules: str
    version: int
    as_of: date
    level: str | None
    qualified: bool
    total: str
    metrics: dict[str, MetricOut]
