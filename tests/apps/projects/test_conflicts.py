"""Who was first with a customer, and what everybody learns of it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection, transaction

from apps.projects.steps import (
    DOUBLE,
    DOUBTFUL,
    MUELLER,
    OTHER,
    Play,
    fresh,
    make_play,
    protected,
    stored,
)
from mutualist.apps.core.errors import ActionError, NotAllowed
from mutualist.apps.core.models import OutboxMail
from mutualist.apps.projects import actions, queries
from mutualist.apps.projects.content import Content
from mutualist.apps.projects.models import Check, Step, Withheld
from mutualist.domain.programme.registration import State


def test_the_first_is_ahead_and_the_second_gets_the_same_answer(play: Play) -> None:
    first = actions.register(standing=play.clara, content=MUELLER)
    second = actions.register(standing=play.dora, content=DOUBLE)

    assert first.claim
    assert second.claim is None
    assert (first.state, second.state) == (State.SUBMITTED, State.SUBMITTED)
    shown = [queries.project(play.clara, first.uid), queries.project(play.dora, second.uid)]
    assert shown[0].may == shown[1].may
    assert [one.check for one in shown] == [None, None]
    assert [len(one.steps) for one in shown] == [1, 1]
    assert [line.conflict for line in queries.lines(play.dora)[0]] == [""]


def test_the_vendor_sees_the_conflict_with_every_point(play: Play) -> None:
    first = actions.register(standing=play.clara, content=MUELLER)
    second = actions.register(standing=play.dora, content=DOUBLE)

    (hit,) = queries.met(play.anna, queries.project(play.anna, second.uid).check)
    assert hit.row == first
    assert (hit.partner, hit.decision) == ("Tauwerk Sensorik GmbH", "same")
    assert hit.points == sum(reason["points"] for reason in hit.reasons)
    assert [line.conflict for line in queries.lines(play.anna)[0]] == ["same", ""]
    with pytest.raises(NotAllowed):
        queries.met(play.dora, None)


def _asked(play: Play, content: Content) -> list[str]:
    """Register for Dora, and return the texts of all statements that run, without their values."""
    texts: list[str] = []

    def note(execute: Any, sql: str, *rest: Any) -> Any:
        # Savepoints are counted; their numbers say nothing.
        texts.append(re.sub(r'"s\d+_x\d+"', "", sql))
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        actions.register(standing=play.dora, content=content)
    return texts


@pytest.mark.parametrize(
    "content", [MUELLER, replace(DOUBLE, vat="DE136695976"), DOUBTFUL, replace(DOUBLE, domain="")]
)
@pytest.mark.django_db
def test_whether_something_is_met_changes_no_statement(content: Content) -> None:
    """The database does the same work for a rival: what runs depends on what is written, not on what is known."""
    texts = []
    for others in ((), (OTHER,), (MUELLER,), (MUELLER, DOUBTFUL)):
        with transaction.atomic():
            play = make_play()
            for other in others:
                actions.register(standing=play.clara, content=other)
            _asked(play, replace(OTHER, name="Weber Bau AG", domain=""))
            texts.append(_asked(play, content))
            transaction.set_rollback(True)
    assert texts[1:] == texts[:1] * 3


def test_common_names_change_no_statement(play: Play) -> None:
    """A name of many firms is looked for by the same statement as a seldom one of its length."""
    _asked(play, replace(OTHER, name="Weber Bau AG", domain=""))
    seldom = _asked(
        play, replace(MUELLER, name="Huberts Maschinenbau GmbH", domain="", postal_code="10115")
    )
    for number in range(25):
        other = replace(
            MUELLER,
            name="Kurzweil Maschinenbau GmbH",
            domain="",
            postal_code=f"{number + 20}115",
            title="x",
        )
        actions.register(standing=play.clara, content=other)
    common = _asked(
        play, replace(MUELLER, name="Kurzweil Maschinenbau GmbH", domain="", postal_code="10115")
    )
    assert common == seldom


def test_a_partner_hears_of_its_own_double(play: Play) -> None:
    mine = actions.register(standing=play.clara, content=MUELLER)
    with pytest.raises(ActionError) as error:
        actions.register(standing=play.clara, content=DOUBLE)

    assert error.value.code == "project_registered"
    assert mine.reference in error.value.message
    assert len(stored(play)) == 1


def test_nobody_is_accepted_over_a_conflict_without_a_word(play: Play) -> None:
    protected(play)
    second = actions.register(standing=play.dora, content=DOUBLE)
    with pytest.raises(ActionError) as error:
        actions.approve(standing=play.anna, project=second.uid)

    assert error.value.code == "project_conflict"
    assert fresh(play, second).state == State.SUBMITTED


def test_a_second_registrant_may_get_its_part(play: Play) -> None:
    first = protected(play)
    second = actions.register(standing=play.dora, content=DOUBLE)
    actions.approve(standing=play.anna, project=second.uid, ruling="second")

    assert (fresh(play, second).share, fresh(play, second).claim) == (50, None)
    assert (fresh(play, first).share, bool(fresh(play, first).claim)) == (100, True)


def test_the_customer_may_decide_in_writing(play: Play) -> None:
    first = protected(play)
    second = actions.register(standing=play.dora, content=DOUBLE)
    with pytest.raises(ActionError) as error:
        actions.approve(standing=play.anna, project=second.uid, ruling="customer")
    assert error.value.code == "project_note_missing"
    actions.approve(
        standing=play.anna, project=second.uid, ruling="customer", note="Mail of 2 March"
    )

    ended, won = fresh(play, first), fresh(play, second)
    assert (ended.state, ended.claim, ended.reason) == (State.RELEASED, None, "customer_decided")
    assert (won.state, won.share) == (State.APPROVED, 100)
    assert won.claim


def test_two_firms_of_one_name_are_told_apart_by_the_vendor(play: Play) -> None:
    first = protected(play, content=replace(MUELLER, domain=""))
    second = actions.register(standing=play.dora, content=DOUBLE)
    actions.approve(standing=play.anna, project=second.uid, ruling="distinct")

    claims = {fresh(play, first).claim, fresh(play, second).claim}
    assert None not in claims
    assert len(claims) == 2


def test_a_doubt_leaves_both_ahead_until_somebody_decides(play: Play) -> None:
    protected(play)
    second = actions.register(standing=play.dora, content=DOUBTFUL)

    assert second.claim
    assert [line.conflict for line in queries.lines(play.anna)[0]] == ["maybe", ""]
    with pytest.raises(ActionError):
        actions.approve(standing=play.anna, project=second.uid)


def test_when_the_first_goes_the_second_may_be_protected(play: Play) -> None:
    first = protected(play)
    second = actions.register(standing=play.dora, content=DOUBLE)
    actions.withdraw(standing=play.clara, project=first.uid)
    actions.approve(standing=play.anna, project=second.uid)

    assert fresh(play, second).claim
    assert fresh(play, second).share == 100


def test_another_programme_knows_nothing_of_this_one(play: Play) -> None:
    protected(play)
    abroad = actions.register(standing=play.abroad, content=DOUBLE)

    assert abroad.claim
    assert [check.hits for check in stored(play, Check)] == [[], []]


def test_a_refusal_does_not_say_that_another_partner_was_first(play: Play) -> None:
    protected(play)
    second = actions.register(standing=play.dora, content=DOUBLE)
    third = actions.register(standing=play.dora, content=OTHER)
    OutboxMail.objects.all().delete()
    actions.reject(standing=play.anna, project=second.uid, reason="duplicate")
    actions.reject(standing=play.anna, project=third.uid, reason="direct_sales_active")

    texts = [
        mail.text.replace("MUELLER CHEMIE Gesellschaft mit beschränkter Haftung", "X").replace(
            "Schmidt Wärme AG", "X"
        )
        for mail in OutboxMail.objects.order_by("pk")
    ]
    stripped = {" ".join(word for word in text.split() if "/p/" not in word) for text in texts}
    assert len(texts) == 2
    assert len(stripped) == 1
    assert "registered by another" not in texts[0]


def test_names_and_amounts_are_withheld_until_acceptance(play: Play) -> None:
    row = actions.register(standing=play.clara, content=MUELLER)

    assert queries.project(play.anna, row.uid).withheld is None
    assert queries.project(play.clara, row.uid).withheld["person"] == "Petra Geheim"
    actions.approve(standing=play.anna, project=row.uid)
    assert queries.project(play.anna, row.uid).withheld["amount"] == "125000"
    assert all(b"Geheim" not in bytes(one.ciphertext) for one in stored(play, Withheld))


def test_every_step_is_kept_with_its_time(play: Play) -> None:
    row = protected(play)
    actions.win(standing=play.clara, project=row.uid)

    assert [(step.move, step.side) for step in stored(play, Step)] == [
        ("submit", "partner"),
        ("approve", "vendor"),
        ("win", "partner"),
    ]
