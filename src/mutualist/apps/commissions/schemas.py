"""What the JSON API of commissions takes and gives. Amounts are texts with a point: "1440.50", never binary fractions."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from ninja import Field, Schema

from mutualist.apps.core.schemas import In, Whole

Currency = Annotated[str, Field(pattern="^[A-Z]{3}$")]
Amount = Annotated[
    str, Field(max_length=30, description="Net amount with a point, such as 1440.50.")
]


class RulesIn(In):
    """Commission rules as text."""

    text: str = Field(max_length=100_000, description="A file of the format `commission/1` (YAML).")


class RulesOut(Schema):
    """A version of the commission rules."""

    uid: UUID
    version: str
    first: date
    last: date | None
    text: str


class ShareIn(In):
    """A partner credited for an invoice."""

    partner: UUID
    share: str = Field(
        "1", max_length=40, description="Exact, as 1, 0.6 or 1/3; all together are 1."
    )


class InvoiceIn(In):
    """What a customer was charged."""

    number: str = Field(
        min_length=1, max_length=80, description="Yours; sent twice, it is booked once."
    )
    day: date
    amount: Amount
    currency: Currency = "EUR"
    product: str = Field(min_length=1, max_length=80)
    partners: list[ShareIn] = Field(min_length=1, max_length=20)
    subscription: str = Field("", max_length=80)
    customer: str = Field("", max_length=120)
    months: Whole = Field(1, ge=1, le=120)
    covers_from: date | None = None
    units: str = Field("1", max_length=30)
    marks: list[Annotated[str, Field(max_length=40)]] = Field(default_factory=list, max_length=20)


class PartOut(Schema):
    """A part of a commission, over time or by a milestone."""

    key: str
    due: date | None
    amount: str
    booked: bool


class EarningOut(Schema):
    """What one partner earns by an invoice, and why."""

    uid: UUID
    invoice: str
    day: date
    partner: UUID
    share: str
    level: str
    base: str
    amount: str
    currency: str
    steps: list[str]
    parts: list[PartOut]


class InvoiceOut(Schema):
    """An invoice and what it earned."""

    uid: UUID
    number: str
    day: date
    amount: str
    currency: str
    product: str
    product_name: str = Field(description="What it is called in your language.")
    subscription: str
    customer: str
    rules: str
    state: str
    earnings: list[EarningOut]


class CancelIn(In):
    """A cancellation of an invoice or of a part of it."""

    amount: Amount
    day: date
    reason: str = Field(min_length=1, max_length=120)


class ReasonIn(In):
    """Why something is taken back; the partner reads it."""

    reason: str = Field(min_length=1, max_length=120)


class ApproveIn(In):
    """Which commissions are approved."""

    earnings: list[UUID] = Field(min_length=1, max_length=1000)


class ApproveOut(Schema):
    """How many had something to approve."""

    approved: int


class MilestoneIn(In):
    """A milestone that is reached."""

    key: str = Field(max_length=80)


class BalanceOut(Schema):
    """Where a partner stands in a currency."""

    partner: UUID
    name: str
    currency: str
    accrued: str
    payable: str
    paid: str


class MovementOut(Schema):
    """A line of a statement."""

    entry: int
    day: date
    text: str
    note: str
    amount: str


class StatementOut(Schema):
    """A statement; the closing balance is what the partner has to get."""

    partner: UUID
    currency: str
    first: date
    last: date
    opening: str
    movements: list[MovementOut]
    closing: str
    accrued: str


class LineOut(Schema):
    """A line of an entry; debits are above 0, and every entry adds up to 0."""

    account: str
    partner: UUID
    currency: str
    amount: str


class JournalEntryOut(Schema):
    """An entry of the journal."""

    uid: UUID
    number: int
    kind: str
    day: date
    invoice: str | None
    reverses: int | None
    reason: str
    digest: str
    lines: list[LineOut]


class RunIn(In):
    """A payment run."""

    currency: Currency
    total: Amount
    execute_on: date


class RunOut(Schema):
    """A payment run; accounts are told by their last four signs."""

    uid: UUID
    number: int
    message: str
    currency: str
    execute_on: date
    made_at: datetime
    reversed_at: datetime | None
    total: str
    payments: int
