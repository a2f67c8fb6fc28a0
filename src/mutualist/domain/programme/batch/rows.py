"""Rows of facts: which count on a day, what formulas see of them, and what is gathered per partner."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from mutualist.domain.programme.batch.exact import WHOLE, Pair
from mutualist.domain.programme.batch.stages import Stages, Term, apply, literal
from mutualist.domain.programme.batch.taking import Shape, columns_of, taken
from mutualist.domain.programme.batch.values import (
    Cell,
    NotInOneQueryError,
    Plain,
    as_flag,
    term_of,
)
from mutualist.domain.programme.batch.walking import Walker
from mutualist.domain.programme.rules import trees
from mutualist.domain.programme.rules.model import Group, Measure, RuleSet, Source, Taking
from mutualist.domain.programme.rules.windows import FIRST, Window

if TYPE_CHECKING:
    import ibis.expr.types as ir

PARTNER = "partner"
REGION = ".region"
ADDED_UP = frozenset({"count", "count_distinct", "sum"})


@dataclass(frozen=True, slots=True)
class Gathered:
    """A table with one row per partner (and region, and keys): ``value`` is what was gathered."""

    table: ir.Table
    keys: tuple[tuple[str, Shape], ...]
    shape: Shape
    regional: bool


@dataclass(slots=True)
class RowWalker(Walker):
    """Formulas over the columns of one scan."""

    rules: RuleSet
    stages: Stages
    day: dt.date
    shapes: Mapping[str, Shape]
    date: str = ""
    joined: dict[trees.Tree, tuple[str, Shape]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        Walker.__init__(self, self.rules, self.stages, self.day)

    def on_fieldof(self, tree: trees.FieldOf) -> Cell:
        """Return a field of the row."""
        cell = self.shapes[tree.name].cell(self.stages, tree.name)
        return self._converted(tree.name, cell) if tree.money else cell

    def on_partnerfield(self, tree: trees.PartnerField) -> Cell:
        """Return ``partner.country``."""
        return self.column(f"partner.{tree.name}", self.rules.partner[tree.name])

    def on_groupvalue(self, tree: trees.GroupValue) -> Cell:
        """Return ``group[key]``."""
        name, shape = self.joined[_key(tree)]
        return shape.cell(self.stages, f"{name}.value")

    def on_ingroup(self, tree: trees.InGroup) -> Cell:
        """Return ``key in group``."""
        name, _shape = self.joined[_key(tree)]
        here = self.stages.column(f"{name}.here")
        return as_flag(apply(lambda value: value.notnull(), here))

    def _converted(self, name: str, amount: Cell) -> Cell:
        """Return an amount in the currency of the rules; empty where they have no rate for it."""
        import ibis

        assert isinstance(amount, Pair)
        rates: dict[str, list[tuple[dt.date, Fraction]]] = {self.rules.currency: []}
        for rate in sorted(self.rules.exchange, key=lambda one: one.since, reverse=True):
            if rate.currency != self.rules.currency:
                rates.setdefault(rate.currency, []).append((rate.since, rate.rate))
        bottom = _common([rate for found in rates.values() for _since, rate in found])

        def factor(currency: Any, day: Any) -> Any:
            whole = ibis.literal(bottom, WHOLE)
            branches = [((currency.isnull()) | currency.isin(["", self.rules.currency]), whole)]
            for code, found in rates.items():
                branches += [
                    ((currency == code) & (day >= since), ibis.literal(int(rate * bottom), WHOLE))
                    for since, rate in found
                ]
            return ibis.cases(*branches, else_=ibis.null(WHOLE))

        currency, day = (self.stages.column(one) for one in (f"{name}_currency", self.date))
        top = apply(lambda value, c, d: value * factor(c, d), amount.top, currency, day)
        return Pair(top, amount.bottom * bottom)


@dataclass(slots=True)
class Facts:
    """The tables of one programme on one day, and what is gathered from them."""

    rules: RuleSet
    tables: Mapping[str, ir.Table]
    scored: dt.date
    found: dict[str, Gathered] = field(default_factory=dict)

    def group(self, name: str) -> Gathered:
        """Return a group of the rules; built once."""
        if name not in self.found:
            group = self.rules.groups[name]
            self.found[name] = self.gather(group.source, group.taking, group)
        return self.found[name]

    def measure(self, measure: Measure) -> Gathered:
        """Return a measure, one row for each partner that has rows."""
        return self.gather(measure.source, measure.taking, None)

    def gather(self, source: Source, taking: Taking, group: Group | None) -> Gathered:
        """Return what is taken from the rows of a source, per partner and key."""
        formulas = [*([source.where] if source.where else []), *taking.args]
        base, walker = self._rows(source, [formula.tree for formula in formulas])
        regional = REGION in base.columns
        wanted = {name: walker.stages.column(name) for name in who_of(regional)}
        keys: list[tuple[str, Shape]] = []
        for name in group.by if group else ():
            shape = walker.shapes[name]
            keys.append((f"key.{name}", shape))
            wanted[f"key.{name}"] = walker.stages.column(name)
        kept = walker.condition(source.where.tree) if source.where else True
        if kept is not True:
            wanted["kept"] = kept if isinstance(kept, Term) else literal(kept, "boolean")
        args = [walker.cell(formula.tree) for formula in taking.args]
        shape = columns_of(args, taking, wanted)
        if taking.take == "latest":
            wanted["order"] = walker.stages.column(walker.date)
        rows = walker.stages.finish(base, wanted)
        if keys:
            rows = rows.filter(*(rows[name].notnull() for name, _shape in keys))
        if kept is not True:
            rows = rows.filter(rows["kept"])
        by = [*who_of(regional), *(name for name, _shape in keys)]
        return Gathered(taken(rows, by, taking, shape), tuple(keys), shape, regional)

    def _rows(self, source: Source, used: Sequence[trees.Tree]) -> tuple[ir.Table, RowWalker]:
        """Return the rows that count by their date, with everything the formulas name."""
        day = source.window.day(self.scored)
        if source.is_group:
            base, walker = self._group_rows(source, day)
        else:
            base, walker = self._table_rows(source, day)
        names = list(_below(used))
        wanted = {one.name for one in names if isinstance(one, trees.PartnerField)}
        if wanted:
            base = self.with_partner(base, wanted)
        for tree in names:
            if (
                isinstance(tree, trees.GroupValue | trees.InGroup)
                and _key(tree) not in walker.joined
            ):
                base = self._joined(base, walker, tree)
        return base, walker

    def _group_rows(self, source: Source, day: dt.date) -> tuple[ir.Table, RowWalker]:
        gathered = self.group(source.name)
        renamed = {name.removeprefix("key."): name for name, _shape in gathered.keys}
        rest = [name for name in gathered.table.columns if name not in renamed.values()]
        base = gathered.table.select(
            *rest, **{new: gathered.table[old] for new, old in renamed.items()}
        )
        shapes = {name.removeprefix("key."): shape for name, shape in gathered.keys}
        shapes["value"] = gathered.shape
        return base, RowWalker(self.rules, Stages(), day, shapes)

    def _table_rows(self, source: Source, day: dt.date) -> tuple[ir.Table, RowWalker]:
        table = self.rules.tables[source.name]
        base = self.tables[source.name]
        whole = {
            name: base[name].cast(WHOLE)
            for name, one in table.fields.items()
            if one.value_kind == "number"
        }
        base = base.mutate(**whole) if whole else base
        if self.rules.regions in table.fields:
            base = base.mutate(**{REGION: base[self.rules.regions].fill_null("")})
        if source.window.kind == "since":
            base = self.with_partner(base, {source.window.since})
        base = in_window(base, table.date, table.until, source.window, self.scored, self.rules)
        shapes = {
            name: Shape(one.value_kind, 10**one.decimals if one.value_kind == "number" else 1)
            for name, one in table.fields.items()
        }
        return base, RowWalker(self.rules, Stages(), day, shapes, table.date)

    def with_partner(self, base: ir.Table, names: Iterable[str]) -> ir.Table:
        """Return the rows with some fields of their partner beside them."""
        partners = self.tables["partners"]
        missing = [name for name in sorted(names) if f"partner.{name}" not in base.columns]
        if not missing:
            return base
        beside = partners.select(
            **{"partner.": partners[PARTNER]},
            **{f"partner.{name}": partners[name] for name in missing},
        )
        return base.inner_join(beside, base[PARTNER] == beside["partner."]).drop("partner.")

    def _joined(
        self, base: ir.Table, walker: RowWalker, tree: trees.GroupValue | trees.InGroup
    ) -> ir.Table:
        """Return the rows with the value of a group beside them, empty where it has none."""
        gathered = self.group(tree.group)
        if gathered.regional and REGION not in base.columns:
            base = self.in_all_regions(base)
        name = f"group{len(walker.joined)}"
        beside = gathered.table.select(
            **{f"{name}.{column}": gathered.table[column] for column in gathered.table.columns}
        ).mutate(**{f"{name}.here": True})
        on = [base[PARTNER] == beside[f"{name}.{PARTNER}"]]
        if gathered.regional:
            on.append(base[REGION] == beside[f"{name}.{REGION}"])
        for (column, shape), key in zip(gathered.keys, tree.keys, strict=True):
            on.append(_same(base, beside[f"{name}.{column}"], shape, walker.cell(key)))
        joined = base.left_join(beside, on)
        walker.joined[_key(tree)] = (name, gathered.shape)
        dropped = [f"{name}.{one}" for one in (*who_of(gathered.regional), *dict(gathered.keys))]
        return joined.drop(*dropped)

    def regions(self) -> ir.Table:
        """Return every partner with each of its regions."""
        import ibis

        found = []
        for name, table in self.rules.tables.items():
            if self.rules.regions in table.fields:
                rows = self.tables[name].filter(self.tables[name][table.date] <= self.scored)
                rows = rows.select(**{PARTNER: rows[PARTNER], REGION: rows[self.rules.regions]})
                found.append(rows.filter(rows[REGION].notnull()))
        return ibis.union(*found, distinct=True) if len(found) > 1 else found[0].distinct()

    def in_all_regions(self, base: ir.Table) -> ir.Table:
        """Return rows once for each region of their partner; once for no region where it has none."""
        beside = self.regions().rename({"region.partner": PARTNER})
        joined = base.left_join(beside, base[PARTNER] == beside["region.partner"])
        return joined.drop("region.partner").mutate(**{REGION: joined[REGION].fill_null("")})


def in_window(
    base: ir.Table, date: str, until: str, window: Window, scored: dt.date, rules: RuleSet
) -> ir.Table:
    """Return the rows of a table that lie in a window."""
    import ibis

    start: Any
    if window.kind == "since":
        start, end = base[f"partner.{window.since}"], window.day(scored)
        base = base.filter(start.notnull())
    else:
        bounds = window.bounds(scored, rules.fiscal_start)
        assert bounds is not None
        start, end = bounds
    begun, conditions = base[date], [base[date] <= ibis.literal(end, "date")]
    if window.kind == "valid" or (window.touching and until):
        if start is not FIRST and until:
            conditions.append(base[until].isnull() | (base[until] >= start))
    elif window.kind == "since" or start != FIRST:
        conditions.append(begun >= start)
    return base.filter(*conditions)


def who_of(regional: bool) -> tuple[str, ...]:
    """Return the columns that say whose a row is."""
    return (PARTNER, REGION) if regional else (PARTNER,)


def _key(tree: trees.GroupValue | trees.InGroup) -> trees.Tree:
    """Return the same tree for ``group[key]`` and ``key in group``."""
    return trees.InGroup("flag", tree.group, tree.keys)


def _below(used: Iterable[trees.Tree]) -> Iterable[trees.Tree]:
    """Yield every part of formulas, inner ones first."""
    for tree in used:
        yield from _below(trees.parts_of(tree))
        yield tree


def _same(base: ir.Table, column: Any, shape: Shape, key: Cell) -> Any:
    """Return whether a key of a group is what a formula gives."""
    if isinstance(key, Plain):
        term = term_of(key)
    elif shape.parted or (isinstance(key, Pair) and (key.part is not None)):
        raise NotInOneQueryError("a key that is divided by a fact")
    else:
        pair = key if isinstance(key, Pair) else Pair(literal(0, WHOLE))
        if key is None or isinstance(key, Fraction):
            raise NotInOneQueryError("a key that is a constant number")
        term = apply(lambda top: top * shape.bottom, pair.top)
        column = column * pair.bottom
    if term.stage:
        raise NotInOneQueryError("a key that is worked out in several steps")
    return term.build(base) == column


def _common(numbers: Sequence[Fraction]) -> int:
    return math.lcm(*(number.denominator for number in numbers))
