"""Opening a room: its frame, its parties, its first people."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mutualist.apps.core.actor import Actor
from mutualist.apps.core.errors import ActionError, NotAllowed, require_seen
from mutualist.apps.identity.models import Organisation
from mutualist.apps.rooms import scopes
from mutualist.apps.rooms.actions.ground import (
    TEXT_LENGTH,
    clean_deadline,
    clean_language,
    clean_line,
    enter,
    note,
    require_answering,
    require_nothing_sealed,
)
from mutualist.apps.rooms.actions.invitations import invite_lead
from mutualist.apps.rooms.models import NAME_LENGTH, Answerer, Room, SealedSheet, Seat
from mutualist.apps.rooms.sealing import make_key
from mutualist.apps.rooms.standing import Standing, standing
from mutualist.apps.rooms.values import PartySpec

MAX_PARTIES = 8
MIN_PARTIES = 2
SEAT_KEYS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
RELATIONS = ("none", "customer_supplier", "reseller", "same_group", "competitors")
MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
MAX_HORIZON = 30
UNCHANGED: Any = object()


@transaction.atomic
def create_room(
    *,
    actor: Actor,
    mode: str,
    frame: Mapping[str, Any],
    parties: Sequence[PartySpec],
    host: Organisation | None = None,
    opens: str = "all_press",
    deadline: date | None = None,
    my_name: str = "",
    language: str | None = None,
) -> Room:
    """Create a room and invite those parties that have a mail address.

    Parameters
    ----------
    mode
        ``alone``: the actor answers the first party and guesses the others. ``two_sided``: the host
        takes the first seat. ``convened``: the host is neutral and has no seat.
    host
        The organisation that owns the room; only a self-check does without.
    my_name, language
        Name and language of the actor as an answerer, if they differ from the account's.
    """
    if actor.user_id is None:
        raise NotAllowed
    _require_host(actor, mode, host)
    _require_parties(parties)
    if opens not in Room.Opens.values:
        raise ActionError("opens", _("“{opens}” is no opening rule."), opens=opens)
    if mode == Room.Mode.ALONE:
        opens, deadline = Room.Opens.ALL_PRESS, None
    room = Room.objects.create(
        mode=mode,
        host=host,
        created_by_id=actor.user_id,
        frame=clean_frame(frame),
        ruleset=settings.MUTUALIST_RULESET,
        opens=opens,
        deadline=clean_deadline(deadline, opens),
    )
    seats = [seat_down(room, party, position) for position, party in enumerate(parties)]
    me = {
        "name": my_name or actor.name,
        "user_id": actor.user_id,
        "language": clean_language(language or actor.language),
    }
    if mode != Room.Mode.CONVENED:
        _take_own_seats(room, host, seats, me)
    here = standing(actor, room)
    note("rooms.room.created", here, data={"mode": mode, "seats": len(seats)})
    if mode == Room.Mode.ALONE:
        _begin(room)
    else:
        _invite(here, seats, parties, skip_first=mode == Room.Mode.TWO_SIDED)
    return room


def _require_host(actor: Actor, mode: str, host: Organisation | None) -> None:
    if mode not in Room.Mode.values:
        raise ActionError("mode", _("“{mode}” is no kind of room."), mode=mode)
    if host is None:
        if mode != Room.Mode.ALONE:
            raise ActionError("host", _("Please say for which organisation you open the room."))
    elif host.pk not in actor.organisations("owner", "member"):
        raise NotAllowed


def _require_parties(parties: Sequence[PartySpec]) -> None:
    if not MIN_PARTIES <= len(parties) <= MAX_PARTIES:
        raise ActionError(
            "parties",
            _("A room has {least} to {most} parties; you named {count}."),
            least=MIN_PARTIES,
            most=MAX_PARTIES,
            count=len(parties),
        )
    mails = [party.email.strip().lower() for party in parties if party.email.strip()]
    if len(set(mails)) < len(mails):
        raise ActionError(
            "parties", _("Two parties have the same mail address. Each party needs its own person.")
        )


def _take_own_seats(
    room: Room, host: Organisation | None, seats: list[Seat], me: dict[str, Any]
) -> None:
    own = seats if room.mode == Room.Mode.ALONE else seats[:1]
    for seat in own:
        seat.is_guess = seat.position > 0
        seat.organisation = None if seat.is_guess else host
        seat.save(update_fields=["is_guess", "organisation"])
        name = clean_line(me["name"], "my_name", _("Your name"))
        Answerer.objects.create(
            room=room,
            seat=seat,
            is_lead=True,
            name=name,
            language=me["language"],
            user_id=me["user_id"],
        )


def _invite(
    here: Standing, seats: list[Seat], parties: Sequence[PartySpec], *, skip_first: bool
) -> None:
    for seat, party in zip(seats, parties, strict=True):
        if party.email.strip() and not (skip_first and seat.position == 0):
            invite_lead(here, seat, party.person or party.name, party.email, party.language)


def _begin(room: Room) -> None:
    room.state = Room.State.ANSWERING
    room.save(update_fields=["state"])


def seat_down(room: Room, party: PartySpec, position: int, key: str | None = None) -> Seat:
    """Add a seat with its key; the letters go round the table."""
    name = clean_line(party.name, "party_name", _("Name of the party"))
    if Seat.objects.filter(room=room, name__iexact=name).exists():
        raise ActionError(
            "party_name", _("“{name}” is named twice. Each party needs its own name."), name=name
        )
    seat = Seat.objects.create(
        room=room, key=key or SEAT_KEYS[position], position=position, name=name
    )
    with scopes.founding(seat):
        make_key(room, seat)
    return seat


def clean_frame(frame: Mapping[str, Any]) -> dict[str, Any]:
    """Return the frame of a room file without what the room itself sets."""
    known = {"name", "offer", "horizon", "currency", "relation", "public_since"}
    unknown = sorted(set(frame) - known)
    if unknown:
        raise ActionError("frame", _("The frame has no field “{field}”."), field=unknown[0])
    cleaned: dict[str, Any] = {
        "name": clean_line(frame.get("name") or "", "name", _("Name of the room"), NAME_LENGTH)
    }
    if frame.get("offer"):
        cleaned["offer"] = clean_line(frame["offer"], "offer", _("What is sold"), TEXT_LENGTH)
    cleaned["horizon"] = _horizon(frame.get("horizon", 5))
    cleaned["currency"] = _currency(frame.get("currency") or "EUR")
    relation = frame.get("relation") or "none"
    if relation not in RELATIONS:
        raise ActionError(
            "relation", _("“{relation}” is no relation between the parties."), relation=relation
        )
    cleaned["relation"] = relation
    since = frame.get("public_since")
    if since:
        if not MONTH.fullmatch(str(since)):
            raise ActionError(
                "public_since",
                _("Public since “{since}”: please write year and month, such as 2026-03."),
                since=since,
            )
        cleaned["public_since"] = str(since)
    return cleaned


def _horizon(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= MAX_HORIZON:
        raise ActionError(
            "horizon",
            _("Horizon “{value}”: please write whole years from 1 to {most}."),
            value=value,
            most=MAX_HORIZON,
        )
    return value


def _currency(value: Any) -> str:
    text = str(value).strip().upper()
    if not re.fullmatch(r"[A-Z]{3}", text):
        raise ActionError(
            "currency",
            _("Currency “{value}”: please write three letters, such as EUR."),
            value=value,
        )
    return text


@transaction.atomic
def update_frame(
    *,
    actor: Actor,
    room: Room,
    frame: Mapping[str, Any] | None = None,
    opens: str | None = None,
    deadline: date | None = UNCHANGED,
) -> Room:
    """Change the frame; after the first seal of a round only a later deadline is possible."""
    here = enter(actor, room)
    here.require_manager()
    room = here.room
    require_answering(room)
    wanted = clean_frame(frame) if frame is not None else room.frame
    rule = opens or room.opens
    if rule not in Room.Opens.values:
        raise ActionError("opens", _("“{opens}” is no opening rule."), opens=rule)
    if wanted != room.frame or rule != room.opens:
        require_nothing_sealed(room, _("The frame"))
    changed = sorted(
        key for key in {*wanted, *room.frame} if wanted.get(key) != room.frame.get(key)
    )
    changed += ["opens"] if rule != room.opens else []
    room.frame, room.opens = wanted, rule
    if deadline is not UNCHANGED and deadline != room.deadline:
        changed.append("deadline")
        _set_deadline(room, deadline)
    else:
        clean_deadline_rule(room)
    room.save(update_fields=["frame", "opens", "deadline"])
    if changed:
        note("rooms.frame.changed", here, data={"fields": changed})
    return room


def clean_deadline_rule(room: Room) -> None:
    """Refuse a room that opens at a deadline without having one."""
    if room.opens == Room.Opens.DEADLINE and room.deadline is None:
        clean_deadline(None, room.opens)


def _set_deadline(room: Room, deadline: date | None) -> None:
    sealed = SealedSheet.objects.filter(room=room, round=room.round).exists()
    earlier = deadline is None or (room.deadline is not None and deadline < room.deadline)
    # Whoever sealed has agreed to a day; it may be put off but not brought forward.
    if sealed and earlier:
        require_nothing_sealed(room, _("An earlier deadline"))
    room.deadline = clean_deadline(deadline, room.opens)


@transaction.atomic
def move_deadline(
    *, actor: Actor, room: Room, deadline: date | None, seen: str | None = None
) -> Room:
    """Set another last day and tell all parties.

    Parameters
    ----------
    seen
        The day that stood there when another was chosen, as in 2026-11-28; empty for none.
    """
    from mutualist.apps.rooms.actions.mails import tell_leads

    here = enter(actor, room)
    here.require_manager()
    require_answering(here.room)
    if deadline == here.room.deadline:
        return here.room
    before, wanted = (day.isoformat() if day else "" for day in (here.room.deadline, deadline))
    require_seen(seen, before, wanted)
    _set_deadline(here.room, deadline)
    here.room.save(update_fields=["deadline"])
    data = {"deadline": deadline.isoformat() if deadline else ""}
    note("rooms.deadline.moved", here, data=data)
    tell_leads("rooms/mail/deadline", here, skip_actor=True)
    return here.room
