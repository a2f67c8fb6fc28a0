"""One rule said three times: query sets, the policies of PostgreSQL as plain SQL meets them, plain Python.

What test_parity.py does for rooms and test_project_parity.py for registered projects alike.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from mutualist.apps.core.fences import PrivateModel
from mutualist.apps.core.isolation import NoScopeError, Scope, private_scope

POSTGRESQL = connection.vendor == "postgresql"
COMMANDS = ("select", "update", "delete")
SEEDS = range(2)
SCOPES = 25
Model = type[PrivateModel]


@dataclass(frozen=True)
class Rules:
    """The private tables that share a rule.

    Attributes
    ----------
    column
        That each of them has, and that an update may set to itself.
    values
        What a blind update sets, by model: a statement that reads nothing passes no policy for reading, only its own.
    scope
        Draws a random scope of a world.
    naive
        The rule once more, for one row, in plain Python.
    """

    column: str
    values: Mapping[Model, str]
    scope: Callable[[Any], Scope]
    naive: Callable[[Any, Scope, str, Any], bool]

    def by_policy(self, model: Model, command: str) -> set[int]:
        """Ask plain SQL without any condition: what it reaches is what the policies leave."""
        table = model._meta.db_table
        statement = {
            "select": f"SELECT id FROM {table}",
            "update": f"UPDATE {table} SET {self.column} = {self.column} RETURNING id",
            "delete": f"DELETE FROM {table} RETURNING id",
        }[command]
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
            found = {pk for (pk,) in cursor.fetchall()}
            transaction.set_rollback(True)
        return found

    def blind(self, model: Model, command: str) -> int:
        """Change or delete without looking; return how many rows that reached."""
        table = model._meta.db_table
        statement = f"UPDATE {table} SET {self.values[model]}"
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement if command == "update" else f"DELETE FROM {table}")
            found = cursor.rowcount
            transaction.set_rollback(True)
        return found

    def disagreements(self, world: Any, turns: int = SCOPES) -> tuple[list[Any], Counter[Any]]:
        """Compare the three rules for random scopes; return where they differ, and how much is reached."""
        differ: list[Any] = []
        reached: Counter[Any] = Counter()
        for _turn in range(turns):
            scope = self.scope(world)
            with private_scope(scope):
                for model, rows in world.rows.items():
                    for command in COMMANDS:
                        wanted = {row.pk for row in rows if self.naive(world, scope, command, row)}
                        found = [by_query_set(model, command)]
                        found += [self.by_policy(model, command)] if POSTGRESQL else []
                        differ += [
                            (scope, model.__name__, command) for rows in found if rows != wanted
                        ]
                        if self._reaches_others(model, command, len(wanted)):
                            differ.append((scope, model.__name__, command, "blind"))
                        reached[model, command] += len(wanted)
        return differ, reached

    def _reaches_others(self, model: Model, command: str, wanted: int) -> bool:
        return POSTGRESQL and command != "select" and self.blind(model, command) != wanted

    def reached_by_pretending(
        self,
        world: Any,
        new_rows: Callable[[], Iterable[Any]],
        moves: Callable[[Any, Model], bool],
        changing: Sequence[Model],
    ) -> list[Any]:
        """Say as the serving role that this is maintenance; return what that reaches."""
        found: list[Any] = []
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('mutualist.maintenance', 'on', true)")
            for model in world.rows:
                for command in COMMANDS:
                    found += [(model.__name__, command)] if self.by_policy(model, command) else []
                    if self._reaches_others(model, command, 0):
                        found.append((model.__name__, command, "blind"))
            found += [(type(row).__name__, "insert") for row in new_rows() if stores(row)]
            found += [(model.__name__, "moved") for model in changing if moves(world, model)]
            transaction.set_rollback(True)
        return found

    def without_a_scope(self, world: Any) -> None:
        """Ask without any scope: an error, or nothing."""
        for model, rows in world.rows.items():
            assert rows
            with pytest.raises(NoScopeError):
                by_query_set(model, "select")
            if POSTGRESQL:
                assert [self.by_policy(model, command) for command in COMMANDS] == [set()] * 3


def by_query_set(model: Model, command: str) -> set[int]:
    rows = model.objects.all() if command == "select" else model.objects.all()._fenced(command)
    return set(rows.values_list("pk", flat=True))


def stores_by_query_set(row: Any) -> bool:
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            transaction.set_rollback(True)
    except NoScopeError:
        return False
    except IntegrityError:
        return True  # admitted; only there is such a row already
    finally:
        row.pk = None
    return True


def stores(row: Any) -> bool:
    """Ask plain SQL to store the row: the policies alone decide."""
    fields = [field for field in row._meta.concrete_fields if not field.primary_key]
    names = ", ".join(field.column for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    values = [field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields]
    table = row._meta.db_table
    return passes(f"INSERT INTO {table} ({names}) VALUES ({marks})", values)


def passes(statement: str, values: list[Any]) -> bool:
    """Try a statement; False if a policy refuses it."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)
            transaction.set_rollback(True)
    except ProgrammingError as error:
        if "row-level security" not in str(error):
            raise
        return False
    except IntegrityError:
        return True
    return True
