"""Seats and the people on them, as long as nobody has sealed."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mutualist.apps.core.actor import Actor
from mutualist.apps.core.errors import ActionError, NotAllowed
from mutualist.apps.identity.models import Organisation
from mutualist.apps.rooms import scopes
from mutualist.apps.rooms.actions.answers import store_progress
from mutualist.apps.rooms.actions.create import MAX_PARTIES, MIN_PARTIES, SEAT_KEYS, seat_down
from mutualist.apps.rooms.actions.ground import (
    clean_line,
    enter,
    note,
    require_answering,
    require_nothing_sealed,
)
from mutualist.apps.rooms.actions.invitations import invite_lead
from mutualist.apps.rooms.models import Answerer, Opening, Room, SealedSheet, Seat
from mutualist.apps.rooms.queries.sheets import load_sheet, progress_of
from mutualist.apps.rooms.standing import Standing
from mutualist.apps.rooms.values import PartySpec


def _enter_before_answers(actor: Actor, room: Room, what: object) -> Standing:
    """Parties change only before the first seal of the first round: else one could join late."""
    here = enter(actor, room)
    here.require_manager()
    require_nothing_sealed(here.room, what)
    if Opening.objects.filter(room=here.room).exists():
        raise ActionError(
            "parties_fixed",
            _("The parties are fixed since the first opening. For other parties, open a new room."),
        )
    return here


@transaction.atomic
def add_seat(*, actor: Actor, room: Room, party: PartySpec) -> Seat:
    """Add a party, and invite it if it has a mail address."""
    here = _enter_before_answers(actor, room, _("The parties"))
    room = here.room
    if len(here.seats) >= MAX_PARTIES:
        raise ActionError("parties", _("A room has up to {most} parties."), most=MAX_PARTIES)
    used = {seat.key for seat in here.seats}
    key = next(letter for letter in SEAT_KEYS if letter not in used)
    position = max(seat.position for seat in here.seats) + 1
    seat = seat_down(room, party, position, key)
    if room.mode == Room.Mode.ALONE:
        _answer_for(here, seat)
    note("rooms.party.added", here, data={"seat": seat.key, "party": seat.name})
    if party.email.strip() and room.mode != Room.Mode.ALONE:
        from mutualist.apps.rooms.standing import standing

        now_here = standing(actor, room)
        invite_lead(now_here, seat, party.person or party.name, party.email, party.language)
    return seat


def _answer_for(here: Standing, seat: Seat) -> None:
    me = here.require_answerer()
    seat.is_guess = True
    seat.save(update_fields=["is_guess"])
    Answerer.objects.create(
        room=here.room,
        seat=seat,
        is_lead=True,
        name=me.name,
        language=me.language,
        user_id=me.user_id,
    )


@transaction.atomic
def rename_seat(*, actor: Actor, room: Room, seat: str, name: str) -> Seat:
    """Correct the name of a party."""
    here = _enter_before_answers(actor, room, _("The parties"))
    found = here.seat_named(seat)
    cleaned = clean_line(name, "party_name", _("Name of the party"))
    if any(other.name.lower() == cleaned.lower() for other in here.seats if other != found):
        raise ActionError(
            "party_name", _("“{name}” is named twice. Each party needs its own name."), name=cleaned
        )
    found.name = cleaned
    found.save(update_fields=["name"])
    note("rooms.party.renamed", here, data={"seat": found.key, "party": found.name})
    return found


@transaction.atomic
def remove_seat(*, actor: Actor, room: Room, seat: str) -> None:
    """Take a party out of the room again, with everything it has written."""
    here = _enter_before_answers(actor, room, _("The parties"))
    found = here.seat_named(seat)
    if len(here.seats) <= MIN_PARTIES:
        raise ActionError("parties", _("A room needs at least {least} parties."), least=MIN_PARTIES)
    if found.position == 0 and here.room.mode != Room.Mode.CONVENED:
        raise ActionError("own_seat", _("Your own party stays. To give up, delete the room."))
    note("rooms.party.removed", here, data={"seat": found.key, "party": found.name})
    with scopes.discarding([found]):
        found.delete()


@transaction.atomic
def claim_seat(*, actor: Actor, room: Room, organisation: Organisation) -> Seat:
    """Connect the own seat with the own organisation, so that its members may read along."""
    here = enter(actor, room)
    lead = here.require_lead()
    if organisation.pk not in actor.organisations("owner", "member"):
        raise NotAllowed
    taken = any(s.organisation_id == organisation.pk for s in here.seats if s != lead.seat)
    if taken or here.room.mode == Room.Mode.ALONE:
        raise ActionError(
            "organisation_taken",
            _("{organisation} already has a part in this room."),
            organisation=organisation.name,
        )
    lead.seat.organisation = organisation
    lead.seat.save(update_fields=["organisation"])
    note("rooms.seat.claimed", here, seat=lead.seat, data={"organisation": organisation.name})
    return lead.seat


def _colleague(here: Standing, answerer_id: int) -> Answerer:
    person = Answerer.objects.filter(room=here.room, pk=answerer_id).first()
    if person is None:
        raise NotAllowed
    seat = next(seat for seat in here.seats if seat.pk == person.seat_id)
    if not here.manages_people_of(seat):
        raise NotAllowed
    person.seat = seat
    return person


@transaction.atomic
def hand_over(*, actor: Actor, room: Room, answerer_id: int) -> Answerer:
    """Make a colleague the lead: from now on their answers count, and they seal."""
    here = enter(actor, room)
    require_answering(here.room)
    person = _colleague(here, answerer_id)
    if SealedSheet.objects.filter(seat=person.seat, round=here.room.round).exists():
        raise ActionError("sealed", _("The answers are sealed; the lead can change again later."))
    if not person.is_lead:
        Answerer.objects.filter(seat=person.seat, is_lead=True).update(is_lead=False)
        person.is_lead = True
        person.save(update_fields=["is_lead"])
        with scopes.own_seat(here, person.seat):
            answers = load_sheet(here.room, person.seat, person).answers
        store_progress(here.room, person, progress_of(here.room, answers))
        note(
            "rooms.lead.handed_over",
            here,
            seat=person.seat,
            data={"seat": person.seat.key},
            personal={"person": person.name},
        )
    return person


@transaction.atomic
def remove_answerer(*, actor: Actor, room: Room, answerer_id: int) -> None:
    """Take a colleague out of the own party, with what they have written."""
    here = enter(actor, room)
    person = _colleague(here, answerer_id)
    if person.is_lead:
        raise ActionError("lead_stays", _("The lead stays. Hand the lead over first."))
    note(
        "rooms.colleague.removed",
        here,
        seat=person.seat,
        data={"seat": person.seat.key},
        personal={"person": person.name},
    )
    with scopes.own_seat(here, person.seat):
        person.delete()
