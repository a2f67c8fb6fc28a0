"""Run a graph on blocks of scenarios, with few buffers that are used again and again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from mutualist.domain.venture.graph import Array, Graph

#: Scenarios per block. Blocks are the unit of the random numbers: another size gives other scenarios.
BLOCK: Final = 4096
#: Blocks computed at once: in longer rows threads seldom wait for each other. Fewer where buffers would outgrow the cache.
TOGETHER: Final = 4
_ROWS: Final = 1200
#: Draws normal scores: name, first block, and an array (drawn rows, scenarios of this block and the next) to fill.
Draw = Callable[[str, int, Array], None]
#: Takes a result: its values, shape (rows or 1, scenarios or 1), the block, and its first and last scenario.
Take = Callable[[Array, int, int, int], None]


@dataclass(frozen=True, slots=True)
class _Instruction:
    function: Any
    is_ufunc: bool
    out: int
    args: tuple[int, ...]
    source: str = ""
    take: Take | None = None


@dataclass(slots=True)
class Workspace:
    """The buffers of one worker; cells hold constants and views of the buffers."""

    cells: list[Array] = field(default_factory=list)


class Program:
    """A graph in the order in which it is computed, its results handed on as soon as they are there.

    Parameters
    ----------
    graph
        What is to be computed.
    results
        Nodes that are wanted, each with what takes it.
    """

    def __init__(self, graph: Graph, results: Sequence[tuple[int, Take]]) -> None:
        self.graph = graph
        self._constants: list[Array] = []
        self._shapes: list[int] = []
        self.instructions: list[_Instruction] = []
        self._schedule(results)

    def _schedule(self, results: Sequence[tuple[int, Take]]) -> None:
        order = self._order([number for number, _take in results])
        uses = self._last_uses(order)
        cell_of: dict[int, int] = {}
        free: dict[int, list[int]] = {}
        for position, entry in enumerate(order):
            if entry < 0:
                number, take = results[-entry - 1]
                cell = self._cell(number, cell_of, free)
                self.instructions.append(_Instruction(None, False, cell, (), take=take))
                self._release([number], position, uses, cell_of, free)
                continue
            node = self.graph.nodes[entry]
            args = tuple(self._cell(arg, cell_of, free) for arg in node.args)
            if node.is_ufunc:
                self._release(node.args, position, uses, cell_of, free)
            out = self._cell(entry, cell_of, free)
            if not node.is_ufunc:
                self._release(node.args, position, uses, cell_of, free)
            self.instructions.append(
                _Instruction(node.function, node.is_ufunc, out, args, node.source)
            )

    def _order(self, wanted: Sequence[int]) -> list[int]:
        """Return nodes before what needs them; -k - 1 stands for handing on result k."""
        order: list[int] = []
        seen: set[int] = set()
        for position, number in enumerate(wanted):
            stack = [(number, False)]
            while stack:
                current, ready = stack.pop()
                if ready:
                    order.append(current)
                    continue
                if current in seen or self.graph.value(current) is not None:
                    continue
                seen.add(current)
                stack.append((current, True))
                stack += [(arg, False) for arg in reversed(self.graph.nodes[current].args)]
            order.append(-position - 1)
        self._wanted = wanted
        return order

    def _last_uses(self, order: Sequence[int]) -> dict[int, int]:
        uses: dict[int, int] = {}
        for position, entry in enumerate(order):
            needs = (self._wanted[-entry - 1],) if entry < 0 else self.graph.nodes[entry].args
            for number in needs:
                uses[number] = position
        return uses

    def _cell(self, number: int, cell_of: dict[int, int], free: dict[int, list[int]]) -> int:
        """Return where a node's values are; constants have cells of their own below zero."""
        if number in cell_of:
            return cell_of[number]
        node = self.graph.nodes[number]
        if node.constant is not None:
            with np.errstate(over="ignore"):
                # What is too large becomes infinite and is refused with its party, like all that overflows.
                self._constants.append(node.constant.astype(np.float32))
            cell_of[number] = -len(self._constants)
            return cell_of[number]
        rows = node.drawn_rows if node.source else len(self.graph.periods) if node.rows else 1
        idle = free.setdefault(rows, [])
        if idle:
            cell_of[number] = idle.pop()
        else:
            self._shapes.append(rows)
            cell_of[number] = len(self._shapes) - 1
        return cell_of[number]

    def _release(
        self,
        numbers: Sequence[int],
        position: int,
        uses: dict[int, int],
        cell_of: dict[int, int],
        free: dict[int, list[int]],
    ) -> None:
        for number in set(numbers):
            if uses[number] == position and self.graph.nodes[number].constant is None:
                cell = cell_of.pop(number)
                free.setdefault(self._shapes[cell], []).append(cell)

    @property
    def buffers(self) -> tuple[int, ...]:
        """Rows of each buffer, by its number."""
        return tuple(self._shapes)

    @property
    def together(self) -> int:
        """Number of blocks that are best computed at once."""
        return max(1, min(TOGETHER, _ROWS // max(1, sum(self._shapes))))

    def workspace(self, together: int) -> Workspace:
        """Return buffers for one worker that computes so many blocks at once."""
        cells = [np.empty((rows, together * BLOCK), dtype=np.float32) for rows in self._shapes]
        return Workspace(cells + self._constants[::-1])

    def run(self, workspace: Workspace, draw: Draw, block: int, first: int, last: int) -> None:
        """Compute the blocks from ``block`` on; results cover their scenarios ``first`` to ``last`` (exclusive)."""
        size = last - first
        cells = [cell[:, :size] for cell in workspace.cells]
        with np.errstate(all="ignore"):
            for one in self.instructions:
                if one.take is not None:
                    one.take(cells[one.out], block, first, last)
                elif one.source:
                    draw(one.source, block, cells[one.out])
                elif one.is_ufunc:
                    one.function(*(cells[arg] for arg in one.args), out=cells[one.out])
                else:
                    one.function(cells[one.out], *(cells[arg] for arg in one.args))
