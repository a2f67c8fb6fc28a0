"""Deliveries under everything that may happen to them, compared with a model of a few lines."""

from __future__ import annotations

import os
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from mutualist.apps.core import clock
from mutualist.apps.core.models import OutboxMail
from mutualist.apps.delivery import actions, relay
from mutualist.apps.delivery.models import Delivery, Endpoint, Event
from mutualist.apps.delivery.sending import Outcome
from mutualist.apps.identity import actions as identity
from mutualist.apps.identity.models import Organisation, User
from mutualist.apps.identity.queries import actor_of

# More than 2,000 steps on one database; on the other the same rules need no proof of that size.
USUAL = "8" if "MUTUALIST_DATABASE_URL" in os.environ else "44"
STEPS, EXAMPLES = 50, int(os.environ.get("MUTUALIST_TEST_EXAMPLES", USUAL))
KIND = ("identity.organisation.renamed",)
TRIES = len(relay.WAITS) + 1
BAD = st.sampled_from([Outcome("status", 500), Outcome("timeout"), Outcome("status", 503, wait=90)])
WORKERS = st.sampled_from(["first", "second"])
FIRMS = st.integers(0, 1)


class Deliveries(RuleBasedStateMachine):
    """Two organisations with a webhook each, two workers, a clock that is not to be trusted."""

    steps = 0

    def __init__(self) -> None:
        super().__init__()
        Event.objects.all().delete()
        Endpoint.objects.all().delete()
        OutboxMail.objects.all().delete()
        self.actor: Any = actor_of(User.objects.get())
        self.firms = list(Organisation.objects.order_by("pk"))
        self.endpoints = [
            actions.add_endpoint(
                firm.uid, address=f"https://9.9.9.9/{firm.pk}", kinds=KIND, actor=self.actor
            )[0]
            for firm in self.firms
        ]
        #: What the model knows: by number of the delivery, firm, state and tries since it was (re)sent.
        self.model: dict[int, dict[str, Any]] = {}
        self.paused = [False, False]
        self.held: dict[str, list[tuple[Delivery, bool]]] = {"first": [], "second": []}
        self.number = 0
        self.resent = False

    def _known(self) -> None:
        for delivery in Delivery.objects.exclude(pk__in=self.model).order_by("pk"):
            firm = [one.pk for one in self.endpoints].index(delivery.endpoint_id)
            self.model[delivery.pk] = {
                "firm": firm,
                "state": "pending",
                "tries": 0,
                "seq": delivery.seq,
            }

    def _eldest(self, firm: int) -> int | None:
        waiting = [
            (one["seq"], pk)
            for pk, one in self.model.items()
            if one["firm"] == firm and one["state"] == "pending"
        ]
        return min(waiting)[1] if waiting else None

    @rule(firm=FIRMS)
    def something_happens(self, firm: int) -> None:
        Deliveries.steps += 1
        self.number += 1
        identity.rename_organisation(self.firms[firm].uid, f"Firm {self.number}", actor=self.actor)
        before = len(self.model)
        self._known()
        assert len(self.model) == before + 1

    @rule(worker=WORKERS)
    def a_worker_takes_what_is_due(self, worker: str) -> None:
        Deliveries.steps += 1
        for delivery in relay.claim(4):
            one = self.model[delivery.pk]
            assert one["state"] == "pending"
            assert not self.paused[one["firm"]], "nothing goes to a paused endpoint"
            assert delivery.pk == self._eldest(one["firm"]), "the eldest first"
            one["tries"] += 1
            self.held[worker].append((delivery, True))

    def _settle(self, worker: str, outcome: Outcome) -> None:
        delivery, _ = self.held[worker].pop()
        current = Delivery.objects.filter(pk=delivery.pk).first()
        mine = (
            current is not None and current.lease == delivery.lease and current.state == "pending"
        )
        assert relay.settle(delivery, outcome) is mine
        if not mine:
            return
        one = self.model[delivery.pk]
        if outcome.arrived:
            one["state"] = "delivered"
            self._in_order(delivery, one)
        elif outcome.reason == "gone" or one["tries"] >= TRIES:
            one["state"] = "dead"
        endpoint = Endpoint.objects.get(pk=delivery.endpoint_id)
        if endpoint.paused in {"failing", "gone"} and not self.paused[one["firm"]]:
            assert one["state"] == "dead", "only what costs an event pauses an endpoint"
            self.paused[one["firm"]] = True
            assert OutboxMail.objects.exists(), "its owners are told"

    def _in_order(self, delivery: Delivery, one: dict[str, Any]) -> None:
        """Nothing elder waits behind what has just arrived."""
        eldest = self._eldest(one["firm"])
        assert eldest is None or self.model[eldest]["seq"] > delivery.seq

    @precondition(lambda self: any(self.held.values()))
    @rule(worker=WORKERS)
    def it_arrives(self, worker: str) -> None:
        Deliveries.steps += 1
        if self.held[worker]:
            self._settle(worker, Outcome("", 204))

    @precondition(lambda self: any(self.held.values()))
    @rule(worker=WORKERS, outcome=BAD)
    def it_is_refused(self, worker: str, outcome: Outcome) -> None:
        Deliveries.steps += 1
        if self.held[worker]:
            self._settle(worker, outcome)

    @precondition(lambda self: any(self.held.values()))
    @rule(worker=WORKERS)
    def the_address_is_gone(self, worker: str) -> None:
        Deliveries.steps += 1
        if self.held[worker]:
            self._settle(worker, Outcome("gone", 410))

    @rule(worker=WORKERS)
    def a_worker_is_killed(self, worker: str) -> None:
        Deliveries.steps += 1
        self.held[worker].clear()

    @rule(seconds=st.sampled_from([1, 30, 130, 3600, 90_000]))
    def time_passes(self, seconds: int) -> None:
        Deliveries.steps += 1
        clock.now.forward(seconds=seconds)  # type: ignore[attr-defined]

    @rule(hours=st.sampled_from([1, 30, 1000]))
    def the_clock_is_set_back(self, hours: int) -> None:
        Deliveries.steps += 1
        clock.now.forward(hours=-hours)  # type: ignore[attr-defined]

    @rule(firm=FIRMS, on=st.booleans())
    def an_owner_pauses_or_resumes(self, firm: int, on: bool) -> None:
        Deliveries.steps += 1
        act = actions.resume_endpoint if on else actions.pause_endpoint
        act(self.firms[firm].uid, self.endpoints[firm].uid, actor=self.actor)
        if on and self.paused[firm]:
            for pk, one in self.model.items():
                if one["firm"] == firm and one["state"] == "pending":
                    self.model[pk]["tries"] = 0
        self.paused[firm] = not on

    @rule(firm=FIRMS, again=st.booleans())
    def an_owner_clears_dead_letters(self, firm: int, again: bool) -> None:
        Deliveries.steps += 1
        act = actions.resend if again else actions.discard
        count = act(self.firms[firm].uid, self.endpoints[firm].uid, actor=self.actor)
        dead = [
            pk for pk, one in self.model.items() if (one["firm"], one["state"]) == (firm, "dead")
        ]
        assert count == len(dead)
        for pk in dead:
            if again:
                self.model[pk] |= {"state": "pending", "tries": 0}
            else:
                del self.model[pk]

    @invariant()
    def the_tables_say_what_the_model_says(self) -> None:
        found = dict(Delivery.objects.values_list("pk", "state"))
        assert found == {pk: one["state"] for pk, one in self.model.items()}

    @invariant()
    def no_two_of_one_chain_are_under_way(self) -> None:
        leased = Delivery.objects.exclude(lease="").values_list("endpoint_id", "chain")
        assert len(leased) == len(set(leased))

    def teardown(self) -> None:
        """Whatever happened: when the other side takes everything, nothing is left or lost."""
        for firm, endpoint in enumerate(self.endpoints):
            actions.resume_endpoint(self.firms[firm].uid, endpoint.uid, actor=self.actor)
            actions.resend(self.firms[firm].uid, endpoint.uid, actor=self.actor)
        clock.now.forward(seconds=relay.LEASE.total_seconds() + 1)  # type: ignore[attr-defined]
        for _ in range(len(self.model) + 1):
            for delivery in relay.claim(4):
                assert relay.settle(delivery, Outcome("", 204))
            clock.now.forward(seconds=relay.LONGEST)  # type: ignore[attr-defined]
        assert set(Delivery.objects.values_list("state", flat=True)) <= {"delivered"}
        assert Delivery.objects.count() == len(self.model)


@pytest.mark.django_db
def test_deliveries_keep_their_promises(clock) -> None:
    user = identity.create_user(email="anna@example.org", name="Anna")
    for name in ("Nordwerk", "Tauwerk"):
        identity.create_organisation(name, actor=actor_of(user))
    start, Deliveries.steps = clock.moment, 0

    class Fresh(Deliveries):
        def __init__(self) -> None:
            clock.moment = start
            super().__init__()

    quick = settings(
        max_examples=EXAMPLES,
        stateful_step_count=STEPS,
        deadline=timedelta(seconds=30),
        suppress_health_check=list(HealthCheck),
        database=None,
        print_blob=True,
    )
    run_state_machine_as_test(Fresh, settings=quick)
    assert Deliveries.steps >= min(2000, EXAMPLES * 40)
