"""Rows of a table of measurements: what was measured, its mark, wall and CPU time, and what ran beside it."""

from __future__ import annotations

import json
import statistics
import subprocess
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PEERS = ROOT / ".venv-peers" / "bin" / "python"
HEADS = ("What", "Mark", "Measured", "Wall", "CPU", "Beside it")


@dataclass(frozen=True)
class Row:
    """One figure.

    ``value`` is held against ``mark`` (at least, if ``least``); without a mark it is only told. Times in ms.
    """

    what: str
    value: float
    unit: str
    mark: float | None = None
    least: bool = False
    wall: float | None = None
    cpu: float | None = None
    beside: str = ""

    @property
    def missed(self) -> bool:
        """Whether the figure is on the wrong side of its mark."""
        if self.mark is None:
            return False
        return self.value < self.mark if self.least else self.value > self.mark

    def cells(self) -> tuple[str, ...]:
        """Return what stands in the columns."""
        sign = "at least " if self.least else ""
        mark = "–" if self.mark is None else f"{sign}{written(self.mark)} {self.unit}".strip()
        value = f"{written(self.value)} {self.unit}".strip() + (
            " **missed**" if self.missed else ""
        )
        return (self.what, mark, value, took(self.wall), took(self.cpu), self.beside or "–")


def written(value: float) -> str:
    """Return a figure with three digits that say something."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def took(time_ms: float | None) -> str:
    """Return a time in the unit that suits it."""
    if time_ms is None:
        return "–"
    return f"{time_ms / 1000:.2f} s" if time_ms >= 1000 else f"{written(time_ms)} ms"


def tell(rows: Iterable[Row]) -> list[Row]:
    """Print rows as they come and return them."""
    found = []
    for row in rows:
        what, mark, value, wall, cpu, beside = row.cells()
        print(
            f"{what:<66} {mark:>17} {value:>20}  wall {wall:>9}  CPU {cpu:>9}  {beside}", flush=True
        )
        found.append(row)
    return found


def markdown(rows: Sequence[Row], heads: Sequence[str] = HEADS) -> str:
    """Return rows as a table of a page."""
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    lines += ["| " + " | ".join(row.cells()) + " |" for row in rows]
    return "\n".join(lines)


def timed(work: Callable[[], Any], runs: int) -> tuple[float, float, Any]:
    """Return the median wall and CPU time of several runs, in ms, and the last result."""
    walls, cpus, found = [], [], None
    for _ in range(runs):
        wall, cpu = time.perf_counter(), time.process_time()
        found = work()
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
    return 1000 * statistics.median(walls), 1000 * statistics.median(cpus), found


def peer(code: str, *arguments: object) -> Any:
    """Run a program of the peers' environment, which prints one JSON document last; None without that environment."""
    if not PEERS.exists():
        return None
    command = [str(PEERS), "-W", "ignore", "-c", code, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    return json.loads(done.stdout.splitlines()[-1])
