"""Queries whose SQL is written once: each later use only puts in the values.

Writing the SQL of a query costs the framework about ten times as long as the database needs to
answer it. What the query asks for is still said once, by the query sets and their ``visible_to``.

How the places of the values are found: the query set is built twice, with two sets of marks in
place of the values, of the clock and of the language. The SQL must be the same both times; where a
parameter was a mark both times, the value belongs, and every other parameter must be the same. A
query that hides a value in any other way is not prepared: it is asked as it is, with a warning.
"""

from __future__ import annotations

import datetime as dt
import re
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.models.query import ValuesListIterable
from django.db.transaction import TransactionManagementError

from mutualist.apps.core.clock import now, today
from mutualist.apps.core.fences import PrivateModel
from mutualist.apps.core.isolation import NoScopeError, Scope, current_scope
from mutualist.apps.core.marks import (
    DAY,
    FIRST,
    MOMENT,
    SCOPE,
    SECOND,
    Marks,
    PreparationWarning,
    Shape,
    flatten,
)

#: Shapes kept of one query; beyond them the oldest is let go, so that nobody fills the place up with
#: pages that no one else asks for.
KEPT = 200
#: Ways to the database, each with the marks of both sets as they arrive there.
_Ways = list[tuple[Callable[[Any], Any], dict[tuple[type, Any], str], dict[tuple[type, Any], str]]]
DATED = re.compile(r"\d{4}-\d\d-\d\d")


def _scope() -> Scope:
    scope = current_scope()
    if scope is None:
        raise NoScopeError("this query reads private rows: ask it inside private_scope(...)")
    return scope


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a value goes, and how the database wants it."""

    name: str
    adapt: Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class _Written:
    """The SQL of one shape of a query, and what is needed to read its rows."""

    queryset: models.QuerySet[Any]
    compiler: Any
    converters: Mapping[int, Any]
    sql: str
    parameters: tuple[Any, ...]

    def given(self, values: Mapping[str, Any]) -> tuple[Any, ...]:
        return tuple(
            part.adapt(values[part.name]) if isinstance(part, _Place) else part
            for part in self.parameters
        )

    def rows(self, values: Mapping[str, Any]) -> list[Any]:
        given = self.given(values)
        _require_transaction(self.queryset.query)
        compiler = _like(
            self.compiler,
            connection=connections[DEFAULT_DB_ALIAS],
            as_sql=lambda *_args, **_options: (self.sql, given),
            get_converters=lambda _expressions: self.converters,
        )
        query = _like(self.queryset.query, get_compiler=lambda *_args, **_options: compiler)
        compiler.query = query
        queryset = _like(self.queryset, _query=query)
        return list(queryset._iterable_class(queryset))  # noqa: SLF001


def _require_transaction(query: Any) -> None:
    """Refuse a lock outside of a transaction: it would be gone before it is of use."""
    used = connections[DEFAULT_DB_ALIAS]
    if query.select_for_update and used.features.has_select_for_update and not used.in_atomic_block:
        raise TransactionManagementError("a prepared query that locks needs a transaction")


class _AsItIs:
    """Stands for a shape that cannot be prepared."""


def _like(thing: Any, **changes: Any) -> Any:
    """Return a shallow copy; ``copy.copy`` of a query set would ask the database."""
    copied = object.__new__(type(thing))
    copied.__dict__.update(thing.__dict__, **changes)
    return copied


class Prepared:
    """A read whose SQL is written at its first use.

    Parameters
    ----------
    build
        Returns the query set for named values: numbers, texts, addresses (UUID), moments, sets of
        numbers, an :class:`Actor`, slices, or None. Called twice for each shape the values have; it may not
        decide anything by a value other than by its shape: whether it is None, how many there are,
        and what kind of actor with which roles asks.
    private
        Whether private rows are read: then the scope they are asked in is a value, too.

    Warns
    -----
    PreparationWarning
        At the first use of a shape, if a value went into the query in a way that cannot be followed,
        or if the query reads a private table without being declared private. The query is then asked
        as it is: right, and slow. Tests turn the warning into an error.

    Notes
    -----
    A set of numbers is filled up to the next power of two by repeating one of them, so that few
    shapes are kept; ``IN (4, 7, 7, 7)`` finds what ``IN (4, 7)`` finds.
    """

    def __init__(
        self, build: Callable[..., models.QuerySet[Any]], *, private: bool = False
    ) -> None:
        self._build = build
        self._private = private
        self._written: dict[Shape, _Written | _AsItIs | None] = {}

    def __call__(self, **values: Any) -> list[Any]:
        """Return the rows for these values."""
        written, flat = self._found(values)
        if written is None:
            return []
        if isinstance(written, _AsItIs):
            return list(self._build(**{name: values[name] for name in values if name != SCOPE}))
        return written.rows(flat)

    def _found(self, values: dict[str, Any]) -> tuple[_Written | _AsItIs | None, dict[str, Any]]:
        """Return what is asked for values of this shape, and the values by their places; adds the scope."""
        shape: list[Any] = [connections[DEFAULT_DB_ALIAS].vendor]
        flat: dict[str, Any] = {}
        if self._private:
            values[SCOPE] = _scope()
        for name, value in values.items():
            shape += (name, flatten(name, value, flat))
        key = tuple(shape)
        try:
            written = self._written[key]
        except KeyError:
            written = self._try(values)
            self._keep(key, written)
        flat[MOMENT], flat[DAY] = now, today
        return written, flat

    def first(self, **values: Any) -> Any:
        """Return the first row, or None."""
        rows = self(**values)
        return rows[0] if rows else None

    def _keep(self, key: Shape, written: _Written | _AsItIs | None) -> None:
        # Another thread may do the same: each step is whole by itself.
        kept = list(self._written)
        for oldest in kept[: max(0, len(kept) + 1 - KEPT)]:
            self._written.pop(oldest, None)
        self._written[key] = written

    def _try(self, values: Mapping[str, Any]) -> _Written | _AsItIs | None:
        try:
            return self._write(values)
        except PreparationWarning as reason:
            warnings.warn(reason, stacklevel=4)
            return _AsItIs()

    def _write(self, values: Mapping[str, Any]) -> _Written | None:
        one, other = Marks(FIRST, 0), Marks(SECOND, 1)
        draft, second = (marks.draft(self._build, values) for marks in (one, other))
        if draft is None or second is None:
            if draft is not second:
                raise PreparationWarning("whether anything is asked for depends on a value")
            return None
        queryset, compiler, sql, given = draft
        _queryset, _compiler, again, others = second
        _require_allowed(queryset, sql, private=self._private)
        if sql != again:
            raise PreparationWarning(f"the SQL depends on a value: {sql} / {again}")
        ways = [(way, one.on_the_way(way), other.on_the_way(way)) for way in _ways()]
        parts = tuple(_part(ways, a, b) for a, b in zip(given, others, strict=True))
        _require_whole_sets(parts, one.names.values())
        columns = [column for column, _sql, _name in compiler.select[: compiler.col_count]]
        return _Written(queryset, compiler, compiler.get_converters(columns), sql, parts)


def ask_together(questions: Iterable[tuple[Prepared, Mapping[str, Any]]]) -> list[list[Any]]:
    """Ask several prepared queries for tuples in one statement; return the rows of each, in any order.

    Each stands in the statement with its own limit and its own fence, as if it were asked alone. One that cannot be
    prepared is asked by itself.
    """
    found: list[list[Any]] = []
    parts: list[tuple[int, _Written, tuple[Any, ...]]] = []
    for at, (question, values) in enumerate(questions):
        named = dict(values)
        written, flat = question._found(named)  # noqa: SLF001
        if isinstance(written, _Written):
            _require_tuples(written.queryset)
            parts.append((at, written, written.given(flat)))
            found.append([])
        else:
            found.append(question(**values))
    if parts:
        _gather(parts, found)
    return found


def _require_tuples(queryset: models.QuerySet[Any]) -> None:
    if queryset._iterable_class is not ValuesListIterable:  # noqa: SLF001
        raise TypeError("only queries for tuples are asked together")


def _gather(parts: list[tuple[int, _Written, tuple[Any, ...]]], found: list[list[Any]]) -> None:
    """Ask, and put each row to those of its question."""
    used = connections[DEFAULT_DB_ALIAS]
    sql = " UNION ALL ".join(
        f"SELECT {at}, q{at}.* FROM ({written.sql}) q{at}"  # noqa: S608 - written by the framework
        for at, written, _given in parts
    )
    with used.cursor() as cursor:
        cursor.execute(sql, [value for _at, _written, given in parts for value in given])
        rows = cursor.fetchall()
    # A converter of the framework takes a value, the column and the connection.
    ways = {at: tuple(written.converters.items()) for at, written, _given in parts}
    for at, *row in rows:
        for column, (converters, expression) in ways[at]:
            for convert in converters:
                row[column] = convert(row[column], expression, used)
        found[at].append(tuple(row))


def _ways() -> tuple[Callable[[Any], Any], ...]:
    """Return how a value may look on its way to this database."""
    operations = connections[DEFAULT_DB_ALIAS].ops
    numbers = [
        partial(operations.adapt_integerfield_value, internal_type=f"{size}IntegerField")
        for size in ("", "Big", "Small")
    ]
    return (
        lambda value: value,
        lambda value: value.hex,
        *numbers,
        operations.adapt_datetimefield_value,
        operations.adapt_datefield_value,
    )


def _named(marks: Mapping[tuple[type, Any], str], parameter: Any) -> str | None:
    try:
        return marks.get((type(parameter), parameter))
    except TypeError:  # a list, say: not to be looked up, and no mark
        return None


def _part(ways: _Ways, parameter: Any, again: Any) -> Any:
    """Return the constant, or the place of the value, that a parameter is."""
    for way, one, other in ways:
        name, same = _named(one, parameter), _named(other, again)
        # The members of a set stand in any order.
        if name is not None and same is not None and _whole(name) == _whole(same):
            return _of_clock(name, way)
    if parameter != again or type(parameter) is not type(again):
        raise PreparationWarning(f"a value went into the query changed: {parameter!r} / {again!r}")
    if isinstance(parameter, dt.date) or (isinstance(parameter, str) and DATED.match(parameter)):
        raise PreparationWarning(f"a moment went into the query, not the clock: {parameter}")
    return parameter


def _whole(name: str) -> str:
    return name.partition("[")[0]


def _require_whole_sets(parts: tuple[Any, ...], names: Iterable[str]) -> None:
    """Refuse a query that picks single members of a set: which one is not known later."""
    times = Counter(part.name for part in parts if isinstance(part, _Place))
    for name in names:
        if "[" in name and times[name] != times[f"{_whole(name)}[0]"]:
            raise PreparationWarning(f"{_whole(name)} goes in as a whole or not at all")


def _of_clock(name: str, way: Callable[[Any], Any]) -> _Place:
    # The clock is read when the values are put in.
    return _Place(name, (lambda read: way(read())) if name in {MOMENT, DAY} else way)


def _require_allowed(queryset: models.QuerySet[Any], sql: str, *, private: bool) -> None:
    if queryset._prefetch_related_lookups:  # type: ignore[attr-defined]  # noqa: SLF001
        raise PreparationWarning("prefetch_related asks further queries: prepare them one by one")
    if private:
        return
    for model in apps.get_models():
        if issubclass(model, PrivateModel) and f'"{model._meta.db_table}"' in sql:  # noqa: SLF001
            raise PreparationWarning(f"{model.__name__} is private: its rows depend on the scope")
