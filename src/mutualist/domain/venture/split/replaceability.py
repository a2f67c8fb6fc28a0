"""What a coalition is worth when the contributions of everyone outside must be bought, come late, or are missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from math import prod

import numpy as np
from numpy.typing import NDArray

from mutualist.domain.venture.split.coalitions import Floats

#: Up to so many ways to replace all contributions, every one is tried.
_ALL_WAYS = 512


@dataclass(frozen=True, slots=True)
class Stream:
    """Money from or to the outside world.

    Parameters
    ----------
    party
        Whose it is, counted from 0; -1 for a company that belongs to all.
    worth
        Expected present value when it comes ``k`` periods late, shape ``(periods + 1,)``; the first is on time.
    needs
        Contributions without which there is none of it, by number.
    incoming
        Whether money comes in.
    bought_off
        Of an outlay: whether it falls away when what its party brings is bought instead (an investment).
    """

    party: int
    worth: Floats
    needs: tuple[int, ...]
    incoming: bool
    bought_off: bool = False


@dataclass(frozen=True, slots=True)
class Replacement:
    """How a contribution can be replaced when its party is outside.

    Parameters
    ----------
    party
        Who brings it, counted from 0.
    buy
        What it costs elsewhere; None if it can't be bought.
    delay
        After how many periods others have built it; None if they can't.
    """

    party: int
    buy: float | None = None
    delay: int | None = None

    def ways(self) -> tuple[tuple[float, int | None], ...]:
        """Return price and delay of each way; the last goes without it."""
        found: list[tuple[float, int | None]] = []
        if self.buy is not None:
            found.append((self.buy, 0))
        if self.delay is not None:
            found.append((0.0, self.delay))
        return (*found, (0.0, None))


def coalition_values(
    parties: int,
    streams: Sequence[Stream],
    replacements: Sequence[Replacement],
    masks: NDArray[np.intp] | None = None,
) -> Floats:
    """Return the value of every coalition, or of some.

    A coalition does the whole venture without the outsiders. Each contribution they would have brought is bought, waited for
    or gone without, whichever is worth most together; streams that need it come late or not at all. An outsider's work is
    left to do: its outlays are the coalition's, late if what it brings is waited for; its investments fall away where what
    it brings is bought, and all its outlays where all it brings is gone without. An outsider's incoming streams are the
    coalition's if they live on something it brings. An outsider that brings nothing takes its streams with it. A
    coalition other than all together may also stay out, so it is worth at least 0; nobody is worth nothing.

    Parameters
    ----------
    parties
        How many there are.
    streams
        Money from and to the outside world.
    replacements
        The contributions, in the order of their numbers.
    masks
        Numbers of the coalitions that are wanted; all of them if not given.

    Returns
    -------
    ndarray of shape (2**parties,) or of the shape of ``masks``

    Notes
    -----
    Up to 512 combinations of ways are all tried, for every coalition at once. Beyond that each contribution's way is
    improved in turn, from everything replaced and from nothing replaced, until no change helps.

    Examples
    --------
    >>> sales = Stream(0, np.array([100.0, 90.0]), (0, 1), incoming=True)
    >>> coalition_values(2, [sales], [Replacement(0), Replacement(1, buy=30.0)]).tolist()
    [0.0, 70.0, 0.0, 100.0]
    """
    wanted = np.arange(1 << parties) if masks is None else masks
    worths = _Worths(wanted, parties, streams, replacements)
    ways = [len(one.ways()) for one in replacements]
    if prod(ways) <= _ALL_WAYS:
        values = np.full(wanted.size, -np.inf)
        for choice in product(*(range(count) for count in ways)):
            chosen = [np.full(wanted.size, one, dtype=np.intp) for one in choice]
            np.maximum(values, worths.of(chosen), out=values)
    else:
        starts = ([0] * len(ways), [count - 1 for count in ways])
        values = np.maximum(*(_climb(worths, ways, start) for start in starts))
    everybody = wanted == (1 << parties) - 1
    # Where all is for sale, nobody is still nobody: there is no one to buy it.
    values[wanted == 0] = 0.0
    return np.asarray(np.where(everybody, values, np.maximum(values, 0.0)))


class _Worths:
    """The worth of all coalitions for given ways of replacing."""

    def __init__(
        self,
        masks: NDArray[np.intp],
        parties: int,
        streams: Sequence[Stream],
        replacements: Sequence[Replacement],
    ) -> None:
        self.size = masks.size
        self.streams = streams
        self.outside = [(masks >> i & 1) == 0 for i in range(parties)]
        self.replacements = replacements
        self.prices = [np.array([way[0] for way in one.ways()]) for one in replacements]
        #: A delay longer than any stream stands for going without.
        self.never = never = max((one.worth.size for one in streams), default=1)
        self.bought = [np.array([way[1] == 0 for way in one.ways()]) for one in replacements]
        self.delays = [
            np.array([never if way[1] is None else way[1] for way in one.ways()])
            for one in replacements
        ]

    def of(self, chosen: Sequence[NDArray[np.intp]]) -> Floats:
        """Return the worth of every coalition; ``chosen[c]`` is its way for contribution ``c``."""
        total = np.zeros(self.size)
        missing = [self.outside[one.party] for one in self.replacements]
        for price, way, lacks in zip(self.prices, chosen, missing, strict=True):
            total -= np.where(lacks, price[way], 0.0)
        late = [
            np.where(lacks, delay[way], 0)
            for delay, way, lacks in zip(self.delays, chosen, missing, strict=True)
        ]
        bought = [flags[way] for flags, way in zip(self.bought, chosen, strict=True)]
        for stream in self.streams:
            wait = np.zeros(self.size, dtype=np.intp)
            for need in stream.needs:
                np.maximum(wait, late[need], out=wait)
            if stream.party >= 0:
                wait = np.where(
                    self.outside[stream.party], self._taken_over(stream, wait, late, bought), wait
                )
            total += np.append(stream.worth, 0.0)[np.minimum(wait, stream.worth.size)]
        return total

    def _taken_over(
        self,
        stream: Stream,
        wait: NDArray[np.intp],
        late: Sequence[NDArray[np.intp]],
        bought: Sequence[NDArray[np.bool_]],
    ) -> NDArray[np.intp]:
        """Return how late an outsider's stream comes to a coalition; as late as never if it does not."""
        own = [c for c, one in enumerate(self.replacements) if one.party == stream.party]
        used = [c for c in own if c in stream.needs]
        if stream.incoming:
            return wait if used else np.full(self.size, self.never)
        used = used or own
        if not used:
            return np.full(self.size, self.never)
        delays = np.array([late[c] for c in used])
        longest = np.where(delays < self.never, delays, 0).max(axis=0)
        falls_away = (delays >= self.never).all(axis=0)
        if stream.bought_off:
            falls_away |= np.logical_and.reduce([bought[c] for c in used])
        return np.where(falls_away, self.never, np.maximum(wait, longest))


def _climb(worths: _Worths, ways: Sequence[int], start: Sequence[int]) -> Floats:
    """Improve one contribution's way after the other, for every coalition, until nothing helps."""
    chosen = [np.full(worths.size, one, dtype=np.intp) for one in start]
    best = worths.of(chosen)
    improved = True
    while improved:
        improved = False
        for c, count in enumerate(ways):
            for way in range(count):
                tried = [*chosen]
                tried[c] = np.full(worths.size, way, dtype=np.intp)
                worth = worths.of(tried)
                better = worth > best + 1e-9 * np.maximum(1.0, np.abs(best))
                if better.any():
                    chosen[c] = np.where(better, way, chosen[c])
                    best = np.where(better, worth, best)
                    improved = True
    return best
