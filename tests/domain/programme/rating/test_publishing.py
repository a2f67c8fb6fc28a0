"""Neither side sees the other's rating before both have rated or the time is over."""

from __future__ import annotations

import datetime as dt
import pickle
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mutualist.domain.programme import rating

SPRING = rating.Period("2026-1", dt.date(2026, 7, 1), dt.date(2026, 7, 31))
DAY = dt.timedelta(days=1)


def rated(side, day, stars=4, topic="fairness", **more):
    return rating.Rating("2026-1", side, dt.date(2026, 7, day), {topic: stars}, **more)


def test_one_rating_alone_is_not_shown_while_the_other_side_may_still_rate():
    ratings = (rated("partner", 3, 1),)
    public = rating.publication(SPRING, ratings, SPRING.closes)
    assert (public.state, public.since, dict(public.ratings)) == ("open", None, {})
    assert public.given == {"partner"}
    assert rating.visible_to("vendor", SPRING, ratings, SPRING.closes) == {}
    assert rating.visible_to("partner", SPRING, ratings, SPRING.closes) == {"partner": ratings[0]}


def test_both_are_public_on_the_day_the_second_comes_in():
    ratings = (rated("partner", 3, 1), rated("vendor", 9, 5))
    before = rating.publication(SPRING, ratings, dt.date(2026, 7, 8))
    public = rating.publication(SPRING, ratings, dt.date(2026, 7, 9))
    assert before.state == "open"
    assert not before.ratings
    assert (public.state, public.since) == ("both", dt.date(2026, 7, 9))
    assert set(public.ratings) == {"vendor", "partner"}


def test_silence_of_one_side_does_not_keep_the_other_rating_back():
    public = rating.publication(SPRING, (rated("partner", 31),), SPRING.closes + DAY)
    assert (public.state, public.since) == ("closed", dt.date(2026, 8, 1))
    assert set(public.ratings) == {"partner"}
    assert not rating.publication(SPRING, (), SPRING.closes + DAY).ratings


def test_a_rating_may_be_changed_until_the_other_one_is_there():
    ratings = rating.take(SPRING, (), rated("partner", 3, 1))
    ratings = rating.take(SPRING, ratings, rated("partner", 4, 2))
    assert [one.stars["fairness"] for one in ratings] == [2]
    ratings = rating.take(SPRING, ratings, rated("vendor", 5, 5))
    with pytest.raises(rating.RatingError) as refused:
        rating.take(SPRING, ratings, rated("partner", 6, 1))
    assert refused.value.code == "published"
    assert "2026-07-05" in refused.value.message("de")


@pytest.mark.parametrize(
    ("new", "code"),
    [
        (rating.Rating("2026-1", "vendor", dt.date(2026, 6, 30), {"fairness": 3}), "too_early"),
        (rating.Rating("2026-1", "vendor", dt.date(2026, 8, 1), {"fairness": 3}), "too_late"),
        (rating.Rating("2025-2", "vendor", dt.date(2026, 7, 2), {"fairness": 3}), "other_period"),
        (rating.Rating("2026-1", "vendor", dt.date(2026, 7, 2), {}), "no_topic"),
        (rated("vendor", 2, 3, "payment"), "unknown_topic"),
        (rated("partner", 2, 3, "delivery"), "unknown_topic"),
        (rated("vendor", 2, 0), "bad_stars"),
        (rated("vendor", 2, 6), "bad_stars"),
        (rated("vendor", 2, True), "bad_stars"),
        (rated("vendor", 2, comment="x" * 2001), "long_comment"),
    ],
)
def test_what_cannot_be_taken_is_refused_in_both_languages(new, code):
    with pytest.raises(rating.RatingError) as refused:
        rating.take(SPRING, (), new)
    assert refused.value.code == code
    assert refused.value.message("de") != refused.value.message("en") == str(refused.value)
    assert pickle.loads(pickle.dumps(refused.value)).message("de") == refused.value.message("de")


def test_the_first_and_the_last_day_still_count():
    for day in (1, 31):
        assert rating.take(SPRING, (), rated("vendor", day))


def test_a_rating_from_after_the_end_is_none():
    late = rating.Rating("2026-1", "vendor", dt.date(2026, 8, 1), {"fairness": 3})
    other = rating.Rating("2025-2", "partner", dt.date(2026, 7, 2), {"fairness": 3})
    public = rating.publication(SPRING, (late, other), dt.date(2026, 9, 1))
    assert (public.state, public.given) == ("closed", frozenset())


def test_differences_are_named_widest_first_and_only_where_both_were_asked():
    vendor = rating.Rating(
        "2026-1", "vendor", dt.date(2026, 7, 2), {"fairness": 5, "planning": 2, "delivery": 4}
    )
    partner = rating.Rating(
        "2026-1", "partner", dt.date(2026, 7, 3), {"planning": 3, "fairness": 1, "payment": 1}
    )
    public = rating.publication(SPRING, (vendor, partner), dt.date(2026, 7, 3))
    assert [(one.topic, one.gap) for one in rating.differences(public)] == [
        ("fairness", 4),
        ("planning", -1),
    ]
    assert vendor.mean == Fraction(11, 3)
    alone = rating.publication(SPRING, (vendor,), dt.date(2026, 8, 1))
    assert rating.differences(alone) == ()


def test_facts_exist_only_of_what_is_public():
    ratings = (rated("partner", 3, 1), rated("vendor", 9, 5))
    assert rating.rating_facts(rating.publication(SPRING, ratings, dt.date(2026, 7, 8))) == ()
    rows = rating.rating_facts(rating.publication(SPRING, ratings, dt.date(2026, 7, 9)))
    assert [(row["id"], row["side"], row["stars"]) for row in rows] == [
        ("2026-1-vendor-fairness", "vendor", 5),
        ("2026-1-partner-fairness", "partner", 1),
    ]
    assert {row["published"] for row in rows} == {dt.date(2026, 7, 9)}


def test_every_topic_has_words_in_both_languages():
    for side in rating.SIDES:
        for topic in rating.topics_for(side):
            assert rating.topic_words(topic, "de") != rating.topic_words(topic, "en")
    assert set(rating.topics_for("vendor")) != set(rating.topics_for("partner"))


@pytest.mark.parametrize(
    ("day", "period"),
    [
        (dt.date(2026, 1, 1), ("2026-1", dt.date(2026, 1, 1), dt.date(2026, 6, 30))),
        (dt.date(2026, 6, 30), ("2026-1", dt.date(2026, 1, 1), dt.date(2026, 6, 30))),
        (dt.date(2026, 7, 1), ("2026-2", dt.date(2026, 7, 1), dt.date(2026, 12, 31))),
    ],
)
def test_half_years_follow_each_other(day, period):
    found = rating.half_year_of(day)
    assert (found.id, found.opens, found.closes) == period


STEPS = st.lists(
    st.tuples(st.sampled_from(rating.SIDES), st.integers(0, 3), st.integers(1, 5)), max_size=8
)


@settings(max_examples=80, deadline=None)
@given(STEPS)
def test_what_a_side_sees_never_depends_on_a_closed_rating_of_the_other(steps):
    """Whatever the other side says, one sees the same until both have rated or the time is over."""

    def play(change):
        day, ratings, seen = SPRING.opens, (), []
        for side, wait, stars in steps:
            day += wait * DAY
            said = 6 - stars if change and side == "partner" else stars
            new = rating.Rating("2026-1", side, day, {"fairness": said})
            try:
                ratings = rating.take(SPRING, ratings, new)
            except rating.RatingError as error:
                seen.append(error.code)
                continue
            public = rating.publication(SPRING, ratings, day)
            seen.append((public.state, public.given))
            if public.state == "open":
                seen.append(rating.visible_to("vendor", SPRING, ratings, day))
        return seen

    assert play(change=False) == play(change=True)
