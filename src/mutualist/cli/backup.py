"""`mutualist backup` and `mutualist restore`."""

from __future__ import annotations

import getpass
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Final

import typer

from mutualist.cli.context import DONE, _, lang
from mutualist.cli.output import as_json, tell
from mutualist.cli.run import CommandError
from mutualist.library.words import N_, number

BACKUP_EXAMPLES = (
    "mutualist backup today.backup\n"
    "mutualist backup --encrypt --with-keys today.backup\n"
    "mutualist backup --keep 14 /var/backups/mutualist"
)
RESTORE_EXAMPLES = (
    "mutualist restore --check today.backup\nmutualist restore today.backup --replace"
)
PASSPHRASE = "MUTUALIST_BACKUP_PASSPHRASE"  # noqa: S105 - the name of a variable

HELPS: Final = {
    "backup": (
        N_("Write everything into one file, while the server goes on running."),
        N_(
            "The file holds the whole database as it stood at one moment and can be restored into "
            "SQLite and PostgreSQL alike. Keys stay out unless --with-keys is given."
        ),
    ),
    "restore": (
        N_("Put a backup in the place of the database; stop the server first."),
        N_(
            "Everything is checked in a new place before it counts: an altered or incomplete file, "
            "a wrong passphrase or a missing key changes nothing."
        ),
    ),
}

PassphraseFile = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help=N_("File whose first line is the passphrase.")),
]
Json = Annotated[bool, typer.Option("--json", help=N_("Answer as JSON."))]


def backup(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help=N_("The file to write; a folder with --keep."))
    ],
    encrypt: Annotated[
        bool, typer.Option("--encrypt", help=N_("Encrypt under a passphrase."))
    ] = False,
    passphrase_file: PassphraseFile = None,
    with_keys: Annotated[
        bool,
        typer.Option("--with-keys", help=N_("Put the keys in as well; only with --encrypt.")),
    ] = False,
    keep: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            min=1,
            help=N_("Write into the folder FILE and keep the newest N backups there."),
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help=N_("Replace the file."))] = False,
    json: Json = False,
) -> int:
    """Write everything into one file, while the server goes on running."""
    from mutualist.cli.web import start_django

    start_django()
    from mutualist.apps.operations import public as operations

    if keep is not None and file.exists() and not file.is_dir():
        raise CommandError(_("{file} is no folder; --keep needs one.", file=file), 2)
    wanted = encrypt or passphrase_file is not None
    passphrase = _passphrase(passphrase_file, twice=True) if wanted else None
    with explained():
        target = operations.name_in(file) if keep is not None else file
        made = operations.make(target, passphrase=passphrase, with_keys=with_keys, replace=force)
        gone = operations.thin_out(file, keep) if keep is not None else []
    if json:
        print(as_json(operations.told(made)))
        return DONE
    print(
        _(
            "{file}: {rows} rows, {size} MB, SHA-256 {sha}",
            file=made.file,
            rows=number(made.rows, lang()),
            size=number(made.bytes / 1e6, lang(), 1),
            sha=made.sha256,
        )
    )
    for old in gone:
        tell(_("Deleted: {file}", file=old))
    for table in made.left_out:
        tell(
            _("Not in the backup, because it belongs to no part of Mutualist: {table}", table=table)
        )
    if not with_keys:
        tell(_("The keys are not in it. Keep a copy of the folder keys in another place."))
    return DONE


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help=N_("A file made by backup."))],
    check: Annotated[
        bool, typer.Option("--check", help=N_("Only read and check the file; nothing is changed."))
    ] = False,
    replace: Annotated[
        bool, typer.Option("--replace", help=N_("Replace what is in the database."))
    ] = False,
    passphrase_file: PassphraseFile = None,
    without_key: Annotated[
        bool,
        typer.Option(
            "--without-key", help=N_("Restore although the key is lost: no answer can be read.")
        ),
    ] = False,
    accept_broken_chains: Annotated[
        bool,
        typer.Option(
            "--accept-broken-chains",
            help=N_("Restore although an audit chain was broken before the backup."),
        ),
    ] = False,
    json: Json = False,
) -> int:
    """Put a backup in the place of the database; stop the server first."""
    from mutualist.cli.web import start_django

    start_django()
    from mutualist.apps.operations import public as operations

    with explained():
        sealed = operations.is_encrypted(file)
        passphrase = _passphrase(passphrase_file, twice=False) if sealed else None
        if check:
            done = operations.check(file, passphrase)
        else:
            done = operations.restore(
                file,
                passphrase=passphrase,
                replace=replace,
                without_key=without_key,
                accept_broken=accept_broken_chains,
            )
            _erase_again()
    if json:
        print(as_json(operations.told(done)))
        return DONE
    said = (
        _("The backup is whole: version {version}, made {created}, {rows} rows.")
        if check
        else _(
            "Restored: version {version}, made {created}, {rows} rows, {chains} audit chains hold."
        )
    )
    print(
        said.format(
            version=done.product,
            created=done.created[:16].replace("T", " ") + " UTC",
            rows=number(done.rows, lang()),
            chains=number(done.chains, lang()),
        )
    )
    if done.kept:
        tell(_("The former database is kept: {file}", file=done.kept))
    return DONE


def _erase_again() -> None:
    """Take out again whoever was erased after the backup was made."""
    from mutualist.apps.privacy.public import reapply_erasures

    again = reapply_erasures()
    if again:
        tell(_("Erased again, because they had been erased since: {count} people.", count=again))


@contextmanager
def explained() -> Iterator[None]:
    """Turn what operations refuse into messages of the command line, in its language."""
    from django.db import DatabaseError
    from django.utils import translation

    from mutualist.apps.core.environment import SettingError
    from mutualist.apps.operations.public import OperationError

    with translation.override(lang()):
        try:
            yield
        except OperationError as error:
            raise CommandError(error.message) from error
        except SettingError as error:
            raise CommandError(str(error)) from error
        except DatabaseError as error:
            reason = str(error).strip().partition("\n")[0]
            raise CommandError(_("The database can't be used: {reason}", reason=reason)) from error


def _passphrase(file: Path | None, *, twice: bool) -> str:
    """Take the passphrase from a file, the environment or whoever sits at the terminal."""
    if file is not None:
        try:
            lines = file.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or error
            raise CommandError(
                _("{file} can't be read: {reason}.", file=file, reason=reason)
            ) from error
        found = lines[0].strip() if lines else ""
    elif os.environ.get(PASSPHRASE):
        found = os.environ[PASSPHRASE]
    elif sys.stdin.isatty():
        found = getpass.getpass(_("Passphrase") + ": ")
        if twice and getpass.getpass(_("Once more") + ": ") != found:
            raise CommandError(_("The two passphrases differ."))
    else:
        raise CommandError(
            _("A passphrase is needed: --passphrase-file FILE or {name}.", name=PASSPHRASE), 2
        )
    if twice and len(found) < 12:
        raise CommandError(_("The passphrase is too short: take 12 characters or more."))
    return found
