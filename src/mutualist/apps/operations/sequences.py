"""The next numbers of rows: a number once given never comes back, also after a restore."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from mutualist.apps.operations.tables import Table


def _counting(found: Mapping[str, Table]) -> Iterable[tuple[str, str]]:
    """Yield table and column of rows that are numbered by the database."""
    for name, model in found.items():
        key = model._meta.pk  # noqa: SLF001
        if isinstance(key, models.AutoField):
            yield name, str(key.column)


def last_numbers(connection: BaseDatabaseWrapper, found: Mapping[str, Table]) -> dict[str, int]:
    """Return the highest number each table has given, also to rows that are gone."""
    numbers: dict[str, int] = {}
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE name = 'sqlite_sequence'")
            if cursor.fetchone() is None:
                return {}
            cursor.execute("SELECT name, seq FROM sqlite_sequence")
            given = dict(cursor.fetchall())
            return {name: given[name] for name, _column in _counting(found) if name in given}
        for name, column in _counting(found):
            cursor.execute(
                "SELECT coalesce(last_value, 0) FROM pg_sequences WHERE schemaname || '.' || "
                "sequencename = pg_get_serial_sequence(%s, %s)",
                [name, column],
            )
            row = cursor.fetchone()
            if row and row[0]:
                numbers[name] = row[0]
    return numbers


def set_numbers(
    connection: BaseDatabaseWrapper, found: Mapping[str, Table], numbers: Mapping[str, int]
) -> None:
    """Go on counting where the backed up database stood."""
    with connection.cursor() as cursor:
        for name, column in _counting(found):
            quoted = connection.ops.quote_name(name)
            cursor.execute(f"SELECT max({connection.ops.quote_name(column)}) FROM {quoted}")  # noqa: S608
            last = max(cursor.fetchone()[0] or 0, int(numbers.get(name, 0)))
            if not last:
                continue
            if connection.vendor == "sqlite":
                cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [name])
                cursor.execute(
                    "INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [name, last]
                )
            else:
                cursor.execute(
                    "SELECT setval(pg_get_serial_sequence(%s, %s), %s)", [name, column, last]
                )
