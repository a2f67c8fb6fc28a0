"""Futures and splits of a saved version, as its reader sees them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mutualist.apps.core.errors import ActionError
from mutualist.apps.ventures import queries
from mutualist.apps.ventures.words import language
from mutualist.domain.venture import VentureError
from mutualist.domain.venture.split import SplitError
from mutualist.library.split import Comparison, compare_splits
from mutualist.library.venture_outcomes import Outcomes
from mutualist.library.ventures import Venture

FUTURES, SEED = 10_000, 42
#: Futures of what leaves the house as a file.
REPORTED = 100_000


def futures(
    place: queries.Place, version: int | None = None, n: int = FUTURES, seed: int = SEED
) -> Outcomes:
    """Simulate a version with the private figures that its reader's view is computed from.

    Raises
    ------
    ActionError
        With everything that is wrong.
    """
    saved = queries.version_of(place, version)
    return simulated(queries.computed_from(place, saved.description), n, seed)


def simulated(described: Mapping[str, Any], n: int = FUTURES, seed: int = SEED) -> Outcomes:
    """Simulate a description.

    Raises
    ------
    ActionError
        With everything that is wrong.
    """
    try:
        return Venture.from_dict(described).simulate(n=n, seed=seed)
    except VentureError as error:
        raise ActionError("venture", "{problems}", problems=error.message(language())) from error


def splits(
    place: queries.Place,
    version: int | None = None,
    rules: Sequence[str] = (),
    seed: int = SEED,
) -> Comparison:
    """Split a version by several rules; all that fit if none is named.

    Raises
    ------
    ActionError
        If there is nothing to split, or no such rule.
    """
    try:
        return compare_splits(futures(place, version, seed=seed), rules)
    except SplitError as error:
        raise ActionError("split", "{problems}", problems=error.message(language())) from error
