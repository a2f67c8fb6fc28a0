"""What is known without the facts is worked out before the query is written, and what is written is no longer than needed."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import ibis
import pytest

from mutualist.domain.programme.batch.exact import SIGNS, WHOLE, Pair, as_whole, times, whole
from mutualist.domain.programme.batch.functions import Functions
from mutualist.domain.programme.batch.stages import HEAVY, Stages, Term, apply, empty, literal
from mutualist.domain.programme.batch.taking import Shape
from mutualist.domain.programme.batch.values import (
    Plain,
    among,
    as_flag,
    compare_plain,
    holds,
    plain_is_empty,
    term_of,
)

F = Fraction
STAGES = Stages()
COLUMN = STAGES.column("a")
FACT = Pair(COLUMN, 10)
EARLY, LATE = dt.date(2026, 1, 1), dt.date(2026, 12, 31)


@pytest.fixture
def math():
    return Functions(Stages())


def chain(length):
    """A term of so many operations."""
    term = COLUMN
    for _ in range(length):
        term = apply(lambda value: value + 1, term)
    return term


def written(term, stages=None):
    """Return how the value of a term is written."""
    base = ibis.table({"a": "int64", "b": "int64"}, name="base")
    made = (stages or Stages()).finish(base, {"x": term})
    return ibis.to_sql(made, dialect="duckdb")


# -- stages ----------------------------------------------------------------------------------------


def test_a_term_knows_its_columns_its_stage_and_its_length():
    for plain in (literal(1, WHOLE), empty(WHOLE)):
        assert (plain.reads, plain.stage, plain.weight) == (frozenset(), 0, 0)
    assert (COLUMN.reads, COLUMN.stage, COLUMN.weight) == ({"a"}, 0, 0)
    stages = Stages()
    once = stages.keep(apply(lambda x, y: x + y, COLUMN, stages.column("b")))
    assert (once.reads, once.stage, once.weight) == ({".s1"}, 1, 0)
    both = apply(lambda x, y: x * y, once, chain(2))
    assert (both.reads, both.stage, both.weight) == ({".s1", "a"}, 1, 3)
    assert apply(lambda: ibis.literal(1)).weight == 1
    assert stages.keep(both).stage == 2
    assert stages.count == 2
    assert [list(added) for added in stages.added] == [[".s1"], [".s2"]]


def test_short_terms_are_written_again_and_long_ones_kept():
    stages = Stages()
    short, long = chain(HEAVY), chain(HEAVY + 1)
    assert HEAVY == 6
    assert stages.light(short) is short
    assert stages.count == 0
    assert (stages.light(long).weight, stages.count) == (0, 1)
    assert stages.keep(COLUMN) is COLUMN
    assert stages.count == 1


def test_a_term_of_a_later_stage_comes_after_what_it_reads():
    stages = Stages()
    second = stages.keep(apply(lambda x: x * 3, stages.keep(chain(1))))
    beside = stages.keep(apply(lambda x: x * 5, COLUMN))
    unused = stages.keep(apply(lambda x: x * 7, second))
    text = written(apply(lambda x, y: x - y, second, beside), stages)
    assert unused.stage == 3
    assert text.index("+ ") < text.index("* ")
    assert "7" not in text
    assert '"b"' not in text


# -- numbers ---------------------------------------------------------------------------------------


def test_constants_are_worked_out_by_python(math):
    assert math.times(F(2), F(3, 4)) == F(3, 2)
    assert math.over(F(3), F(4)) == F(3, 4)
    assert math.plus(F(1, 2), F(1, 3)) == F(5, 6)
    assert math.minus(F(1, 2), F(1, 3)) == F(1, 6)
    assert (math.floor(F(-7, 2)), math.ceil(F(-7, 2)), math.negative(F(3))) == (-4, -3, -3)
    assert math.extreme([F(2), None, F(5)], largest=True) == 5
    assert math.extreme([F(2), None, F(5)], largest=False) == 2
    assert math.sum([F(1), None, F(3, 2)]) == F(5, 2)
    assert math.linear(F(30), F(40), F(20)) == 15
    assert (math.linear(F(50), F(40), F(20)), math.linear(F(-1), F(40), F(20))) == (20, 0)
    assert (math.per_unit(F(3), F(2), F(5)), math.per_unit(F(3), F(2), F(7))) == (5, 6)
    assert math.growth(F(3), F(2), F(2), floored=True) == 50
    assert math.growth(F(3), F(2), F(3), floored=True) is None
    assert math.growth(F(3), F(2), None, floored=False) == 50
    assert (math.gate(True, F(4)), math.gate(False, F(4))) == (4, 0)
    assert math.count_true([True, False, True]) == 2
    assert math.weighted_average([(F(1), F(3)), (None, F(9)), (F(5), F(1))]) == 2
    assert (math.filled(None, F(3)), math.filled(F(4), F(3))) == (3, 4)
    assert (math.clamped(F(-1), F(5)), math.clamped(F(6), F(5)), math.clamped(F(3), F(5))) == (
        *(0, 5, 3),
    )


@pytest.mark.parametrize(
    ("number", "digits", "rounded"),
    [
        (F(5, 2), 0, F(3)),
        (F(-5, 2), 0, F(-2)),
        (F(249, 100), 1, F(5, 2)),
        (F(1235, 1000), 2, F(124, 100)),
        (F(15), -1, F(20)),
    ],
)
def test_rounding_is_half_up(math, number, digits, rounded):
    assert math.round(number, digits) == rounded


def test_brackets_give_the_points_of_the_last_bound_below(math):
    pairs = [(F(0), F(1)), (F(10), F(5)), (F(20), F(9))]
    points = [
        (math.brackets(F(v), pairs, strict=True), math.brackets(F(v), pairs, strict=False))
        for v in (-1, 0, 1, 10, 11, 20, 21)
    ]
    assert points == [(0, 0), (0, 1), (1, 1), (1, 5), (5, 5), (5, 9), (9, 9)]
    assert math.brackets(None, pairs, strict=True) is None


def test_of_an_empty_constant_nothing_is_written(math):
    for made in (
        *(math.times(None, FACT), math.times(FACT, None), math.over(FACT, None)),
        *(math.over(None, FACT), math.over(FACT, F(0)), math.plus(None, FACT)),
        *(math.plus(FACT, None), math.minus(FACT, None), math.floor(None), math.ceil(None)),
        *(math.extreme([None, None], largest=True), math.choose(STAGES.column("t"), None, None)),
        *(math.clamped(None, FACT), math.clamped(FACT, None)),
    ):
        assert made is None
    assert (math.is_empty(None), math.is_empty(F(0))) == (True, False)
    assert (math.compare("=", None, FACT), math.compare("=", FACT, None)) == (False, False)
    assert math.pair(None).bottom == 1
    assert math.pair(F(3, 7)).bottom == 7
    assert math.pair(FACT) is FACT
    for same in (None, F(1)):
        assert math.light(same) is same
        assert math.kept(same) is same


def test_a_constant_divisor_stays_as_small_as_it_can(math):
    half = math.times(FACT, F(5))
    assert (half.bottom, half.part, half.top) == (2, None, COLUMN)
    assert math.times(F(5), FACT).bottom == 2
    assert math.times(FACT, F(3, 7)).bottom == 70
    assert math.over(FACT, F(1, 5)).bottom == 2
    assert math.times(FACT, Pair(COLUMN, 4)).bottom == 40
    assert math.plus(FACT, Pair(COLUMN, 4)).bottom == 20
    assert math.choose(STAGES.column("t"), FACT, F(1, 4)).bottom == 20
    assert math.extreme([FACT, Pair(COLUMN, 4)], largest=True).bottom == 20
    assert math.floor(Pair(COLUMN)).top is COLUMN
    assert math.floor(FACT).bottom == 1
    assert math.extreme([FACT, None], largest=True) is FACT
    assert times(COLUMN, 1) is COLUMN
    assert math.constant(COLUMN, 3) == Pair(COLUMN, 3)
    assert "2" in written(times(COLUMN, 2))
    assert "DECIMAL(38, 0)" in written(as_whole(COLUMN))
    assert "DECIMAL(38, 0)" in written(whole(3))


def test_known_flags_spare_the_other_side(math):
    term = STAGES.column("t")
    assert [math.both(True, term), math.both(term, True)] == [term, term]
    assert [math.either(False, term), math.either(term, False)] == [term, term]
    known = [
        *(math.both(False, term), math.both(term, False), math.both(True, False)),
        *(math.either(True, term), math.either(term, True), math.either(False, True)),
        *(math.denied(True), math.denied(False)),
        *(math.both(True, True), math.either(False, False)),
    ]
    assert known == [False, False, False, True, True, True, False, True, True, False]
    assert (math.choose(True, FACT, F(1)), math.choose(False, FACT, F(1))) == (FACT, 1)
    assert isinstance(math.both(term, term), Term)
    assert isinstance(math.either(term, term), Term)


@pytest.mark.parametrize(
    ("op", "expected"),
    [
        ("=", (False, True, False)),
        ("!=", (True, False, True)),
        ("<", (True, False, False)),
        ("<=", (True, True, False)),
        (">", (False, False, True)),
        (">=", (False, True, True)),
    ],
)
def test_constants_are_compared_by_python(math, op, expected):
    assert op in SIGNS
    pairs = ((F(1), F(2)), (F(2), F(2)), (F(3), F(2)))
    assert tuple(math.compare(op, a, b) for a, b in pairs) == expected
    texts = (("a", "b"), ("b", "b"), ("c", "b"))
    assert (
        tuple(compare_plain(op, Plain("text", a), Plain("text", b)) for a, b in texts) == expected
    )


# -- texts, dates and flags ------------------------------------------------------------------------


def test_texts_and_dates_that_are_known_are_compared_by_python():
    early, late, none = Plain("date", EARLY), Plain("date", LATE), Plain("date", None)
    assert compare_plain("<", early, late) is True
    assert compare_plain("<", early, none) is False
    assert compare_plain("!=", none, late) is False
    assert isinstance(compare_plain("<", early, Plain("date", COLUMN)), Term)
    assert isinstance(compare_plain("<", Plain("date", COLUMN), early), Term)


def test_a_known_text_is_among_known_ones_or_not():
    known, none = Plain("text", "x"), Plain("text", None)
    assert (among(known, ["x", "y"]), among(known, ["y"]), among(known, [])) == (True, False, False)
    assert among(none, ["x"]) is False
    assert among(Plain("text", COLUMN), []) is False
    assert isinstance(among(Plain("text", COLUMN), ["x"]), Term)


def test_empty_flags_do_not_hold():
    flags = [holds(as_flag(flag)) for flag in (True, False)]
    assert flags == [True, False]
    assert holds(Plain("flag", None)) is False
    assert isinstance(holds(as_flag(COLUMN)), Term)
    assert [plain_is_empty(Plain("text", one)) for one in (None, "", "x")] == [True, False, False]


def test_plain_values_are_written_as_their_kind():
    assert term_of(Plain("text", COLUMN)) is COLUMN
    assert "'x'" in written(term_of(Plain("text", "x")))
    assert "AS DATE" in written(term_of(Plain("date", None)))
    assert "TRUE" in written(term_of(Plain("flag", True)))


def test_a_number_with_a_divisor_from_the_facts_takes_two_columns():
    assert Shape("number", 10).columns("n") == ("n",)
    assert Shape("number", 10, parted=True).columns("n") == ("n", "n.part")
    stages = Stages()
    plain = Shape("number", 10).cell(stages, "n")
    assert (plain.top.reads, plain.bottom, plain.part) == ({"n"}, 10, None)
    parted = Shape("number", 10, parted=True).cell(stages, "n")
    assert parted.part.reads == {"n.part"}
    assert Shape("number").cell(stages, "n").bottom == 1
    text = Shape("text").cell(stages, "n")
    assert (text.kind, text.value.reads) == ("text", {"n"})
