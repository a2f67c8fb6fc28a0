"""What is kept of each block: present values, deepest outlay, payback, means, samples of drivers."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np

from mutualist.domain.venture.cross_checks import business_name
from mutualist.domain.venture.flows import Flows
from mutualist.domain.venture.graph import Array
from mutualist.domain.venture.problems import refuse
from mutualist.domain.venture.program import BLOCK, Take

if TYPE_CHECKING:
    from mutualist.domain.venture.simulation import Simulated

#: Values of the drivers are kept for so many scenarios: enough to rank them.
SAMPLE: Final = 2**15


def discount_factors(rate: float, periods: Sequence[int], per_year: int) -> Array:
    """Return what money at the end of each period is worth at the start, shape (periods,).

    Examples
    --------
    >>> discount_factors(0.21, (0, 1, 2), 2).round(6)
    array([1.      , 0.909091, 0.826446])
    """
    factors: Array = (1 + rate) ** (-np.asarray(periods, dtype=float) / per_year)
    return factors


def whole(values: Array, shape: tuple[int, int]) -> Array:
    """Return values with all rows and columns."""
    return values if values.shape == shape else np.broadcast_to(values, shape)


class Recorders:
    """Arrays for the results of all blocks, and what fills them.

    Parameters
    ----------
    plan
        The venture's flows.
    count
        Number of scenarios.
    keep_flows
        Whether every cash flow is kept.
    """

    def __init__(self, plan: Flows, count: int, *, keep_flows: bool) -> None:
        self.plan = plan
        self.count = count
        parties, periods = len(plan.net), len(plan.graph.periods)
        self.values = np.zeros((parties, count), np.float32)
        self.outlay = np.zeros((parties + 1, count), np.float32)
        self.payback = np.zeros((parties + 1, count), np.uint16)
        self.flows = np.zeros((parties, count, periods), np.float32) if keep_flows else None
        self.drivers: dict[str, Array] = {}
        self.business: dict[str, Array] = {}
        # Where a flow never is below zero, payback is the first period.
        first = plan.graph.periods[0]
        self._after = np.array([[t + 1] for t in plan.graph.periods], np.int32)
        self._first = np.uint16(first)
        self._blocks = -(-count // BLOCK)
        self._sums: dict[int, Array] = {}

    def results(self) -> list[tuple[int, Take]]:
        """Return nodes and what takes their values."""
        plan = self.plan
        found: list[tuple[int, Take]] = []
        for position, (party, node) in enumerate(plan.net.items()):
            rate = plan.description.parties[party].discount
            per_year = plan.description.periods.per_year
            factors = discount_factors(rate, plan.graph.periods, per_year).astype(np.float32)
            found.append((node, partial(self._party, position, factors)))
        found.append((plan.joint, partial(self._path, len(plan.net))))
        found += [(node, partial(self._sum, node)) for node in self._averaged()]
        found += self._samples()
        return found

    def _averaged(self) -> list[int]:
        """Return the nodes whose means give the mean of every flow."""
        nodes = {self.plan.graph.split(flow.node)[1] for flow in self.plan.all}
        nodes |= {self.plan.graph.split(node)[1] for node in self.plan.pools.values()}
        for node in nodes:
            rows = len(self.plan.graph.periods) if self.plan.graph.nodes[node].rows else 1
            self._sums[node] = np.zeros((self._blocks, rows))
        return sorted(nodes)

    def _samples(self) -> list[tuple[int, Take]]:
        quantities = self.plan.quantities
        size = min(self.count, SAMPLE)
        found: list[tuple[int, Take]] = []
        columns = [c for t in self.plan.description.tables.values() for c in t.columns]
        for name in (*self.plan.description.drivers, *quantities.happens, *columns):
            node = quantities.happens.get(name, quantities.nodes[name])
            if self.plan.graph.value(node) is None:
                self.drivers[name] = np.zeros(size, np.float32)
                found.append((node, partial(self._sample, name)))
        for party, one in self.plan.description.parties.items():
            if one.business is not None:
                self.business[party] = np.zeros(self.count, np.float32)
                node = quantities.scores[business_name(party)]
                found.append((node, partial(self._score, party)))
        return found

    def _party(
        self, position: int, factors: Array, values: Array, block: int, first: int, last: int
    ) -> None:
        flow = whole(values, (len(factors), last - first))
        np.einsum("t,tn->n", factors, flow, out=self.values[position, first:last])
        self._path(position, values, block, first, last)
        if self.flows is not None:
            self.flows[position, first:last] = flow.T

    def _path(self, position: int, values: Array, block: int, first: int, last: int) -> None:
        """Follow the cumulative flow: its lowest point, and the last period in which it is below zero."""
        del block
        rows = len(self.plan.graph.periods)
        flow = whole(values, (rows, last - first))
        total = np.empty((rows, last - first), np.float32)
        before = total[0]
        np.copyto(before, flow[0])
        for now, more in zip(total[1:], flow[1:], strict=True):
            np.add(before, more, out=now)
            before = now
        lowest = np.minimum.reduce(total, axis=0)
        np.subtract(0, np.minimum(lowest, 0), out=self.outlay[position, first:last])
        # The sign bit, spread over the number: all ones below zero, else none.
        late = np.right_shift(total.view(np.int32), 31, out=total.view(np.int32))
        np.bitwise_and(late, self._after, out=late)
        late_most = np.maximum(np.maximum.reduce(late, axis=0), self._first)
        self.payback[position, first:last] = late_most

    def _sum(self, node: int, values: Array, block: int, first: int, last: int) -> None:
        """Add up over the scenarios of each block; a constant counts once a scenario."""
        constant = values.shape[1] == 1
        for start in range(0, last - first, BLOCK):
            size = min(BLOCK, last - first - start)
            part = values if constant else values[:, start : start + size]
            total = part.sum(axis=1, dtype=np.float32).astype(np.float64)
            self._sums[node][block + start // BLOCK] = total * (size / part.shape[1])

    def _sample(self, name: str, values: Array, block: int, first: int, last: int) -> None:
        del block
        kept = self.drivers[name]
        last = min(last, len(kept))
        if first < last:
            kept[first:last] = values[:, : last - first].mean(axis=0)

    def _score(self, party: str, values: Array, block: int, first: int, last: int) -> None:
        del block
        self.business[party][first:last] = values[0]

    def mean(self, node: int) -> Array:
        """Return the mean of a node over all scenarios, shape (periods,)."""
        coefficient, inner = self.plan.graph.split(node)
        total = self._sums[inner].sum(axis=0) / self.count
        return np.broadcast_to(coefficient[:, 0] * total, (len(self.plan.graph.periods),))

    def check(self) -> None:
        """Refuse figures that are none."""
        for position, party in enumerate(self.plan.net):
            if not np.isfinite(self.values[position].sum(dtype=np.float64)):
                raise refuse("", "overflow", party=party)

    def simulated(self, seed: int, method: str) -> Simulated:
        """Return what is kept, as one value."""
        from mutualist.domain.venture.simulation import Simulated

        plan = self.plan
        means: dict[tuple[str, str, str], Array] = {}
        for flow in plan.all:
            key = flow.item, flow.payer, flow.payee
            means[key] = means.get(key, 0.0) + self.mean(flow.node)
        for pool, node in plan.pools.items():
            means["", pool, pool] = self.mean(node)
        kept: list[Array] = [self.values, self.outlay, self.payback]
        kept += [*self.drivers.values(), *self.business.values()]
        if self.flows is not None:
            kept.append(self.flows)
        for array in kept:
            array.flags.writeable = False
        return Simulated(
            description=plan.description,
            count=self.count,
            seed=seed,
            method=method,
            periods=plan.graph.periods,
            values=self.values,
            outlay=self.outlay[:-1],
            payback=self.payback[:-1],
            joint_outlay=self.outlay[-1],
            joint_payback=self.payback[-1],
            means=means,
            drivers=self.drivers,
            business=self.business,
            flows=self.flows,
            kinds={flow.item: flow.kind for flow in plan.all},
        )
