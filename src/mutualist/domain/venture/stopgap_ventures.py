"""Rational exits from a simulated venture: what an option to stop is worth, and what it leaves of the others' income."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from mutualist.domain.venture.model import Description, Option
from mutualist.domain.venture.problems import refuse
from mutualist.domain.venture.simulation import MAX_COUNT, Simulated, simulate
from mutualist.domain.venture.stopgap_exit import Clauses, Exits, Floats, clauses, rational_exit
from mutualist.domain.venture.stopgap_texts import said

#: Scenarios of the regression; the same ones with and without the exit.
COUNT = 8192
#: With fewer the regression would follow each scenario's own future.
FEWEST = 500


@dataclass(frozen=True, eq=False)
class VentureExit:
    """What an option to stop comes to.

    Attributes
    ----------
    option, party
        The option, and who has it.
    exits
        Rational exit of each scenario, as a place in ``periods``.
    periods
        Numbers of the periods.
    clauses
        Per other party: what is left of what the exit touches, and what would make it whole; the median is the number of a
        period.
    """

    option: str
    party: str
    exits: Exits
    periods: tuple[int, ...]
    clauses: Mapping[str, Clauses]

    def sentence(self, other: str, lang: str = "en") -> str:
        """Return the finding for another party in ``de`` or ``en``."""
        found = self.clauses[other]
        figures = {"exits": round(50 * found.probability), "kept": round(100 * found.kept)}
        return said("sentences", "stopgap", lang, **figures)


def venture_exit(
    description: Description, option: str, *, count: int = COUNT, seed: int = 0
) -> VentureExit:
    """Return when a party would rationally use its option to stop, scenario by scenario.

    The venture is simulated twice with the same scenarios: the option never used, and used from the start. The difference per period is what having left brings its party, and takes from the others. Leaving in a period brings the
    differences from then on (after the notice) less the cost. The decision knows what the difference would have been in the
    periods so far, and nothing of what comes.

    Parameters
    ----------
    description
        The venture.
    option
        Id of an option of type ``stop``.
    count, seed
        Scenarios, and the start of their random numbers.

    Raises
    ------
    VentureError
        When there is no such option, or there are too few scenarios for a regression.

    References
    ----------
    See `rational_exit`.
    """
    if not hasattr(count, "__index__") or not FEWEST <= count <= MAX_COUNT:
        raise refuse("", "bad_count", value=count, low=FEWEST, high=MAX_COUNT)
    chosen = description.options.get(option)
    if chosen is None or chosen.type != "stop":
        known = [one.id for one in description.options.values() if one.type == "stop"]
        raise refuse("options", "unknown_value", value=option, known=known)
    stays = _simulated(description, replace(chosen, condition=""), count, seed)
    # From the start, so that something is known when the option begins; the notice is counted from the exit on.
    always = replace(chosen, condition="1 > 0", notice=0, first=stays.periods[0])
    leaves = _simulated(description, always, count, seed)
    difference = _flows(leaves) - _flows(stays)
    parties = tuple(description.parties)
    row = parties.index(chosen.party)
    start = stays.periods.index(chosen.first)
    cost = _mean_cost(leaves, chosen)
    brings = difference[row]
    brings[:, 0] += cost
    factor = _factor(description, chosen.party)
    gains = _from_then_on(brings, factor, chosen.notice) - cost
    exits = rational_exit(gains, _known(brings), factor, first=start)
    middle = None if exits.median is None else stays.periods[exits.median]
    touched = {
        party: replace(
            clauses(exits, -difference[i], _factor(description, party), notice=chosen.notice),
            median_period=middle,
        )
        for i, party in enumerate(parties)
        if i != row and np.abs(difference[i]).max() > 0
    }
    return VentureExit(option, chosen.party, exits, stays.periods, touched)


def _simulated(description: Description, option: Option, count: int, seed: int) -> Simulated:
    others = {
        one.id: replace(one, condition="") if one.id != option.id else option
        for one in description.options.values()
    }
    return simulate(replace(description, options=others), count, seed, flows=True)


def _flows(run: Simulated) -> Floats:
    return np.asarray(run.flows, dtype=np.float64)


def _mean_cost(run: Simulated, option: Option) -> float:
    """Return what using the option costs on average."""
    return float(sum(means.sum() for key, means in run.means.items() if key[0] == option.id))


def _factor(description: Description, party: str) -> float:
    yearly = 1 + description.parties[party].discount
    return float(yearly ** (-1 / description.periods.per_year))


def _from_then_on(brings: Floats, factor: float, notice: int) -> Floats:
    """Return the value in each period of everything from then on, after a notice."""
    periods = brings.shape[1]
    worth = np.zeros_like(brings)
    total = np.zeros(len(brings))
    for t in range(periods - 1, -1, -1):
        total = total * factor + brings[:, t]
        worth[:, t] = total
    later = np.zeros_like(worth)
    if notice < periods:
        later[:, : periods - notice] = worth[:, notice:] * factor**notice
    return later


def _known(brings: Floats) -> Floats:
    """Return what is known in each period: the last difference, and the mean of all so far."""
    before = np.concatenate([np.zeros((len(brings), 1)), brings[:, :-1]], axis=1)
    counts = np.maximum(np.arange(brings.shape[1]), 1)
    return np.stack([before, before.cumsum(axis=1) / counts], axis=2)
