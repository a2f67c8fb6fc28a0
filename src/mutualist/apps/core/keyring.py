"""The key-encryption keys: the one in use and, while it is being changed, the ones beside it.

The key in use stands in ``MUTUALIST_KEY`` or in the file ``keys/key-encryption-key``. Beside the file stand, at times,
``.next`` (made, but not in use yet), ``.previous`` (no longer in use, kept for older backups) and those a restore has
moved aside; beside the variable ``MUTUALIST_KEY_PREVIOUS``. A wrapped key names the one it needs, so that a change may be interrupted at any moment.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from django.conf import settings

from mutualist.apps.core.environment import SettingError
from mutualist.apps.core.secret_files import read_secret, write_once

KEY = 32
ID = 8
VARIABLE = "MUTUALIST_KEY"
PREVIOUS_VARIABLE = "MUTUALIST_KEY_PREVIOUS"
WRONG_KEY = "{name}: expected at least 32 bytes in base64 (letters, digits, - and _)"
LOST_KEY = (
    "The key-encryption key is missing: neither MUTUALIST_KEY nor the file {file} is there, but the database holds "
    "answers that only this key opens. Restore the folder “keys” from the backup. No new key was made."
)


class LostKeyError(SettingError):
    """There is no key, but there is something only the lost one could open."""


@dataclass(frozen=True, slots=True, repr=False)
class Kek:
    """A key-encryption key; its id says which one it is and nothing about it."""

    secret: bytes

    @property
    def id(self) -> bytes:
        """Eight bytes of a hash of the 256 random bits."""
        return hashlib.sha256(b"mutualist/key-name/v1" + self.secret).digest()[:ID]


@dataclass(frozen=True, slots=True, repr=False)
class Keyring:
    """All key-encryption keys that are there, the one in use first."""

    keys: tuple[Kek, ...]

    @property
    def current(self) -> Kek:
        """The key new things are wrapped with."""
        return self.keys[0]

    def named(self, wanted: bytes) -> Kek | None:
        """Return the key with this id."""
        return next((key for key in self.keys if key.id == wanted), None)


def kek_of(text: str, name: str = VARIABLE) -> Kek:
    """Make a key of its text; `name` is where the text came from."""
    try:
        # Strictly: letters outside the alphabet would be skipped, and next to nothing be a key.
        key = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (ValueError, binascii.Error) as error:
        raise SettingError(WRONG_KEY.format(name=name)) from error
    if len(key) < KEY:
        raise SettingError(WRONG_KEY.format(name=name))
    # The file is made with 48 random bytes of text; the hash brings either form to one length.
    return Kek(hashlib.sha256(b"mutualist/kek/v1" + key).digest())


def new_key_text() -> str:
    """Return a fresh random key as text."""
    return secrets.token_urlsafe(48)


def key_file(ending: str = "") -> Path:
    """Return the file of the key in use, or with an ending the one beside it."""
    file: Path = settings.MUTUALIST_KEY_FILE
    return file.with_name(file.name + ending)


def from_environment() -> bool:
    """Whether the key in use comes from a variable and not from a file."""
    return bool(os.environ.get(VARIABLE))


_lock = Lock()
_known: dict[tuple[object, ...], Keyring] = {}


def there_is_a_key() -> bool:
    """Tell whether there is a key-encryption key, without making one."""
    return from_environment() or read_secret(key_file()) is not None


def keyring(*, afresh: bool = False) -> Keyring:
    """Return the keys; they are read again when the file in use has changed, or `afresh`.

    Raises
    ------
    LostKeyError
        If there is no key, and making one would hide that the old one is lost.
    """
    state = _state()
    with _lock:
        found = None if afresh else _known.get(state)
    if found is None:
        found = _read()
        with _lock:
            _known.clear()
            _known[_state()] = found
    return found


def _state() -> tuple[object, ...]:
    """Return what changes when the keys do: cheap enough to be asked each time."""
    values = (os.environ.get(VARIABLE), os.environ.get(PREVIOUS_VARIABLE))
    file = key_file()
    try:
        about = file.stat()
    except OSError:
        # Missing or not to be looked at: reading it says which.
        return (*values, str(file))
    return (*values, str(file), about.st_mtime_ns, about.st_ino)


def _read() -> Keyring:
    given = os.environ.get(VARIABLE)
    keys = [kek_of(given) if given else _current_of_file()]
    previous = os.environ.get(PREVIOUS_VARIABLE)
    if previous:
        keys.append(kek_of(previous, PREVIOUS_VARIABLE))
    # Files beside the one in use count in either case: a key may have moved into the variable.
    beside = (key_file(ending) for ending in ("", ".next", ".previous"))
    # A restore that was killed half way leaves the old database with the new key: both keys count.
    aside = sorted(key_file().parent.glob(f"{key_file().name}.before-restore-*"))
    for file in (*beside, *aside):
        text = read_secret(file)
        if text is not None:
            keys.append(kek_of(text, str(file)))
    return Keyring(tuple(dict.fromkeys(keys)))


def _current_of_file() -> Kek:
    file = key_file()
    text = read_secret(file)
    if text is None:
        from mutualist.apps.core.wrapping import anything_wrapped

        if anything_wrapped():
            raise LostKeyError(LOST_KEY.format(file=file))
        text = write_once(file, new_key_text())
    return kek_of(text, str(file))
