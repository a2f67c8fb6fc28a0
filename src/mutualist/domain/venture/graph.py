"""Amounts as a graph of array operations: equal parts are computed once, constants beforehand.

A node is a constant (one value, or one a period) or depends on the scenario. Graphs are made once per venture and run on
every block of scenarios by :mod:`.program`.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]
#: What a custom step is called with: the output, then the inputs.
Step = Callable[..., None]


@dataclass(frozen=True, slots=True)
class Node:
    """One value; ``rows`` tells whether it differs by period."""

    args: tuple[int, ...] = ()
    function: Any = None
    is_ufunc: bool = False
    rows: bool = False
    constant: Array | None = None
    source: str = ""
    drawn_rows: int = 0


class Graph:
    """Builds nodes; every method returns the number of a node.

    Parameters
    ----------
    periods
        Numbers of the periods, one a row.
    """

    def __init__(self, periods: tuple[int, ...]) -> None:
        self.periods = periods
        self.nodes: list[Node] = []
        self._known: dict[Hashable, int] = {}

    def _add(self, key: Hashable, node: Node) -> int:
        if key in self._known:
            return self._known[key]
        self.nodes.append(node)
        self._known[key] = len(self.nodes) - 1
        return len(self.nodes) - 1

    def constant(self, value: Any) -> int:
        """Add a constant: a number, or one number a period."""
        array = np.asarray(value, dtype=float)
        column = array.reshape(-1, 1)
        if len(column) > 1 and np.all(column == column[0]):
            column = column[:1]
        node = Node(rows=len(column) > 1, constant=column)
        return self._add(("constant", column.tobytes()), node)

    def source(self, name: str, drawn_rows: int) -> int:
        """Add normal scores that are drawn: one a scenario, or one a period and scenario."""
        node = Node(source=name, drawn_rows=drawn_rows, rows=drawn_rows > 1)
        return self._add(("source", name), node)

    def value(self, number: int) -> Array | None:
        """Return a constant's values, shape (rows or 1, 1), or None."""
        return self.nodes[number].constant

    def apply(self, ufunc: Any, *args: int) -> int:
        """Add a NumPy function of other nodes, element by element."""
        known = [self.nodes[arg] for arg in args]
        if all(node.constant is not None for node in known):
            with np.errstate(all="ignore"):
                return self.constant(ufunc(*(node.constant for node in known)))
        rows = any(node.rows for node in known)
        return self._add((ufunc, args), Node(args, ufunc, is_ufunc=True, rows=rows))

    def step(self, function: Step, *args: int, key: Hashable, all_rows: bool = True) -> int:
        """Add a step of :mod:`.steps`; ``key`` tells apart steps with other parameters."""
        known = [self.nodes[arg] for arg in args]
        rows = all_rows or any(node.rows for node in known)
        rows = rows and len(self.periods) > 1
        if all(node.constant is not None for node in known):
            out = np.zeros((len(self.periods) if rows else 1, 1))
            function(out, *(node.constant for node in known))
            return self.constant(out)
        return self._add((key, args), Node(args, function, rows=rows))

    def add(self, left: int, right: int) -> int:
        """Add two nodes; nothing is added to zero."""
        if self._is(left, 0):
            return right
        return left if self._is(right, 0) else self.apply(np.add, left, right)

    def subtract(self, left: int, right: int) -> int:
        """Take one node from another."""
        if self._is(left, 0):
            return self.multiply(self.constant(-1), right)
        return left if self._is(right, 0) else self.apply(np.subtract, left, right)

    def multiply(self, left: int, right: int) -> int:
        """Multiply two nodes; constant factors are drawn together, zero and one take no work."""
        if self.value(right) is not None:
            left, right = right, left
        factor = self.value(left)
        if factor is None:
            (first, one), (second, other) = self.split(left), self.split(right)
            product = self.apply(np.multiply, *sorted((one, other)))
            return self.multiply(self.constant(first * second), product)
        if self._is(left, 0):
            return left
        if self._is(left, 1):
            return right
        first, inner = self.split(right)
        if inner != right:
            return self.multiply(self.constant(factor * first), inner)
        return self.apply(np.multiply, left, right)

    def total(self, parts: Iterable[tuple[int, int]]) -> int:
        """Add up nodes with a sign each; equal ones are drawn together first, so what cancels is gone.

        Parameters
        ----------
        parts
            Sign (1 or -1) and node.
        """
        factors: dict[int, list[Array]] = {}
        constant = np.zeros((1, 1))
        for sign, number in parts:
            known = self.value(number)
            if known is not None:
                constant = constant + sign * known
                continue
            factor, inner = self.split(number)
            factors.setdefault(inner, []).append(sign * factor)
        node = self.constant(constant)
        for inner in sorted(factors):
            found = factors[inner]
            summed = np.sum(np.broadcast_arrays(*found), axis=0)
            size = max(float(np.abs(one).max()) for one in found)
            summed[np.abs(summed) < 1e-13 * size] = 0
            node = self.add(node, self.multiply(self.constant(summed), inner))
        return node

    def split(self, number: int) -> tuple[Array, int]:
        """Return a node as constant factor, shape (rows or 1, 1), and the node it multiplies."""
        node = self.nodes[number]
        if node.function is np.multiply and (first := self.value(node.args[0])) is not None:
            return first, node.args[1]
        return np.ones((1, 1)), number

    def _is(self, number: int, value: float) -> bool:
        constant = self.value(number)
        return constant is not None and constant.size == 1 and constant[0, 0] == value
