"""What queries and actions of rooms return: frozen values without a way back to the tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from mutualist.apps.rooms.models import Answerer, Room
from mutualist.domain.assess import Problem, Verdict
from mutualist.domain.assess import Room as DomainRoom


@dataclass(frozen=True, slots=True)
class PartySpec:
    """A party as named at the creation of a room; with a mail address it is invited at once."""

    name: str
    email: str = ""
    person: str = ""
    language: str = "de"


@dataclass(frozen=True, slots=True)
class SeatStatus:
    """What everybody in a room may know of a party before the opening."""

    key: str
    name: str
    organisation: str
    lead_name: str
    is_mine: bool
    is_guess: bool
    started: bool
    sealed: bool
    sealed_at: datetime | None
    fingerprint: str
    segments: tuple[float, ...]
    minutes_left: int | None
    pressed: bool
    shares_result_with_host: bool


@dataclass(frozen=True, slots=True)
class OpenedRound:
    """A round that has been opened."""

    round: int
    as_of: str
    opened_at: datetime
    kind: str


@dataclass(frozen=True, slots=True)
class BindingMark:
    """One party's confirmation of the current binding text."""

    seat: str
    name: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class BindingStatus:
    """Whether the parties have chosen to be bound, and by which words."""

    round: int
    text: str
    confirmed: tuple[BindingMark, ...]
    is_bound: bool
    mine: bool
    own_text: str


@dataclass(frozen=True, slots=True)
class ConsentStatus:
    """Who agrees to be asked after twelve months."""

    mine: bool | None
    all: bool
    ask_on: date | None


@dataclass(frozen=True, slots=True)
class RoomStatus:
    """Where a room stands and what its reader may do next."""

    room: Room
    seats: tuple[SeatStatus, ...]
    my_seat: SeatStatus | None
    my_seats: tuple[SeatStatus, ...]
    am_lead: bool
    may_answer: bool
    may_manage: bool
    is_host: bool
    is_neutral_host: bool
    all_sealed: bool
    all_pressed: bool
    due: bool
    days_left: int | None
    missing: tuple[str, ...]
    may_seal: bool
    may_take_back: bool
    may_press: bool
    may_start_round: bool
    may_extend: bool
    result_visible: bool
    rounds: tuple[OpenedRound, ...]
    binding: BindingStatus | None
    outcome_consent: ConsentStatus


@dataclass(frozen=True, slots=True)
class RoomCard:
    """A room in a list."""

    uid: UUID
    name: str
    mode: str
    state: str
    outcome: str
    round: int
    deadline: date | None
    seats: tuple[str, ...]
    sealed: int
    total: int
    my_seat: str | None
    i_sealed: bool
    is_host: bool
    kind: str | None
    due: bool
    i_answer: bool = False
    segments: Mapping[str, tuple[float, ...]] = field(default_factory=dict, hash=False)
    opens: str = "all_press"
    opened_at: datetime | None = None
    my_segments: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class News:
    """Something that happened in one of a person's rooms."""

    room: UUID
    room_name: str
    sentence: str
    created: datetime


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a sheet is: six segments from 0 to 1 and the minutes still needed."""

    segments: tuple[float, ...]
    minutes_left: int

    @property
    def public_segments(self) -> tuple[float, ...]:
        """What the others see: open 0, begun 0.5, done 1; a finer share would show each answer come."""
        return tuple(0.5 if 0 < share < 1 else share for share in self.segments)


@dataclass(frozen=True, slots=True, repr=False)
class DraftSheet:
    """A person's own answers as they stand."""

    seat: str
    parties: Mapping[str, str]
    ruleset: str
    round: int
    answers: Mapping[str, Any]
    versions: Mapping[str, int]
    saved_at: datetime | None
    previous: Mapping[str, Any]
    changed: tuple[str, ...]
    open_items: tuple[str, ...]
    is_sealed: bool
    progress: Progress


@dataclass(frozen=True, slots=True, repr=False)
class HousePerson:
    """A colleague's answers, for the own house only."""

    name: str
    is_lead: bool
    answers: Mapping[str, Any]
    answered: int


@dataclass(frozen=True, slots=True, repr=False)
class HouseSpread:
    """Where people of one party answer differently."""

    lead: str
    people: tuple[HousePerson, ...]
    differing: tuple[str, ...]


@dataclass(frozen=True, slots=True, repr=False)
class OpenedRoom:
    """An opened round as one viewer may see it.

    `domain_room` holds every answer and stays on the server; show `visible` only. `rounds` are all
    opened rounds, `before` is the stored result of the round before.
    """

    round: int
    as_of: str
    opened_at: datetime
    viewer: str | None
    domain_room: DomainRoom
    verdict: Verdict
    result: Mapping[str, Any]
    visible: Mapping[str, Mapping[str, Any]]
    changed: Mapping[str, tuple[str, ...]]
    parties: Mapping[str, str]
    self_check: bool
    ruleset: str
    fingerprints: Mapping[str, str]
    rounds: tuple[OpenedRound, ...] = ()
    before: Mapping[str, Any] | None = None
    #: Whether the viewer answers for a party and the room is not closed.
    may_add: bool = False


@dataclass(frozen=True, slots=True)
class PersonRow:
    """Somebody who answers for a seat."""

    id: int
    name: str
    email: str
    language: str
    is_lead: bool
    is_me: bool
    link_state: str
    used_at: datetime | None
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class SeatPeople:
    """A seat and those of its people the reader may see."""

    key: str
    name: str
    organisation: str
    is_mine: bool
    is_guess: bool
    may_invite: bool
    may_edit: bool
    people: tuple[PersonRow, ...]


@dataclass(frozen=True, slots=True)
class HostStatistics:
    """Figures over a host's rooms; results only in steps of five opened rooms."""

    rooms: int
    draft: int
    answering: int
    opened: int
    closed: int
    counted: int
    kinds: Mapping[str, int] | None
    mean_load: float | None
    conflicts: Mapping[str, int] | None


@dataclass(frozen=True, slots=True)
class Invitation:
    """A sent invitation; the address goes by mail only and must not be shown to the inviter."""

    answerer: Answerer
    url: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class AcceptedLink:
    """A link that was opened: its id goes into the browser session, those in `drop` leave it."""

    link_id: int
    room: Room
    seat_key: str
    answerer: Answerer
    drop: frozenset[int]


@dataclass(frozen=True, slots=True, repr=False)
class SavedAnswer:
    """An answer as it now stands."""

    item: str
    value: Any
    version: int
    saved_at: datetime
    segments: tuple[float, ...]
    minutes_left: int


@dataclass(frozen=True, slots=True, repr=False)
class ItemConflict:
    """Two versions of one answer; `version` is the one to send along to overwrite theirs."""

    item: str
    mine: Any
    theirs: Any
    version: int


@dataclass(frozen=True, slots=True, repr=False)
class PageSaved:
    """What became of each item of a page."""

    saved: tuple[SavedAnswer, ...]
    problems: tuple[Problem, ...]
    conflicts: tuple[ItemConflict, ...]


@dataclass(frozen=True, slots=True)
class Sealed:
    """A seal: its fingerprint can be read out on the phone."""

    fingerprint: str
    sealed_at: datetime
    open_items: tuple[str, ...]
    opened: bool


@dataclass(frozen=True, slots=True)
class Pressed:
    """What pressing "open together" did, and for whom the room still waits."""

    opened: bool
    waiting: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CellProblem:
    """A cell of a workbook that cannot be used."""

    cell: str
    message: str
