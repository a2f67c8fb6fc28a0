"""From lines, terms and options to what each party receives and pays in each period."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np

from mutualist.domain.venture import steps
from mutualist.domain.venture.amounts import Amounts
from mutualist.domain.venture.graph import Graph
from mutualist.domain.venture.model import LINE_KINDS, Description, Line, Option, Term
from mutualist.domain.venture.quantities import Quantities

#: The other side of a line.
OUTSIDE = ""


@dataclass(frozen=True, slots=True)
class Flow:
    """Money from somebody to somebody; ``item`` is the line, term or option, ``kind`` what it is."""

    item: str
    kind: str
    payer: str
    payee: str
    node: int


class Flows:
    """All flows of a venture as nodes of a graph.

    Attributes
    ----------
    all : list of Flow
        Every payment; what a pool passes on is not among them but in ``stakes``.
    net : dict
        Node of the net flow per party, shares of pools included.
    """

    def __init__(self, description: Description) -> None:
        self.description = description
        self.graph = Graph(tuple(range(_first_period(description), description.periods.count + 1)))
        self.quantities = Quantities(description, self.graph)
        self.amounts = Amounts(description, self.quantities)
        self.used = {option.id: self._used(option) for option in description.options.values()}
        self.all: list[Flow] = []
        for line in description.lines.values():
            if line.party:
                self._line(line)
        for term in description.terms.values():
            if term.type != "equity":
                node = self._gate(self._term(term), ends=term.id)
                self.all.append(Flow(term.id, term.type, term.payer, term.payee, node))
        for option in description.options.values():
            self._option_cost(option)
        self.pools = {pool: self.graph.total(self._signed(pool)) for pool in description.pools}
        self.net = {party: self._net(party) for party in description.parties}
        self.joint = self._joint()

    def _line(self, line: Line) -> None:
        node = self.amounts.name(line.id)
        for option in self.description.options.values():
            if line.id in option.starts:
                node = self.graph.multiply(self.used[option.id], node)
        owners = [(line.party, node)]
        for option in self.description.options.values():
            if line.id in option.takes:
                taken = self.graph.multiply(self.used[option.id], node)
                kept = self.graph.subtract(node, taken)
                owners = [(line.party, kept), (option.party, taken)]
        for party, part in owners:
            incoming = LINE_KINDS[line.kind][0] > 0
            ends = (OUTSIDE, party) if incoming else (party, OUTSIDE)
            self.all.append(Flow(line.id, line.kind, *ends, part))

    def _used(self, option: Option) -> int:
        """Return 1 from the period on in which an option is used, 0 before; after its notice."""
        graph = self.graph
        if not option.condition:
            return graph.constant(0)
        held = self.amounts.expression(option.condition)
        allowed = self.amounts.window(option.first, self.description.periods.count, ())
        node = graph.step(steps.ever, graph.multiply(allowed, held), key="ever")
        if option.notice:
            shift = partial(steps.shift, by=option.notice)
            node = graph.step(shift, node, key=("shift", option.notice))
        return node

    def _gate(self, node: int, ends: str) -> int:
        for option in self.description.options.values():
            if ends in option.ends:
                node = self.graph.subtract(node, self.graph.multiply(self.used[option.id], node))
        return node

    def _once(self, node: int) -> int:
        """Return 1 in the first period only in which a condition held."""
        starts = (True, *(False for _ in self.graph.periods[1:]))
        step = partial(steps.difference, starts=starts)
        return self.graph.step(step, node, key=("difference", starts))

    def _option_cost(self, option: Option) -> None:
        moment = self._once(self.used[option.id])
        node = self.graph.multiply(moment, self.amounts.expression(option.cost))
        self.all.append(Flow(option.id, option.type, option.party, option.to or OUTSIDE, node))

    def _term(self, term: Term) -> int:
        graph = self.graph
        window = self.amounts.window(term.first, term.last, term.at)
        if term.condition:
            held = self.amounts.expression(term.condition)
            held = graph.apply(np.not_equal, held, graph.constant(0))
            if term.type == "milestone":
                held = self._once(graph.step(steps.ever, held, key="ever"))
            window = graph.multiply(window, held)
        if isinstance(term.rate, str):
            rate = self.amounts.expression(term.rate)
        else:
            rate = graph.constant(term.rate)
        base = graph.multiply(window, self.amounts.expression(term.base)) if term.base else window
        return self._modified(term, rate, base)

    def _modified(self, term: Term, rate: int, base: int) -> int:
        """Apply tiers and cap to a base and raise the rest to the minimum, per period, year or in total."""
        graph = self.graph
        starts = self._starts(term)
        grouped = term.over != "period" and (bool(term.tiers) or term.cap is not None)
        if grouped:
            step = partial(steps.cumulate, starts=starts)
            base = graph.step(step, base, key=("cumulate", starts))
        if term.tiers:
            spans, low = [], 0.0
            for tier in term.tiers:
                high = np.inf if tier.up_to is None else tier.up_to
                spans.append((low, high, tier.rate))
                low = high
            paying = partial(steps.staircase, tiers=tuple(spans))
            node = graph.step(paying, base, key=("staircase", tuple(spans)))
        else:
            node = graph.multiply(rate, base)
        if term.cap is not None:
            node = graph.apply(np.minimum, node, graph.constant(term.cap))
        if grouped:
            back = partial(steps.difference, starts=starts)
            node = graph.step(back, node, key=("difference", starts))
        if term.minimum is not None:
            spans_of = self._spans(term, starts)
            raising = partial(steps.top_up, spans=spans_of)
            node = graph.step(raising, node, key=("top_up", spans_of))
        return node

    def _starts(self, term: Term) -> tuple[bool, ...]:
        per_year = self.description.periods.per_year
        if term.over == "total":
            return tuple(row == 0 for row in range(len(self.graph.periods)))
        if term.over == "period":
            return tuple(True for _ in self.graph.periods)
        return tuple(t <= 1 or (t - 1) % per_year == 0 for t in self.graph.periods)

    def _spans(self, term: Term, starts: tuple[bool, ...]) -> tuple[tuple[int, int, float], ...]:
        """Return rows and least payment of each period, year (pro rata) or the whole term."""
        inside = set(term.at) or set(range(term.first, term.last + 1))
        groups: list[list[int]] = []
        for row, (period, fresh) in enumerate(zip(self.graph.periods, starts, strict=True)):
            if fresh or not groups:
                groups.append([])
            if period in inside:
                groups[-1].append(row)
        whole = {"year": self.description.periods.per_year}.get(term.over, 0)
        found = []
        for rows in filter(None, groups):
            least = term.minimum or 0.0
            part = len(rows) / whole if whole else 1.0
            found.append((rows[0], rows[-1], least * part))
        return tuple(found)

    def _signed(self, name: str) -> list[tuple[int, int]]:
        """Return what somebody receives and pays, with a sign each."""
        received = [(1, flow.node) for flow in self.all if flow.payee == name]
        return received + [(-1, flow.node) for flow in self.all if flow.payer == name]

    def _net(self, party: str) -> int:
        parts = self._signed(party)
        for term in self.description.terms.values():
            stake = term.stakes.get(party)
            if stake is not None:
                part = self.graph.multiply(self.graph.constant(stake), self.pools[term.payer])
                parts.append((1, part))
        return self.graph.total(parts)

    def _joint(self) -> int:
        """Return the net flow of all together: what they receive from outside less what they pay there."""
        return self.graph.total([(-sign, node) for sign, node in self._signed(OUTSIDE)])


def _first_period(description: Description) -> int:
    """Return 0 when something is paid at the start itself, else 1."""
    dated: list[Line | Term] = [*description.lines.values()]
    # Terms that pay a part of a line pay at the start only what is paid there anyway.
    dated += [one for one in description.terms.values() if not one.base or one.at]
    starts = any(0 in one.at or (not one.at and one.first == 0) for one in dated)
    return 0 if starts else 1
