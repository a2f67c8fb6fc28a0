"""The life of projects: every random order of moves keeps one protected registration a customer; the clock."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from django.utils.timezone import get_default_timezone as zone
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from apps.projects.steps import (
    DOUBLE,
    DOUBTFUL,
    MUELLER,
    OTHER,
    Play,
    days_later,
    fresh,
    make_play,
    protected,
    stored,
)
from apps.rooms.cast import make_cast
from mutualist.apps.core.clock import stopped_at, today
from mutualist.apps.core.errors import ActionError, NotAllowed
from mutualist.apps.core.models import OutboxMail
from mutualist.apps.projects import actions, queries
from mutualist.apps.projects.models import Step
from mutualist.domain.programme.registration import HOLDING, PROTECTED, State, compare, moved

CONTENTS = (MUELLER, DOUBLE, DOUBTFUL, OTHER)
VENDOR = ("take_up", "ask", "approve", "reject", "extend", "release")
PARTNER = ("submit", "appeal", "win", "lose", "withdraw", "ask_extension")
WORDS: dict[str, dict[str, Any]] = {
    "ask": {"question": "When?"},
    "reject": {"reason": "too_early"},
    "release": {"reason": "outside_territory"},
    "appeal": {"text": "We were first."},
    "lose": {"reason": "price"},
}


class Lives(RuleBasedStateMachine):
    """Partners register, vendors decide, in whatever order."""

    play: Play

    def __init__(self, play: Play) -> None:
        super().__init__()
        self.play = play
        self.rows: list[Any] = []

    @rule(
        who=st.sampled_from(["clara", "dora", "abroad"]),
        content=st.sampled_from(CONTENTS),
        draft=st.booleans(),
    )
    def register(self, who: str, content: Any, draft: bool) -> None:
        made = None
        with suppress(ActionError):
            made = actions.register(standing=getattr(self.play, who), content=content, draft=draft)
        if made is None:
            mine = [row for name, row in self.rows if name == who]
            assert any(fresh(self.play, row).claim for row in mine), "refused without an own double"
        else:
            self.rows.append((who, made))

    @rule(
        data=st.data(),
        move=st.sampled_from(VENDOR),
        ruling=st.sampled_from(["", "", "distinct", "second", "customer"]),
    )
    def decide(self, data: Any, move: str, ruling: str) -> None:
        if not self.rows:
            return
        who, row = data.draw(st.sampled_from(self.rows))
        words = dict(WORDS.get(move, {}))
        if move == "approve":
            words = {"ruling": ruling, "note": "Mail of 2 March"}
        here = self.play.rival if who == "abroad" else self.play.anna
        self._try(
            row,
            move,
            "vendor",
            lambda: getattr(actions, move)(standing=here, project=row.uid, **words),
        )

    @rule(data=st.data(), move=st.sampled_from(PARTNER))
    def follow(self, data: Any, move: str) -> None:
        if not self.rows:
            return
        who, row = data.draw(st.sampled_from(self.rows))
        here = getattr(self.play, who)
        words = WORDS.get(move, {})
        self._try(
            row,
            move,
            "partner",
            lambda: getattr(actions, move)(standing=here, project=row.uid, **words),
        )

    def _try(self, row: Any, move: str, side: Any, act: Any) -> None:
        before = fresh(self.play, row)
        try:
            act()
        except (ActionError, NotAllowed):
            after = fresh(self.play, row)
            assert (after.state, after.version) == (before.state, before.version), (
                "nothing is half stored"
            )
            return
        if move != "ask_extension":
            assert fresh(self.play, row).state == moved(State(before.state), move, side)

    @invariant()
    def one_is_ahead(self) -> None:
        rows = stored(self.play)
        for at, one in enumerate(rows):
            assert (one.claim is None) or one.state in HOLDING
            for other in rows[at + 1 :]:
                both = one.programme_id == other.programme_id and one.claim and other.claim
                if both and compare(one.who, other.who).decision == "same":
                    assert "#" in f"{one.claim}{other.claim}", (
                        "told apart by the vendor, or not at all"
                    )
            if one.state in PROTECTED:
                assert one.protected_until
                assert one.disclosed_at
                assert one.claim or one.share < 100
        assert len(stored(self.play, Step)) >= sum(one.submitted_at is not None for one in rows)


def test_every_order_of_moves_protects_one(db: None) -> None:
    cast = make_cast()
    run_state_machine_as_test(
        # Each example has programmes of its own, of the same people.
        lambda: Lives(make_play(cast)),
        settings=settings(max_examples=12, stateful_step_count=14, deadline=None),
    )


def test_a_protection_runs_out_on_the_day_after_its_last(play: Play) -> None:
    row = protected(play)
    OutboxMail.objects.all().delete()
    with days_later(90):
        assert actions.expire_due() == 0
    with days_later(91):
        assert actions.expire_due() == 1
        assert actions.expire_due() == 0
    gone = fresh(play, row)
    assert (gone.state, gone.claim) == (State.EXPIRED, None)
    assert [mail.to for mail in OutboxMail.objects.all()] == ["clara@example.org"]
    again = actions.register(standing=play.dora, content=DOUBLE)
    assert again.claim, "the customer is free again"


def test_partners_are_asked_before_the_end_and_may_have_more_time(play: Play) -> None:
    row = protected(play)
    OutboxMail.objects.all().delete()
    with days_later(75):
        assert actions.ask_how_it_stands() == 0
    with days_later(77):
        assert (actions.ask_how_it_stands(), actions.ask_how_it_stands()) == (1, 0)
        (mail,) = OutboxMail.objects.all()
        assert "how does it stand" in mail.subject
        actions.ask_extension(
            standing=play.clara, project=row.uid, note="The board meets in March."
        )
        assert not queries.project(play.clara, row.uid).may_ask_extension
        actions.extend(standing=play.anna, project=row.uid)
    longer = fresh(play, row)
    assert (longer.protected_until - row.protected_until).days == 90
    with days_later(100), pytest.raises(ActionError) as error:
        actions.extend(standing=play.anna, project=row.uid)
    assert error.value.code == "project_extensions"
    with days_later(100):
        assert actions.expire_due() == 0


def test_vendors_hear_of_what_is_new_and_again_of_what_is_late(play: Play) -> None:
    actions.register(standing=play.clara, content=MUELLER)
    actions.register(standing=play.dora, content=OTHER)
    OutboxMail.objects.all().delete()
    assert (actions.tell_vendors(), actions.tell_vendors()) == (2, 0)
    assert [mail.to for mail in OutboxMail.objects.all()] == ["anna@example.org"], (
        "one mail, no readers"
    )
    with days_later(1.01):
        assert (actions.tell_vendors(), actions.tell_vendors()) == (2, 0)
    mail = OutboxMail.objects.order_by("pk").last()
    assert "Waiting for long" in mail.text
    assert "Müller Chemie GmbH" in mail.text
    assert f"/programmes/{play.anna.programme_uid}/projects/" in mail.text


def test_a_question_opens_the_project_and_runs_out(play: Play) -> None:
    row = actions.register(standing=play.clara, content=MUELLER)
    actions.ask(standing=play.anna, project=row.uid, question="Which pumps?")
    actions.change(
        standing=play.clara, project=row.uid, content=replace(MUELLER, need="Forty of type X.")
    )
    with pytest.raises(ActionError) as error:
        actions.change(standing=play.clara, project=row.uid, content=OTHER)
    assert error.value.code == "project_customer"
    actions.submit(standing=play.clara, project=row.uid)
    assert fresh(play, row).state == State.SUBMITTED
    assert fresh(play, row).claim, "still ahead"
    actions.ask(standing=play.anna, project=row.uid, question="And when?")
    with days_later(15):
        assert actions.expire_due() == 1


def test_objections_have_their_time(play: Play) -> None:
    row = actions.register(standing=play.clara, content=MUELLER)
    actions.reject(standing=play.anna, project=row.uid, reason="too_early")
    with days_later(15):
        assert "appeal" not in queries.project(play.clara, row.uid).may
        with pytest.raises(ActionError) as error:
            actions.appeal(standing=play.clara, project=row.uid, text="We were first.")
        assert error.value.code == "project_appeal_late"
    actions.appeal(standing=play.clara, project=row.uid, text="We were first.")
    actions.approve(standing=play.anna, project=row.uid)
    assert fresh(play, row).state == State.APPROVED


def test_objections_have_their_time_from_the_local_day_of_a_decision(play: Play) -> None:
    row = actions.register(standing=play.clara, content=MUELLER)
    after_midnight = datetime.combine(today() + timedelta(days=1), time(0, 30), zone())
    with stopped_at(after_midnight.astimezone(UTC)):
        actions.reject(standing=play.anna, project=row.uid, reason="too_early")
        shown = queries.project(play.clara, row.uid)
        assert shown.appeal_until == shown.rules.appeal_until(after_midnight.date())
        late = after_midnight + timedelta(days=shown.rules.appeal_days)
    with stopped_at(late.astimezone(UTC)):
        actions.appeal(standing=play.clara, project=row.uid, text="We were first.")


def test_a_customer_comes_again_at_the_earliest_when_the_rules_say(play: Play) -> None:
    rules = {
        **queries.protection_of(play.anna.programme)[0].to_dict(),
        "version": "2",
        "resubmit_after_days": 30,
    }
    actions.save_protection(standing=play.anna, rules=rules)
    row = actions.register(standing=play.clara, content=MUELLER)
    actions.withdraw(standing=play.clara, project=row.uid)
    with pytest.raises(ActionError) as error:
        actions.register(standing=play.clara, content=DOUBLE)
    assert error.value.code == "project_too_soon"
    assert actions.register(standing=play.dora, content=DOUBLE).claim, (
        "the rule is for the same partner"
    )
    with days_later(30):
        assert actions.register(standing=play.clara, content=DOUBLE)
