"""The people on one seat: colleagues, links, the lead, in any order."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from apps.machines.running import Machine, run
from apps.rooms.cast import come_in, fresh, open_two_sided, token_of
from mutualist.apps.core.actor import Actor
from mutualist.apps.core.clock import now
from mutualist.apps.core.errors import NotAllowed
from mutualist.apps.rooms import actions, queries
from mutualist.apps.rooms.actions.invitations import LINKS_A_DAY, MAX_ANSWERERS
from mutualist.apps.rooms.models import Answerer, SeatLink

pytestmark = pytest.mark.django_db
SOMEBODY = st.integers(0, 5)


class SeatMachine(Machine):
    """Paul leads seat B of Anna's room; the model knows each person's links and who leads."""

    @initialize()
    def sit_down(self) -> None:
        self.room = open_two_sided(self.cast)
        invited = actions.invite_answerer(
            actor=self.cast.anna,
            room=self.room,
            seat="B",
            name="Paul",
            email="paul@firm.test",
            language="en",
        )
        self.links: dict[str, bool] = {token_of(invited): True}
        self.owner = {token_of(invited): invited.answerer.pk}
        self.sent = {invited.answerer.pk: 1}
        self.actors = {invited.answerer.pk: come_in(invited)}
        self.lead = invited.answerer.pk
        self.number = 0
        self.sealed = False

    def pick(self, which: int) -> int:
        people = sorted(self.actors)
        return people[which % len(people)]

    def asking(self) -> Actor:
        return self.actors[self.lead]

    def is_here(self) -> bool:
        """Whether the lead can still come in: only then can it do anything."""
        return any(live and self.owner[token] == self.lead for token, live in self.links.items())

    def came(self, invitation: Any) -> None:
        token = token_of(invitation)
        self.links[token], self.owner[token] = True, invitation.answerer.pk
        self.sent[invitation.answerer.pk] = self.sent.get(invitation.answerer.pk, 0) + 1
        self.actors[invitation.answerer.pk] = come_in(invitation)

    @rule()
    def ask_a_colleague(self) -> None:
        self.step("ask_a_colleague")
        self.number += 1
        done = self.tried(
            actions.add_colleague,
            actor=self.asking(),
            room=self.room,
            name=f"C{self.number}",
            email=f"c{self.number}@firm.test",
            language="de",
        )
        full = len(self.actors) >= MAX_ANSWERERS
        assert done == (
            "not_allowed" if not self.is_here() else "too_many_people" if full else "done"
        )
        if done == "done":
            self.came(self.result)

    @rule(which=SOMEBODY, host=st.booleans())
    def send_again(self, which: int, host: bool) -> None:
        self.step("send_again")
        person = self.pick(which)
        actor = self.cast.anna if host else self.asking()
        done = self.tried(actions.resend_link, actor=actor, room=self.room, answerer_id=person)
        if (host and person != self.lead) or (not host and not self.is_here()):
            assert done == "not_allowed"
        elif self.sent[person] >= LINKS_A_DAY:
            assert done == "too_many_mails"
        else:
            assert done == "done"
            self.came(self.result)

    @rule(which=SOMEBODY, host=st.booleans())
    def take_back(self, which: int, host: bool) -> None:
        self.step("take_back")
        person = self.pick(which)
        actor = self.cast.anna if host else self.asking()
        done = self.tried(actions.revoke_link, actor=actor, room=self.room, answerer_id=person)
        if (host and person != self.lead) or (not host and not self.is_here()):
            assert done == "not_allowed"
        elif host and self.sealed:
            assert done == "seat_has_sealed"
        elif not host and person == self.lead:
            assert done == "own_access"
        else:
            assert done == "done"
            for token, owner in self.owner.items():
                self.links[token] = self.links[token] and owner != person

    @rule(which=SOMEBODY)
    def hand_over(self, which: int) -> None:
        self.step("hand_over")
        person = self.pick(which)
        done = self.tried(
            actions.hand_over, actor=self.asking(), room=self.room, answerer_id=person
        )
        if not self.is_here():
            assert done == "not_allowed"
        elif self.sealed:
            assert done == "sealed"
        else:
            assert done == "done"
            self.lead = person

    @rule(which=SOMEBODY)
    def remove(self, which: int) -> None:
        self.step("remove")
        person = self.pick(which)
        done = self.tried(
            actions.remove_answerer, actor=self.asking(), room=self.room, answerer_id=person
        )
        if not self.is_here():
            assert done == "not_allowed"
        elif person == self.lead:
            assert done == "lead_stays"
        else:
            assert done == "done"
            del self.actors[person]
            for token, owner in self.owner.items():
                self.links[token] = self.links[token] and owner != person

    @rule(which=SOMEBODY)
    def a_link_expires(self, which: int) -> None:
        self.step("a_link_expires")
        person = self.pick(which)
        SeatLink.objects.filter(answerer=person).update(expires_at=now() - timedelta(seconds=1))
        for token, owner in self.owner.items():
            self.links[token] = self.links[token] and owner != person

    @rule(which=st.integers(0, 40))
    def come_again(self, which: int) -> None:
        self.step("come_again")
        token = sorted(self.links)[which % len(self.links)]
        done = self.tried(actions.accept_link, actor=Actor("link", language="en"), token=token)
        ended = {"link_revoked", "link_expired", "link_unknown"}
        assert done == "done" if self.links[token] else done in ended, "an ended link stays ended"

    @rule()
    def seal(self) -> None:
        self.step("seal")
        done = self.tried(
            actions.seal_sheet, actor=self.asking(), room=self.room, confirm_open_items=True
        )
        if not self.is_here():
            assert done == "not_allowed"
        else:
            assert done == ("already_sealed" if self.sealed else "done")
            # The notice brings a link of its own, which counts as a mail of the day.
            self.sent[self.lead] += not self.sealed
            self.sealed = True

    @rule()
    def open_again(self) -> None:
        self.step("open_again")
        done = self.tried(actions.take_back, actor=self.asking(), room=self.room)
        if not self.is_here():
            assert done == "not_allowed"
        else:
            assert done == ("done" if self.sealed else "not_sealed")
            self.sealed = False

    @invariant()
    def one_person_leads(self) -> None:
        if not hasattr(self, "sealed"):
            return
        people = Answerer.objects.filter(room=self.room, seat__key="B")
        assert set(people.values_list("pk", flat=True)) == set(self.actors)
        assert list(people.filter(is_lead=True).values_list("pk", flat=True)) == [self.lead]

    @invariant()
    def only_live_links_lead_in(self) -> None:
        if not hasattr(self, "sealed"):
            return
        live = {owner for token, owner in self.owner.items() if self.links[token]}
        self.number_of_looks = getattr(self, "number_of_looks", 0) + 1
        person = self.pick(self.number_of_looks)
        links = frozenset(SeatLink.objects.filter(answerer=person).values_list("pk", flat=True))
        guest = Actor("link", link_ids=links)
        if person in live:
            assert queries.get_room(guest, self.room.uid) == fresh(self.room)
        else:
            with pytest.raises(NotAllowed):
                queries.get_room(guest, self.room.uid)


def test_seats() -> None:
    run(
        SeatMachine,
        {
            "ask_a_colleague",
            "send_again",
            "take_back",
            "hand_over",
            "remove",
            "a_link_expires",
            "come_again",
            "seal",
            "open_again",
        },
    )
