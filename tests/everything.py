"""Run the checks and all tests, on each database that is here; what is missing is said loudly.

Without arguments: static checks, all tests on SQLite and those of the apps on PostgreSQL, side by side.
With arguments: pytest with them, on SQLite.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

import psycopg

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv" / "bin"
CI = os.environ.get("CI", "").lower() in {"1", "true", "yes"}
# What depends on the database runs on both; of the guards those that look at rows.
ROWS = (
    "canaries",
    "crossing",
    "isolation",
    "opening_races",
    "parity",
    "prepared_parity",
    "project_parity",
    "row_security",
    "tenancy",
)
# Two runs with a database each, as they take longer than anything else.
APPS_ON_BOTH = ["tests/apps"]
REST_ON_BOTH = [
    *(f"tests/guards/test_{name}.py" for name in ROWS),
    "tests/guards/test_described_api.py",
    # A database may refuse what the other looks for: a NUL, a number of thirty digits.
    "tests/guards/test_fuzz_reads.py",
    # With servers of their own, which they may kill.
    "tests/operations/test_crashes.py",
]
# Browsers and killed servers wait more than they work: they run beside the rest.
APART = ["tests/journeys", "tests/operations"]
GUARDS = ["tests/guards", "tests/cli"]
ONE_AT_A_TIME = Lock()
#: Over in seconds, so whoever slipped knows at once.
FIRST = [["ruff", "check", "."], ["ruff", "format", "--check", "."]]
CHECKS = [
    ["mypy"],
    ["lint-imports", "--no-cache"],
    ["djlint", "--quiet", "--lint", "src/mutualist"],
]


@dataclass(frozen=True)
class Part:
    """What runs in a row, beside other parts."""

    name: str
    commands: Sequence[list[str]]
    environment: Mapping[str, str] = field(default_factory=dict)


def say(text: str) -> None:
    line = "=" * 78
    print(f"\n{line}\n{text}\n{line}", flush=True)


def run(command: list[str], **environment: str) -> int:
    say(" ".join(command))
    return subprocess.run(
        [str(BIN / command[0]), *command[1:]],
        cwd=ROOT,
        env={**os.environ, **environment},
        check=False,
    ).returncode


def postgres_programs() -> Path | None:
    """Return the folder of the newest installed PostgreSQL server, 15 or later."""
    found = [p.parent for p in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    on_path = shutil.which("initdb")
    found += [Path(on_path).parent] if on_path else []
    return max(found, default=None, key=lambda p: p.parent.name.zfill(3))


class Address(str):
    """The address of a database for the role that owns its tables; `serving` is the other role's."""

    __slots__ = ("second", "serving")
    serving: str
    #: Another database on the same server.
    second: Address


ROLES = (
    "CREATE ROLE mutualist LOGIN CREATEDB NOSUPERUSER NOBYPASSRLS",
    "CREATE ROLE mutualist_app LOGIN NOINHERIT NOSUPERUSER NOBYPASSRLS",
    "GRANT mutualist TO mutualist_app",
    "CREATE DATABASE mutualist OWNER mutualist",
    "CREATE DATABASE second OWNER mutualist",
)


@contextmanager
def postgres(programs: Path) -> Iterator[Address]:
    """Start a throw-away PostgreSQL server on a socket of its own; yield its address.

    Neither role is above row level security. That the serving role may become the owner, and so take
    part in tests of maintenance, is for tests only; it inherits nothing from it.
    """
    with tempfile.TemporaryDirectory(prefix="mutualist-pg-") as folder:
        # The server refuses to run as root; Debian's package brings the user for it.
        user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        if user:
            shutil.chown(folder, "postgres")
        data = f"{folder}/data"
        quiet = {"check": True, "stdout": subprocess.DEVNULL, "cwd": folder}
        subprocess.run(
            [
                *user,
                str(programs / "initdb"),
                "-D",
                data,
                "-U",
                "postgres",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--locale=C.UTF-8",
                "--no-sync",
            ],
            **quiet,
        )
        options = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off"
        control = [*user, str(programs / "pg_ctl"), "-D", data, "-w", "-l", f"{folder}/log"]
        subprocess.run([*control, "-o", options, "start"], **quiet)
        try:
            with psycopg.connect(host=folder, user="postgres", autocommit=True) as first:
                for statement in ROLES:
                    first.execute(statement)
            url = address(folder, "mutualist")
            url.second = address(folder, "second")
            yield url
        finally:
            subprocess.run([*control, "-m", "immediate", "stop"], **quiet)


def address(folder: str, database: str) -> Address:
    """Return where a database of the server with its socket in a folder is."""
    place = f"{folder.replace('/', '%2F')}/{database}"
    url = Address(f"postgresql://mutualist@{place}")
    url.serving = f"postgresql://mutualist_app@{place}"
    return url


def missing(name: str, remedy: str) -> int:
    say(f"NOT TESTED: {name} is missing. {remedy}" + (" In CI that is an error." if CI else ""))
    return 1 if CI else 0


def aside(part: Part) -> int:
    """Run a part while others run; what it prints comes in one piece when it is done. Return how many runs failed."""
    began, failed = time.monotonic(), 0
    said = []
    for command in part.commands:
        done = subprocess.run(
            [str(BIN / command[0]), *command[1:]],
            cwd=ROOT,
            env={**os.environ, **part.environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        failed += done.returncode != 0
        said += [f"> {' '.join(command)}\n".encode(), done.stdout]
    with ONE_AT_A_TIME:
        say(f"{part.name}: {time.monotonic() - began:.0f} s")
        sys.stdout.buffer.write(b"".join(said))
        sys.stdout.flush()
    return failed


def parts(url: Address | None) -> list[Part]:
    """Return all there is to run, what takes longest first: so no part is left to run alone in the end."""
    apart = [f"--ignore={folder}" for folder in [*APART, *GUARDS, "tests/apps"]]
    found = [
        tests("in the browser, and killed", APART),
        tests("on SQLite, without apps and guards", ["tests", *apart]),
        tests("on SQLite, the apps", ["tests/apps"]),
        tests("on SQLite, guards and commands", GUARDS),
        Part("further checks", CHECKS),
    ]
    if url is not None:
        found.insert(1, on_postgres("the apps", APPS_ON_BOTH, url))
        found.insert(3, on_postgres("guards and crashes", REST_ON_BOTH, url.second))
    return found


def on_postgres(name: str, arguments: Sequence[str], url: Address) -> Part:
    urls = {"MUTUALIST_DATABASE_URL": url.serving, "MUTUALIST_DATABASE_OWNER_URL": str(url)}
    return tests(f"on PostgreSQL, {name}", arguments, **urls)


def tests(name: str, arguments: Sequence[str], **environment: str) -> Part:
    return Part(name, [["python", "-m", "pytest", *arguments]], environment)


def all_parts(url: Address | None) -> int:
    """Run the parts three at a time, as each waits for a third of its time; return how many runs failed."""
    with ThreadPoolExecutor(max_workers=3) as pool:
        return sum(pool.map(aside, parts(url)))


def main(arguments: list[str]) -> int:
    if arguments:
        return run(["python", "-m", "pytest", *arguments])
    failed = sum(run(check) != 0 for check in FIRST)
    if not shutil.which("chromium"):
        failed += missing("Chromium", "apt-get install chromium runs the journeys.")
    programs = postgres_programs()
    if programs is None:
        failed += missing("PostgreSQL", "apt-get install postgresql runs the second database.")
        failed += all_parts(None)
    else:
        with postgres(programs) as url:
            failed += all_parts(url)
    say(f"{failed} of the runs failed." if failed else "Everything passed.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
