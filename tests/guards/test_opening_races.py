"""Opening, reading and answering at the same instant: never one side only.

MUTUALIST_RACES=1000 python -m pytest tests/guards/test_opening_races.py   runs the long form.
"""

from __future__ import annotations

import os
import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, connections

from apps.rooms.cast import (
    SHORT,
    Cast,
    fill,
    fresh,
    in_days,
    make_cast,
    on_every_seat,
    room_of_two,
    seal_short,
)
from mutualist.apps.core.actor import Actor
from mutualist.apps.core.errors import ActionError, NotAllowed
from mutualist.apps.rooms import actions, scopes
from mutualist.apps.rooms.models import Opening, Room, SealedAnswers, SealedSheet
from mutualist.apps.rooms.queries import export_room, opened
from mutualist.apps.rooms.standing import standing

pytestmark = pytest.mark.django_db(transaction=True)
RACES = int(os.environ.get("MUTUALIST_RACES", "7"))
READS = 4


class Seen:
    """What readers met; each line says whether the own and the other side's answers were there."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.found: Counter[str] = Counter()
        self.faults: list[Any] = []

    def note(self, what: str, *, own: bool = True, other: bool) -> None:
        with self.lock:
            self.found[what, own, other] += 1

    def fault(self, error: object) -> None:
        with self.lock:
            self.faults.append(error)


def race(seen: Seen, *calls: Callable[[], Any]) -> None:
    """Run calls in threads that start together; refusals are part of the game, errors are not."""
    barrier = threading.Barrier(len(calls), timeout=30)

    def run(call: Callable[[], Any]) -> None:
        try:
            connection.ensure_connection()
            barrier.wait()
            call()
        except ActionError:
            pass
        except Exception as error:  # noqa: BLE001  (the test looks at it)
            seen.fault(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
        assert not thread.is_alive()


def read(seen: Seen, actor: Actor, room: Room, mine: str, theirs: str) -> None:
    """Read in every way there is, again and again, and note which sides were there."""
    for _time in range(READS):
        try:
            visible = opened(actor, fresh(room)).visible
            seen.note("result", own=bool(visible[mine]), other=bool(visible[theirs]))
        except NotAllowed:
            seen.note("no result", own=False, other=False)
        answers = export_room(actor, fresh(room))["answers"]
        seen.note("file", other=bool(answers.get(theirs)))
        here = standing(actor, fresh(room))
        with scopes.result(here):
            rows = {row.seat_id for row in SealedAnswers.objects.filter(room=room)}
        if len(rows) not in {0, 2}:
            seen.fault(f"{len(rows)} of 2 sheets")


def consistent(room: Room) -> bool:
    """Whether the room is open with both sheets and a result, or not open at all."""
    with on_every_seat():
        sheets = SealedAnswers.objects.filter(room=room).count()
    if Opening.objects.filter(room=room).exists():
        return sheets == SealedSheet.objects.filter(room=room).count() == 2
    return fresh(room).state == "answering"


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def test_readers_meet_both_sides_or_none(cast: Cast) -> None:
    seen, outcomes = Seen(), Counter[bool]()
    for number in range(RACES):
        room = room_of_two(cast)
        seal_short(room, cast.anna, cast.clara)
        first, last = (cast.anna, cast.clara) if number % 2 else (cast.clara, cast.anna)
        actions.press_open(actor=first, room=room)
        race(
            seen,
            lambda room=room, last=last: actions.press_open(actor=last, room=room),
            lambda room=room: read(seen, cast.anna, room, "A", "B"),
            lambda room=room: read(seen, cast.clara, room, "B", "A"),
        )
        assert consistent(room)
        # On a busy machine all reading may be over before the opening is.
        read(seen, cast.anna, room, "A", "B")
        outcomes[Opening.objects.filter(room=room).exists()] += 1
    assert seen.faults == []
    assert outcomes == {True: RACES}
    halves = {key for key in seen.found if key[0] != "file" and key[1] != key[2]}
    assert halves == set()
    assert seen.found["result", True, True]
    assert seen.found["no result", False, False]


def test_sealing_taking_back_and_opening_end_whole(cast: Cast) -> None:
    """The last seal, the first one's regret, a late answer and the clock, all at once."""
    seen, outcomes = Seen(), Counter[bool]()
    for _number in range(RACES):
        room = room_of_two(cast, opens="deadline", deadline=in_days(3))
        seal_short(room, cast.anna)
        fill(cast.clara, room, SHORT)
        Room.objects.filter(pk=room.pk).update(deadline=in_days(-1))
        race(
            seen,
            lambda room=room: actions.seal_sheet(
                actor=cast.clara, room=room, confirm_open_items=True
            ),
            lambda room=room: actions.take_back(actor=cast.anna, room=room),
            lambda room=room: actions.save_answer(
                actor=cast.clara, room=room, item="1.4", value="open", version=1
            ),
            lambda room=room: actions.open_due(room=room),
            lambda room=room: read(seen, cast.clara, room, "B", "A"),
        )
        assert consistent(room)
        outcomes[Opening.objects.filter(room=room).exists()] += 1
    assert seen.faults == []
    assert {key for key in seen.found if key[0] != "file" and key[1] != key[2]} == set()
    assert sum(outcomes.values()) == RACES
