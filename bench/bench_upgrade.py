"""How long a large installation stands still for an upgrade: the database of an older version, times a million.

Usage: python bench/bench_upgrade.py [ROWS]

Takes the databases that the upgrade test begins with, copies their rooms and their log until there are ROWS rows of
them, and runs `mutualist migrate` as an operator would: on SQLite, and on PostgreSQL if its programs are installed.
Prints the rows, the size, and the time of the clock and of the processors from start to end of the command.
"""

from __future__ import annotations

import os
import resource
import sqlite3
import subprocess
import sys
import tarfile
import tempfile
import time
from contextlib import ExitStack, closing
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "src")]

from everything import postgres, postgres_programs  # noqa: E402  (found by the line above)
from operations.places import Place, fresh_database, program  # noqa: E402
from operations.test_upgrade import lay_down  # noqa: E402

#: In the order in which they refer to each other.
TABLES = [
    *(f"rooms_{name}" for name in ("room", "seat", "answerer", "roomkey", "seatlink", "opening")),
    *(f"rooms_{name}" for name in ("sealedsheet", "openpress", "draft", "sheetprogress")),
    *("core_auditentry", "core_auditpersonal", "core_audithead"),
]
COPIED = ("id", "room_id", "seat_id", "answerer_id", "sealed_by_id", "pressed_by_id", "entry_id")
STEP = 10_000
RANDOM = {"sqlite": "lower(hex(randomblob(16)))", "postgres": "md5(random()::text)"}
NUMBERS = {
    "sqlite": "(WITH RECURSIVE n(k) AS (VALUES(1) UNION ALL SELECT k+1 FROM n WHERE k < {}) SELECT k FROM n)",
    "postgres": "(SELECT generate_series(1, {}) AS k)",
}


def copying(kind: str, table: str, columns: list[str], times: int) -> str:
    """Return the statement that copies all rows of a table so many times."""

    def value(column: str) -> str:
        if column in COPIED:
            return f"t.{column} + n.k * {STEP}"
        if column == "chain":
            return "t.chain || '#' || n.k"
        if column == "uid":
            return RANDOM[kind] + ("::uuid" if kind == "postgres" else "")
        return RANDOM[kind] if column == "digest" else f"t.{column}"

    values = ", ".join(map(value, columns))
    names = ", ".join(columns)
    numbers = NUMBERS[kind].format(times)
    return f"INSERT INTO {table} ({names}) SELECT {values} FROM {table} t, {numbers} n ORDER BY n.k"  # noqa: S608  (names of our own)


def enlarge_sqlite(place: Place, rows: int) -> int:
    """Copy the rows of a file; return how many there are."""
    with closing(sqlite3.connect(place.database)) as database:
        there = sum(database.execute(f"SELECT count(*) FROM {t}").fetchone()[0] for t in TABLES)  # noqa: S608  (names of our own)
        for table in TABLES:
            columns = [row[1] for row in database.execute(f"PRAGMA table_info({table})")]
            database.execute(copying("sqlite", table, columns, rows // there))
        database.commit()
        return there * (1 + rows // there)


def enlarge_postgres(place: Place, rows: int) -> int:
    """Copy the rows of a database; return how many there are."""
    import psycopg

    with psycopg.connect(place.owner) as database:
        there = sum(database.execute(f"SELECT count(*) FROM {t}").fetchone()[0] for t in TABLES)  # noqa: S608  (names of our own)
        for table in TABLES:
            found = database.execute(f"SELECT * FROM {table} LIMIT 0").description  # noqa: S608  (names of our own)
            columns = [column.name for column in found]
            database.execute(copying("postgres", table, columns, rows // there))
        # As the database itself does every night.
        database.commit()
        database.autocommit = True
        database.execute("ANALYZE")
        return there * (1 + rows // there)


def size_of(place: Place) -> int:
    """Return how many bytes the database has on the disk."""
    if place.url is None:
        return place.database.stat().st_size
    asked = [program("psql"), "-Atc", "SELECT pg_database_size(current_database())", place.owner]
    return int(subprocess.run(asked, check=True, capture_output=True, text=True).stdout)


def measure(kind: str, server: str | None, rows: int) -> None:
    packed = max((ROOT / "tests/operations/data").glob(f"upgrade-*-{kind}.tar.gz"))
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="mutualist-bench-")))
        with tarfile.open(packed) as archive:
            archive.extractall(folder / "old", filter="data")
        url = stack.enter_context(fresh_database(server)) if server else None
        place = Place(folder / "data", url)
        lay_down(folder / "old", place)
        count = (enlarge_postgres if url else enlarge_sqlite)(place, rows)
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        size, begun = size_of(place), time.perf_counter()
        place.must("migrate")
        took = time.perf_counter() - begun
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        print(
            f"{kind}: {count:,} rows, {size / 1e6:.0f} MB: upgraded in {took:.1f} s by the clock, "
            f"{cpu:.1f} s of a processor beside the server's",
            flush=True,
        )


def main(rows: int = 1_000_000) -> None:
    measure("sqlite", None, rows)
    if (programs := postgres_programs()) is not None:
        with postgres(programs) as url:
            os.environ["MUTUALIST_DATABASE_OWNER_URL"] = str(url)
            measure("postgres", url.serving, rows)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
