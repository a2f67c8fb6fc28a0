"""Mails of a room. Each carries one link; none carries an answer or a result."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.urls import reverse

from mutualist.apps.core.clock import now
from mutualist.apps.core.mail import absolute, send_mail_template
from mutualist.apps.core.prepared import Prepared
from mutualist.apps.core.tokens import new_token
from mutualist.apps.rooms.models import Answerer, Room, SeatLink
from mutualist.apps.rooms.standing import Standing

LINK_DAYS = 30


def new_link(person: Answerer) -> str:
    """Make a link to a person's seat and return its full address; only its digest is kept."""
    token, token_digest = new_token()
    SeatLink.objects.create(
        room_id=person.room_id,
        answerer=person,
        digest=token_digest,
        expires_at=now() + timedelta(days=LINK_DAYS),
    )
    return absolute(reverse("rooms:enter", args=[token]))


def address_for(person: Answerer, room: Room) -> str:
    """Return where a person enters the room: by account, else by a fresh link."""
    if person.user_id is not None:
        return absolute(reverse("rooms:room", args=[room.uid]))
    return new_link(person)


def mail_of(person: Answerer) -> str:
    """Return where a person reads mail."""
    if person.user_id is not None and person.user is not None:
        return str(person.user.email)
    return person.email


def context_for(person: Answerer, here: Standing, url: str) -> dict[str, Any]:
    """Return what the templates of all mails may use."""
    room = here.room
    others = [seat.name for seat in here.seats if seat.pk != person.seat_id]
    return {
        "person": person.name,
        "room": room.name,
        "offer": room.frame.get("offer", ""),
        "party": next(seat.name for seat in here.seats if seat.pk == person.seat_id),
        "others": others,
        "host": room.host.name if room.host else "",
        "convened": room.mode == Room.Mode.CONVENED,
        "inviter": here.signed.name,
        "deadline": room.deadline,
        "opens": room.opens,
        "round": room.round,
        "days": LINK_DAYS,
        "action_url": url,
    }


def tell(template: str, person: Answerer, here: Standing, **more: Any) -> bool:
    """Send one mail to one person, if there is an address; return whether there was."""
    to = mail_of(person)
    if not to:
        return False
    context = {**context_for(person, here, address_for(person, here.room)), **more}
    send_mail_template(template, to=to, language=person.language, context=context)
    return True


_leads = Prepared(
    lambda room: (
        Answerer.objects.filter(room=room, is_lead=True)
        .select_related("user")
        .order_by("seat__position")
    )
)


def leads(here: Standing) -> Iterable[Answerer]:
    """Return the people whose answers count, in the order of the seats."""
    return _leads(room=here.room.pk)


def tell_leads(template: str, here: Standing, *, skip_actor: bool = False, **more: Any) -> int:
    """Send a mail to the lead of every seat, once a person; return how many."""
    own = {person.pk for person in here.answerers} if skip_actor else set()
    told: set[str] = set()
    for person in leads(here):
        to = mail_of(person).lower()
        if person.pk in own or to in told:
            continue
        if tell(template, person, here, **more):
            told.add(to)
    return len(told)
