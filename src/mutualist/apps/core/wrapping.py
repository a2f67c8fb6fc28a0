"""Everything in the database that is wrapped by the key-encryption key, named by the apps that keep it.

Whoever stores what :func:`mutualist.apps.core.vault.new_wrapped_key` returns registers the column here. So a change of
key reaches all of it, and a lost key is noticed before a new one is made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection, models

PAGE = 500


def whole(stored: bytes) -> tuple[bytes, bytes, bytes]:
    """Return a column that holds a wrapped key and nothing else, as before, key, after."""
    return b"", stored, b""


@dataclass(frozen=True, slots=True)
class WrappedColumn:
    """A column of binary values with a wrapped key in each.

    Attributes
    ----------
    model
        ``app.Model``.
    field
        The column.
    context
        Returns of a row the context its key was wrapped for.
    split
        Returns of a stored value what stands before the wrapped key, the key, and what follows. A change of key never
        changes the length of a wrapped key that names its key.
    related
        Names for ``select_related``.
    scope
        What a query on the table needs, such as a private scope.
    """

    model: str
    field: str
    context: Callable[[Any], bytes]
    split: Callable[[bytes], tuple[bytes, bytes, bytes]] = whole
    related: tuple[str, ...] = ()
    scope: Callable[[], AbstractContextManager[Any]] = nullcontext
    rejoin: Callable[[bytes, bytes, bytes], bytes] = lambda before, key, after: before + key + after

    def rows(self, *, lock: bool = False) -> Iterator[models.Model]:
        """Walk over all rows; the caller stands inside the scope."""
        manager = self._model._default_manager  # noqa: SLF001  (public API of Django)
        found = manager.select_related(*self.related).order_by("pk")
        if lock:
            found = found.select_for_update(of=("self",))
        page = list(found[:PAGE])
        # Page by page: SQLite must not be read by a cursor while the same rows are written.
        while page:
            yield from page
            page = list(found.filter(pk__gt=page[-1].pk)[:PAGE])

    def store(self, row: models.Model, value: bytes) -> None:
        """Write one row's column."""
        manager = self._model._default_manager  # noqa: SLF001
        changed = manager.filter(pk=row.pk).update(**{self.field: value})
        if changed != 1:
            raise RuntimeError(f"{self.model} {row.pk}: the row could not be written")

    @property
    def table(self) -> str:
        """Name of the table in the database."""
        return str(self._model._meta.db_table)  # noqa: SLF001

    @property
    def _model(self) -> type[models.Model]:
        return apps.get_model(self.model)


_COLUMNS: dict[str, WrappedColumn] = {}


def register_wrapped(*columns: WrappedColumn) -> None:
    """Make columns known; one may be registered once."""
    for column in columns:
        name = f"{column.model}.{column.field}"
        if name in _COLUMNS:
            raise ValueError(f"the wrapped column {name} is registered twice")
        _COLUMNS[name] = column


def wrapped_columns() -> dict[str, WrappedColumn]:
    """Return all registered columns by ``app.Model.field``."""
    return dict(_COLUMNS)


def anything_wrapped() -> bool:
    """Whether the database remembers that a key was in use, or holds something wrapped.

    Asks in SQL, since it has to know of rows that no scope reaches; on PostgreSQL the policies may hide them from the
    role of the server, and the memory of the key counts.
    """
    from mutualist.apps.core.models import KeyInUse

    tables = set(connection.introspection.table_names())
    wanted = [(KeyInUse._meta.db_table, "id")]  # noqa: SLF001
    wanted += [(column.table, column.field) for column in _COLUMNS.values()]
    with connection.cursor() as cursor:
        for table, column in wanted:
            if table in tables and column in _columns_of(cursor, table):
                cursor.execute(f"SELECT 1 FROM {connection.ops.quote_name(table)} LIMIT 1")  # noqa: S608
                if cursor.fetchone():
                    return True
    return False


def _columns_of(cursor: Any, table: str) -> set[str]:
    """Return the columns a table has by now: before an upgrade those with wrapped keys may be missing."""
    return {one.name for one in connection.introspection.get_table_description(cursor, table)}
