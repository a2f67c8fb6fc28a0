"""New rows of tables that every request writes to, by statements that are written once.

``Model.save`` writes its statement anew each time, which costs the framework longer than the database needs to store the
row, and asks for the number of the row whether or not somebody wants it. What is checked before is the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import connection, models

from mutualist.apps.core.fences import PrivateModel, require_admitted


@dataclass(frozen=True, slots=True)
class _Statement:
    """How a row of a table is stored."""

    fields: tuple[models.Field[Any, Any], ...]
    sql: str
    key: str


def store(row: models.Model, *, numbered: bool = True) -> None:
    """Store a new row inside the running transaction.

    Parameters
    ----------
    numbered
        Whether the number of the row is asked for; else it stays unknown.

    Raises
    ------
    NoScopeError
        If the row is private and not of the present scope.
    """
    if isinstance(row, PrivateModel):
        require_admitted(row)
    statement = _statement(type(row), connection.vendor)
    values = [
        field.get_db_prep_save(field.pre_save(row, add=True), connection)
        for field in statement.fields
    ]
    wanted = numbered and statement.key
    with connection.cursor() as cursor:
        cursor.execute(statement.sql + statement.key if wanted else statement.sql, values)
        if wanted:
            row.pk = cursor.fetchone()[0]
    state = row._state  # noqa: SLF001 - as Model.save leaves it
    state.adding, state.db = False, connection.alias


@cache
def _statement(model: type[models.Model], _vendor: str) -> _Statement:
    table = model._meta  # noqa: SLF001 - the framework's own name for it
    fields = tuple(
        one for one in table.local_concrete_fields if not isinstance(one, models.AutoField)
    )
    if table.parents or any(one.generated or one.has_db_default() for one in fields):
        raise TypeError(f"{model.__name__} has columns that only Model.save fills")
    quoted = connection.ops.quote_name
    names = ", ".join(quoted(str(one.column)) for one in fields)
    marks = ", ".join(["%s"] * len(fields))
    sql = f"INSERT INTO {quoted(table.db_table)} ({names}) VALUES ({marks})"  # noqa: S608 - names of our own tables
    counted = isinstance(table.pk, models.AutoField)
    return _Statement(fields, sql, f" RETURNING {quoted(str(table.pk.column))}" if counted else "")
