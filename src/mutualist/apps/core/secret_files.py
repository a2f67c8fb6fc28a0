"""Secrets in files of the data folder: made whole or not at all, read by this installation only."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from mutualist.apps.core.environment import SettingError

#: Of a secret that somebody typed, so that nobody can guess it; ours have 64.
SHORTEST = 32
RESTORE = "Restore the folder “keys” from the backup"


def strong_secret(name: str, value: str | None, file: Path) -> str:
    """Take a secret from the variable `name`, else from its file, made on first use; refuse a short one."""
    text, place = (value, name) if value else (secret_from(file), str(file))
    if len(text.strip()) < SHORTEST or len(set(text)) < SHORTEST // 4:
        raise SettingError(
            f"{place}: expected at least {SHORTEST} random characters, got {len(text.strip())}. "
            "This prints some: mutualist keys new"
        )
    return text


def secret_from(file: Path) -> str:
    """Read a secret from its file, made on first use."""
    found = read_secret(file)
    return write_once(file, secrets.token_urlsafe(48)) if found is None else found


def read_secret(file: Path) -> str | None:
    """Read a secret from its file; nothing if there is no such file.

    Raises
    ------
    SettingError
        If there is one that cannot be read, or nothing in it.
    """
    try:
        text = file.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return None
    except UnicodeDecodeError as error:
        raise SettingError(
            f"{file}: this is no key: expected letters, digits, - and _. {RESTORE}"
        ) from error
    except OSError as error:
        raise SettingError(
            f"{file} can't be read: {error.strerror}. It has to belong to the user the server runs as"
        ) from error
    if not text:
        raise SettingError(f"{file} is empty. {RESTORE}")
    return text


def write_once(file: Path, text: str) -> str:
    """Write a private file unless another process just did; return what it holds."""
    with _draft_of(file, text) as draft, suppress(FileExistsError):
        # A link appears whole or not at all, so nobody ever reads half a key.
        os.link(draft, file)
    # What is written with a key outlives a power cut, so its name has to.
    sync_folder(file.parent)
    return read_secret(file) or ""


def put(file: Path, text: str) -> None:
    """Write a private file in the place of the one that is there, in one step."""
    with _draft_of(file, text) as draft:
        draft.replace(file)
    sync_folder(file.parent)


@contextmanager
def _draft_of(file: Path, text: str) -> Iterator[Path]:
    """Write a private file beside another; it is gone at the end."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = file.with_name(f".{file.name}.{os.getpid()}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        yield draft
    finally:
        draft.unlink(missing_ok=True)


def put_beside(file: Path, beside: Path) -> None:
    """Give a file a second name, which may have belonged to another file; there is no moment without it."""
    draft = beside.with_name(f".{beside.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    os.link(file, draft)
    draft.replace(beside)
    sync_folder(beside.parent)


def sync_folder(folder: Path) -> None:
    """Wait until names in a folder are on the disk, so that a rename survives a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
