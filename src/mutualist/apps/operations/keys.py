"""The keys of this installation, named but never shown."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext_lazy as _

from mutualist.apps.core import signing_keys
from mutualist.apps.core.key_in_use import remember
from mutualist.apps.core.keyring import key_file, keyring, new_key_text, there_is_a_key
from mutualist.apps.core.secret_files import secret_from, write_once
from mutualist.apps.core.vault import check_key
from mutualist.apps.operations.cipher import DamagedError
from mutualist.apps.privacy.public import erasure_key_file, require_erasure_key

#: Every file a backup may bring into the folder of keys, and no other; those moved aside by a restore as well.
KNOWN: Final = re.compile(
    r"(key-encryption-key(\.next|\.previous)?|signing-key(\.next|\.previous)?|secret-key|erasure-key)"
    r"(\.before-restore-\d{8}T\d{6}Z)?"
)
LONGEST: Final = 4096


def key_files() -> list[Path]:
    """Return the files of the folder of keys."""
    folder = key_file().parent
    if not folder.is_dir():
        return []
    return sorted(p for p in folder.iterdir() if p.is_file() and not p.name.startswith("."))


def keys_of(parts: Mapping[str, bytes], *, sealed: bool) -> dict[str, bytes]:
    """Return the keys a backup brings along, by the name of their file.

    Raises
    ------
    DamagedError
        If there is anything but keys of known names, or if there are keys in a backup that is not encrypted: no
        program of ours writes them there, so somebody wants this installation to use keys of theirs.
    """
    found = {}
    for part, content in parts.items():
        folder, _slash, name = part.partition("/")
        if folder != "keys" or not KNOWN.fullmatch(name) or not _is_key(content):
            raise DamagedError(_("The part {part} of the backup is unknown."), part=part)
        found[name] = content
    if found and not sealed:
        raise DamagedError(
            _(
                "There are keys in this backup although it is not encrypted: no version of Mutualist makes such a file. "
                "Nothing of it is used."
            )
        )
    return found


def _is_key(content: bytes) -> bool:
    return len(content) <= LONGEST and content.isascii() and content.decode("ascii").isprintable()


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


def begin_anew() -> None:
    """Let a database whose key is lost go on with a new one: what the lost key wrapped stays shut for good."""
    if not there_is_a_key():
        write_once(key_file(), new_key_text())
    remember(keyring(afresh=True).current)
    mine = signing_keys.key_in_use()
    if mine is not None and mine not in signing_keys.ours()[:1]:
        signing_keys.change()
    # With the key of the digests that is lost nobody in the list is recognised any more; a new one is for those to come.
    secret_from(erasure_key_file())


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
