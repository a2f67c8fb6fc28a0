"""Fifty dots: each on its side of zero, high stacks small, all of them there."""

from __future__ import annotations

from typing import Any

import pytest

from apps.ventures.steps import described
from apps.ventures.test_degenerate import VENTURES
from mutualist.apps.ventures.described import templates
from mutualist.apps.ventures.presenters.dots import COUNT, HIGHEST, joint_plot, plots
from mutualist.library.ventures import Venture

ALL = {
    **{name: described(name) for name in templates()},
    **{name: made() for name, made in VENTURES.items()},
}


def share(place: str) -> float:
    return float(place.removesuffix("%"))


@pytest.mark.parametrize("name", ALL)
def test_every_dot_lies_on_its_side_of_zero(name: str) -> None:
    outcomes = Venture.from_dict(ALL[name]).simulate(n=10_000, seed=42)
    names = {key: party.name for key, party in outcomes.run.description.parties.items()}
    drawn: list[Any] = [*plots(outcomes, names, "A"), joint_plot(outcomes, names)]
    for plot in drawn:
        assert len(plot.dots) == COUNT
        assert sum(dot["loss"] for dot in plot.dots) == plot.losses
        for dot in plot.dots:
            assert (share(dot["x"]) < share(plot.zero)) == dot["loss"], (plot.name, dot)
            assert 0 <= share(dot["x"]) <= 100
            assert 0 < float(dot["y"]) < plot.height <= HIGHEST + 1
    assert [plot.is_mine for plot in drawn].count(True) == 1


def test_a_joint_dot_says_what_its_future_brings_to_everybody() -> None:
    outcomes = Venture.from_dict(described("revenue_share")).simulate(n=10_000, seed=42)
    names = {"A": "Nordwerk", "B": "Tauwerk"}
    for dot in joint_plot(outcomes, names).dots:
        assert "together: Nordwerk " in dot["said"]
        assert ", Tauwerk " in dot["said"]
