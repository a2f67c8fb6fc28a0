"""Who takes part in a room, and what has happened in it."""

from __future__ import annotations

from mutualist.apps.core.actor import Actor
from mutualist.apps.core.audit import Audience, TimelineEntry, timeline
from mutualist.apps.core.clock import now
from mutualist.apps.core.errors import NotAllowed
from mutualist.apps.rooms.chains import room_chain, seat_chain
from mutualist.apps.rooms.models import Answerer, Room, Seat, SeatLink
from mutualist.apps.rooms.standing import Standing, standing
from mutualist.apps.rooms.values import PersonRow, SeatPeople


def people(actor: Actor, room: Room) -> tuple[SeatPeople, ...]:
    """Return the seats with those people the actor may know.

    The own seat is shown in full; whoever hosts the room also sees the lead of every seat, because
    they wrote the invitation; nobody sees another party's colleagues.
    """
    here = standing(actor, room)
    if not (here.mine or here.is_host):
        raise NotAllowed
    links = _latest_links(room)
    answerers = list(Answerer.objects.filter(room=room).order_by("-is_lead", "pk"))
    return tuple(_seat_people(here, seat, answerers, links) for seat in here.seats)


def _latest_links(room: Room) -> dict[int, SeatLink]:
    """Return the link that says most about each person: a used one before an unused one."""
    best: dict[int, SeatLink] = {}
    for link in SeatLink.objects.filter(room=room).order_by("pk"):
        known = best.get(link.answerer_id)
        if known is None or (link.is_live, link.used_at is not None) >= (
            known.is_live,
            known.used_at is not None,
        ):
            best[link.answerer_id] = link
    return best


def _seat_people(
    here: Standing, seat: Seat, answerers: list[Answerer], links: dict[int, SeatLink]
) -> SeatPeople:
    own = seat in here.mine
    rows = [person for person in answerers if person.seat_id == seat.pk]
    shown = rows if own else [p for p in rows if p.is_lead] if here.is_host else []
    manages = here.manages_people_of(seat)
    decides = here.may_manage and not own
    me = {person.pk for person in here.answerers}
    return SeatPeople(
        key=seat.key,
        name=seat.name,
        organisation=seat.organisation.name if seat.organisation else "",
        is_mine=own,
        is_guess=seat.is_guess,
        may_invite=manages or (decides and not _came(rows, links)),
        may_edit=manages or decides,
        people=tuple(_person(person, links.get(person.pk), person.pk in me) for person in shown),
    )


def _came(people: list[Answerer], links: dict[int, SeatLink]) -> bool:
    """Whether somebody of a seat has been here: from then on the host cannot replace its lead."""
    return any(
        person.user_id is not None or (person.pk in links and links[person.pk].used_at is not None)
        for person in people
    )


def _person(person: Answerer, link: SeatLink | None, is_me: bool) -> PersonRow:
    return PersonRow(
        id=person.pk,
        name=person.name,
        email=person.email,
        language=person.language,
        is_lead=person.is_lead,
        is_me=is_me,
        link_state=_link_state(person, link),
        used_at=link.used_at if link else None,
        expires_at=link.expires_at if link else None,
    )


def _link_state(person: Answerer, link: SeatLink | None) -> str:
    if person.user_id is not None:
        return "account"
    if link is None:
        return "none"
    if link.revoked_at is not None:
        return "revoked"
    if link.expires_at <= now():
        return "expired"
    return "used" if link.used_at else "sent"


def room_timeline(actor: Actor, room: Room, *, limit: int = 50) -> list[TimelineEntry]:
    """Return what has happened, as far as the actor may know it."""
    here = standing(actor, room)
    if not (here.mine or here.is_host):
        raise NotAllowed
    audiences: list[Audience] = ["room"]
    chains = [room_chain(room)]
    if here.is_host:
        audiences.append("host")
    if here.mine:
        audiences.append("seat")
        chains += [seat_chain(room, seat) for seat in here.mine]
    return timeline(chains, audiences=audiences, limit=limit)
