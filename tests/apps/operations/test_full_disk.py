"""A disk that is full is told in one line, whatever was under way."""

from __future__ import annotations

import errno
import gc
import sys
from pathlib import Path
from typing import Any

import django
import pytest

from mutualist.apps.operations.archive import Writer
from mutualist.apps.operations.backups import _whole
from mutualist.apps.operations.errors import OperationError
from mutualist.cli.run import CommandError
from mutualist.cli.web import start_django

FULL = OSError(errno.ENOSPC, "No space left on device")


def test_a_backup_given_up_half_way_says_so_and_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[Any] = []
    begun: list[Writer] = []
    monkeypatch.setattr(sys, "unraisablehook", said.append)

    def fill() -> None:
        with _whole(tmp_path / "x.backup") as (stream, _):
            begun.append(Writer(stream, {"tables": []}))
            begun[0].add("tables/one/000001.gz", b"half of it")
            raise FULL

    with pytest.raises(OperationError, match="No space left"):
        fill()
    begun.clear()
    gc.collect()
    assert said == []
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_full_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def full() -> None:
        raise FULL

    monkeypatch.setattr(django, "setup", full)
    monkeypatch.setenv("MUTUALIST_DATA", "/srv/full")
    with pytest.raises(CommandError, match="/srv/full: No space left"):
        start_django()
