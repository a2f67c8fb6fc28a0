"""What rooms know about one person, and which rooms have been kept long enough."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from mutualist.apps.core.isolation import Scope
from mutualist.apps.core.models import AuditEntry
from mutualist.apps.identity.models import Organisation
from mutualist.apps.rooms import scopes
from mutualist.apps.rooms.models import (
    Answerer,
    Draft,
    Opening,
    Room,
    SealedAnswers,
    SealedSheet,
    Seat,
    SeatLink,
)
from mutualist.apps.rooms.sealing import SeatVault, vault_of


@dataclass(frozen=True, slots=True)
class Seated:
    """As whom a person sits in rooms."""

    answerers: frozenset[int]
    links: frozenset[int]
    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class Place:
    """A person's place in a room, and what becomes of it without them."""

    room: UUID
    room_name: str
    party: str
    is_lead: bool
    fate: str
    host: int | None
    organisation: int | None
    parties: tuple[str, ...]


@dataclass(frozen=True, slots=True, repr=False)
class OwnAnswers:
    """What a person wrote for their party in a room."""

    room: str
    party: str
    round: int
    sealed: bool
    answers: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class HostedRoom:
    """A room of an organisation, and what becomes of it without the organisation."""

    pk: int
    uid: UUID
    name: str
    stays: bool
    others: bool


def answerers_of(user_id: int | None, mails: Iterable[str]) -> list[Answerer]:
    """Return the people in rooms who are this person: by account, or by mail address alone."""
    rule = Q(pk__in=[])
    if user_id is not None:
        rule |= Q(user_id=user_id)
    for mail in mails:
        rule |= Q(email__iexact=mail, user__isnull=True)
    return list(Answerer.objects.filter(rule).order_by("pk"))


def seated_as(user_id: int | None, mails: Iterable[str]) -> Seated:
    """Return as whom a person sits in rooms."""
    people = answerers_of(user_id, mails)
    ids = frozenset(person.pk for person in people)
    links = SeatLink.objects.filter(answerer__in=ids).values_list("pk", flat=True)
    return Seated(ids, frozenset(links), frozenset(person.name for person in people))


def places_of(answerers: Iterable[int], user_id: int | None) -> list[Place]:
    """Return a person's places, each with what happens to it when the person goes."""
    found = Answerer.objects.filter(pk__in=list(answerers)).select_related("room", "seat")
    people = list(found.order_by("room_id", "seat__position"))
    parties: dict[int, tuple[str, ...]] = {}
    for seat in Seat.objects.filter(room__in=[person.room_id for person in people]):
        parties[seat.room_id] = (*parties.get(seat.room_id, ()), seat.name)
    return [
        Place(
            room=person.room.uid,
            room_name=person.room.name,
            party=person.seat.name,
            is_lead=person.is_lead,
            fate=fate_of(person, user_id),
            host=person.room.host_id,
            organisation=person.seat.organisation_id,
            parties=parties[person.room_id],
        )
        for person in people
    ]


def fate_of(person: Answerer, user_id: int | None) -> str:
    """Return ``deleted`` (a room of one's own), ``left``, ``passed_on``, ``erased`` or ``vacant``."""
    room = person.room
    if room.host_id is None and room.created_by_id == user_id:
        return "deleted"
    if not person.is_lead:
        return "left"
    if successor_of(person) is not None:
        return "passed_on"
    return "erased" if has_sealed(person) else "vacant"


def has_sealed(person: Answerer) -> bool:
    """Whether the person's party has ever handed in a sheet."""
    return SealedSheet.objects.filter(seat_id=person.seat_id).exists()


def successor_of(person: Answerer) -> Answerer | None:
    """Return who leads a party when its lead goes: the colleague who has been there longest."""
    others = Answerer.objects.filter(seat_id=person.seat_id).exclude(pk=person.pk)
    reachable = others.filter(Q(user__isnull=False) | ~Q(email=""))
    return reachable.order_by("created_at", "pk").first()


def own_answers(answerers: Iterable[int]) -> Iterator[OwnAnswers]:
    """Return what a person wrote, in rooms in which they still have their seat.

    Answers speak about the firm. Whoever has lost the seat gets no copy of them here.
    """
    people = Answerer.objects.filter(pk__in=still_seated(answerers)).select_related("room", "seat")
    for person in people.order_by("room_id", "seat__position"):
        with scopes.of_person([person]):
            yield from _written_by(person, vault_of(person.room, person.seat))


def still_seated(answerers: Iterable[int]) -> list[int]:
    """Return those who still have their seat, by an account or a link that works."""
    live = SeatLink.objects.live().filter(answerer=OuterRef("pk"))
    here = Q(user__isnull=False) | Exists(live)
    return list(Answerer.objects.filter(here, pk__in=list(answerers)).values_list("pk", flat=True))


def _written_by(person: Answerer, vault: SeatVault) -> list[OwnAnswers]:
    drafts: dict[int, dict[str, Any]] = {}
    for draft in Draft.objects.filter(answerer=person).order_by("round", "item"):
        drafts.setdefault(draft.round, {})[draft.item] = vault.decrypt_draft(draft)
    place = (person.room.name, person.seat.name)
    found = [OwnAnswers(*place, number, False, answers) for number, answers in drafts.items()]
    kept = SealedAnswers.objects.filter(sheet__sealed_by=person).select_related("sheet")
    sealed = ((row.sheet.round, vault.unseal(row)) for row in kept.order_by("sheet__round"))
    return [*found, *(OwnAnswers(*place, number, True, answers) for number, answers in sealed)]


def seats_scope(answerers: Iterable[int]) -> AbstractContextManager[Scope]:
    """Return the scope in which the private rows of a person's own seats can be asked for."""
    return scopes.of_person(Answerer.objects.filter(pk__in=list(answerers)))


def hosted_by(organisation: Organisation) -> list[HostedRoom]:
    """Return the rooms of an organisation, each with what becomes of it without the host."""
    rooms = Room.objects.filter(host=organisation).order_by("created_at", "pk")
    opened = set(Opening.objects.filter(room__in=rooms).values_list("room_id", flat=True))
    shared = set(_people_elsewhere(organisation).values_list("room_id", flat=True))
    return [
        HostedRoom(
            pk=room.pk,
            uid=room.uid,
            name=room.name,
            stays=room.pk in opened and room.pk in shared,
            others=room.pk in shared,
        )
        for room in rooms
    ]


def _people_elsewhere(organisation: Organisation) -> Any:
    """People in rooms of an organisation who do not belong to it."""
    people = Answerer.objects.filter(room__host=organisation)
    reachable = people.filter(Q(user__isnull=False) | ~Q(email=""))
    members = organisation.memberships.values("user")
    return reachable.exclude(user__in=members)


def closed_before(moment: datetime) -> list[Room]:
    """Return the rooms that were closed before a moment."""
    return list(Room.objects.filter(state=Room.State.CLOSED, closed_at__lt=moment).order_by("pk"))


def idle_since(moment: datetime, *, opened: bool) -> list[Room]:
    """Return the rooms in which nothing was done since a moment.

    Whether something was done is asked of the log, since every write leaves an entry there.
    """
    rooms = Room.objects.filter(created_at__lt=moment).exclude(state=Room.State.CLOSED)
    rooms = rooms.filter(state=Room.State.OPENED) if opened else rooms.exclude(state="opened")
    return [room for room in rooms.order_by("pk") if last_day_of(room) < moment.date()]


def last_day_of(room: Room) -> date:
    """Return the day on which something was last done in a room."""
    chain = f"room:{room.pk}"
    entries = AuditEntry.objects.filter(Q(chain=chain) | Q(chain__startswith=f"{chain}:"))
    last = entries.order_by("-created").values_list("created", flat=True).first()
    return max(last or room.created_at, room.created_at).date()
