"""Sliders: round steps around what is described, and nothing that cannot be."""

from __future__ import annotations

import pytest

from apps.ventures.steps import described
from mutualist.apps.ventures.described import template, templates
from mutualist.apps.ventures.levers import levers, moved
from mutualist.domain.venture import read_description


@pytest.mark.parametrize("name", sorted(templates()))
def test_every_place_of_every_slider_can_be_computed(name: str) -> None:
    venture = described(name)
    known = levers(venture, template(name), "en")
    assert known
    for lever in known:
        assert 0 <= lever.low <= lever.value <= lever.high, lever
        assert lever.low < lever.high, lever
        for place in (lever.low, lever.high):
            changed, places = moved(venture, known, {lever.key: str(place)})
            assert places[lever.key] == place
            read_description(changed)


def test_what_was_not_moved_is_left_alone() -> None:
    venture = described("supplier_contract")
    known = levers(venture, template("supplier_contract"), "en")
    for given in ({}, {"terms-parts-price": "nan"}, {"terms-parts-price": "many"}, {"x": "1"}):
        changed, _places = moved(venture, known, given)
        assert changed == venture
