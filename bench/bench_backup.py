"""How long backup and restore take, and how much memory: a synthetic database on SQLite.

Usage: python bench/bench_backup.py [ENTRIES]

ENTRIES entries of the audit log with their personal data, 1 KB each; prints size, time of the clock and of the
processors and the highest memory of every step, each run as the command in a process of its own.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import tempfile
import time
from pathlib import Path

PASSPHRASE = "a passphrase for the bench"  # noqa: S105 - of data that are gone afterwards


def step(name: str, *command: object, size: int) -> None:
    """Run a command to its end and print what it took."""
    begun = time.perf_counter()
    arguments = [sys.executable, "-m", "mutualist", *map(str, command)]
    child = os.posix_spawn(sys.executable, arguments, os.environ)
    _pid, status, used = os.wait4(child, 0)
    took = time.perf_counter() - begun
    if status:
        raise SystemExit(f"{name} failed")
    cpu = used.ru_utime + used.ru_stime
    print(
        f"{name}: {took:.1f} s by the clock, {cpu:.1f} s of a processor, "
        f"{size / cpu / 1e6:.1f} MB/s, {used.ru_maxrss / 1024:.0f} MB of memory",
        flush=True,
    )


def fill(count: int) -> None:
    """Make the database that is backed up."""
    import bench_audit
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    bench_audit.fill(count, max(count // 100, 1))


def main(count: int = 300_000) -> None:
    with tempfile.TemporaryDirectory(prefix="mutualist-bench-") as folder:
        place = Path(folder)
        os.environ.update(
            MUTUALIST_DATA=f"{folder}/data",
            MUTUALIST_BACKUP_PASSPHRASE=PASSPHRASE,
            DJANGO_SETTINGS_MODULE="mutualist.project.settings",
        )
        # In a process of its own: what it takes of memory would count for those it starts.
        filling = multiprocessing.Process(target=fill, args=(count,))
        filling.start()
        filling.join()
        size = (place / "data/mutualist.sqlite3").stat().st_size
        print(f"{count} entries, {size / 1e6:.0f} MB")
        step("backup", "-q", "backup", place / "a.backup", size=size)
        step(
            "backup, encrypted with keys",
            *("-q", "backup", "--encrypt", "--with-keys", place / "b.backup"),
            size=size,
        )
        for name in ("a", "b"):
            file = (place / f"{name}.backup").stat().st_size
            print(f"{name}.backup: {file / 1e6:.0f} MB")
        step("check", "-q", "restore", "--check", place / "b.backup", size=size)
        os.environ["MUTUALIST_DATA"] = f"{folder}/other"
        step("restore", "-q", "restore", place / "b.backup", size=size)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
