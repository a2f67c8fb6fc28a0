"""What is deleted must be gone from the database's files, too, not only from its tables.

SQLite leaves deleted content in free pages and in its log of writes, PostgreSQL in dead rows, until
something else is written there.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable

from django.db import DatabaseError, connection

logger = logging.getLogger(__name__)


def wipe(tables: Iterable[str] = ()) -> bool:
    """Overwrite what was deleted; return whether the database let us.

    Parameters
    ----------
    tables
        Names of the tables in which rows were deleted; none means all (PostgreSQL only).

    Notes
    -----
    Must run outside of a transaction. On PostgreSQL the role has to own the tables; the rows in
    the server's own log of writes go when it is recycled, as the operator's page says.
    """
    if connection.in_atomic_block:
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
