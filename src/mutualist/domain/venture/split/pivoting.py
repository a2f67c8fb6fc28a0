"""One level of the nucleolus: the linear programme that makes the smallest excess as large as possible.

It has few variables and up to ``2**n`` conditions, so it is solved by the dual simplex method with all conditions priced at
once: a matrix of sums gives every coalition's excess, the most violated one enters, and the basis, no larger than the number
of parties, says which one leaves.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from mutualist.domain.venture.split.coalitions import Floats, members_of, subset_sums

# Values are scaled to at most 1; what lies below is rounding.
TOLERANCE = 1e-10
_REFRESH = 24


@dataclass(frozen=True, slots=True)
class Conditions:
    """What a level has to respect.

    Parameters
    ----------
    worth
        ``v(S)`` of every coalition that is still free, shape ``(2**n,)``; minus infinity for the others.
    floors
        What each party gets at least; minus infinity where nothing is demanded, shape ``(n,)``.
    per_member
        Whether the excess is counted per member of the coalition.
    """

    worth: Floats
    floors: Floats
    per_member: bool


@dataclass(frozen=True, slots=True)
class Best:
    """The outcome of a level.

    Attributes
    ----------
    payments
        A split at which the smallest excess is as large as possible, shape ``(n,)``.
    excess
        This excess.
    binding
        Conditions that hold with equality in every such split: the number of a coalition, or ``-1 - i`` for the floor of
        party ``i``.
    basis
        All conditions of the last basis, where the next level starts.
    pivots
        How many exchanges it took.
    """

    payments: Floats
    excess: float
    binding: tuple[int, ...]
    basis: tuple[int, ...]
    pivots: int


class Level:
    """The dual simplex method for one level.

    Parameters
    ----------
    conditions
        What has to hold.
    directions
        Orthonormal directions in which payments can move, shape ``(n, d)``.
    start
        A split that keeps what is fixed, shape ``(n,)``.
    """

    def __init__(self, conditions: Conditions, directions: Floats, start: Floats) -> None:
        self.conditions = conditions
        self.directions = directions
        self.start = start
        self.parties, self.free = directions.shape
        self.low = self.parties // 2
        self.table = conditions.worth.reshape(-1, 1 << self.low)
        self.buffer = np.empty_like(self.table)
        self.has_floors = bool(np.isfinite(conditions.floors).any())

    def row(self, which: int) -> tuple[Floats, float]:
        """Return the coefficients (directions, then the excess) and the bound of a condition."""
        if which < 0:
            party = -1 - which
            bound = float(self.conditions.floors[party] - self.start[party])
            return np.append(self.directions[party], 0.0), bound
        members = list(members_of(which))
        weight = float(len(members)) if self.conditions.per_member else 1.0
        bound = float(self.conditions.worth[which] - self.start[members].sum())
        return np.append(self.directions[members].sum(axis=0), -weight), bound

    def solve(self, hints: Iterable[int]) -> Best:
        """Return the best split; ``hints`` are conditions that may bind."""
        basis = self._first_basis(hints)
        rows = [self.row(which) for which in basis]
        matrix = np.array([row for row, _ in rows])
        bounds = np.array([bound for _, bound in rows])
        first = matrix.copy()
        inverse = np.linalg.inv(matrix)
        pivots = 0
        while True:
            if pivots % _REFRESH == _REFRESH - 1:
                inverse = np.linalg.inv(matrix)
            solution = inverse @ bounds
            payments = self.start + self.directions @ solution[:-1]
            entering = self._most_violated(payments, float(solution[-1]))
            if entering is None:
                break
            row, bound = self.row(entering)
            combination = row @ inverse
            leaving = _leaving(-inverse[-1], combination, first, inverse)
            column = inverse[:, leaving] / combination[leaving]
            inverse -= np.outer(column, combination)
            inverse[:, leaving] = column
            matrix[leaving], bounds[leaving], basis[leaving] = row, bound, entering
            pivots += 1
        weights = -np.linalg.inv(matrix)[-1]
        binding = tuple(which for which, w in zip(basis, weights, strict=True) if w > TOLERANCE)
        return Best(payments, float(solution[-1]), binding, tuple(basis), pivots)

    def _most_violated(self, payments: Floats, excess: float) -> int | None:
        """Return the condition that misses most at a split and an excess, or nothing if all hold."""
        shift = excess if self.conditions.per_member else 0.0
        sums_low = subset_sums(payments[: self.low] - shift)
        sums_high = subset_sums(payments[self.low :] - shift)
        np.add(sums_high[:, None], sums_low, out=self.buffer)
        np.subtract(self.buffer, self.table, out=self.buffer)
        worst = int(self.buffer.argmin())
        missing = float(self.buffer.flat[worst]) - (0.0 if self.conditions.per_member else excess)
        if self.has_floors:
            above = payments - self.conditions.floors
            poorest = int(above.argmin())
            if above[poorest] < min(missing, -TOLERANCE):
                return -1 - poorest
        return worst if missing < -TOLERANCE else None

    def _first_basis(self, hints: Iterable[int]) -> list[int]:
        """Return conditions to begin with: the pair that bounds the excess most, then whatever is independent.

        A coalition and its counterpart together hold what is fixed, so each with the same weight is feasible for the dual.
        """
        worth = self.conditions.worth
        half = worth.size // 2
        both = worth[:half] + worth[half:][::-1]
        first = int(both.argmax())
        chosen = [first, worth.size - 1 - first]
        found = np.zeros((0, self.free + 1))
        basis: list[int] = []
        floors = [-1 - i for i in range(self.parties) if np.isfinite(self.conditions.floors[i])]
        singles = [1 << i for i in range(self.parties)]
        usable = (
            which
            for which in (*chosen, *hints, *singles, *floors)
            if which < 0 or np.isfinite(worth[which])
        )
        # Singles and floors alone would do: there is always one more.
        while len(basis) <= self.free:
            which = next(usable)
            row, _ = self.row(which)
            rest = row - found.T @ (found @ row)
            rest -= found.T @ (found @ rest)
            length = float(np.linalg.norm(rest))
            if length > 1e-6:
                found = np.vstack([found, rest / length])
                basis.append(which)
        return basis


def _leaving(weights: Floats, combination: Floats, first: Floats, inverse: Floats) -> int:
    """Return which condition leaves: the first weight to reach zero; ties are broken lexicographically, so none cycles.

    References
    ----------
    G. B. Dantzig, A. Orden, P. Wolfe, "The generalized simplex method for minimizing a linear form under linear inequality
    restraints", Pacific Journal of Mathematics 5, 1955.
    """
    candidates = np.flatnonzero(combination > TOLERANCE)
    ratios = np.maximum(weights[candidates], 0.0) / combination[candidates]
    tied = candidates[ratios <= ratios.min() + TOLERANCE]
    if len(tied) == 1:
        return int(tied[0])
    order = (first @ inverse[:, tied]) / combination[tied]
    left = np.arange(len(tied))
    for line in order:
        left = left[line[left] <= line[left].min() + TOLERANCE]
    return int(tied[left[0]])
