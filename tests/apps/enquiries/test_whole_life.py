"""The life of enquiries: in every random order of moves none is lost, and none is with two partners."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from apps.programme.cast import Channel, make_channel
from apps.rooms.cast import make_cast
from mutualist.apps.core.clock import now, stopped_at
from mutualist.apps.core.errors import ActionError, NotAllowed
from mutualist.apps.enquiries import actions, queries
from mutualist.apps.enquiries.actions import Wish
from mutualist.apps.enquiries.models import Enquiry, Offer
from mutualist.apps.programme.models import Relation
from mutualist.domain.programme.routing.lifecycle import MOVES

WISHES = (
    Wish("DE", "89073", abilities=("iot",)),
    Wish("DE", "24103", abilities=("iot",)),
    Wish("AT", "6900", abilities=("ai",)),
    Wish("CH", "8001", abilities=("robots",)),
)
#: The room that Tauwerk has; by hand the vendor may give it more.
ROOM = 2
HOLDING = {"pending": "open", "accepted": "accepted", "won": "accepted", "lost": "accepted"}


class Life(RuleBasedStateMachine):
    """Customers ask, partners answer, the vendor decides, time goes on: in whatever order."""

    def __init__(self, channel: Channel) -> None:
        super().__init__()
        self.channel, self.hours = channel, 0
        self.begun = now()
        self.made: list[int] = []
        #: What this test itself counts: who has which enquiry since when, and what it did by hand.
        self.by_hand = 0
        Relation.objects.filter(pk=channel.tauwerk.pk).update(capacity=ROOM)

    def at(self) -> Any:
        return stopped_at(self.begun + timedelta(hours=self.hours))

    def offer(self, data: Any) -> Any:
        rows = list(Offer.objects.filter(enquiry__in=self.made).order_by("pk"))
        return data.draw(st.sampled_from(rows)) if rows else None

    def enquiry(self, data: Any) -> Any:
        return Enquiry.objects.get(pk=data.draw(st.sampled_from(self.made))) if self.made else None

    @rule(wish=st.sampled_from(WISHES))
    def come_in(self, wish: Wish) -> None:
        with self.at():
            self.made.append(actions.enter(standing=self.channel.anna, wish=wish).pk)

    @rule(
        data=st.data(),
        who=st.sampled_from(["clara", "dora"]),
        move=st.sampled_from(["accept", "accept", "decline", "give_back", "win", "lose"]),
    )
    def answer(self, data: Any, who: str, move: str) -> None:
        held = self.offer(data)
        if held is None:
            return
        words = {"decline": "no_time", "give_back": "too_far", "lose": "price"}
        more = {"reason": words[move]} if move in words else {}
        relation = self.channel.tauwerk if who == "clara" else self.channel.grauwerk
        before = (held.state, held.enquiry.status, held.enquiry.version)
        with self.at():
            try:
                getattr(actions, move)(standing=getattr(self.channel, who), offer=held.uid, **more)
            except (ActionError, NotAllowed):
                row = Offer.objects.select_related("enquiry").get(pk=held.pk)
                assert (row.state, row.enquiry.status, row.enquiry.version) == before
                return
            assert relation.pk == held.relation_id, "only whose it is may answer"
            wanted = "open" if move in {"accept", "decline"} else "accepted"
            assert before[0] == wanted
            assert move != "accept" or held.due_at > now(), "a late answer does not count"

    @rule(
        data=st.data(),
        move=st.sampled_from(["hand_to", "route_again", "close", "reopen", "win", "lose"]),
        to=st.sampled_from(["tauwerk", "grauwerk"]),
    )
    def decide(self, data: Any, move: str, to: str) -> None:
        row = self.enquiry(data)
        if row is None:
            return
        more: dict[str, Any] = {"close": {"reason": "spam"}, "lose": {"reason": "price"}}.get(
            move, {}
        )
        if move == "hand_to":
            more = {"relation": getattr(self.channel, to).uid}
        with self.at():
            try:
                getattr(actions, move)(standing=self.channel.anna, enquiry=row.uid, **more)
            except ActionError:
                after = Enquiry.objects.get(pk=row.pk)
                assert (after.status, after.version) == (row.status, row.version)
                return
        self.by_hand += move == "hand_to"
        if move in MOVES and move != "reopen":
            assert Enquiry.objects.get(pk=row.pk).status == MOVES[move][2]

    @rule(hours=st.sampled_from([1, 47, 49, 24 * 61, 24 * 91]))
    def wait(self, hours: int) -> None:
        self.hours += hours
        with self.at():
            actions.lapse_due()
            actions.expire_due()
            due = Offer.objects.filter(enquiry__in=self.made, state="open", due_at__lte=now())
            assert not due.exists(), "nobody sits on an enquiry beyond the limit"

    @invariant()
    def nothing_is_lost_and_nobody_shares(self) -> None:
        rows = list(Enquiry.objects.filter(pk__in=self.made).prefetch_related("offers"))
        assert len(rows) == len(self.made)
        for row in rows:
            live = [one for one in row.offers.all() if one.state in {"open", "accepted"}]
            if row.status in HOLDING:
                assert [one.state for one in live] == [HOLDING[row.status]]
                assert live[0].relation_id == row.relation_id
            else:
                assert not live
                assert row.relation_id is None
            if row.status == "received":
                assert row.nobody, "the vendor is told why nobody is asked"
                assert row.escalated_at

    @invariant()
    def loads_are_right(self) -> None:
        with self.at():
            field = queries.field_of(self.channel.programme.pk)
            worked = now() - timedelta(days=90)
        for partner in field.partners:
            mine = Offer.objects.filter(enquiry__in=self.made, relation=int(partner.id))
            held = [
                one
                for one in mine.select_related("enquiry")
                if one.enquiry.status in {"pending", "accepted"}
                and one.state in {"open", "accepted"}
            ]
            assert partner.load == len([one for one in held if one.offered_at > worked]), (
                partner.name
            )
            if partner.id == str(self.channel.tauwerk.pk):
                assert partner.load <= ROOM + self.by_hand


def test_every_order_of_moves_keeps_each_enquiry_with_one(db: None) -> None:
    cast = make_cast()
    run_state_machine_as_test(
        # Each example has a programme of its own, of the same people.
        lambda: Life(make_channel(cast)),
        settings=settings(
            max_examples=6,
            stateful_step_count=14,
            deadline=None,
            phases=set(Phase) - {Phase.shrink, Phase.explain},
        ),
    )
