"""One value of a row as JSON and back, the same for every database.

The types of the columns decide, not the database: SQLite keeps identifiers as letters and truth as
0 and 1, PostgreSQL has types for both; in a backup they are alike.
"""

from __future__ import annotations

import base64
import json
import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, TypeAlias

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

Field: TypeAlias = "models.Field[Any, Any]"
MICROSECOND = timedelta(microseconds=1)


def _bytes_out(value: Any) -> str:
    return base64.b64encode(bytes(value)).decode("ascii")


def _moment_out(value: datetime) -> str:
    return value.astimezone(UTC).isoformat()


#: Kind of column, how a value is written, how it is read again.
KINDS: tuple[
    tuple[type[models.Field[Any, Any]], Callable[[Any], Any], Callable[[Any], Any]], ...
] = (
    (models.BinaryField, _bytes_out, base64.b64decode),
    (models.DateTimeField, _moment_out, datetime.fromisoformat),
    (models.DateField, date.isoformat, date.fromisoformat),
    (models.TimeField, time.isoformat, time.fromisoformat),
    (models.UUIDField, str, uuid.UUID),
    (models.DecimalField, str, Decimal),
    (models.DurationField, lambda value: value // MICROSECOND, lambda value: value * MICROSECOND),
)


#: Columns whose values every database takes as they are; asking the column each time is what takes long.
PLAIN = frozenset(
    {
        models.AutoField,
        models.BigAutoField,
        models.BigIntegerField,
        models.BooleanField,
        models.CharField,
        models.EmailField,
        models.IntegerField,
        models.PositiveBigIntegerField,
        models.PositiveIntegerField,
        models.PositiveSmallIntegerField,
        models.SmallIntegerField,
        models.TextField,
        models.URLField,
    }
)


def _target(field: Field) -> Field:
    """Return the column that says what kind of value a reference holds."""
    while field.remote_field is not None and hasattr(field, "target_field"):
        field = field.target_field
    return field


def _kind(field: Field) -> tuple[Callable[[Any], Any] | None, Callable[[Any], Any] | None]:
    concrete = _target(field)
    for kind, out, back in KINDS:
        if isinstance(concrete, kind):
            return out, back
    return None, None


class Row:
    """Writes and reads the rows of one table."""

    def __init__(self, fields: list[Field]) -> None:
        self._fields = fields
        self._out = [_kind(field)[0] for field in fields]
        self._back = [_kind(field)[1] for field in fields]
        self._plain = [type(_target(field)) in PLAIN for field in fields]

    def line(self, values: tuple[Any, ...]) -> bytes:
        """Return a row as one line of JSON."""
        written = [
            value if value is None or out is None else out(value)
            for value, out in zip(values, self._out, strict=True)
        ]
        return json.dumps(written, ensure_ascii=False, separators=(",", ":")).encode()

    def values(self, row: list[Any]) -> list[Any]:
        """Return the Python values of a row of a backup."""
        if not isinstance(row, list) or len(row) != len(self._fields):
            raise ValueError("columns")
        return [
            value if value is None or back is None else back(value)
            for value, back in zip(row, self._back, strict=True)
        ]

    def parameters(self, values: list[Any], connection: BaseDatabaseWrapper) -> list[Any]:
        """Return what the database gets for these values."""
        return [
            value if plain else self._parameter(field, value, connection)
            for plain, field, value in zip(self._plain, self._fields, values, strict=True)
        ]

    @staticmethod
    def _parameter(field: Field, value: Any, connection: BaseDatabaseWrapper) -> Any:
        if value is None and isinstance(field, models.JSONField) and not field.null:
            # The value "null" of JSON, which is something else than no value.
            return connection.ops.adapt_json_value(None, field.encoder)
        return field.get_db_prep_save(value, connection)
