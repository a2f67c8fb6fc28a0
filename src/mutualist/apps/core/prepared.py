"""Queries whose SQL is written once: each later use only puts in the values.

Writing the SQL of a query costs the framework about ten times as long as the database needs to
answer it. What the query asks for is still said once, by the query sets and their ``visible_to``.

How the places of the values are found: the query set is built twice, with two sets of marks in
place of the values, of the clock and of the language. The SQL must be the same both times; where a
parameter was a mark both times, the value belongs, and every other parameter must be the same. A
query that hides a value in any other way is refused, not guessed.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, fields
from functools import partial
from typing import Any
from uuid import UUID

from django.apps import apps
from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.transaction import TransactionManagementError
from django.utils import translation

from mutualist.apps.core.actor import Actor
from mutualist.apps.core.clock import now, stopped_at, today
from mutualist.apps.core.fences import PrivateModel
from mutualist.apps.core.isolation import NoScopeError, Scope, as_if, current_scope, rewritten

SCOPE = "scope"
MOMENT, DAY = "clock: moment", "clock: day"
#: Marks are told from constants by being different in the second set.
FIRST, SECOND = 21_001, 27_001
LANGUAGES = ("en", "de")
DATED = re.compile(r"\d{4}-\d\d-\d\d")
#: Shapes kept of one query; beyond them SQL is written each time, as it would be anyway.
KEPT = 200
SINGLE = (int, str, UUID, dt.datetime, dt.date)  # a moment before a day: it is one, too
Shape = tuple[Any, ...]


def _scope() -> Scope:
    scope = current_scope()
    if scope is None:
        raise NoScopeError("this query reads private rows: ask it inside private_scope(...)")
    return scope


def _parts(scope: Scope) -> list[tuple[str, Any]]:
    return [(field.name, getattr(scope, field.name)) for field in fields(Scope)]


class PreparationError(TypeError):
    """A query cannot be prepared; the message says what stands in the way."""


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

    def rows(self, values: Mapping[str, Any]) -> list[Any]:
        given = tuple(
            part.adapt(values[part.name]) if isinstance(part, _Place) else part
            for part in self.parameters
        )
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

    Raises
    ------
    PreparationError
        At its first use, if a value went into the query in a way that cannot be followed, or if the
        query reads a private table without being declared private.

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
        self._written: dict[Shape, _Written | None] = {}

    def __call__(self, **values: Any) -> list[Any]:
        """Return the rows for these values."""
        shape: list[Any] = [connections[DEFAULT_DB_ALIAS].vendor]
        flat: dict[str, Any] = {}
        if self._private:
            values[SCOPE] = _scope()
        for name, value in values.items():
            shape.append(_flatten(name, value, flat))
        key = tuple(shape)
        try:
            written = self._written[key]
        except KeyError:
            written = self._write(values)
            if len(self._written) < KEPT:
                self._written[key] = written
        if written is None:
            return []
        flat[MOMENT], flat[DAY] = now, today
        return written.rows(flat)

    def first(self, **values: Any) -> Any:
        """Return the first row, or None."""
        rows = self(**values)
        return rows[0] if rows else None

    def _write(self, values: Mapping[str, Any]) -> _Written | None:
        one, other = _Marks(FIRST, 0), _Marks(SECOND, 1)
        draft, second = (marks.draft(self._build, values) for marks in (one, other))
        if draft is None or second is None:
            if draft is not second:
                raise PreparationError("whether anything is asked for depends on a value")
            return None
        queryset, compiler, sql, given = draft
        _queryset, _compiler, again, others = second
        _require_allowed(queryset, sql, private=self._private)
        if sql != again:
            raise PreparationError(f"the SQL depends on a value: {sql} / {again}")
        parts = tuple(_part(one, other, a, b) for a, b in zip(given, others, strict=True))
        _require_whole_sets(parts, one.names.values())
        columns = [column for column, _sql, _name in compiler.select[: compiler.col_count]]
        return _Written(queryset, compiler, compiler.get_converters(columns), sql, parts)


def _flatten(name: str, value: Any, flat: dict[str, Any]) -> Any:
    """Put the parts of a value into `flat`; return the shape of the value."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, SINGLE):
        flat[name] = value
        return _kind(value)
    if isinstance(value, frozenset | set):
        return _flatten_set(name, sorted(value), flat)
    return _flatten_parts(name, value, flat)


def _kind(value: Any) -> type:
    return next(kind for kind in SINGLE if isinstance(value, kind))


def _flatten_parts(name: str, value: Any, flat: dict[str, Any]) -> Shape:
    """Take apart what consists of several values."""
    if isinstance(value, Actor):
        return _flatten_actor(name, value, flat)
    if isinstance(value, slice):
        return ("slice", value.start, value.stop)
    if isinstance(value, Scope):
        return tuple(_flatten(f"{name}.{part}", had, flat) for part, had in _parts(value))
    if isinstance(value, tuple):
        return tuple(_flatten(f"{name}/{at}", one, flat) for at, one in enumerate(value))
    raise PreparationError(f"{name}: a {type(value).__name__} cannot be put in later")


def _flatten_actor(name: str, actor: Actor, flat: dict[str, Any]) -> Shape:
    by_role: dict[str, list[int]] = {}
    for pk, role in actor.roles.items():
        by_role.setdefault(role, []).append(pk)
    roles = tuple(
        (role, _flatten_set(f"{name}.{role}", by_role[role], flat)) for role in sorted(by_role)
    )
    links = _flatten_set(f"{name}.links", sorted(actor.link_ids), flat)
    user = _flatten(f"{name}.user", actor.user_id, flat)
    rights = (actor.can_operate, actor.held_back, actor.read_only)
    return (actor.kind, user, roles, links, rights)


def _flatten_set(name: str, members: list[int], flat: dict[str, Any]) -> int:
    size = _rounded(len(members))
    for place in range(size):
        flat[f"{name}[{place}]"] = members[min(place, len(members) - 1)]
    return size


def _rounded(length: int) -> int:
    return 1 << (length - 1).bit_length() if length else 0


class _Marks:
    """One set of marks in place of values, and which mark stands for which."""

    def __init__(self, start: int, number: int) -> None:
        self._next = start
        self._number = number
        self.moment = dt.datetime(2400 + number, 3, 5, 12, 7, 9, 31, tzinfo=dt.UTC)
        self.names: dict[Any, str] = {}

    def draft(
        self, build: Callable[..., models.QuerySet[Any]], values: Mapping[str, Any]
    ) -> tuple[models.QuerySet[Any], Any, str, tuple[Any, ...]] | None:
        """Return the query set of the marks, its compiler, and the SQL with its parameters."""
        marked = {name: self._of(name, value) for name, value in values.items()}
        scope = marked.pop(SCOPE, None)
        as_asked = as_if(scope) if scope is not None else nullcontext()
        with as_asked, stopped_at(self.moment), translation.override(LANGUAGES[self._number]):
            self.names[self.moment], self.names[today()] = MOMENT, DAY
            queryset = build(**marked)
            compiler = queryset.query.get_compiler(queryset.db)
            try:
                sql, parameters = compiler.as_sql()
            except EmptyResultSet:
                return None
        return queryset, compiler, sql, tuple(parameters)

    def named(self, parameter: Any, way: Callable[[Any], Any]) -> str | None:
        """Return which value a parameter stands for, if it is a mark the database gets this way."""
        for mark, name in self.names.items():
            if _is_mark(mark, parameter, way):
                return name
        return None

    def _of(self, name: str, value: Any) -> Any:
        if value is None or isinstance(value, bool | slice):
            return value
        if isinstance(value, Actor):
            return self._actor(name, value)
        if isinstance(value, Scope):
            return rewritten(value, lambda part, had: self._of(f"{name}.{part}", had))
        if isinstance(value, tuple):
            return tuple(self._of(f"{name}/{at}", one) for at, one in enumerate(value))
        if isinstance(value, frozenset | set):
            return frozenset(self._set(name, len(value)))
        return self._single(name, _kind(value))

    def _single(self, name: str, kind: type) -> Any:
        self._next += 1
        later = self.moment + dt.timedelta(days=self._next)
        made: dict[type, Any] = {
            int: self._next,
            str: f"mark-{self._next}",
            UUID: UUID(int=self._next << 64),
            dt.datetime: later,
            dt.date: later.date(),
        }
        mark = made[kind]
        self.names[mark] = name
        return mark

    def _set(self, name: str, length: int) -> Iterator[int]:
        for place in range(_rounded(length)):
            yield self._single(f"{name}[{place}]", int)

    def _actor(self, name: str, actor: Actor) -> Actor:
        counts: dict[Any, int] = {}
        for role in actor.roles.values():
            counts[role] = counts.get(role, 0) + 1
        roles = {
            mark: role
            for role in sorted(counts)
            for mark in self._set(f"{name}.{role}", counts[role])
        }
        return Actor(
            actor.kind,
            user_id=self._of(f"{name}.user", actor.user_id),
            roles=roles,
            link_ids=frozenset(self._set(f"{name}.links", len(actor.link_ids))),
            # Whoever puts these into a query is found out by the second set of marks.
            name=f"name-{self._number}",
            language=LANGUAGES[self._number],
            can_operate=actor.can_operate,
            held_back=actor.held_back,
            read_only=actor.read_only,
        )


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


def _part(one: _Marks, other: _Marks, parameter: Any, again: Any) -> Any:
    """Return the constant, or the place of the value, that a parameter is."""
    for way in _ways():
        name, same = one.named(parameter, way), other.named(again, way)
        # The members of a set stand in any order.
        if name is not None and same is not None and _whole(name) == _whole(same):
            return _of_clock(name, way)
    if parameter != again or type(parameter) is not type(again):
        raise PreparationError(f"a value went into the query changed: {parameter!r} / {again!r}")
    if isinstance(parameter, dt.date) or (isinstance(parameter, str) and DATED.match(parameter)):
        raise PreparationError(f"a moment went into the query, not the clock: {parameter}")
    return parameter


def _whole(name: str) -> str:
    return name.partition("[")[0]


def _require_whole_sets(parts: tuple[Any, ...], names: Iterable[str]) -> None:
    """Refuse a query that picks single members of a set: which one is not known later."""
    times = Counter(part.name for part in parts if isinstance(part, _Place))
    for name in names:
        if "[" in name and times[name] != times[f"{_whole(name)}[0]"]:
            raise PreparationError(f"{_whole(name)} goes in as a whole or not at all")


def _is_mark(mark: Any, parameter: Any, way: Callable[[Any], Any]) -> bool:
    try:
        adapted = way(mark)
    except (AttributeError, TypeError, ValueError):
        return False
    return type(adapted) is type(parameter) and bool(adapted == parameter)


def _of_clock(name: str, way: Callable[[Any], Any]) -> _Place:
    # The clock is read when the values are put in.
    return _Place(name, (lambda read: way(read())) if name in {MOMENT, DAY} else way)


def _require_allowed(queryset: models.QuerySet[Any], sql: str, *, private: bool) -> None:
    if queryset._prefetch_related_lookups:  # type: ignore[attr-defined]  # noqa: SLF001
        raise PreparationError("prefetch_related asks further queries: prepare them one by one")
    if private:
        return
    for model in apps.get_models():
        if issubclass(model, PrivateModel) and f'"{model._meta.db_table}"' in sql:  # noqa: SLF001
            raise PreparationError(f"{model.__name__} is private: its rows depend on the scope")
