"""Protection is dated by rules that are data; states follow each other as written, and in no other way."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mutualist.domain.programme.registration import (
    HOLDING,
    LIMITS,
    MOVES,
    OVER,
    PROTECTED,
    RegistrationError,
    State,
    default_rules,
    expired,
    moved,
    moves,
    read_rules,
)

RULES = default_rules()


def test_a_project_is_protected_for_ninety_days_unless_the_vendor_says_otherwise() -> None:
    until = RULES.protected_until(date(2026, 11, 23))

    assert until == date(2027, 2, 21)
    assert RULES.extended_until(until) == date(2027, 5, 22)
    assert RULES.ask_on(until) == date(2027, 2, 7)
    assert not expired(until, until)
    assert expired(until, date(2027, 2, 22))


def test_the_vendor_answers_within_48_hours_and_is_reminded_after_24() -> None:
    moment = datetime(2026, 11, 23, 9, tzinfo=UTC)

    assert RULES.answer_by(moment) == datetime(2026, 11, 25, 9, tzinfo=UTC)
    assert RULES.remind_at(moment) == datetime(2026, 11, 24, 9, tzinfo=UTC)
    assert RULES.appeal_until(moment.date()) == date(2026, 12, 7)
    assert RULES.anew_from(moment.date()) == moment.date()


def test_rules_come_back_from_what_they_were_written_as() -> None:
    assert read_rules(RULES.to_dict()) == RULES


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"period_days": 0}, {"period_days"}),
        ({"period_days": True}, {"period_days"}),
        ({"period_days": "90"}, {"period_days"}),
        ({"second_share": 101, "extensions": -1}, {"second_share", "extensions"}),
        ({"remind_hours": 49}, {"remind_hours"}),
        ({"version": " "}, {"version"}),
        ({"customer_decides": 1}, {"customer_decides"}),
        ({"colour": "red"}, {"colour"}),
        ({"schema": "protection/2"}, {"schema"}),
    ],
)
def test_a_mistake_in_rules_is_told_with_its_place(
    changes: dict[str, Any], where: set[str]
) -> None:
    with pytest.raises(RegistrationError) as error:
        read_rules({**RULES.to_dict(), **changes})

    assert {fault.where for fault in error.value.faults} == where


def test_rules_that_are_no_mapping_are_refused() -> None:
    with pytest.raises(RegistrationError):
        read_rules(["period_days"])


@given(st.fixed_dictionaries({name: st.integers(*limits) for name, limits in LIMITS.items()}))
def test_figures_within_their_limits_are_taken(figures: dict[str, int]) -> None:
    figures["remind_hours"] = min(figures["remind_hours"], figures["answer_hours"])
    found = read_rules({"version": "x", **figures})

    assert {name: getattr(found, name) for name in figures} == figures


def test_states_follow_each_other_as_written() -> None:
    state = State.DRAFT
    for name, side in (
        *(("submit", "partner"), ("ask", "vendor"), ("submit", "partner"), ("take_up", "vendor")),
        *(("reject", "vendor"), ("appeal", "partner"), ("approve", "vendor"), ("extend", "vendor")),
        ("win", "partner"),
    ):
        state = moved(state, name, side)  # type: ignore[arg-type]

    assert state is State.WON


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("name", [*MOVES, "unknown"])
@pytest.mark.parametrize("side", ["partner", "vendor", "clock"])
def test_a_move_is_open_to_one_side_only(state: State, name: str, side: Any) -> None:
    if name in moves(state, side):
        assert moved(state, name, side) is MOVES[name].target
    else:
        with pytest.raises(RegistrationError):
            moved(state, name, side)


def test_nothing_follows_the_end_and_only_the_vendor_protects() -> None:
    assert all(not moves(state, side) for state in OVER for side in ("partner", "vendor", "clock"))
    assert {MOVES[name].side for name in MOVES if MOVES[name].target in PROTECTED} == {"vendor"}
    assert PROTECTED < HOLDING
    assert HOLDING.isdisjoint(OVER)
