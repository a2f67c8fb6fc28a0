"""What the command line and other apps may ask of operations."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from mutualist.apps.operations.backups import Made, last_backup, make, name_in, thin_out
from mutualist.apps.operations.cipher import is_sealed
from mutualist.apps.operations.errors import OperationError
from mutualist.apps.operations.keys import require_keys
from mutualist.apps.operations.migrations_pending import (
    from_newer_version,
    leftovers_of_upgrade,
    pending,
)
from mutualist.apps.operations.restoring import Restored, check, restore

__all__ = [
    "Made",
    "OperationError",
    "Restored",
    "check",
    "from_newer_version",
    "is_encrypted",
    "last_backup",
    "leftovers_of_upgrade",
    "make",
    "name_in",
    "pending",
    "require_keys",
    "restore",
    "thin_out",
    "told",
]


def is_encrypted(file: Path) -> bool:
    """Tell whether a backup asks for a passphrase."""
    try:
        with file.open("rb") as stream:
            return is_sealed(stream)
    except OSError as error:
        raise OperationError(
            _("{file} can't be read: {reason}."), file=file, reason=error.strerror
        ) from error


def told(done: Made | Restored) -> dict[str, Any]:
    """Return what was done as JSON values."""
    return asdict(done)
