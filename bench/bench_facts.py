"""A file of facts as the page takes it: looked at, stored, taken back; CPU time and the most memory of the process.

`python bench/bench_facts.py [rows partners]`, `--postgres` on a server of its own. The file is a CSV table of sales of
the demo's programme, which gets that many partners; each step prints the highest memory it reached (Linux).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench_projects import in_folder, tidy
from bench_vendor import grow, prepare


def content(rows: int, partners: int) -> bytes:
    """Return a file of sales in which each row has another id."""
    from mutualist.apps.core.clock import today

    day = today().isoformat()
    lines = (
        f"B-{at % partners};INV-2026-{at:07};{day};Kunde {at % 5000} GmbH;{at % 9000 + 10}.50\n"
        for at in range(rows)
    )
    return "".join(("partner;id;day;customer;amount\n", *lines)).encode()


def memory(*, anew: bool = False) -> int:
    """Return the most memory of this process in MB, since it was last asked to count anew."""
    if anew:
        Path("/proc/self/clear_refs").write_text("5")
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) // 1000


def step(what: str, work: Callable[[], Any]) -> Any:
    """Do something and print what it took."""
    before = memory(anew=True)
    begin, cpu = time.perf_counter(), time.process_time()
    found = work()
    took, worked = time.perf_counter() - begin, time.process_time() - cpu
    print(
        f"{what:14} {took:6.1f} s, CPU {worked:6.1f} s, {before:4} to {memory():4} MB", flush=True
    )
    return found


def main(rows: int, partners: int) -> None:
    standing, _client = prepare()
    from django.db import connection

    from mutualist.apps.programme.actions.fact_imports import put_by, take_back
    from mutualist.apps.programme.actions.facts import import_facts
    from mutualist.apps.programme.queries.fact_checking import checked_facts
    from mutualist.apps.programme.queries.fact_imports import preview
    from mutualist.apps.programme.queries.fact_reading import FileRows

    grow(standing, partners, 0)
    tidy()
    data = content(rows, partners)
    print(f"{connection.vendor}: {rows:,} rows of {len(data) / 1e6:.0f} MB, {partners:,} partners")

    def read(taken: bytes = data) -> FileRows:
        return FileRows(taken, "sales.csv", "sales")

    def store(taken: bytes, waiting: Any = None) -> Any:
        return import_facts(standing=standing, table="sales", rows=read(taken), waiting=waiting)

    step("read, checked", lambda: checked_facts(standing, "sales", read()))
    by = {"standing": standing, "table": "sales", "file_name": "sales.csv", "content": data}
    waiting = step("put by", lambda: put_by(**by)).uid
    step("looked at", lambda: preview(checked_facts(standing, "sales", read()), read()))
    first = step("stored", lambda: store(data, waiting))
    other = data.replace(b".50\n", b".75\n")
    second = step("all replaced", lambda: store(other))
    step("taken back", lambda: take_back(standing=standing, stored=second.import_uid))
    step("and the first", lambda: take_back(standing=standing, stored=first.import_uid))


if __name__ == "__main__":
    in_folder(lambda words: main(*([int(word) for word in words] or [100_000, 10_000])), __file__)
