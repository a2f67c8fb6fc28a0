"""The database: reachable, safe settings, whole, up to date, isolated."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from mutualist.apps.core.database_tls import way_to
from mutualist.apps.core.fences import private_models
from mutualist.apps.operations.checks.found import Asked, Finding, ok, warning, wrong
from mutualist.apps.operations.migrations_pending import FIRST, from_newer_version, pending

OLDEST_POSTGRES = 150000
# Select, insert, update and delete each have a policy.
COMMANDS = 4


def reachable(_asked: Asked) -> Iterator[Finding]:
    """Ask the database something, and the rest only if it answers."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        yield wrong(
            "database.reachable",
            _("The database cannot be reached: {reason}").format(reason=first_line(error)),
            _("Start it; compare MUTUALIST_DATABASE_URL; look at its log."),
        )
        return
    yield ok(
        "database.reachable", _("The database answers ({kind}).").format(kind=connection.vendor)
    )
    yield from _sqlite() if connection.vendor == "sqlite" else _postgres()
    yield from _migrations()


def first_line(error: Exception) -> str:
    """Return the first line of a message, in which no password stands."""
    return str(error).strip().partition("\n")[0][:200]


def _pragma(name: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA {name}")
        return str(cursor.fetchone()[0])


def _sqlite() -> Iterator[Finding]:
    mode, level = _pragma("journal_mode"), _pragma("synchronous")
    if (mode, level) == ("wal", "2"):
        yield ok("database.durable", _("Writes wait for the disk (WAL, synchronous FULL)."))
    else:
        yield wrong(
            "database.durable",
            _("journal_mode is {mode} and synchronous {level}; expected wal and 2.").format(
                mode=mode, level=level
            ),
            _("The file system may not support it: use a local disk, not a network share."),
        )
    said = _pragma("quick_check(1)")
    if said == "ok":
        size = Path(connection.settings_dict["NAME"]).stat().st_size / 1e6
        yield ok(
            "database.whole",
            _("The file is whole ({size} MB).").format(size=number_format(size, 1)),
        )
    else:
        yield wrong(
            "database.whole",
            _("The file is damaged: {reason}").format(reason=said[:200]),
            _("Stop the server, keep a copy of the file, restore the last backup."),
        )


def _postgres() -> Iterator[Finding]:
    number = connection.cursor().connection.info.server_version
    said = _("PostgreSQL {version}").format(version=number // 10000)
    if number < OLDEST_POSTGRES:
        yield wrong("database.version", said, _("Use PostgreSQL 15 or later."))
    else:
        yield ok("database.version", said)
    with connection.cursor() as cursor:
        cursor.execute("SHOW fsync")
        fsync = cursor.fetchone()[0]
        cursor.execute("SHOW synchronous_commit")
        commit = cursor.fetchone()[0]
    if fsync == "on" and commit != "off":
        yield ok("database.durable", _("Writes wait for the disk (fsync, synchronous_commit)."))
    else:
        yield wrong(
            "database.durable",
            _("fsync is {fsync} and synchronous_commit {commit}.").format(
                fsync=fsync, commit=commit
            ),
            _("Set both to on in postgresql.conf: else a power cut loses what was acknowledged."),
        )
    yield from _way()
    yield from _isolation()


def _way() -> Iterator[Finding]:
    """Look whether somebody between this machine and the database could listen or answer in its place."""
    remedy = _("Add ?sslmode=verify-full&sslrootcert=FILE to the address of the database.")
    owner = settings.MUTUALIST_DATABASE_OWNER
    ways = [way_to(found) for found in (settings.DATABASES["default"], owner) if found]
    if "plain" in ways:
        yield wrong(
            "database.tls",
            _("The database is on another machine, and nothing makes sure the way is encrypted."),
            remedy,
        )
    elif "unchecked" in ways:
        yield wrong(
            "database.tls",
            _("The way to the database is encrypted, but nobody checks who answers there."),
            remedy,
        )
    elif "plain by choice" in ways:
        yield warning(
            "database.tls",
            _("The database is on another machine, and TLS is switched off by sslmode=disable."),
            _(
                "Only in a network nobody else is in, such as that of the containers; else sslmode=verify-full."
            ),
        )
    elif "checked" in ways:
        yield ok(
            "database.tls", _("The way to the database is encrypted and its certificate checked.")
        )
    else:
        yield ok("database.tls", _("The database is on this machine."))


def _isolation() -> Iterator[Finding]:
    """Ask the catalogue whether row level security is there and holds for the role that serves."""
    tables = [model._meta.db_table for model in private_models()]  # noqa: SLF001
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        above = cursor.fetchone()[0]
        cursor.execute(
            "SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity, "
            "pg_get_userbyid(c.relowner) = current_user, "
            "(SELECT count(DISTINCT p.polcmd) FROM pg_policy p WHERE p.polrelid = c.oid) "
            "FROM pg_class c WHERE c.relname = ANY(%s) AND c.relkind = 'r'",
            [tables],
        )
        rows = cursor.fetchall()
    remedy = _("Follow “PostgreSQL” in the operator's guide: two roles, then mutualist migrate.")
    if above:
        yield wrong("database.role", _("The role that serves is above row level security."), remedy)
    elif any(own for _name, _on, own, _policies in rows):
        yield warning(
            "database.role",
            _("The role that serves owns the tables and could drop the rules."),
            remedy,
        )
    else:
        yield ok("database.role", _("The role that serves is bound by row level security."))
    bare = [name for name, on, _own, policies in rows if not on or policies < COMMANDS]
    if bare or len(rows) < len(tables):
        said = ", ".join(bare) or _("tables are missing")
        yield wrong(
            "database.isolation",
            _("Row level security is not complete: {tables}.").format(tables=said),
            _("mutualist migrate; if that does not help, restore the last backup."),
        )
    else:
        yield ok(
            "database.isolation",
            _("{count} private tables are guarded row by row.").format(count=len(rows)),
        )


def _migrations() -> Iterator[Finding]:
    newer, lacking = from_newer_version(), pending()
    if newer:
        yield wrong(
            "database.migrations",
            _("The database belongs to a newer version: {names}.").format(
                names=", ".join(newer[:3])
            ),
            _("Install that version; this one must not run on it."),
        )
    elif FIRST in lacking:
        yield wrong(
            "database.migrations",
            _("The database is empty: nobody has started here yet."),
            _(
                "Compare MUTUALIST_DATA and MUTUALIST_DATABASE_URL; if they are right: mutualist migrate"
            ),
        )
    elif lacking:
        yield warning(
            "database.migrations",
            _("{count} changes of the database are pending.").format(count=len(lacking)),
            _("Make a backup, then: mutualist migrate"),
        )
    else:
        yield ok("database.migrations", _("The database is up to date."))
