"""Rows nobody else may read: each query on them says in whose name it is asked.

A private table is reached only inside :func:`private_scope`. Its query sets refuse to work outside,
and inside they are cut down to the rows of the scope (:mod:`mutualist.apps.core.fences`). On
PostgreSQL the scope is also told to the database for the rest of the transaction, where policies of
row level security hold the same rule: a forgotten filter then finds nothing.

Scopes are made from what somebody is in a room or a programme, never from what a request asks for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass, fields
from typing import Any

from django.db import connection, transaction

from mutualist.apps.core.roles import as_owner, takes_statements


class NoScopeError(RuntimeError):
    """A private table was asked for outside of any scope, or from within another one."""


@dataclass(frozen=True, slots=True)
class Scope:
    """In whose name private rows are read and written.

    Attributes
    ----------
    seats
        Own seats: everything of theirs.
    rooms
        Rooms of which opened rounds may be read.
    opening
        Room and round that are being opened: its sealed answers, once all have sealed.
    discard
        Seats whose rows are about to be deleted; reaches only what nobody needs any more.
    programmes
        Partner programmes on whose vendor's side somebody stands.
    relations
        Partners of programmes on whose side somebody stands.
    ending
        Programmes that are about to be deleted with all that belongs to them.
    maintenance
        The operator's work on the whole installation: backup, restore, change of keys. On
        PostgreSQL it is only for the role that owns the tables: begin it outside of a transaction.
    """

    seats: frozenset[int] = frozenset()
    rooms: frozenset[int] = frozenset()
    opening: tuple[int, int] | None = None
    discard: frozenset[int] = frozenset()
    programmes: frozenset[int] = frozenset()
    relations: frozenset[int] = frozenset()
    ending: frozenset[int] = frozenset()
    maintenance: bool = False

    def settings(self) -> dict[str, str]:
        """Return what the policies of the database read."""
        return {
            "mutualist.seats": _numbers(self.seats),
            "mutualist.rooms": _numbers(self.rooms),
            "mutualist.opening": "{:d}:{:d}".format(*self.opening) if self.opening else "",
            "mutualist.discard": _numbers(self.discard),
            "mutualist.programmes": _numbers(self.programmes),
            "mutualist.relations": _numbers(self.relations),
            "mutualist.ending": _numbers(self.ending),
            "mutualist.maintenance": "on" if self.maintenance else "",
        }


def _numbers(ids: frozenset[int]) -> str:
    return ",".join(f"{pk:d}" for pk in sorted(ids))


NOTHING = Scope()
MAINTENANCE = Scope(maintenance=True)
_current: ContextVar[Scope | None] = ContextVar("private_scope", default=None)


def current_scope() -> Scope | None:
    """Return the scope of the innermost ``with private_scope(...)``, if any."""
    return _current.get()


@contextmanager
def private_scope(scope: Scope) -> Iterator[Scope]:
    """Give the private rows of a scope for the time of the block.

    Scopes replace each other and are not added up: an inner one gives its own rows only. On
    PostgreSQL the block runs in a transaction, whose end also ends what the database was told; on
    SQLite no transaction is begun, because one that only reads would keep writers waiting.
    """
    outer = _current.get()
    token = _current.set(scope)
    try:
        if connection.vendor == "postgresql":
            role = as_owner() if scope.maintenance else nullcontext()
            with role, _told(scope, outer or NOTHING):
                yield scope
        else:
            yield scope
    finally:
        _current.reset(token)


@contextmanager
def private_transaction(scope: Scope) -> Iterator[Scope]:
    """Write in a scope, all or nothing.

    Where the transaction begins here, it ends what the database was told as well: nothing is told twice.
    """
    if connection.in_atomic_block:
        with transaction.atomic(), private_scope(scope):
            yield scope
        return
    with private_scope(scope), transaction.atomic(savepoint=False):
        yield scope


def rewritten(scope: Scope, change: Callable[[str, Any], Any]) -> Scope:
    """Return a scope whose parts are changed by their names."""
    return Scope(**{one.name: change(one.name, getattr(scope, one.name)) for one in fields(Scope)})


@contextmanager
def as_if(scope: Scope) -> Iterator[None]:
    """Let query sets be built as in a scope, without telling the database: to write SQL, not to ask."""
    token = _current.set(scope)
    try:
        yield
    finally:
        _current.reset(token)


@contextmanager
def _told(scope: Scope, outer: Scope) -> Iterator[None]:
    if not connection.in_atomic_block:
        with transaction.atomic():
            _tell(scope)
            yield
        return
    _tell(scope)
    try:
        yield
    finally:
        if takes_statements():
            _tell(outer)


def _tell(scope: Scope) -> None:
    told = scope.settings()
    # The last argument means SET LOCAL: a plain SET would outlive the request on its connection.
    calls = ", ".join(f"set_config('{name}', %s, true)" for name in told)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {calls}", list(told.values()))
        if scope.maintenance:
            _require_owner(cursor)


def _require_owner(cursor: Any) -> None:
    """Say so before a backup silently holds no answers: policies show them to the owner alone."""
    from mutualist.apps.core.fences import private_models

    tables = [model._meta.db_table for model in private_models()]  # noqa: SLF001
    cursor.execute(
        "SELECT bool_and(pg_get_userbyid(relowner) = current_user) FROM pg_class"
        " WHERE relkind = 'r' AND relname = ANY (%s)",
        [tables],
    )
    if cursor.fetchone() == (False,):
        raise NoScopeError(
            "maintenance is for the owner of the tables: set MUTUALIST_DATABASE_OWNER_URL"
        )
