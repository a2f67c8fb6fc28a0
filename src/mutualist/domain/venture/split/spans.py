"""Which coalitions are settled once others are: an exact test in whole numbers."""

from __future__ import annotations

from math import gcd

import numpy as np
from numpy.typing import NDArray

from mutualist.domain.venture.split.coalitions import members_of, subset_sums


class Span:
    """The coalitions whose total follows from totals that are fixed already.

    A coalition's total is settled if its indicator is a linear combination of the indicators of the fixed ones, that is,
    if every vector orthogonal to these is orthogonal to it as well. The orthogonal vectors are kept as whole numbers
    (each is one unit vector eliminated by the fixed rows, divided by its greatest common divisor; Cramer's rule bounds it
    by a determinant of zeros and ones, for 20 parties below 7.3e7). So no rounding decides what is fixed.

    Parameters
    ----------
    parties
        How many there are; the whole is fixed from the start.

    Examples
    --------
    >>> span = Span(3)
    >>> span.fix(0b001)
    True
    >>> span.fix(0b110)
    False
    >>> span.free().nonzero()[0].tolist()
    [2, 3, 4, 5]
    """

    def __init__(self, parties: int) -> None:
        self.parties = parties
        self.orthogonal: list[list[int]] = [
            [int(i == j) for j in range(parties)] for i in range(parties)
        ]
        self.fix((1 << parties) - 1)

    @property
    def rank(self) -> int:
        """How many independent totals are fixed."""
        return self.parties - len(self.orthogonal)

    def fix(self, mask: int) -> bool:
        """Fix the total of one more coalition; tell whether this was not settled before."""
        members = members_of(mask)
        products = [sum(vector[i] for i in members) for vector in self.orthogonal]
        if not any(products):
            return False
        pivot = min(
            (p for p in range(len(products)) if products[p]), key=lambda p: abs(products[p])
        )
        leader, lead = self.orthogonal[pivot], products[pivot]
        kept = []
        for vector, product in zip(self.orthogonal, products, strict=True):
            if vector is leader:
                continue
            reduced = (
                [lead * a - product * b for a, b in zip(vector, leader, strict=True)]
                if product
                else vector
            )
            divisor = gcd(*reduced)
            kept.append([a // divisor for a in reduced])
        self.orthogonal = kept
        return True

    def basis(self) -> NDArray[np.float64]:
        """Return orthonormal directions in which payments can still move, shape ``(n, n - rank)``."""
        if not self.orthogonal:
            return np.zeros((self.parties, 0))
        columns = np.array(self.orthogonal, dtype=np.float64).T
        return np.asarray(np.linalg.qr(columns / np.abs(columns).max(axis=0))[0])

    def free(self) -> NDArray[np.bool_]:
        """Tell for every coalition whether its total can still move, shape ``(2**n,)``.

        The orthogonal vectors are combined with random factors and added up over every coalition, modulo 2**64: a settled
        coalition gives exactly zero; one that is free gives zero with probability about 2**-64.
        """
        factors = np.random.default_rng(20).integers(
            0, 2**63, len(self.orthogonal), dtype=np.uint64
        )
        combined = [
            sum(int(f) * vector[i] for f, vector in zip(factors, self.orthogonal, strict=True))
            for i in range(self.parties)
        ]
        sums = subset_sums(np.array([c % 2**64 for c in combined], dtype=np.uint64))
        return np.asarray(sums != 0)
