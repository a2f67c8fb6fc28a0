"""The command that takes isolation away piece by piece still finds its pieces; it runs by hand."""

from __future__ import annotations

import re

from guards.isolation_mutants import SAME, policy_mutants, swap
from guards.isolation_places import FILES, SEALED, all_places


def test_every_file_has_places_and_no_reason_is_left_over() -> None:
    places = all_places()
    assert {place.file for place in places} == set(FILES)
    assert set(SEALED) <= set(FILES)
    policies = [name for name, _sealed, _statement in policy_mutants()]
    assert len(places) > 250
    assert len(policies) > 80
    known = {re.sub(r":\d+ ", " ", str(place), count=1) for place in places} | set(policies)
    assert set(SAME) - known == set(), "these are gone, or said otherwise now"


def test_a_place_can_be_taken_away_and_put_back() -> None:
    from mutualist.apps.core.errors import NotAllowed
    from mutualist.apps.rooms.standing import Standing

    place = next(p for p in all_places() if p.function == "Standing.require_manager")
    here = Standing.__new__(Standing)
    object.__setattr__(here, "actor", None)
    module = "mutualist.apps.rooms.standing"
    before = swap(module, place.function, place.code)
    try:
        assert here.require_manager() is None
    finally:
        swap(module, place.function, before)
    assert Standing.require_manager.__code__ is before
    assert NotAllowed.__name__ in before.co_names
