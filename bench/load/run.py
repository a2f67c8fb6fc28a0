"""Load on this machine's own loopback: ceilings of single requests, 300 people, three times too much.

    python bench/load/run.py [--folder FOLDER] [--seconds 30] [--only list,detail,...]

Starts the server as `mutualist serve` does, on a seeded data folder of its own or on PostgreSQL
(MUTUALIST_DATABASE_URL), and the load generator from an environment of its own. Prints requests per second,
percentiles and errors of each scene, and the memory of the idle server. The generator shares the two cores.
"""

from __future__ import annotations

import argparse
import csv
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PYTHON = ROOT / ".venv" / "bin" / "python"
TOOLS = ROOT / ".venv-load"
PORT = 8765


@dataclass(frozen=True)
class Scene:
    """One measurement: how many people, how long they think, and what was hoped for."""

    name: str
    people: int
    target: str
    think: float = 5.0
    overload: bool = False

    @property
    def request(self) -> str:
        return "mixture" if self.name in {"people", "overload"} else self.name


SCENES = [
    Scene("list", 16, ">= 250/s"),
    Scene("detail", 16, ">= 500/s"),
    Scene("seal", 16, ">= 100/s SQLite, >= 150/s PostgreSQL, no error"),
    Scene("people", 300, "p95 <= 250 ms, no error"),
    Scene("overload", 900, "nothing but 503 with Retry-After", think=1.0, overload=True),
]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--folder", type=Path, help="data folder of an earlier run")
    parser.add_argument("--seconds", type=int, default=30)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--only", help="names of scenes, separated by commas")
    arguments = parser.parse_args()
    wanted = set((arguments.only or "").split(",")) - {""}
    folder = arguments.folder or Path(tempfile.mkdtemp(prefix="mutualist-load-"))
    tools()
    environment = {
        **os.environ,
        "MUTUALIST_DATA": str(folder),
        "MUTUALIST_SECRET_KEY": "for measurements only, never where others come in",
        "MUTUALIST_BASE_URL": f"http://127.0.0.1:{PORT}",
        # The limits of one person would be what is measured.
        "MUTUALIST_LIMITS": "100000",
        "LOAD": str(folder),
    }
    try:
        if not (folder / "load.json").exists():
            subprocess.run(
                [PYTHON, str(ROOT / "bench/load/seed.py"), str(folder)], env=environment, check=True
            )
        with server(environment, arguments.workers) as process:
            time.sleep(3)
            print(
                f"idle memory of {len(family(process.pid))} processes: {memory(process.pid):.0f} MB"
            )
            print(
                f"{'scene':10} {'people':>6} {'req/s':>7} {'p50':>6} {'p95':>6} {'p99':>6} {'errors':>7}  target"
            )
            for scene in SCENES:
                if not wanted or scene.name in wanted:
                    drive(scene, arguments.seconds, environment)
            print(f"memory afterwards: {memory(process.pid):.0f} MB")
    finally:
        if arguments.folder is None:
            shutil.rmtree(folder, ignore_errors=True)


def tools() -> None:
    """Put the load generator into an environment of its own; it replaces parts of the standard library."""
    if not (TOOLS / "bin" / "locust").exists():
        subprocess.run([sys.executable, "-m", "venv", str(TOOLS)], check=True)
        lock = str(ROOT / "requirements" / "load.txt")
        uv = [str(ROOT / ".venv/bin/uv"), "pip", "sync", "--quiet", "--require-hashes"]
        subprocess.run([*uv, "--python", str(TOOLS / "bin/python"), lock], check=True)


@contextmanager
def server(environment: dict[str, str], workers: int) -> Iterator[subprocess.Popen[bytes]]:
    command = [PYTHON, "-m", "mutualist", "serve", "--port", str(PORT), "--workers", str(workers)]
    process = subprocess.Popen(command, env=environment, start_new_session=True)
    try:
        wait_for(process)
        yield process
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=30)


def wait_for(process: subprocess.Popen[bytes]) -> None:
    address = f"http://127.0.0.1:{PORT}/"
    for _ in range(300):
        if process.poll() is not None:
            raise SystemExit("the server did not start; is another one running?")
        try:
            with urllib.request.urlopen(address, timeout=2) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise SystemExit(f"{address} does not answer")


def family(pid: int) -> list[int]:
    """Return a process and all that descend from it."""
    found, waiting = [], [pid]
    while waiting:
        one = waiting.pop()
        found.append(one)
        for task in Path(f"/proc/{one}/task").glob("*/children"):
            waiting += map(int, task.read_text().split())
    return found


def memory(pid: int) -> float:
    """Return megabytes that a server and its children hold, shared pages counted once."""
    total = 0
    for one in family(pid):
        rollup = Path(f"/proc/{one}/smaps_rollup").read_text(encoding="ascii")
        total += next(
            int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:")
        )
    return total / 1024


def drive(scene: Scene, seconds: int, environment: dict[str, str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        warm_up = 5 if scene.name != "people" else 15
        command = [
            str(TOOLS / "bin" / "locust"),
            *("--locustfile", str(ROOT / "bench/load/locustfile.py")),
            *("--host", f"http://127.0.0.1:{PORT}", "--headless", "--reset-stats"),
            *("--users", str(scene.people), "--spawn-rate", str(scene.people / warm_up)),
            *(
                "--run-time",
                f"{seconds + warm_up}s",
                "--csv",
                f"{folder}/out",
                "--loglevel",
                "ERROR",
            ),
        ]
        subprocess.run(
            command,
            env={
                **environment,
                "SCENE": scene.request,
                "PEOPLE": str(scene.people),
                "THINK": str(scene.think),
                "OVERLOAD": "1" if scene.overload else "0",
            },
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
        )
        report(scene, Path(folder))


def report(scene: Scene, folder: Path) -> None:
    with (folder / "out_stats.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        name = scene.name if row["Name"] == "Aggregated" else f"  {row['Name']}"
        if len(rows) == 2 and row["Name"] != "Aggregated":
            continue
        target = scene.target if row["Name"] == "Aggregated" else ""
        print(
            f"{name:10} {scene.people:6} {float(row['Requests/s']):7.1f} {row['50%']:>6} {row['95%']:>6}"
            f" {row['99%']:>6} {row['Failure Count']:>7}  {target}"
        )
    with (folder / "out_failures.csv").open(encoding="utf-8") as file:
        for row in list(csv.DictReader(file))[:5]:
            print(f"    {row['Occurrences']}x {row['Name']}: {row['Error'][:160]}")


if __name__ == "__main__":
    main()
