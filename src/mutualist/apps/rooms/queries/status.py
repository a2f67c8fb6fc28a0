"""Where a room stands: who has sealed, who has pressed, what may be done next."""

from __future__ import annotations

from typing import Any

from django.db.models import Model, OuterRef, QuerySet, Subquery

from mutualist.apps.core.actor import Actor
from mutualist.apps.core.clock import today
from mutualist.apps.core.errors import NotAllowed
from mutualist.apps.core.models import AuditHead
from mutualist.apps.core.prepared import Prepared
from mutualist.apps.rooms.chains import room_chain
from mutualist.apps.rooms.models import (
    Answerer,
    Binding,
    Opening,
    OpenPress,
    OutcomeConsent,
    Room,
    SealedSheet,
    Seat,
    SheetProgress,
)
from mutualist.apps.rooms.standing import Standing, standing
from mutualist.apps.rooms.values import (
    BindingMark,
    BindingStatus,
    ConsentStatus,
    OpenedRound,
    RoomStatus,
    SeatStatus,
)
from mutualist.domain.shared import fingerprint

NOTHING_YET = (0.0,) * 6
FULL_TIME = 17


_entries = Prepared(
    lambda chain: AuditHead.objects.filter(chain=chain).values_list("seq", flat=True)
)
_openings = Prepared(
    lambda room: Opening.objects.filter(room=room).values_list(
        "round", "as_of", "opened_at", "result__kind"
    )
)


def room_version(room: Room) -> int:
    """Return how many things have been done in a room: each write of it counts one up."""
    return _entries.first(chain=room_chain(room)) or 0


def room_status(actor: Actor, room: Room, *, bonds: bool = True) -> RoomStatus:
    """Return what the actor may know of the state of a room.

    Parameters
    ----------
    bonds
        Whether to read what the parties recorded after an opening; most pages don't show it.
    """
    here = standing(actor, room)
    if not (here.mine or here.is_host):
        raise NotAllowed
    seats = _seats(here)
    by_key = {seat.key: seat for seat in seats}
    mine = tuple(by_key[seat.key] for seat in here.mine)
    missing = tuple(seat.name for seat in seats if not seat.sealed)
    rounds = tuple(
        OpenedRound(number, as_of, moment, kind if here.sees_result else "")
        for number, as_of, moment, kind in _openings(room=room.pk)
    )
    answering = room.state in {Room.State.DRAFT, Room.State.ANSWERING}
    lead = any(person.is_lead for person in here.answerers)
    past = room.deadline is not None and room.deadline < today()
    sealed_mine = bool(mine) and all(seat.sealed for seat in mine)
    return RoomStatus(
        room=room,
        seats=seats,
        my_seat=mine[0] if mine else None,
        my_seats=mine,
        am_lead=lead,
        may_answer=answering and bool(here.answerers) and not sealed_mine,
        may_manage=here.may_manage,
        is_host=here.is_host,
        is_neutral_host=here.is_neutral_host,
        all_sealed=not missing,
        all_pressed=all(seat.pressed for seat in seats),
        due=answering and past,
        days_left=(room.deadline - today()).days if room.deadline and answering else None,
        missing=missing,
        may_seal=answering and lead and not sealed_mine,
        may_take_back=answering and lead and sealed_mine and bool(missing),
        may_press=answering
        and lead
        and not missing
        and room.opens == Room.Opens.ALL_PRESS
        and not mine[0].pressed,
        may_start_round=room.state == Room.State.OPENED and (here.may_manage or lead),
        may_extend=here.may_manage and answering and room.deadline is not None,
        result_visible=bool(rounds) and here.sees_result,
        rounds=rounds,
        binding=binding_status(here, rounds[-1].round) if bonds and rounds and here.mine else None,
        outcome_consent=_consent(here) if bonds and rounds else ConsentStatus(None, False, None),
    )


def _seats(here: Standing) -> tuple[SeatStatus, ...]:
    return tuple(
        _seat_status(here, seat, row)
        for seat, row in zip(
            here.seats, _rows(room=here.room.pk, number=here.room.round), strict=True
        )
    )


def _public_rows(room: int, number: int) -> QuerySet[Any, Any]:
    """Return what is public of each seat's round in one query; no secret column is touched."""
    round_ = {"seat": OuterRef("pk"), "round": number}

    def of(model: type[Model], column: str) -> Subquery:
        return Subquery(model._default_manager.filter(**round_).values(column)[:1])  # noqa: SLF001  (public API of Django)

    lead = Answerer.objects.filter(seat=OuterRef("pk"), is_lead=True).values("name")[:1]
    return (
        Seat.objects.filter(room=room)
        .order_by("position")
        .values(
            sealed_at=of(SealedSheet, "sealed_at"),
            commitment=of(SealedSheet, "commitment"),
            segments=of(SheetProgress, "segments"),
            minutes=of(SheetProgress, "minutes_left"),
            pressed_at=of(OpenPress, "pressed_at"),
            lead=Subquery(lead),
        )
    )


_rows = Prepared(_public_rows)


def _seat_status(here: Standing, seat: Seat, row: dict[str, Any]) -> SeatStatus:
    sealed = row["sealed_at"] is not None
    started = row["segments"] is not None
    return SeatStatus(
        key=seat.key,
        name=seat.name,
        organisation=seat.organisation.name if seat.organisation else "",
        lead_name=row["lead"] or "" if seat in here.mine or here.is_host else "",
        is_mine=seat in here.mine,
        is_guess=seat.is_guess,
        started=started or sealed,
        sealed=sealed,
        sealed_at=row["sealed_at"],
        fingerprint=fingerprint(row["commitment"]) if sealed else "",
        segments=(1.0,) * 6 if sealed else tuple(row["segments"] or NOTHING_YET),
        minutes_left=_minutes(row) if seat in here.mine else None,
        pressed=row["pressed_at"] is not None,
        shares_result_with_host=seat.shares_result_with_host,
    )


def _minutes(row: dict[str, Any]) -> int:
    if row["sealed_at"] is not None:
        return 0
    return FULL_TIME if row["minutes"] is None else int(row["minutes"])


def binding_status(here: Standing, round_: int) -> BindingStatus:
    """Return who has confirmed which words after a round.

    The text shown is the one proposed last; only confirmations of exactly that text count, and the
    room is bound once every party has confirmed it.
    """
    rows = list(
        Binding.objects.filter(room=here.room, round=round_)
        .select_related("confirmed_by")
        .order_by("confirmed_at", "pk")
    )
    text = rows[-1].text if rows else ""
    names = {seat.pk: seat for seat in here.seats}
    marks = tuple(
        BindingMark(
            seat=names[row.seat_id].key,
            name=names[row.seat_id].name,
            at=row.confirmed_at,
            by=row.confirmed_by.name if row.confirmed_by else "",
        )
        for row in rows
        if row.text == text
    )
    own_ids = {seat.pk for seat in here.mine}
    own = next((row.text for row in rows if row.seat_id in own_ids), "")
    return BindingStatus(
        round=round_,
        text=text,
        confirmed=marks,
        is_bound=len(marks) == len(here.seats),
        mine=bool(rows) and own == text,
        own_text=own,
    )


def _consent(here: Standing) -> ConsentStatus:
    rows = {row.seat_id: row for row in OutcomeConsent.objects.filter(room=here.room)}
    mine = next((rows[seat.pk].given for seat in here.mine if seat.pk in rows), None)
    everybody = all(seat.pk in rows and rows[seat.pk].given for seat in here.seats)
    dates = [row.ask_on for row in rows.values() if row.ask_on]
    return ConsentStatus(mine, everybody, min(dates) if everybody and dates else None)
