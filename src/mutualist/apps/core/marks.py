"""Marks in place of values, to see where in a query each value goes (:mod:`~mutualist.apps.core.prepared`)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from contextlib import nullcontext, suppress
from dataclasses import fields
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import models
from django.utils import translation

from mutualist.apps.core.actor import Actor
from mutualist.apps.core.clock import stopped_at, today
from mutualist.apps.core.isolation import Scope, as_if, rewritten

SCOPE = "scope"
MOMENT, DAY = "clock: moment", "clock: day"
#: Marks are told from constants by being different in the second set. Their last bits are the same:
#: Python walks through both sets in the same order, and members of two sets keep their places.
FIRST = 2**13
SECOND = FIRST + 2**14
#: A greater number could not be in some columns: the framework would ask for nothing.
LAST = 2**15 - 1
LANGUAGES = ("en", "de")
SINGLE = (int, str, UUID, dt.datetime, dt.date)  # a moment before a day: it is one, too
Shape = tuple[Any, ...]


class PreparationWarning(RuntimeWarning):
    """A query cannot be prepared and is asked as it is; the message says what stands in the way."""


def _parts(scope: Scope) -> list[tuple[str, Any]]:
    return [(field.name, getattr(scope, field.name)) for field in fields(Scope)]


def flatten(name: str, value: Any, flat: dict[str, Any]) -> Any:
    """Put the parts of a value into `flat`; return the shape of the value."""
    if value is None or isinstance(value, bool):
        return str(value)  # True would be the same shape as one member of a set
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
        return tuple(flatten(f"{name}.{part}", had, flat) for part, had in _parts(value))
    if isinstance(value, tuple):
        return tuple(flatten(f"{name}/{at}", one, flat) for at, one in enumerate(value))
    raise TypeError(f"{name}: a {type(value).__name__} cannot be put in later")


def _flatten_actor(name: str, actor: Actor, flat: dict[str, Any]) -> Shape:
    by_role: dict[str, list[int]] = {}
    for pk, role in actor.roles.items():
        by_role.setdefault(role, []).append(pk)
    roles = tuple(
        (role, _flatten_set(f"{name}.{role}", by_role[role], flat)) for role in sorted(by_role)
    )
    links = _flatten_set(f"{name}.links", sorted(actor.link_ids), flat)
    user = flatten(f"{name}.user", actor.user_id, flat)
    rights = (actor.can_operate, actor.held_back, actor.read_only)
    return (actor.kind, user, roles, links, rights)


def _flatten_set(name: str, members: list[int], flat: dict[str, Any]) -> int:
    size = _rounded(len(members))
    for place in range(size):
        flat[f"{name}[{place}]"] = members[min(place, len(members) - 1)]
    return size


def _rounded(length: int) -> int:
    return 1 << (length - 1).bit_length() if length else 0


class Marks:
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

    def on_the_way(self, way: Callable[[Any], Any]) -> dict[tuple[type, Any], str]:
        """Return which value stands where, by the mark as the database gets it this way."""
        found: dict[tuple[type, Any], str] = {}
        for mark, name in self.names.items():
            with suppress(AttributeError, TypeError, ValueError):
                adapted = way(mark)
                found.setdefault((type(adapted), adapted), name)
        return found

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
        if self._next > LAST:
            raise PreparationWarning(f"{name}: too many values to tell apart")
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
