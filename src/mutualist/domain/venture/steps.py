"""Steps of a computation that NumPy has no single function for; arrays have shape (periods, scenarios).

Every step writes to ``out`` and takes inputs that may have one row or one column instead of all.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]


def choose(out: Array, test: Array, then: Array, other: Array) -> None:
    """Take ``then`` where the test holds, else ``other``."""
    np.copyto(out, other)
    np.copyto(out, then, where=test != 0)


def shift(out: Array, values: Array, by: int) -> None:
    """Move values ``by`` periods later; zeros come in."""
    source = np.broadcast_to(values, out.shape)
    out[:by] = 0
    out[by:] = source[:-by]


def delay(out: Array, values: Array, happens: Array, by: int) -> None:
    """Move values ``by`` periods later in those scenarios in which something happens."""
    source = np.broadcast_to(values, out.shape)
    late = np.broadcast_to(happens != 0, out.shape)
    np.copyto(out, source)
    np.copyto(out[by:], source[:-by], where=late[by:])
    np.copyto(out[:by], 0, where=late[:by])


def cumulate(out: Array, values: Array, starts: Sequence[bool]) -> None:
    """Add up from period to period, anew where a year or term starts."""
    source = np.broadcast_to(values, out.shape)
    for row, fresh in enumerate(starts):
        if fresh or row == 0:
            out[row] = source[row]
        else:
            np.add(out[row - 1], source[row], out=out[row])


def difference(out: Array, values: Array, starts: Sequence[bool]) -> None:
    """Undo :func:`cumulate`."""
    source = np.broadcast_to(values, out.shape)
    for row, fresh in enumerate(starts):
        if fresh or row == 0:
            out[row] = source[row]
        else:
            np.subtract(source[row], source[row - 1], out=out[row])


def ever(out: Array, values: Array) -> None:
    """Return 1 from the first period on in which a condition held."""
    source = np.broadcast_to(values, out.shape)
    out[0] = source[0] != 0
    for row in range(1, len(out)):
        np.maximum(out[row - 1], source[row] != 0, out=out[row])


def persist(out: Array, scores: Array, weight: float) -> None:
    """Make independent normal scores an autoregressive series of normal scores.

    x_1 = z_1, x_t = w x_(t-1) + sqrt(1 - w^2) z_t: every x_t is standard normal.
    """
    fresh = sqrt(1 - weight * weight)
    np.multiply(scores, out.dtype.type(fresh), out=out)
    out[0] = scores[0]
    carried = np.empty_like(out[0])
    for row in range(1, len(out)):
        np.multiply(out[row - 1], out.dtype.type(weight), out=carried)
        out[row] += carried


def with_start(out: Array, values: Array) -> None:
    """Give period 0 the value of the first period."""
    out[1:] = values
    out[0] = values[0]


def look_up(out: Array, scores: Array, table: Array, low: float) -> None:
    """Read a quantile function, tabled at equal steps of the normal score, with linear interpolation."""
    cells = len(table) - 1
    position = (scores - low) * (cells / (-2 * low))
    np.clip(position, 0, cells, out=position)
    cell = np.minimum(position.astype(np.int32), cells - 1)
    position -= cell
    start = table[cell]
    np.multiply(table[cell + 1] - start, position, out=out)
    out += start


def pick(out: Array, scores: Array, limits: Array, values: Array) -> None:
    """Read the value of a scenario table: row k where the score lies between limits k and k + 1."""
    out[...] = values[np.searchsorted(limits, scores, side="right")]


def staircase(out: Array, base: Array, tiers: Sequence[tuple[float, float, float]]) -> None:
    """Pay each part of a base at the rate of its tier, given as (from, to, rate)."""
    source = np.broadcast_to(base, out.shape)
    out[...] = 0
    for low, high, rate in tiers:
        out += (np.clip(source, low, high) - low) * out.dtype.type(rate)


def top_up(out: Array, paid: Array, spans: Sequence[tuple[int, int, float]]) -> None:
    """Raise what was paid in each span of rows (first, last, least) to the least, in its last period."""
    source = np.broadcast_to(paid, out.shape)
    np.copyto(out, source)
    for first, last, least in spans:
        gap = out.dtype.type(least) - source[first : last + 1].sum(axis=0)
        out[last] += np.maximum(gap, 0)
