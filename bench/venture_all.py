"""Measure everything about ventures and splits beside other programs, and print it as one table.

Usage: python bench/peers.py && python bench/venture_all.py [--markdown FILE]

Run it on an idle machine: wall times and the speed-up of two workers mean nothing beside other work. Exit code 1 if a mark
is missed.
"""

from __future__ import annotations

import os
import platform
import sys
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

import bench_risk
import bench_sobol
import bench_split
import bench_venture
import numpy as np
from marks import markdown, tell


def main() -> int:
    """Measure, print, write the table where it is wanted; return the exit code."""
    machine = f"{os.cpu_count()} cores, Python {platform.python_version()}, NumPy {np.__version__}"
    print(f"{datetime.now(UTC):%Y-%m-%d}, {machine}, load before {os.getloadavg()[0]:.2f}")
    found = tell(
        chain(bench_venture.rows(), bench_risk.rows(), bench_split.rows(), bench_sobol.rows())
    )
    if "--markdown" in sys.argv:
        target = Path(sys.argv[sys.argv.index("--markdown") + 1])
        target.write_text(markdown(found) + "\n", encoding="utf-8")
    missed = [row for row in found if row.missed]
    print(f"{len(found)} figures, {len(missed)} missed" + "".join(f"\n  {r.what}" for r in missed))
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main())
