"""Restore: everything into a new place, checked there, and only then in the place of the old.

With SQLite a new file is filled and renamed; with PostgreSQL all happens in one transaction. Until
the last step the old database is untouched, and an error at any point leaves it so.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.db import OperationalError, connection, transaction
from django.utils.translation import gettext_lazy as _

from mutualist.apps.core.clock import now
from mutualist.apps.core.isolation import MAINTENANCE, private_scope
from mutualist.apps.core.keyring import from_environment, there_is_a_key
from mutualist.apps.core.roles import as_owner, grant_application
from mutualist.apps.core.secret_files import put, put_beside, sync_folder
from mutualist.apps.operations.archive import Reader
from mutualist.apps.operations.cipher import DamagedError, Opening, PassphraseError, is_sealed
from mutualist.apps.operations.errors import OperationError
from mutualist.apps.operations.keys import begin_anew, fingerprint, has_key, keys_of, with_keys
from mutualist.apps.operations.loading import Loaded, load, read_through, require_known
from mutualist.apps.operations.proofs import require_chains, require_opening
from mutualist.apps.operations.tables import rows_in


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back."""

    product: str
    created: str
    rows: int
    keys: list[str]
    chains: int
    kept: str | None


@contextmanager
def opened(source: Path, passphrase: str | None) -> Iterator[Reader]:
    """Open a backup and read its head."""
    try:
        file: BinaryIO = source.open("rb")
    except OSError as error:
        raise OperationError(
            _("{file} can't be read: {reason}."), file=source, reason=error.strerror
        ) from error
    with file:
        stream: Any = file
        if is_sealed(file):
            if not passphrase:
                raise PassphraseError(_("This backup is encrypted: its passphrase is needed."))
            stream = Opening(file, passphrase)
        with Reader(stream) as reader:
            require_known(reader.manifest)
            yield reader


def check(source: Path, passphrase: str | None) -> Restored:
    """Read a backup to its end and compare every part with its checksum; nothing is changed."""
    with opened(source, passphrase) as reader:
        loaded = read_through(reader)
        keys_of(loaded.others, sealed=isinstance(reader.stream, Opening))
        return _told(reader, loaded, 0, None)


def restore(
    source: Path,
    *,
    passphrase: str | None,
    replace: bool,
    without_key: bool = False,
    accept_broken: bool = False,
) -> Restored:
    """Put a backup in the place of this installation's database.

    Parameters
    ----------
    replace
        Also when there is something; with SQLite the old file is kept beside the new one.
    without_key
        Also when this installation does not have the key the backup was made with.
    accept_broken
        Also when an audit chain was broken already when the backup was made.
    """
    with opened(source, passphrase) as reader:
        manifest = reader.manifest
        _require_key(manifest, without_key=without_key)
        place = _NewFile() if connection.vendor == "sqlite" else _OneTransaction()
        names = list(manifest["tables"])
        with as_owner(), place.filling(names, replace=replace), private_scope(MAINTENANCE):
            loaded = load(reader)
            new_keys = keys_of(loaded.others, sealed=isinstance(reader.stream, Opening))
            with with_keys(new_keys):
                chains = require_chains(accept_broken=accept_broken, signed=not without_key)
                if manifest.get("key") and not without_key:
                    require_opening()
            _put_keys(new_keys, replace=replace)
            if without_key:
                begin_anew()
        # As whoever serves, to whom the grant goes; harmless when it is repeated by `migrate`.
        grant_application()
        return _told(reader, loaded, chains, place.kept)


def _told(reader: Reader, loaded: Loaded, chains: int, kept: Path | None) -> Restored:
    manifest = reader.manifest
    return Restored(
        product=manifest["product"],
        created=manifest["created"],
        rows=loaded.rows,
        keys=list(manifest.get("keys", [])),
        chains=chains,
        kept=str(kept) if kept else None,
    )


def _require_key(manifest: dict[str, Any], *, without_key: bool) -> None:
    """Say before anything happens that the answers could not be read afterwards."""
    wanted = manifest.get("key")
    if not wanted or without_key or has_key(wanted):
        return
    # A key in the environment stays the key, whatever the backup brings.
    if manifest.get("keys") and not from_environment():
        return
    said = (
        _("The backup belongs to the key {wanted}; this installation has the key {found}.")
        if there_is_a_key()
        else _("The backup belongs to the key {wanted}; this installation has none.")
    )
    remedy = _(
        "Put the saved folder “keys” into the data folder (or set MUTUALIST_KEY), then restore. "
        "With --without-key the rest comes back, but no sealed answer can ever be read."
    )
    raise OperationError(f"{said} {remedy}", wanted=wanted, found=fingerprint())


def _put_keys(new: dict[str, bytes], *, replace: bool) -> None:
    """Put keys of the backup where none are; others are moved aside, never overwritten."""
    folder: Path = settings.MUTUALIST_KEY_FILE.parent
    for name, content in new.items():
        file = folder / name
        if file.exists() and file.read_bytes() != content:
            if not replace and name == settings.MUTUALIST_KEY_FILE.name:
                raise OperationError(
                    _("{file} is another key than the backup's. With --replace it is kept aside."),
                    file=file,
                )
            # A second name first, then one rename: at no moment is there no key, wherever this is killed. Keys kept
            # aside still open what they wrapped.
            put_beside(file, _aside(file))
        put(file, content.decode("ascii"))


def _aside(file: Path) -> Path:
    return file.with_name(f"{file.name}.before-restore-{now():%Y%m%dT%H%M%SZ}")


class _NewFile:
    """SQLite: fill a file beside the database and rename it at the end."""

    kept: Path | None = None

    @contextmanager
    def filling(self, names: list[str], *, replace: bool) -> Iterator[None]:
        target = Path(connection.settings_dict["NAME"])
        full = target.exists() and rows_in(connection, names) is not None
        if full and not replace:
            raise _not_empty()
        self._take_rest(target)
        for left in target.parent.glob(f".{target.name}.restoring-*"):
            # Of a restore that was killed; no other runs, or the old database would be in use.
            left.unlink(missing_ok=True)
        draft = target.with_name(f".{target.name}.restoring-{os.getpid()}")
        try:
            with _using(draft):
                with connection.cursor() as cursor:
                    # Until the end nothing counts; the end syncs the file as a whole.
                    cursor.execute("PRAGMA synchronous = OFF")
                yield
                _settle()
            self._switch(target, draft, keep=full)
        finally:
            for end in ("", "-wal", "-shm", "-journal"):
                draft.with_name(draft.name + end).unlink(missing_ok=True)

    @staticmethod
    def _take_rest(target: Path) -> None:
        """Make the old database one file; that fails while a server has it open."""
        if not target.exists():
            return
        try:
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA busy_timeout = 2000")
                cursor.execute("PRAGMA journal_mode = DELETE")
        except OperationalError as error:
            raise _in_use() from error
        finally:
            connection.close()

    def _switch(self, target: Path, draft: Path, *, keep: bool) -> None:
        if keep:
            self.kept = _aside(target)
            # A second name first, then one rename: at no moment is there no database.
            os.link(target, self.kept)
        for end in ("-wal", "-shm"):
            target.with_name(target.name + end).unlink(missing_ok=True)
        draft.replace(target)
        sync_folder(target.parent)


@contextmanager
def _using(file: Path) -> Iterator[None]:
    """Let the one connection of this process lead to another file."""
    before = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = file
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before


def _settle() -> None:
    """Bring the new file to disk as one whole file."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA integrity_check")
        if cursor.fetchone() != ("ok",):
            raise DamagedError(_("The restored database does not hold together."))
        cursor.execute("PRAGMA journal_mode = DELETE")
    file = connection.settings_dict["NAME"]
    connection.close()
    with file.open("rb") as stream:
        os.fsync(stream.fileno())


class _OneTransaction:
    """PostgreSQL: old tables away, new ones in, in one transaction."""

    kept: Path | None = None

    @contextmanager
    def filling(self, names: list[str], *, replace: bool) -> Iterator[None]:
        if rows_in(connection, names) is not None and not replace:
            raise _not_empty()
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '5s'")
                try:
                    self._drop(cursor)
                except OperationalError as error:
                    raise _in_use() from error
            yield

    @staticmethod
    def _drop(cursor: Any) -> None:
        cursor.execute(
            "SELECT quote_ident(tablename) FROM pg_tables "
            "WHERE schemaname = current_schema() AND tableowner = current_user"
        )
        found = [row[0] for row in cursor.fetchall()]
        if found:
            cursor.execute(f"DROP TABLE {', '.join(found)} CASCADE")


def _not_empty() -> OperationError:
    return OperationError(
        _(
            "There is already something in the database. Back it up, then restore with --replace: "
            "everything in it is replaced."
        )
    )


def _in_use() -> OperationError:
    return OperationError(
        _("The database is in use. Stop the server and the worker, then restore.")
    )
