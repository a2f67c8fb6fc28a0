"""The keys of this installation, named but never shown."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection

from mutualist.apps.core.keyring import key_file, keyring, there_is_a_key
from mutualist.apps.core.vault import check_key
from mutualist.apps.privacy.public import require_erasure_key


def key_files() -> list[Path]:
    """Return the files of the folder of keys."""
    folder = key_file().parent
    if not folder.is_dir():
        return []
    return sorted(p for p in folder.iterdir() if p.is_file() and not p.name.startswith("."))


def fingerprint() -> str | None:
    """Return the name of the key-encryption key in use: it says which one it is and no more."""
    return keyring().current.id.hex() if there_is_a_key() else None


def has_key(wanted: str) -> bool:
    """Tell whether a key is there, in use or kept beside the one in use."""
    try:
        name = bytes.fromhex(wanted)
    except ValueError:
        return False
    return there_is_a_key() and keyring().named(name) is not None


@contextmanager
def with_keys(files: Mapping[str, bytes]) -> Iterator[None]:
    """Use these keys instead of the installation's for a while; they are gone afterwards."""
    if not files:
        yield
        return
    before = settings.MUTUALIST_DATA, settings.MUTUALIST_KEY_FILE
    with tempfile.TemporaryDirectory(prefix="mutualist-keys-") as folder:
        place = Path(folder) / "keys"
        place.mkdir(mode=0o700)
        for name, content in files.items():
            (place / name).write_bytes(content)
        settings.MUTUALIST_DATA = Path(folder)
        settings.MUTUALIST_KEY_FILE = place / before[1].name
        try:
            yield
        finally:
            settings.MUTUALIST_DATA, settings.MUTUALIST_KEY_FILE = before


def require_keys(*, make: bool = True) -> None:
    """Refuse to go on without a key that something in the database or data folder needs.

    Parameters
    ----------
    make
        Make the first keys of an installation; else only look.

    Raises
    ------
    SettingError
        If a key is lost, cannot be read, or is another one than was used here.
    """
    check_key(make=make)
    if "privacy_erasedperson" in connection.introspection.table_names():
        require_erasure_key()
