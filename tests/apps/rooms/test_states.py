"""A room under random steps keeps what it promises: nothing is open before all have sealed."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from apps.rooms.cast import FRAME, Cast, come_in, fresh, in_days, invite_clara, make_cast, stored
from mutualist.apps.core.actor import Actor
from mutualist.apps.core.audit import verify
from mutualist.apps.core.errors import ActionError, NotAllowed
from mutualist.apps.rooms import actions
from mutualist.apps.rooms.models import Draft, Opening, Room, SealedSheet
from mutualist.apps.rooms.queries import opened, room_status
from mutualist.apps.rooms.values import PartySpec

SEATS = st.sampled_from("AB")
CHOICES = st.sampled_from(["project_end", "1to3", "gt3", "open", None])


class RoomMachine(RuleBasedStateMachine):
    """The model is a handful of plain values: round, who has sealed and pressed, what is open."""

    @initialize(at_deadline=st.booleans())
    def begin(self, at_deadline: bool) -> None:
        # Each run has its own transaction, which is rolled back at its end.
        self.run = transaction.atomic()
        self.run.__enter__()
        self.cast: Cast = make_cast()
        self.room: Room = actions.create_room(
            actor=self.cast.anna,
            mode="two_sided",
            host=self.cast.nordwerk,
            frame=FRAME,
            parties=[PartySpec("Nordwerk"), PartySpec("Tauwerk")],
            opens="deadline" if at_deadline else "all_press",
            deadline=in_days(3),
        )
        clara = come_in(invite_clara(self.cast, self.room))
        self.actors: dict[str, Actor] = {"A": self.cast.anna, "B": clara}
        self.at_deadline = at_deadline
        self.over = False
        self.round = 1
        self.sealed: set[str] = set()
        self.pressed: set[str] = set()
        self.opened: set[int] = set()
        self.closed = False
        self.answers: dict[str, Any] = {"A": {}, "B": {}}

    @property
    def is_open(self) -> bool:
        return self.round in self.opened

    def attempt(self, allowed: bool, call: Any) -> Any:
        """Do what the model allows; expect a refusal without any effect otherwise."""
        if allowed:
            return call()
        before = self.snapshot()
        try:
            call()
        except ActionError:
            assert self.snapshot() == before
            return None
        raise AssertionError("this should have been refused")

    def snapshot(self) -> tuple[Any, ...]:
        room = fresh(self.room)
        return (
            room.state,
            room.round,
            SealedSheet.objects.count(),
            Opening.objects.count(),
            tuple((draft.pk, draft.version) for draft in stored(Draft)),
        )

    @rule(seat=SEATS, value=CHOICES)
    def answer(self, seat: str, value: Any) -> None:
        from mutualist.apps.rooms.queries import draft_sheet

        version = draft_sheet(self.actors[seat], fresh(self.room)).versions.get("1.4", 0)
        allowed = not (self.closed or self.is_open or seat in self.sealed)
        saved = self.attempt(
            allowed,
            lambda: actions.save_answer(
                actor=self.actors[seat], room=self.room, item="1.4", value=value, version=version
            ),
        )
        if saved:
            self.answers[seat] = value

    @rule(seat=SEATS)
    def seal(self, seat: str) -> None:
        allowed = not (self.closed or self.is_open or seat in self.sealed)
        sealed = self.attempt(
            allowed,
            lambda: actions.seal_sheet(
                actor=self.actors[seat], room=self.room, confirm_open_items=True
            ),
        )
        if sealed:
            self.sealed.add(seat)
            opens = self.at_deadline and self.over and len(self.sealed) == 2
            assert sealed.opened == opens
            if opens:
                self.opened.add(self.round)

    @rule(seat=SEATS)
    def take_back(self, seat: str) -> None:
        allowed = (
            not self.closed and not self.is_open and seat in self.sealed and len(self.sealed) < 2
        )
        self.attempt(allowed, lambda: actions.take_back(actor=self.actors[seat], room=self.room))
        if allowed:
            self.sealed.discard(seat)

    @rule(seat=SEATS)
    def press(self, seat: str) -> None:
        if self.is_open:
            assert actions.press_open(actor=self.actors[seat], room=self.room).opened
            return
        allowed = not self.closed and not self.at_deadline and len(self.sealed) == 2
        pressed = self.attempt(
            allowed, lambda: actions.press_open(actor=self.actors[seat], room=self.room)
        )
        if pressed:
            self.pressed.add(seat)
            assert pressed.opened == (len(self.pressed) == 2)
            if pressed.opened:
                self.opened.add(self.round)

    @precondition(lambda self: not self.over and not self.closed)
    @rule()
    def let_the_deadline_pass(self) -> None:
        Room.objects.filter(pk=self.room.pk).update(deadline=in_days(-1))
        self.over = True

    @rule()
    def tick(self) -> None:
        due = (
            self.at_deadline
            and self.over
            and len(self.sealed) == 2
            and not self.is_open
            and not self.closed
        )
        assert actions.open_due() == int(due)
        if due:
            self.opened.add(self.round)

    @rule(seat=SEATS)
    def next_round(self, seat: str) -> None:
        allowed = self.is_open and not self.closed
        started = self.attempt(
            allowed,
            lambda: actions.start_round(
                actor=self.actors[seat], room=self.room, deadline=in_days(3)
            ),
        )
        if started:
            self.round += 1
            self.over = False
            self.sealed, self.pressed = set(), set()

    @precondition(lambda self: self.round > 1)
    @rule(seat=SEATS)
    def part(self, seat: str) -> None:
        if self.closed:
            return
        actions.part_on_good_terms(actor=self.actors[seat], room=self.room)
        self.closed = True
        if not self.is_open:
            self.sealed, self.pressed = set(), set()

    @invariant()
    def open_is_what_all_have_agreed_to_open(self) -> None:
        if not hasattr(self, "cast"):
            return
        room = fresh(self.room)
        assert set(Opening.objects.values_list("round", flat=True)) == self.opened
        expected = "closed" if self.closed else "opened" if self.is_open else None
        assert room.state == (expected or room.state)
        assert expected or room.state in {"draft", "answering"}
        for actor in self.actors.values():
            for number in range(1, self.round + 1):
                if number in self.opened:
                    assert opened(actor, room, number).round == number
                else:
                    try:
                        opened(actor, room, number)
                    except NotAllowed:
                        continue
                    raise AssertionError("an unopened round was shown")

    @invariant()
    def everybody_sees_the_same_seals(self) -> None:
        if not hasattr(self, "cast") or self.closed:
            return
        for actor in self.actors.values():
            status = room_status(actor, fresh(self.room))
            assert {seat.key for seat in status.seats if seat.sealed} == self.sealed

    def teardown(self) -> None:
        try:
            if hasattr(self, "room"):
                assert list(verify(f"room:{self.room.pk}")) == []
        finally:
            transaction.set_rollback(True)
            self.run.__exit__(None, None, None)


def test_a_room_keeps_its_promises_in_any_order_of_steps(db: None) -> None:
    run_state_machine_as_test(
        RoomMachine,
        settings=settings(max_examples=12, stateful_step_count=14, deadline=None, database=None),
    )
