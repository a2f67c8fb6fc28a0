"""A person or an organisation goes for good; the rooms that belong to firms stay."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from mutualist.apps.core.actor import Actor
from mutualist.apps.core.models import AuditPersonal
from mutualist.apps.identity.models import Organisation
from mutualist.apps.rooms import scopes
from mutualist.apps.rooms.actions.ground import note
from mutualist.apps.rooms.actions.mails import leads, tell_leads
from mutualist.apps.rooms.actions.rounds import _close, erase_room
from mutualist.apps.rooms.models import (
    Answerer,
    Draft,
    Opening,
    Room,
    SealedSheet,
    SeatLink,
    SheetProgress,
)
from mutualist.apps.rooms.queries.access import room_for_update
from mutualist.apps.rooms.queries.rights import (
    HostedRoom,
    fate_of,
    hosted_by,
    successor_of,
)
from mutualist.apps.rooms.standing import Standing, standing


@dataclass(frozen=True, slots=True)
class Left:
    """A place somebody left, and who has to be told."""

    room: Room
    party: str
    fate: str
    host: int | None
    organisation: int | None
    lead: int | None = None


def _here(room: Room) -> Standing:
    return standing(Actor.system(), room)


def delete_room_rows(room: Room) -> None:
    """Delete a room with answers, keys, links and the personal data of its log."""
    chain = f"room:{room.pk}"
    named = AuditPersonal.objects.filter(
        Q(entry__chain=chain) | Q(entry__chain__startswith=f"{chain}:")
    )
    named.delete()
    erase_room(room)


@transaction.atomic
def leave_seats(answerers: Iterable[int], *, user_id: int | None) -> list[Left]:
    """Take a person out of all their seats, with everything they wrote and did not hand in.

    A colleague takes the lead over. A party that has handed in answers and has nobody left keeps a
    place without a name, so that nobody else can sit down on its answers.
    """
    left = []
    for pk in answerers:
        person = Answerer.objects.filter(pk=pk).select_related("seat").first()
        if person is None:
            continue  # gone with a room of their own
        person.room = room_for_update(person.room)
        left.append(_leave(person, user_id))
    return left


def _leave(person: Answerer, user_id: int | None) -> Left:
    room, seat = person.room, person.seat
    fate = fate_of(person, user_id)
    host, firm = room.host_id, seat.organisation_id
    if fate == "deleted":
        delete_room_rows(room)
        return Left(room, seat.name, fate, host, firm)
    heir = successor_of(person) if fate == "passed_on" else None
    with scopes.of_person([person]):
        Draft.objects.filter(answerer=person).delete()
        if fate == "erased":
            _blank(person)
        else:
            _hand_on(person, heir)
            person.delete()
        if person.is_lead:
            _forget_progress(room, person)
    data = {"seat": seat.key, "party": seat.name}
    if fate == "passed_on":
        note("rooms.lead.passed_on", _here(room), data=data)
    elif fate in {"vacant", "erased"}:
        note("rooms.seat.vacant", _here(room), data=data)
    return Left(room, seat.name, fate, host, firm, heir.pk if heir else None)


def _blank(person: Answerer) -> None:
    with translation.override(person.language):
        person.name = _("erased person")
    person.email, person.user = "", None
    person.save(update_fields=["name", "email", "user"])
    SeatLink.objects.filter(answerer=person).delete()


def _hand_on(person: Answerer, heir: Answerer | None) -> None:
    if heir is None:
        return
    Answerer.objects.filter(pk=person.pk).update(is_lead=False)
    heir.is_lead = True
    heir.save(update_fields=["is_lead"])


def _forget_progress(room: Room, person: Answerer) -> None:
    """Show no progress of answers that are gone; of a sealed sheet the six segments stay."""
    sealed = SealedSheet.objects.filter(seat_id=person.seat_id, round=room.round).exists()
    if not sealed and not Opening.objects.filter(room=room, round=room.round).exists():
        SheetProgress.objects.filter(seat_id=person.seat_id, round=room.round).delete()


def blank_links(mails: Iterable[str]) -> int:
    """Remove a mail address where the seat has long belonged to somebody else's account."""
    rule = Q(pk__in=[])
    for mail in mails:
        rule |= Q(email__iexact=mail)
    return Answerer.objects.filter(rule).update(email="")


def tell_parties(
    room: Room | HostedRoom, template: str, *, but: Organisation | None = None, **more: Any
) -> int:
    """Send a mail to the leads of a room who do not belong to an organisation."""
    here = _here(Room.objects.get(pk=room.pk))
    if but is not None:
        members = set(but.memberships.values_list("user_id", flat=True))
        own = tuple(p for p in leads(here) if p.user_id is not None and p.user_id in members)
        here = Standing(here.actor, here.room, here.seats, (), own)
    return tell_leads(template, here, skip_actor=True, **more)


@transaction.atomic
def end_rooms_of(organisation: Organisation) -> tuple[list[HostedRoom], list[HostedRoom]]:
    """Delete an organisation's rooms; opened ones that others share are closed and stay.

    Returns the rooms that are gone and those that stay.
    """
    gone, kept = [], []
    for hosted in hosted_by(organisation):
        room = room_for_update(Room.objects.get(pk=hosted.pk))
        if not hosted.stays:
            delete_room_rows(room)
            gone.append(hosted)
            continue
        if room.state != Room.State.CLOSED:
            _close(_here(room), Room.Outcome.ENDED)
            note("rooms.room.closed_by_clock", _here(room))
        kept.append(hosted)
    return gone, kept
