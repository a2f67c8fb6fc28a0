"""Opening all sealed answers of a round at once, or none."""

from __future__ import annotations

import logging
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mutualist.apps.core.actor import Actor
from mutualist.apps.core.clock import now, today
from mutualist.apps.core.errors import ActionError
from mutualist.apps.core.vault import VaultError
from mutualist.apps.rooms import scopes
from mutualist.apps.rooms.actions.ground import enter, note, require_not_closed
from mutualist.apps.rooms.actions.heads import head_lines
from mutualist.apps.rooms.actions.mails import tell_leads
from mutualist.apps.rooms.actions.tallies import tally
from mutualist.apps.rooms.models import Draft, Opening, OpenPress, Room, SealedAnswers, SealedSheet
from mutualist.apps.rooms.queries.access import parties_of, room_for_update
from mutualist.apps.rooms.queries.exports import frame_of
from mutualist.apps.rooms.queries.results import room_of
from mutualist.apps.rooms.sealing import BrokenSealError, vaults_of
from mutualist.apps.rooms.standing import Standing, standing
from mutualist.apps.rooms.values import Pressed
from mutualist.domain.assess import assess

logger = logging.getLogger(__name__)


@transaction.atomic
def press_open(*, actor: Actor, room: Room, seat: str | None = None) -> Pressed:
    """Press "open together" for the own party; the last press opens the room.

    Pressing twice, or after the other side's press has opened the room, has no second effect.
    """
    here = enter(actor, room)
    person = here.require_lead(seat)
    room = here.room
    if Opening.objects.filter(room=room, round=room.round).exists():
        return Pressed(opened=True, waiting=())
    require_not_closed(room)
    if room.opens == Room.Opens.DEADLINE:
        raise ActionError(
            "opens_at_deadline",
            _("This room opens by itself once {deadline} is over and all have sealed."),
            deadline=room.deadline.isoformat() if room.deadline else "",
        )
    _require_all_sealed(here)
    press, is_new = OpenPress.objects.get_or_create(
        room=room,
        seat=person.seat,
        round=room.round,
        defaults={"pressed_at": now(), "pressed_by": person},
    )
    if is_new:
        data = {"seat": person.seat.key, "party": person.seat.name, "round": room.round}
        note("rooms.opening.pressed", here, data=data, obj=press)
    pressed = set(
        OpenPress.objects.filter(room=room, round=room.round).values_list("seat_id", flat=True)
    )
    waiting = tuple(seat.name for seat in here.seats if seat.pk not in pressed)
    if waiting:
        return Pressed(opened=False, waiting=waiting)
    open_round(here)
    return Pressed(opened=True, waiting=())


def _missing(here: Standing) -> tuple[str, ...]:
    sealed = SealedSheet.objects.filter(room=here.room, round=here.room.round)
    done = set(sealed.values_list("seat_id", flat=True))
    return tuple(seat.name for seat in here.seats if seat.pk not in done)


def _require_all_sealed(here: Standing) -> None:
    missing = _missing(here)
    if missing:
        raise ActionError(
            "not_all_sealed",
            _("Nothing opens before everybody has sealed. Still missing: {parties}."),
            parties=", ".join(missing),
        )


def opens_now(here: Standing) -> bool:
    """Whether the room opens by itself at this moment."""
    room = here.room
    over = room.deadline is not None and room.deadline < today()
    return room.opens == Room.Opens.DEADLINE and over and not _missing(here)


def open_due(*, actor: Actor | None = None, room: Room | None = None) -> int:
    """Open the rooms whose deadline has passed and whose parties have all sealed.

    Called by the tick command for all rooms, and for one room when somebody looks at it. The
    parties agreed to this when they sealed, so it acts in the name of the system.
    """
    actor = actor if actor is not None and actor.kind == "system" else Actor.system()
    due = Room.objects.past_deadline(today())
    if room is not None:
        due = due.filter(pk=room.pk)
    return sum(_opens(found, actor) for found in due)


def _opens(room: Room, actor: Actor) -> bool:
    """Open one room; one that cannot be opened must not keep the others closed."""
    try:
        return _open_if_due(room, actor)
    except ActionError as error:
        logger.error("room %s stays closed: %s", room.uid, error.code)  # noqa: TRY400
        return False


@transaction.atomic
def _open_if_due(room: Room, actor: Actor) -> bool:
    here = standing(actor, room_for_update(room))
    if here.room.state != Room.State.ANSWERING or not opens_now(here):
        return False
    open_round(here)
    return True


def open_round(here: Standing) -> Opening:
    """Open the current round: all sheets are checked against their commitments, or nothing opens.

    The caller holds the lock on the room; the unique constraint on (room, round) is the second bolt.
    """
    room = here.room
    moment = now()
    parties = list(parties_of(here.seats).items())
    opening = Opening(
        room=room,
        round=room.round,
        as_of=f"{today():%Y-%m}",
        opened_at=moment,
        ruleset=room.ruleset,
        parties=parties,
    )
    return finish_opening(here, opening)


def finish_opening(here: Standing, opening: Opening) -> Opening:
    """Unseal, assess and store one prepared opening."""
    room = here.room
    opening.frame = {**frame_of(room), "as_of": opening.as_of}
    with scopes.opening(room):
        sheets = _unseal_all(here)
    domain_room = room_of(opening, sheets)
    opening.result = assess(domain_room).to_dict()
    opening.save()
    tally(opening)
    room.state = Room.State.OPENED
    room.save(update_fields=["state"])
    # From here on the sealed sheets are the record; drafts would only keep what was not handed in.
    with scopes.discarding(here.seats):
        Draft.objects.filter(room=room, round=room.round).delete()
    data = {"round": opening.round, "as_of": opening.as_of, "ruleset": opening.ruleset}
    note("rooms.room.opened", here, data=data, obj=opening)
    tell_leads("rooms/mail/opened", here, **head_lines(here))
    return opening


def _unseal_all(here: Standing) -> dict[str, dict[str, Any]]:
    room = here.room
    found = SealedAnswers.objects.filter(room=room, round=room.round).select_related("sheet")
    sealed = {row.seat_id: row for row in found}
    vaults = vaults_of(room, here.seats)
    sheets = {}
    for seat in here.seats:
        try:
            sheets[seat.key] = vaults[seat.pk].unseal(sealed[seat.pk])
        except (BrokenSealError, VaultError) as error:
            logger.error("room %s: the seal of seat %s does not hold", room.uid, seat.key)  # noqa: TRY400
            raise ActionError(
                "broken_seal",
                _(
                    "The sealed answers of {party} do not match their seal. Nothing was opened. "
                    "Please tell whoever runs this server."
                ),
                status=409,
                party=seat.name,
            ) from error
    return sheets
