"""A small file that all processes of one machine share: counts and what keeps for a while.

It holds nothing that must survive a crash, so it does not wait for the disk as the database does;
one count costs a few hundredths of a millisecond. Each machine has its own: with several machines
in front of one PostgreSQL, every limit holds for each of them.
"""

from __future__ import annotations

import sqlite3
import threading
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

FILE = "counts.sqlite3"
TABLES = """
CREATE TABLE IF NOT EXISTS hits (
  key TEXT PRIMARY KEY, start REAL NOT NULL, count INTEGER NOT NULL,
  until REAL NOT NULL, strikes INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS kept (
  key TEXT PRIMARY KEY, value TEXT NOT NULL, expires REAL NOT NULL
) WITHOUT ROWID;
"""


class Counts:
    """One such file; each thread has a connection of its own."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._local = threading.local()

    def run(self, statement: str, values: Any = ()) -> sqlite3.Cursor:
        """Run one statement; each stands for itself."""
        connection = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = self._connect()
        cursor: sqlite3.Cursor = connection.execute(statement, values)
        return cursor

    def _connect(self) -> sqlite3.Connection:
        self._file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        # Without a transaction of its own; a thread that ends closes its connection with it.
        connection = sqlite3.connect(
            self._file, timeout=2, isolation_level=None, check_same_thread=False
        )
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=OFF")
        connection.executescript(TABLES)
        self._file.chmod(0o600)
        return connection

    def close(self) -> None:
        """Close this thread's connection."""
        connection = self._local.__dict__.pop("connection", None)
        if connection is not None:
            connection.close()


@cache
def _counts(file: Path) -> Counts:
    return Counts(file)


def counts() -> Counts:
    """Return the file of this installation."""
    return _counts(Path(settings.MUTUALIST_DATA) / FILE)
