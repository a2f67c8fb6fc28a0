"""What is made of rows in a query: counts, sums, the latest value, one row for each partner and key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from mutualist.domain.programme.batch.exact import WHOLE, Pair
from mutualist.domain.programme.batch.stages import Stages, Term, apply, literal
from mutualist.domain.programme.batch.values import Cell, NotInOneQueryError, Plain, term_of
from mutualist.domain.programme.rules import trees
from mutualist.domain.programme.rules.model import Taking

if TYPE_CHECKING:
    import ibis.expr.types as ir


@dataclass(frozen=True, slots=True)
class Shape:
    """How a value lies in the columns of a table.

    Attributes
    ----------
    bottom
        Constant divisor of numbers.
    parted
        Numbers have a second divisor in a column.
    """

    kind: trees.Kind
    bottom: int = 1
    parted: bool = False

    def columns(self, name: str) -> tuple[str, ...]:
        """Return the names of its columns."""
        return (name, f"{name}.part") if self.parted else (name,)

    def cell(self, stages: Stages, name: str) -> Cell:
        """Return the value as formulas see it."""
        term = stages.column(name)
        if self.kind != "number":
            return Plain(self.kind, term)
        return Pair(term, self.bottom, stages.column(f"{name}.part") if self.parted else None)


def columns_of(args: Sequence[Cell], taking: Taking, wanted: dict[str, Term]) -> Shape:
    """Name the columns of what is taken; returns how the result lies in its columns."""
    bottom = 1
    for place, cell in enumerate(args):
        name = f"arg{place}"
        if isinstance(cell, Plain):
            wanted[name] = term_of(cell)
        else:
            pair = cell if isinstance(cell, Pair) else _constant(cell)
            if pair.part is not None:
                raise NotInOneQueryError(f"{taking.text}, with a divisor that is a fact")
            wanted[name], bottom = pair.top, pair.bottom
    if taking.take in {"count", "count_distinct"}:
        return Shape("number")
    return Shape(taking.kind, bottom, taking.take == "average")


def _constant(cell: Fraction | None) -> Pair:
    if cell is None:
        return Pair(apply(lambda value: value.nullif(0), literal(0, WHOLE)))
    return Pair(literal(cell.numerator, WHOLE), cell.denominator)


def taken(rows: ir.Table, by: Sequence[str], taking: Taking, shape: Shape) -> ir.Table:
    """Return one row for each partner and key."""
    take = taking.take
    if take == "count_distinct":
        return _distinct(rows, by, [f"arg{place}" for place in range(len(taking.args))])
    if take == "count":
        return rows.group_by(list(by)).aggregate(value=rows.count().cast(WHOLE))
    if take == "any":
        return rows.group_by(list(by)).aggregate(value=rows.count() > 0)
    if take == "latest":
        return _latest(rows, by)
    value = rows["arg0"]
    if take == "average":
        return rows.group_by(list(by)).aggregate(
            **{"value": value.sum().cast(WHOLE), "value.part": value.count().nullif(0).cast(WHOLE)}
        )
    made = value.sum().fill_null(0) if take == "sum" else getattr(value, take)()
    return rows.group_by(list(by)).aggregate(
        value=made.cast(WHOLE) if shape.kind == "number" else made
    )


def _distinct(rows: ir.Table, by: Sequence[str], args: Sequence[str]) -> ir.Table:
    """Return how many different values there are; rows where one is empty do not count."""
    rows = rows.select(*by, *args).distinct()
    filled = rows[args[0]].notnull()
    for name in args[1:]:
        filled &= rows[name].notnull()
    return rows.group_by(list(by)).aggregate(value=filled.sum().cast(WHOLE))


def _latest(rows: ir.Table, by: Sequence[str]) -> ir.Table:
    """Return the value of the last day that has one; the largest of those of one day."""
    import ibis

    value = rows["arg0"]
    order = [value.isnull(), rows["order"].desc(), value.desc()]
    window = ibis.window(group_by=[rows[name] for name in by], order_by=order)
    ranked = rows.mutate(place=ibis.row_number().over(window))
    ranked = ranked.filter(ranked["place"] == 0)
    return ranked.select(*by, value=ranked["arg0"])
