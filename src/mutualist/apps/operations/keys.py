"""The keys of this installation, named but never shown."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from mutualist.apps.core import vault


def key_files() -> list[Path]:
    """Return the files of the folder of keys."""
    folder = settings.MUTUALIST_KEY_FILE.parent
    if not folder.is_dir():
        return []
    return sorted(p for p in folder.iterdir() if p.is_file() and not p.name.startswith("."))


def there_is_a_key() -> bool:
    """Tell whether there is a key-encryption key, without making one."""
    return bool(os.environ.get("MUTUALIST_KEY")) or settings.MUTUALIST_KEY_FILE.exists()


def fingerprint() -> str | None:
    """Return the name of the key-encryption key: eight bytes of a hash of 256 random bits."""
    if not there_is_a_key():
        return None
    return hashlib.sha256(b"mutualist/key-name/v1" + vault._kek()).hexdigest()[:16]  # noqa: SLF001


@contextmanager
def with_keys(files: Mapping[str, bytes]) -> Iterator[None]:
    """Use these keys instead of the installation's for a while; they are gone afterwards."""
    if not files:
        yield
        return
    before = settings.MUTUALIST_KEY_FILE
    with tempfile.TemporaryDirectory(prefix="mutualist-keys-") as folder:
        for name, content in files.items():
            (Path(folder) / name).write_bytes(content)
        settings.MUTUALIST_KEY_FILE = Path(folder) / before.name
        try:
            yield
        finally:
            settings.MUTUALIST_KEY_FILE = before
