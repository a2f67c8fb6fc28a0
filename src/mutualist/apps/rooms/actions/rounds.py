"""After an opening: the next round, the end, and deletion."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mutualist.apps.core.actor import Actor
from mutualist.apps.core.clock import now
from mutualist.apps.core.errors import ActionError, NotAllowed
from mutualist.apps.core.models import AuditPersonal
from mutualist.apps.rooms import scopes
from mutualist.apps.rooms.actions.ground import clean_deadline, enter, note, require_not_closed
from mutualist.apps.rooms.actions.mails import leads, mail_of, tell_leads
from mutualist.apps.rooms.models import Draft, Opening, Room, SealedSheet
from mutualist.apps.rooms.queries.sheets import last_sealed, progress_of
from mutualist.apps.rooms.sealing import vaults_of
from mutualist.apps.rooms.standing import Standing

MAX_ROUNDS = 20


def _require_party_or_manager(here: Standing) -> None:
    """Refuse all but the host and the leads: they decide about the course of a room."""
    if not here.may_manage and not any(person.is_lead for person in here.answerers):
        raise NotAllowed


@transaction.atomic
def start_round(*, actor: Actor, room: Room, deadline: date | None = None) -> Room:
    """Start the next round after an opening; the answers of the last one are the starting point."""
    here = enter(actor, room)
    _require_party_or_manager(here)
    room = here.room
    require_not_closed(room)
    if room.state != Room.State.OPENED:
        raise ActionError(
            "round_running",
            _("Round {round} is still being answered. The next one starts after its opening."),
            status=409,
            round=room.round,
        )
    if room.round >= MAX_ROUNDS:
        raise ActionError("too_many_rounds", _("A room has up to {most} rounds."), most=MAX_ROUNDS)
    room.deadline = clean_deadline(deadline, room.opens)
    room.round += 1
    room.state = Room.State.ANSWERING
    room.save(update_fields=["round", "state", "deadline"])
    _carry_progress_over(here)
    note("rooms.round.started", here, data={"round": room.round})
    tell_leads("rooms/mail/round", here, skip_actor=True)
    return room


def _carry_progress_over(here: Standing) -> None:
    from mutualist.apps.rooms.models import SheetProgress

    with scopes.last_round(here.room):
        vaults = vaults_of(here.room, here.seats)
        sheets = {
            seat: last_sealed(here.room, seat, vaults[seat.pk], before=here.room.round)
            for seat in here.seats
        }
    for seat, sheet in sheets.items():
        reached = progress_of(here.room, sheet)
        SheetProgress.objects.create(
            room=here.room,
            seat=seat,
            round=here.room.round,
            segments=list(reached.public_segments),
            minutes_left=reached.minutes_left,
        )


def _close(here: Standing, outcome: str) -> None:
    room = here.room
    room.state, room.outcome, room.closed_at = Room.State.CLOSED, outcome, now()
    room.save(update_fields=["state", "outcome", "closed_at"])
    opened = Opening.objects.filter(room=room).values("round")
    # What was never opened is not kept: nobody will open it any more.
    with scopes.discarding(here.seats):
        Draft.objects.filter(room=room).delete()
        SealedSheet.objects.filter(room=room).exclude(round__in=opened).delete()


@transaction.atomic
def close_room(*, actor: Actor, room: Room) -> Room:
    """Close a room for good; opened results stay readable, unopened answers are deleted."""
    here = enter(actor, room)
    here.require_manager()
    require_not_closed(here.room)
    _close(here, Room.Outcome.ENDED)
    note("rooms.room.closed", here)
    tell_leads("rooms/mail/closed", here, skip_actor=True)
    return here.room


@transaction.atomic
def part_on_good_terms(*, actor: Actor, room: Room) -> Room:
    """End the talks without a grudge; any party may, and all are told."""
    here = enter(actor, room)
    _require_party_or_manager(here)
    require_not_closed(here.room)
    _close(here, Room.Outcome.PARTED)
    party = here.seat.name if here.seat else (here.room.host.name if here.room.host else "")
    note("rooms.room.parted", here, data={"party": party})
    tell_leads("rooms/mail/parted", here, skip_actor=True, parting=party)
    return here.room


@transaction.atomic
def delete_room(*, actor: Actor, room: Room) -> None:
    """Delete a room with all answers, keys, links and the personal data of its log.

    After an opening the result belongs to every party, so nobody deletes it alone. A self-check, and a
    room without any other person in it, can be deleted at any time.
    """
    here = enter(actor, room)
    here.require_manager()
    own = {person.pk for person in here.answerers}
    others = [person for person in leads(here) if person.pk not in own and mail_of(person)]
    if others and Opening.objects.filter(room=here.room).exists():
        raise ActionError(
            "result_belongs_to_all",
            _(
                "The result belongs to all parties and cannot be deleted by one. You can close the room."
            ),
        )
    note("rooms.room.deleted", here)
    prefix = f"room:{here.room.pk}"
    personal = AuditPersonal.objects.filter(entry__chain=prefix) | AuditPersonal.objects.filter(
        entry__chain__startswith=f"{prefix}:"
    )
    personal.delete()
    erase_room(here.room)


def erase_room(room: Room) -> None:
    """Delete a room with everything in it; the caller has locked it and decided that it may go."""
    seats = list(room.seats.all())
    # Private rows go only with a closed room, so it is closed first.
    Room.objects.filter(pk=room.pk).update(state=Room.State.CLOSED, closed_at=now())
    with scopes.discarding(seats):
        room.delete()
