"""What has to hold in the database after every kill, before the server starts again."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.db.models import F
from django.db.models.query import QuerySet

from mutualist.apps.core import audit
from mutualist.apps.core.isolation import MAINTENANCE, private_scope
from mutualist.apps.core.models import AuditEntry, AuditHead
from mutualist.apps.rooms import models as rooms
from mutualist.apps.rooms.sealing import vault_of
from operations.crash.channel import ChannelClient, of_channel
from operations.crash.clients import Client, Room, Writer


def faults(clients: list[Writer], verified: dict[str, str]) -> tuple[list[str], int]:
    """Return everything that does not hold, and how many unacknowledged writes were carried out."""
    connection.close()
    with private_scope(MAINTENANCE):
        found = [*_database(), *_half_done(), *_chains(verified)]
        carried_out = 0
        for client in clients:
            missing, extra = (
                of_channel(client) if isinstance(client, ChannelClient) else _of_client(client)
            )
            found += missing
            carried_out += extra
    connection.close()
    return found, carried_out


def _database() -> list[str]:
    if connection.vendor != "sqlite":
        return []
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA integrity_check")
        found = [row[0] for row in cursor.fetchall() if row != ("ok",)]
        cursor.execute("PRAGMA foreign_key_check")
        return found + [f"reference: {row}" for row in cursor.fetchall()]


def _all(model: Any) -> Any:
    return QuerySet(model=model)


def _half_done() -> list[str]:
    """Return rooms in which something happened by half."""
    found = []
    sheets = {(s.room_id, s.round, s.seat_id) for s in _all(rooms.SealedSheet)}
    answers = {
        (s.room_id, s.round, s.seat_id) for s in _all(rooms.SealedAnswers).defer("ciphertext")
    }
    if sheets != answers:
        found.append(f"sheets and their answers differ: {sheets ^ answers}")
    presses = {(p.room_id, p.round, p.seat_id) for p in _all(rooms.OpenPress)}
    openings = {(o.room_id, o.round) for o in _all(rooms.Opening)}
    seats: dict[int, list[int]] = {}
    for seat in _all(rooms.Seat):
        seats.setdefault(seat.room_id, []).append(seat.pk)
    for room in _all(rooms.Room):
        here = (room.pk, room.round)
        complete = [
            all((*here, seat) in rows for seat in seats[room.pk]) for rows in (sheets, presses)
        ]
        if (room.state == "opened") != (here in openings) or (here in openings) != all(complete):
            found.append(f"room {room.pk} is {room.state}, but {here in openings=} {complete=}")
        found += [
            f"room {room.pk}: round {number} was never opened"
            for number in range(1, room.round)
            if (room.pk, number) not in openings
        ]
        if room.state == "opened" and _all(rooms.Draft).filter(room=room).exists():
            found.append(f"room {room.pk} is opened and still has drafts")
    empty = _all(rooms.Opening).filter(result={}).count()
    return found + ([f"{empty} openings without a result"] if empty else [])


def _chains(verified: dict[str, str]) -> list[str]:
    """Verify the chains that have grown since they were verified last."""
    found = []
    for head in AuditHead.objects.all():
        if verified.get(head.chain) != head.hash:
            found += [f"chain: {fault}" for fault in audit.verify(head.chain)]
            verified[head.chain] = head.hash
    headless = AuditEntry.objects.exclude(chain__in=AuditHead.objects.values("chain"))
    return found + [f"entry without a head: {entry.pk}" for entry in headless]


def _of_client(client: Client) -> tuple[list[str], int]:
    found, extra = [], 0
    there = set(map(str, rooms.Room.objects.values_list("uid", flat=True)))
    found += [f"lost: the room {uid} that was acknowledged" for uid in set(client.made) - there]
    if client.making is not None:
        name = client.making.about["name"]
        extra += rooms.Room.objects.filter(frame__name=name).count()
    client.made.clear()
    for room in client.rooms:
        missing, more = _of_room(room)
        found += missing
        extra += more
    return found, extra


def _of_room(known: Room) -> tuple[list[str], int]:
    row = rooms.Room.objects.get(uid=known.uid)
    seats = {seat.key: seat for seat in _all(rooms.Seat).filter(room=row)}
    waiting = known.waiting
    found, extra = [], 0
    if row.round != known.round:
        if waiting is None or waiting.what != "round" or row.round != known.round + 1:
            found.append(f"lost: round {known.round} of {known.uid}, it is in {row.round}")
        extra += 1
    for model, places, what in (
        (rooms.SealedSheet, known.sealed, "seal"),
        (rooms.OpenPress, known.pressed, "press"),
    ):
        there = set(_all(model).filter(room=row).values_list("seat__key", "round"))
        found += [f"lost: {what} {place} of {known.uid}" for place in places - there]
        unknown = there - places
        pending = waiting and waiting.what == what
        expected = {(waiting.side, waiting.about["round"])} if pending and waiting else set()
        found += [f"nobody wrote {what} {place} of {known.uid}" for place in unknown - expected]
        extra += len(unknown)
    openings = set(_all(rooms.Opening).filter(room=row).values_list("round", flat=True))
    found += [f"lost: opening {number} of {known.uid}" for number in known.opened - openings]
    missing, more = _answers(known, row, seats, openings)
    return found + missing, extra + more


def _answers(
    known: Room, row: Any, seats: dict[str, Any], openings: set[int]
) -> tuple[list[str], int]:
    """Compare the drafts of the current round with what was acknowledged."""
    if row.round in openings:
        return [], 0
    stored = {}
    for draft in _all(rooms.Draft).filter(room=row, round=row.round).annotate(key=F("seat__key")):
        vault = vault_of(row, seats[draft.key])
        stored[(draft.key, draft.round, draft.item)] = vault.decrypt_draft(draft)
    waiting = known.waiting
    about = waiting.about if waiting is not None and waiting.what == "answer" else {}
    pending = (about.get("side"), about.get("round"), about.get("item"))
    carried_out = pending in stored and stored[pending] == about["value"]
    found = [
        f"lost: answer {place} of {known.uid}: {stored.get(place)!r}, not {value!r}"
        for place, value in known.answers.items()
        if place[1] == row.round
        and stored.get(place) != value
        and not (carried_out and place == pending)
    ]
    return found, int(carried_out and known.answers.get(pending) != about["value"])
