"""Every published and constructed example gives what it has to give."""

from __future__ import annotations

from fractions import Fraction

import pytest

from domain.programme.presets.examples import examples
from mutualist.domain.programme.scoring.score import score

EXAMPLES = examples()


def exactly(value):
    return None if value is None else Fraction(str(value))


@pytest.mark.parametrize("example", EXAMPLES, ids=[one.name for one in EXAMPLES])
def test_worked_example(example):
    found = score(example.facts, example.rules, example.as_of)
    expect = dict(example.expect)
    for name, (value, points) in expect.pop("metrics", {}).items():
        metric = found.metrics[name]
        assert (name, metric.value, metric.points) == (name, exactly(value), exactly(points))
    for name, value in expect.pop("measures", {}).items():
        assert (name, found.measures[name]) == (name, exactly(value))
    for name, total in expect.pop("tracks", {}).items():
        assert (name, found.tracks[name]) == (name, exactly(total))
    if "total" in expect:
        assert found.total == exactly(expect.pop("total"))
    if "met" in expect:
        assert list(found.met) == expect.pop("met")
    expect.pop("shown", None)
    for key, value in expect.items():
        assert (key, getattr(found, key)) == (key, value)
