"""What the JSON API takes and gives."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Field, Schema
from pydantic import BeforeValidator, StrictBool

from mutualist.apps.core.schemas import In, Whole

Mode = Literal["alone", "two_sided", "convened"]
Opens = Literal["all_press", "deadline"]
Language = Literal["de", "en"]
Start = Annotated[int, Field(ge=0, le=1_000_000)]
Relation = Literal["none", "customer_supplier", "reseller", "same_group", "competitors"]


def _day(value: Any) -> Any:
    """Refuse seconds and times of day, which would be cut down to a day."""
    if not isinstance(value, str | None) or len(value or "2031-01-31") != len("2031-01-31"):
        raise ValueError("Input should be a day as YYYY-MM-DD")
    return value


Day = Annotated[date, BeforeValidator(_day)]


class FrameIn(In):
    """What the host fills once."""

    name: str = Field(min_length=1, max_length=80)
    offer: str = Field("", max_length=200)
    horizon: Whole = Field(5, ge=1, le=30)
    currency: str = Field("EUR", pattern="^[A-Z]{3}$")
    relation: Relation = "none"
    public_since: str | None = Field(None, pattern=r"^\d{4}-(0[1-9]|1[0-2])$")


class PartyIn(In):
    """A party and the person who answers for it."""

    name: str = Field(min_length=1, max_length=80)
    person: str = Field("", max_length=120)
    email: str = Field("", max_length=254)
    language: Language = "de"


class RoomIn(In):
    """A new room."""

    mode: Mode = "two_sided"
    frame: FrameIn
    parties: list[PartyIn] = Field(min_length=2, max_length=8)
    organisation: UUID | None = Field(None, description="Whose room it is; default: your first.")
    opens: Opens = "all_press"
    deadline: Day | None = None


class CardOut(Schema):
    """A room in the list."""

    uid: UUID
    name: str
    mode: Mode
    state: str
    round: int
    deadline: date | None
    seats: list[str]
    sealed: int
    total: int
    my_seat: str | None
    i_sealed: bool
    is_host: bool
    kind: str | None


class SeatOut(Schema):
    """What everybody in the room may know of a party before the opening."""

    key: str
    name: str
    is_mine: bool
    is_guess: bool
    started: bool
    sealed: bool
    sealed_at: datetime | None
    fingerprint: str
    segments: list[float]
    pressed: bool


class RoundOut(Schema):
    """An opened round."""

    round: int
    as_of: str
    opened_at: datetime


class RoomOut(Schema):
    """Where a room stands and what you may do."""

    uid: UUID
    name: str
    mode: Mode
    state: str
    round: int
    ruleset: str
    frame: dict[str, Any]
    opens: Opens
    deadline: date | None
    seats: list[SeatOut]
    my_seat: str | None
    all_sealed: bool
    all_pressed: bool
    missing: list[str]
    may: list[str]
    rounds: list[RoundOut]
    result_visible: bool

    @staticmethod
    def of(status: Any) -> RoomOut:
        """Bring a room's status into this form."""
        room = status.room
        rights = ("answer", "manage", "seal", "take_back", "press", "start_round", "extend")
        return RoomOut(
            uid=room.uid,
            name=room.name,
            mode=room.mode,
            state=room.state,
            round=room.round,
            ruleset=room.ruleset,
            frame=room.frame,
            opens=room.opens,
            deadline=room.deadline,
            seats=[SeatOut.from_orm(seat) for seat in status.seats],
            my_seat=status.my_seat.key if status.my_seat else None,
            all_sealed=status.all_sealed,
            all_pressed=status.all_pressed,
            missing=list(status.missing),
            may=[right for right in rights if getattr(status, f"may_{right}")],
            rounds=[RoundOut.from_orm(one) for one in status.rounds],
            result_visible=status.result_visible,
        )


class SheetOut(Schema):
    """Your own answers as they stand."""

    seat: str
    round: int
    ruleset: str
    answers: dict[str, Any]
    versions: dict[str, int]
    changed: list[str]
    open_items: list[str]
    is_sealed: bool
    minutes_left: int

    @staticmethod
    def of(sheet: Any) -> SheetOut:
        """Bring a draft sheet into this form."""
        return SheetOut(
            seat=sheet.seat,
            round=sheet.round,
            ruleset=sheet.ruleset,
            answers=dict(sheet.answers),
            versions=dict(sheet.versions),
            changed=list(sheet.changed),
            open_items=list(sheet.open_items),
            is_sealed=sheet.is_sealed,
            minutes_left=sheet.progress.minutes_left,
        )


class ItemOut(Schema):
    """One of your own answers as it stands."""

    item: str
    value: Any
    version: int


class AnswerIn(In):
    """One answer in the format of a room file."""

    value: Any = Field(None, description="Absent or null clears the answer.")
    version: Whole = Field(0, ge=0, description="The version you last read; 0 for a new answer.")


class AnswerOut(Schema):
    """An answer as it is now stored."""

    item: str
    value: Any
    version: int
    saved_at: datetime
    minutes_left: int


class SealIn(In):
    """Hand in; open items have to be confirmed."""

    confirm_open_items: StrictBool = False


class SealedOut(Schema):
    """The seal and its fingerprint."""

    fingerprint: str
    sealed_at: datetime
    open_items: list[str]
    opened: bool


class PressedOut(Schema):
    """What pressing did."""

    opened: bool
    waiting: list[str]


class InviteIn(In):
    """A person to invite; the link goes by mail only."""

    name: str = Field(min_length=1, max_length=120)
    email: str = Field(min_length=3, max_length=254)
    language: Language = "de"


class PersonOut(Schema):
    """Somebody who answers for a seat."""

    id: int
    name: str
    email: str
    language: str
    is_lead: bool
    link_state: str


class SeatPeopleOut(Schema):
    """A seat and its people as far as you may see them."""

    key: str
    name: str
    is_mine: bool
    people: list[PersonOut]


class DeadlineIn(In):
    """A new deadline."""

    deadline: Day


class RoundIn(In):
    """A further round."""

    deadline: Day | None = None


class MovesIn(In):
    """Single moves to try, by their ids."""

    moves: list[str] = Field(max_length=100)


class BindingIn(In):
    """The words by which the parties choose to be bound."""

    text: str = Field(min_length=1, max_length=5000)


class ConsentIn(In):
    """Whether you may be asked after twelve months."""

    consent: StrictBool


class OutcomeIn(In):
    """How a room ends."""

    outcome: Literal["parted", "ended"] = "ended"


class EntryOut(Schema):
    """Something that happened in a room."""

    action: str
    sentence: str
    created: datetime
