"""How fast games are split, beside other programs in the same run.

Usage: python bench/bench_split.py [--quick]

Shapley and Owen value of all coalitions at once, beside the floor (reading 8 * 2^n bytes), coopgame-py, and shapiq if
`.venv-peers` is there (python bench/peers.py); the nucleolus of random and convex games beside coopgame-py, each checked by Kohlberg's criterion;
coalition values of a venture. Medians of wall time, and CPU time of one run; --quick leaves out what takes over a second.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

import coopgame
import numpy as np
from marks import Row, peer, tell, timed

from mutualist.domain.venture.split import is_nucleolus, nucleolus, owen, shapley
from mutualist.domain.venture.split.replaceability import Replacement, Stream, coalition_values

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


def random_values(n):
    values = np.random.default_rng(n).random(1 << n)
    values[0] = 0.0
    return values


def shapley_rows() -> Iterator[Row]:
    for n, mark, runs in ((10, None, 50), (15, None, 50), (20, 20, 21), (24, 400, 7)):
        values = random_values(n)
        floor, _, _ = timed(values.sum, runs)
        wall, cpu, found = timed(lambda values=values: shapley(values), runs)
        assert abs(found.sum() - values[-1]) < 1e-9
        beside = f"{wall / floor:.1f} x the floor of {floor:.2f} ms, reading {8 * 2**n:,} bytes"
        yield Row(f"Shapley, {n} parties, CPU", cpu, "ms", mark, wall=wall, cpu=cpu, beside=beside)
        if n in {15, 20}:
            yield from shapley_peers(n, values, cpu, found)


def shapley_peers(n, values, cpu, found) -> Iterator[Row]:
    game = coopgame.Game(values[1:].tolist())
    wall, peer_cpu, theirs = timed(lambda: coopgame.shapley(game), 5)
    assert np.allclose(theirs, found)
    least = 3 if n == 20 else None
    yield Row(
        f"Shapley, {n} parties: CPU of coopgame-py to ours", peer_cpu / cpu, "x", least,
        least=True, wall=wall, cpu=peer_cpu, beside="its time, without building the game",
    )  # fmt: skip
    beside = None if QUICK and n > 15 else peer(SHAPIQ, n)
    if beside is not None:
        wall, peer_cpu, theirs = beside
        assert np.allclose(theirs, found)
        yield Row(
            f"Shapley, {n} parties: CPU of shapiq to ours", 1000 * peer_cpu / cpu, "x",
            500 if n == 20 else None, least=True, wall=1000 * wall, cpu=1000 * peer_cpu,
            beside="its time, ExactComputer",
        )  # fmt: skip


def owen_rows() -> Iterator[Row]:
    values = random_values(20)
    every = [*range(20)]
    cases = {
        "4 blocs of 5": [every[i : i + 5] for i in range(0, 20, 5)],
        "10 blocs of 2": [every[i : i + 2] for i in range(0, 20, 2)],
        "2 blocs of 10, mixed": [every[::2], every[1::2]],
        "one bloc of 19": [every[:10] + every[11:], [10]],
        "a pair and 18 alone": [[0, 1], *([i] for i in range(2, 20))],
        "10 alone and a bloc of 10": [*([i] for i in range(10)), every[10:]],
    }
    for name, unions in cases.items():
        wall, cpu, found = timed(lambda unions=unions: owen(values, unions), 21)
        assert abs(found.sum() - values[-1]) < 1e-9
        yield Row(f"Owen, 20 parties, {name}, CPU", cpu, "ms", 5, wall=wall, cpu=cpu)


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


def nucleolus_rows() -> Iterator[Row]:
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
    for name, mark, values in games:
        n = values.size.bit_length() - 1
        wall, cpu, found = timed(lambda values=values: nucleolus(values), 9 if n <= 15 else 3)
        check, _, right = timed(lambda v=values, x=found: is_nucleolus(v, x), 1)
        assert right
        beside = f"Kohlberg's criterion {check:.0f} ms"
        if not (QUICK and n > 15):
            game = coopgame.Game(values[1:].tolist())
            _wall, peer_cpu, theirs = timed(lambda game=game: coopgame.nucleolus(game), 1)
            off = float(np.abs(np.array(theirs["allocation"]) - found).max())
            beside += f"; coopgame-py {peer_cpu / cpu:.1f} x our CPU, apart {off:.0e}"
        yield Row(f"nucleolus, {name}, CPU", cpu, "ms", mark, wall=wall, cpu=cpu, beside=beside)


def venture_rows() -> Iterator[Row]:
    random = np.random.default_rng(15)
    streams = [
        Stream(k % 15, np.sort(random.random(20))[::-1], (k % 15, (k + 1) % 15), incoming=True)
        for k in range(30)
    ]
    ways = [
        Replacement(i, buy=0.3 if i % 3 else None, delay=2 if i % 2 else None) for i in range(15)
    ]
    wall, cpu, _ = timed(lambda: coalition_values(15, streams, ways), 3)
    yield Row("worth of all groups, 15 parties, 30 lines", wall, "ms", wall=wall, cpu=cpu)


def rows() -> Iterator[Row]:
    """Yield all figures."""
    yield from shapley_rows()
    yield from owen_rows()
    yield from nucleolus_rows()
    yield from venture_rows()


if __name__ == "__main__":
    sys.exit(int(any(row.missed for row in tell(rows()))))
