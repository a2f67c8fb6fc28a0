"""Installations of their own for tests of operations: a data folder, a database, commands in new processes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = Path(__file__).resolve().parent / "scripts"
# What the tests' own settings must not bring into another installation.
KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR")


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def said(self) -> str:
        return self.out + self.err


@dataclass
class Place:
    """One installation."""

    data: Path
    url: str | None = None
    more: dict[str, str] = field(default_factory=dict)
    source: Path = ROOT

    @property
    def environment(self) -> dict[str, str]:
        found = {name: os.environ[name] for name in KEPT if name in os.environ}
        found |= {
            "MUTUALIST_DATA": str(self.data),
            "MUTUALIST_LANG": "en",
            "PYTHONPATH": f"{self.source / 'src'}{os.pathsep}{self.source / 'tests'}",
            "DJANGO_SETTINGS_MODULE": "mutualist.project.settings",
            **self.more,
        }
        if self.url:
            found["MUTUALIST_DATABASE_URL"] = self.url
        return found

    @property
    def database(self) -> Path:
        return self.data / "mutualist.sqlite3"

    def run(self, *arguments: object, **more: str) -> Done:
        """Run the command `mutualist` to its end."""
        return self._python("-m", "mutualist", *arguments, more=more)

    def must(self, *arguments: object, **more: str) -> Done:
        """Run the command `mutualist`, which has to succeed."""
        done = self.run(*arguments, **more)
        assert done.code == 0, f"{arguments}: {done.said}"
        return done

    def script(self, name: str, *arguments: object, **more: str) -> Any:
        """Run one of our scripts in this installation and return the JSON it prints."""
        done = self._python(SCRIPTS / f"{name}.py", *arguments, more=more)
        assert done.code == 0, done.said
        return json.loads(done.out) if done.out.strip() else None

    def start(self, *arguments: object, **options: Any) -> subprocess.Popen[str]:
        """Start a Python process in this installation, in a process group of its own."""
        return subprocess.Popen(
            [sys.executable, *map(str, arguments)],
            env=self.environment,
            cwd=self.data.parent,
            text=True,
            start_new_session=True,
            **options,
        )

    def _python(self, *arguments: object, more: Mapping[str, str]) -> Done:
        done = subprocess.run(
            [sys.executable, *map(str, arguments)],
            env={**self.environment, **more},
            cwd=self.data.parent,
            capture_output=True,
            stdin=subprocess.DEVNULL,
            timeout=300,
            check=False,
        )
        return Done(done.returncode, done.stdout.decode(), done.stderr.decode())


@contextmanager
def fresh_database(server: str) -> Iterator[str]:
    """Make a database of its own on a server for the time of the block; yield its address."""
    import psycopg

    name = f"place_{uuid.uuid4().hex[:12]}"
    head, _slash, _old = server.rpartition("/")
    with psycopg.connect(f"{head}/postgres", autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    try:
        yield f"{head}/{name}"
    finally:
        with psycopg.connect(f"{head}/postgres", autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
