"""How fast expected shortfall and its Euler contributions are found, beside skfolio and riskfolio-lib in the same run.

Usage: python bench/bench_risk.py

The peers run in an environment of their own (python bench/peers.py) on the same figures; the results are compared. Medians.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

import numpy as np
from marks import Row, peer, tell, timed

from mutualist import risk

COUNT, PARTIES = 1_000_000, 10
BESIDE = """
import json, statistics, time
import numpy as np
COUNT, PARTIES = 1_000_000, 10
sample = np.random.default_rng(1).standard_normal((PARTIES, COUNT))
losses = sample.sum(axis=0)

def timed(work, runs):
    cpus = []
    for _ in range(runs):
        cpu = time.process_time()
        found = work()
        cpus.append(time.process_time() - cpu)
    return 1000 * statistics.median(cpus), found

from skfolio.measures import cvar
found = {"skfolio": timed(lambda: float(cvar(-losses, beta=0.95)), 7)}

import pandas as pd
import riskfolio as rp
found["riskfolio es"] = timed(lambda: float(np.ravel(rp.RiskFunctions.CVaR_Hist(-losses[:, None], alpha=0.05))[0]), 3)
frame = pd.DataFrame(-sample.T)
weights = np.ones((PARTIES, 1))
contributions = lambda: np.ravel(
    rp.RiskFunctions.Risk_Contribution(weights, frame, frame.cov(), rm="CVaR", alpha=0.05)
).tolist()
found["riskfolio euler"] = timed(contributions, 1)
print(json.dumps(found))
"""


def rows() -> Iterator[Row]:
    """Yield the figures."""
    sample = np.random.default_rng(1).standard_normal((PARTIES, COUNT))
    losses = sample.sum(axis=0)
    beside = peer(BESIDE)
    wall, cpu, es = timed(lambda: risk.shortfall(losses), 15)
    told = "no .venv-peers (python bench/peers.py)"
    if beside is not None:
        (theirs, same), (slow, alike) = beside["skfolio"], beside["riskfolio es"]
        assert np.allclose([same, alike], es.es, rtol=1e-5)
        told = f"skfolio {theirs / cpu:.1f} x our CPU, riskfolio-lib {slow / cpu:.0f} x"
    yield Row("ES of 1,000,000, CPU", cpu, "ms", 4, wall=wall, cpu=cpu, beside=told)
    if beside is not None:
        yield Row("ES: CPU of skfolio to ours", theirs / cpu, "x", 1, least=True)
    wall, cpu, (_es, parts) = timed(lambda: risk.euler(sample), 15)
    if beside is not None:
        theirs, same = beside["riskfolio euler"]
        # Theirs are differences of the whole measure, right to a few digits.
        assert np.allclose(same, parts, rtol=1e-2)
        told = f"riskfolio-lib {theirs / cpu:.0f} x our CPU ({theirs / 1000:.1f} s)"
    yield Row(
        "Euler contributions, 1,000,000 x 10, CPU", cpu, "ms", 40, wall=wall, cpu=cpu, beside=told
    )
    if beside is not None:
        yield Row("Euler: CPU of riskfolio-lib to ours", theirs / cpu, "x", 50, least=True)


if __name__ == "__main__":
    sys.exit(int(any(row.missed for row in tell(rows()))))
