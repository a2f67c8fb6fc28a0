"""A cooperative game: what every coalition is worth, and what else a rule may need."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from mutualist.domain.venture.split.coalitions import (
    Floats,
    in_listed_order,
    members_of,
    parties_of,
)
from mutualist.domain.venture.split.problems import SplitError

# Values of all coalitions of 24 parties take 128 MB.
MOST_PARTIES = 24


@dataclass(frozen=True, eq=False)
class Game:
    """A cooperative game with money that can be passed on.

    Parameters
    ----------
    values
        What every coalition is worth, shape ``(2**n,)``: bit ``i`` of the index says whether party ``i`` belongs to it.
        Costs are negative worth.
    cost
        Whether the figures given and wanted are costs.
    names
        What the parties are called; ``1`` to ``n`` if not given.
    unions
        Blocs for `owen`: every party, counted from 0, in exactly one.
    links
        Pairs of parties, counted from 0, for `myerson`.
    outside
        What each party has without an agreement (costs are negative), for bargaining rules; else its own value.
    weights
        Bargaining weights for `nash`.
    most
        What each party can get at most, for `kalai_smorodinsky`.
    stakes
        What each party put in, for `stake`.
    risk
        What each party contributes to the joint expected shortfall, for `euler`.
    tolerances
        Risk tolerance of each party, an amount, for `tolerance`.
    certain
        What the joint result is worth for sure to all tolerances together, for `tolerance`.

    Examples
    --------
    >>> Game.listed([0, 0, 0, 0, 1, 1, 1]).values.tolist()
    [0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0]
    """

    values: Floats
    cost: bool = False
    names: tuple[str, ...] = ()
    unions: tuple[tuple[int, ...], ...] | None = None
    links: tuple[tuple[int, int], ...] | None = None
    outside: Floats | None = None
    weights: Floats | None = None
    most: Floats | None = None
    stakes: Floats | None = None
    risk: Floats | None = None
    tolerances: Floats | None = None
    certain: float | None = None
    named: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        """Take the values over as they are computed with, and name the parties."""
        values = np.array(self.values, dtype=np.float64)
        if values.ndim != 1 or values.size < 2 or values.size & (values.size - 1):
            raise SplitError("bad_length", "v", value=max(values.size - 1, 0))
        if not np.isfinite(values).all():
            raise SplitError("not_finite", "v", value=float(values[~np.isfinite(values)][0]))
        if values[0] != 0.0:
            raise SplitError("empty_worth", "v", value=float(values[0]))
        values.flags.writeable = False
        object.__setattr__(self, "values", values)
        numbered = tuple(str(i + 1) for i in range(self.parties))
        object.__setattr__(self, "named", self.names or numbered)

    @classmethod
    def listed(cls, values: Sequence[float], *, cost: bool = False) -> Game:
        """Return a game whose coalitions are listed as people do: singles, pairs, triples, each in order."""
        given = np.asarray(values, dtype=np.float64)
        parties = (given.size + 1).bit_length() - 1
        if given.size < 1 or given.size != (1 << parties) - 1:
            raise SplitError("bad_length", "cost" if cost else "v", value=int(given.size))
        if parties > MOST_PARTIES:
            raise SplitError("too_many", value=parties, allowed=MOST_PARTIES)
        ordered = np.zeros(given.size + 1)
        ordered[in_listed_order(parties)] = given
        return cls(-ordered if cost else ordered, cost=cost)

    @cached_property
    def parties(self) -> int:
        """How many there are."""
        return parties_of(self.values)

    @property
    def whole(self) -> float:
        """Return what all together are worth."""
        return float(self.values[-1])

    @property
    def alone(self) -> Floats:
        """Return what each party is worth alone, shape ``(n,)``."""
        return np.asarray(self.values[1 << np.arange(self.parties)])

    @property
    def tolerance(self) -> float:
        """Return what counts as rounding in amounts of this game."""
        return 1e-9 * max(float(np.abs(self.values).max()), 1e-300)

    def called(self, mask: int) -> str:
        """Return the names of a coalition's members, as ``Nordwerk + Tauwerk``."""
        return " + ".join(self.named[i] for i in members_of(mask))
