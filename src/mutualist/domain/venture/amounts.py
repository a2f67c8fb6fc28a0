"""From expressions to nodes of the graph."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

import numpy as np

from mutualist.domain.venture import steps
from mutualist.domain.venture.expressions import (
    Binary,
    Call,
    Choose,
    Name,
    Node,
    Number,
    Unary,
    parse,
)
from mutualist.domain.venture.line_order import line_order
from mutualist.domain.venture.model import Description
from mutualist.domain.venture.quantities import Quantities

_UFUNCS: Final[dict[str, Any]] = {
    "/": np.divide,
    "=": np.equal,
    "!=": np.not_equal,
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
    "and": np.logical_and,
    "or": np.logical_or,
}


class Amounts:
    """Nodes of lines and of any expression over names.

    Parameters
    ----------
    description
        The checked venture.
    quantities
        Nodes of everything that is not a line.
    """

    def __init__(self, description: Description, quantities: Quantities) -> None:
        self.description = description
        self.quantities = quantities
        self.graph = quantities.graph
        self._lines: dict[str, int] = {}
        for line in line_order(description.lines)[0]:
            self.name(line)

    def name(self, name: str) -> int:
        """Return the node of a name; a line is nothing outside of its periods, and comes late where an event delays it."""
        if name not in self.description.lines:
            return self.quantities.nodes[name]
        if name not in self._lines:
            line = self.description.lines[name]
            # A named quantity without a party has no first period of its own.
            first = line.first if line.party or line.first > 1 else 0
            node = self.expression(line.amount)
            node = self.graph.multiply(self.window(first, line.last, line.at), node)
            for event in self.description.events.values():
                if event.delay and name in event.lines:
                    step = partial(steps.delay, by=event.delay)
                    happens = self.quantities.happens[event.id]
                    node = self.graph.step(step, node, happens, key=("delay", event.delay))
            self._lines[name] = node
        return self._lines[name]

    def window(self, first: int, last: int, at: tuple[int, ...]) -> int:
        """Return 1 in the periods in which something is paid, else 0."""
        inside = set(at) if at else range(first, last + 1)
        return self.graph.constant([float(t in inside) for t in self.graph.periods])

    def expression(self, text: str) -> int:
        """Return the node of an expression."""
        return self.tree(parse(text))

    def tree(self, node: Node) -> int:  # noqa: PLR0911 - one return a kind of node
        """Return the node of a syntax tree."""
        graph = self.graph
        match node:
            case Number(value=value):
                return graph.constant(value)
            case Name(name=name):
                return self.name(name)
            case Unary(op="-", part=part):
                return graph.multiply(graph.constant(-1), self.tree(part))
            case Unary(part=part):
                return graph.apply(np.logical_not, self.tree(part))
            case Choose(test=test, then=then, other=other):
                parts = [self.tree(one) for one in (test, then, other)]
                rows = any(graph.nodes[part].rows for part in parts)
                return graph.step(steps.choose, *parts, key="choose", all_rows=rows)
            case Call(name=name, args=args):
                return self._call(name, [self.tree(arg) for arg in args])
            case Binary(op=op, left=left, right=right):
                return self._binary(op, self.tree(left), self.tree(right))
        raise AssertionError(node)

    def _binary(self, op: str, left: int, right: int) -> int:
        match op:
            case "+":
                return self.graph.add(left, right)
            case "-":
                return self.graph.subtract(left, right)
            case "*":
                return self.graph.multiply(left, right)
        return self.graph.apply(_UFUNCS[op], left, right)

    def _call(self, name: str, args: list[int]) -> int:
        graph = self.graph
        if name == "abs":
            return graph.apply(np.absolute, args[0])
        if name == "previous":
            return graph.step(partial(steps.shift, by=1), args[0], key=("shift", 1))
        if name == "total":
            starts = (True, *(False for _ in graph.periods[1:]))
            step = partial(steps.cumulate, starts=starts)
            return graph.step(step, args[0], key=("cumulate", starts))
        ufunc = np.minimum if name == "min" else np.maximum
        node = args[0]
        for arg in args[1:]:
            node = graph.apply(ufunc, node, arg)
        return node
