"""What somebody is in a room: host, party, answerer, lead; and therefore what they may do."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.db.models import Max, Q, QuerySet

from mutualist.apps.core.actor import Actor
from mutualist.apps.core.errors import NotAllowed
from mutualist.apps.core.prepared import Prepared
from mutualist.apps.rooms.models import Answerer, Room, Seat, SeatLink


@dataclass(frozen=True)
class Standing:
    """An actor's place in one room.

    Except in a self-check nobody stands on two sides: an account weighs more than the seat of the
    own organisation, and that more than a link opened in the same browser.
    """

    actor: Actor
    room: Room
    seats: tuple[Seat, ...]
    mine: tuple[Seat, ...]
    answerers: tuple[Answerer, ...]

    @property
    def role_in_host(self) -> str | None:
        """The actor's role in the organisation that hosts the room."""
        return self.actor.roles.get(self.room.host_id) if self.room.host_id else None

    @property
    def is_host(self) -> bool:
        """Whether the actor belongs to the host (a self-check may be hosted by its one person)."""
        if self.room.host_id is None:
            return self.actor.user_id is not None and self.room.created_by_id == self.actor.user_id
        return self.role_in_host is not None

    @property
    def is_neutral_host(self) -> bool:
        """Whether the actor convened the room and has no side in it."""
        return self.room.mode == Room.Mode.CONVENED and self.is_host

    @property
    def may_manage(self) -> bool:
        """Whether the actor may change frame, seats and invitations."""
        return self.is_host and (self.room.host_id is None or self.role_in_host != "reader")

    @cached_property
    def seat(self) -> Seat | None:
        """The side from which the actor looks at the room."""
        return self.mine[0] if self.mine else None

    @property
    def sees_result(self) -> bool:
        """Parties see the result; a neutral host only if every party agreed to show it."""
        if self.is_neutral_host:
            return all(seat.shares_result_with_host for seat in self.seats)
        return self.seat is not None

    def answerer(self, key: str | None = None) -> Answerer | None:
        """Return the person the actor is on one of the own seats."""
        for answerer in self.answerers:
            if key is None or answerer.seat.key == key:
                return answerer
        return None

    def require_answerer(self, key: str | None = None) -> Answerer:
        """Return that person; anybody else is told that there is nothing here."""
        found = self.answerer(key)
        if found is None:
            raise NotAllowed
        return found

    def require_lead(self, key: str | None = None) -> Answerer:
        """Return that person if it leads its seat."""
        found = self.require_answerer(key)
        if not found.is_lead:
            raise NotAllowed
        return found

    def require_manager(self) -> None:
        """Refuse everybody who may not manage the room."""
        if not self.may_manage:
            raise NotAllowed

    def manages_people_of(self, seat: Seat) -> bool:
        """Whether the actor leads the seat or owns the organisation that has it."""
        leads = any(a.is_lead and a.seat_id == seat.pk for a in self.answerers)
        owns = seat.organisation_id in self.actor.organisations("owner")
        return leads or (owns and seat in self.mine)

    def seat_named(self, key: str) -> Seat:
        """Return the seat with this key."""
        for seat in self.seats:
            if seat.key == key:
                return seat
        raise NotAllowed

    @property
    def signed(self) -> Actor:
        """The actor with the name of the person behind the link."""
        person = self.answerer()
        if self.actor.name or person is None:
            return self.actor
        return replace(self.actor, name=person.name)


def _being(actor: Actor, room: int) -> QuerySet[Answerer]:
    """Return the people of a room the actor is, by account or by link."""
    links = SeatLink.objects.held_by(actor).filter(room=room)
    condition = Q(links__in=links)
    if actor.user_id is not None:
        condition |= Q(user_id=actor.user_id)
    people = Answerer.objects.filter(condition, room=room)
    # The link opened last wins, unless the person has an account in the room.
    return people.annotate(latest=Max("links", filter=Q(links__in=links)))


_people_being = Prepared(_being)
_seats_of = Prepared(
    lambda room: Seat.objects.filter(room=room).select_related("organisation").order_by("position")
)


def _people(actor: Actor, room: Room) -> list[Answerer]:
    people = _people_being(actor=actor, room=room.pk)
    return sorted(people, key=lambda found: _precedence(actor, found))


def _precedence(actor: Actor, person: Any) -> tuple[bool, int]:
    by_link = person.user_id is None or person.user_id != actor.user_id
    return by_link, -(person.latest or 0)


def standing(actor: Actor, room: Room) -> Standing:
    """Work out what an actor is in a room: two queries."""
    seats = tuple(_seats_of(room=room.pk))
    for seat in seats:
        seat.room = room
    nobody = Standing(actor, room, seats, (), ())
    if nobody.is_neutral_host:
        return nobody
    asks = actor.user_id is not None or actor.link_ids
    people = _people(actor, room) if asks else []
    by_id = {seat.pk: seat for seat in seats}
    for person in people:
        person.seat = by_id[person.seat_id]
        person.room = room
    if room.mode == Room.Mode.ALONE:
        people.sort(key=lambda person: person.seat.position)
        mine = tuple(dict.fromkeys(person.seat for person in people))
        of_organisation = _of_organisation(actor, seats) if not mine else ()
        return Standing(actor, room, seats, mine or of_organisation, tuple(people))
    with_account = [p for p in people if p.user_id is not None and p.user_id == actor.user_id]
    chosen = with_account[:1]
    if not chosen:
        own = _of_organisation(actor, seats)
        chosen = [p for p in people if not own or p.seat in own][:1]
        if not chosen:
            return Standing(actor, room, seats, own, ())
    return Standing(actor, room, seats, (chosen[0].seat,), (chosen[0],))


def _of_organisation(actor: Actor, seats: tuple[Seat, ...]) -> tuple[Seat, ...]:
    organisations = actor.organisations()
    return tuple(seat for seat in seats if seat.organisation_id in organisations)[:1]
