"""What the database still lacks of this version, and what it has of a newer one."""

from __future__ import annotations

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from mutualist.apps.core.roles import as_owner

#: Where this one waits the database is empty.
FIRST = "core.0001_initial"


def pending() -> list[str]:
    """Return the migrations that would be applied, in their order."""
    with as_owner():
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]


def from_newer_version() -> list[str]:
    """Return applied migrations of our apps which this version does not have."""
    with as_owner():
        loader = MigrationExecutor(connection).loader
        applied = MigrationRecorder(connection).applied_migrations()
    return [
        f"{app}.{name}"
        for app, name in sorted(applied)
        if app in loader.migrated_apps and (app, name) not in loader.disk_migrations
    ]


#: Tables whose rows held more before a migration than after it; deleted words stay in files until they are wiped.
_HELD_MORE = {"core.0004_mails_without_plain_words": "core_outboxmail"}


def leftovers_of_upgrade() -> list[str]:
    """Return the tables to be wiped once the pending migrations have run; none for an empty database."""
    waiting = pending()
    if FIRST in waiting:
        return []
    return [table for name, table in _HELD_MORE.items() if name in waiting]
