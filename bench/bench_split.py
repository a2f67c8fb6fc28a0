"""How fast games are split, beside other programs in the same run.

Usage: python bench/bench_split.py [--quick]

Shapley and Owen value of all coalitions at once, beside the floor (reading 8 * 2^n bytes), coopgame-py, and shapiq if
`.venv-peers` is there (python bench/peers.py); the nucleolus of random and convex games beside coopgame-py, each checked by Kohlberg's criterion;
coalition values of a venture. Medians of wall time, and CPU time of one run; --quick leaves out what takes over a second.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from pathlib import Path

import coopgame
import numpy as np

from mutualist.domain.venture.split import is_nucleolus, nucleolus, owen, shapley
from mutualist.domain.venture.split.replaceability import Replacement, Stream, coalition_values

ROOT = Path(__file__).resolve().parents[1]
PEERS = ROOT / ".venv-peers" / "bin" / "python"
QUICK = "--quick" in sys.argv
SHAPIQ = """
import json, sys, time
import numpy as np
import shapiq
n = int(sys.argv[1])
values = np.random.default_rng(n).random(1 << n)
values[0] = 0.0
powers = 1 << np.arange(n)
class Table(shapiq.Game):
    def value_function(self, coalitions):
        return values[np.asarray(coalitions, dtype=np.int64) @ powers]
start, cpu = time.perf_counter(), time.process_time()
game = Table(n_players=n, normalize=True, normalization_value=0.0)
found = shapiq.ExactComputer(game=game, n_players=n)("SV", order=1)
wall, cpu = time.perf_counter() - start, time.process_time() - cpu
print(json.dumps([wall, cpu, [float(found[(i,)]) for i in range(n)]]))
"""


def timed(work, runs):
    """Return the median wall time and the median CPU time of several runs, in milliseconds, and the result."""
    walls, cpus = [], []
    for _ in range(runs):
        wall, cpu = time.perf_counter(), time.process_time()
        found = work()
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
    return 1000 * statistics.median(walls), 1000 * statistics.median(cpus), found


def say(what, target, wall, cpu, more=""):
    aimed = f"{target:g}" if target else "-"
    print(f"{what:<44} {aimed:>8} {wall:>10.2f} {cpu:>10.2f}  {more}", flush=True)


def random_values(n):
    values = np.random.default_rng(n).random(1 << n)
    values[0] = 0.0
    return values


def shapley_rows():
    for n, target, runs in ((10, None, 50), (15, None, 50), (20, 20, 21), (24, 400, 5)):
        values = random_values(n)
        floor, _, _ = timed(values.sum, runs)
        wall, cpu, found = timed(lambda values=values: shapley(values), runs)
        assert abs(found.sum() - values[-1]) < 1e-9
        say(
            f"Shapley, {n} parties",
            target,
            wall,
            cpu,
            f"{wall / floor:.1f} x the floor {floor:.2f} ms",
        )
        if n in {15, 20}:
            peer_rows(n, values, cpu, found)


def peer_rows(n, values, cpu, found):
    game = coopgame.Game(values[1:].tolist())
    wall, peer_cpu, theirs = timed(lambda: coopgame.shapley(game), 3)
    assert np.allclose(theirs, found)
    say(
        "  coopgame-py, without building the game",
        None,
        wall,
        peer_cpu,
        f"{peer_cpu / cpu:.1f} x our CPU",
    )
    if not PEERS.exists():
        say("  shapiq: no .venv-peers (python bench/peers.py)", None, 0, 0)
    elif not (QUICK and n > 15):
        done = subprocess.run(
            [PEERS, "-c", SHAPIQ, str(n)], capture_output=True, text=True, check=True
        )
        wall, peer_cpu, theirs = json.loads(done.stdout.splitlines()[-1])
        assert np.allclose(theirs, found)
        more = f"{1000 * peer_cpu / cpu:.0f} x our CPU"
        say("  shapiq ExactComputer", None, 1000 * wall, 1000 * peer_cpu, more)


def owen_rows():
    values = random_values(20)
    for size, target in ((5, 5), (2, 5), (10, None)):
        unions = [list(range(i, i + size)) for i in range(0, 20, size)]
        wall, cpu, _ = timed(lambda unions=unions: owen(values, unions), 21)
        say(f"Owen, 20 parties in blocs of {size}", target, wall, cpu)


def essential(n, seed):
    """A random game in which every party's own worth is 0 and the whole is the largest."""
    values = np.random.default_rng(seed).random(1 << n)
    values[[0, *(1 << i for i in range(n))]] = 0.0
    values[-1] = 1.0
    return values


def convex(n, *, symmetric):
    weights = np.ones(n) if symmetric else np.random.default_rng(n).random(n)
    sums = np.zeros(1)
    for weight in weights:
        sums = np.concatenate([sums, sums + weight])
    return sums**1.3


def nucleolus_rows():
    games = [
        ("random, 15 parties", 100, essential(15, 1)),
        ("convex (size^1.3), 12 parties", 500, convex(12, symmetric=True)),
        ("convex (size^1.3), 15 parties", 3000, convex(15, symmetric=True)),
        ("convex (weights^1.3), 12 parties", 500, convex(12, symmetric=False)),
        ("convex (weights^1.3), 15 parties", 3000, convex(15, symmetric=False)),
        ("random, 18 parties", None, essential(18, 1)),
        ("random, 20 parties", None, essential(20, 1)),
        ("convex (weights^1.3), 20 parties", None, convex(20, symmetric=False)),
    ]
    for name, target, values in games:
        n = values.size.bit_length() - 1
        wall, cpu, found = timed(lambda values=values: nucleolus(values), 9 if n <= 15 else 3)
        check, _, right = timed(lambda v=values, x=found: is_nucleolus(v, x), 1)
        say(f"nucleolus, {name}", target, wall, cpu, f"Kohlberg: {right}, {check:.0f} ms")
        if QUICK and n > 15:
            continue
        game = coopgame.Game(values[1:].tolist())
        peer, peer_cpu, theirs = timed(lambda game=game: coopgame.nucleolus(game), 1)
        off = float(np.abs(np.array(theirs["allocation"]) - found).max())
        say(
            "  coopgame-py",
            None,
            peer,
            peer_cpu,
            f"{peer_cpu / cpu:.1f} x our CPU, apart {off:.0e}",
        )


def venture_rows():
    random = np.random.default_rng(15)
    streams = [
        Stream(k % 15, np.sort(random.random(20))[::-1], (k % 15, (k + 1) % 15), incoming=True)
        for k in range(30)
    ]
    ways = [
        Replacement(i, buy=0.3 if i % 3 else None, delay=2 if i % 2 else None) for i in range(15)
    ]
    wall, cpu, _ = timed(lambda: coalition_values(15, streams, ways), 3)
    say("worth of all groups, 15 parties, 30 lines", None, wall, cpu)


def main():
    print(f"{'what':<44} {'target':>8} {'wall ms':>10} {'CPU ms':>10}")
    shapley_rows()
    owen_rows()
    nucleolus_rows()
    venture_rows()


if __name__ == "__main__":
    main()
