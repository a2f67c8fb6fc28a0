"""Run the command line in this process, in English, with its own private folder."""

from __future__ import annotations

import io
import os
from dataclasses import dataclass

import pytest

from mutualist.cli.run import run
from operations.places import Place


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str


@pytest.fixture(autouse=True)
def surroundings(monkeypatch, tmp_path):
    monkeypatch.setenv("MUTUALIST_LANG", "en")
    monkeypatch.setenv("MUTUALIST_PRIVATE", str(tmp_path / "private"))
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def call(capsysbinary, monkeypatch):
    """Return a function that runs a command line and tells how it ended."""

    def calling(*arguments: object, stdin: str | bytes = b"") -> Done:
        raw = stdin.encode() if isinstance(stdin, str) else stdin
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(raw), encoding="utf-8"))
        code = run([str(argument) for argument in arguments])
        captured = capsysbinary.readouterr()
        return Done(code, captured.out.decode(errors="replace"), captured.err.decode())

    return calling


@pytest.fixture(scope="session")
def migrated(tmp_path_factory):
    """Return an installation as `migrate` leaves it, though everybody might read new files; to be copied."""
    place = Place(tmp_path_factory.mktemp("migrated") / "data")
    before = os.umask(0)
    try:
        place.must("migrate")
    finally:
        os.umask(before)
    return place
