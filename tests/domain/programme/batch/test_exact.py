"""Arithmetic in the database gives the fractions that Python gives, digit for digit."""

from __future__ import annotations

import math
from fractions import Fraction

import duckdb
import ibis
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mutualist.domain.programme.batch.exact import DUCKDB_PRELUDE, WHOLE, Arithmetic, Pair
from mutualist.domain.programme.batch.stages import Stages, Term, apply, literal

NAMES = ("a", "b", "c")


class InPython:
    """The same operations on fractions, written down plainly."""

    def times(self, a, b):
        return None if a is None or b is None else a * b

    def over(self, a, b):
        return None if a is None or b is None or b == 0 else a / b

    def plus(self, a, b):
        return None if a is None or b is None else a + b

    def minus(self, a, b):
        return None if a is None or b is None else a - b

    def floor(self, a):
        return None if a is None else Fraction(math.floor(a))

    def ceil(self, a):
        return None if a is None else Fraction(math.ceil(a))

    def largest(self, a, b):
        return max((x for x in (a, b) if x is not None), default=None)

    def smallest(self, a, b):
        return min((x for x in (a, b) if x is not None), default=None)

    def chosen(self, a, b, c):
        return b if a is not None and b is not None and a <= b else c


class InSql(InPython):
    """The operations under test."""

    def __init__(self):
        self.stages = Stages()
        self.exact = Arithmetic(self.stages)
        for name in ("times", "over", "plus", "minus", "floor", "ceil"):
            setattr(self, name, getattr(self.exact, name))

    def largest(self, a, b):
        return self.exact.extreme([a, b], largest=True)

    def smallest(self, a, b):
        return self.exact.extreme([a, b], largest=False)

    def chosen(self, a, b, c):
        b = self.exact.light(b)
        return self.exact.choose(self.exact.compare("<=", a, b), b, c)


CONSTANTS = st.fractions(-20, 20, max_denominator=12)
TREES = st.recursive(
    st.sampled_from(NAMES) | CONSTANTS | st.none(),
    lambda inner: st.one_of(
        st.tuples(st.sampled_from(["times", "over", "plus", "minus"]), inner, inner),
        st.tuples(st.sampled_from(["largest", "smallest"]), inner, inner),
        st.tuples(st.sampled_from(["floor", "ceil"]), inner),
        st.tuples(st.just("chosen"), inner, inner, inner),
    ),
    max_leaves=7,
)
CELLS = st.none() | st.integers(-300, 300)
ROWS = st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=6)


def follow(tree, on, named):
    """Work a tree out with one set of operations."""
    if isinstance(tree, str):
        return named[tree]
    if not isinstance(tree, tuple):
        return tree
    return getattr(on, tree[0])(*(follow(part, on, named) for part in tree[1:]))


def in_duckdb(number, sql, rows):
    """Return what a number is for each row, as DuckDB computes it."""
    base = ibis.table({"row": "int64", **dict.fromkeys(NAMES, "int64")}, name="base")
    pair = sql.exact.pair(number)
    wanted = {
        "row": sql.stages.column("row"),
        "top": pair.top,
        "part": pair.part or literal(1, WHOLE),
    }
    text = ibis.to_sql(sql.stages.finish(base, wanted), dialect="duckdb")
    with duckdb.connect() as engine:
        for line in DUCKDB_PRELUDE:
            engine.execute(line)
        engine.execute("CREATE TABLE base (row BIGINT, a BIGINT, b BIGINT, c BIGINT)")
        engine.executemany(
            "INSERT INTO base VALUES (?, ?, ?, ?)", [[n, *row] for n, row in enumerate(rows)]
        )
        found = engine.execute(text).fetchall()
    return [
        None if top is None else Fraction(int(top), int(part) * pair.bottom)
        for _, top, part in sorted(found)
    ]


@settings(max_examples=40, deadline=None)
@given(TREES, ROWS)
def test_any_formula_gives_the_fraction(tree, rows):
    sql = InSql()
    columns = {
        name: Pair(apply(lambda value: value.cast(WHOLE), sql.stages.column(name)), 10)
        for name in NAMES
    }
    expected = [
        follow(
            tree,
            InPython(),
            {n: None if c is None else Fraction(c, 10) for n, c in zip(NAMES, row, strict=True)},
        )
        for row in rows
    ]
    try:
        found = in_duckdb(follow(tree, sql, columns), sql, rows)
    except duckdb.OutOfRangeException:
        return
    assert found == expected


def test_thirty_nine_digits_stop_the_query_instead_of_being_wrong():
    sql = InSql()
    number = Pair(apply(lambda value: value.cast(WHOLE), sql.stages.column("a")))
    for _ in range(3):
        number = sql.times(number, number)
    with pytest.raises(duckdb.OutOfRangeException):
        in_duckdb(number, sql, [(10**5, 0, 0)])
    assert in_duckdb(number, sql, [(10**4, 0, 0)]) == [Fraction(10**32)]


def test_a_column_used_twice_is_computed_once():
    stages = Stages()
    once = stages.keep(apply(lambda value: value + 1, stages.column("a")))
    twice = apply(lambda x, y: x * y, once, once)
    base = ibis.table({"a": "int64", "unused": "int64"}, name="base")
    text = ibis.to_sql(stages.finish(base, {"r": twice}), dialect="duckdb")
    assert text.count("+ ") <= 2
    assert "unused" not in text


def test_what_nobody_reads_is_not_computed():
    stages = Stages()
    stages.keep(apply(lambda value: value * 7, stages.column("a")))
    base = ibis.table({"a": "int64"}, name="base")
    assert "7" not in ibis.to_sql(stages.finish(base, {"a": stages.column("a")}), dialect="duckdb")


def test_a_constant_is_no_column():
    stages = Stages()
    assert stages.keep(literal(3, WHOLE)).reads == frozenset()
    assert isinstance(literal(3, WHOLE), Term)


@pytest.mark.parametrize("largest", [True, False])
def test_the_largest_of_quotients_is_found_whatever_their_divisors(largest):
    rows = [(7, 2, 3), (-7, 2, 3), (7, -2, 3), (1, 3, 2), (0, 5, 5), (4, 0, 2), (None, 2, 3)]
    sql = InSql()
    a, b, c = (Pair(apply(lambda v: v.cast(WHOLE), sql.stages.column(n))) for n in NAMES)
    found = in_duckdb(
        sql.exact.extreme([sql.over(a, b), sql.over(a, c), sql.over(b, c)], largest=largest),
        sql,
        rows,
    )
    way = max if largest else min
    assert found == [
        way(
            (Fraction(x, y) for x, y in ((p, q), (p, r), (q, r)) if x is not None and y),
            default=None,
        )
        for p, q, r in rows
    ]


@pytest.mark.parametrize("largest", [True, False])
def test_a_constant_and_a_quotient_can_be_the_largest(largest):
    sql = InSql()
    a, b = (Pair(apply(lambda v: v.cast(WHOLE), sql.stages.column(n))) for n in "ab")
    numbers = [Fraction(1, 3), sql.over(a, b), Fraction(5, 2), None]
    found = in_duckdb(
        sql.exact.extreme(numbers, largest=largest), sql, [(7, 2, 0), (1, 4, 0), (1, 1, 0)]
    )
    bounds = (Fraction(7, 2), Fraction(5, 2), Fraction(5, 2))
    least = (Fraction(1, 3), Fraction(1, 4), Fraction(1, 3))
    assert tuple(found) == (bounds if largest else least)
