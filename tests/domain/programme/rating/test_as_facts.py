"""What ratings and promises give can be scored by our own programme as it is."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

from mutualist.domain.programme import rating
from mutualist.domain.programme.presets import preset_rules
from mutualist.domain.programme.scoring.check import check_facts
from mutualist.domain.programme.scoring.score import score

DAY = dt.date(2026, 11, 22)
PERIOD = rating.Period("2026-2", dt.date(2026, 11, 1), dt.date(2026, 11, 30))


def scored(day, tables):
    rules = preset_rules("mutual")
    rows = {
        name: [(number, {"partner": "tauwerk", **row}) for number, row in enumerate(found, 2)]
        for name, found in tables.items()
    }
    checked = check_facts([(2, {"id": "tauwerk", "name": "Tauwerk"})], rows, rules, day)
    assert checked.errors == ()
    (facts,) = checked.facts
    return score(facts, rules, day).metrics


def test_ratings_count_from_the_day_both_have_rated():
    ratings = (
        rating.Rating("2026-2", "partner", dt.date(2026, 11, 3), {"fairness": 1, "payment": 2}),
        rating.Rating("2026-2", "vendor", dt.date(2026, 11, 20), {"fairness": 4, "delivery": 2}),
    )
    for day, points in ((dt.date(2026, 11, 19), [None, None]), (DAY, [Fraction(2), Fraction(2)])):
        found = rating.rating_facts(rating.publication(PERIOD, ratings, day))
        metrics = scored(day, {"ratings": found})
        expected = [0 if one is None else one for one in points]
        assert [metrics["rating"].points, metrics["has_rated"].points] == expected


def test_promises_of_each_side_stand_in_their_own_metric():
    def promise(side):
        return rating.Promise(
            f"plan-{side}", side, f"plan-{side}", "month", dt.date(2026, 8, 1), at_least=Fraction(1)
        )

    now = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
    august = dt.datetime(2026, 8, 3, tzinfo=dt.UTC)
    events = [rating.Event("e1", "plan-partner", august)]
    rows = [
        row
        for side in rating.SIDES
        for row in rating.promise_facts(rating.realities(promise(side), events, now))
    ]
    # August to October are over; November is not decided yet.
    assert len(rows) == 6
    metrics = scored(DAY, {"promises": rows})
    assert (metrics["promises"].value, metrics["promises"].points) == (
        Fraction(100, 3),
        Fraction(10, 3),
    )
    assert (metrics["vendor_promises"].value, metrics["vendor_promises"].points) == (0, None)
