"""Secrets in files: made once, private, whole, and named when they cannot be used."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from mutualist.apps.core.environment import SettingError
from mutualist.apps.core.secret_files import read_secret, secret_from, strong_secret, write_once

LONG = "0123456789abcdefghijklmnopqrstuv"


def test_a_secret_is_made_once_and_private(tmp_path: Path) -> None:
    file = tmp_path / "keys" / "secret"
    first = strong_secret("SECRET", None, file)
    assert strong_secret("SECRET", None, file) == secret_from(file) == first
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert strong_secret("SECRET", LONG, file) == LONG


@pytest.mark.parametrize("weak", ["short", LONG[:31], "a" * 64, " " * 40 + "b", "abab" * 16])
def test_a_secret_somebody_could_guess_is_refused(tmp_path: Path, weak: str) -> None:
    file = tmp_path / "secret"
    with pytest.raises(SettingError, match=r"SECRET: expected at least 32.*keys new") as told:
        strong_secret("SECRET", weak, file)
    assert weak not in str(told.value)
    file.write_text(weak)
    with pytest.raises(SettingError, match=str(file)):
        strong_secret("SECRET", None, file)


def test_two_processes_agree_on_one_secret(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    assert write_once(file, "one") == "one"
    assert write_once(file, "two") == "one"
    assert [p.name for p in tmp_path.iterdir()] == ["secret"]


def test_a_full_disk_leaves_no_half_secret(tmp_path: Path, monkeypatch) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_once(tmp_path / "secret", LONG)
    assert list(tmp_path.iterdir()) == []


def test_the_name_of_a_new_secret_is_on_the_disk(tmp_path: Path, monkeypatch) -> None:
    """What is written with a key outlives a power cut, and so must the key."""
    synced: list[int] = []
    real = os.fsync

    def fsync(descriptor: int) -> None:
        synced.append(os.fstat(descriptor).st_ino)
        real(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    write_once(tmp_path / "secret", LONG)
    assert synced[-1] == tmp_path.stat().st_ino


@pytest.mark.parametrize("content", [b"", b"  \n", "schlüssel".encode(), b"\xff\xfe"])
def test_a_file_that_is_no_secret_is_named(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "secret"
    file.write_bytes(content)
    with pytest.raises(SettingError, match=str(file)):
        read_secret(file)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "secret"
    folder.mkdir()
    with pytest.raises(SettingError, match="user the server runs as"):
        read_secret(folder)
    assert read_secret(tmp_path / "none") is None
