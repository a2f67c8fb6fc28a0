"""Lists of rooms and the figures of a convener."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Func, OuterRef, Q, QuerySet, Subquery

from mutualist.apps.core.actor import Actor
from mutualist.apps.core.clock import today
from mutualist.apps.core.errors import NotAllowed
from mutualist.apps.core.prepared import Prepared
from mutualist.apps.identity.models import Organisation
from mutualist.apps.rooms.models import (
    Answerer,
    Opening,
    Room,
    SealedSheet,
    Seat,
    SeatLink,
    SheetProgress,
)
from mutualist.apps.rooms.queries.status import NOTHING_YET
from mutualist.apps.rooms.tallies import HostTally
from mutualist.apps.rooms.values import HostStatistics, RoomCard

CARDS_A_PAGE = 24
#: What a card shows of a room; whole rooms take several times as long to make.
SHOWN = (
    "pk", "uid", "mode", "host_id", "created_by_id", "frame", "opens", "deadline", "state", "round",
    "outcome",
)  # fmt: skip
ROWS_A_PAGE = 50


def room_cards(actor: Actor, *, limit: int = 200, start: int = 0) -> tuple[RoomCard, ...]:
    """Return the actor's rooms, newest first, with a constant number of queries."""
    return _cards(actor, None, slice(start, start + limit))


def room_page(actor: Actor, number: str | int = 1) -> Page[RoomCard]:
    """Return one page of the actor's rooms, newest first; a wrong number is brought into bounds."""
    return _page(actor, None, number, CARDS_A_PAGE, _count.first(actor=actor) or 0)


def convened_page(
    actor: Actor, organisation: Organisation, number: str | int, statistics: HostStatistics
) -> Page[RoomCard]:
    """Return one page of the rooms an organisation convenes, which its statistics have counted."""
    return _page(actor, _convener(actor, organisation), number, ROWS_A_PAGE, statistics.rooms)


def convened_rooms(
    actor: Actor, organisation: Organisation, *, limit: int = 500
) -> tuple[RoomCard, ...]:
    """Return the rooms an organisation convenes, for its members."""
    return _cards(actor, _convener(actor, organisation), slice(0, limit))


def _page(
    actor: Actor, convener: int | None, number: str | int, size: int, count: int
) -> Page[RoomCard]:
    # The paginator counts only; the cards of its page are read by the queries of all cards.
    page: Page[Any] = Paginator(range(count), size).get_page(number)
    start = (page.number - 1) * size
    page.object_list = _cards(actor, convener, slice(start, start + size))
    return page


def _convener(actor: Actor, organisation: Organisation) -> int:
    if organisation.pk not in actor.organisations():
        raise NotAllowed
    return organisation.pk


def _rooms(actor: Actor, convener: int | None) -> QuerySet[Room]:
    visible = Room.objects.visible_to(actor)
    if convener is None:
        return visible
    return visible.filter(host=convener, mode=Room.Mode.CONVENED)


def _listed(actor: Actor, convener: int | None, part: slice) -> QuerySet[Room, Any]:
    last = Opening.objects.filter(room=OuterRef("pk")).order_by("-round")
    annotated = _rooms(actor, convener).annotate(
        kind=Subquery(last.values("result__kind")[:1]),
        opened_at=Subquery(last.values("opened_at")[:1]),
    )
    shown = annotated.values_list(*SHOWN, "kind", "opened_at", named=True)
    return shown.order_by("-created_at", "-pk")[part]


def _own_seats(actor: Actor, rooms: frozenset[int]) -> QuerySet[Any, Any]:
    condition = Q(links__in=SeatLink.objects.held_by(actor))
    if actor.user_id is not None:
        condition |= Q(user_id=actor.user_id)
    people = Answerer.objects.filter(condition, room__in=rooms).order_by()
    return people.values_list("seat_id", flat=True)


_list = Prepared(_listed)
_count = Prepared(
    lambda actor: Room.objects.visible_to(actor).values_list(
        Func("pk", function="COUNT"), flat=True
    )
)
_own = Prepared(_own_seats)
_seats = Prepared(
    lambda rooms: (
        Seat.objects.filter(room__in=rooms)
        .order_by("position")
        .values_list(
            "pk", "room_id", "key", "name", "organisation_id", "shares_result_with_host", named=True
        )
    )
)
_seals = Prepared(
    lambda rooms: SealedSheet.objects.filter(room__in=rooms).values_list(
        "room_id", "seat_id", "round"
    )
)
_progress = Prepared(
    lambda rooms: SheetProgress.objects.filter(room__in=rooms).values_list(
        "room_id", "seat_id", "round", "segments"
    )
)


def _cards(actor: Actor, convener: int | None, part: slice) -> tuple[RoomCard, ...]:
    found = _list(actor=actor, convener=convener, part=part)
    rooms = frozenset(room.pk for room in found)
    seats = _grouped(_seats(rooms=rooms))
    current = {room.pk: room.round for room in found}
    known = _Known(
        actor,
        set(_own(actor=actor, rooms=rooms)),
        {seat for room, seat, number in _seals(rooms=rooms) if number == current[room]},
        {
            seat: tuple(segments)
            for room, seat, number, segments in _progress(rooms=rooms)
            if number == current[room]
        },
    )
    return tuple(_card(known, room, seats.get(room.pk, [])) for room in found)


@dataclass(frozen=True, slots=True)
class _Known:
    """What was read for all rooms at once."""

    actor: Actor
    own: set[int]
    sealed: set[int]
    progress: dict[int, tuple[float, ...]]

    def segments(self, seat: Any) -> tuple[float, ...]:
        if seat.pk in self.sealed:
            return (1.0,) * 6
        return self.progress.get(seat.pk, NOTHING_YET)


def _grouped(rows: Iterable[Any]) -> dict[int, list[Any]]:
    groups: dict[int, list[Any]] = {}
    for row in rows:
        groups.setdefault(row.room_id, []).append(row)
    return groups


def _card(known: _Known, room: Any, seats: list[Any]) -> RoomCard:
    actor = known.actor
    organisations = actor.organisations()
    is_host = room.host_id in organisations or (
        room.host_id is None and room.created_by_id == actor.user_id
    )
    neutral = is_host and room.mode == Room.Mode.CONVENED
    mine = [] if neutral else _mine(known, seats)
    sees_result = bool(mine) or (neutral and all(s.shares_result_with_host for s in seats))
    answering = room.state in {Room.State.DRAFT, Room.State.ANSWERING}
    return RoomCard(
        uid=room.uid,
        name=str(room.frame.get("name", "")),
        mode=room.mode,
        state=room.state,
        outcome=room.outcome,
        round=room.round,
        deadline=room.deadline,
        seats=tuple(seat.name for seat in seats),
        sealed=sum(seat.pk in known.sealed for seat in seats),
        total=len(seats),
        my_seat=mine[0].key if mine else None,
        i_sealed=bool(mine) and mine[0].pk in known.sealed,
        is_host=is_host,
        kind=room.kind if sees_result else None,
        i_answer=any(seat.pk in known.own for seat in mine),
        due=answering and room.deadline is not None and room.deadline < today(),
        segments={seat.name: known.segments(seat) for seat in seats},
        opens=room.opens,
        opened_at=room.opened_at,
        my_segments=known.segments(mine[0]) if mine else (),
    )


def _mine(known: _Known, seats: list[Any]) -> list[Any]:
    personal = [seat for seat in seats if seat.pk in known.own]
    organisations = known.actor.organisations()
    return personal or [seat for seat in seats if seat.organisation_id in organisations]


def host_statistics(actor: Actor, organisation: Organisation) -> HostStatistics:
    """Count an organisation's convened rooms; results anonymously.

    Results are counted from five opened rooms on and in steps of five, and what is counted once stays
    as it is: figures before and after an opening, an erasure, or a room that its parties now show to
    the host never give one room away. Rooms that the host was shown before are not counted.
    """
    rooms = _rooms(actor, _convener(actor, organisation))
    states = Counter(rooms.values_list("state", flat=True))
    tallies = list(HostTally.objects.filter(host=organisation))
    return HostStatistics(
        rooms=sum(states.values()),
        draft=states[Room.State.DRAFT],
        answering=states[Room.State.ANSWERING],
        opened=states[Room.State.OPENED],
        closed=states[Room.State.CLOSED],
        counted=sum(one.rooms for one in tallies),
        **_figures(tallies),
    )


def _figures(tallies: list[HostTally]) -> dict[str, Any]:
    if not tallies:
        return {"kinds": None, "mean_load": None, "conflicts": None}
    kinds, conflicts = (
        sum((Counter(getattr(one, name)) for one in tallies), Counter())
        for name in ("kinds", "conflicts")
    )
    return {
        "kinds": dict(sorted(kinds.items(), key=lambda pair: (-pair[1], pair[0]))),
        "mean_load": sum(one.load for one in tallies) / sum(one.rooms for one in tallies),
        "conflicts": dict(sorted(conflicts.items(), key=lambda pair: (-pair[1], pair[0]))),
    }
