"""How fast a venture is simulated and measured, beside a bare NumPy kernel that computes the same flows.

Usage: python bench/bench_venture.py [scenarios]

1,000,000 scenarios x 10 parties x 20 quarters with 6 drivers drawn each quarter: wall and CPU time, memory, the same bits
for 1, 2 and 4 workers; then 10,000 scenarios of the demo venture with all measures. Medians; the peer runs in the same
process, in turn.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from marks import ROOT, Row, tell, timed, took
from threadpoolctl import threadpool_limits

from mutualist import Venture

EXAMPLE = ROOT / "examples" / "ventures" / "pumpenpuls.yaml"
PARTIES, QUARTERS, DRIVERS, CHUNK = 10, 20, 6, 4096
WEIGHT = 0.8
ROUNDS = 5


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


def in_turn(works, rounds):
    """Run works one after the other, several times, and return median wall and CPU time of each, in ms."""
    taken = [[] for _ in works]
    for _ in range(rounds):
        for times, work in zip(taken, works, strict=True):
            wall, cpu = time.perf_counter(), time.process_time()
            work()
            times.append((time.perf_counter() - wall, time.process_time() - cpu))
    return [
        tuple(1000 * statistics.median(kind) for kind in zip(*times, strict=True))
        for times in taken
    ]


def memory(count):
    """Return the peak memory in MB of a process of its own that runs the large case."""
    code = (
        "import resource, sys; sys.path.insert(0, 'bench'); import bench_venture as b;"
        "v = b.Venture.from_dict(b.described()); b.ours(v, int(sys.argv[1]), 2);"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)"
    )
    command = [sys.executable, "-c", code, str(count)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return int(done.stdout)


def large(count) -> Iterator[Row]:
    """Yield the figures of the large case."""
    venture = Venture.from_dict(described())
    ours(venture, 10_000, 2)
    works = [
        lambda: peer(count, 1),
        lambda: ours(venture, count, 1),
        lambda: venture.simulate(count, seed=1, workers=1),
        lambda: peer(count, 2),
        lambda: ours(venture, count, 2),
    ]
    bare, one, flows, bare_two, two = in_turn(works, ROUNDS)
    size = f"{count:,} x {PARTIES} x {QUARTERS}"
    yield Row(f"{size}, bare kernel, 1 worker", bare[0] / 1000, "s", wall=bare[0], cpu=bare[1])
    yield Row(
        f"{size}, bare kernel, 2 workers",
        bare_two[0] / 1000,
        "s",
        wall=bare_two[0],
        cpu=bare_two[1],
    )
    yield Row(f"{size}, flows only, 1 worker", flows[0] / 1000, "s", wall=flows[0], cpu=flows[1])
    beside = f"bare kernel {took(bare[1])} CPU"
    yield Row(
        "all measures, 1 worker: CPU to that of the bare kernel",
        one[1] / bare[1],
        "x",
        1.5,
        wall=one[0],
        cpu=one[1],
        beside=beside,
    )
    beside = f"bare kernel {took(bare_two[0])} wall"
    yield Row(
        "all measures, 2 workers: wall to that of the bare kernel",
        two[0] / bare_two[0],
        "x",
        1.5,
        wall=two[0],
        cpu=two[1],
        beside=beside,
    )
    beside = f"bare kernel {bare[0] / bare_two[0]:.2f} x"
    yield Row("two workers, speed-up", one[0] / two[0], "x", 1.8, least=True, beside=beside)
    yield Row("memory of a process of its own, 2 workers", memory(count), "MB", 300)
    kept = [venture.simulate(50_000, seed=7, workers=w).present_values.tobytes() for w in (1, 2, 4)]
    yield Row(
        "same bits for 1, 2 and 4 workers (1 is yes)", float(len({*kept}) == 1), "", 1, least=True
    )


def demo() -> Iterator[Row]:
    """Yield the figures of the venture on the sliders."""
    venture = Venture.from_file(EXAMPLE)
    wall, cpu, _ = timed(lambda: everything(venture.simulate(10_000, seed=3)), 51)
    yield Row(
        "demo venture, 10,000 scenarios, all measures, CPU", cpu, "ms", 20, wall=wall, cpu=cpu
    )
    wall, cpu, _ = timed(lambda: venture.simulate(10_000, seed=3).to_dict(), 31)
    yield Row("the same with tornado, diversification and JSON, CPU", cpu, "ms", wall=wall, cpu=cpu)


def rows(count=1_000_000) -> Iterator[Row]:
    """Yield all figures."""
    yield from large(count)
    yield from demo()


if __name__ == "__main__":
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    sys.exit(int(any(row.missed for row in tell(rows(wanted)))))
