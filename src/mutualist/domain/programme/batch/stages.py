"""Expressions over the columns of a table that grows stage by stage.

What is used more than once becomes a column of the next stage instead of being written out again: a formula of a
programme would otherwise be repeated in each formula that mentions it, and the text of the query would double with every
step. A :class:`Term` says how its Ibis expression is built once the table of a stage is known, and which columns it reads,
so that each stage carries along only what later stages need.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import ibis.expr.types as ir

HEAVY = 6
STAGED = ".s"
"""Begins the names of columns that a stage adds; no field begins so."""


@dataclass(frozen=True, slots=True)
class Term:
    """One expression.

    Attributes
    ----------
    build
        Makes the expression from the table of a stage.
    reads
        Names of the columns it reads.
    stage
        The first stage that has all of them.
    weight
        How many operations are written out in it.
    """

    build: Callable[[ir.Table], Any]
    reads: frozenset[str]
    stage: int
    weight: int = 1


def literal(value: object, kind: str) -> Term:
    """Return a constant of an Ibis type."""
    import ibis

    return Term(lambda _table: ibis.literal(value, kind), frozenset(), 0, 0)


def empty(kind: str) -> Term:
    """Return a constant that is empty."""
    import ibis

    return Term(lambda _table: ibis.null(kind), frozenset(), 0, 0)


def apply(operation: Callable[..., Any], *terms: Term) -> Term:
    """Return a term for an operation on others.

    Parameters
    ----------
    operation
        Takes as many Ibis expressions as there are terms.
    terms
        The operands.
    """
    return Term(
        lambda table: operation(*(term.build(table) for term in terms)),
        frozenset().union(*(term.reads for term in terms)),
        max((term.stage for term in terms), default=0),
        1 + sum(term.weight for term in terms),
    )


@dataclass(slots=True)
class Stages:
    """Collects what each stage adds to the columns of the one before."""

    added: list[dict[str, Term]] = field(default_factory=list)
    count: int = 0

    def column(self, name: str) -> Term:
        """Return a column of the base."""
        return Term(lambda table: table[name], frozenset({name}), 0, 0)

    def keep(self, term: Term) -> Term:
        """Return the term as a column of its own, computed once."""
        if term.weight == 0:
            return term
        self.count += 1
        name = f"{STAGED}{self.count}"
        while len(self.added) <= term.stage:
            self.added.append({})
        self.added[term.stage][name] = term
        return Term(lambda table: table[name], frozenset({name}), term.stage + 1, 0)

    def light(self, term: Term) -> Term:
        """Return a term that may be written out several times."""
        return self.keep(term) if term.weight > HEAVY else term

    def finish(self, base: ir.Table, wanted: Mapping[str, Term]) -> ir.Table:
        """Return a table of the wanted columns.

        Parameters
        ----------
        base
            Has the columns that :meth:`column` was asked for.
        wanted
            The columns of the result, in order.
        """
        needed = [_read_by(wanted.values())]
        for stage in reversed(self.added):
            used = [term for name, term in stage.items() if name in needed[-1]]
            needed.append((needed[-1] - stage.keys()) | _read_by(used))
        table = base
        for stage, later in zip(self.added, reversed(needed[:-1]), strict=True):
            new = {name: term.build(table) for name, term in stage.items() if name in later}
            if new:
                kept = [name for name in table.columns if name in later]
                table = table.select(*kept, **new)
        return table.select(**{name: term.build(table) for name, term in wanted.items()})


def _read_by(terms: Iterable[Term]) -> frozenset[str]:
    return frozenset().union(*(term.reads for term in terms))
