"""What whoever runs the server has to know of rooms, without learning anything in them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from django.db.models import Prefetch

from mutualist.apps.rooms import scopes
from mutualist.apps.rooms.models import Answerer, SealedSheet, Seat
from mutualist.apps.rooms.sealing import vault_of


def newest_key_opens() -> bool:
    """Open the key of the newest seat; tell whether there was one."""
    newest = Seat.objects.select_related("room").order_by("-pk").first()
    if newest is None:
        return False
    with scopes.checking(newest):
        vault_of(newest.room, newest)
    return True


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """Somebody who answers for the organisation in question, and whether the link arrived."""

    name: str
    email: str
    is_lead: bool
    link: Literal["none", "open", "used", "expired", "revoked"]


@dataclass(frozen=True, slots=True)
class RoomFacts:
    """Where a room stands: no name, no frame, nothing of other parties but how many there are."""

    number: str
    created: datetime
    state: str
    round: int
    deadline: date | None
    parties: int
    sealed: int
    people: tuple[PersonFacts, ...]


def _link_of(person: Answerer) -> Literal["none", "open", "used", "expired", "revoked"]:
    newest = max(person.links.all(), key=lambda link: link.pk, default=None)
    if newest is None:
        return "none"
    if newest.revoked_at is not None:
        return "revoked"
    if newest.used_at is not None:
        return "used"
    return "open" if newest.is_live else "expired"


def facts_for_support(organisations: Iterable[int], *, most: int = 50) -> tuple[RoomFacts, ...]:
    """Return where the newest rooms stand in which these organisations have a seat."""
    people = Prefetch("answerers", Answerer.objects.prefetch_related("links"))
    mine = (
        Seat.objects.filter(organisation__in=list(organisations))
        .select_related("room")
        .prefetch_related(people)
        .order_by("-room__created_at")[:most]
    )
    return tuple(_facts(seat) for seat in mine)


def _facts(seat: Seat) -> RoomFacts:
    room = seat.room
    sealed = SealedSheet.objects.filter(room=room, round=room.round).count()
    return RoomFacts(
        number=str(room.uid)[:8],
        created=room.created_at,
        state=room.state,
        round=room.round,
        deadline=room.deadline,
        parties=Seat.objects.filter(room=room, is_guess=False).count(),
        sealed=sealed,
        people=tuple(
            PersonFacts(one.name, one.email, one.is_lead, _link_of(one))
            for one in seat.answerers.all()
        ),
    )
