"""The functions of the rule language on exact numbers in a database."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from mutualist.domain.programme.batch.exact import Arithmetic, Exact
from mutualist.domain.programme.batch.stages import Term

ZERO = Fraction(0)
HALF = Fraction(1, 2)
Flag = bool | Term


class Functions(Arithmetic):
    """What formulas may call, over the columns of one table."""

    def sum(self, numbers: Sequence[Exact]) -> Exact:
        """Return the sum of those that are not empty; zero if all are."""
        total: Exact = ZERO
        for number in numbers:
            total = self.plus(total, self.filled(number, ZERO))
        return total

    def linear(self, value: Exact, threshold: Exact, most: Exact) -> Exact:
        """Return ``value / threshold * most``, at least zero and at most ``most``."""
        most = self.light(most)
        return self.clamped(self.times(self.over(value, threshold), most), most)

    def per_unit(self, value: Exact, points: Exact, cap: Exact) -> Exact:
        """Return ``value * points``, at least zero and at most ``cap``."""
        return self.clamped(self.times(value, points), cap)

    def clamped(self, number: Exact, most: Exact) -> Exact:
        """Return a number between zero and another; empty if one of them is."""
        if number is None or most is None:
            return None
        number, most = self.light(number), self.light(most)
        inside = self.choose(self.compare(">", number, most), most, number)
        inside = self.light(inside)
        return self.choose(self.compare("<", inside, ZERO), ZERO, inside)

    def brackets(
        self, value: Exact, pairs: Sequence[tuple[Exact, Exact]], *, strict: bool
    ) -> Exact:
        """Return the points of the last pair whose bound lies below the value."""
        value = self.light(value)
        found: Exact = ZERO
        op = ">" if strict else ">="
        for bound, points in pairs:
            found = self.choose(self.compare(op, value, bound), points, found)
        return self.choose(self.is_empty(value), None, found)

    def weighted_average(self, pairs: Sequence[tuple[Exact, Exact]]) -> Exact:
        """Return the average of values by their weights, without those that are empty."""
        total: Exact = ZERO
        weights: Exact = ZERO
        for pair in pairs:
            value, weight = self.light(pair[0]), self.light(pair[1])
            total = self.plus(total, self.filled(self.times(value, weight), ZERO))
            weights = self.plus(weights, self.choose(self.is_empty(value), ZERO, weight))
        return self.over(total, weights)

    def growth(self, now: Exact, before: Exact, floor: Exact, floored: bool) -> Exact:
        """Return the growth in per cent; empty where the base is below ``floor`` or zero."""
        now, before = self.light(now), self.light(before)
        rise = self.times(self.over(self.minus(now, before), before), Fraction(100))
        return self.choose(self.compare(">=", before, floor), rise, None) if floored else rise

    def gate(self, flag: Flag, points: Exact) -> Exact:
        """Return the points if the flag holds, else zero."""
        return self.choose(flag, points, ZERO)

    def round(self, number: Exact, digits: int) -> Exact:
        """Return a number rounded half up to some decimals."""
        scale = Fraction(10) ** digits
        moved = self.plus(self.times(number, scale), HALF)
        return self.times(self.floor(moved), 1 / scale)

    def count_true(self, flags: Sequence[Flag]) -> Exact:
        """Return how many flags hold."""
        total: Exact = ZERO
        for flag in flags:
            total = self.plus(total, self.choose(flag, Fraction(1), ZERO))
        return total
