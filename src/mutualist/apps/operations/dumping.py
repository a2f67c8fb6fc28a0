"""All rows of a database as they stood at one moment, while others go on writing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from django.db.models.query import QuerySet
from django.utils.translation import gettext_lazy as _

from mutualist import __version__
from mutualist.apps.core.clock import now
from mutualist.apps.core.isolation import MAINTENANCE, private_scope
from mutualist.apps.operations.archive import Writer
from mutualist.apps.operations.errors import OperationError
from mutualist.apps.operations.sequences import last_numbers
from mutualist.apps.operations.tables import Table, applied, column_names, columns, left_out, tables
from mutualist.apps.operations.values import Row

ROWS_AT_ONCE = 500
BLOCK = 4 * 1024 * 1024
Progress = Callable[[str, int], None]


@contextmanager
def one_moment() -> Iterator[None]:
    """Show the database as it is now until the end of the block; nobody else is held up."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            # Not `atomic`: that takes the lock for writing at once. Here a snapshot of the log is enough.
            cursor.execute("BEGIN DEFERRED")
            try:
                cursor.execute("SELECT 1 FROM sqlite_master LIMIT 1")
                cursor.fetchone()
                yield
            finally:
                cursor.execute("ROLLBACK")
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def describe(found: Mapping[str, Table], migrations: Mapping[str, list[str]]) -> dict[str, Any]:
    """Return what the manifest says about the database."""
    return {
        "product": __version__,
        "created": now().isoformat(),
        "database": connection.vendor,
        "migrations": {app: list(names) for app, names in migrations.items()},
        "tables": {name: column_names(model) for name, model in found.items()},
        "left_out": left_out(connection, found),
        "numbers": last_numbers(connection, found),
    }


def dump(stream: Any, more: Mapping[str, Any], parts: Mapping[str, bytes]) -> dict[str, Any]:
    """Write the whole database into a stream as an archive; return its manifest and row count.

    Parameters
    ----------
    more
        Added to the manifest.
    parts
        Further parts, such as keys.
    """
    # As the owner of the tables: the role of the web server is shown no private row.
    with one_moment(), private_scope(MAINTENANCE):
        migrations = applied(connection)
        if not migrations:
            raise OperationError(_("The database is empty: there is nothing to back up."))
        found = tables(migrations)
        manifest = {**describe(found, migrations), **more}
        writer = Writer(stream, manifest)
        for name, content in parts.items():
            writer.add(name, content)
        for name, model in found.items():
            _dump_table(writer, name, model)
        return {**manifest, "rows": writer.close()}


def _dump_table(writer: Writer, name: str, model: Table) -> None:
    fields = columns(model)
    row = Row(fields)
    # A query set of its own: managers may hide rows from whoever does not say who they are.
    rows: QuerySet[Any, Any] = QuerySet(model=model, using="default").order_by("pk")
    lines: list[bytes] = []
    number = size = 0
    for values in rows.values_list(*[f.attname for f in fields]).iterator(ROWS_AT_ONCE):
        lines.append(row.line(values))
        size += len(lines[-1])
        if size > BLOCK:
            number += 1
            writer.add_rows(name, number, lines)
            lines, size = [], 0
    if lines:
        writer.add_rows(name, number + 1, lines)
