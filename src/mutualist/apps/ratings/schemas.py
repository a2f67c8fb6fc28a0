"""What the JSON API of ratings and promises takes and gives."""

from __future__ import annotations

from datetime import date
from typing import Literal
from uuid import UUID

from ninja import Field, Schema

from mutualist.apps.core.schemas import In


class RatingIn(In):
    """What one side says of the other: 1 to 5 stars by topic."""

    stars: dict[str, int] = Field(..., examples=[{"fairness": 4, "planning": 5}])
    comment: str = Field("", max_length=2000)


class SideOut(Schema):
    """What a side said, once you may read it."""

    stars: dict[str, int]
    comment: str


class HalfYearOut(Schema):
    """A half-year: who has rated, and what is open to you."""

    period: str
    opens: date
    closes: date
    given: list[str]
    public: bool
    vendor: SideOut | None
    partner: SideOut | None


class PromiseIn(In):
    """A promise: `amount` is a number a period, or hours, as what it is about says."""

    about: Literal["enquiry", "decision", "payout", "answer", "project"]
    every: Literal["month", "quarter", "half_year", "year"] = "quarter"
    amount: int = Field(..., examples=[48])
    share: int = Field(100, description="which part has to be in time, in per cent")
    first: date | None = None


class PromiseOut(Schema):
    """A promise of a programme."""

    uid: UUID
    side: str
    about: str
    every: str
    at_least: int | None
    hours: int | None
    share: int
    first: date
    last: date | None


class RealityOut(Schema):
    """What became of a promise in a period; `kept` is null while it is open, or where there was no occasion."""

    start: date
    end: date
    kept: bool | None
    decided: bool
    target: str
    actual: str | None
    text: str


class KeptOut(Schema):
    """A promise beside what one partner got."""

    promise: PromiseOut
    periods: list[RealityOut]
