"""Every move of a project asks who makes it and what they have seen, and touches one project only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from apps.projects.steps import DOUBLE, MUELLER, OTHER, Play, days_later, fresh, protected, stored
from mutualist.apps.core.errors import ActionError, Conflict, NotAllowed
from mutualist.apps.programme.public import Standing
from mutualist.apps.projects import actions, queries, scopes
from mutualist.apps.projects.models import Check, Registration, Withheld
from mutualist.domain.programme.registration import State, default_rules

THIRD = replace(MUELLER, name="Kessler Optik GmbH", postal_code="10115", domain="kessler.example")
PARTNERS: dict[str, dict[str, Any]] = {
    "change": {"content": replace(MUELLER, title="Another title")},
    "submit": {},
    "delete_draft": {},
    "appeal": {"text": "We were first."},
    "ask_extension": {},
    "win": {},
    "lose": {"reason": "price"},
    "withdraw": {},
}
VENDORS: dict[str, dict[str, Any]] = {
    "take_up": {},
    "ask": {"question": "Who decides there?"},
    "approve": {},
    "reject": {"reason": "too_early"},
    "release": {"reason": "too_early"},
    "extend": {},
}


def _before(play: Play, move: str) -> Registration:
    """A project in a state in which a move is possible."""
    if move in {"change", "submit", "delete_draft"}:
        return actions.register(standing=play.clara, content=MUELLER, draft=True)
    if move in {"take_up", "ask", "approve", "reject"}:
        return actions.register(standing=play.clara, content=MUELLER)
    row = protected(play)
    if move == "appeal":
        actions.release(standing=play.anna, project=row.uid, reason="too_early")
    return fresh(play, row)


def _given(move: str) -> dict[str, Any]:
    from mutualist.apps.projects.words import LOSSES, REJECTIONS

    given = {**PARTNERS, **VENDORS}[move]
    known = {"lose": next(iter(LOSSES)), "reject": next(iter(REJECTIONS))}
    known["release"] = known["reject"]
    return {**given, "reason": known[move]} if "reason" in given else given


def _act(move: str) -> Callable[..., Any]:
    found: Callable[..., Any] = getattr(actions, move)
    return found


@pytest.mark.parametrize("move", [*PARTNERS, *VENDORS])
def test_nobody_else_makes_a_move(play: Play, move: str) -> None:
    row = _before(play, move)
    version, state = row.version, row.state
    mine = play.clara if move in PARTNERS else play.anna
    others: list[Standing] = [one for one in play.everybody if one != mine]
    # Of the right side, and without the right to write.
    for standing in (*others, replace(mine, writes=False)):
        with pytest.raises(NotAllowed):
            _act(move)(standing=standing, project=row.uid, **_given(move))
    after = fresh(play, row)
    assert (after.version, after.state) == (version, state)
    _act(move)(standing=mine, project=row.uid, **_given(move))


@pytest.mark.parametrize("move", [one for one in (*PARTNERS, *VENDORS) if one != "delete_draft"])
def test_nobody_decides_about_what_was_not_read(play: Play, move: str) -> None:
    row = _before(play, move)
    mine = play.clara if move in PARTNERS else play.anna
    with pytest.raises(Conflict) as error:
        _act(move)(standing=mine, project=row.uid, seen=row.version + 7, **_given(move))
    assert error.value.version == row.version
    assert fresh(play, row).version == row.version
    _act(move)(standing=mine, project=row.uid, seen=row.version, **_given(move))
    assert fresh(play, row).version == row.version + 1


def test_only_the_vendor_writes_rules_and_only_for_itself(play: Play) -> None:
    rules = {**default_rules().to_dict(), "period_days": 17}
    for standing in (play.clara, play.dora, play.ben, replace(play.anna, writes=False)):
        with pytest.raises(NotAllowed):
            actions.save_protection(standing=standing, rules=rules)
    actions.save_protection(standing=play.rival, rules=rules)
    assert queries.protection_of(play.anna.programme) == (default_rules(), 0)
    assert queries.protection_of(play.rival.programme)[0].period_days == 17


def test_a_submitted_project_is_locked(play: Play) -> None:
    row = actions.register(standing=play.clara, content=MUELLER)
    with pytest.raises(ActionError) as error:
        actions.change(standing=play.clara, project=row.uid, content=replace(MUELLER, title="New"))
    assert error.value.code == "project_locked"
    assert fresh(play, row).title == MUELLER.title


def test_a_draft_comes_no_earlier_than_a_registration(play: Play) -> None:
    rules = {**default_rules().to_dict(), "resubmit_after_days": 30}
    actions.save_protection(standing=play.anna, rules=rules)
    row = protected(play)
    actions.withdraw(standing=play.clara, project=row.uid)
    draft = actions.register(standing=play.clara, content=MUELLER, draft=True)
    with pytest.raises(ActionError) as error:
        actions.submit(standing=play.clara, project=draft.uid)
    assert error.value.code == "project_too_soon"
    with days_later(31):
        assert actions.submit(standing=play.clara, project=draft.uid).state == State.SUBMITTED


def test_with_a_partner_that_rests_nothing_new_begins(play: Play) -> None:
    draft = actions.register(standing=play.clara, content=MUELLER, draft=True)
    resting = replace(play.clara, state="suspended")
    for begin in (
        lambda: actions.register(standing=resting, content=OTHER),
        lambda: actions.submit(standing=resting, project=draft.uid),
    ):
        with pytest.raises(ActionError) as error:
            begin()
        assert error.value.code == "partner_rests"
    assert [row.state for row in stored(play)] == [State.DRAFT]


def _three(play: Play, *, draft: bool = False) -> list[Registration]:
    return [
        actions.register(standing=play.clara, content=content, draft=draft)
        for content in (OTHER, MUELLER, THIRD)
    ]


def _amounts(play: Play, rows: list[Registration]) -> list[Any]:
    found = [queries.project(play.clara, row.uid) for row in rows]
    return [shown.withheld and shown.withheld["amount"] for shown in found]


def test_one_of_several_is_shown_with_its_own_history(play: Play) -> None:
    rows = _three(play)
    actions.take_up(standing=play.anna, project=rows[1].uid)
    for standing in (play.clara, play.anna):
        shown = [queries.project(standing, row.uid) for row in rows]
        assert [one.row.customer for one in shown] == [row.customer for row in rows]
        assert [len(one.steps) for one in shown] == [1, 2, 1]


def test_changing_or_deleting_one_leaves_the_others(play: Play) -> None:
    rows = _three(play, draft=True)
    actions.change(standing=play.clara, project=rows[1].uid, content=replace(MUELLER, amount="777"))
    assert _amounts(play, rows) == ["125000", "777", "125000"]
    actions.delete_draft(standing=play.clara, project=rows[0].uid)
    assert _amounts(play, rows[1:]) == ["777", "125000"]
    with scopes.own(play.clara):
        assert Withheld.objects.count() == 2


def test_a_ruling_is_about_one_project(play: Play) -> None:
    actions.register(standing=play.clara, content=MUELLER)
    second, other = (actions.register(standing=play.dora, content=one) for one in (DOUBLE, THIRD))
    actions.approve(standing=play.anna, project=second.uid, ruling="distinct", note="Two plants.")
    with scopes.own(play.anna):
        ruled = {one.registration_id: (one.ruling, one.note) for one in Check.objects.all()}
    assert ruled[second.pk] == ("distinct", "Two plants.")
    assert ruled[other.pk] == ("", "")


def test_lists_are_cut_down_to_partner_and_words(play: Play) -> None:
    _three(play)
    actions.register(standing=play.dora, content=DOUBLE)

    def names(standing: Standing, **wanted: Any) -> set[tuple[str, str]]:
        return {(one.partner, one.row.customer) for one in queries.lines(standing, **wanted)[0]}

    assert names(play.anna, relation=play.grauwerk.pk) == {("Grauwerk GmbH", DOUBLE.name)}
    assert {name for _partner, name in names(play.anna, search="wärme")} == {OTHER.name}
    assert {name for _partner, name in names(play.clara, search="kessler.example")} == {THIRD.name}
    assert names(play.rival) == names(play.abroad) == set()
    assert len(names(play.clara)) == 3
    assert queries.counts(play.clara)["waiting"] == 3
    assert queries.counts(play.dora)["waiting"] == 1
    assert queries.counts(play.anna)["waiting"] == 4


def test_what_is_registered_elsewhere_is_no_conflict(play: Play) -> None:
    first = actions.register(standing=play.abroad, content=MUELLER)
    second = actions.register(standing=play.clara, content=MUELLER)
    assert first.claim is not None
    assert second.claim is not None
    assert {row.pk for row in stored(play)} == {first.pk, second.pk}
