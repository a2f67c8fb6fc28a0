"""Whose private rows are read and written: every scope of rooms is made here, from a standing.

Nothing here takes an id from a request. The scopes wider than one side are each for one purpose;
what they reach is cut down again by the rule itself (:mod:`mutualist.apps.rooms.fences`).
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager

from mutualist.apps.core.errors import NotAllowed
from mutualist.apps.core.isolation import Scope, private_scope
from mutualist.apps.rooms.models import Answerer, Room, Seat
from mutualist.apps.rooms.standing import Standing

Scoped = AbstractContextManager[Scope]


def own(here: Standing) -> Scoped:
    """Give what the actor answers for: drafts, sealed answers and keys of those seats."""
    return private_scope(Scope(seats=frozenset(person.seat_id for person in here.answerers)))


def own_seat(here: Standing, seat: Seat) -> Scoped:
    """Give the rows of the own side to whoever decides about its people."""
    if seat not in here.mine or not here.manages_people_of(seat):
        raise NotAllowed
    return private_scope(Scope(seats=frozenset({seat.pk})))


def result(here: Standing) -> Scoped:
    """Give the sealed answers of opened rounds to whoever sees the result."""
    if not here.sees_result:
        raise NotAllowed
    return private_scope(Scope(rooms=frozenset({here.room.pk})))


def last_round(room: Room) -> Scoped:
    """Give the opened rounds of a room to the server, to carry progress over to the next one."""
    return private_scope(Scope(rooms=frozenset({room.pk})))


def founding(*seats: Seat) -> Scoped:
    """Give seats just made in this transaction, for their keys and imported answers."""
    return private_scope(Scope(seats=frozenset(seat.pk for seat in seats)))


def checking(seat: Seat) -> Scoped:
    """Give one seat to the operator's check that its key can be opened; nothing is shown of it."""
    return private_scope(Scope(seats=frozenset({seat.pk})))


def of_person(people: Iterable[Answerer]) -> Scoped:
    """Give the seats of one person: for the copy of what they wrote, and to take them out."""
    return private_scope(Scope(seats=frozenset(person.seat_id for person in people)))


def opening(room: Room) -> Scoped:
    """Give the sealed answers of the round that is being opened, to the opening alone."""
    return private_scope(Scope(opening=(room.pk, room.round)))


def discarding(seats: Iterable[Seat]) -> Scoped:
    """Give what may be deleted of seats: of closed rooms all, else what nothing rests on."""
    return private_scope(Scope(discard=frozenset(seat.pk for seat in seats)))
