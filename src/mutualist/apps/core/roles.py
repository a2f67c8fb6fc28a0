"""The two roles on PostgreSQL: one owns the tables, the other serves people and sees what it may.

The owner's address (``MUTUALIST_DATABASE_OWNER_URL``) is used for migrations and for work on the
whole installation. With one address only, that role owns the tables and serves, too; then FORCE
still binds it to the policies, but not to keep them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import connection

IDENTITY = ("USER", "PASSWORD", "HOST", "PORT", "OPTIONS")


def owner() -> dict[str, Any] | None:
    """Return how the owner of the tables connects, if it is a role of its own."""
    found: dict[str, Any] | None = settings.MUTUALIST_DATABASE_OWNER
    return found if connection.vendor == "postgresql" else None


@contextmanager
def as_owner() -> Iterator[None]:
    """Work as the owner of the tables for the time of the block; for commands, not for requests.

    Outside of a transaction the connection is made anew. Inside of one only the role changes, which
    PostgreSQL allows to members of the owner's role alone.
    """
    wanted = owner()
    if wanted is None or connection.settings_dict["USER"] == wanted["USER"]:
        yield
    elif connection.in_atomic_block:
        with _as_role(wanted["USER"]):
            yield
    else:
        with _reconnected(wanted):
            yield


@contextmanager
def _reconnected(wanted: dict[str, Any]) -> Iterator[None]:
    mine = {name: connection.settings_dict[name] for name in IDENTITY}
    connection.close()
    connection.settings_dict.update({name: wanted[name] for name in IDENTITY})
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(mine)


@contextmanager
def _as_role(name: str) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user::text")
        before = cursor.fetchone()[0]
        cursor.execute(f"SET LOCAL ROLE {connection.ops.quote_name(name)}")
    try:
        yield
    finally:
        if takes_statements():
            with connection.cursor() as cursor:
                cursor.execute(f"SET LOCAL ROLE {connection.ops.quote_name(before)}")


def takes_statements() -> bool:
    """Whether a transaction of PostgreSQL is still sound; if not, its end undoes what it has set."""
    from psycopg.pq import TransactionStatus

    return (
        connection.connection is not None
        and not connection.needs_rollback
        and connection.connection.info.transaction_status == TransactionStatus.INTRANS
    )


def grant_application() -> None:
    """Let the serving role read and write all tables, after a migration may have made new ones."""
    serving = connection.settings_dict["USER"]
    if owner() is None:
        return
    role = connection.ops.quote_name(serving)
    rows = "SELECT, INSERT, UPDATE, DELETE"
    with as_owner(), connection.cursor() as cursor:
        for statement in (
            f"GRANT USAGE ON SCHEMA public TO {role}",
            f"GRANT {rows} ON ALL TABLES IN SCHEMA public TO {role}",
            f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
            f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT {rows} ON TABLES TO {role}",
            f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {role}",
            # What has been migrated is the owner's business.
            f"REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {role}",
        ):
            cursor.execute(statement)
