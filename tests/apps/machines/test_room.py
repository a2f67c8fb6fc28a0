"""A room from its first answer to its end, in any order of steps by anybody."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from apps.machines.running import Machine, run
from apps.rooms.cast import come_in, convened_room, fresh, in_days
from mutualist.apps.core.errors import NotAllowed
from mutualist.apps.rooms import actions, queries
from mutualist.apps.rooms.models import Opening, OpenPress, Room, Seat
from mutualist.apps.rooms.values import PartySpec

pytestmark = pytest.mark.django_db
WHO = st.sampled_from("ABC")
DECIDES = st.sampled_from(["greta", "A", "B", "dora"])


class RoomMachine(Machine):
    """The model: what a room looks like, in a few words."""

    @initialize(opens=st.sampled_from(["all_press", "deadline"]))
    def open_room(self, opens: str) -> None:
        deadline = in_days(3) if opens == "deadline" else None
        self.room, ida, paul = convened_room(self.cast, opens=opens, deadline=deadline)
        self.people = {"A": ida, "B": paul}
        self.opens, self.over = opens, False
        self.state, self.round, self.number, self.looks = "answering", 1, 0, 0
        self.answers: dict[str, tuple[str, int]] = {}
        self.last: dict[str, str] = {}
        self.sealed: dict[str, str] = {}
        self.pressed: set[str] = set()
        self.opened: dict[int, dict[str, str]] = {}

    def actor(self, who: str) -> Any:
        return self.people.get(who) or getattr(self.cast, who, self.cast.dora)

    @property
    def is_there(self) -> bool:
        return self.state != "deleted"

    def refusal_of_answering(self) -> str:
        return {"opened": "already_opened", "closed": "room_closed"}.get(self.state, "")

    def opens_itself(self) -> bool:
        return self.opens == "deadline" and self.over and len(self.sealed) == len(self.people)

    def note_opening(self) -> None:
        self.opened[self.round] = dict(self.sealed)
        shown = queries.opened(self.people["A"], fresh(self.room), self.round).visible
        for party, words in self.sealed.items():
            assert shown[party]["1.1"] == (words or "dont_know"), "all of it opens, or nothing"
        self.last = dict(self.sealed)
        self.state, self.answers = "opened", {}

    @precondition(lambda self: self.is_there)
    @rule(who=WHO)
    def answer(self, who: str) -> None:
        self.step("answer")
        self.number += 1
        words = f"secret-{who}-{self.number}"
        version = self.answers.get(who, ("", 0))[1]
        expected = "not_allowed" if who not in self.people else self.refusal_of_answering()
        expected = expected or ("sealed" if who in self.sealed else "done")
        done = self.tried(
            actions.save_answer,
            actor=self.actor(who),
            room=self.room,
            item="1.1",
            value=words,
            version=version,
        )
        assert done == expected
        if done == "done":
            self.answers[who] = (words, version + 1)

    @precondition(lambda self: self.is_there)
    @rule(who=WHO)
    def answer_with_an_old_version(self, who: str) -> None:
        self.step("answer_with_an_old_version")
        if who not in self.answers or who in self.sealed or self.state != "answering":
            return
        done = self.tried(
            actions.save_answer,
            actor=self.actor(who),
            room=self.room,
            item="1.1",
            value="overwritten",
            version=self.answers[who][1] + 7,
        )
        assert done == "changed_elsewhere"

    @precondition(lambda self: self.is_there)
    @rule(who=WHO)
    def seal(self, who: str) -> None:
        self.step("seal")
        expected = "not_allowed" if who not in self.people else ""
        expected = expected or ("already_sealed" if who in self.sealed else "")
        expected = expected or self.refusal_of_answering() or "done"
        done = self.tried(
            actions.seal_sheet, actor=self.actor(who), room=self.room, confirm_open_items=True
        )
        assert done == expected
        if done == "done":
            words = self.answers.get(who, (self.last.get(who, ""), 0))[0]
            self.sealed[who] = words
            assert self.result.opened == self.opens_itself()
            if self.result.opened:
                self.note_opening()

    @precondition(lambda self: self.is_there)
    @rule(who=WHO)
    def take_back(self, who: str) -> None:
        self.step("take_back")
        expected = "not_allowed" if who not in self.people else self.refusal_of_answering()
        expected = expected or ("not_sealed" if who not in self.sealed else "")
        expected = expected or ("all_sealed" if len(self.sealed) == len(self.people) else "done")
        assert self.tried(actions.take_back, actor=self.actor(who), room=self.room) == expected
        if expected == "done":
            del self.sealed[who]

    @precondition(lambda self: self.is_there)
    @rule(who=WHO)
    def press(self, who: str) -> None:
        self.step("press")
        done = self.tried(actions.press_open, actor=self.actor(who), room=self.room)
        if who not in self.people:
            assert done == "not_allowed"
        elif self.round in self.opened:
            assert (done, self.result.opened) == ("done", True), "a late press has no second effect"
        elif self.state == "closed":
            assert done == "room_closed"
        elif self.opens == "deadline":
            assert done == "opens_at_deadline"
        elif len(self.sealed) < len(self.people):
            assert done == "not_all_sealed"
        else:
            self.pressed.add(who)
            assert (done, self.result.opened) == ("done", self.pressed == set(self.people))
            if self.result.opened:
                self.note_opening()

    @precondition(lambda self: self.is_there)
    @rule(who=DECIDES, days=st.integers(0, 30))
    def move_deadline(self, who: str, days: int) -> None:
        self.step("move_deadline")
        before = fresh(self.room).deadline
        wanted = in_days(days)
        done = self.tried(
            actions.move_deadline, actor=self.actor(who), room=self.room, deadline=wanted
        )
        if who != "greta":
            assert done == "not_allowed"
        elif self.state != "answering":
            assert done == self.refusal_of_answering()
        elif self.sealed and before is not None and wanted < before:
            assert done == "locked_by_seal"
        else:
            assert done == "done"
            self.over = False

    @precondition(lambda self: self.is_there)
    @rule()
    def the_last_day_passes(self) -> None:
        self.step("the_last_day_passes")
        gone = Room.objects.filter(pk=self.room.pk, deadline__isnull=False)
        self.over = bool(gone.update(deadline=in_days(-1))) or self.over

    @precondition(lambda self: self.is_there)
    @rule()
    def tick(self) -> None:
        self.step("tick")
        due = self.state == "answering" and self.opens_itself()
        assert actions.open_due() == due
        if due:
            self.note_opening()

    @precondition(lambda self: self.is_there)
    @rule(who=DECIDES)
    def next_round(self, who: str) -> None:
        self.step("next_round")
        deadline = in_days(4) if self.opens == "deadline" else None
        done = self.tried(
            actions.start_round, actor=self.actor(who), room=self.room, deadline=deadline
        )
        if who == "dora":
            assert done == "not_allowed"
        elif self.state == "closed":
            assert done == "room_closed"
        elif self.state != "opened":
            assert done == "round_running"
        elif self.round == 20:
            assert done == "too_many_rounds"
        else:
            assert done == "done"
            self.state, self.over = "answering", False
            self.round += 1
            self.sealed, self.pressed = {}, set()

    @precondition(lambda self: self.is_there)
    @rule()
    def add_party(self) -> None:
        self.step("add_party")
        done = self.tried(
            actions.add_seat, actor=self.cast.greta, room=self.room, party=PartySpec("Third AG")
        )
        if self.state != "answering":
            assert done == self.refusal_of_answering()
        elif self.sealed:
            assert done == "locked_by_seal"
        elif self.opened:
            assert done == "parties_fixed"
        elif "C" in self.people:
            assert done == "party_name"
        else:
            assert done == "done"
            invited = actions.invite_answerer(
                actor=self.cast.greta,
                room=self.room,
                seat="C",
                name="Cora",
                email="cora@firm.test",
                language="en",
            )
            self.people["C"] = come_in(invited)

    @precondition(lambda self: self.is_there)
    @rule(who=WHO)
    def remove_party(self, who: str) -> None:
        self.step("remove_party")
        done = self.tried(actions.remove_seat, actor=self.cast.greta, room=self.room, seat=who)
        if self.state != "answering":
            assert done == self.refusal_of_answering()
        elif self.sealed:
            assert done == "locked_by_seal"
        elif self.opened:
            assert done == "parties_fixed"
        elif who not in self.people:
            assert done == "not_allowed"
        elif len(self.people) == 2:
            assert done == "parties"
        elif done == "done":
            # Letters stay with their seats; to keep the model small the room ends here if A or B goes.
            del self.people[who]
            self.answers.pop(who, None)
            if who != "C":
                actions.delete_room(actor=self.cast.greta, room=fresh(self.room))
                self.state = "deleted"
        else:
            raise AssertionError(done)

    @precondition(lambda self: self.is_there and self.number > 3)
    @rule(who=DECIDES, friendly=st.booleans())
    def end(self, who: str, friendly: bool) -> None:
        self.step("end")
        act = actions.part_on_good_terms if friendly else actions.close_room
        done = self.tried(act, actor=self.actor(who), room=self.room)
        if who == "dora" or (who != "greta" and not friendly):
            assert done == "not_allowed"
        elif self.state == "closed":
            assert done == "room_closed"
        else:
            assert done == "done"
            if self.round not in self.opened:
                self.sealed, self.answers = {}, {}
            self.state = "closed"

    @precondition(lambda self: self.is_there and self.number > 3)
    @rule(who=DECIDES)
    def delete(self, who: str) -> None:
        self.step("delete")
        done = self.tried(actions.delete_room, actor=self.actor(who), room=self.room)
        if who != "greta":
            assert done == "not_allowed"
        elif self.opened:
            assert done == "result_belongs_to_all"
        else:
            assert done == "done"
            self.state = "deleted"

    @precondition(lambda self: not self.is_there)
    @rule(who=DECIDES)
    def come_back(self, who: str) -> None:
        self.step("come_back")
        with pytest.raises(NotAllowed):
            queries.get_room(self.actor(who), self.room.uid)
        for act in (actions.press_open, actions.take_back, actions.close_room):
            assert self.tried(act, actor=self.actor(who), room=self.room) == "not_allowed"

    @invariant()
    def the_room_is_as_the_model_says(self) -> None:
        if not hasattr(self, "state"):
            return
        found = Room.objects.filter(pk=self.room.pk).first()
        if not self.is_there:
            assert found is None
            return
        assert (found.state, found.round) == (self.state, self.round)
        rounds = list(Opening.objects.filter(room=found).values_list("round", flat=True))
        assert rounds == sorted(self.opened), "one opening a round"
        assert Seat.objects.filter(room=found).count() == len(self.people)
        pressed = OpenPress.objects.filter(room=found, round=self.round).count()
        assert pressed == len(self.pressed)

    @invariant()
    def nobody_sees_what_is_not_open(self) -> None:
        if not hasattr(self, "state") or not self.is_there:
            return
        room = fresh(self.room)
        open_words = {words for sheets in self.opened.values() for words in sheets.values()}
        # One of them after the other: somebody looks after each step.
        self.looks += 1
        who = sorted(self.people)[self.looks % len(self.people)]
        status = queries.room_status(self.people[who], room, bonds=False)
        assert {seat.key for seat in status.seats if seat.sealed} == set(self.sealed)
        seen = repr(status)
        if self.looks % 4 == 0:
            seen += json.dumps(queries.export_room(self.people[who], room), default=str)
        for other in set(self.people) - {who}:
            for words in (self.answers.get(other, ("",))[0], self.sealed.get(other, "")):
                assert not words or words in open_words or words not in seen, (who, other)


def test_rooms() -> None:
    run(
        RoomMachine,
        {
            "answer",
            "answer_with_an_old_version",
            "seal",
            "take_back",
            "press",
            "move_deadline",
            "the_last_day_passes",
            "tick",
            "next_round",
            "add_party",
            "remove_party",
            "end",
            "delete",
            "come_back",
        },
    )
