"""What quasi-random scenarios save: variance of mean and ES of the joint present value, chance divided by Sobol.

Usage: python bench/bench_sobol.py [scenarios] [replicates]
"""

from __future__ import annotations

import sys
import time

import numpy as np

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


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 8192
    replicates = int(sys.argv[2]) if len(sys.argv) > 2 else 30
    print(
        f"{count} scenarios, {replicates} replicates: variance by chance / by Sobol, CPU of one run"
    )
    for name in VENTURES:
        venture = Venture.from_template(name)
        (mean, es), chance = spread(venture, "philox", count, replicates)
        (sobol_mean, sobol_es), turned = spread(venture, "sobol", count, replicates)
        ratios = f"mean {mean / sobol_mean:7.1f}   ES {es / sobol_es:6.1f}"
        print(f"{name:16} {ratios}   {1e3 * chance:6.1f} ms, {1e3 * turned:6.1f} ms")
    return 0


if __name__ == "__main__":
    sys.exit(main())
