"""Where somebody stands in a room whose result they see: what other parts hang on an opened room."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef

from mutualist.apps.core.actor import Actor
from mutualist.apps.core.errors import NotAllowed
from mutualist.apps.rooms import scopes
from mutualist.apps.rooms.models import Opening, Room, Seat
from mutualist.apps.rooms.queries.access import get_room
from mutualist.apps.rooms.standing import Standing, standing


@dataclass(frozen=True, slots=True)
class OpenedPlace:
    """An actor's place in a room that has been opened.

    Attributes
    ----------
    room
        Number of the room.
    seats
        Number of each seat by its key, in the order of the room.
    parties
        Name of each party by the key of its seat.
    mine
        Key of the own seat; none for a neutral host.
    writes
        Whether the actor answers for a seat of a room that is not closed.
    signed
        The actor with the name of the person behind a link.
    """

    room: int
    uid: UUID
    name: str
    currency: str
    horizon: int
    seats: Mapping[str, int]
    parties: Mapping[str, str]
    mine: str | None
    writes: bool
    chain: str
    signed: Actor


def opened_place(actor: Actor, uid: UUID | str) -> OpenedPlace:
    """Return the actor's place in an opened room.

    Raises
    ------
    NotAllowed
        If there is no such room, it was never opened, or its result is not for this actor.
    """
    from mutualist.apps.rooms.chains import room_chain

    here = _standing(actor, uid)
    room = here.room
    answerer = here.answerer()
    return OpenedPlace(
        room=room.pk,
        uid=room.uid,
        name=room.name,
        currency=str(room.frame.get("currency", "EUR")),
        horizon=int(room.frame.get("horizon", 5)),
        seats={seat.key: seat.pk for seat in here.seats},
        parties={seat.key: seat.name for seat in here.seats},
        mine=here.seat.key if here.seat else None,
        writes=answerer is not None and room.state != Room.State.CLOSED,
        chain=room_chain(room),
        signed=here.signed,
    )


def _standing(actor: Actor, uid: UUID | str) -> Standing:
    here = standing(actor, get_room(actor, uid))
    if not here.sees_result or not Opening.objects.filter(room=here.room).exists():
        raise NotAllowed
    return here


def own_rows(actor: Actor, uid: UUID | str) -> scopes.Scoped:
    """Give the private rows of the seats the actor answers for, in an opened room."""
    return scopes.own(_standing(actor, uid))


def rows_of_all(actor: Actor, uid: UUID | str) -> scopes.Scoped:
    """Give what the parties of an opened room have laid down for computing, to the server alone."""
    return scopes.result(_standing(actor, uid))


def rooms_with_result(actor: Actor) -> frozenset[int]:
    """Return the numbers of the rooms whose result the actor sees."""
    silent = Seat.objects.filter(room=OuterRef("pk"), shares_result_with_host=False)
    neutral = Room.objects.filter(
        Exists(silent), mode=Room.Mode.CONVENED, host__in=actor.organisations()
    )
    opened = Exists(Opening.objects.filter(room=OuterRef("pk")))
    found = Room.objects.visible_to(actor).filter(opened).exclude(pk__in=neutral.values("pk"))
    return frozenset(found.values_list("pk", flat=True))


__all__ = [
    "OpenedPlace",
    "opened_place",
    "own_rows",
    "rooms_with_result",
    "rows_of_all",
]
