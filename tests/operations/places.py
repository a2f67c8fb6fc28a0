"""Installations of their own for tests of operations: a data folder, a database, commands in new processes."""

from __future__ import annotations

import json
import os
import shutil
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
OWNER = "MUTUALIST_DATABASE_OWNER_URL"
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
            if OWNER in os.environ:
                found[OWNER] = self.owner
        return found

    @property
    def owner(self) -> str:
        """The address of the role that owns the tables."""
        url = self.url or ""
        head = os.environ.get(OWNER, url).rpartition("/")[0]
        return f"{head}/{url.rpartition('/')[2]}"

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
    # Made and owned by the role that owns tables, where there are two.
    head = os.environ.get(OWNER, server).rpartition("/")[0]
    with psycopg.connect(f"{head}/postgres", autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    try:
        yield f"{server.rpartition('/')[0]}/{name}"
    finally:
        with psycopg.connect(f"{head}/postgres", autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def program(name: str) -> str:
    """Return where a program of PostgreSQL is."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    path = str(found[-1]) if found else shutil.which(name)
    assert path, f"{name} is missing"
    return path
