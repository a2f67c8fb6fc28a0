"""A linear programme in whole and real numbers, put together from sums, minima, conditions and choices.

Every construction holds for all counts the formulas it stands for hold for, so what comes out is a relaxation: it may
offer what exact scoring refuses (where two sides are equal, both answers are allowed), never the other way round.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

#: What is above zero is at least this much above it.
LEAST = 1e-5
SOLVED, IMPOSSIBLE = 0, 2
SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Line:
    """A number: a constant and so much of each variable, with bounds that it cannot leave."""

    constant: float
    terms: Mapping[int, float] = field(default_factory=lambda: MappingProxyType({}))
    low: float = 0.0
    high: float = 0.0

    @classmethod
    def of(cls, value: float) -> Line:
        """Return a constant."""
        return cls(value, MappingProxyType({}), value, value)

    def plus(self, other: Line, times: float = 1.0) -> Line:
        """Return this and so many times the other."""
        terms = dict(self.terms)
        for name, factor in other.terms.items():
            terms[name] = terms.get(name, 0.0) + times * factor
        ends = (times * other.low, times * other.high)
        return Line(
            self.constant + times * other.constant,
            terms,
            self.low + min(ends),
            self.high + max(ends),
        )

    def times(self, factor: float) -> Line:
        """Return a multiple."""
        return Line.of(0.0).plus(self, factor)


ONE, ZERO = Line.of(1.0), Line.of(0.0)


class Programme:
    """Variables and conditions, and the search for the cheapest values."""

    def __init__(self) -> None:
        self.low: list[float] = []
        self.high: list[float] = []
        self.whole: list[int] = []
        self.costs: dict[int, float] = {}
        self.rows: list[tuple[Mapping[int, float], float, float]] = []

    def variable(self, low: float, high: float, *, whole: bool = False) -> Line:
        """Return a new variable."""
        self.low.append(low)
        self.high.append(high)
        self.whole.append(int(whole))
        return Line(0.0, {len(self.low) - 1: 1.0}, low, high)

    def flag(self) -> Line:
        """Return a new variable that is 0 or 1."""
        return self.variable(0.0, 1.0, whole=True)

    def at_least(self, line: Line, least: float) -> None:
        """Ask for a number to be at least so much."""
        self.rows.append((line.terms, least - line.constant, float("inf")))

    def above(self, upper: Line, lower: Line) -> None:
        """Ask for one number to be at least another."""
        self.at_least(upper.plus(lower, -1.0), 0.0)

    # -- of numbers ------------------------------------------------------------------------------------

    def largest(self, lines: Sequence[Line]) -> Line:
        """Return the largest of some numbers."""
        best = max(line.low for line in lines)
        lines = [line for line in lines if line.high >= best]
        if len(lines) == 1:
            return lines[0]
        found = self.variable(best, max(line.high for line in lines))
        chosen = [self.flag() for _ in lines]
        for line, flag in zip(lines, chosen, strict=True):
            self.above(found, line)
            # Where it is chosen, what is found is no more than it.
            slack = ONE.plus(flag, -1.0).times(found.high - line.low)
            self.above(line.plus(slack), found)
        self.at_least(total(chosen), 1.0)
        return found

    def smallest(self, lines: Sequence[Line]) -> Line:
        """Return the smallest of some numbers."""
        return self.largest([line.times(-1.0) for line in lines]).times(-1.0)

    def clamped(self, line: Line, low: float, high: float) -> Line:
        """Return a number, but no less than one and no more than another."""
        return self.smallest([self.largest([line, Line.of(low)]), Line.of(high)])

    def gated(self, flag: Line, line: Line) -> Line:
        """Return a number where the flag is 1, else zero."""
        if flag.low == flag.high:
            return line if flag.low else ZERO
        if line.low == line.high:
            return flag.times(line.low)
        found = self.variable(min(line.low, 0.0), max(line.high, 0.0))
        closed = ONE.plus(flag, -1.0)
        self.above(flag.times(found.high), found)
        self.above(found, flag.times(found.low))
        self.above(line.plus(closed.times(found.high - line.low)), found)
        self.above(found.plus(closed.times(line.high - found.low)), line)
        return found

    def floor(self, line: Line) -> Line:
        """Return a whole number at most one below a number, and not above it."""
        found = self.variable(line.low - 1.0, line.high, whole=True)
        self.above(line, found)
        self.above(found.plus(ONE), line)
        return found

    # -- of conditions ----------------------------------------------------------------------------------

    def holds(self, line: Line, *, strict: bool) -> Line:
        """Return whether a number is at least zero, or above it; at zero itself both answers are allowed."""
        if line.low > 0 or (line.low == 0 and not strict):
            return ONE
        if line.high < 0 or (line.high == 0 and strict):
            return ZERO
        flag, least = self.flag(), LEAST if strict else 0.0
        # Held: line >= least. Not held: line <= 0.
        self.above(line.plus(ONE.plus(flag, -1.0), least - line.low), Line.of(least))
        self.above(flag.times(line.high), line)
        return flag

    def all_of(self, flags: Sequence[Line]) -> Line:
        """Return whether all hold."""
        return self.count(flags, len(flags))

    def any_of(self, flags: Sequence[Line]) -> Line:
        """Return whether one holds."""
        return self.count(flags, 1)

    def count(self, flags: Sequence[Line], wanted: int) -> Line:
        """Return whether so many hold."""
        sure = sum(1 for flag in flags if flag.low >= 1.0)
        open_ = [flag for flag in flags if flag.low < flag.high]
        wanted -= sure
        if wanted <= 0:
            return ONE
        if wanted > len(open_):
            return ZERO
        if len(open_) == wanted == 1:
            return open_[0]
        found, held = self.flag(), total(open_)
        self.above(held, found.times(float(wanted)))
        room = len(open_) - wanted + 1
        self.above(Line.of(wanted - 1.0).plus(found, float(room)), held)
        return found

    # -- search ---------------------------------------------------------------------------------------

    def solve(self, seconds: float = SECONDS) -> tuple[int, Sequence[float]]:
        """Return the state (0 solved, 2 impossible) and the cheapest values.

        Parameters
        ----------
        seconds
            So long at most; what takes longer is neither solved nor impossible.
        """
        import numpy as np
        from scipy.optimize import Bounds, LinearConstraint, milp
        from scipy.sparse import csr_array

        cost = np.zeros(len(self.low))
        for name, value in self.costs.items():
            cost[name] = value
        data, columns, starts = [], [], [0]
        for terms, _least, _most in self.rows:
            data += list(terms.values())
            columns += list(terms)
            starts.append(len(data))
        matrix = csr_array((data, columns, starts), shape=(len(self.rows), len(self.low)))
        found: Any = milp(
            cost,
            integrality=np.array(self.whole),
            bounds=Bounds(np.array(self.low), np.array(self.high)),
            constraints=LinearConstraint(
                matrix, [row[1] for row in self.rows], [row[2] for row in self.rows]
            ),
            options={"mip_rel_gap": 0.0, "time_limit": seconds},
        )
        return int(found.status), found.x if found.x is not None else ()


def total(lines: Sequence[Line]) -> Line:
    """Return the sum of numbers."""
    found = ZERO
    for line in lines:
        found = found.plus(line)
    return found
