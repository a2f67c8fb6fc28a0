"""Make a backup file: whole or not at all, encrypted when a passphrase is given."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from mutualist.apps.core.clock import now
from mutualist.apps.core.roles import as_owner
from mutualist.apps.core.secret_files import sync_folder
from mutualist.apps.operations.cipher import Sealing
from mutualist.apps.operations.dumping import dump
from mutualist.apps.operations.errors import OperationError
from mutualist.apps.operations.keys import KNOWN, fingerprint, key_files

STAMP = "last-backup.json"
NAMED = re.compile(r"mutualist-\d{8}T\d{6}Z\.backup")


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that is on disk."""

    file: str
    created: str
    bytes: int
    rows: int
    sha256: str
    encrypted: bool
    keys: bool
    left_out: list[str]


def name_in(folder: Path) -> Path:
    """Return the name of a backup made now in a folder of backups."""
    return folder / f"mutualist-{now():%Y%m%dT%H%M%SZ}.backup"


def make(target: Path, *, passphrase: str | None, with_keys: bool, replace: bool = False) -> Made:
    """Write a backup of the running installation.

    Parameters
    ----------
    with_keys
        Put the keys in as well; only in encrypted backups, because key and database together
        open the sealed sheets.
    """
    if with_keys and not passphrase:
        raise OperationError(_("Keys go only into encrypted backups: add --encrypt."))
    if target.exists() and not replace:
        raise OperationError(_("{file} exists. With --force it is replaced."), file=target)
    known = [file for file in key_files() if KNOWN.fullmatch(file.name)] if with_keys else []
    parts = {f"keys/{file.name}": file.read_bytes() for file in known}
    more = {"key": fingerprint(), "keys": sorted(name.split("/")[1] for name in parts)}
    with as_owner(), _whole(target) as (stream, digest):
        if passphrase:
            sealing = Sealing(stream, passphrase)
            manifest = dump(sealing, more, parts)
            sealing.close()
        else:
            manifest = dump(stream, more, parts)
    made = Made(
        file=str(target.resolve()),
        created=manifest["created"],
        bytes=target.stat().st_size,
        rows=manifest["rows"],
        sha256=digest.hexdigest(),
        encrypted=bool(passphrase),
        keys=with_keys,
        left_out=manifest["left_out"],
    )
    _stamp(made)
    return made


class _Hashing:
    """A file that knows the hash of what went into it."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.digest = hashlib.sha256()

    def write(self, data: Any) -> int:
        if self._file.closed:
            # An archive given up half way writes its end when it is thrown away.
            return len(data)
        self.digest.update(data)
        return self._file.write(data)


@contextmanager
def _whole(target: Path) -> Iterator[tuple[Any, Any]]:
    """Write beside the target and rename at the end: nobody ever finds half a backup."""
    draft = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        file = os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")
    except OSError as error:
        raise OperationError(
            _("{file} can't be written: {reason}."), file=target, reason=error.strerror
        ) from error
    try:
        with file:
            hashing = _Hashing(file)
            yield hashing, hashing.digest
            file.flush()
            os.fsync(file.fileno())
        draft.replace(target)
        sync_folder(target.parent)
    except OSError as error:
        raise OperationError(
            _("{file} can't be written: {reason}."), file=target, reason=error.strerror
        ) from error
    finally:
        draft.unlink(missing_ok=True)


def _stamp(made: Made) -> None:
    """Note the backup in the data folder, for those who ask how old the last one is."""
    file = settings.MUTUALIST_DATA / STAMP
    draft = file.with_name(f".{STAMP}.{os.getpid()}")
    draft.write_text(json.dumps(asdict(made), indent=1), encoding="utf-8")
    draft.replace(file)


def last_backup() -> datetime | None:
    """Return when the last backup was made, or nothing if none is known."""
    try:
        content = json.loads((settings.MUTUALIST_DATA / STAMP).read_text(encoding="utf-8"))
        return datetime.fromisoformat(content["created"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def thin_out(folder: Path, keep: int) -> list[Path]:
    """Delete all but the newest backups of a folder; only files named by :func:`name_in`."""
    found = sorted(file for file in folder.iterdir() if NAMED.fullmatch(file.name))
    old = found[: max(len(found) - keep, 0)]
    for file in old:
        file.unlink()
    return old
