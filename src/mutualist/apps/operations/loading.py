"""An archive into an empty database: first its tables as they were, then the rows, then upwards."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import Any

from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection, connections, transaction
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext_lazy as _

from mutualist.apps.operations.archive import Reader
from mutualist.apps.operations.cipher import DamagedError
from mutualist.apps.operations.errors import OperationError
from mutualist.apps.operations.sequences import set_numbers
from mutualist.apps.operations.tables import Table, column_names, columns, leaves, tables, unknown
from mutualist.apps.operations.values import Row

ROWS_AT_ONCE = 500


@dataclass
class Loaded:
    """What came out of an archive."""

    rows: int = 0
    others: dict[str, bytes] = field(default_factory=dict)


def require_known(manifest: Mapping[str, Any]) -> None:
    """Refuse an archive of a newer version before anything is touched."""
    strange = unknown(manifest["migrations"])
    if strange:
        raise OperationError(
            _(
                "The backup was made by version {version}, which is newer than this one (it has "
                "{migration}). Install that version or a later one, then restore."
            ),
            version=manifest["product"],
            migration=strange[0],
        )


def read_through(reader: Reader, on_rows: Callable[[str, list[Any]], None] | None = None) -> Loaded:
    """Read an archive to its end; hand on rows as they come, keep everything else."""
    loaded = Loaded()
    for name, content in reader.parts():
        if name.startswith("tables/"):
            table, rows = reader.rows(name, content)
            if on_rows is not None:
                on_rows(table, rows)
        else:
            loaded.others[name] = content
    loaded.rows = reader.finish()
    return loaded


def load(reader: Reader) -> Loaded:
    """Fill the database, which has to be empty, and bring it up to this version.

    Whoever calls this sees to it that the database only counts when it went well.
    """
    manifest = reader.manifest
    MigrationExecutor(connection).migrate(leaves(manifest["migrations"]))
    found = tables(manifest["migrations"])
    _require_columns(manifest, found)
    _empty(found)
    rows = {name: Row(columns(model)) for name, model in found.items()}
    # SQLite can put references off only before a transaction begins; PostgreSQL does so by itself.
    with (
        connection.constraint_checks_disabled() if _lite() else nullcontext(),
        transaction.atomic(),
    ):
        loaded = read_through(
            reader, lambda name, some: _insert(name, found[name], rows[name], some)
        )
    set_numbers(connection, found, manifest.get("numbers", {}))
    try:
        connection.check_constraints()
    except DatabaseError as error:
        raise DamagedError(
            _("Rows of the backup do not fit together: {reason}"), reason=_line(error)
        ) from error
    call_command("migrate", interactive=False, verbosity=0)
    return loaded


def _lite() -> bool:
    return connection.vendor == "sqlite"


def _require_columns(manifest: Mapping[str, Any], found: Mapping[str, Table]) -> None:
    wanted = {name: column_names(model) for name, model in found.items()}
    for name in sorted({*wanted, *manifest["tables"]}):
        if wanted.get(name) != manifest["tables"].get(name):
            raise DamagedError(
                _("The table {table} of the backup does not fit its own version."), table=name
            )


def _empty(found: Mapping[str, Table]) -> None:
    """Take away what the migrations themselves put in; the backup has it."""
    with connection.cursor() as cursor:
        for name in reversed(list(found)):
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(name)}")  # noqa: S608


def _insert(name: str, model: Table, row: Row, some: list[Any]) -> None:
    names = [connection.ops.quote_name(column) for column in column_names(model)]
    start = f"INSERT INTO {connection.ops.quote_name(name)} ({', '.join(names)}) VALUES "  # noqa: S608
    one = f"({', '.join(['%s'] * len(names))})"
    # The thing itself: its stand-in would look it up anew for every value.
    here = connections[DEFAULT_DB_ALIAS]
    try:
        given = [row.parameters(row.values(values), here) for values in some]
        with connection.cursor() as cursor:
            if _lite():
                cursor.executemany(start + one, given)
                return
            for first in range(0, len(given), ROWS_AT_ONCE):
                part = given[first : first + ROWS_AT_ONCE]
                cursor.execute(start + ", ".join([one] * len(part)), [v for r in part for v in r])
    except (DatabaseError, ValueError, TypeError, AttributeError, ArithmeticError) as error:
        raise DamagedError(
            _("A row of the table {table} cannot be stored: {reason}"),
            table=name,
            reason=_line(error),
        ) from error


def _line(error: Exception) -> str:
    """Return the first line of a database's message: further lines may show the row itself."""
    return str(error).strip().partition("\n")[0][:200]
