"""Many futures of a venture: present values, deepest outlay and payback per party and scenario.

Scenarios come in blocks of fixed size; each block is drawn by itself and put in its place, and sums over blocks are
taken in their order. So one worker and many give the same bits.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from threading import Event, local
from typing import Any, Final

import numpy as np

from mutualist.domain.venture.drawing import MAX_SEED, MAX_SOBOL, PhiloxScores, SobolScores
from mutualist.domain.venture.flows import Flows
from mutualist.domain.venture.model import Description
from mutualist.domain.venture.problems import refuse
from mutualist.domain.venture.program import BLOCK, Draw, Program
from mutualist.domain.venture.recorders import Recorders

MAX_COUNT: Final = 20_000_000
MAX_WORKERS: Final = 64
#: All cash flows of a run are kept up to this size.
MAX_FLOW_BYTES: Final = 2_000_000_000
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Simulated:
    """What a run leaves behind; arrays must not be changed.

    Attributes
    ----------
    values : numpy.ndarray
        Present value per party and scenario, shape (parties, scenarios), float32, in the venture's currency.
    outlay : numpy.ndarray
        Deepest cumulative outlay (0 or more) per party and scenario, undiscounted, same shape.
    payback : numpy.ndarray
        Period from which on the cumulative flow stays at 0 or above; one more than the last period when it never does.
    joint_outlay, joint_payback : numpy.ndarray
        The same for all parties together, shape (scenarios,).
    means : dict
        Mean flow per item (line, term, option) and pair of ends, shape (periods,): key (item, payer, payee).
    drivers : dict
        Value per uncertain quantity (mean over the periods) in the first scenarios, shape (sample,).
    business : dict
        Normal score of a party's own business, shape (scenarios,).
    flows : numpy.ndarray or None
        Cash flow, shape (parties, scenarios, periods), when it was asked for.
    periods : tuple of int
        Numbers of the periods; 0 is the start.
    """

    description: Description
    count: int
    seed: int
    method: str
    periods: tuple[int, ...]
    values: np.ndarray[Any, Any]
    outlay: np.ndarray[Any, Any]
    payback: np.ndarray[Any, Any]
    joint_outlay: np.ndarray[Any, Any]
    joint_payback: np.ndarray[Any, Any]
    means: dict[tuple[str, str, str], np.ndarray[Any, Any]]
    drivers: dict[str, np.ndarray[Any, Any]]
    business: dict[str, np.ndarray[Any, Any]]
    flows: np.ndarray[Any, Any] | None = None
    kinds: dict[str, str] = field(default_factory=dict)


def simulate(
    description: Description,
    count: int = 10_000,
    seed: int = 0,
    *,
    workers: int = 1,
    method: str = "philox",
    flows: bool = False,
    progress: Progress | None = None,
) -> Simulated:
    """Simulate a venture.

    Parameters
    ----------
    description
        The checked venture.
    count
        Number of scenarios.
    seed
        Whole number from 0 to 2**64 - 1: the same seed gives the same bits, for any number of workers.
    workers
        Threads that compute blocks at the same time.
    method
        ``philox`` (pseudo-random) or ``sobol`` (quasi-random, a power of two up to 2**16 scenarios).
    flows
        Keep every cash flow.
    progress
        Called with scenarios done and in all; may raise to stop the run.

    Returns
    -------
    Simulated
        Arrays per party and scenario.

    Raises
    ------
    VentureError
        For a count, seed or number of workers that cannot be, and for flows that overflow.

    Examples
    --------
    >>> from mutualist.domain.venture import read_description
    >>> venture = read_description({
    ...     "periods": {"unit": "year", "count": 3},
    ...     "parties": {"A": {"discount": 0.2}},
    ...     "lines": {"invest": {"party": "A", "kind": "investment", "amount": 1000, "at": 0},
    ...               "sales": {"party": "A", "amount": 400}},
    ... })
    >>> round(float(simulate(venture, 100).values[0, 0]), 2)
    -157.41
    """
    count, seed = _whole(count, seed, workers)
    plan = Flows(description)
    if flows:
        _refuse_large(len(plan.net), count, len(plan.graph.periods))
    recorders = Recorders(plan, count, keep_flows=flows)
    program = Program(plan.graph, recorders.results())
    draw: Draw = PhiloxScores(seed) if method == "philox" else _sobol(plan, count, seed, method)
    _run_blocks(program, draw, count, workers, progress)
    recorders.check()
    return recorders.simulated(seed, method)


def _whole(count: int, seed: int, workers: int) -> tuple[int, int]:
    if not _is_whole(count) or not 1 <= count <= MAX_COUNT:
        raise refuse("", "bad_count", value=count, low=1, high=MAX_COUNT)
    if not _is_whole(seed) or not 0 <= seed <= MAX_SEED:
        raise refuse("", "bad_seed", value=seed)
    if not _is_whole(workers) or not 1 <= workers <= MAX_WORKERS:
        raise refuse("", "bad_workers", value=workers, high=MAX_WORKERS)
    return operator.index(count), operator.index(seed)


def _is_whole(value: Any) -> bool:
    return hasattr(value, "__index__") and not isinstance(value, bool)


def _refuse_large(parties: int, count: int, periods: int) -> None:
    size = 4 * parties * count * periods
    if size > MAX_FLOW_BYTES:
        most = MAX_FLOW_BYTES // (4 * parties * periods)
        values = {"size": size / 1e9, "allowed": MAX_FLOW_BYTES / 1e9, "count": most}
        raise refuse("", "too_much_memory", **values)


def _run_blocks(
    program: Program, draw: Draw, count: int, workers: int, progress: Progress | None
) -> None:
    blocks = -(-count // BLOCK)
    together = _together(program, blocks, workers)
    starts = range(0, blocks, together)
    spaces = local()
    stopped = Event()

    def work(block: int) -> int:
        if stopped.is_set():
            return 0
        if not hasattr(spaces, "own"):
            spaces.own = program.workspace(min(together, blocks))
        first, last = block * BLOCK, min(count, (block + together) * BLOCK)
        program.run(spaces.own, draw, block, first, last)
        return last - first

    done = 0
    if workers == 1 or len(starts) == 1:
        for block in starts:
            done += work(block)
            if progress is not None:
                progress(done, count)
        return
    with ThreadPoolExecutor(min(workers, len(starts))) as pool:
        running: list[Future[int]] = [pool.submit(work, block) for block in starts]
        try:
            for future in as_completed(running):
                done += future.result()
                if progress is not None:
                    progress(done, count)
        except BaseException:
            stopped.set()
            pool.shutdown(cancel_futures=True)
            raise


def _together(program: Program, blocks: int, workers: int) -> int:
    """Return how many blocks are computed at once."""
    if workers == 1:
        return program.together
    # Enough pieces that nobody has to wait long for the last one.
    return max(1, min(program.together, blocks // (4 * workers)))


def _sobol(plan: Flows, count: int, seed: int, method: str) -> Draw:
    """Return quasi-random scores, turned so that the first dimension points where the value rises most."""
    if method != "sobol":
        raise refuse("method", "unknown_value", value=method, known=("philox", "sobol"))
    if count > MAX_SOBOL or count & (count - 1):
        better = min(MAX_SOBOL, 1 << (count - 1).bit_length())
        raise refuse("", "sobol_count", value=count, high=MAX_SOBOL, better=better)
    dimensions = list(plan.quantities.streams.items())
    if not dimensions:
        return PhiloxScores(seed)
    return SobolScores(dimensions, count, seed, value_gradient(plan, dimensions))


def value_gradient(plan: Flows, dimensions: list[tuple[str, int]]) -> np.ndarray[Any, Any]:
    """Return how the joint present value rises with each normal score, by central differences at the median.

    Parameters
    ----------
    plan
        The venture's flows.
    dimensions
        Name and number of rows of each quantity.

    Returns
    -------
    numpy.ndarray
        Shape (sum of rows,), in the venture's currency per unit of score.
    """
    total = sum(rows for _name, rows in dimensions)
    firsts, at = {}, 0
    for name, rows in dimensions:
        firsts[name] = at
        at += rows
    recorders = Recorders(plan, 2 * total, keep_flows=False)
    program = Program(plan.graph, recorders.results())

    def draw(name: str, block: int, out: np.ndarray[Any, Any]) -> None:
        """Let scenario 2k and 2k + 1 move the k-th score by half a unit up and down."""
        out[...] = 0
        for row in range(len(out)):
            column = 2 * (firsts[name] + row) - block * BLOCK
            for shift, score in ((0, 0.5), (1, -0.5)):
                if 0 <= column + shift < out.shape[1]:
                    out[row, column + shift] = score

    _run_blocks(program, draw, 2 * total, 1, None)
    recorders.check()
    joint = recorders.values.sum(axis=0, dtype=np.float64)
    slope: np.ndarray[Any, Any] = joint[0::2] - joint[1::2]
    return slope
