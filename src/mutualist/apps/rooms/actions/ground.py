"""Where every action on a room begins: load, lock, work out who asks."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from mutualist.apps.core.actor import Actor
from mutualist.apps.core.audit import record
from mutualist.apps.core.clock import today
from mutualist.apps.core.errors import ActionError, NotAllowed
from mutualist.apps.rooms.chains import room_chain, seat_chain
from mutualist.apps.rooms.models import NAME_LENGTH, Answerer, Room, SealedSheet, Seat
from mutualist.apps.rooms.queries.access import room_for_update
from mutualist.apps.rooms.standing import Standing, standing

TEXT_LENGTH = 300
LANGUAGES = ("de", "en")


def enter(actor: Actor, room: Room) -> Standing:
    """Lock a room and return what the actor is in it; strangers are told there is no such room."""
    here = standing(actor, room_for_update(room))
    if not (here.mine or here.is_host):
        raise NotAllowed
    return here


def note(
    action: str,
    here: Standing,
    *,
    data: dict[str, Any] | None = None,
    personal: dict[str, Any] | None = None,
    seat: Seat | None = None,
    obj: Any = None,
) -> None:
    """Record what was done: on the room's chain, or with `seat` on the chain of that party alone."""
    chain = seat_chain(here.room, seat) if seat is not None else room_chain(here.room)
    record(
        action,
        actor=here.signed,
        obj=obj or here.room,
        chain=chain,
        data=data,
        personal=personal,
    )


def require_answering(room: Room) -> None:
    """Refuse unless the current round is still being answered."""
    if room.state == Room.State.CLOSED:
        raise ActionError(
            "room_closed",
            _("This room is closed. Its results stay readable; nothing changes any more."),
        )
    if room.state == Room.State.OPENED:
        raise ActionError(
            "already_opened",
            _("Round {round} has been opened. To answer again, start the next round."),
            round=room.round,
        )


def require_not_closed(room: Room) -> None:
    """Refuse if the room is closed for good."""
    if room.state == Room.State.CLOSED:
        require_answering(room)


def require_nothing_sealed(room: Room, what: Any) -> None:
    """Refuse what would change the meaning of answers already sealed."""
    require_answering(room)
    if SealedSheet.objects.filter(room=room, round=room.round).exists():
        raise ActionError(
            "locked_by_seal",
            _(
                "{what} cannot change any more: a party has sealed its answers. "
                "Only a later deadline is possible."
            ),
            what=what,
        )


def clean_line(text: str, code: str, what: Any, limit: int = NAME_LENGTH) -> str:
    """Return one line of text without superfluous blanks, or refuse an empty or overlong one."""
    cleaned = " ".join(str(text).split())
    if not cleaned or len(cleaned) > limit or not cleaned.isprintable():
        raise ActionError(
            code,
            _("{what}: please write 1 to {limit} characters (now {length})."),
            what=what,
            limit=limit,
            length=len(cleaned),
        )
    return cleaned


def clean_language(language: str) -> str:
    """Return a language the product speaks."""
    if language not in LANGUAGES:
        raise ActionError(
            "language", _("“{language}” is not possible. Choose de or en."), language=language
        )
    return language


def clean_deadline(deadline: date | None, opens: str) -> date | None:
    """Return a usable last day for answers."""
    if deadline is None:
        if opens == Room.Opens.DEADLINE:
            raise ActionError(
                "deadline",
                _("A room that opens at the deadline needs a deadline. Please set a date."),
            )
        return None
    if deadline < today():
        raise ActionError(
            "deadline",
            _("The deadline {deadline} is in the past. Choose today or later."),
            deadline=deadline.isoformat(),
        )
    return deadline


def lead_of(seat: Seat) -> Answerer | None:
    """Return the person whose answers count for a seat."""
    return Answerer.objects.filter(seat=seat, is_lead=True).first()
