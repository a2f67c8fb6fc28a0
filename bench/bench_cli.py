"""Start-up costs of the command line and the library, as CPU time of a fresh process.

    python bench/bench_cli.py [--runs 7]

Prints the best of several runs, in milliseconds, beside the target; ends with 1 if one is missed.
CPU time is counted because it hardly depends on what else the machine does.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ROOM = str(ROOT / "examples" / "pumpenpuls-1.yaml")
MUTUALIST = [sys.executable, "-c", "from mutualist.cli import main; main()"]
CASES = (
    ("python -c pass", [sys.executable, "-c", "pass"], None),
    ("import mutualist", [sys.executable, "-c", "import mutualist"], 150),
    ("mutualist", [*MUTUALIST], 300),
    ("mutualist --help", [*MUTUALIST, "--help"], 300),
    ("mutualist --help --lang de", [*MUTUALIST, "--help", "--lang", "de"], 300),
    ("mutualist verdict --json", [*MUTUALIST, "verdict", ROOM, "--json"], 700),
    ("mutualist verdict", [*MUTUALIST, "verdict", ROOM], 700),
    (
        "mutualist verdict --explain --changes",
        [*MUTUALIST, "verdict", ROOM, "--explain", "--changes"],
        None,
    ),
)


def cpu_ms(command: list[str], runs: int) -> float:
    """Return the least CPU time of several runs."""
    best = float("inf")
    for _run in range(runs):
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _pid, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise SystemExit(f"{command} ended with {process.returncode}")
        best = min(best, usage.ru_utime + usage.ru_stime)
    return best * 1000


def main() -> int:
    """Measure all cases."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=7)
    runs = parser.parse_args().runs
    missed = 0
    for name, command, target in CASES:
        spent = cpu_ms(command, runs)
        wanted = f"<= {target}" if target else ""
        verdict = "" if target is None else "ok" if spent <= target else "MISSED"
        missed += verdict == "MISSED"
        print(f"{name:40} {spent:7.0f} ms CPU  {wanted:8} {verdict}".rstrip())
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
