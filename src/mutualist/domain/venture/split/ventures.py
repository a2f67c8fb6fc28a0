"""From a simulated venture to the game its parties play."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mutualist.domain.venture.model import LINE_KINDS, Description, Line
from mutualist.domain.venture.recorders import discount_factors
from mutualist.domain.venture.simulation import Simulated
from mutualist.domain.venture.split.coalitions import Floats
from mutualist.domain.venture.split.core import EXHAUSTIVE
from mutualist.domain.venture.split.game import Game
from mutualist.domain.venture.split.problems import SplitError
from mutualist.domain.venture.split.replaceability import (
    Replacement,
    Stream,
    coalition_values,
)
from mutualist.domain.venture.split.rules import Splitting, Warned
from mutualist.domain.venture.split.sampling import sampled_shapley
from mutualist.domain.venture.split.tolerance import certainty_equivalent
from mutualist.domain.venture.tail import euler

#: Orders of joining that are drawn where coalitions are too many.
ORDERS = 2000


@dataclass(frozen=True, eq=False)
class VentureGame:
    """The game of a venture, and what has to be said about it."""

    game: Game
    warnings: tuple[Warned, ...]


def venture_game(run: Simulated) -> VentureGame:
    """Return the game of a venture: what every group of parties could do without the others.

    The worth of a group is the expected present value of the lines it has, see `coalition_values`. Expected values add, so
    one simulation gives all groups. The whole is what the simulation says of all parties together, each at its own rate of
    interest; all groups are valued at the one rate at which the lines are worth this whole. Without a party that names no
    contribution nothing takes place.

    Parameters
    ----------
    run
        A simulation of the venture.

    Raises
    ------
    SplitError
        With more than 15 parties; `sampled_split` estimates their Shapley value.
    """
    described = run.description
    parties = tuple(described.parties)
    if len(parties) > EXHAUSTIVE:
        raise SplitError("too_many", value=len(parties), allowed=EXHAUSTIVE)
    streams, replacements = _parts(run)
    values = coalition_values(len(parties), streams, replacements)
    joint = run.values.sum(axis=0, dtype=np.float64)
    whole, lines = float(joint.mean()), float(values[-1])
    values[-1] = whole
    missing = _bring_nothing(described)
    warnings = []
    if missing:
        names = ", ".join(described.parties[party].name or party for party in missing)
        warnings.append(Warned("no_contributions", {"parties": names}))
    if abs(whole - lines) > 1e-4 * max(abs(whole), abs(lines), 1.0):
        warnings.append(Warned("whole_differs", {"value": whole, "allowed": lines}))
    return VentureGame(
        _with_risk(Game(values, names=_names(described)), run, joint), tuple(warnings)
    )


def _names(described: Description) -> tuple[str, ...]:
    names = tuple(one.name or party for party, one in described.parties.items())
    return names if len(set(names)) == len(names) else tuple(described.parties)


def _with_risk(game: Game, run: Simulated, joint: Floats) -> Game:
    """Add what rules by stake, risk, tolerance and outside options need."""
    described = run.description.parties.values()
    outside = np.array(
        [
            alone if one.best_alternative is None else one.best_alternative
            for one, alone in zip(described, game.alone, strict=True)
        ]
    )
    stakes = run.outlay.mean(axis=1, dtype=np.float64)
    found = replace(
        game,
        outside=outside,
        stakes=stakes if stakes.sum() > 0 else None,
        risk=euler(-run.values)[1],
    )
    tolerances = np.array([one.risk_tolerance or 0.0 for one in described])
    if (tolerances > 0).all():
        certain = certainty_equivalent(joint, float(tolerances.sum()))
        found = replace(found, tolerances=tolerances, certain=certain)
    return found


def _bring_nothing(described: Description) -> tuple[str, ...]:
    """Return the parties that name no contribution; nobody knows how to replace them."""
    bring = {one.party for one in described.contributions}
    return tuple(party for party in described.parties if party not in bring)


def _parts(run: Simulated) -> tuple[list[Stream], list[Replacement]]:
    """Return the lines with their expected worth, and the contributions they need."""
    described = run.description
    at = {party: i for i, party in enumerate(described.parties)}
    replacements = [
        Replacement(
            at[one.party],
            None if one.irreplaceable else one.buy,
            None if one.irreplaceable else one.delay,
        )
        for one in described.contributions
    ]
    named = len(replacements)
    replacements += [Replacement(at[party]) for party in _bring_nothing(described)]
    everything = tuple(range(named, len(replacements)))
    flows = []
    for (item, payer, payee), means in run.means.items():
        if item in described.lines and payer != payee:
            flows.append((described.lines[item], payee or payer, np.asarray(means, np.float64)))
    factors = _common_factors(run, [_signed(line, means) for line, _owner, means in flows])
    streams = []
    for line, owner, means in flows:
        needs = tuple(c for c, one in enumerate(described.contributions) if line.id in one.lines)
        needs += everything
        incoming = LINE_KINDS[line.kind][0] > 0
        worth = _shifted(_signed(line, means), factors)
        bought_off = line.kind == "investment"
        streams.append(Stream(at.get(owner, -1), worth, needs, incoming, bought_off))
    return streams, replacements


def _signed(line: Line, means: Floats) -> Floats:
    return means * LINE_KINDS[line.kind][0]


def _common_factors(run: Simulated, flows: list[Floats]) -> Floats:
    """Return discount factors of the one rate at which the lines are worth what the parties have together."""
    from scipy.optimize import brentq

    described = run.description
    rates = [one.discount for one in described.parties.values()]
    whole = float(run.values.sum(axis=0, dtype=np.float64).mean())
    total = np.sum(flows, axis=0) if flows else np.zeros(len(run.periods))

    def factors(rate: float) -> Floats:
        return discount_factors(rate, run.periods, described.periods.per_year)

    def gap(rate: float) -> float:
        return float(total @ factors(rate)) - whole

    low, high = min(rates), max(rates)
    if high - low < 1e-12:
        return factors(low)
    for wider in (0.0, 0.5, 2.0):
        ends = max(low - wider * (high - low), -0.9), high + wider * (high - low)
        if gap(ends[0]) * gap(ends[1]) <= 0:
            return factors(float(brentq(gap, *ends)))
    return factors(float(np.mean(rates)))


def _shifted(means: Floats, factors: Floats) -> Floats:
    """Return the present value of a flow when it comes 0, 1, 2 ... periods late; what is past the end is lost."""
    periods = len(means)
    return np.array([float(means[: periods - k] @ factors[k:]) for k in range(periods)])


def sampled_split(run: Simulated, seed: int = 0, orders: int = ORDERS) -> Splitting:
    """Return the Shapley value of a venture with more than 15 parties, estimated from random orders.

    Parameters
    ----------
    run
        A simulation of the venture.
    seed
        Start of the random orders.
    orders
        How many orders of joining.

    Returns
    -------
    Splitting
        Its warning ``sampled`` states the largest standard error; the core is not checked.
    """
    described = run.description
    count = len(described.parties)
    streams, replacements = _parts(run)
    whole = float(run.values.sum(axis=0, dtype=np.float64).mean())

    def worth(masks: NDArray[np.intp]) -> Floats:
        values = coalition_values(count, streams, replacements, masks)
        return np.where(masks == (1 << count) - 1, whole, values)

    found = sampled_shapley(worth, count, orders, np.random.default_rng(seed))
    said = Warned("sampled", {"orders": found.orders, "error": float(found.errors.max())})
    everybody = np.zeros(1 << count)
    everybody[-1] = whole
    game = Game(everybody, names=_names(described))
    return Splitting("shapley", game, found.values, None, (said,))
