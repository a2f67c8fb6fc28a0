"""The worked examples of split rules, through what the package hands out."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from mutualist.domain.venture.split import is_nucleolus, read_game, split

VECTORS = Path(__file__).parents[2] / "vectors"
GAMES = json.loads((VECTORS / "games.json").read_text(encoding="utf-8"))["games"]
FORMS = ("v", "cost", "bankruptcy", "airport", "largest_claim", "two_additive", "nash")
RULES = ("shapley", "nucleolus", "tau", "gately", "per_capita_nucleolus")


def cases():
    for game in GAMES:
        form = {key: game[key] for key in FORMS if key in game}
        for rule in RULES:
            if rule in game:
                yield pytest.param(form, rule, game[rule], id=f"{game['id']} {rule}")
        if "owen" in game:
            with_blocs = {**form, "unions": game["owen"]["unions"]}
            yield pytest.param(with_blocs, "owen", game["owen"]["value"], id=f"{game['id']} owen")
        for links, value in game.get("graphs", {}).items():
            graph = [[int(a), int(b)] for a, b in links.split(",")]
            yield pytest.param({**form, "graph": graph}, "myerson", value, id=f"M1 {links}")
        if "nash" in game:
            for rule in ("nash", "kalai_smorodinsky", "maximin"):
                yield pytest.param(form, rule, game["value"], id=f"{game['id']} {rule}")


@pytest.mark.parametrize(("document", "rule", "expected"), [*cases()])
def test_worked_example(document, rule, expected):
    found = split(read_game(document), rule)
    assert found.shares == pytest.approx(expected, abs=1e-6)
    if rule == "nucleolus":
        assert is_nucleolus(found.game.values, found.payments)


def test_every_example_is_used():
    used = {case.id.split()[0] for case in cases()}
    assert used == {game["id"] for game in GAMES}


def test_cost_and_worth_are_mirror_images():
    airlines = next(game for game in GAMES if game["id"] == "A1")
    costs = split(read_game({"cost": airlines["cost"]}), "nucleolus")
    worth = split(read_game({"v": [-c for c in airlines["cost"]]}), "nucleolus")
    assert np.allclose(costs.shares, -worth.shares)
    assert costs.core.inside
