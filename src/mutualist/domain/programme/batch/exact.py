"""Exact numbers in a database: pairs of whole numbers.

A number is ``top / (bottom * part)``: ``top`` is an expression of whole numbers, ``bottom`` a constant that Python works
out beforehand, ``part`` an expression that is there only where the divisor comes from the facts. ``bottom`` and ``part``
are above zero. An empty number has an empty ``top``. Constants stay :class:`~fractions.Fraction` as long as possible.

All expressions are ``DECIMAL(38, 0)``: DuckDB computes them in 128 bits and stops with an error when a result has more
digits, PostgreSQL has no limit. Nothing is ever rounded, so both give what Python gives, or DuckDB gives nothing. Division
happens only to reduce a pair by its greatest common divisor and to round down; neither ``/`` nor ``//`` is used, which
both go through floating point on DuckDB.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from mutualist.domain.programme.batch.stages import Stages, Term, apply, empty, literal

WHOLE = "decimal(38, 0)"


@dataclass(frozen=True, slots=True)
class Pair:
    """A number that depends on the facts."""

    top: Term
    bottom: int = 1
    part: Term | None = None


Exact = Fraction | Pair | None
"""A constant, an expression, or empty for all partners."""


def _functions() -> tuple[Any, Any]:
    """Return ``div`` and ``gcd`` of whole numbers as the engines have them."""
    import ibis

    @ibis.udf.scalar.builtin(name="div", signature=((WHOLE, WHOLE), WHOLE))  # type: ignore[untyped-decorator]
    def div(a: Any, b: Any) -> Any:
        """Quotient, cut off towards zero."""

    @ibis.udf.scalar.builtin(name="gcd", signature=((WHOLE, WHOLE), WHOLE))  # type: ignore[untyped-decorator]
    def gcd(a: Any, b: Any) -> Any:
        """Greatest common divisor, not below zero."""

    return div, gcd


DUCKDB_PRELUDE = (
    "CREATE OR REPLACE TEMP MACRO div(a, b) AS CAST(a::HUGEINT // b::HUGEINT AS DECIMAL(38, 0))",
    """CREATE OR REPLACE TEMP MACRO gcd(a, b) AS
    CAST(greatest_common_divisor(a::HUGEINT, b::HUGEINT) AS DECIMAL(38, 0))""",
)
"""What DuckDB has to be told once a connection; PostgreSQL has both functions."""


def whole(number: int) -> Term:
    """Return a constant whole number."""
    return literal(number, WHOLE)


def as_whole(term: Term) -> Term:
    """Return a column of whole numbers wide enough to compute with."""
    return apply(lambda value: value.cast(WHOLE), term)


def times(term: Term, factor: int) -> Term:
    """Return a whole number times a constant."""
    if factor == 1:
        return term
    return apply(lambda a, b: a * b, term, whole(factor))


SIGNS: dict[str, Callable[[Any, Any], Any]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


class Arithmetic:
    """The four operations and what is built from them, over the columns of one table.

    Parameters
    ----------
    stages
        Takes what is used more than once.
    """

    def __init__(self, stages: Stages) -> None:
        self.stages = stages
        self.div, self.gcd = _functions()

    # -- shapes ----------------------------------------------------------------------------------

    def pair(self, number: Exact) -> Pair:
        """Return any number as a pair."""
        if number is None:
            return Pair(empty(WHOLE))
        if isinstance(number, Fraction):
            return Pair(whole(number.numerator), number.denominator)
        return number

    def light(self, number: Exact) -> Exact:
        """Return a number that may be mentioned several times."""
        if not isinstance(number, Pair):
            return number
        part = None if number.part is None else self.stages.light(number.part)
        return Pair(self.stages.light(number.top), number.bottom, part)

    def kept(self, number: Exact) -> Exact:
        """Return a number with columns of its own."""
        if not isinstance(number, Pair):
            return number
        part = None if number.part is None else self.stages.keep(number.part)
        return Pair(self.stages.keep(number.top), number.bottom, part)

    def reduced(self, top: Term, bottom: int, part: Term) -> Pair:
        """Return a pair whose divisor comes from the facts, in lowest terms."""
        top = self.stages.keep(top)
        part = self.stages.keep(times(part, bottom))
        common = self.stages.keep(apply(lambda a, b: self.gcd(a.abs(), b), top, part))
        return Pair(
            self.stages.keep(apply(self.div, top, common)),
            1,
            self.stages.keep(apply(self.div, part, common)),
        )

    def constant(self, top: Term, bottom: int) -> Pair:
        """Return a pair with a constant divisor."""
        return Pair(top, bottom)

    def is_empty(self, number: Exact) -> bool | Term:
        """Return whether a number is empty."""
        if number is None:
            return True
        if isinstance(number, Fraction):
            return False
        return apply(lambda value: value.isnull(), number.top)

    # -- operations ------------------------------------------------------------------------------

    def times(self, a: Exact, b: Exact) -> Exact:
        """Return ``a * b``; empty if one of them is."""
        if a is None or b is None:
            return None
        if isinstance(a, Fraction) and isinstance(b, Fraction):
            return a * b
        if isinstance(a, Fraction):
            a, b = b, a
        assert isinstance(a, Pair)
        if isinstance(b, Fraction):
            common = math.gcd(b.numerator, a.bottom)
            top = times(a.top, b.numerator // common)
            bottom = a.bottom // common * b.denominator
            if a.part is None:
                return Pair(top, bottom)
            return self.reduced(top, bottom, a.part)
        top = apply(lambda x, y: x * y, a.top, b.top)
        parts = [part for part in (a.part, b.part) if part is not None]
        if not parts:
            return Pair(top, a.bottom * b.bottom)
        part = parts[0] if len(parts) == 1 else apply(lambda x, y: x * y, *parts)
        return self.reduced(top, a.bottom * b.bottom, part)

    def over(self, a: Exact, b: Exact) -> Exact:
        """Return ``a / b``; empty if one of them is, or ``b`` is zero."""
        if a is None or b is None or b == 0:
            return None
        if isinstance(b, Fraction):
            return self.times(a, 1 / b)
        b = self.light(b)
        assert isinstance(b, Pair)
        sign = apply(lambda value: value.nullif(0).sign().cast(WHOLE), b.top)
        turned = apply(lambda x, y: x * y, sign, b.part or whole(1))
        over = Pair(times(turned, b.bottom), 1, apply(lambda value: value.abs(), b.top))
        return self.times(a, over)

    def plus(self, a: Exact, b: Exact) -> Exact:
        """Return ``a + b``; empty if one of them is."""
        if a is None or b is None:
            return None
        if isinstance(a, Fraction) and isinstance(b, Fraction):
            return a + b
        left, right = self.pair(a), self.pair(b)
        if left.part is not None or right.part is not None:
            left, right = self.pair(self.light(left)), self.pair(self.light(right))
        x, y, bottom = _level(left, right)
        x = x if right.part is None else apply(lambda p, q: p * q, x, right.part)
        y = y if left.part is None else apply(lambda p, q: p * q, y, left.part)
        top = apply(lambda p, q: p + q, x, y)
        parts = [part for part in (left.part, right.part) if part is not None]
        if not parts:
            return Pair(top, bottom)
        part = parts[0] if len(parts) == 1 else apply(lambda p, q: p * q, *parts)
        return self.reduced(top, bottom, part)

    def minus(self, a: Exact, b: Exact) -> Exact:
        """Return ``a - b``; empty if one of them is."""
        return self.plus(a, self.times(b, Fraction(-1)))

    def compare(self, op: str, a: Exact, b: Exact) -> bool | Term:
        """Return whether the comparison holds; it does not if one of them is empty."""
        if a is None or b is None:
            return False
        sign = SIGNS[op]
        if isinstance(a, Fraction) and isinstance(b, Fraction):
            return bool(sign(a, b))
        left, right = self.pair(a), self.pair(b)
        x, y, _ = _level(left, right)
        x = x if right.part is None else apply(lambda p, q: p * q, x, right.part)
        y = y if left.part is None else apply(lambda p, q: p * q, y, left.part)
        return apply(lambda p, q: sign(p, q).fill_null(False), x, y)

    def choose(self, test: bool | Term, then: Exact, other: Exact) -> Exact:
        """Return ``then if test else other``."""
        if isinstance(test, bool):
            return then if test else other
        if then is None and other is None:
            return None
        left, right = self.pair(then), self.pair(other)
        x, y, bottom = _level(left, right)
        test = self.stages.light(test)
        top = apply(lambda c, p, q: c.ifelse(p, q), test, x, y)
        if left.part is None and right.part is None:
            return Pair(top, bottom)
        part = apply(
            lambda c, p, q: c.ifelse(p, q), test, left.part or whole(1), right.part or whole(1)
        )
        return Pair(top, bottom, part)

    def filled(self, number: Exact, otherwise: Fraction) -> Exact:
        """Return a number, or a constant where it is empty."""
        if number is None:
            return otherwise
        if isinstance(number, Fraction):
            return number
        number = self.light(number)
        return self.choose(self.is_empty(number), otherwise, number)

    def extreme(self, numbers: Sequence[Exact], *, largest: bool) -> Exact:
        """Return the largest or smallest that is not empty."""
        constants = [number for number in numbers if isinstance(number, Fraction)]
        pairs = [number for number in numbers if isinstance(number, Pair)]
        if constants:
            pairs.append(self.pair(max(constants) if largest else min(constants)))
        if not pairs:
            return None
        if len(pairs) == 1:
            only = pairs[0]
            return (max(constants) if largest else min(constants)) if constants else only
        if all(pair.part is None for pair in pairs):
            return self._same_bottom(pairs, largest=largest)
        best: Exact = pairs[0]
        for pair in pairs[1:]:
            best, other = self.light(best), self.light(pair)
            beaten = self.either(
                self.is_empty(best), self.compare(">" if largest else "<", other, best)
            )
            best = self.choose(beaten, other, best)
        return best

    def _same_bottom(self, pairs: Sequence[Pair], *, largest: bool) -> Pair:
        import ibis

        bottom = math.lcm(*(pair.bottom for pair in pairs))
        tops = [times(pair.top, bottom // pair.bottom) for pair in pairs]
        return Pair(apply(ibis.greatest if largest else ibis.least, *tops), bottom)

    def either(self, a: bool | Term, b: bool | Term) -> bool | Term:
        """Return ``a or b``."""
        if isinstance(a, bool):
            return True if a else b
        if isinstance(b, bool):
            return True if b else a
        return apply(lambda x, y: x | y, a, b)

    def both(self, a: bool | Term, b: bool | Term) -> bool | Term:
        """Return ``a and b``."""
        if isinstance(a, bool):
            return b if a else False
        if isinstance(b, bool):
            return a if b else False
        return apply(lambda x, y: x & y, a, b)

    def denied(self, a: bool | Term) -> bool | Term:
        """Return ``not a``."""
        return (not a) if isinstance(a, bool) else apply(lambda x: ~x, a)

    def floor(self, number: Exact) -> Exact:
        """Return the largest whole number not above it."""
        if number is None:
            return None
        if isinstance(number, Fraction):
            return Fraction(math.floor(number))
        if number.part is None and number.bottom == 1:
            return number
        top = self.stages.light(number.top)
        below = whole(number.bottom)
        if number.part is not None:
            below = self.stages.light(times(number.part, number.bottom))
        down = apply(
            lambda p, q: (p < 0).ifelse(self.div(p - q + 1, q), self.div(p, q)), top, below
        )
        return Pair(down)

    def ceil(self, number: Exact) -> Exact:
        """Return the smallest whole number not below it."""
        return self.negative(self.floor(self.negative(number)))

    def negative(self, number: Exact) -> Exact:
        """Return the number with the other sign."""
        return self.times(number, Fraction(-1))


def _level(left: Pair, right: Pair) -> tuple[Term, Term, int]:
    """Return both tops over the least common constant divisor, and that divisor."""
    bottom = math.lcm(left.bottom, right.bottom)
    return times(left.top, bottom // left.bottom), times(right.top, bottom // right.bottom), bottom
