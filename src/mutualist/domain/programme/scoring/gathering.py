"""What is made of the rows of a table: counts, sums, the latest value, with the facts they rest on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from mutualist.domain.programme.rules.model import RuleSet, Source, Taking
from mutualist.domain.programme.rules.trees import Value
from mutualist.domain.programme.scoring.evaluating import Compiled, Compiler, Frame

#: A row as it is gathered: its values and the ids of the facts it stands for.
Seen = tuple[Mapping[str, Value], tuple[str, ...]]
ZERO = Fraction(0)


@dataclass(frozen=True, slots=True)
class Gathered:
    """A value, the ids of the facts it rests on, and for a count of names the names."""

    value: Value
    evidence: tuple[str, ...]
    found: frozenset[Value] = frozenset()


@dataclass(frozen=True, slots=True)
class Reading:
    """How rows of a source are chosen and what is made of them, translated."""

    source: Source
    where: Compiled | None
    take: str
    args: tuple[Compiled, ...]
    date: str
    until: str

    @classmethod
    def of(cls, rules: RuleSet, source: Source, taking: Taking) -> Reading:
        """Translate the formulas of a group or measure."""
        table = None if source.is_group else rules.tables[source.name]
        date, until = (table.date, table.until) if table else ("", "")
        compiler = Compiler(rules, date)
        where = compiler.compiled(source.where.tree) if source.where else None
        args = tuple(compiler.compiled(arg.tree) for arg in taking.args)
        return cls(source, where, taking.take, args, date, until)

    def chosen(self, rows: Sequence[Seen], frame: Frame) -> Sequence[Seen]:
        """Return the rows that the condition holds for."""
        where = self.where
        if where is None:
            return rows
        kept: list[Seen] = []
        for row in rows:
            frame.row = row[0]
            if where(frame):
                kept.append(row)
        return kept

    def gathered(self, rows: Sequence[Seen], frame: Frame) -> Gathered:
        """Return what is made of the rows."""
        return _TAKES[self.take](self, rows, frame)

    def values(self, rows: Sequence[Seen], frame: Frame) -> list[tuple[Any, Seen]]:
        """Return what is taken of each row, without rows where it is empty."""
        only = self.args[0]
        found: list[tuple[Any, Seen]] = []
        for row in rows:
            frame.row = row[0]
            value = only(frame)
            if value is not None:
                found.append((value, row))
        return found


def _ids(rows: Sequence[Seen]) -> tuple[str, ...]:
    return tuple(one for row in rows for one in row[1])


def _count(_reading: Reading, rows: Sequence[Seen], _frame: Frame) -> Gathered:
    return Gathered(Fraction(len(rows)), _ids(rows))


def _any(_reading: Reading, rows: Sequence[Seen], _frame: Frame) -> Gathered:
    return Gathered(bool(rows), _ids(rows))


def _count_distinct(reading: Reading, rows: Sequence[Seen], frame: Frame) -> Gathered:
    names: set[Any] = set()
    used: list[Seen] = []
    single = reading.args[0] if len(reading.args) == 1 else None
    for row in rows:
        frame.row = row[0]
        key = single(frame) if single else tuple(arg(frame) for arg in reading.args)
        if key is None or (single is None and None in key):
            continue
        names.add(key)
        used.append(row)
    return Gathered(Fraction(len(names)), _ids(used), frozenset(names))


def _sum(reading: Reading, rows: Sequence[Seen], frame: Frame) -> Gathered:
    found = reading.values(rows, frame)
    return Gathered(added([value for value, _row in found]), _ids([row for _value, row in found]))


def added(values: Sequence[Fraction]) -> Fraction:
    """Return the sum; whole numbers are added first, which is much faster than adding fractions."""
    whole, rest = 0, ZERO
    for value in values:
        if value.denominator == 1:
            whole += value.numerator
        else:
            rest += value
    return rest + whole


def _average(reading: Reading, rows: Sequence[Seen], frame: Frame) -> Gathered:
    found = reading.values(rows, frame)
    if not found:
        return Gathered(None, ())
    total = added([value for value, _row in found])
    return Gathered(total / len(found), _ids([row for _value, row in found]))


def _extreme(choose: Callable[..., Any]) -> Callable[[Reading, Sequence[Seen], Frame], Gathered]:
    def taken(reading: Reading, rows: Sequence[Seen], frame: Frame) -> Gathered:
        found = reading.values(rows, frame)
        if not found:
            return Gathered(None, ())
        value, row = choose(found, key=lambda one: one[0])
        return Gathered(value, row[1])

    return taken


def _latest(reading: Reading, rows: Sequence[Seen], frame: Frame) -> Gathered:
    found = reading.values(rows, frame)
    if not found:
        return Gathered(None, ())
    value, row = max(found, key=lambda one: (one[1][0][reading.date], one[0]))
    return Gathered(value, row[1])


_TAKES: Mapping[str, Callable[[Reading, Sequence[Seen], Frame], Gathered]] = MappingProxyType(
    {
        "count": _count,
        "count_distinct": _count_distinct,
        "sum": _sum,
        "average": _average,
        "max": _extreme(max),
        "min": _extreme(min),
        "latest": _latest,
        "any": _any,
    }
)


def in_window(
    reading: Reading, bounds: tuple[dt.date, dt.date] | None, rows: Sequence[Seen]
) -> Sequence[Seen]:
    """Return the rows of a table that lie in the time of a measure or group.

    Parameters
    ----------
    bounds
        First and last day, both inclusive; None where the partner has no such day.
    """
    if bounds is None:
        return ()
    first, last = bounds
    date, until, window = reading.date, reading.until, reading.source.window
    spans = bool(until) and (window.kind == "valid" or window.touching)
    kept: list[Seen] = []
    for row in rows:
        begun: Any = row[0].get(date)
        if begun is None or begun > last:
            continue
        if spans:
            ended: Any = row[0].get(until)
            if ended is None or ended >= first:
                kept.append(row)
        elif window.kind == "valid" or begun >= first:
            kept.append(row)
    return kept
