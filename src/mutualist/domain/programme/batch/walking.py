"""Checked formulas as expressions over the columns of a table: what rows and partners have in common."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from mutualist.domain.programme.batch.exact import WHOLE, Exact, Pair
from mutualist.domain.programme.batch.functions import Functions
from mutualist.domain.programme.batch.stages import Stages, Term, apply, literal
from mutualist.domain.programme.batch.values import (
    TYPES,
    Cell,
    Flag,
    Plain,
    among,
    as_flag,
    compare_plain,
    holds,
    plain_is_empty,
    term_of,
)
from mutualist.domain.programme.rules import trees
from mutualist.domain.programme.rules.model import Field, RuleSet


class Walker:
    """Walks over a checked tree, one method a form.

    Parameters
    ----------
    rules
        For lists.
    stages
        Takes what is used more than once.
    day
        What ``day`` means: the day that is scored, moved back where a measure says so.
    """

    def __init__(self, rules: RuleSet, stages: Stages, day: dt.date) -> None:
        self.rules = rules
        self.stages = stages
        self.day = day
        self.math = Functions(stages)

    def cell(self, tree: trees.Tree) -> Cell:
        """Return what a tree stands for."""
        made: Cell = getattr(self, f"on_{type(tree).__name__.lower()}")(tree)
        return made

    def number(self, tree: trees.Tree) -> Exact:
        """Return what a tree of numbers stands for."""
        cell = self.cell(tree)
        assert not isinstance(cell, Plain)
        return cell

    def plain(self, tree: trees.Tree) -> Plain:
        """Return what a tree of texts, dates or flags stands for."""
        cell = self.cell(tree)
        assert isinstance(cell, Plain)
        return cell

    def condition(self, tree: trees.Tree) -> Flag:
        """Return whether a tree of flags holds."""
        return holds(self.plain(tree))

    def column(self, name: str, field: Field) -> Cell:
        """Return a column of facts: numbers are whole numbers, scaled by the decimals of the field."""
        term = self.stages.column(name)
        if field.value_kind != "number":
            return Plain(field.value_kind, term)
        return Pair(apply(lambda value: value.cast(WHOLE), term), 10**field.decimals)

    # -- constants -------------------------------------------------------------------------------

    def on_const(self, tree: trees.Const) -> Cell:
        """Return a value written down."""
        if tree.kind == "number":
            assert tree.value is None or isinstance(tree.value, Fraction)
            return tree.value
        assert not isinstance(tree.value, Fraction)
        return Plain(tree.kind, tree.value)

    def on_day(self, _tree: trees.Day) -> Cell:
        """Return ``day``."""
        return Plain("date", self.day)

    # -- lists -----------------------------------------------------------------------------------

    def on_inlist(self, tree: trees.InList) -> Cell:
        """Return ``item in list``."""
        items = list(self.rules.lists[tree.listing].items)
        return as_flag(among(self.plain(tree.item), items))

    def on_validin(self, tree: trees.ValidIn) -> Cell:
        """Return ``valid(item, list)``."""
        items = sorted(self.rules.lists[tree.listing].counting(self.day))
        return as_flag(among(self.plain(tree.item), items))

    def on_withinlatest(self, tree: trees.WithinLatest) -> Cell:
        """Return ``within_latest(item, list, n)``."""
        items = sorted(self.rules.lists[tree.listing].latest(self.day, tree.count))
        return as_flag(among(self.plain(tree.item), items))

    def on_listvalue(self, tree: trees.ListValue) -> Cell:
        """Return ``lookup(item, list, column)``: the constants of a column, chosen by the item."""
        item = self.plain(tree.item)
        values = {
            name: one.values.get(tree.column)
            for name, one in self.rules.lists[tree.listing].items.items()
        }
        if not isinstance(item.value, Term):
            value = values.get(item.value) if isinstance(item.value, str) else None
            return self.on_const(trees.Const(tree.kind, value))
        filled = {name: value for name, value in values.items() if value is not None}
        if tree.kind != "number":
            return Plain(tree.kind, _chosen(item.value, filled, TYPES[tree.kind]))
        numbers = {k: v for k, v in filled.items() if isinstance(v, Fraction)}
        if len(set(numbers.values())) == 1 and len(numbers) == len(values):
            (only,) = set(numbers.values())
            return self.math.choose(among(item, list(numbers)), only, None)
        bottom = _common(numbers.values())
        tops = {name: int(value * bottom) for name, value in numbers.items()}
        return Pair(_chosen(item.value, tops, WHOLE), bottom)

    # -- forms -----------------------------------------------------------------------------------

    def on_arithmetic(self, tree: trees.Arithmetic) -> Cell:
        """Return ``left op right``."""
        left, right = self.number(tree.left), self.number(tree.right)
        math = self.math
        return {"+": math.plus, "-": math.minus, "*": math.times, "/": math.over}[tree.op](
            left, right
        )

    def on_compare(self, tree: trees.Compare) -> Cell:
        """Return a comparison."""
        return as_flag(self.compared(tree.op, self.cell(tree.left), self.cell(tree.right)))

    def compared(self, op: str, left: Cell, right: Cell) -> Flag:
        """Return whether two values of one kind compare so."""
        if isinstance(left, Plain) and isinstance(right, Plain):
            return compare_plain(op, left, right)
        assert not isinstance(left, Plain)
        assert not isinstance(right, Plain)
        return self.math.compare(op, left, right)

    def on_oneof(self, tree: trees.OneOf) -> Cell:
        """Return ``left in [a, b]``."""
        left = self.cell(tree.left)
        if not isinstance(left, Plain):
            left = self.math.light(left)
        found: Flag = False
        for entry in tree.entries:
            found = self.math.either(found, self.compared("=", left, self.cell(entry)))
        return as_flag(found)

    def on_junction(self, tree: trees.Junction) -> Cell:
        """Return ``and`` or ``or``."""
        join = self.math.both if tree.op == "and" else self.math.either
        found = self.condition(tree.parts[0])
        for part in tree.parts[1:]:
            found = join(found, self.condition(part))
        return as_flag(found)

    def on_negation(self, tree: trees.Negation) -> Cell:
        """Return ``not part``."""
        return as_flag(self.math.denied(self.condition(tree.part)))

    def on_isempty(self, tree: trees.IsEmpty) -> Cell:
        """Return ``part is empty``."""
        cell = self.cell(tree.part)
        if isinstance(cell, Plain):
            return as_flag(plain_is_empty(cell))
        return as_flag(self.math.is_empty(cell))

    def on_choice(self, tree: trees.Choice) -> Cell:
        """Return ``then if test else other``."""
        test = self.condition(tree.test)
        then, other = self.cell(tree.then), self.cell(tree.other)
        if isinstance(test, bool):
            return then if test else other
        if not isinstance(then, Plain):
            assert not isinstance(other, Plain)
            return self.math.choose(test, then, other)
        assert isinstance(other, Plain)
        chosen = apply(lambda c, a, b: c.ifelse(a, b), test, term_of(then), term_of(other))
        return Plain(tree.kind, chosen)

    # -- functions -------------------------------------------------------------------------------

    def on_apply(self, tree: trees.Apply) -> Cell:
        """Return a function of its arguments."""
        made: Cell = getattr(self, f"call_{tree.function}")(*tree.args)
        return made

    def _numbers(self, args: Sequence[trees.Tree]) -> list[Exact]:
        return [self.math.light(self.number(arg)) for arg in args]

    def _pairs(self, args: Sequence[trees.Tree]) -> list[tuple[Exact, Exact]]:
        numbers = self._numbers(args)
        return list(zip(numbers[::2], numbers[1::2], strict=True))

    def call_linear(self, *args: trees.Tree) -> Cell:
        """Return ``linear(value, threshold, most)``."""
        return self.math.linear(*self._numbers(args))

    def call_per_unit(self, *args: trees.Tree) -> Cell:
        """Return ``per_unit(value, points, cap)``."""
        return self.math.per_unit(*self._numbers(args))

    def call_per_whole_unit(self, *args: trees.Tree) -> Cell:
        """Return ``per_whole_unit(value, points, cap)``."""
        value, points, cap = self._numbers(args)
        return self.math.per_unit(self.math.floor(value), points, cap)

    def call_brackets(self, value: trees.Tree, *pairs: trees.Tree) -> Cell:
        """Return ``brackets(value, ...)``."""
        return self.math.brackets(self.number(value), self._pairs(pairs), strict=True)

    def call_brackets_from(self, value: trees.Tree, *pairs: trees.Tree) -> Cell:
        """Return ``brackets_from(value, ...)``."""
        return self.math.brackets(self.number(value), self._pairs(pairs), strict=False)

    def call_weighted_average(self, *pairs: trees.Tree) -> Cell:
        """Return ``weighted_average(...)``."""
        return self.math.weighted_average(self._pairs(pairs))

    def call_min(self, *args: trees.Tree) -> Cell:
        """Return the smallest that is not empty."""
        return self._extreme(args, largest=False)

    def call_max(self, *args: trees.Tree) -> Cell:
        """Return the largest that is not empty."""
        return self._extreme(args, largest=True)

    def _extreme(self, args: Sequence[trees.Tree], *, largest: bool) -> Cell:
        if args[0].kind == "number":
            return self.math.extreme(self._numbers(args), largest=largest)
        # All are of one kind, and of texts and flags the rules take none.
        import ibis

        terms = [term_of(self.plain(arg)) for arg in args]
        return Plain("date", apply(ibis.greatest if largest else ibis.least, *terms))

    def call_sum(self, *args: trees.Tree) -> Cell:
        """Return the sum of those that are not empty."""
        return self.math.sum(self._numbers(args))

    def call_ratio(self, *args: trees.Tree) -> Cell:
        """Return ``ratio(a, b)``."""
        return self.math.over(*self._numbers(args))

    def call_growth(self, now: trees.Tree, before: trees.Tree, *floor: trees.Tree) -> Cell:
        """Return ``growth(now, before, floor)``."""
        least = self.number(floor[0]) if floor else None
        return self.math.growth(self.number(now), self.number(before), least, bool(floor))

    def call_gate(self, flag: trees.Tree, points: trees.Tree) -> Cell:
        """Return ``gate(flag, points)``."""
        return self.math.gate(self.condition(flag), self.number(points))

    def call_all(self, *flags: trees.Tree) -> Cell:
        """Return whether all flags hold."""
        return self.on_junction(trees.Junction("flag", "and", flags))

    def call_any(self, *flags: trees.Tree) -> Cell:
        """Return whether one flag holds."""
        return self.on_junction(trees.Junction("flag", "or", flags))

    def call_at_least(self, least: trees.Tree, *flags: trees.Tree) -> Cell:
        """Return whether so many flags hold."""
        count = self.math.count_true([self.condition(flag) for flag in flags])
        return as_flag(self.math.compare(">=", count, self.number(least)))

    def call_round(self, value: trees.Tree, *digits: trees.Tree) -> Cell:
        """Return ``round(x, digits)``."""
        places = self.number(digits[0]) if digits else Fraction(0)
        assert isinstance(places, Fraction)  # a whole number, by the language
        return self.math.round(self.number(value), int(places))

    def call_floor(self, value: trees.Tree) -> Cell:
        """Return ``floor(x)``."""
        return self.math.floor(self.number(value))

    def call_ceil(self, value: trees.Tree) -> Cell:
        """Return ``ceil(x)``."""
        return self.math.ceil(self.number(value))

    def call_days_since(self, date: trees.Tree) -> Cell:
        """Return the days from a date to ``day``."""
        since = self.plain(date)
        if not isinstance(since.value, Term):
            passed = None if since.value is None else (self.day - _day(since.value)).days
            return None if passed is None else Fraction(passed)
        today = literal(self.day, "date")
        return Pair(apply(lambda a, b: b.delta(a, unit="day").cast(WHOLE), since.value, today))

    def call_months_since(self, date: trees.Tree) -> Cell:
        """Return the full months from a date to ``day``."""
        since, day = self.plain(date), self.day
        if not isinstance(since.value, Term):
            return None if since.value is None else _months(_day(since.value), day)
        months = day.year * 12 + day.month

        def passed(value: Any) -> Any:
            behind = (value.day() > day.day).ifelse(1, 0)
            return (months - value.year() * 12 - value.month() - behind).cast(WHOLE)

        return Pair(apply(passed, since.value))


def _day(value: object) -> dt.date:
    assert isinstance(value, dt.date)
    return value


def _months(since: dt.date, day: dt.date) -> Fraction:
    months = (day.year - since.year) * 12 + day.month - since.month
    return Fraction(months - (1 if day.day < since.day else 0))


def _common(numbers: Any) -> int:
    import math

    return math.lcm(*(number.denominator for number in numbers)) if numbers else 1


def _chosen(item: Term, values: dict[str, Any], kind: str) -> Term:
    """Return the constant that belongs to an item; empty where there is none."""
    import ibis

    def build(value: Any) -> Any:
        if not values:
            return ibis.null(kind)
        return value.cases(
            *((name, ibis.literal(one, kind)) for name, one in values.items()),
            else_=ibis.null(kind),
        )

    return apply(build, item)
