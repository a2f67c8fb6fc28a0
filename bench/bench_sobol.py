"""What quasi-random scenarios save: variance of mean and ES of the joint present value, chance divided by Sobol.

Usage: python bench/bench_sobol.py [scenarios] [replicates]
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator

import numpy as np
from marks import Row, tell

from mutualist import Venture, risk

VENTURES = ("revenue_share", "joint_company", "licence")


def spread(venture, method, count, replicates):
    """Return variance of mean and of ES over replicates, and CPU seconds of one run."""
    start = time.process_time()
    found = []
    for seed in range(replicates):
        joint = venture.simulate(count, seed, method=method).joint
        found.append((joint.mean(), risk.shortfall(-joint).es))
    taken = (time.process_time() - start) / replicates
    return np.var(np.array(found), axis=0, ddof=1), taken


def rows(count=8192, replicates=30) -> Iterator[Row]:
    """Yield, per template, by how much the variance of mean and ES falls."""
    for name in VENTURES:
        venture = Venture.from_template(name)
        by_chance, chance = spread(venture, "philox", count, replicates)
        by_sobol, turned = spread(venture, "sobol", count, replicates)
        beside = f"CPU of a run {1e3 * chance:.1f} ms by chance, {1e3 * turned:.1f} ms by Sobol"
        for what, ratio in zip(("mean", "ES"), by_chance / by_sobol, strict=True):
            yield Row(f"variance by chance to Sobol, {name}, {what}", ratio, "x", beside=beside)


if __name__ == "__main__":
    tell(rows(*map(int, sys.argv[1:3])))
