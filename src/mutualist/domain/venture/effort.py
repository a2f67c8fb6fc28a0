"""How much computing a venture takes, known before anything is computed."""

from __future__ import annotations

from dataclasses import dataclass

from mutualist.domain.venture.flows import Flows
from mutualist.domain.venture.model import Description
from mutualist.domain.venture.program import BLOCK, Program
from mutualist.domain.venture.recorders import Recorders

#: A normal score costs as much as so many simple operations.
_DRAW = 12


@dataclass(frozen=True, slots=True)
class Effort:
    """What a venture asks of a machine.

    Attributes
    ----------
    operations
        Numbers computed per scenario.
    memory
        Bytes of one worker's buffers.
    groups
        Steps to value every group of parties; some tenths of a microsecond each.
    """

    operations: int
    memory: int
    groups: int


def effort(description: Description) -> Effort:
    """Return what a venture asks of a machine.

    Examples
    --------
    >>> from mutualist.domain.venture import read_description
    >>> venture = read_description({
    ...     "periods": {"unit": "year", "count": 3},
    ...     "parties": {"A": {"discount": 0.2}},
    ...     "drivers": {"units": {"low": 1, "likely": 2, "high": 3}},
    ...     "lines": {"sales": {"party": "A", "amount": "units * 400 [money]"}},
    ... })
    >>> effort(venture).memory < 1_000_000
    True
    """
    plan = Flows(description)
    program = Program(plan.graph, Recorders(plan, 1, keep_flows=False).results())
    rows = program.buffers
    operations = sum(
        rows[one.out] * (_DRAW if one.source else 1)
        for one in program.instructions
        if one.take is None
    )
    replaced = len(description.contributions) * len(description.lines)
    groups = replaced * max(1000, 1 << len(description.parties))
    return Effort(operations, 4 * BLOCK * program.together * sum(rows), groups)
