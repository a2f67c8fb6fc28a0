"""Two registrations of one customer at the same instant: exactly one is protected."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection

from apps.projects.steps import DOUBLE, DOUBTFUL, MUELLER, Play, fresh, make_play, stored
from apps.rooms.test_races import at_once
from mutualist.apps.core.audit import verify
from mutualist.apps.core.errors import ActionError
from mutualist.apps.core.isolation import current_scope
from mutualist.apps.core.models import AuditEntry, AuditPersonal
from mutualist.apps.projects import actions
from mutualist.apps.projects.models import Check, Registration, Step, Withheld

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_two_at_the_same_instant_one_is_ahead() -> None:
    play = make_play()
    for number, name in enumerate(
        ("Ahorn Pumpen", "Birke Metall", "Distel Optik", "Erle Papier", "Fichte Glas")
    ):
        one = replace(
            MUELLER,
            name=f"{name} GmbH",
            postal_code=f"7{number}173",
            domain=f"{name.split()[0]}.example",
        )
        # The same firm, written with a slip: no column that a claim is made of is equal.
        other = replace(one, name=f"{name}e GmbH", vat="DE136695976" if number == 4 else "")
        found = at_once(
            lambda one=one: actions.register(standing=play.clara, content=one),
            lambda other=other: actions.register(standing=play.dora, content=other),
        )
        assert [type(row).__name__ for row in found] == ["Registration", "Registration"]
        assert sum(row.claim is not None for row in found) == 1, number


def test_of_four_by_two_partners_each_keeps_one_and_one_is_ahead() -> None:
    play = make_play()
    found = at_once(
        *(
            lambda who=who, content=content: actions.register(standing=who, content=content)
            for who in (play.clara, play.dora)
            for content in (MUELLER, DOUBLE)
        )
    )
    rows = [row for row in found if not isinstance(row, Exception)]
    refused = [error.code for error in found if isinstance(error, ActionError)]
    assert sum(row.claim is not None for row in stored(play)) == 1
    assert set(refused) <= {"project_registered"}
    assert len(rows) + len(refused) == 4


def test_two_decisions_at_the_same_instant_protect_one() -> None:
    play = make_play()
    first = actions.register(standing=play.clara, content=MUELLER)
    second = actions.register(standing=play.dora, content=DOUBLE)
    actions.withdraw(standing=play.clara, project=first.uid)
    third = actions.register(standing=play.clara, content=MUELLER)
    found = at_once(
        lambda: actions.approve(standing=play.anna, project=second.uid),
        lambda: actions.approve(standing=play.anna, project=third.uid),
    )
    held = [
        row
        for row in (fresh(play, second), fresh(play, third))
        if row.claim and row.protected_until
    ]
    assert len(held) == 1
    assert (
        sum(isinstance(one, ActionError) and one.code == "project_conflict" for one in found) == 1
    )


def test_two_answers_at_the_same_instant_are_one() -> None:
    play = make_play()
    row = actions.register(standing=play.clara, content=DOUBTFUL)
    found = at_once(
        lambda: actions.approve(standing=play.anna, project=row.uid, seen=1),
        lambda: actions.reject(standing=play.anna, project=row.uid, reason="too_early", seen=1),
        lambda: actions.withdraw(standing=play.clara, project=row.uid, seen=1),
    )
    assert sum(not isinstance(one, Exception) for one in found) == 1
    assert fresh(play, row).version == 2


class Cut(Exception):
    """The connection is gone."""


def _cut_at(number: int) -> Callable[..., Any]:
    """Let so many statements run, then none."""
    left = [number]

    def run(execute: Any, sql: str, *rest: Any) -> Any:
        if not left[0]:
            raise Cut
        left[0] -= 1
        return execute(sql, *rest)

    return run


def _there(play: Play) -> list[int]:
    rows = [len(stored(play, model)) for model in (Registration, Withheld, Check, Step)]
    return [*rows, AuditEntry.objects.count(), AuditPersonal.objects.count()]


def test_wherever_a_registration_is_cut_off_nothing_of_it_stays() -> None:
    play = make_play()
    actions.register(standing=play.dora, content=DOUBTFUL)
    before = _there(play)
    for number in range(40):
        try:
            with connection.execute_wrapper(_cut_at(number)):
                made = actions.register(standing=play.clara, content=MUELLER)
        except Cut:
            assert _there(play) == before, number
            assert current_scope() is None
            continue
        break
    assert number > 8, "each statement was cut off once"
    assert made.pk in {row.pk for row in stored(play)}
    assert [now - then for now, then in zip(_there(play), before, strict=True)] == [1] * 6
    assert list(verify(play.clara.chain)) == []
