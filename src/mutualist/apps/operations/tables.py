"""Which tables there are at the migrations a database has applied, and in which order they load."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils.translation import gettext_lazy as _

from mutualist.apps.operations.errors import OperationError

Table = type[models.Model]
#: Made by the framework itself; the rest of an empty database is empty.
FRAMEWORK = frozenset(
    {"django_content_type", "auth_permission", "django_migrations", "django_session"}
)


def applied(connection: BaseDatabaseWrapper) -> dict[str, list[str]]:
    """Return the migrations a database has, by app; an app that is gone does not count."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    found: dict[str, list[str]] = {}
    for app, name in sorted(MigrationRecorder(connection).applied_migrations()):
        if app in loader.migrated_apps:
            found.setdefault(app, []).append(name)
    return found


def unknown(migrations: Mapping[str, Iterable[str]]) -> list[str]:
    """Return the migrations this version does not have: they come from a newer one."""
    known = set(MigrationLoader(None, ignore_no_migrations=True).disk_migrations)
    return [
        f"{app}.{name}"
        for app, names in sorted(migrations.items())
        for name in names
        if (app, name) not in known
    ]


def leaves(migrations: Mapping[str, Iterable[str]]) -> list[tuple[str, str]]:
    """Return the last of these migrations of each app: where a database has to be brought."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    nodes = {(app, name) for app, names in migrations.items() for name in names}
    return sorted(
        node
        for node in nodes
        if not any(
            child.key in nodes and child.key[0] == node[0]
            for child in loader.graph.node_map[node].children
        )
    )


def tables(migrations: Mapping[str, Iterable[str]]) -> dict[str, Table]:
    """Return the tables of a state of migrations by name; what others point to comes first."""
    strange = unknown(migrations)
    if strange:
        raise OperationError(
            _("This version of Mutualist does not know {migration}: use the newer one."),
            migration=strange[0],
        )
    loader = MigrationLoader(None, ignore_no_migrations=True)
    state = loader.project_state(leaves(migrations))
    found = {
        model._meta.db_table: model  # noqa: SLF001 - Django's public name for it
        for model in state.apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy  # noqa: SLF001
    }
    return {name: found[name] for name in _in_order(found)}


def _in_order(found: Mapping[str, Table]) -> list[str]:
    """Sort so that a row's targets are there before it; circles are left to the end of the transaction."""
    waiting = {
        name: {
            field.remote_field.model._meta.db_table  # noqa: SLF001
            for field in columns(model)
            if field.remote_field is not None
        }
        - {name}
        for name, model in found.items()
    }
    order: list[str] = []
    while waiting:
        free = sorted(name for name, targets in waiting.items() if not targets & set(waiting))
        free = free or [min(waiting)]
        order += free
        for name in free:
            del waiting[name]
    return order


def columns(model: Table) -> list[models.Field[Any, Any]]:
    """Return the stored columns of a table."""
    return [
        field
        for field in model._meta.concrete_fields  # noqa: SLF001
        if not getattr(field, "generated", False)
    ]


def column_names(model: Table) -> list[str]:
    """Return the names of the stored columns of a table, in their order."""
    return [str(field.column) for field in columns(model)]


def rows_in(connection: BaseDatabaseWrapper, names: Iterable[str]) -> str | None:
    """Return the first table of the product that has rows, or nothing for an empty database."""
    with connection.cursor() as cursor:
        there = {info.name for info in connection.introspection.get_table_list(cursor)}
        for name in names:
            if name in there and name not in FRAMEWORK:
                cursor.execute(f"SELECT 1 FROM {connection.ops.quote_name(name)} LIMIT 1")  # noqa: S608
                if cursor.fetchone():
                    return name
    return None


def left_out(connection: BaseDatabaseWrapper, names: Iterable[str]) -> list[str]:
    """Return tables of the database that belong to nobody known: they are not backed up."""
    with connection.cursor() as cursor:
        there = {
            info.name
            for info in connection.introspection.get_table_list(cursor)
            if info.type == "t"
        }
    return sorted(there - set(names) - {"django_migrations"})
