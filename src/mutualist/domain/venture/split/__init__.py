"""Splitting what a venture earns: cooperative games, split rules, the core, and one recommendation.

A coalition is a set of parties; as a number, bit ``i`` says whether party ``i`` belongs to it. The value of all coalitions
is an array of length ``2**n`` in the order of these numbers. Names are loaded when they are first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mutualist.domain.venture.split.cents import to_cents
    from mutualist.domain.venture.split.core import CoreCheck, check_core
    from mutualist.domain.venture.split.game import Game
    from mutualist.domain.venture.split.kohlberg import is_nucleolus
    from mutualist.domain.venture.split.levels import nucleolus, per_capita_nucleolus
    from mutualist.domain.venture.split.orders import owen, shapley
    from mutualist.domain.venture.split.problems import SplitError
    from mutualist.domain.venture.split.reading import read_game
    from mutualist.domain.venture.split.rules import RULES, Splitting, split

_HOMES = {
    "cents": ("to_cents",),
    "core": ("CoreCheck", "check_core"),
    "game": ("Game",),
    "kohlberg": ("is_nucleolus",),
    "levels": ("nucleolus", "per_capita_nucleolus"),
    "problems": ("SplitError",),
    "reading": ("read_game",),
    "rules": ("RULES", "Splitting", "split"),
    "orders": ("owen", "shapley"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "RULES",
    "CoreCheck",
    "Game",
    "SplitError",
    "Splitting",
    "check_core",
    "is_nucleolus",
    "nucleolus",
    "owen",
    "per_capita_nucleolus",
    "read_game",
    "shapley",
    "split",
    "to_cents",
]


def __getattr__(name: str) -> Any:
    """Load a public name from the module it lives in."""
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOME_OF[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """Return the public names."""
    return sorted(__all__)
