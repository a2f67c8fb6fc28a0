"""What is deleted must be gone from the database's files, too, not only from its tables.

SQLite leaves deleted content in free pages and in its log of writes, PostgreSQL in dead rows, until
something else is written there.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable

from django.db import DatabaseError, connection

from mutualist.apps.core.roles import as_owner

logger = logging.getLogger(__name__)


def wipe(tables: Iterable[str] = ()) -> bool:
    """Overwrite what was deleted; return whether the database let us.

    Parameters
    ----------
    tables
        Names of the tables in which rows were deleted; none means all (PostgreSQL only).

    Notes
    -----
    Must run outside of a transaction. On PostgreSQL the role has to own the tables, which a serving
    role does not: what it leaves, the nightly run does. Old pages in the server's own log of writes
    go when that is recycled, as the documentation says.
    """
    if connection.in_atomic_block:
        return False
    if connection.vendor == "postgresql" and not _owns_tables():
        logger.info("deleted rows are wiped tonight: this role does not own the tables")
        return False
    try:
        if connection.vendor == "sqlite":
            _wipe_sqlite()
        else:
            _wipe_postgres(list(tables))
    except DatabaseError as error:
        # Somebody is reading, or the role may not: tonight's run tries again.
        logger.warning("deleted rows are still in the database's files: %s", type(error).__name__)
        return False
    return True


def wipe_as_owner() -> bool:
    """Wipe all tables in the name of their owner; for commands and the worker, not for requests."""
    with as_owner():
        return wipe()


def _owns_tables() -> bool:
    """Ask before: to a role that owns nothing, VACUUM only says that it skips the table."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT bool_and(pg_get_userbyid(c.relowner) = current_user) FROM pg_class c "
            "JOIN pg_namespace n ON n.oid = c.relnamespace "
            "WHERE n.nspname = current_schema() AND c.relkind = 'r'"
        )
        return bool(cursor.fetchone()[0])


def _wipe_sqlite() -> None:
    with connection.cursor() as cursor:
        # VACUUM writes every page anew without the free ones; the log is then cut to nothing.
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _wipe_postgres(tables: list[str]) -> None:
    with connection.cursor() as cursor:
        names = ", ".join(connection.ops.quote_name(name) for name in sorted(set(tables)))
        cursor.execute(f"VACUUM (FULL) {names}" if names else "VACUUM (FULL)")
