"""Levels over time: promotion, review, grace, windows, granted time, promises kept, frozen years."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from mutualist.domain.programme.presets import preset_rules
from mutualist.domain.programme.rules.model import Status
from mutualist.domain.programme.rules.windows import Span
from mutualist.domain.programme.status.course import Course, course
from mutualist.domain.programme.status.model import Attained, Held, held_on
from mutualist.domain.programme.status.rhythm import any_day_window, is_due, next_due, next_review

D = dt.date
LEVELS = ["bronze", "silver", "gold"]
START, END = D(2026, 1, 1), D(2027, 12, 31)
SHORT = D(2027, 3, 31)


def at(*changes, until=END, start=START, **rules):
    """(day, level, why) of each change of what is held."""
    extra = {key: rules.pop(key) for key in ("fiscal_start", "enrolled") if key in rules}
    attained = [Attained(*one) for one in changes]
    found = course(Status(**rules), LEVELS, attained, start, until, **extra)
    return [(one.day, one.level, one.why) for one in found[1:]]


def test_window_of_the_published_example():
    assert any_day_window(D(2024, 8, 15), 6) == (D(2024, 3, 1), D(2024, 8, 15))


def test_one_qualified_day_counts_until_its_month_leaves_the_window():
    qualified = [(D(2026, 3, 31), "gold"), (D(2026, 4, 1), None)]
    found = at(*qualified, any_day_in=6, fall="at once", rise="at once")
    assert found == [(D(2026, 3, 31), "gold", "risen"), (D(2026, 9, 1), None, "fallen")]


def test_promotion_at_once_and_demotion_at_review_only():
    found = at(
        (D(2026, 2, 10), "silver"),
        (D(2026, 2, 20), "gold"),
        (D(2026, 3, 1), "bronze"),
        review_months=(1, 7),
    )
    assert found == [
        (D(2026, 2, 10), "silver", "risen"),
        (D(2026, 2, 20), "gold", "risen"),
        (D(2026, 7, 1), "bronze", "fallen"),
    ]


def test_what_was_lost_and_found_again_before_the_review_is_never_lost():
    changes = [(D(2026, 2, 1), "gold"), (D(2026, 3, 1), None), (D(2026, 6, 30), "gold")]
    assert at(*changes, review_months=(7,)) == [(D(2026, 2, 1), "gold", "risen")]


def test_monthly_promotion_waits_for_the_first_of_the_month():
    changes = [(D(2026, 2, 2), "silver"), (D(2026, 5, 20), "gold"), (D(2026, 5, 25), "silver")]
    found = at(*changes, rise="monthly", review_months=(1, 7))
    assert found == [(D(2026, 3, 1), "silver", "risen")]


def test_quarters_and_years_follow_the_fiscal_year():
    rise = {"rise": "quarterly", "fiscal_start": 2}
    assert at((D(2026, 2, 2), "silver"), **rise) == [(D(2026, 5, 1), "silver", "risen")]
    rise = {"rise": "yearly", "fiscal_start": 2}
    assert at((D(2026, 2, 2), "silver"), **rise) == [(D(2027, 2, 1), "silver", "risen")]


def test_grace_is_made_good_or_runs_out():
    rules = {"fall": "at review", "review_months": (7,), "grace": Span(60, "days")}
    falls = [(D(2026, 2, 1), "gold"), (D(2026, 6, 1), "bronze")]
    good = at(*falls, (D(2026, 8, 29), "gold"), **rules, until=D(2026, 12, 31))
    assert good[1:] == [(D(2026, 7, 1), "gold", "grace"), (D(2026, 8, 29), "gold", "made_good")]
    late = at(*falls, (D(2026, 8, 30), "silver"), **rules, until=D(2026, 12, 31))
    assert late[1:] == [(D(2026, 7, 1), "gold", "grace"), (D(2026, 8, 30), "silver", "grace_over")]


def test_held_for_thirteen_months_and_renewed_around_the_anniversary():
    rules = {
        "held": Span(13, "months"),
        "renewal_before": Span(60, "days"),
        "renewal_after": Span(30, "days"),
        "start": D(2024, 8, 1),
        "until": D(2027, 1, 31),
    }
    bought, lost = (D(2024, 8, 15), "gold"), (D(2024, 10, 1), None)
    assert at(bought, lost, **rules) == [
        (D(2024, 8, 15), "gold", "risen"),
        (D(2025, 9, 15), None, "term_over"),
    ]
    early = at(bought, lost, (D(2025, 6, 15), "gold"), (D(2025, 6, 16), None), **rules)
    assert early[1:] == [(D(2025, 9, 15), None, "term_over")]  # a day before the window opens
    inside = at(bought, lost, (D(2025, 6, 16), "gold"), (D(2025, 6, 17), None), **rules)
    assert inside[1:] == [(D(2025, 6, 16), "gold", "renewed"), (D(2026, 9, 15), None, "term_over")]
    last = at(bought, lost, (D(2025, 9, 14), "gold"), (D(2025, 9, 15), None), **rules)
    assert last[1] == (D(2025, 9, 14), "gold", "renewed")


def test_a_level_that_is_bought_counts_from_the_purchase():
    rules = {"held": Span(13, "months"), "any_day_in": 6, "until": D(2027, 6, 30)}
    qualified = [(D(2026, 2, 1), "gold"), (D(2026, 2, 2), None)]
    assert at(*qualified, enrolled=[], **rules) == []
    bought = at(*qualified, enrolled=[D(2026, 7, 31)], **rules)
    assert bought == [(D(2026, 7, 31), "gold", "risen")]
    assert at(*qualified, enrolled=[D(2026, 8, 1)], **rules) == []  # the window has moved on


def test_rising_while_it_is_held_begins_the_time_anew():
    rules = {"held": Span(6, "months"), "until": D(2026, 12, 31)}
    found = at((D(2026, 1, 10), "silver"), (D(2026, 3, 1), "gold"), (D(2026, 4, 1), None), **rules)
    assert found[1:] == [(D(2026, 3, 1), "gold", "risen"), (D(2026, 9, 1), None, "term_over")]


def test_grace_after_granted_time():
    rules = {"held": Span(6, "months"), "grace": Span(1, "months"), "until": D(2026, 12, 31)}
    found = at((D(2026, 1, 10), "silver"), (D(2026, 4, 1), None), **rules)
    assert found[1:] == [(D(2026, 7, 10), "silver", "grace"), (D(2026, 8, 10), None, "grace_over")]
    good = at((D(2026, 1, 10), "silver"), (D(2026, 4, 1), None), (D(2026, 8, 1), "silver"), **rules)
    assert good[2] == (D(2026, 8, 1), "silver", "made_good")


def test_earlier_promises_keep_what_is_held_until_they_end():
    changes = [(D(2026, 2, 1), "gold"), (D(2026, 3, 1), "bronze", True), (D(2026, 9, 1), "bronze")]
    assert at(*changes, fall="at once", rise="at once") == [
        (D(2026, 2, 1), "gold", "risen"),
        (D(2026, 3, 1), "gold", "kept"),
        (D(2026, 9, 1), "bronze", "fallen"),
    ]


def test_what_is_kept_already_is_not_kept_anew():
    # As read from a data base: a name that is equal and not the same object.
    stored = Held(D(2026, 3, 1), "gold", b"bronze".decode(), "kept")
    promised = [Attained(D(2026, 2, 1), "bronze", grandfathered=True)]
    found = course(Status(fall="at once", rise="at once"), LEVELS, promised, stored, END)
    assert found == [stored]


def test_a_promise_ends_days_of_grace():
    changes = [(D(2026, 2, 1), "gold"), (D(2026, 3, 1), None), (D(2026, 3, 10), None, True)]
    found = at(*changes, fall="at once", grace=Span(30, "days"))
    assert found[1:] == [(D(2026, 3, 1), "gold", "grace"), (D(2026, 3, 10), "gold", "kept")]


def test_frozen_for_the_programmes_year():
    changes = [(D(2026, 3, 5), "silver"), (D(2026, 4, 1), "gold"), (D(2026, 12, 1), "bronze")]
    assert at(*changes, frozen=True, fiscal_start=7) == [
        (D(2026, 3, 5), "silver", "risen"),
        (D(2026, 7, 1), "gold", "risen"),
        (D(2027, 7, 1), "bronze", "fallen"),
    ]


def test_a_review_in_february_is_found_from_any_day():
    status = Status(review_months=(2,), review_day=28)
    assert next_review(D(2026, 2, 28), status) == D(2027, 2, 28)
    assert next_review(D(2026, 2, 27), status) == D(2026, 2, 28)


def test_what_was_held_before_goes_on():
    start = Held(D(2026, 5, 1), "gold", "gold", "start")
    found = course(Status(review_months=(7,)), LEVELS, [], start, END)
    assert [(one.day, one.level) for one in found] == [
        (D(2026, 5, 1), "gold"),
        (D(2026, 7, 1), None),
    ]
    assert held_on(found, D(2026, 6, 30)) == start
    assert held_on(found, D(2026, 4, 30)) is None


@pytest.mark.parametrize("language", ["de", "en"])
def test_every_reason_is_a_sentence(language):
    whys = ["start", "risen", "grace", "made_good", "fallen"]
    whys += ["grace_over", "term_over", "renewed", "kept"]
    for why in whys:
        one = Held(D(2026, 7, 1), "gold", None, why, grace_until=D(2026, 8, 30))
        said = one.message(language, {"gold": "Gold"})
        assert said.endswith(".")
        assert "{" not in said
    said = Held(D(2026, 7, 1), "gold", None, "grace", grace_until=D(2026, 8, 30)).message(
        language, {"gold": "Gold"}
    )
    assert (
        said
        == {
            "de": "Verdient ist keine Stufe. Gold bleibt, wenn es vor dem 30.08.2026 wieder erreicht wird.",
            "en": "What is earned: no level. Gold stays if it is reached again before 2026-08-30.",
        }[language]
    )


def test_the_published_window_of_modern_work():
    status = preset_rules("modern-work", "2026-07").status
    assert (status.any_day_in, status.held) == (6, Span(13, "months"))
    attained = [Attained(D(2024, 3, 1), "partner"), Attained(D(2024, 3, 2), None)]
    for day, level in ((D(2024, 8, 15), "partner"), (D(2024, 9, 1), None)):
        found = course(status, ["partner"], attained, D(2024, 1, 1), END, enrolled=[day])
        assert held_on(found, day).level == level


# -- random courses ---------------------------------------------------------------------------------

spans = st.none() | st.builds(Span, st.integers(1, 9), st.sampled_from(["weeks", "months"]))
statuses = st.builds(
    Status,
    rise=st.sampled_from(["at once", "monthly", "quarterly", "yearly", "at review"]),
    fall=st.sampled_from(["at once", "monthly", "quarterly", "yearly", "at review"]),
    review_months=st.lists(st.integers(1, 12), min_size=1, max_size=3, unique=True).map(tuple),
    review_day=st.integers(1, 28),
    any_day_in=st.sampled_from([0, 0, 1, 6]),
    grace=spans,
    held=spans,
    renewal_before=spans,
    renewal_after=spans,
    frozen=st.booleans(),
)
changes = st.lists(
    st.builds(
        Attained,
        st.dates(START, SHORT),
        st.sampled_from([None, *LEVELS]),
        st.sampled_from([False, False, False, True]),
    ),
    max_size=8,
    unique_by=lambda one: one.since,
)
purchases = st.none() | st.lists(st.dates(START, SHORT), max_size=4)


@settings(max_examples=120, deadline=None)
@given(statuses, changes, st.integers(1, 12), purchases)
def test_days_that_are_left_out_change_nothing(status, attained, first, enrolled):
    run = Course(status, LEVELS, first, attained, enrolled=enrolled)
    start = Held(START, None, None, "start")
    assert run.run(start, SHORT) == run.run(start, SHORT, every_day=True)


class LevelOverTime(RuleBasedStateMachine):
    """A partner's level, day by day, against what must never happen to it."""

    @initialize(status=statuses, first=st.integers(1, 12))
    def begin(self, status, first):
        self.status = status
        self.attained = [Attained(START, None)]
        self.course = Course(status, LEVELS, first, self.attained)
        self.held = self.before = Held(START, None, None, "start")
        self.day = START

    @rule(level=st.sampled_from([None, *LEVELS]), promise=st.booleans())
    def facts_change(self, level, promise):
        kept = [one for one in self.course.attained if one.since < self.day]
        self.course = Course(
            self.status,
            LEVELS,
            self.course.fiscal_start,
            [*kept, Attained(self.day, level, promise)],
        )

    @rule(days=st.integers(1, 200))
    def time_passes(self, days):
        for _ in range(days):
            self.day += dt.timedelta(days=1)
            self.before, self.held = self.held, self.course.on(self.held, self.day)
            self.check()

    def check(self):
        places = self.course.places
        before, now = places[self.before.level], places[self.held.level]
        earned = self.course.earned(self.day)
        if now > before:
            assert now == earned  # never higher than earned
        if now < before:
            assert now <= earned or self.status.held  # never lower than earned
            assert not self.course.grandfathered(self.day)
            if self.before.grace_until:
                assert self.day >= self.before.grace_until
            elif self.before.term_until:
                assert self.day >= self.before.term_until
            assert not (self.status.grace and not self.before.grace_until)
        if self.status.frozen and before and now > before:
            assert (self.day.month, self.day.day) == (self.course.fiscal_start, 1)

    @invariant()
    def grace_only_while_lower(self):
        if getattr(self, "held", None) and self.held.grace_until:
            places = self.course.places
            assert places[self.held.earned] < places[self.held.level]


LevelOverTime.TestCase.settings = settings(max_examples=25, stateful_step_count=15, deadline=None)
TestLevelOverTime = LevelOverTime.TestCase


def test_granted_time_without_days_of_renewal_begins_anew_when_it_ends():
    rules = {"held": Span(6, "months"), "until": D(2027, 3, 1)}
    found = at((D(2026, 2, 1), "gold"), (D(2026, 8, 2), None), **rules)
    assert found == [
        (D(2026, 2, 1), "gold", "risen"),
        (D(2026, 8, 1), "gold", "renewed"),
        (D(2027, 2, 1), None, "term_over"),
    ]


@pytest.mark.parametrize(
    ("rhythm", "day"),
    [
        ("at once", D(2026, 3, 2)),
        ("monthly", D(2026, 4, 1)),
        ("quarterly", D(2026, 5, 1)),
        ("yearly", D(2027, 2, 1)),
        ("at review", D(2026, 7, 15)),
    ],
)
def test_the_next_day_on_which_levels_are_looked_at(rhythm, day):
    status = Status(review_months=(1, 7), review_day=15)
    assert next_due(rhythm, D(2026, 3, 1), status, fiscal_start=2) == day
    assert is_due(rhythm, day, status, fiscal_start=2)
    before = day - dt.timedelta(days=1)
    assert is_due(rhythm, before, status, fiscal_start=2) is (rhythm == "at once")


def test_grace_goes_on_whatever_else_is_earned_meanwhile():
    changes = [(D(2026, 2, 1), "gold"), (D(2026, 3, 1), None), (D(2026, 7, 20), "silver")]
    assert at(*changes, review_months=(7,), grace=Span(60, "days"), until=D(2026, 12, 31)) == [
        (D(2026, 2, 1), "gold", "risen"),
        (D(2026, 7, 1), "gold", "grace"),
        (D(2026, 8, 30), "silver", "grace_over"),
    ]
