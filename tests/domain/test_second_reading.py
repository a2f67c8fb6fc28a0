"""The engine agrees with a second, plain reading of the instrument on rooms of every shape."""

from __future__ import annotations

import math
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.plain_ladder import climb
from domain.plain_reading import read_room
from domain.rooms_for_tests import public_rooms
from mutualist.domain.assess import Room, assess, builtin_ruleset, changes
from mutualist.domain.assess.sampling import Odds, Sampler

RULES = builtin_ruleset()
ODDS = (Odds(), Odds(0.05, 0.3, 0.3), Odds(0.15, 0.5, 0.5), Odds(0, 1, 1), Odds(0.6, 0.5, 0.5))
PARTIES = (("A", "B"), ("b", "A"), ("A", "B", "C"), ("Z", "m", "A", "q"))


def half_up(value):
    return math.floor(round(value, 9) + 0.5)


def printed(found):
    """Round the second reading as the result file is rounded."""
    found = dict(found)
    found["scores"] = {name: half_up(value) for name, value in found["scores"].items()}
    found["measures"] = {
        k: None if v is None else half_up(v * 10**6) / 10**6 for k, v in found["measures"].items()
    }
    for name in ("load", "distance", "evidence"):
        found[name] = half_up(found[name])
    for pair in found.get("pairs", {}).values():
        pair.update({name: half_up(pair[name]) for name in ("P", "S", "D", "L", "load")})
    return found


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 10**6), st.sampled_from(ODDS), st.sampled_from(PARTIES))
def test_random_rooms(seed, odds, parties):
    data = Sampler(RULES, Random(seed), odds).room(parties)
    assert assess(Room.from_dict(data)).result_file() == printed(read_room(data))


@pytest.mark.parametrize("seed", range(6))
def test_ladders_of_random_rooms(seed):
    data = Sampler(RULES, Random(seed), ODDS[seed % 4]).room(PARTIES[seed % 3])
    assert [step.move.id for step in changes(Room.from_dict(data))] == climb(data)


def test_ladders_of_public_rooms():
    for room in public_rooms()[::12]:
        data = room["room"]
        assert [step.move.id for step in changes(Room.from_dict(data))] == climb(data)
