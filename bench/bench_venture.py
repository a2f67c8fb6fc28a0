"""How fast a venture is simulated and measured, beside a bare NumPy kernel that computes the same flows.

Usage: python bench/bench_venture.py [scenarios]

1,000,000 scenarios x 10 parties x 20 quarters with 6 drivers drawn each quarter: wall and CPU time, memory, the same bits
for 1, 2 and 4 workers; then 10,000 scenarios of the demo venture with all measures; then ES and Euler contributions.
Medians; the peer runs in the same process, in turn.
"""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

from mutualist import Venture, risk

EXAMPLE = Path(__file__).parents[1] / "examples" / "ventures" / "pumpenpuls.yaml"
PARTIES, QUARTERS, DRIVERS, CHUNK = 10, 20, 6, 4096
WEIGHT = 0.8
TARGETS = {"ratio": 1.5, "speed-up": 1.8, "memory": 300, "demo": 20, "es": 4, "euler": 40}


def described():
    """Return ten parties, each with the revenue of one driver at the price of another, and a cost."""
    names = [f"d{k}" for k in range(DRIVERS)]
    drivers = {
        name: {"family": "normal", "mean": 0, "sd": 0.2, "each": "period", "persistence": WEIGHT}
        for name in names[:3]
    } | {
        name: {"unit": "money", "family": "lognormal", "mean": 1, "sd": 0.15, "each": "period", "persistence": WEIGHT}
        for name in names[3:]
    }  # fmt: skip
    lines = {}
    for party in range(PARTIES):
        first, price = names[party % 3], names[3 + party % 3]
        lines[f"r{party}"] = {
            "party": f"P{party}",
            "amount": f"{3 + party} * (1 + {first}) * {price}",
        }
        cost = f"{2 + 0.9 * party} * {names[3 + (party + 1) % 3]}"
        lines[f"c{party}"] = {"party": f"P{party}", "kind": "cost", "amount": cost}
    return {
        "periods": {"unit": "quarter", "count": QUARTERS},
        "parties": {f"P{party}": {"discount": 0.08} for party in range(PARTIES)},
        "drivers": drivers,
        "lines": lines,
    }


def peer_chunk(seed):
    """The same flows by hand: present value per party in float32, six autoregressive drivers."""
    generator = np.random.Generator(np.random.SFC64(seed))
    scores = generator.standard_normal((DRIVERS, QUARTERS, CHUNK), dtype=np.float32)
    fresh = np.float32((1 - WEIGHT**2) ** 0.5)
    for quarter in range(1, QUARTERS):
        scores[:, quarter] = WEIGHT * scores[:, quarter - 1] + fresh * scores[:, quarter]
    growth = 1 + np.float32(0.2) * scores[:3]
    variance = np.log1p(0.15**2)
    price = np.exp(np.float32(variance**0.5) * scores[3:] - np.float32(variance / 2))
    factors = (1.08 ** (-np.arange(1, QUARTERS + 1) / 4)).astype(np.float32)
    values = np.empty((PARTIES, CHUNK), np.float32)
    for party in range(PARTIES):
        flow = np.float32(3 + party) * growth[party % 3] * price[party % 3]
        flow -= np.float32(2 + 0.9 * party) * price[(party + 1) % 3]
        values[party] = factors @ flow
    return values


def peer(count, workers):
    seeds = np.random.SeedSequence(1).spawn(-(-count // CHUNK))
    with threadpool_limits(1, user_api="blas"):
        if workers == 1:
            chunks = list(map(peer_chunk, seeds))
        else:
            with ThreadPoolExecutor(workers) as pool:
                chunks = list(pool.map(peer_chunk, seeds))
    return np.concatenate(chunks, axis=1)[:, :count]


def ours(venture, count, workers):
    outcomes = venture.simulate(count, seed=1, workers=workers)
    everything(outcomes)
    return outcomes


def everything(outcomes):
    outcomes.measures()
    outcomes.shares()
    outcomes.nature()
    outcomes.pooled()
    return outcomes.joint_measures


def timed(work):
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - cpu


def medians(works, rounds):
    """Run works in turn and return median wall and CPU time of each."""
    taken = [[] for _ in works]
    for _ in range(rounds):
        for times, work in zip(taken, works, strict=True):
            times.append(timed(work))
    return [tuple(statistics.median(kind) for kind in zip(*times, strict=True)) for times in taken]


def memory():
    """Return the peak memory in MB of a process of its own that runs the large case."""
    code = (
        "import resource, sys; sys.path.insert(0, 'bench'); import bench_venture as b;"
        "v = b.Venture.from_dict(b.described()); b.ours(v, int(sys.argv[1]), 2);"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)"
    )
    root = Path(__file__).parents[1]
    done = subprocess.run(
        [sys.executable, "-c", code, sys.argv[1] if len(sys.argv) > 1 else "1000000"],
        cwd=root, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return int(done.stdout)


def tell(name, value, unit, target, *, least=False):
    late = value < target if least else value > target
    print(f"{name:52} {value:9.2f} {unit:4} target {target:g}{'  MISSED' if late else ''}")
    return late


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    venture = Venture.from_dict(described())
    ours(venture, 10_000, 2)
    works = [
        lambda: peer(count, 1),
        lambda: ours(venture, count, 1),
        lambda: venture.simulate(count, seed=1, workers=1),
        lambda: peer(count, 2),
        lambda: ours(venture, count, 2),
    ]
    names = ("peer, 1 worker", "ours with all measures, 1 worker", "ours, flows only, 1 worker",
             "peer, 2 workers", "ours with all measures, 2 workers")  # fmt: skip
    found = medians(works, 3)
    print(
        f"{count:,} scenarios x {PARTIES} parties x {QUARTERS} quarters, {DRIVERS} drivers a quarter"
    )
    for name, (wall, cpu) in zip(names, found, strict=True):
        print(f"{name:52} {wall:9.2f} s wall {cpu:9.2f} s CPU")
    missed = tell(
        "CPU to that of the peer, 1 worker", found[1][1] / found[0][1], "x", TARGETS["ratio"]
    )
    missed |= tell(
        "wall to that of the peer, 2 workers", found[4][0] / found[3][0], "x", TARGETS["ratio"]
    )
    missed |= tell(
        "two workers, speed-up", found[1][0] / found[4][0], "x", TARGETS["speed-up"], least=True
    )
    missed |= tell("memory of a process of its own", memory(), "MB", TARGETS["memory"])
    rows = [venture.simulate(50_000, seed=7, workers=w).present_values.tobytes() for w in (1, 2, 4)]
    print(f"{'same bits for 1, 2 and 4 workers':52} {rows[0] == rows[1] == rows[2]}")
    demo = Venture.from_file(EXAMPLE)
    warm = medians([lambda: everything(demo.simulate(10_000, seed=3))], 30)[0]
    missed |= tell(
        "demo, 10,000 scenarios, all measures, CPU", 1e3 * warm[1], "ms", TARGETS["demo"]
    )
    whole = medians([lambda: demo.simulate(10_000, seed=3).to_dict()], 30)[0]
    print(f"{'demo, with tornado, diversification and JSON, CPU':52} {1e3 * whole[1]:9.2f} ms")
    sample = np.random.default_rng(1).standard_normal((PARTIES, 1_000_000))
    losses = sample.sum(axis=0)
    es = medians([lambda: risk.shortfall(losses), lambda: risk.euler(sample)], 7)
    missed |= tell("ES of 1,000,000, CPU", 1e3 * es[0][1], "ms", TARGETS["es"])
    missed |= tell(
        "Euler contributions 1,000,000 x 10, CPU", 1e3 * es[1][1], "ms", TARGETS["euler"]
    )
    print(
        f"peak memory of this process {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB"
    )
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
