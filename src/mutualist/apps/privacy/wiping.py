"""What is deleted must be gone from the database's files, too, not only from its tables.

SQLite leaves deleted content in free pages and in its log of writes, PostgreSQL in dead rows, until
something else is written there.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

from django.db import DatabaseError, connection

from mutualist.apps.core.roles import as_owner
from mutualist.apps.privacy import erasures
from mutualist.apps.privacy.models import ErasedPerson

logger = logging.getLogger(__name__)


CHANGES = re.compile(r'(?:DELETE FROM|UPDATE) "(\w+)"')


@contextmanager
def touched() -> Iterator[set[str]]:
    """Note in which tables rows are deleted or changed within the block, whoever does it."""
    found: set[str] = set()

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        change = CHANGES.match(sql)
        if change:
            found.add(change[1])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield found


def wipe_pending(*, owner: bool = False) -> bool:
    """Wipe what erasures have left in the database's files; return whether nothing is left.

    Parameters
    ----------
    owner
        In the name of the owner of the tables: for commands and the worker, not for requests.
    """
    rows = erasures.unwiped()
    tables = {name for row in rows for name in row.unwiped}
    if not tables:
        return True
    with as_owner() if owner else nullcontext():
        done = wipe(tables)
    for row in rows if done else ():
        # Whoever was erased again meanwhile has a later moment and stays.
        ErasedPerson.objects.filter(pk=row.pk, erased_at=row.erased_at).update(unwiped=[])
    return done


def wipe(tables: Iterable[str]) -> bool:
    """Overwrite what was deleted in these tables; return whether the database let us.

    Notes
    -----
    Must run outside of a transaction. SQLite writes the whole file anew. On PostgreSQL the role has to own the tables,
    which a serving role does not: what it leaves, the nightly run does. Each table is written anew by itself, and
    nobody reads or writes it meanwhile; the others go on. Old pages in the server's own log of writes go when that is
    recycled, as the documentation says.
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
            _wipe_postgres(tables)
    except DatabaseError as error:
        # Somebody is reading, or the role may not: tonight's run tries again.
        logger.warning("deleted rows are still in the database's files: %s", type(error).__name__)
        return False
    return True


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


def _wipe_postgres(tables: Iterable[str]) -> None:
    there = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for name in sorted(there & set(tables)):
            cursor.execute(f"VACUUM (FULL) {connection.ops.quote_name(name)}")
